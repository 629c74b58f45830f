package durable

import (
	"errors"
	"io"
	"os"
	"path/filepath"

	"github.com/gofrs/flock"

	"etelecom-import/apiclient/message"
	"etelecom-import/importer/hint"
	"etelecom-import/importer/sharing"
)

// OS is the file system of the machine.
type OS struct{}

// private is the mode of every file that is made: results hold names and phone numbers.
const private = 0o600

// Open implements [FS].
func (OS) Open(name string) (io.ReadCloser, error) {
	f, err := open(name, os.O_RDONLY, trustAll)
	if err != nil {
		return nil, err // not f: a nil *os.File in an interface is not nil
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

// trustAll trusts every file.
func trustAll(string, os.FileInfo) error { return nil }

// open opens a regular file that is trusted. It checks the file twice: before, since opening a pipe could wait, and since a file
// that cannot be opened may be another user's; and after, since the name may mean another file by then.
func open(name string, flags int, trusted func(name string, info os.FileInfo) error) (*os.File, error) {
	check := func(info os.FileInfo, err error) error {
		switch {
		case err != nil:
			return err
		case !info.Mode().IsRegular():
			return notRegular(name)
		}
		return trusted(name, info)
	}
	err := check(os.Lstat(name))
	if err != nil && (!errors.Is(err, os.ErrNotExist) || flags&os.O_CREATE == 0) {
		return nil, err
	}
	f, err := sharing.OpenFile(name, flags|noFollow, private)
	if err != nil {
		return nil, err
	}
	if err := check(f.Stat()); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}

func notRegular(name string) error {
	return &refusedError{message.Sprintf("%s is not a regular file", name)}
}

// Create implements [FS].
func (OS) Create(name string) (File, error) {
	// Opening an existing file could follow a link to another one, wait for a pipe, or keep another mode.
	if err := sharing.Remove(name); err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, err
	}
	f, err := sharing.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, private)
	if err != nil {
		return nil, err // not f, likewise
	}
	return f, nil
}

// Append implements [FS].
func (OS) Append(name string, content io.Writer) (File, error) {
	f, err := open(name, os.O_RDWR, own)
	if err != nil {
		return nil, err
	}
	// What has been read to its end is written to behind it. This works without O_APPEND: only the holder of the lock writes.
	if _, err := io.Copy(content, f); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}

// Rename implements [FS].
func (OS) Rename(old, new string) error { return sharing.Rename(old, new) }

// Remove implements [FS].
func (OS) Remove(name string) error { return sharing.Remove(name) }

// CheckUnused implements [FS]. Other systems than Windows do not tell.
func (OS) CheckUnused(name string) error { return sharing.Check(name) }

// SyncDir implements [FS]. On Windows it does nothing.
func (OS) SyncDir(dir string) error { return syncDir(dir) }

// Resolve implements [FS].
func (OS) Resolve(name string) (string, error) {
	if target, err := os.Readlink(name); err == nil {
		if planted(name) {
			return "", hint.With(&refusedError{message.Sprintf("%s is a symbolic link that another user has put into a shared folder", name)},
				message.T("use a result file (-o) in a folder of your own"))
		}
		if !filepath.IsAbs(target) {
			target = filepath.Join(filepath.Dir(name), target)
		}
		if _, err := os.Lstat(target); err != nil {
			return "", &refusedError{message.Sprintf("%s is a symbolic link to %s, which does not exist", name, target)}
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
		return "", notRegular(name)
	}
	if links(info) > 1 {
		return "", &refusedError{message.Sprintf("%s has several names (hard links). The result is replaced as a whole, so the other names would keep the old one", name)}
	}
	return name, nil
}

// Lock implements [FS].
func (OS) Lock(name string) (Lock, error) {
	text, err := open(name, os.O_RDWR|os.O_CREATE, own)
	if err != nil {
		return nil, err
	}
	l := flock.New(LockFile(name), flock.SetFlag(os.O_CREATE|os.O_RDWR|noFollow), flock.SetPermissions(private))
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

// lockedBy returns an [ErrLocked], with what the holder has written where that can be read.
func lockedBy(name string) error {
	text, err := osLock{name: name}.Text()
	if err != nil || text == "" {
		return ErrLocked
	}
	return &LockedError{text}
}

// osLock implements [Lock].
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
	// The rest of a longer text is cut off last, so that a full disk leaves the old text or the new one.
	if _, err = io.WriteString(f, text); err == nil {
		err = f.Truncate(int64(len(text)))
	}
	return errors.Join(err, f.Sync(), f.Close())
}

func (l osLock) Unlock() error { return l.flock.Unlock() }
