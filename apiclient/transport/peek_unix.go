//go:build unix

package transport

import "syscall"

// isQuiet reports whether the other end of a socket has neither closed it nor sent anything that is not read. It peeks, which
// costs one system call and no wait.
func isQuiet(socket syscall.RawConn) (quiet bool, err error) {
	err = socket.Read(func(fd uintptr) bool {
		var b [1]byte
		_, _, err := syscall.Recvfrom(int(fd), b[:], syscall.MSG_PEEK|syscall.MSG_DONTWAIT)
		quiet = err == syscall.EAGAIN || err == syscall.EWOULDBLOCK
		return true
	})
	return quiet, err
}
