package transport

import (
	"context"
	"net/http"
	"net/url"
	"time"
)

// Lease is the connection of one request, got ready before the moment at which the request may be sent. Until then an idle
// connection stays with the others: in the hands of somebody who waits, it would grow old.
//
// Call Prepare, wait for the moment, and then Ready; if that is false, Prepare again. End with RoundTrip or Release. A lease
// is for one goroutine.
type Lease struct {
	transport *Transport
	url       *url.URL
	write     bool
	conn      *conn // nil: an idle one is expected
	missed    bool  // others took the idle one
}

// Lease returns a lease for a request to a URL. A write is a request that cannot be repeated if it gets lost, as one
// [WithDeadlineToSend].
func (t *Transport) Lease(u *url.URL, write bool) *Lease {
	return &Lease{transport: t, url: u, write: write}
}

// Prepare makes a connection unless there is one. It takes no longer than the timeout. A connection that the server closed
// before it was used is an error: to dial again and again would be no use.
func (l *Lease) Prepare(ctx context.Context, timeout time.Duration) (err error) {
	t, c := l.transport, l.conn
	switch {
	case c == nil && !l.missed && t.has(l.write):
		return nil
	case c == nil:
	case t.usable(c, l.write):
		return nil
	case c.old(idleTimeout), !c.since.IsZero():
		_ = c.Close()
	default:
		_ = c.Close()
		l.conn = nil
		return c.dropped()
	}
	l.conn, err = t.dial(ctx, timeout, l.url, l.write)
	return err
}

// Ready reports whether the request can be sent now: with the connection that was made, or with an idle one.
func (l *Lease) Ready() bool {
	if l.conn != nil {
		return l.transport.usable(l.conn, l.write)
	}
	l.conn = l.transport.take(l.url, l.write)
	l.missed = l.conn == nil
	return !l.missed
}

// Release gives the connection to later requests.
func (l *Lease) Release() {
	if l.conn != nil {
		l.transport.put(l.conn)
		l.conn = nil
	}
}

// RoundTrip implements [http.RoundTripper] as [Transport.RoundTrip] does, over the lease's connection.
func (l *Lease) RoundTrip(r *http.Request) (*http.Response, error) {
	c := l.conn
	if c == nil {
		return l.transport.RoundTrip(r)
	}
	l.conn = nil
	return l.transport.send(r, c)
}
