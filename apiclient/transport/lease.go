package transport

import (
	"context"
	"net/http"
	"net/url"
	"time"
)

// Lease is the connection of one request that waits for the moment at which it may be sent. If the pool has an idle
// connection, that stays there until the moment: it would grow old while the request waits, and others can use it.
//
// Call Prepare, wait for the moment, and call Ready. If Ready returns false, start again with Prepare. End with RoundTrip or
// Release. Only one goroutine may use a lease.
type Lease struct {
	transport *Transport
	url       *url.URL
	write     bool
	conn      *conn // nil: Ready takes one from the pool
	missed    bool  // the pool had one at Prepare, and had none at Ready
}

// Prepare makes a connection, unless the lease or the pool has one. It takes no longer than the timeout, or 15 s.
func (l *Lease) Prepare(ctx context.Context, timeout time.Duration) (err error) {
	t, c := l.transport, l.conn
	switch {
	case c == nil && !l.missed && t.has(l.write):
		return nil
	case c == nil:
	case t.usable(c, l.write):
		return nil
	case c.expired(anyIdleLimit), !c.idleSince.IsZero():
		_ = c.Close()
	default: // the server has closed a new connection, and would close the next one, too
		_ = c.Close()
		l.conn = nil
		return c.whyClosed()
	}
	l.conn, err = t.dial(ctx, timeout, l.url, l.write)
	return err
}

// Ready reports whether the lease has a connection over which the request can be sent now.
func (l *Lease) Ready() bool {
	if l.conn != nil {
		return l.transport.usable(l.conn, l.write)
	}
	l.conn = l.transport.take(l.url, l.write)
	l.missed = l.conn == nil
	return !l.missed
}

// IsReused reports whether another request has used the connection before.
func (l *Lease) IsReused() bool { return l.conn != nil && !l.conn.idleSince.IsZero() }

// Release gives the connection to later requests.
func (l *Lease) Release() {
	if l.conn != nil {
		l.transport.put(l.conn)
		l.conn = nil
	}
}

// RoundTrip implements [http.RoundTripper] as [Transport.RoundTrip] does, over the connection of the lease. It uses the lease
// up.
func (l *Lease) RoundTrip(r *http.Request) (*http.Response, error) {
	c := l.conn
	if c == nil {
		return l.transport.RoundTrip(r)
	}
	l.conn = nil
	return l.transport.send(r, c)
}
