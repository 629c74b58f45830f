package durable

import (
	"errors"
	"io"
	"os"
	"path/filepath"
)

// TmpSuffix is the end of the name that a file has while [Replace] writes it. A crash may leave such a file; it means nothing.
const TmpSuffix = ".new"

// Replace puts a new file in the place of path, with what write writes, and returns when it is durable. Whatever happens on
// the way, a crash included, path is the old file or the whole new one. After an error it can be either.
func Replace(fs FS, path string, write func(io.Writer) error) error {
	f, err := ReplaceOpen(fs, path, write)
	if err != nil {
		return err
	}
	return f.Close()
}

// ReplaceOpen is [Replace] for a file that is then appended to: it returns the file open. The caller closes it.
func ReplaceOpen(fs FS, path string, write func(io.Writer) error) (File, error) {
	// rule: rename
	tmp := path + TmpSuffix
	f, err := fs.Create(tmp)
	if err != nil {
		return nil, err
	}
	if err := commit(fs, f, tmp, path, write); err != nil {
		return nil, errors.Join(err, f.Close(), discard(fs, tmp))
	}
	return f, nil
}

// commit takes the four steps of a durable replacement. None can be skipped, and their order matters.
func commit(fs FS, f File, tmp, path string, write func(io.Writer) error) error {
	// 1. The content, under another name: until it is whole, nobody must see it under this one.
	if err := write(f); err != nil {
		return err
	}
	// 2. fsync: a rename may reach the disk before the content of the file does, and a power cut would leave zeros.
	if err := f.Sync(); err != nil {
		return err
	}
	// 3. The rename, in one step: whoever opens path finds the old file or the new one.
	if err := fs.Rename(tmp, path); err != nil {
		return err
	}
	// 4. fsync of the folder: until then a power cut can undo the rename, although other programs see it already.
	// rule: folder-fsync
	return fs.SyncDir(filepath.Dir(path))
}

// discard removes a temporary file: a full disk needs the space. After step 3 there is none.
func discard(fs FS, tmp string) error {
	if err := fs.Remove(tmp); !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return nil
}
