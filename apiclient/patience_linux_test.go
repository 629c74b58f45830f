package apiclient

import (
	"net"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// The kernel does not go on for longer than the call does.
func TestKernelGivesUp(t *testing.T) {
	for _, timeout := range []time.Duration{0, 7 * time.Second} {
		c := newTestClient(t, Config{Timeout: timeout, BaseURL: socket(t, func(conn net.Conn) {
			for request(conn) != "" {
				respond(conn, answered)
			}
		})})
		if _, _, err := create1(t, c); err != nil {
			t.Fatal(err)
		}
		raw, err := c.transport.(*Transport).idle[0].wire.Conn.(syscall.Conn).SyscallConn()
		if err != nil {
			t.Fatal(err)
		}
		ms := 0
		_ = raw.Control(func(fd uintptr) { ms, err = unix.GetsockoptInt(int(fd), unix.IPPROTO_TCP, unix.TCP_USER_TIMEOUT) })
		if want := c.timeout.Milliseconds(); err != nil || int64(ms) != want {
			t.Errorf("%d ms, want %d; %v", ms, want, err)
		}
		c.CloseIdleConnections()
	}
}
