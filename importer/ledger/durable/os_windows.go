package durable

import (
	"os"
	"syscall"
)

// noFollow is nothing: on Windows only an administrator can make symbolic links.
const noFollow = 0

// own accepts every file: Windows tells no owner with a file's information, and a new file has the permissions of its folder.
func own(string, os.FileInfo) error { return nil }

// planted accepts every link, see noFollow.
func planted(string) bool { return false }

// syncDir does nothing: Windows cannot sync a folder, and NTFS journals renames by itself.
func syncDir(string) error { return nil }

// links returns how many names the file has; Windows does not tell it with the file's information.
func links(os.FileInfo) uint64 { return 1 }

// lockFile returns the file that is locked for name: one beside it, since Windows lets nobody read or write a locked file.
func lockFile(name string) string { return name + "-held" }

// createNew makes a file that is not there yet. It is renamed while it is open. Windows allows that only if it was opened with
// FILE_SHARE_DELETE, which [os.OpenFile] does not set.
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
