package console

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"etelecom-import/importer/hint"
)

// replaceFile writes a file so that a reader sees the old or the new one, whole. What is there and is no regular file,
// such as /dev/stdout, is written to. A link, and a pipe, that belongs to somebody else is refused: they would choose what this
// user's rights write to, and where it goes.
func replaceFile(path string, mode os.FileMode, write func(io.Writer) error) error {
	if err := trusted(path); err != nil {
		return err
	}
	if target, err := filepath.EvalSymlinks(path); err == nil {
		path = target
	}
	info, err := os.Stat(path)
	switch {
	case err == nil && info.IsDir():
		return fmt.Errorf("%s is a folder", path)
	case err == nil && !info.Mode().IsRegular():
		f, err := os.OpenFile(path, os.O_WRONLY, 0)
		if err != nil {
			return err
		}
		return errors.Join(buffered(f, write), f.Close())
	}
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*.new")
	if err != nil {
		return err
	}
	err = errors.Join(buffered(f, write), f.Chmod(mode), f.Sync(), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		_ = os.Remove(f.Name())
	}
	return err
}

// maxLinks is how many links may follow one another; the system follows no more, either.
const maxLinks = 40

// Trusted refuses paths that would be written to by a link, or a pipe, of another user. "" is none.
func Trusted(paths ...string) error {
	for _, path := range paths {
		if err := trusted(path); path != "" && err != nil {
			return err
		}
	}
	return nil
}

// trusted follows the links that a path ends in, and refuses those of other users.
func trusted(path string) error {
	for at, n := path, 0; n < maxLinks; n++ {
		info, err := os.Lstat(at)
		if err != nil {
			return nil // it is to be made
		}
		switch {
		case info.Mode()&(os.ModeNamedPipe|os.ModeSocket) != 0 && foreign(info):
			return hint.With(fmt.Errorf("%s is a pipe that belongs to another user", path), "name another file, or remove what is there")
		case info.Mode()&os.ModeSymlink == 0:
			return nil
		case foreign(info):
			return hint.With(fmt.Errorf("%s is a link that belongs to another user", path), "name another file, or remove the link")
		}
		to, err := os.Readlink(at)
		if err != nil {
			return err
		}
		if !filepath.IsAbs(to) {
			to = filepath.Join(filepath.Dir(at), to)
		}
		at = to
	}
	return nil
}

func buffered(w io.Writer, write func(io.Writer) error) error {
	b := bufio.NewWriter(w)
	return errors.Join(write(b), b.Flush())
}
