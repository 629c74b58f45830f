package durable

import (
	"os"
	"syscall"
)

// noFollow is nothing: who may make symbolic links on Windows is an administrator.
const noFollow = 0

// own takes every file for ours: Windows tells no owner with a file's information, and new files have the rights of their folder.
func own(string, os.FileInfo) error { return nil }

func planted(string) bool { return false }

// syncDir does nothing: Windows cannot sync a folder, and NTFS journals renames by itself.
func syncDir(string) error { return nil }

// links returns how many names the file has; Windows does not tell it with the file's information.
func links(os.FileInfo) uint64 { return 1 }

// lockFile returns the file whose lock stands for that of name: one beside it, since Windows lets nobody read or write a
// file that is locked.
func lockFile(name string) string { return name + "-held" }

// createNew makes a file that is not there yet. It is renamed while it is open, which Windows allows only to files that were
// opened with FILE_SHARE_DELETE; [os.OpenFile] does without.
func createNew(name string) (*os.File, error) {
	path, err := syscall.UTF16PtrFromString(name)
	if err != nil {
		return nil, &os.PathError{Op: "create", Path: name, Err: err}
	}
	const share = syscall.FILE_SHARE_READ | syscall.FILE_SHARE_WRITE | syscall.FILE_SHARE_DELETE
	h, err := syscall.CreateFile(path, syscall.GENERIC_WRITE, share, nil, syscall.CREATE_NEW, syscall.FILE_ATTRIBUTE_NORMAL, 0)
	if err != nil {
		return nil, &os.PathError{Op: "create", Path: name, Err: err}
	}
	return os.NewFile(uintptr(h), name), nil
}
