package ledger

import (
	"errors"
	"io"
	"os"
	"path/filepath"

	"github.com/gofrs/flock"

	"etelecom-import/importer/hint"
)

// FS is what the ledger asks of a file system. OS is the real one; tests have one in memory that crashes.
type FS interface {
	// Open opens a regular file for reading. It follows no link.
	Open(name string) (io.ReadCloser, error)
	// OpenOwn does so unless another user may have put the file there, or changed it: then the error is an ErrRefused.
	OpenOwn(name string) (io.ReadCloser, error)
	// Create makes an empty file of mode 0600 for writing, in place of any that stood there.
	Create(name string) (File, error)
	// Rename puts the file old in the place of new, at once.
	Rename(old, new string) error
	// Remove removes a file.
	Remove(name string) error
	// SyncDir makes what was created, renamed and removed in a folder durable.
	SyncDir(dir string) error
	// Lock takes the lock on a file, which it creates, or fails with an error that is ErrLocked.
	Lock(name string) (Lock, error)
	// Resolve returns the path of the regular file, existing or to be made, that name stands for: a symbolic link is
	// followed once. Anything but a regular file with one name is refused.
	Resolve(name string) (string, error)
}

// File is a file that is being written.
type File interface {
	io.Writer
	// Sync returns when all that was written is durable.
	Sync() error
	Close() error
}

// Lock is a lock that this process holds.
type Lock interface {
	// Text returns what the file says: who holds the lock, or held it when the machine or the process went down.
	Text() (string, error)
	// SetText replaces the text, durably.
	SetText(text string) error
	// Unlock lets go of the lock. The file stays.
	Unlock() error
}

// ErrLocked says that another process holds the lock.
var ErrLocked error = hint.New("another run holds this result", "wait until the other run has ended; etelecom-import status shows how far it is")

// OS is the machine's file system.
type OS struct{}

const private = 0o600

// Open implements [FS].
func (OS) Open(name string) (io.ReadCloser, error) {
	f, err := open(name, os.O_RDONLY, trustAll)
	if err != nil {
		return nil, err // not f: a nil *os.File is no nil Reader
	}
	return f, nil
}

// OpenOwn implements [FS].
func (OS) OpenOwn(name string) (io.ReadCloser, error) {
	f, err := open(name, os.O_RDONLY, own)
	if err != nil {
		return nil, err
	}
	return f, nil
}

func trustAll(string, os.FileInfo) error { return nil }

// open opens a regular file that is trusted. It looks before, since opening a pipe could wait, and a file that cannot be
// opened may be another user's; and after, since the file may be another one by then.
func open(name string, flags int, trusted func(name string, info os.FileInfo) error) (*os.File, error) {
	check := func(info os.FileInfo, err error) error {
		switch {
		case err != nil:
			return err
		case !info.Mode().IsRegular():
			return &pathError{name, "is not a regular file"}
		}
		return trusted(name, info)
	}
	err := check(os.Lstat(name))
	if err != nil && (!errors.Is(err, os.ErrNotExist) || flags&os.O_CREATE == 0) {
		return nil, err
	}
	f, err := os.OpenFile(name, flags|noFollow, private)
	if err != nil {
		return nil, err
	}
	if err := check(f.Stat()); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}

// Create implements [FS].
func (OS) Create(name string) (File, error) {
	// Opening what stands there could follow a link to another file, wait for a pipe, or keep another mode.
	if err := os.Remove(name); err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, err
	}
	f, err := createNew(name)
	if err != nil {
		return nil, err // not f: a nil *os.File is no nil File
	}
	return f, nil
}

// Rename implements [FS].
func (OS) Rename(old, new string) error { return os.Rename(old, new) }

// Remove implements [FS].
func (OS) Remove(name string) error { return os.Remove(name) }

// Resolve implements [FS].
func (OS) Resolve(name string) (string, error) {
	if target, err := os.Readlink(name); err == nil {
		if planted(name) {
			return "", hint.With(&pathError{name, "is a symbolic link that another user has put into a shared folder"}, "Use a result file (-o) in a folder of your own")
		}
		if !filepath.IsAbs(target) {
			target = filepath.Join(filepath.Dir(name), target)
		}
		if _, err := os.Lstat(target); err != nil {
			return "", &pathError{name, "is a symbolic link to " + target + ", which does not exist"}
		}
		name = target
	}
	info, err := os.Lstat(name)
	if errors.Is(err, os.ErrNotExist) {
		return name, nil
	}
	if err != nil {
		return "", err
	}
	if !info.Mode().IsRegular() {
		return "", &pathError{name, "is not a regular file"}
	}
	if links(info) > 1 {
		return "", &pathError{name, "has more than one name (hard links); the result is replaced as a whole, and the other names would keep the old one"}
	}
	return name, nil
}

// pathError says why a path cannot be a result.
type pathError struct{ path, why string }

func (e *pathError) Error() string { return e.path + " " + e.why }

// Unwrap makes the error an [ErrRefused].
func (e *pathError) Unwrap() error { return ErrRefused }

// Lock implements [FS].
func (OS) Lock(name string) (Lock, error) {
	text, err := open(name, os.O_RDWR|os.O_CREATE, own)
	if err != nil {
		return nil, err
	}
	l := flock.New(lockFile(name), flock.SetFlag(os.O_CREATE|os.O_RDWR|noFollow), flock.SetPermissions(private))
	held, err := l.TryLock()
	switch err = errors.Join(err, text.Close()); {
	case err != nil && held:
		return nil, errors.Join(err, l.Unlock())
	case err != nil:
		return nil, err
	case !held:
		return nil, lockedBy(name)
	}
	return osLock{l, name}, nil
}

// lockedBy returns an ErrLocked that says what the holder wrote of itself, where that can be read.
func lockedBy(name string) error {
	text, err := osLock{name: name}.Text()
	if err != nil || text == "" {
		return ErrLocked
	}
	return &lockedError{holder(text)}
}

type lockedError struct{ holder string }

func (e *lockedError) Error() string { return ErrLocked.Error() + ": " + e.holder }
func (e *lockedError) Unwrap() error { return ErrLocked }

type osLock struct {
	flock *flock.Flock
	name  string
}

func (l osLock) Text() (string, error) {
	f, err := open(l.name, os.O_RDONLY, own)
	if errors.Is(err, os.ErrNotExist) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	defer f.Close()
	text, err := io.ReadAll(f)
	return string(text), err
}

func (l osLock) SetText(text string) error {
	f, err := open(l.name, os.O_WRONLY|os.O_CREATE, own)
	if err != nil {
		return err
	}
	// Cut last, so that a full disk leaves the old text or this one.
	if _, err = io.WriteString(f, text); err == nil {
		err = f.Truncate(int64(len(text)))
	}
	return errors.Join(err, f.Sync(), f.Close())
}

func (l osLock) Unlock() error { return l.flock.Unlock() }
