package transport

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"slices"
	"sync"
	"time"
)

const (
	connectTimeout = 15 * time.Second // until a connection can be used, with its proxy and TLS
	idleTimeout    = 20 * time.Second // below the usual 60-75 s of servers, so that they seldom close under a request
)

// Transport sends a request once, over an HTTP/1.1 connection that the request has to itself meanwhile, and knows of one
// that failed whether a byte of it was sent. Unlike that of net/http, it decides for each request how long its connection
// may have been idle, and it learns that from the server: a create that crosses the close of its connection is lost.
//
// Once a request is under way, only its context's deadline ends it. The zero value keeps no connections.
type Transport struct {
	Proxy func(*http.Request) (*url.URL, error) // nil: that of the environment
	TLS   *tls.Config                           // nil: the system's certificates, TLS 1.2 or newer
	Idle  int                                   // connections kept for later requests
	// Dial makes the TCP connections; nil: a [net.Dialer]. Tests in fake time set it.
	Dial func(ctx context.Context, network, address string) (net.Conn, error)

	lull lull
	room room

	mu   sync.Mutex
	idle []*conn // the one that was used last is the last
}

// deadlineToSend is the context key of [WithDeadlineToSend].
type deadlineToSend struct{}

// WithDeadlineToSend returns a context for a request that a [Transport] begins to send by then or not at all: its first byte
// leaves in time, or the error is an [*Unsent]. Such a request cannot be repeated if it gets lost, so it takes no connection
// that has been idle for long.
func WithDeadlineToSend(ctx context.Context, by time.Time) context.Context {
	return context.WithValue(ctx, deadlineToSend{}, by)
}

// Passed reports whether a deadline has passed, by the monotonic clock, which stops while the machine sleeps, or by the wall
// clock, which somebody can set.
func Passed(deadline time.Time) bool { return since(deadline) > 0 }

// since returns the time since then by the monotonic clock or by the wall clock, whichever is more.
func since(then time.Time) time.Duration {
	now := time.Now()
	return max(now.Sub(then), now.Round(0).Sub(then.Round(0)))
}

// RoundTrip implements [http.RoundTripper]. The error is an [*Unsent] if it proves that.
func (t *Transport) RoundTrip(r *http.Request) (*http.Response, error) {
	_, write := r.Context().Value(deadlineToSend{}).(time.Time)
	c := t.take(r.URL, write)
	if c == nil {
		var err error
		if c, err = t.dial(r.Context(), connectTimeout, r.URL, write); err != nil {
			closeBody(r)
			return nil, &Unsent{err}
		}
	}
	return t.send(r, c)
}

// send sends a request over a connection, which it puts by or closes in the end.
func (t *Transport) send(r *http.Request, c *conn) (*http.Response, error) {
	defer closeBody(r)
	if by, ok := r.Context().Value(deadlineToSend{}).(time.Time); ok && Passed(by) {
		t.put(c)
		return nil, &Unsent{errTooLate}
	}
	before, age, reused := c.wire.written, c.age(), !c.since.IsZero()
	resp, err := c.exchange(r)
	switch {
	case reused && err == nil:
		t.lull.lived()
	case reused && c.mute() && !errors.Is(err, os.ErrDeadlineExceeded):
		t.lull.died(age)
	}
	switch {
	case err == nil:
	case c.wire.written == before:
		err = &Unsent{err}
	case alerted(err):
		err = &lasting{ErrTLS, err}
	}
	if err != nil {
		_ = c.wire.abort()
		return nil, err
	}
	if promise := keepAlive(resp.Header); promise > 0 {
		c.promise = promise
	}
	resp.Body = &body{ReadCloser: resp.Body, transport: t, conn: c, last: resp.Close || resp.StatusCode < 200}
	return resp, nil
}

func closeBody(r *http.Request) {
	if r.Body != nil {
		_ = r.Body.Close()
	}
}

// take returns an idle connection that is good for a request, or nil.
func (t *Transport) take(u *url.URL, write bool) *conn {
	for c := t.pop(); c != nil; c = t.pop() {
		switch {
		case c.scheme != u.Scheme, c.host != u.Host, c.old(idleTimeout), c.SetDeadline(time.Time{}) != nil:
		case !t.lives(c):
		case write && c.old(t.lull.limit()): // and so are all others; a read can use it
			t.lull.lived()
			t.put(c)
			return nil
		default:
			return c
		}
		_ = c.Close()
	}
	return nil
}

// has reports whether take would return a connection, if it lives.
func (t *Transport) has(write bool) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	n := len(t.idle)
	return n > 0 && !t.idle[n-1].old(idleTimeout) && !(write && t.idle[n-1].old(t.lull.limit()))
}

// usable reports whether a connection that a request has already is still good for it.
func (t *Transport) usable(c *conn, write bool) bool {
	return !c.old(idleTimeout) && !(write && c.old(t.lull.limit())) && c.alive()
}

// lives reports whether an idle connection is still open, and learns from one that is not.
func (t *Transport) lives(c *conn) bool {
	alive := c.alive()
	if !alive {
		t.lull.died(c.age())
	}
	return alive
}

func (t *Transport) pop() *conn {
	t.mu.Lock()
	defer t.mu.Unlock()
	n := len(t.idle)
	if n == 0 {
		return nil
	}
	c := t.idle[n-1]
	t.idle[n-1] = nil
	t.idle = t.idle[:n-1]
	return c
}

// keep puts a connection by that becomes idle now.
func (t *Transport) keep(c *conn) {
	c.since = time.Now()
	t.put(c)
}

// put puts a connection by for later requests, in place of one that has been idle for too long, or for longest of too
// many. The one that was used last stays the last.
func (t *Transport) put(c *conn) {
	if t.room.crowded() {
		_ = c.Close()
		return
	}
	if c.since.IsZero() { // it was never used
		c.since = c.made
	}
	t.mu.Lock()
	i := len(t.idle)
	for i > 0 && t.idle[i-1].since.After(c.since) {
		i--
	}
	t.idle = slices.Insert(t.idle, i, c)
	c = t.idle[0]
	if len(t.idle) > t.Idle || c.old(idleTimeout) {
		t.idle = append(t.idle[:0], t.idle[1:]...)
	} else {
		c = nil
	}
	t.mu.Unlock()
	if c != nil {
		_ = c.Close()
	}
	t.room.signal()
}

// CloseIdleConnections closes the connections that no request is using.
func (t *Transport) CloseIdleConnections() {
	for c := t.pop(); c != nil; c = t.pop() {
		_ = c.Close()
	}
}

// dial makes a connection to the host of a URL. Where the system allows no more of them, it waits for one that another
// request is done with.
func (t *Transport) dial(ctx context.Context, timeout time.Duration, u *url.URL, write bool) (*conn, error) {
	ctx, cancel := context.WithTimeout(ctx, min(timeout, connectTimeout))
	defer cancel()
	var refused error
	for {
		if t.room.enter() {
			c, err := t.open(ctx, u)
			if err == nil {
				return c, nil
			}
			t.room.leave()
			if refused = err; !exhausted(err) || !t.room.shrink() {
				return nil, err
			}
		}
		freed := t.room.wait()
		if c := t.take(u, write); c != nil {
			return c, nil
		}
		if c := t.pop(); c != nil { // too old for this request, and in its way
			_ = c.Close()
			continue
		}
		select {
		case <-freed:
		case <-ctx.Done():
			return nil, errors.Join(ctx.Err(), refused)
		}
	}
}

// open makes a connection, with its proxy and TLS.
func (t *Transport) open(ctx context.Context, u *url.URL) (*conn, error) {
	host := address(u)
	proxy, err := t.proxy(u)
	if err != nil {
		return nil, err
	}
	first := host
	if proxy != nil {
		first = address(proxy)
	}
	connect := t.Dial
	if connect == nil {
		connect = (&net.Dialer{KeepAlive: 30 * time.Second}).DialContext
	}
	tcp, err := connect(ctx, "tcp", first)
	switch {
	case err != nil && proxy != nil:
		return nil, fmt.Errorf("proxy: %w", err)
	case err != nil:
		return nil, err
	}
	wire := &countedConn{Conn: tcp}
	var conn net.Conn = wire
	if proxy != nil {
		conn, err = t.tunnel(ctx, conn, proxy, host)
	}
	if err == nil && u.Scheme == "https" {
		conn, err = t.handshake(ctx, conn, u.Hostname())
	}
	if err != nil {
		_ = tcp.Close()
		return nil, err
	}
	wire.room = &t.room
	return newConn(conn, wire, u.Scheme, u.Host), nil
}

// handshake puts TLS on a connection.
func (t *Transport) handshake(ctx context.Context, conn net.Conn, server string) (net.Conn, error) {
	config := &tls.Config{MinVersion: tls.VersionTLS12}
	if t.TLS != nil {
		config = t.TLS.Clone()
	}
	config.ServerName = server
	config.NextProtos = []string{"http/1.1"}
	secured := tls.Client(conn, config)
	err := secured.HandshakeContext(ctx)
	if disagreed(err) {
		err = &lasting{ErrTLS, err}
	}
	return secured, err
}
