package report

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"etelecom-import/apiclient/message"
	"etelecom-import/importer/hint"
)

// unwritable says that the file of a flag cannot be written, and why. It names the file, and not the one that is made beside it first.
func unwritable(flag, path string, err error) error {
	failed, isPlain := err.(*fs.PathError) //nolint:errorlint // one that is wrapped has more to say
	if !isPlain {
		return message.Errorf("%s cannot be written: %w", flag, err)
	}
	dir := filepath.Dir(path)
	if info, err := os.Stat(dir); errors.Is(err, fs.ErrNotExist) || err == nil && !info.IsDir() {
		return hint.With(message.Errorf("%s cannot be written: there is no folder %s", flag, dir), "make that folder, or name a file in another one")
	}
	return message.Errorf("%s cannot be written: %s: %w", flag, path, failed.Err)
}
