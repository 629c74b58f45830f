package transport

import (
	"net"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"etelecom-import/apiclient/wiretest"
)

// The kernel gives up when the call does.
func TestKernelGivesUp(t *testing.T) {
	for _, timeout := range []time.Duration{30 * time.Second, 7 * time.Second} {
		c := caller{Transport: &Transport{Idle: 1}, timeout: timeout, base: wiretest.Start(t, func(conn net.Conn) {
			for wiretest.Read(conn) != "" {
				wiretest.Write(conn, wiretest.Answer)
			}
		})}
		if _, err := c.write(t); err != nil {
			t.Fatal(err)
		}
		raw, err := c.pool.idle[0].raw.Conn.(syscall.Conn).SyscallConn()
		if err != nil {
			t.Fatal(err)
		}
		ms := 0
		_ = raw.Control(func(fd uintptr) { ms, err = unix.GetsockoptInt(int(fd), unix.IPPROTO_TCP, unix.TCP_USER_TIMEOUT) })
		if err != nil || time.Duration(ms)*time.Millisecond != timeout {
			t.Errorf("%d ms, want %v; %v", ms, timeout, err)
		}
		c.CloseIdleConnections()
	}
}
