package transport

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"math"
	"net"
	"net/http"
	"net/url"
	"os"
	"sync"
	"syscall"
	"time"
)

// maxHeader is how many bytes an answer's header may have, with those of the answers before the answer, such as 100
// Continue.
const maxHeader = 256 << 10

// conn is a connection that one request uses at a time.
type conn struct {
	net.Conn                   // what HTTP is spoken over: raw, or TLS over it
	raw          *countingConn // what goes to the network
	scheme, host string        // of the server
	readySince   time.Time     // when it could be used
	idleSince    time.Time     // when it became idle; zero: no request has used it
	keepAlive    time.Duration // how long the server keeps it idle; 0: it did not say
	userTimeout  time.Duration // how long the kernel waits for an acknowledgment; 0: as long as it likes

	in   *bufio.Reader
	from *limitedReader // what in reads from
	out  bytes.Buffer
}

func newConn(over net.Conn, raw *countingConn, scheme, host string) *conn {
	from := &limitedReader{over: over, left: maxHeader}
	return &conn{Conn: over, raw: raw, scheme: scheme, host: host, readySince: time.Now(), in: bufio.NewReader(from), from: from}
}

// exchange sends a request and reads its answer's header.
func (c *conn) exchange(r *http.Request) (*http.Response, error) {
	deadline, _ := r.Context().Deadline() // zero: none
	c.from.left, c.from.err = maxHeader, nil
	err := c.SetDeadline(deadline)
	if err == nil && !deadline.IsZero() {
		err = c.limitResending(time.Until(deadline))
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
		if resp, err = http.ReadResponse(c.in, r); err == nil && isFinal(resp.StatusCode) {
			c.from.left = math.MaxInt64
			return resp, nil
		}
	}
	return nil, c.from.cause(err)
}

// limitResending makes the kernel give up what is not acknowledged within d, in whole seconds. So nothing of a request is sent
// again after the call is over.
func (c *conn) limitResending(d time.Duration) error {
	d = (d + time.Second - 1).Truncate(time.Second)
	tcp, ok := c.raw.Conn.(syscall.Conn)
	if !ok || d <= 0 || d == c.userTimeout { // it is the same for most requests
		return nil
	}
	socket, err := tcp.SyscallConn()
	if err != nil {
		return err
	}
	setUserTimeout(socket, d)
	c.userTimeout = d
	return nil
}

// isFinal reports whether an answer is the last one of its request. After 101 no HTTP follows.
func isFinal(status int) bool {
	return status < 100 || status >= 200 || status == http.StatusSwitchingProtocols
}

// gotNothing reports whether nothing of an answer was read since the last request was sent.
func (c *conn) gotNothing() bool { return c.from.left == maxHeader }

// isTo reports whether the connection is to the host of a URL.
func (c *conn) isTo(u *url.URL) bool { return c.scheme == u.Scheme && c.host == u.Host }

// expired reports whether the connection has been idle for longer than a limit, or for longer than is safe by what the server
// has said: half of that. A connection that no request has used is good for [anyIdleLimit]: if it expired sooner, a write that
// waits for its slot would dial for ever.
func (c *conn) expired(limit time.Duration) bool {
	switch {
	case c.idleSince.IsZero():
		limit = anyIdleLimit
	case c.keepAlive > 0:
		limit = min(limit, c.keepAlive/2)
	}
	return c.idleFor() > limit
}

// idleFor returns how long the connection has been idle.
func (c *conn) idleFor() time.Duration {
	if c.idleSince.IsZero() {
		return since(c.readySince)
	}
	return since(c.idleSince)
}

// usable reports whether the connection is good for another request: the server has neither closed it nor sent anything
// unasked. Session tickets of TLS do not count: OpenSSL sends them after the handshake, also to a client that wants none.
func (c *conn) usable() bool {
	for range 3 { // one look may end before a busy machine has read the tickets
		if c.untouched() {
			return true
		}
		if !c.isSecured() || !c.idleUntil(time.Now().Add(time.Millisecond)) {
			return false
		}
	}
	return c.untouched()
}

// untouched reports whether the server has neither closed the connection nor sent anything since the last answer.
func (c *conn) untouched() bool {
	tcp, ok := c.raw.Conn.(syscall.Conn)
	if !ok { // in a test with fake time
		return c.idleUntil(time.Now().Add(1))
	}
	socket, err := tcp.SyscallConn()
	if err != nil {
		return false
	}
	quiet, err := isQuiet(socket)
	if errors.Is(err, errors.ErrUnsupported) {
		return c.idleUntil(time.Now().Add(time.Millisecond))
	}
	return quiet && err == nil
}

// whyClosed returns the reason why a connection that no request has used is not usable.
func (c *conn) whyClosed() error {
	if err := c.from.err; isLastingAlert(err) {
		return &reasoned{ErrTLS, err}
	}
	return errClosedUnused
}

func (c *conn) isSecured() bool { return c.Conn != net.Conn(c.raw) }

// drained reports whether nothing was read that is behind the answer. TLS reads whole records: the rest of one is neither in
// the socket nor in the buffer.
func (c *conn) drained() bool {
	if !c.isSecured() {
		return c.in.Buffered() == 0
	}
	return c.idleUntil(time.Unix(1, 0)) // long ago: it reads what TLS has, and does not wait
}

// idleUntil reports whether there is nothing to read until the deadline.
func (c *conn) idleUntil(deadline time.Time) bool {
	if c.SetReadDeadline(deadline) != nil {
		return false
	}
	_, err := c.in.Peek(1)
	return errors.Is(err, os.ErrDeadlineExceeded) && c.SetReadDeadline(time.Time{}) == nil // untouched would fail at the deadline
}

// limitedReader reads from a connection up to a limit, and remembers why it could not. The parser of net/http forgets that:
// it reports a line that breaks off as malformed.
type limitedReader struct {
	over net.Conn
	left int64
	err  error
}

func (l *limitedReader) Read(b []byte) (int, error) {
	if l.left <= 0 {
		l.err = ErrHeader
		return 0, l.err
	}
	n, err := l.over.Read(b[:min(int64(len(b)), l.left)])
	l.left -= int64(n)
	l.err = err
	return n, err
}

// cause returns the reason why nothing more could be read, or the error itself if reading is not to blame for it.
func (l *limitedReader) cause(err error) error {
	switch {
	case err == nil, err == io.EOF, l.err == nil:
		return err
	case l.err == io.EOF:
		return io.ErrUnexpectedEOF
	}
	return l.err
}

// countingConn counts the bytes that the kernel has taken. [Transport.send] compares the count before and after a request: if it
// is the same, no byte was sent, and the error is an [Unsent].
type countingConn struct {
	net.Conn
	written  int64
	capacity *capacity // whose place it has; nil: none
	closed   sync.Once
}

func (c *countingConn) Write(b []byte) (int, error) {
	n, err := c.Conn.Write(b)
	c.written += int64(n)
	return n, err
}

func (c *countingConn) Close() error {
	if c.capacity != nil {
		defer c.closed.Do(c.capacity.release)
	}
	return c.Conn.Close()
}

// abort closes the connection so that this machine sends nothing more over it. After a plain close the kernel would continue for
// minutes to send what has not been acknowledged, and the call would not be over.
func (c *countingConn) abort() error {
	if tcp, ok := c.Conn.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0)
	}
	return c.Close()
}

// body is that of an answer. Once it was read to its end and is closed, its connection is free for the next request.
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
		err = b.conn.from.cause(err)
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
		return c.raw.abort()
	case b.last, !c.drained():
		return c.Close()
	}
	b.transport.keep(c)
	return nil
}
