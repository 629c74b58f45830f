package durable

import (
	"errors"
	"io/fs"
	"slices"
	"syscall"
)

// Errors of Windows that package syscall does not name.
const (
	writeProtect  syscall.Errno = 19
	invalidName   syscall.Errno = 123
	badPathname   syscall.Errno = 161
	nameTooLong   syscall.Errno = 206
	noFolderThere syscall.Errno = 267
)

// Lasting reports whether a file that cannot be made for this reason cannot be made later either, until a person has done something
// about its folder or its name. A full disk, and a program that has the file open, may be over by then.
func Lasting(err error) bool {
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, fs.ErrPermission) {
		return true
	}
	number, ok := errors.AsType[syscall.Errno](err)
	return ok && slices.Contains([]syscall.Errno{writeProtect, invalidName, badPathname, nameTooLong, noFolderThere}, number)
}
