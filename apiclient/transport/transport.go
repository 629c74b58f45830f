// Package transport sends requests over HTTP/1.1 and says of each one that failed whether a byte of it was sent.
//
// It exists because a lost write is costly here: nobody knows what it did, and the program may not just send it again. A
// server closes connections that have been idle for a while. A write that meets such a close on its way is lost, and that
// is avoidable. This package avoids it, because it owns its idle connections:
//
//   - A write takes no connection that has been idle for long, and the package learns from the server how long is too long.
//     A read may take an older one. The pool of net/http has one limit for all requests, and learns nothing.
//   - It looks at the socket right before it uses the connection. net/http notices a close a little later.
//   - A [Lease] gets a connection ready before the request may be sent. So the caller can wait for the moment to send, and
//     the first byte leaves at that moment, however long the dial took.
//   - Bytes behind an answer end the connection. So nobody takes the answer of another request for their own.
//   - When a call is over, it is over: the kernel sends nothing of the request again.
//
// Speed is not a reason; BenchmarkRoundTrip compares both. Redirects, cookies, compression, HTTP/2 and sending again are missing
// on purpose. NewClientConn of net/http would allow a pool like this one, but shows a close no sooner than net/http does.
package transport

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"net/http"
	"net/url"
	"os"
	"time"

	"etelecom-import/apiclient/message"
)

// connectTimeout is how long it may take until a connection can be used, with its proxy and TLS.
const connectTimeout = 15 * time.Second

// Transport is an [http.RoundTripper] that sends each request once, over a connection that no other request uses at the same
// time. Once a request is under way, only the deadline of its context ends it. A Transport is safe for concurrent use. The
// zero value keeps no idle connections.
type Transport struct {
	// Proxy returns the proxy for a request, of which it gets method and URL; nil: that of the environment.
	Proxy func(*http.Request) (*url.URL, error)
	// TLS has the settings for servers and https proxies; nil: the system's certificates, TLS 1.2 or newer.
	TLS *tls.Config
	// Idle is how many connections are kept for later requests.
	Idle int
	// Dial makes the TCP connections; nil: a [net.Dialer]. Tests in fake time set it.
	Dial func(ctx context.Context, network, address string) (net.Conn, error)

	pool     pool
	limit    idleLimit // of connections for writes
	capacity capacity
}

// deadlineToSend is the context key of [WithDeadlineToSend].
type deadlineToSend struct{}

// WithDeadlineToSend returns a context for a write: a request that nobody may repeat if it gets lost. A [Transport] sends its
// first byte by then, or the error is an [*Unsent]. It takes no connection that has been idle for long.
func WithDeadlineToSend(ctx context.Context, by time.Time) context.Context {
	return context.WithValue(ctx, deadlineToSend{}, by)
}

func deadlineOf(ctx context.Context) (by time.Time, isWrite bool) {
	by, isWrite = ctx.Value(deadlineToSend{}).(time.Time)
	return by, isWrite
}

// Passed reports whether a deadline has passed by the monotonic clock or by the wall clock. The first stops while the machine
// sleeps; somebody can set the second.
func Passed(deadline time.Time) bool { return since(deadline) > 0 }

// since returns the time since then by the monotonic clock or by the wall clock, whichever is more.
func since(then time.Time) time.Duration {
	now := time.Now()
	return max(now.Sub(then), now.Round(0).Sub(then.Round(0)))
}

// RoundTrip implements [http.RoundTripper]. The error is an [*Unsent] if it proves that nothing was sent.
func (t *Transport) RoundTrip(r *http.Request) (*http.Response, error) {
	_, write := deadlineOf(r.Context())
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

// send sends a request over a connection. Afterwards the connection is idle again or closed.
func (t *Transport) send(r *http.Request, c *conn) (*http.Response, error) {
	defer closeBody(r)
	if by, ok := deadlineOf(r.Context()); ok && Passed(by) {
		t.put(c)
		return nil, &Unsent{errTooLate}
	}
	before, age, reused := c.raw.written, c.idleFor(), !c.idleSince.IsZero()
	resp, err := c.exchange(r)
	switch {
	case reused && err == nil:
		t.limit.survived()
	case reused && c.gotNothing() && !errors.Is(err, os.ErrDeadlineExceeded):
		// The request has met the close of an idle connection. After a deadline nobody knows: the server may just be slow.
		t.limit.died(age)
	}
	switch {
	case err == nil:
	case c.raw.written == before:
		err = &Unsent{err}
	case isLastingAlert(err): // a server of TLS 1.3 refuses the client only now
		err = &reasoned{ErrTLS, err}
	}
	if err != nil {
		_ = c.raw.abort()
		return nil, err
	}
	if promise := keepAlive(resp.Header); promise > 0 {
		c.keepAlive = promise
	}
	resp.Body = &body{ReadCloser: resp.Body, transport: t, conn: c, last: resp.Close || resp.StatusCode < 200}
	return resp, nil
}

func closeBody(r *http.Request) {
	if r.Body != nil {
		_ = r.Body.Close()
	}
}

// Lease returns a lease for a request to a URL. A write is a request with a deadline to send.
func (t *Transport) Lease(u *url.URL, write bool) *Lease {
	return &Lease{transport: t, url: u, write: write}
}

// CloseIdleConnections closes the connections that no request is using.
func (t *Transport) CloseIdleConnections() {
	for c := t.pool.pop(); c != nil; c = t.pool.pop() {
		_ = c.Close()
	}
}

// has reports whether take would return a connection, if the server has not closed it.
func (t *Transport) has(write bool) bool { return t.pool.hasYounger(t.limit.of(write)) }

// usable reports whether a connection that a request has already is still good for it.
func (t *Transport) usable(c *conn, write bool) bool {
	return !c.expired(t.limit.of(write)) && c.usable()
}

// take returns the youngest idle connection that is good for a request, or nil. It closes those that are good for none.
func (t *Transport) take(u *url.URL, write bool) *conn {
	for c := t.pool.pop(); c != nil; c = t.pool.pop() {
		switch {
		case !c.isTo(u), c.expired(anyIdleLimit), c.SetDeadline(time.Time{}) != nil:
		case !c.usable():
			t.limit.died(c.idleFor())
		case c.expired(t.limit.of(write)):
			// It is too old for this write, and all others are older. But it is alive, so the server allows this age, and a read
			// can use it.
			t.limit.survived()
			t.put(c)
			return nil
		default:
			return c
		}
		_ = c.Close()
	}
	return nil
}

// keep puts a connection whose request is done into the pool.
func (t *Transport) keep(c *conn) {
	c.idleSince = time.Now()
	t.put(c)
}

// put puts a connection into the pool, unless there are more connections than the system allows.
func (t *Transport) put(c *conn) {
	if t.capacity.exceeded() {
		_ = c.Close()
		return
	}
	t.pool.put(c, t.Idle)
	t.capacity.notify()
}

// dial makes a connection to the host of a URL. If the system allows no more connections, it waits for one that another
// request is done with.
func (t *Transport) dial(ctx context.Context, timeout time.Duration, u *url.URL, write bool) (*conn, error) {
	ctx, cancel := context.WithTimeout(ctx, min(timeout, connectTimeout))
	defer cancel()
	var refused error
	for {
		if t.capacity.acquire() {
			c, err := t.open(ctx, u)
			if err == nil {
				return c, nil
			}
			t.capacity.release()
			if refused = err; !isExhausted(err) || !t.capacity.lower() {
				return nil, err
			}
		}
		// Ask for the notice first: a connection that is freed after the look at the pool still wakes this request.
		freed := t.capacity.freed()
		if c := t.take(u, write); c != nil {
			return c, nil
		}
		if c := t.pool.pop(); c != nil { // too old for this request, and it takes the place of a new one
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
	proxy, err := t.proxy(u)
	if err != nil {
		return nil, err
	}
	host := address(u)
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
		return nil, viaProxy(err)
	case err != nil:
		return nil, err
	}
	raw := &countingConn{Conn: tcp}
	var over net.Conn = raw
	if proxy != nil {
		over, err = tunnel(ctx, over, proxy, host, t.TLS)
	}
	if err == nil && u.Scheme == "https" {
		over, err = handshake(ctx, over, u.Hostname(), t.TLS)
	}
	if err != nil {
		_ = tcp.Close()
		return nil, err
	}
	raw.capacity = &t.capacity
	return newConn(over, raw, u.Scheme, u.Host), nil
}

// proxy returns the proxy for requests to a URL, or nil. Its errors do not repeat the setting, which may hold a password.
func (t *Transport) proxy(u *url.URL) (*url.URL, error) {
	choose := t.Proxy
	if choose == nil {
		choose = http.ProxyFromEnvironment
	}
	proxy, err := choose(&http.Request{Method: http.MethodPost, URL: u})
	switch {
	case err != nil:
		return nil, &reasoned{ErrProxy, message.New("the proxy setting in the environment is not a URL")}
	case proxy != nil && ports[proxy.Scheme] == "":
		return nil, &reasoned{ErrProxy, message.Errorf("the proxy setting in the environment names a %s proxy: only http, https and socks5 proxies can be used", proxy.Scheme)}
	}
	return proxy, nil
}

// handshake puts TLS on a connection to a server. A nil config is the default of [Transport.TLS].
func handshake(ctx context.Context, over net.Conn, server string, config *tls.Config) (net.Conn, error) {
	if config == nil {
		config = &tls.Config{MinVersion: tls.VersionTLS12}
	} else {
		config = config.Clone()
	}
	config.ServerName = server
	config.NextProtos = []string{"http/1.1"}
	secured := tls.Client(over, config)
	err := secured.HandshakeContext(ctx)
	if isMismatch(err) {
		err = &reasoned{ErrTLS, err}
	}
	return secured, err
}

// Route is how a host is reached.
type Route struct {
	// Proxy is the host and port of the proxy that is in use; empty for none.
	Proxy string
	// Address is the address and port that the connection is to: of the proxy, if there is one.
	Address string
	// Certificate is the server's; nil without TLS.
	Certificate *x509.Certificate
	// Version is that of TLS; 0 without it.
	Version uint16
}

// Reach connects to the host of a URL as a request would, and sends nothing. With an error, the route has what was found
// out before it.
func (t *Transport) Reach(ctx context.Context, u *url.URL) (Route, error) {
	var route Route
	proxy, err := t.proxy(u)
	if err != nil {
		return route, err
	}
	if proxy != nil {
		route.Proxy = proxy.Host
	}
	c, err := t.dial(ctx, connectTimeout, u, false)
	if err != nil {
		if refused := new(tls.CertificateVerificationError); errors.As(err, &refused) && len(refused.UnverifiedCertificates) > 0 {
			route.Certificate = refused.UnverifiedCertificates[0]
		}
		return route, err
	}
	defer c.Close()
	route.Address = c.raw.RemoteAddr().String()
	if secured, ok := c.Conn.(*tls.Conn); ok {
		state := secured.ConnectionState()
		route.Certificate, route.Version = state.PeerCertificates[0], state.Version
	}
	return route, nil
}
