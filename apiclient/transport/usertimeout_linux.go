package transport

import (
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// setUserTimeout makes the kernel end the connection if what is sent is not acknowledged within d. So nothing of a request is
// sent again after the call is over.
func (c *conn) setUserTimeout(d time.Duration) error {
	d = (d + time.Second - 1).Truncate(time.Second)
	socket, ok := c.raw.Conn.(syscall.Conn)
	if !ok || d <= 0 || d == c.userTimeout { // it is the same for most requests
		return nil
	}
	raw, err := socket.SyscallConn()
	if err != nil {
		return err
	}
	// Without that option, abort has to do.
	_ = raw.Control(func(fd uintptr) {
		_ = unix.SetsockoptInt(int(fd), unix.IPPROTO_TCP, unix.TCP_USER_TIMEOUT, int(d.Milliseconds()))
	})
	c.userTimeout = d
	return nil
}
