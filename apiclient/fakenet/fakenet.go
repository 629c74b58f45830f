// Package fakenet is a network in memory for tests in fake time. Data and the end of a connection arrive after a delay.
package fakenet

import (
	"context"
	"io"
	"net"
	"os"
	"sync"
	"time"
)

// Network is a network with one server, which gets all connections, whatever their address. It is the server's listener.
type Network struct {
	delay   time.Duration
	waiting chan net.Conn
	once    sync.Once
	closed  chan struct{}
}

// New returns a network with this delay each way.
func New(delay time.Duration) *Network {
	return &Network{delay: delay, waiting: make(chan net.Conn), closed: make(chan struct{})}
}

// Dial connects to the server, after a round trip.
func (n *Network) Dial(ctx context.Context, network, address string) (net.Conn, error) {
	t := time.NewTimer(n.delay)
	defer t.Stop()
	select {
	case <-t.C:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	up, down := newHalf(n.delay), newHalf(n.delay)
	select {
	case n.waiting <- &conn{in: up, out: down}:
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-n.closed:
		return nil, &net.OpError{Op: "dial", Net: network, Err: net.ErrClosed}
	}
	t.Reset(n.delay)
	<-t.C
	return &conn{in: down, out: up}, nil
}

// Accept implements [net.Listener].
func (n *Network) Accept() (net.Conn, error) {
	select {
	case c := <-n.waiting:
		return c, nil
	case <-n.closed:
		return nil, net.ErrClosed
	}
}

// Close implements [net.Listener]. It does not close connections.
func (n *Network) Close() error {
	n.once.Do(func() { close(n.closed) })
	return nil
}

// Addr implements [net.Listener].
func (n *Network) Addr() net.Addr { return addr{} }

type addr struct{}

func (addr) Network() string { return "fake" }
func (addr) String() string  { return "127.0.0.1:1" }

// packet is the data of one write, or, without data, the end of the connection.
type packet struct {
	data []byte
	at   time.Time // when it arrives
}

// half is one direction of a connection.
type half struct {
	delay time.Duration

	mu       sync.Mutex
	packets  []packet
	changed  chan struct{} // closed with every change
	closed   bool          // by the reader
	ended    bool          // by the writer
	deadline time.Time     // of the reader
}

func newHalf(delay time.Duration) *half {
	return &half{delay: delay, changed: make(chan struct{})}
}

// change runs f, and wakes the reader.
func (h *half) change(f func()) {
	h.mu.Lock()
	defer h.mu.Unlock()
	f()
	close(h.changed)
	h.changed = make(chan struct{})
}

// take reads what has arrived. If there is nothing, it returns until when to wait for changed; zero: without end.
func (h *half) take(b []byte) (n int, until time.Time, changed chan struct{}, err error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	now := time.Now()
	switch {
	case h.closed:
		return 0, until, nil, net.ErrClosed
	case !h.deadline.IsZero() && !h.deadline.After(now):
		return 0, until, nil, os.ErrDeadlineExceeded
	case len(h.packets) > 0 && !h.packets[0].at.After(now):
		p := &h.packets[0]
		if len(p.data) == 0 {
			return 0, until, nil, io.EOF
		}
		n = copy(b, p.data)
		if p.data = p.data[n:]; len(p.data) == 0 {
			h.packets = h.packets[1:]
		}
		return n, until, nil, nil
	}
	until = h.deadline
	if len(h.packets) > 0 && (until.IsZero() || h.packets[0].at.Before(until)) {
		until = h.packets[0].at
	}
	return 0, until, h.changed, nil
}

// conn is one end of a connection.
type conn struct{ in, out *half }

// Read implements [net.Conn].
func (c *conn) Read(b []byte) (int, error) {
	for {
		n, until, changed, err := c.in.take(b)
		if n > 0 || err != nil {
			if err != nil && err != io.EOF {
				err = &net.OpError{Op: "read", Net: "fake", Err: err}
			}
			return n, err
		}
		var arrives <-chan time.Time
		t := time.NewTimer(time.Until(until))
		if !until.IsZero() {
			arrives = t.C
		}
		select {
		case <-arrives:
		case <-changed:
		}
		t.Stop()
	}
}

// Write implements [net.Conn]. It never waits.
func (c *conn) Write(b []byte) (n int, err error) {
	c.out.change(func() {
		if c.out.ended {
			err = &net.OpError{Op: "write", Net: "fake", Err: net.ErrClosed}
			return
		}
		if n = len(b); n > 0 {
			c.out.packets = append(c.out.packets, packet{append([]byte(nil), b...), time.Now().Add(c.out.delay)})
		}
	})
	return n, err
}

// Close implements [net.Conn]. The other end sees it when it has arrived.
func (c *conn) Close() error {
	c.in.change(func() { c.in.closed = true })
	c.out.change(func() {
		if !c.out.ended {
			c.out.ended = true
			c.out.packets = append(c.out.packets, packet{nil, time.Now().Add(c.out.delay)})
		}
	})
	return nil
}

// SetDeadline implements [net.Conn].
func (c *conn) SetDeadline(t time.Time) error { return c.SetReadDeadline(t) }

// SetReadDeadline implements [net.Conn].
func (c *conn) SetReadDeadline(t time.Time) error {
	c.in.change(func() { c.in.deadline = t })
	return nil
}

// SetWriteDeadline implements [net.Conn]. No write waits.
func (c *conn) SetWriteDeadline(time.Time) error { return nil }

// LocalAddr implements [net.Conn].
func (c *conn) LocalAddr() net.Addr { return addr{} }

// RemoteAddr implements [net.Conn].
func (c *conn) RemoteAddr() net.Addr { return addr{} }
