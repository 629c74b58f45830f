package transport

import (
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// setUserTimeout makes the kernel end a connection if what is sent is not acknowledged within d. A kernel without that option
// does nothing: abort has to do.
func setUserTimeout(socket syscall.RawConn, d time.Duration) {
	_ = socket.Control(func(fd uintptr) {
		_ = unix.SetsockoptInt(int(fd), unix.IPPROTO_TCP, unix.TCP_USER_TIMEOUT, int(d.Milliseconds()))
	})
}
