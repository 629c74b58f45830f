//go:build !windows

package sharing

import "os"

// OpenFile is [os.OpenFile]. Others may do with the file what they like while it is open.
func OpenFile(name string, flags int, mode os.FileMode) (*os.File, error) {
	return os.OpenFile(name, flags, mode)
}

// Rename is [os.Rename]. On Windows it fails with an [ErrInUse] if another program has one of the files open.
func Rename(old, new string) error { return os.Rename(old, new) }

// Remove is [os.Remove]. On Windows it fails with an [ErrInUse] if another program has the file open.
func Remove(name string) error { return os.Remove(name) }

// Check returns an [ErrInUse] if another program has the file open and lets nobody replace it. It does so on Windows only.
func Check(string) error { return nil }
