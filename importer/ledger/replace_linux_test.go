package ledger

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
)

const nobody = 65534

// as calls f in a thread of another user's, who has no rights but those of everybody.
func as(t *testing.T, uid int, f func()) {
	t.Helper()
	if os.Geteuid() != 0 {
		t.Skip("only root can be somebody else")
	}
	done := make(chan syscall.Errno)
	go func() {
		runtime.LockOSThread() // and never unlocked: the thread ends with the goroutine
		_, _, errno := syscall.RawSyscall(syscall.SYS_SETRESUID, uintptr(uid), uintptr(uid), uintptr(uid))
		if errno == 0 {
			f()
		}
		done <- errno
	}()
	if errno := <-done; errno != 0 {
		t.Skipf("no other user: %v", errno)
	}
}

// inRoot runs a command that root can, or skips the test.
func inRoot(t *testing.T, name string, args ...string) {
	t.Helper()
	if out, err := exec.Command(name, args...).CombinedOutput(); err != nil {
		t.Skipf("%s: %v %s", name, err, out)
	}
}

// unreplaceable checks that a result which looks well, and cannot be replaced, is found out before the first intent.
func unreplaceable(t *testing.T, path string) {
	t.Helper()
	before, err := os.ReadFile(path)
	if err != nil {
		t.Error(err)
	}
	l, err := Open(OS{}, path, named("a test"))
	if err != nil {
		t.Errorf("Open: %v", err)
		return
	}
	defer l.Close()
	err = l.Begin(Owner{ID: account})
	if !errors.Is(err, ErrNotWritable) || !strings.Contains(err.Error(), path+" cannot be replaced") || l.journal != nil {
		t.Errorf("Begin: %v", err)
	}
	if now, err := os.ReadFile(path); err != nil || string(now) != string(before) {
		t.Errorf("the result is another: %v", err)
	}
	for _, ending := range []string{".new", ".journal", ".journal.new"} {
		if _, err := os.Lstat(path + ending); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("%s is left: %v", ending, err)
		}
	}
}

func TestImmutableResult(t *testing.T) {
	path := filepath.Join(t.TempDir(), "staff.result.csv")
	put(t, path, saved, private)
	inRoot(t, "chattr", "+i", path)
	defer exec.Command("chattr", "-i", path).Run()
	unreplaceable(t, path)
}

func TestResultThatIsAMount(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "staff.result.csv")
	put(t, path, saved, private)
	put(t, filepath.Join(dir, "elsewhere"), saved, private)
	inRoot(t, "mount", "--bind", filepath.Join(dir, "elsewhere"), path)
	defer exec.Command("umount", path).Run()
	unreplaceable(t, path)
	inRoot(t, "mount", "-o", "remount,ro,bind", path)
	unreplaceable(t, path)
}

// In a sticky folder, only the owner of a file replaces it.
func TestResultOfRootInAStickyFolder(t *testing.T) {
	dir, err := os.MkdirTemp("/tmp", "ledger")
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "staff.result.csv")
	put(t, path, saved, 0o644)
	if err := os.Chmod(dir, 0o777|os.ModeSticky); err != nil {
		t.Fatal(err)
	}
	as(t, nobody, func() { unreplaceable(t, path) })
}
