package newfile_test

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"etelecom-import/importer/newfile"
)

func writes(text string) func(io.Writer) error {
	return func(w io.Writer) error {
		_, err := io.WriteString(w, text)
		return err
	}
}

func TestCreate(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "a.csv")
	if err := newfile.Create(path, writes("one")); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(path); err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
		t.Errorf("%v; %v", info.Mode(), err)
	}
	if err := newfile.Create(path, writes("two")); !errors.Is(err, newfile.ErrExists) {
		t.Errorf("a file that is there: %v", err)
	}
	taken := filepath.Join(dir, "b.csv")
	err := newfile.Create(taken, func(w io.Writer) error { // somebody takes the name meanwhile
		return errors.Join(os.WriteFile(taken, []byte("theirs"), 0o600), writes("ours")(w))
	})
	if !errors.Is(err, newfile.ErrExists) {
		t.Errorf("a name that was taken meanwhile: %v", err)
	}
	if err := newfile.Create(filepath.Join(dir, "c.csv"), func(io.Writer) error { return io.ErrShortWrite }); !errors.Is(err, io.ErrShortWrite) || !errors.Is(err, newfile.ErrNotWritten) {
		t.Errorf("a failed write: %v", err)
	}
	if err := newfile.Check(filepath.Join(dir, "none", "d.csv")); err == nil {
		t.Error("a folder that is not there")
	}
	if err := newfile.Check(filepath.Join(dir, "d.csv")); err != nil {
		t.Errorf("a file that can be made: %v", err)
	}
	for name, want := range map[string]string{"a.csv": "one", "b.csv": "theirs"} {
		if got, err := os.ReadFile(filepath.Join(dir, name)); string(got) != want || err != nil {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
	if files, _ := os.ReadDir(dir); len(files) != 2 {
		t.Errorf("left behind: %v", files)
	}
}

func TestLinksAreNotFollowed(t *testing.T) {
	dir := t.TempDir()
	link := filepath.Join(dir, "link.csv")
	if err := os.Symlink(filepath.Join(dir, "nowhere"), link); err != nil {
		t.Skip(err)
	}
	if err := newfile.Create(link, writes("x")); !errors.Is(err, newfile.ErrExists) {
		t.Error(err)
	}
}
