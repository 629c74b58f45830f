//go:build unix

package transport

import (
	"syscall"
	"time"
)

// untouched reports whether the other end has neither closed the connection nor said anything since the last answer.
func (c *conn) untouched() bool {
	socket, ok := c.wire.Conn.(syscall.Conn)
	if !ok { // a test's, in fake time
		return c.silent(time.Now().Add(1))
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
