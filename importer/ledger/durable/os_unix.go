//go:build unix

package durable

import (
	"errors"
	"os"
	"syscall"
)

// noFollow keeps open from following a link and from waiting for the other end of a pipe.
const noFollow = syscall.O_NOFOLLOW | syscall.O_NONBLOCK

// syncDir makes the names in a folder durable.
func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// links returns how many names the file has.
func links(info os.FileInfo) uint64 {
	if stat, ok := info.Sys().(*syscall.Stat_t); ok {
		return uint64(stat.Nlink)
	}
	return 1
}

// LockFile returns the file that is locked for name: the file itself.
func LockFile(name string) string { return name }
