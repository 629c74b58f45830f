package transport

import (
	"errors"
	"syscall"
	"unsafe"

	"golang.org/x/sys/windows"
)

var poll = windows.NewLazySystemDLL("ws2_32.dll").NewProc("WSAPoll")

// isQuiet reports whether the other end of a socket has neither closed it nor sent anything that is not read. WSAPoll reports
// both, and does not wait. Without it, the error is [errors.ErrUnsupported].
func isQuiet(socket syscall.RawConn) (quiet bool, err error) {
	if poll.Find() != nil {
		return false, errors.ErrUnsupported
	}
	err = socket.Control(func(fd uintptr) {
		const readable = 0x100 // POLLRDNORM; a close and an error are reported without being asked for
		asked := struct {
			fd             uintptr
			events, report int16
		}{fd: fd, events: readable}
		n, _, _ := poll.Call(uintptr(unsafe.Pointer(&asked)), 1, 0)
		quiet = n == 0
	})
	return quiet, err
}
