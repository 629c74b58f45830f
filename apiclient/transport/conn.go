package transport

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"math"
	"net"
	"net/http"
	"os"
	"sync"
	"time"
)

// maxHeader is how many bytes an answer's header may have, with those of the answers before the answer, such as 100
// Continue.
const maxHeader = 256 << 10

// conn is a connection that one request uses at a time.
type conn struct {
	net.Conn                   // what is spoken over
	wire         *countedConn  // what it goes over, below TLS
	scheme, host string        // of the server
	made         time.Time     // when it could be used
	since        time.Time     // when it became idle; zero: it was never used
	patience     time.Duration // how long the kernel waits for an acknowledgment; 0: as long as it likes
	promise      time.Duration // how long the server keeps it idle; 0: it did not say

	in   *bufio.Reader
	from *intake // what in reads from
	out  bytes.Buffer
}

// old reports whether the connection has been idle for longer than the limit, or than the server wants. One that was never
// used is not too old for a write, however long it took to get it and to wait for a slot.
func (c *conn) old(limit time.Duration) bool {
	switch {
	case c.since.IsZero():
		limit = idleTimeout
	case c.promise > 0:
		limit = min(limit, c.promise/2)
	}
	return c.age() > limit
}

// age is how long the connection has been idle.
func (c *conn) age() time.Duration {
	from := c.since
	if from.IsZero() {
		from = c.made
	}
	return since(from)
}

// mute reports whether nothing of an answer was read since the last request was sent.
func (c *conn) mute() bool { return c.from.left == maxHeader }

func newConn(over net.Conn, wire *countedConn, scheme, host string) *conn {
	from := &intake{over: over, left: maxHeader}
	return &conn{Conn: over, wire: wire, scheme: scheme, host: host, made: time.Now(), in: bufio.NewReader(from), from: from}
}

// intake reads from a connection, up to a limit, and remembers why it could not: net/http takes a line that breaks off for
// a malformed one.
type intake struct {
	over net.Conn
	left int64
	err  error
}

func (i *intake) Read(b []byte) (int, error) {
	if i.left <= 0 {
		i.err = ErrHeader
		return 0, i.err
	}
	n, err := i.over.Read(b[:min(int64(len(b)), i.left)])
	i.left -= int64(n)
	i.err = err
	return n, err
}

// why returns the reason why nothing more could be read; else the error that was made of it.
func (i *intake) why(err error) error {
	switch {
	case err == nil, err == io.EOF, i.err == nil:
		return err
	case i.err == io.EOF:
		return io.ErrUnexpectedEOF
	}
	return i.err
}

// countedConn counts the bytes that are written.
type countedConn struct {
	net.Conn
	written int64
	room    *room // that it takes; nil: none
	closed  sync.Once
}

func (c *countedConn) Close() error {
	if c.room != nil {
		defer c.closed.Do(c.room.leave)
	}
	return c.Conn.Close()
}

func (c *countedConn) Write(b []byte) (int, error) {
	n, err := c.Conn.Write(b)
	c.written += int64(n)
	return n, err
}

// abort closes the connection so that this machine sends nothing more over it, also not what was written and has not been
// acknowledged. A plain close would leave it to the kernel to send that again, for minutes: the call would not be over.
func (c *countedConn) abort() error {
	if tcp, ok := c.Conn.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0)
	}
	return c.Close()
}

// exchange sends a request and reads its answer's header.
func (c *conn) exchange(r *http.Request) (*http.Response, error) {
	deadline, _ := r.Context().Deadline() // zero: none
	c.from.left, c.from.err = maxHeader, nil
	err := c.SetDeadline(deadline)
	if err == nil && !deadline.IsZero() {
		err = c.giveUpAfter(time.Until(deadline))
	}
	if err == nil {
		err = r.Write(&c.out)
	}
	if err == nil {
		_, err = c.Write(c.out.Bytes())
	}
	clear(c.out.Bytes()) // there may be a password in it
	c.out.Reset()
	for err == nil {
		var resp *http.Response
		if resp, err = http.ReadResponse(c.in, r); err == nil && final(resp.StatusCode) {
			c.from.left = math.MaxInt64
			return resp, nil
		}
	}
	return nil, c.from.why(err)
}

func final(status int) bool {
	return status < 100 || status >= 200 || status == http.StatusSwitchingProtocols
}

// alive reports whether the connection is good for another request: the other end has neither closed it nor said anything
// unasked. Messages of TLS itself do not count: OpenSSL sends session tickets after the handshake, also to a client that asks for none.
func (c *conn) alive() bool {
	for range 3 { // a busy machine may not come to read in time
		if c.untouched() {
			return true
		}
		if !c.secured() || !c.silent(time.Now().Add(time.Millisecond)) {
			return false
		}
	}
	return c.untouched()
}

// dropped returns why a connection that was never used is not alive.
func (c *conn) dropped() error {
	if err := c.from.err; alerted(err) {
		return &lasting{ErrTLS, err}
	}
	return errDropped
}

func (c *conn) secured() bool { return c.Conn != net.Conn(c.wire) }

// quiet reports whether nothing has been read that belongs to no answer. TLS reads whole records: what stands behind the
// answer in one is neither in the socket nor in the buffer.
func (c *conn) quiet() bool {
	if !c.secured() {
		return c.in.Buffered() == 0
	}
	return c.silent(time.Unix(1, 0))
}

// silent reports whether there is nothing to read until the deadline.
func (c *conn) silent(deadline time.Time) bool {
	if c.SetReadDeadline(deadline) != nil {
		return false
	}
	_, err := c.in.Peek(1)
	return errors.Is(err, os.ErrDeadlineExceeded) && c.SetReadDeadline(time.Time{}) == nil // untouched would meet it
}

// body is that of an answer. When it was read to its end and is closed, its connection is free for the next request.
type body struct {
	io.ReadCloser
	transport *Transport
	conn      *conn // nil: closed
	last      bool  // the connection is good for no other request
	ended     bool  // it was read to its end
}

func (b *body) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	b.ended = b.ended || err == io.EOF
	if b.conn != nil {
		err = b.conn.from.why(err)
	}
	return n, err
}

// Close does not read what is left, which may never come.
func (b *body) Close() error {
	c := b.conn
	switch b.conn = nil; {
	case c == nil:
		return nil
	case !b.ended:
		return c.wire.abort()
	case b.last, !c.quiet():
		return c.Close()
	}
	b.transport.keep(c)
	return nil
}
