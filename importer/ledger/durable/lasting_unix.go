//go:build unix

package durable

import (
	"errors"
	"io/fs"
	"slices"
	"syscall"
)

// Lasting reports whether a file that cannot be made for this reason cannot be made later either, until a person has done something
// about its folder or its name. A full disk, a quota, and a program that has the file open may be over by then.
func Lasting(err error) bool {
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, fs.ErrPermission) {
		return true
	}
	number, ok := errors.AsType[syscall.Errno](err)
	return ok && slices.Contains([]syscall.Errno{syscall.EROFS, syscall.ENAMETOOLONG, syscall.ENOTDIR, syscall.EISDIR, syscall.ELOOP, syscall.EILSEQ}, number)
}
