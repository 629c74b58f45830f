package durable

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

// looks is a file of some owner and mode.
type looks struct {
	fs.FileInfo
	uid  uint32
	mode fs.FileMode
}

func (l looks) Mode() fs.FileMode { return l.mode }
func (l looks) Sys() any          { return &syscall.Stat_t{Uid: l.uid} }

// A file system may show everything as one user's, or as everybody's to write to; a server may take root for another user.
func TestFileSystemsWithoutOwners(t *testing.T) {
	us := uint32(os.Geteuid())
	for name, test := range map[string]struct {
		file, fresh looks
		refused     bool
	}{
		"one owner for all":             {looks{uid: us + 5, mode: 0o755}, looks{uid: us + 5, mode: 0o755}, false},
		"one owner, everybody writes":   {looks{uid: us + 5, mode: 0o777}, looks{uid: us + 5, mode: 0o777}, false},
		"everybody writes":              {looks{uid: us, mode: 0o777}, looks{uid: us, mode: 0o777}, false},
		"modes, but one owner":          {looks{uid: us + 5, mode: 0o666}, looks{uid: us + 5, mode: 0o600}, true},
		"ours from before the squash":   {looks{uid: us, mode: 0o600}, looks{uid: us + 5, mode: 0o600}, false},
		"another's, on a squash":        {looks{uid: us + 6, mode: 0o600}, looks{uid: us + 5, mode: 0o600}, true},
		"another's, everybody writes":   {looks{uid: us + 6, mode: 0o777}, looks{uid: us, mode: 0o777}, true},
		"another's, on any file system": {looks{uid: us + 6, mode: 0o600}, looks{uid: us, mode: 0o600}, true},
	} {
		err := ours("/tmp/x", test.file, func(string) (os.FileInfo, error) { return test.fresh, nil })
		if (err != nil) != test.refused || err != nil && !errors.Is(err, ErrRefused) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := ours("/tmp/x", looks{uid: us + 5, mode: 0o600}, func(string) (os.FileInfo, error) { return nil, os.ErrPermission }); !errors.Is(err, ErrRefused) {
		t.Errorf("no file can be made to compare with: %v", err)
	}
}

// A link, or a pipe, that takes a file's place while it is looked at is not followed, or waited for, either.
func TestFilesThatChangeWhileTheyAreOpened(t *testing.T) {
	dir := t.TempDir()
	name, victim := filepath.Join(dir, "staff.result.csv.lock"), filepath.Join(dir, "victim")
	if err := os.WriteFile(victim, []byte("precious"), private); err != nil {
		t.Fatal(err)
	}
	for what, put := range map[string]func() error{
		"a link": func() error { return os.Symlink(victim, name) },
		"a pipe": func() error { return syscall.Mkfifo(name, private) },
	} {
		for _, flags := range []int{os.O_RDONLY, os.O_RDWR | os.O_CREATE} {
			if err := os.WriteFile(name, nil, private); err != nil {
				t.Fatal(err)
			}
			looked := 0
			f, err := open(name, flags, func(string, os.FileInfo) error {
				if looked++; looked > 1 {
					return nil
				}
				return errors.Join(os.Remove(name), put())
			})
			if err == nil || f != nil {
				t.Errorf("%s: it was opened", what)
			}
			if err := os.Remove(name); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// The lock file's text changes from one whole text to the other, whichever is longer.
func TestLockText(t *testing.T) {
	name := filepath.Join(t.TempDir(), "x.lock")
	lock, err := OS{}.Lock(name)
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{"", "a\n", "a longer text\nof two lines\n", "b\n", ""} {
		if err := lock.SetText(text); err != nil {
			t.Fatal(err)
		}
		if got, err := lock.Text(); err != nil || got != text {
			t.Errorf("%q, %v", got, err)
		}
	}
	if err := lock.Unlock(); err != nil {
		t.Fatal(err)
	}
}
