package transport

import (
	"context"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"etelecom-import/apiclient/fakenet"
)

// caller makes calls over a transport as the client does: it gets the connection ready first, and a write has a deadline.
type caller struct {
	*Transport
	base    string        // without a path
	timeout time.Duration // 0: 30 s
}

// write sends a request that cannot be repeated, and returns the body of its answer.
func (c caller) write(t testing.TB) (string, error) {
	t.Helper()
	return c.call(WithDeadlineToSend(context.Background(), time.Now().Add(5*time.Second)), t, true)
}

// read sends a request that can be.
func (c caller) read(t testing.TB) (string, error) {
	t.Helper()
	return c.call(context.Background(), t, false)
}

func (c caller) call(ctx context.Context, t testing.TB, write bool) (string, error) {
	t.Helper()
	if c.timeout == 0 {
		c.timeout = 30 * time.Second
	}
	r := post(ctx, t, c.base)
	lease := c.Lease(r.URL, write)
	for ok := false; !ok; ok = lease.Ready() {
		if err := lease.Prepare(ctx, c.timeout); err != nil {
			return "", err
		}
	}
	ctx, cancel := context.WithTimeout(ctx, c.timeout)
	defer cancel()
	return read(lease.RoundTrip(r.WithContext(ctx)))
}

// post returns a request that no transport can send again by itself.
func post(ctx context.Context, t testing.TB, base string) *http.Request {
	t.Helper()
	const body = `{"full_name":"Lê Thị Bưởi","password":"p@ss","phone":"0901234567"}`
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, base+"/v1/partner.Shop/CreateAccountUser", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.GetBody = nil
	return r
}

// read returns the body of an answer.
func read(resp *http.Response, err error) (string, error) {
	if err != nil {
		return "", err
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	return string(b), err
}

// via returns the setting of a transport for a proxy.
func via(t testing.TB, proxy string) func(*http.Request) (*url.URL, error) {
	t.Helper()
	u, err := url.Parse(proxy)
	if err != nil {
		t.Fatal(err)
	}
	return http.ProxyURL(u)
}

// secure starts a server with TLS, and returns a transport that trusts it.
func secure(t *testing.T, h http.Handler) (*httptest.Server, *Transport) {
	s := httptest.NewUnstartedServer(h)
	s.Config.ErrorLog = log.New(io.Discard, "", 0)
	s.StartTLS()
	t.Cleanup(s.Close)
	return s, &Transport{Idle: 1, TLS: s.Client().Transport.(*http.Transport).TLSClientConfig}
}

// far starts a server behind a delay each way, in fake time, and returns a caller of it. The server counts its connections.
func far(t *testing.T, delay time.Duration, s *http.Server) (caller, *atomic.Int64) {
	network := fakenet.New(delay)
	opened := new(atomic.Int64)
	s.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			opened.Add(1)
		}
	}
	s.ErrorLog = log.New(io.Discard, "", 0)
	go func() { _ = s.Serve(network) }()
	transport := &Transport{Idle: 8, Dial: network.Dial}
	t.Cleanup(func() {
		transport.CloseIdleConnections()
		s.Close()
	})
	return caller{Transport: transport, base: "http://127.0.0.1:1"}, opened
}
