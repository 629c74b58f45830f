//go:build unix

package ledger

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"etelecom-import/apiclient/message"
)

const private = 0o600

// work runs one small job on the real disk.
func work(t *testing.T, path string) {
	t.Helper()
	l, err := Open(OS{}, path, named("a test"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := job(l, func() {}); err != nil {
		t.Fatal(err)
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
}

func put(t *testing.T, path, text string, mode os.FileMode) {
	t.Helper()
	if err := errors.Join(os.WriteFile(path, []byte(text), mode), os.Chmod(path, mode)); err != nil {
		t.Fatal(err)
	}
}

func TestFilesArePrivate(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "staff.result.csv")
	put(t, path, head, 0o644)
	put(t, path+".new", "of a crashed run", 0o666)
	put(t, path+".journal.new", "of a crashed run", 0o666)
	work(t, path)
	files, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, f := range files {
		info, err := f.Info()
		if err != nil || info.Mode() != private {
			t.Errorf("%s: mode %v, %v", f.Name(), info.Mode(), err)
		}
		names = append(names, f.Name())
	}
	// The journal stays, since the outcome of one create is open.
	if got := strings.Join(names, " "); got != "staff.result.csv staff.result.csv.journal staff.result.csv.lock" {
		t.Errorf("left: %s", got)
	}
	if text, err := os.ReadFile(path + ".lock"); err != nil || len(text) != 0 {
		t.Errorf("lock file: %q, %v", text, err)
	}
}

func TestLinksAreFollowedOnce(t *testing.T) {
	dir := t.TempDir()
	path := func(name string) string { return filepath.Join(dir, name) }
	put(t, path("real.csv"), head, private)
	for link, target := range map[string]string{"link": "real.csv", "absolute": path("real.csv"), "link to link": "link", "dangling": "nowhere.csv"} {
		if err := os.Symlink(target, path(link)); err != nil {
			t.Fatal(err)
		}
	}
	work(t, path("link"))
	work(t, path("absolute"))
	if info, err := os.Lstat(path("link")); err != nil || info.Mode()&os.ModeSymlink == 0 {
		t.Errorf("the link was replaced: %v, %v", info, err)
	}
	if l, err := Read(OS{}, path("real.csv")); err != nil || l.Lookup(person(1)).Status != Done {
		t.Errorf("the target was not: %v", err)
	}
	for _, link := range []string{"link to link", "dangling"} {
		if _, err := Open(OS{}, path(link), named("a test")); !errors.Is(err, ErrRefused) {
			t.Errorf("%s: %v", link, err)
		}
	}
}

func TestOnlyRegularFilesWithOneName(t *testing.T) {
	dir := t.TempDir()
	path := func(name string) string { return filepath.Join(dir, name) }
	put(t, path("one.csv"), head, private)
	err := errors.Join(os.Link(path("one.csv"), path("two.csv")), os.Mkdir(path("folder.csv"), 0o700), syscall.Mkfifo(path("pipe.csv"), private),
		syscall.Mkfifo(path("a.csv.lock"), private), os.Mkdir(path("b.csv.lock"), 0o700), os.Symlink(path("one.csv"), path("c.csv.lock")))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"one.csv", "two.csv", "folder.csv", "pipe.csv", "a.csv", "b.csv", "c.csv"} {
		if _, err := Open(OS{}, path(name), named("a test")); !errors.Is(err, ErrRefused) || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if text, err := os.ReadFile(path("one.csv")); err != nil || string(text) != head {
		t.Errorf("changed: %q, %v", text, err)
	}
}

// A temporary name that somebody has put a link or a pipe at leads nowhere.
func TestTemporaryFilesFollowNothing(t *testing.T) {
	dir := t.TempDir()
	path, victim := filepath.Join(dir, "staff.result.csv"), filepath.Join(dir, "victim")
	put(t, victim, "precious", 0o644)
	if err := errors.Join(os.Symlink(victim, path+".new"), syscall.Mkfifo(path+".journal.new", private)); err != nil {
		t.Fatal(err)
	}
	work(t, path)
	if text, err := os.ReadFile(victim); err != nil || string(text) != "precious" {
		t.Errorf("the victim: %q, %v", text, err)
	}
}

func TestFolderThatCannotBeWritten(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "staff.result.csv")
	if _, err := Open(OS{}, filepath.Join(dir, "missing", "x.csv"), named("a test")); !errors.Is(err, ErrNotWritable) {
		t.Errorf("a folder that is not there: %v", err)
	}
	if err := os.Mkdir(path+".new", 0o700); err != nil {
		t.Fatal(err)
	}
	put(t, filepath.Join(path+".new", "full"), "", private)
	if _, err := Open(OS{}, path, named("a test")); !errors.Is(err, ErrNotWritable) {
		t.Errorf("a temporary name that is taken: %v", err)
	}
	if os.Geteuid() == 0 {
		t.Skip("nothing is read-only for root")
	}
	dir = t.TempDir()
	path = filepath.Join(dir, "staff.result.csv")
	work(t, path) // the lock file is there, and can be written
	if err := os.Chmod(dir, 0o500); err != nil {
		t.Fatal(err)
	}
	defer os.Chmod(dir, 0o700)
	if _, err := Open(OS{}, path, named("a test")); !errors.Is(err, ErrNotWritable) {
		t.Errorf("a folder that is read-only: %v", err)
	}
	if _, err := Read(OS{}, path); err != nil {
		t.Errorf("it can still be read: %v", err)
	}
}

func TestSecondProcessIsToldWhoHoldsIt(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "staff.result.csv")
	put(t, path, head, private)
	if err := os.Symlink(path, filepath.Join(dir, "other.csv")); err != nil {
		t.Fatal(err)
	}
	l, err := Open(OS{}, path, DescribeProcess(noon))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{path, filepath.Join(dir, ".", "other.csv")} {
		if _, err := Open(OS{}, name, named("another")); !errors.Is(err, ErrLocked) || !strings.Contains(err.Error(), "since "+message.Time(noon)) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := Read(OS{}, path); err != nil {
		t.Errorf("reading needs no lock: %v", err)
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	work(t, filepath.Join(dir, "other.csv"))
}
