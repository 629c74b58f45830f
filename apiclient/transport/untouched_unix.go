//go:build unix

package transport

import (
	"syscall"
	"time"
)

// untouched reports whether the server has neither closed the connection nor sent anything since the last answer. It peeks at
// the socket, which costs one system call and no wait.
func (c *conn) untouched() bool {
	socket, ok := c.raw.Conn.(syscall.Conn)
	if !ok { // in a test with fake time
		return c.idleUntil(time.Now().Add(1))
	}
	raw, err := socket.SyscallConn()
	if err != nil {
		return false
	}
	quiet := false
	err = raw.Read(func(fd uintptr) bool {
		var b [1]byte
		_, _, err := syscall.Recvfrom(int(fd), b[:], syscall.MSG_PEEK|syscall.MSG_DONTWAIT)
		quiet = err == syscall.EAGAIN || err == syscall.EWOULDBLOCK
		return true
	})
	return quiet && err == nil
}
