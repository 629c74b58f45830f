package report

import "etelecom-import/importer/sharing"

// CheckUnused returns a [sharing.ErrInUse] if another program, such as Excel, has one of the files open and lets nobody replace it. Empty
// paths are skipped.
func CheckUnused(paths ...string) error {
	for _, path := range paths {
		if path == "" {
			continue
		}
		if err := sharing.Patiently(func() error { return sharing.Check(path) }); err != nil {
			return err
		}
	}
	return nil
}

// renameOver gives a file the name of another, which may be open in another program for a moment.
func renameOver(old, new string) error {
	return sharing.Patiently(func() error { return sharing.Rename(old, new) })
}
