package durable

import (
	"errors"
	"hash/maphash"
	"io"
	"os"
	"path/filepath"

	"etelecom-import/apiclient/message"
	"etelecom-import/importer/sharing"
)

// TmpSuffix is the end of the name that a file has while [Replace] writes it. A crash may leave such a file; it means nothing.
const TmpSuffix = ".new"

// Replace puts a new file in the place of path, with what write writes, and returns when it is durable. Whatever happens on
// the way, a crash included, path is the old file or the whole new one. After an error it can be either.
func Replace(fs FS, path string, write func(io.Writer) error) error {
	// rule: rename
	tmp := path + TmpSuffix
	f, err := fs.Create(tmp)
	if err != nil {
		return err
	}
	if err := commit(fs, f, tmp, path, write); err != nil {
		return errors.Join(err, discard(fs, tmp))
	}
	return nil
}

// commit takes the five steps of a durable replacement. None can be skipped, and their order matters.
func commit(fs FS, f File, tmp, path string, write func(io.Writer) error) error {
	// 1. The content, under another name: until it is whole, nobody must see it under this one.
	err := write(f)
	// 2. fsync: a rename may reach the disk before the content of the file does, and a power cut would leave zeros.
	if err == nil {
		err = f.Sync()
	}
	// 3. Close: Windows renames no file that is open. A file server may tell only now that it could not write.
	if err := errors.Join(err, f.Close()); err != nil {
		return err
	}
	// 4. The rename, in one step: whoever opens path finds the old file or the new one.
	if err := sharing.Patiently(func() error { return fs.Rename(tmp, path) }); err != nil {
		return err
	}
	// 5. fsync of the folder: until then a power cut can undo the rename, although other programs see it already.
	// rule: folder-fsync
	return fs.SyncDir(filepath.Dir(path))
}

// ReplaceOpen is [Replace] for a file that is then appended to: it returns the file open. The caller closes it.
func ReplaceOpen(fs FS, path string, write func(io.Writer) error) (File, error) {
	var wrote, found maphash.Hash
	found.SetSeed(wrote.Seed())
	err := Replace(fs, path, func(w io.Writer) error { return write(io.MultiWriter(w, &wrote)) })
	if err != nil {
		return nil, err
	}
	var f File
	err = sharing.Patiently(func() (err error) {
		found.Reset()
		f, err = fs.Append(path, &found)
		return err
	})
	if err != nil {
		return nil, err
	}
	// The file was closed in between: a program that synchronizes folders, for example, could have put another one there. What is in
	// it tells, and not its number, which some file systems change at a rename.
	if found.Sum64() != wrote.Sum64() {
		return nil, errors.Join(message.Errorf("%s was changed by another program", path), f.Close())
	}
	return f, nil
}

// discard removes a temporary file: a full disk needs the space. After step 4 there is none.
func discard(fs FS, tmp string) error {
	if err := fs.Remove(tmp); !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return nil
}
