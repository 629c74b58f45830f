//go:build darwin || dragonfly || freebsd || netbsd || openbsd

package console

import "golang.org/x/sys/unix"

const (
	getTermios = unix.TIOCGETA
	setTermios = unix.TIOCSETA
)

// discardInput forgets what was typed and not read.
func discardInput(fd int) error {
	const read = 1 // FREAD: the queue of what was typed
	return unix.IoctlSetPointerInt(fd, unix.TIOCFLUSH, read)
}
