package sharing

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"golang.org/x/sys/windows"
)

// hold opens a file as another program does.
func hold(t *testing.T, name string, access, share uint32) (release func()) {
	t.Helper()
	path, err := windows.UTF16PtrFromString(name)
	if err != nil {
		t.Fatal(err)
	}
	h, err := windows.CreateFile(path, access, share, nil, windows.OPEN_EXISTING, windows.FILE_ATTRIBUTE_NORMAL, 0)
	if err != nil {
		t.Fatal(err)
	}
	return func() { _ = windows.CloseHandle(h) }
}

func TestFilesThatAreHeld(t *testing.T) {
	dir := t.TempDir()
	path, fresh := filepath.Join(dir, "result ă.csv"), filepath.Join(dir, "new")
	for _, name := range []string{path, fresh} {
		if err := os.WriteFile(name, []byte(name), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	const read, write = windows.GENERIC_READ, windows.GENERIC_READ | windows.GENERIC_WRITE
	for who, h := range map[string]struct {
		access, share uint32
		readable      bool
	}{
		"Excel":                   {write, windows.FILE_SHARE_READ, true},
		"Excel, read-only":        {read, windows.FILE_SHARE_READ, true},
		"one that shares nothing": {read, 0, false},
		"a program of another Go": {read, windows.FILE_SHARE_READ | windows.FILE_SHARE_WRITE, true},
	} {
		release := hold(t, path, h.access, h.share)
		if err := Check(path); !errors.Is(err, ErrInUse) {
			t.Errorf("%s: %v", who, err)
		}
		f, err := OpenFile(path, os.O_RDONLY, 0)
		if h.readable != (err == nil) || !h.readable && !errors.Is(err, ErrInUse) {
			t.Errorf("%s: reading: %v", who, err)
		}
		_ = f.Close()
		if err := Rename(fresh, path); !errors.Is(err, ErrInUse) || err.Error() != path+" is open in another program. Close it and run the same command again; nothing is lost." {
			t.Errorf("%s: renaming over it: %v", who, err)
		}
		if err := Rename(path, fresh); !errors.Is(err, ErrInUse) {
			t.Errorf("%s: renaming it: %v", who, err)
		}
		if err := Remove(path); !errors.Is(err, ErrInUse) {
			t.Errorf("%s: removing it: %v", who, err)
		}
		time.AfterFunc(200*time.Millisecond, release)
		if err := Patiently(func() error { return Check(path) }); err != nil {
			t.Errorf("%s, once it is closed: %v", who, err)
		}
	}
	f, err := OpenFile(path, os.O_RDONLY, 0) // as this program reads
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := Check(path); err != nil {
		t.Errorf("while this program reads it: %v", err)
	}
	release := hold(t, path, windows.DELETE, shareAll)
	release()
}
