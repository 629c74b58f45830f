package transport

import (
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// giveUpAfter has the kernel end the connection when what is sent is not acknowledged within d: nothing of a call is sent
// again when the call is over.
func (c *conn) giveUpAfter(d time.Duration) error {
	d = (d + time.Second - 1).Truncate(time.Second)
	socket, ok := c.wire.Conn.(syscall.Conn)
	if !ok || d <= 0 || d == c.patience { // the same for most calls
		return nil
	}
	raw, err := socket.SyscallConn()
	if err != nil {
		return err
	}
	// Where the kernel has no such option, the reset of the connection has to do.
	_ = raw.Control(func(fd uintptr) {
		_ = unix.SetsockoptInt(int(fd), unix.IPPROTO_TCP, unix.TCP_USER_TIMEOUT, int(d.Milliseconds()))
	})
	c.patience = d
	return nil
}
