package apiclient

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"sync"
	"time"
)

// IntentLasts is how long after its intent was asked for the first byte of a write is sent at the latest. What is not sent
// by then needs a new one.
const IntentLasts = 5 * time.Second

const (
	connectTimeout = 10 * time.Second
	idleTimeout    = 20 * time.Second // below the usual 60-75 s of servers, so that they seldom close under a request
	smallest       = 64               // bytes; no request is shorter, and no alert or key update of TLS is longer
)

var (
	errSealed = errors.New("the connection was given up")
	errStale  = errors.New("the connection came too late")
)

// newTransport returns a transport that speaks HTTP/1.1 alone: over HTTP/2, net/http may send a request again by
// itself.
func newTransport(idle int) *http.Transport {
	var http1 http.Protocols
	http1.SetHTTP1(true)
	dialer := &net.Dialer{Timeout: connectTimeout, KeepAlive: 30 * time.Second}
	return &http.Transport{
		Proxy: proxy,
		DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
			conn, err := dialer.DialContext(ctx, network, address)
			if err != nil {
				return nil, err
			}
			return &countedConn{Conn: conn}, nil
		},
		TLSClientConfig:     &tls.Config{MinVersion: tls.VersionTLS12},
		TLSHandshakeTimeout: connectTimeout,
		Protocols:           &http1,
		DisableCompression:  true,
		MaxIdleConns:        idle,
		MaxIdleConnsPerHost: idle,
		IdleConnTimeout:     idleTimeout,
	}
}

// proxy is the environment's. Its error would repeat the setting, which may hold a password.
func proxy(r *http.Request) (*url.URL, error) {
	u, err := http.ProxyFromEnvironment(r)
	if err != nil {
		return nil, errors.New("the proxy setting in the environment is not a URL")
	}
	return u, nil
}

// countedConn counts what is written, and refuses to write what it should not: the first bytes of a request whose
// intent is too old by now, and everything once it is sealed, so that the count is final.
type countedConn struct {
	net.Conn
	mu      sync.Mutex
	written int64
	refuse  error     // what every Write returns from now on; nil: none
	intent  time.Time // of the request whose first bytes come next; zero: it has none, or they were there
}

// Write counts p before it is written. Small writes are TLS's own, such as the farewell on closing.
func (c *countedConn) Write(p []byte) (int, error) {
	if len(p) >= smallest {
		if err := c.count(len(p)); err != nil {
			return 0, err
		}
	}
	return c.Conn.Write(p)
}

func (c *countedConn) count(n int) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.refuse == nil && !c.intent.IsZero() {
		if _, age := elapsed(c.intent, time.Now()); age > IntentLasts {
			c.refuse = errStale
		}
		c.intent = time.Time{}
	}
	if c.refuse == nil {
		c.written += int64(n)
	}
	return c.refuse
}

// BytesWritten is the number of bytes written, or about to be, without TLS's small records.
func (c *countedConn) BytesWritten() int64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.written
}

// expect says that a request comes next whose intent was taken then; zero: without one.
func (c *countedConn) expect(intent time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.intent = intent
}

// seal ends all writing. After a failure, the request may still be on its way to Write in another goroutine.
func (c *countedConn) seal() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.refuse == nil {
		c.refuse = errSealed
	}
}

// flight watches one attempt, to tell afterwards whether a byte of it may have been sent.
type flight struct {
	intent time.Time                         // when it was taken; zero: there is none
	conn   interface{ BytesWritten() int64 } // nil: none was got, or one that does not count
	before int64                             // its count when it was got
	got    int                               // connections
}

func (f *flight) trace() *httptrace.ClientTrace {
	return &httptrace.ClientTrace{GotConn: func(info httptrace.GotConnInfo) {
		f.got++
		if f.conn = counter(info.Conn); f.conn != nil {
			f.before = f.conn.BytesWritten()
		}
		if c, ok := f.conn.(*countedConn); ok {
			c.expect(f.intent)
		}
	}}
}

// counter finds the counting connection under TLS, and under the TLS of a proxy.
func counter(conn net.Conn) interface{ BytesWritten() int64 } {
	for {
		switch c := conn.(type) {
		case interface{ BytesWritten() int64 }:
			return c
		case interface{ NetConn() net.Conn }:
			conn = c.NetConn()
		default:
			return nil
		}
	}
}

// sent is for a failed attempt: false is proof that no byte of it was sent, or will be.
func (f *flight) sent() bool {
	if f.got == 0 {
		return false
	}
	if f.got > 1 || f.conn == nil {
		return true
	}
	if c, ok := f.conn.(*countedConn); ok {
		c.seal()
	}
	return f.conn.BytesWritten() != f.before
}
