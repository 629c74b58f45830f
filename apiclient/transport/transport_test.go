package transport

import (
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"etelecom-import/apiclient/wiretest"
)

// A request whose deadline to send has passed is not sent.
func TestDeadlineToSend(t *testing.T) {
	var requests atomic.Int64
	serve := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		requests.Add(1)
		_, _ = io.WriteString(w, wiretest.Created)
	})
	plain := httptest.NewServer(serve)
	defer plain.Close()
	secured, transport := secure(t, serve)
	for base, transport := range map[string]*Transport{plain.URL: {Idle: 1}, secured.URL: transport} {
		requests.Store(0)
		c := caller{Transport: transport, base: base}
		late := func() {
			t.Helper()
			ctx := WithDeadlineToSend(t.Context(), time.Now().Add(-1))
			if _, err := transport.RoundTrip(post(ctx, t, base)); !IsUnsent(err) || !errors.Is(err, errTooLate) {
				t.Fatalf("%s: %v", base, err)
			}
			if _, err := c.call(ctx, t, true); !IsUnsent(err) || !errors.Is(err, errTooLate) {
				t.Fatalf("%s, leased: %v", base, err)
			}
		}
		late() // on a fresh connection
		if _, err := c.write(t); err != nil {
			t.Error(err)
		}
		late() // on a used one
		if requests.Load() != 1 {
			t.Errorf("%s: %d requests arrived", base, requests.Load())
		}
		transport.CloseIdleConnections()
	}
}

// breaking is a connection that breaks after so many bytes.
type breaking struct {
	net.Conn
	after int
}

func (b *breaking) Write(p []byte) (int, error) {
	n := min(len(p), b.after)
	b.after -= n
	if n < len(p) {
		return n, errors.New("broken")
	}
	return n, nil
}

func (*breaking) Read([]byte) (int, error)        { return 0, os.ErrDeadlineExceeded }
func (*breaking) SetDeadline(time.Time) error     { return nil }
func (*breaking) SetReadDeadline(time.Time) error { return nil }
func (*breaking) Close() error                    { return nil }

// An error proves that nothing was sent if, and only if, not one byte was written.
func TestUnsentIsProven(t *testing.T) {
	for after, want := range map[int]bool{0: true, 1: false, 100: false, 1 << 20: false} {
		transport := &Transport{Idle: 1}
		raw := &countingConn{Conn: &breaking{after: after}}
		transport.keep(newConn(raw, raw, "http", "127.0.0.1:1"))
		_, err := transport.RoundTrip(post(t.Context(), t, "http://127.0.0.1:1"))
		if err == nil || IsUnsent(err) != want {
			t.Errorf("broken after %d bytes: %v, proven unsent %v", after, err, IsUnsent(err))
		}
	}
}

// No request uses an idle connection that the server has closed, or over which it has sent something. The request would be lost,
// or would get another one's answer.
func TestIdleConnections(t *testing.T) {
	for name, end := range map[string]func(net.Conn){
		"closed": func(net.Conn) {},
		"talks": func(c net.Conn) {
			wiretest.Write(c, strings.Replace(wiretest.Answer, "1301", "6666", 1))
			_, _ = c.Read(make([]byte, 1))
		},
	} {
		t.Run(name, func(t *testing.T) {
			var connections atomic.Int64
			c := caller{Transport: &Transport{Idle: 1}, base: wiretest.Start(t, func(conn net.Conn) {
				connections.Add(1)
				wiretest.Read(conn)
				wiretest.Write(conn, wiretest.Answer)
				end(conn)
			})}
			for i := range 5 {
				if got, err := c.write(t); err != nil || got != wiretest.Created {
					t.Fatalf("create %d: %v, %v", i, got, err)
				}
				for _, idle := range c.pool.idle {
					for idle.usable() {
						runtime.Gosched()
					}
				}
			}
			if connections.Load() != 5 {
				t.Errorf("%d connections", connections.Load())
			}
		})
	}
}

// Servers send session tickets after the handshake. They do not make a connection unusable that waits for its request.
func TestSessionTickets(t *testing.T) {
	api := httptest.NewUnstartedServer(http.HandlerFunc(wiretest.Create))
	api.TLS = &tls.Config{ClientAuth: tls.RequestClientCert} // otherwise Go's server sends them within the handshake
	api.StartTLS()
	t.Cleanup(api.Close)
	trust := api.Client().Transport.(*http.Transport).TLSClientConfig
	trust.ClientSessionCache = tls.NewLRUClientSessionCache(1) // without it, Go's server sends none
	transport := &Transport{Idle: 1, TLS: trust}
	c := caller{Transport: transport, base: api.URL}
	made, err := transport.dial(t.Context(), connectTimeout, post(t.Context(), t, api.URL).URL, true)
	if err != nil {
		t.Fatal(err)
	}
	for made.untouched() {
		runtime.Gosched()
	}
	if !made.usable() || !made.untouched() {
		t.Fatal("a ticket ends a connection")
	}
	transport.put(made)
	for range 3 {
		if got, err := c.write(t); err != nil || got != wiretest.Created || transport.limit.of(true) != writeIdleLimit {
			t.Errorf("%v, %v, %v", got, err, transport.limit.of(true))
		}
	}
}

// What TLS has read behind an answer does not become the answer of the next request, wherever the record ends.
func TestSurplusInsideTLS(t *testing.T) {
	surplus := strings.Replace(wiretest.Answer, "1301", "6666", 1)
	padded := func(size int) string { // an answer that ends where the client's buffer does
		head := "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
		body := size - len(fmt.Sprintf(head, 1000))
		return fmt.Sprintf(head, body) + wiretest.Created + strings.Repeat(" ", body-len(wiretest.Created))
	}
	for name, records := range map[string][]string{
		"in the next record": {wiretest.Answer, surplus},
		"in the same record": {wiretest.Answer + surplus},
		"behind the buffer":  {padded(4096) + surplus},
	} {
		t.Run(name, func(t *testing.T) {
			api, transport := secure(t, nil)
			certificate := api.TLS.Certificates
			var read, connections atomic.Int64
			address := wiretest.Start(t, func(conn net.Conn) {
				connections.Add(1)
				together := &corked{Conn: conn}
				server := tls.Server(together, &tls.Config{Certificates: certificate, DynamicRecordSizingDisabled: true})
				for wiretest.Read(server) != "" {
					read.Add(1)
					together.cork()
					for _, r := range records {
						wiretest.Write(server, r)
					}
					together.release()
				}
			})
			transport.TLS = transport.TLS.Clone()
			c := caller{Transport: transport, base: strings.Replace(address, "http:", "https:", 1)}
			for i := range int64(4) {
				got, err := c.write(t)
				if err != nil || strings.TrimSpace(got) != wiretest.Created || read.Load() != i+1 {
					t.Fatalf("create %d: %v, %v; the server has read %d", i, got, err, read.Load())
				}
			}
			if connections.Load() != 4 {
				t.Errorf("%d connections", connections.Load())
			}
		})
	}
}

// corked is a connection that can hold back what is written, so that it arrives at once.
type corked struct {
	net.Conn
	held []byte
	hold bool
}

func (c *corked) cork() { c.hold = true }

func (c *corked) release() {
	_, _ = c.Conn.Write(c.held)
	c.hold, c.held = false, nil
}

func (c *corked) Write(b []byte) (int, error) {
	if !c.hold {
		return c.Conn.Write(b)
	}
	c.held = append(c.held, b...)
	return len(b), nil
}

// The next request uses the same connection, also over TLS.
func TestTLSConnectionsAreKept(t *testing.T) {
	var clients sync.Map
	api, transport := secure(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		clients.Store(r.RemoteAddr, true)
		_, _ = io.WriteString(w, wiretest.Created)
	}))
	c := caller{Transport: transport, base: api.URL}
	for range 9 {
		if _, err := c.write(t); err != nil {
			t.Fatal(err)
		}
	}
	n := 0
	if clients.Range(func(any, any) bool { n++; return true }); n != 1 {
		t.Errorf("%d connections for one call at a time", n)
	}
}

// The next request uses the same connection.
func TestConnectionsAreKept(t *testing.T) {
	var connections atomic.Int64
	c := caller{Transport: &Transport{Idle: 2}, base: wiretest.Start(t, func(conn net.Conn) {
		connections.Add(1)
		for wiretest.Read(conn) != "" {
			wiretest.Write(conn, wiretest.Answer)
		}
	})}
	for range 9 {
		if _, err := c.write(t); err != nil {
			t.Fatal(err)
		}
	}
	if n := connections.Load(); n != 1 {
		t.Errorf("%d connections for one call at a time", n)
	}
}

func TestIdleConnectionsEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		transport := &Transport{Idle: 2}
		idle := func() *conn {
			raw := &countingConn{Conn: &breaking{}}
			return newConn(raw, raw, "http", "there")
		}
		r := httptest.NewRequest(http.MethodPost, "http://there/", nil)
		first, second, third := idle(), idle(), idle()
		transport.keep(first)
		transport.keep(second)
		transport.keep(third)
		if len(transport.pool.idle) != 2 || transport.pool.idle[0] != second {
			t.Fatalf("%d are kept", len(transport.pool.idle))
		}
		if transport.take(r.URL, false) != third {
			t.Error("not the one that was used last")
		}
		time.Sleep(anyIdleLimit + time.Second)
		transport.keep(third)
		if len(transport.pool.idle) != 1 || transport.pool.idle[0] != third {
			t.Errorf("%d are kept", len(transport.pool.idle))
		}
		r.URL.Host = "127.0.0.1:1"
		if c := transport.take(r.URL, false); c != nil || len(transport.pool.idle) != 0 {
			t.Errorf("another host's connection: %v", c)
		}
	})
}

// Interim answers are skipped. Not their number is limited, but their size together with the header of the answer.
func TestInterimAnswers(t *testing.T) {
	const hint = "HTTP/1.1 103 Early Hints\r\nLink: <a>\r\n\r\n"
	for n, good := range map[int]bool{0: true, 1: true, 5: true, 6: true, 1000: true, maxHeader/len(hint) + 1: false} {
		c := caller{Transport: &Transport{}, base: wiretest.Start(t, func(conn net.Conn) {
			wiretest.Read(conn)
			wiretest.Write(conn, strings.Repeat(hint, n)+wiretest.Answer)
			_, _ = conn.Read(make([]byte, 1))
		})}
		if _, err := c.write(t); good != (err == nil) || IsUnsent(err) {
			t.Errorf("%d interim answers: %v", n, err)
		}
	}
}

// A connection ends with close_notify, and the client offers only HTTP/1.1.
func TestTLSManners(t *testing.T) {
	api, transport := secure(t, nil)
	protocols, last := make(chan []string, 1), make(chan int, 1)
	address := wiretest.Start(t, func(conn net.Conn) {
		wire := &counting{Conn: conn}
		server := tls.Server(wire, &tls.Config{Certificates: api.TLS.Certificates, GetConfigForClient: func(h *tls.ClientHelloInfo) (*tls.Config, error) {
			protocols <- h.SupportedProtos
			return nil, nil
		}})
		wiretest.Read(server)
		wiretest.Write(server, strings.Replace(wiretest.Answer, "\r\n", "\r\nConnection: close\r\n", 1))
		before := wire.n
		_, _ = server.Read(make([]byte, 1))
		last <- wire.n - before
	})
	c := caller{Transport: transport, base: strings.Replace(address, "http:", "https:", 1)}
	if _, err := c.write(t); err != nil {
		t.Fatal(err)
	}
	if got := <-protocols; len(got) != 1 || got[0] != "http/1.1" {
		t.Errorf("offered %q", got)
	}
	if <-last == 0 {
		t.Error("the connection ends without close_notify")
	}
}

// counting is a connection that counts what is read.
type counting struct {
	net.Conn
	n int
}

func (c *counting) Read(b []byte) (int, error) {
	n, err := c.Conn.Read(b)
	c.n += n
	return n, err
}

// When a request was not answered in time, the connection is reset: the kernel sends nothing of it again.
func TestUnansweredIsReset(t *testing.T) {
	for name, got := range map[string]string{"no answer": "", "half an answer": "HTTP/1.1 200 OK\r\nContent-Length: 90\r\n\r\n{"} {
		end := make(chan error, 1)
		c := caller{Transport: &Transport{}, timeout: 100 * time.Millisecond, base: wiretest.Start(t, func(conn net.Conn) {
			wiretest.Read(conn)
			wiretest.Write(conn, got)
			_, err := conn.Read(make([]byte, 1))
			end <- err
		})}
		if _, err := c.write(t); err == nil || IsUnsent(err) {
			t.Errorf("%s: %v", name, err)
		}
		if err := <-end; !errors.Is(err, syscall.ECONNRESET) && runtime.GOOS != "windows" {
			t.Errorf("%s: the server sees %v", name, err)
		}
	}
}

// A header without an end does not fill the memory.
func TestEndlessHeader(t *testing.T) {
	var written atomic.Int64
	c := caller{Transport: &Transport{}, base: wiretest.Start(t, func(conn net.Conn) {
		wiretest.Read(conn)
		wiretest.Write(conn, "HTTP/1.1 200 OK\r\n")
		for {
			n, err := io.WriteString(conn, "X-More: "+strings.Repeat("m", 1000)+"\r\n")
			if written.Add(int64(n)); err != nil {
				return
			}
		}
	})}
	if _, err := c.write(t); !errors.Is(err, ErrHeader) || IsUnsent(err) {
		t.Errorf("%v", err)
	}
}
