// Package newfile makes files that were not there before. What a person may have printed, signed or filled in is never overwritten.
package newfile

import (
	"bufio"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"etelecom-import/apiclient/message"
	"etelecom-import/importer/hint"
	"etelecom-import/importer/ledger/durable"
)

// ErrExists says that the name is taken, by whatever is there: a file, a folder, a link that leads nowhere, a device.
var ErrExists = message.New("the file is there already")

// ErrNotWritten says that a file could be made and not be written to its end, such as on a full disk.
var ErrNotWritten = message.New("the file cannot be written")

// Check returns the error that [Create] would return because of the name: it is taken, or its folder is not there, or nobody may make a
// file in it. A command calls it before work whose outcome would be lost then.
func Check(path string) error {
	if err := checkName(path); err != nil {
		return err
	}
	f, err := temporary(path)
	if err != nil {
		return err
	}
	return errors.Join(f.Close(), os.Remove(f.Name()))
}

func checkName(path string) error {
	if _, err := os.Lstat(path); err == nil {
		return exists(path)
	}
	dir := filepath.Dir(path)
	if info, err := os.Stat(dir); err != nil || !info.IsDir() {
		if full, err := filepath.Abs(dir); err == nil {
			dir = full
		}
		return hint.With(message.Errorf("there is no folder %s", dir), "make the folder, or name another file")
	}
	return nil
}

// Create makes a file that only this user can read, with what write writes. The name appears when the whole file is on the disk, and
// not at all after an error. The error is an [ErrExists] if the name is taken, also if somebody took it meanwhile.
func Create(path string, write func(io.Writer) error) error {
	if err := checkName(path); err != nil {
		return err
	}
	f, err := temporary(path)
	if err != nil {
		return err
	}
	defer os.Remove(f.Name()) // under this name it is not needed any more
	b := bufio.NewWriter(f)
	if err := errors.Join(write(b), b.Flush(), f.Sync(), f.Close()); err != nil {
		return notWritten(path, err)
	}
	if err := claim(f.Name(), path); err != nil {
		return err
	}
	return durable.OS{}.SyncDir(filepath.Dir(path))
}

// temporary makes the file that gets the name path once it is whole. Its mode is 0600.
func temporary(path string) (*os.File, error) {
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*.new")
	if pathError := (*fs.PathError)(nil); errors.As(err, &pathError) { // not the name that nobody knows
		return nil, hint.With(message.Errorf("%s cannot be made: %w", path, pathError.Err), "name a file in another folder, or correct the rights of this one")
	}
	return f, err
}

// notWritten makes an [ErrNotWritten] of the error of a write. The error of the first one says the same as those that follow from it.
func notWritten(path string, err error) error {
	if pathError := (*fs.PathError)(nil); errors.As(err, &pathError) {
		err = pathError.Err
	}
	return hint.With(&writeError{message.Errorf("%s cannot be written: %w", path, err)}, "free some disk space, or name a file on another disk. Nothing was left behind")
}

// writeError is an [ErrNotWritten].
type writeError struct{ error }

func (e *writeError) Unwrap() error { return e.error }

// Is makes it an ErrNotWritten.
func (*writeError) Is(target error) bool { return target == ErrNotWritten }

// claim gives a file the name path, unless that is taken. A hard link does that in one step. Where the file system has none, an empty
// file takes the name first; a crash between the two steps leaves that.
func claim(file, path string) error {
	err := os.Link(file, path)
	if err == nil {
		return nil
	}
	if errors.Is(err, fs.ErrExist) {
		return exists(path)
	}
	empty, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return exists(path)
	}
	if err != nil {
		return err
	}
	if err := errors.Join(empty.Close(), os.Rename(file, path)); err != nil {
		return errors.Join(err, os.Remove(path))
	}
	return nil
}

func exists(path string) error {
	return hint.With(&existsError{path}, "name another file, or remove that one")
}

// existsError names the file of an [ErrExists].
type existsError struct{ path string }

func (e *existsError) Error() string { return message.Sprintf("%s is there already", e.path) }

func (*existsError) Unwrap() error { return ErrExists }
