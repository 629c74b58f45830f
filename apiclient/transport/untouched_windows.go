package transport

import (
	"syscall"
	"time"
	"unsafe"

	"golang.org/x/sys/windows"
)

var poll = windows.NewLazySystemDLL("ws2_32.dll").NewProc("WSAPoll")

// untouched reports whether the server has neither closed the connection nor sent anything since the last answer. WSAPoll
// reports both, and does not wait.
func (c *conn) untouched() bool {
	socket, ok := c.raw.Conn.(syscall.Conn)
	if !ok || poll.Find() != nil {
		return c.idleUntil(time.Now().Add(time.Millisecond))
	}
	raw, err := socket.SyscallConn()
	if err != nil {
		return false
	}
	quiet := false
	err = raw.Control(func(fd uintptr) {
		const readable = 0x100 // POLLRDNORM; a close and an error are reported without being asked for
		asked := struct {
			fd             uintptr
			events, report int16
		}{fd: fd, events: readable}
		n, _, _ := poll.Call(uintptr(unsafe.Pointer(&asked)), 1, 0)
		quiet = n == 0
	})
	return quiet && err == nil
}
