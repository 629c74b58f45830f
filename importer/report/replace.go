package report

import (
	"bufio"
	"errors"
	"io"
	"os"
	"path/filepath"
	"syscall"

	"etelecom-import/apiclient/message"
	"etelecom-import/importer/hint"
	"etelecom-import/importer/ledger"
	"etelecom-import/importer/sharing"
)

// replaceFile writes a file so that a reader sees either the whole old file or the whole new one. If the path is no regular file, such
// as /dev/stdout, it writes to that. It refuses what [CheckLinks] refuses.
// It does not sync the folder: a report that a power cut takes back is written again by the next run. The result is another matter (ledger/durable).
func replaceFile(path string, mode os.FileMode, write func(io.Writer) error) error {
	path, isRegular, err := target(path)
	if err != nil {
		return err
	}
	if !isRegular {
		f, err := openSpecial(path)
		if err != nil {
			return err
		}
		return errors.Join(buffered(f, write), f.Close())
	}
	f, err := createBeside(path)
	if err != nil {
		return err
	}
	// The new file is whole and durable before it takes the name.
	err = errors.Join(buffered(f, write), f.Chmod(mode), f.Sync(), f.Close())
	if err == nil {
		err = sharing.Patiently(func() error { return sharing.Rename(f.Name(), path) })
	}
	if err != nil {
		_ = os.Remove(f.Name())
	}
	return err
}

// openSpecial opens what is no regular file. A pipe that nobody reads is an error: to wait for a reader could last for ever, and no
// exit code would tell of it.
func openSpecial(path string) (*os.File, error) {
	if info, err := os.Stat(path); err != nil || info.Mode()&os.ModeNamedPipe == 0 {
		return os.OpenFile(path, os.O_WRONLY, 0)
	}
	f, err := os.OpenFile(path, os.O_WRONLY|syscall.O_NONBLOCK, 0)
	if errors.Is(err, syscall.ENXIO) {
		return nil, hint.With(message.Errorf("nobody reads the pipe %s", path), "start the program that reads it first, or name a file")
	}
	return f, err
}

// probe finds out whether [replaceFile] can write a file, as far as that can be told without writing it: the folder is there, and files
// can be made in it. What may be over soon, such as a full disk, is no error.
func probe(path string) error {
	path, isRegular, err := target(path)
	if err != nil || !isRegular {
		return err
	}
	f, err := createBeside(path)
	if err != nil {
		if ledger.Lasting(err) {
			return err
		}
		return nil
	}
	return errors.Join(f.Close(), os.Remove(f.Name()))
}

// target follows the links of a path. It returns the file that is to be written, and whether that is a regular file, or none yet.
func target(path string) (file string, isRegular bool, err error) {
	if err := checkLinks(path); err != nil {
		return "", false, err
	}
	if followed, err := filepath.EvalSymlinks(path); err == nil {
		path = followed
	}
	info, err := os.Stat(path)
	if err != nil { // there is none, or whoever opens it says what is wrong
		return path, true, nil
	}
	if info.IsDir() {
		return "", false, hint.With(message.Errorf("%s is a folder", path), "name a file in it")
	}
	return path, info.Mode().IsRegular(), nil
}

// createBeside makes the file that is to take the name of another.
func createBeside(path string) (*os.File, error) {
	return os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*.new")
}

// maxLinks is how many links are followed. Operating systems follow no more than that.
const maxLinks = 40

// CheckLinks refuses paths that end in a link or a pipe of another user. That user would choose which file is overwritten with this
// user's rights, or would read what is written. Empty paths are skipped.
func CheckLinks(paths ...string) error {
	for _, path := range paths {
		if path == "" {
			continue
		}
		if err := checkLinks(path); err != nil {
			return err
		}
	}
	return nil
}

// checkLinks follows the links that a path ends in.
func checkLinks(path string) error {
	for at, n := path, 0; n < maxLinks; n++ {
		info, err := os.Lstat(at)
		if err != nil {
			return nil // it will be created
		}
		switch {
		case info.Mode()&(os.ModeNamedPipe|os.ModeSocket) != 0 && foreign(info):
			return hint.With(message.Errorf("%s is a pipe that belongs to another user", path), "name another file, or remove what is there")
		case info.Mode()&os.ModeSymlink == 0:
			return nil
		case foreign(info):
			return hint.With(message.Errorf("%s is a link that belongs to another user", path), "name another file, or remove the link")
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

// buffered calls write with a buffer before w.
func buffered(w io.Writer, write func(io.Writer) error) error {
	b := bufio.NewWriter(w)
	return errors.Join(write(b), b.Flush())
}
