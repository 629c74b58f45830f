package apiclient

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log"
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
)

const answered = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 87\r\n\r\n" + created

// secure starts a server with TLS, and returns a transport that trusts it.
func secure(t *testing.T, h http.Handler) (*httptest.Server, *Transport) {
	s := httptest.NewUnstartedServer(h)
	s.Config.ErrorLog = log.New(io.Discard, "", 0)
	s.StartTLS()
	t.Cleanup(s.Close)
	return s, &Transport{Idle: 1, TLS: s.Client().Transport.(*http.Transport).TLSClientConfig}
}

// A connection that comes later than an intent lasts takes no byte of the request.
func TestStaleIntent(t *testing.T) {
	var requests atomic.Int64
	serve := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		requests.Add(1)
		_, _ = io.WriteString(w, created)
	})
	plain := httptest.NewServer(serve)
	defer plain.Close()
	secured, transport := secure(t, serve)
	for base, transport := range map[string]*Transport{plain.URL: {Idle: 1}, secured.URL: transport} {
		requests.Store(0)
		c := newTestClient(t, Config{BaseURL: base + "/v1/partner", Transport: transport})
		stale := func() {
			t.Helper()
			ctx := context.WithValue(t.Context(), intentKey{}, time.Now().Add(-IntentLasts))
			if _, err := transport.RoundTrip(c.request(ctx, &call{op: createAccountUser, body: []byte("{}")})); !unsent(err) || !errors.Is(err, errStale) {
				t.Fatalf("%s: %v", base, err)
			}
		}
		stale() // on a fresh connection
		if _, _, err := create1(t, c); err != nil {
			t.Error(err)
		}
		stale() // on a used one
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

// Nothing was sent if not one byte was written, and only then.
func TestUnsentIsProven(t *testing.T) {
	c := newTestClient(t, Config{})
	for after, want := range map[int]bool{0: true, 1: false, 100: false, 1 << 20: false} {
		transport := &Transport{Idle: 1}
		wire := &countedConn{Conn: &breaking{after: after}}
		transport.keep(newConn(wire, wire, "http", "127.0.0.1:1"))
		_, err := transport.RoundTrip(c.request(t.Context(), &call{op: createAccountUser, body: []byte("{}")}))
		if err == nil || unsent(err) != want {
			t.Errorf("broken after %d bytes: %v, proven unsent %v", after, err, unsent(err))
		}
	}
}

// An idle connection that was closed, or has something to say, is not used: a create over it would be lost, or take
// another's answer for its own.
func TestIdleConnections(t *testing.T) {
	for name, end := range map[string]func(net.Conn){
		"closed": func(net.Conn) {},
		"talks": func(c net.Conn) {
			respond(c, strings.Replace(answered, "1301", "6666", 1))
			_, _ = c.Read(make([]byte, 1))
		},
	} {
		t.Run(name, func(t *testing.T) {
			var connections atomic.Int64
			c := newTestClient(t, Config{BaseURL: socket(t, func(conn net.Conn) {
				connections.Add(1)
				request(conn)
				respond(conn, answered)
				end(conn)
			})})
			for i := range 5 {
				u, intents, err := create1(t, c)
				if err != nil || intents != 1 || u.ID != 1301234567890123457 {
					t.Fatalf("create %d: %v, %v after %d intents", i, u, err, intents)
				}
				for _, idle := range c.transport.(*Transport).idle {
					for idle.alive() {
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

// Session tickets, which servers send after the handshake, are no answer and no end: a connection that waits for its slot
// stays good.
func TestSessionTickets(t *testing.T) {
	api := httptest.NewUnstartedServer(http.HandlerFunc(creating))
	api.TLS = &tls.Config{ClientAuth: tls.RequestClientCert} // else Go's server sends them within the handshake
	api.StartTLS()
	t.Cleanup(api.Close)
	trust := api.Client().Transport.(*http.Transport).TLSClientConfig
	trust.ClientSessionCache = tls.NewLRUClientSessionCache(1) // and none to a client that wants none
	transport := &Transport{Idle: 1, TLS: trust}
	c := newTestClient(t, Config{BaseURL: api.URL + "/v1/partner", Transport: transport})
	made, err := transport.dial(c.request(t.Context(), &call{op: getAccountUsers}), true)
	if err != nil {
		t.Fatal(err)
	}
	for made.untouched() {
		runtime.Gosched()
	}
	if !made.alive() || !made.untouched() {
		t.Fatal("a ticket ends a connection")
	}
	transport.put(made)
	for range 3 {
		if u, intents, err := create1(t, c); err != nil || intents != 1 || u.ID == 0 || transport.lull.limit() != writeIdle {
			t.Errorf("%v, %v after %d intents, %v", u, err, intents, transport.lull.limit())
		}
	}
}

// What TLS has read beyond an answer is nobody's answer, wherever the record ends.
func TestSurplusInsideTLS(t *testing.T) {
	surplus := strings.Replace(answered, "1301", "6666", 1)
	padded := func(size int) string { // an answer that ends where the client's buffer does
		head := "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
		body := size - len(fmt.Sprintf(head, 1000))
		return fmt.Sprintf(head, body) + created + strings.Repeat(" ", body-len(created))
	}
	for name, records := range map[string][]string{
		"in the next record": {answered, surplus},
		"in the same record": {answered + surplus},
		"behind the buffer":  {padded(4096) + surplus},
	} {
		t.Run(name, func(t *testing.T) {
			api, transport := secure(t, nil)
			certificate := api.TLS.Certificates
			var read, connections atomic.Int64
			address := socket(t, func(conn net.Conn) {
				connections.Add(1)
				together := &corked{Conn: conn}
				server := tls.Server(together, &tls.Config{Certificates: certificate, DynamicRecordSizingDisabled: true})
				for request(server) != "" {
					read.Add(1)
					together.cork()
					for _, r := range records {
						respond(server, r)
					}
					together.release()
				}
			})
			transport.TLS = transport.TLS.Clone()
			c := newTestClient(t, Config{BaseURL: strings.Replace(address, "http:", "https:", 1), Transport: transport})
			for i := range int64(4) {
				u, _, err := create1(t, c)
				if err != nil || u.ID != 1301234567890123457 || read.Load() != i+1 {
					t.Fatalf("create %d: %v, %v; the server has read %d", i, u, err, read.Load())
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

// A connection goes on with the next request, also over TLS.
func TestTLSConnectionsAreKept(t *testing.T) {
	var clients sync.Map
	api, transport := secure(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		clients.Store(r.RemoteAddr, true)
		_, _ = io.WriteString(w, created)
	}))
	c := newTestClient(t, Config{BaseURL: api.URL + "/v1/partner", Transport: transport})
	for range 9 {
		if _, _, err := create1(t, c); err != nil {
			t.Fatal(err)
		}
	}
	n := 0
	if clients.Range(func(any, any) bool { n++; return true }); n != 1 {
		t.Errorf("%d connections for one call at a time", n)
	}
}

// A connection goes on with the next request.
func TestConnectionsAreKept(t *testing.T) {
	var connections atomic.Int64
	c := newTestClient(t, Config{Workers: 2, BaseURL: socket(t, func(conn net.Conn) {
		connections.Add(1)
		for request(conn) != "" {
			respond(conn, answered)
		}
	})})
	for range 9 {
		if _, _, err := create1(t, c); err != nil {
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
			wire := &countedConn{Conn: &breaking{}}
			return newConn(wire, wire, "http", "there")
		}
		r := httptest.NewRequest(http.MethodPost, "http://there/", nil)
		first, second, third := idle(), idle(), idle()
		transport.keep(first)
		transport.keep(second)
		transport.keep(third)
		if len(transport.idle) != 2 || transport.idle[0] != second {
			t.Fatalf("%d are kept", len(transport.idle))
		}
		if c, err := transport.conn(r, false); c != third || err != nil {
			t.Errorf("not the one that was used last: %v", err)
		}
		time.Sleep(idleTimeout + time.Second)
		transport.keep(third)
		if len(transport.idle) != 1 || transport.idle[0] != third {
			t.Errorf("%d are kept", len(transport.idle))
		}
		r.URL.Host = "127.0.0.1:1"
		if c, err := transport.conn(r, false); err == nil || c == third || len(transport.idle) != 0 {
			t.Errorf("another host's connection: %v", err)
		}
	})
}

// What comes before the answer is passed over, if it is not too much. What is too much is counted in bytes.
func TestInterimAnswers(t *testing.T) {
	const hint = "HTTP/1.1 103 Early Hints\r\nLink: <a>\r\n\r\n"
	for n, good := range map[int]bool{0: true, 1: true, 5: true, 6: true, 1000: true, maxHeader/len(hint) + 1: false} {
		c := newTestClient(t, Config{BaseURL: socket(t, func(conn net.Conn) {
			request(conn)
			respond(conn, strings.Repeat(hint, n)+answered)
			_, _ = conn.Read(make([]byte, 1))
		})})
		if _, _, err := create1(t, c); good != (err == nil) {
			t.Errorf("%d interim answers: %v", n, err)
		} else if err != nil {
			want(t, err, Unknown, true, false, false)
		}
	}
}

// What ends an answer too early is told as what it is, wherever the answer stood.
func TestWhyAnAnswerEnds(t *testing.T) {
	for _, got := range []string{
		"", "HT", "HTTP/1.1 200 OK\r\nContent-Ty", "HTTP/1.1 200 OK\r\n", "HTTP/1.1 103 X\r\n\r\nHTTP/1.1 20",
		"HTTP/1.1 200 OK\r\nContent-Length: 90\r\n\r\n{\"id", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9",
		"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\n{\"id",
	} {
		for end, why := range map[string]string{"late": "no complete answer within 150ms", "closed": "the connection was closed before the answer was complete"} {
			t.Run(fmt.Sprintf("%s, %q", end, got), func(t *testing.T) {
				t.Parallel()
				c := newTestClient(t, Config{Timeout: 150 * time.Millisecond, BaseURL: socket(t, func(conn net.Conn) {
					request(conn)
					respond(conn, got)
					if end == "late" {
						_, _ = conn.Read(make([]byte, 1))
					}
				})})
				_, _, err := create1(t, c)
				if e := want(t, err, Unknown, true, false, false); !strings.Contains(e.Error(), why) {
					t.Errorf("%v", e)
				}
			})
		}
	}
}

// A connection whose call is over ends as TLS wants it, and the server is told which HTTP is spoken.
func TestTLSManners(t *testing.T) {
	api, transport := secure(t, nil)
	protocols, last := make(chan []string, 1), make(chan int, 1)
	address := socket(t, func(conn net.Conn) {
		wire := &counting{Conn: conn}
		server := tls.Server(wire, &tls.Config{Certificates: api.TLS.Certificates, GetConfigForClient: func(h *tls.ClientHelloInfo) (*tls.Config, error) {
			protocols <- h.SupportedProtos
			return nil, nil
		}})
		request(server)
		respond(server, strings.Replace(answered, "\r\n", "\r\nConnection: close\r\n", 1))
		before := wire.n
		_, _ = server.Read(make([]byte, 1))
		last <- wire.n - before
	})
	c := newTestClient(t, Config{BaseURL: strings.Replace(address, "http:", "https:", 1), Transport: transport})
	if _, _, err := create1(t, c); err != nil {
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

// A create that was not answered in time is over: what the kernel has not delivered yet goes nowhere any more.
func TestUnansweredIsReset(t *testing.T) {
	for name, got := range map[string]string{"no answer": "", "half an answer": "HTTP/1.1 200 OK\r\nContent-Length: 90\r\n\r\n{"} {
		end := make(chan error, 1)
		c := newTestClient(t, Config{Timeout: 100 * time.Millisecond, BaseURL: socket(t, func(conn net.Conn) {
			request(conn)
			respond(conn, got)
			_, err := conn.Read(make([]byte, 1))
			end <- err
		})})
		_, _, err := create1(t, c)
		want(t, err, Unknown, true, false, false)
		if err := <-end; !errors.Is(err, syscall.ECONNRESET) && runtime.GOOS != "windows" {
			t.Errorf("%s: the server sees %v", name, err)
		}
	}
}

// A status that HTTP does not have is no promise, and what looks like an answer in its body is none.
func TestStatusBelow100(t *testing.T) {
	for _, status := range []string{"000", "099"} {
		c := newTestClient(t, Config{BaseURL: socket(t, func(conn net.Conn) {
			request(conn)
			respond(conn, fmt.Sprintf("HTTP/1.1 %s X\r\nContent-Length: %d\r\n\r\n%s", status, len(answered), answered))
		})})
		_, intents, err := create1(t, c)
		var e *Error
		if !errors.As(err, &e) || e.Outcome != Unknown || intents != 1 {
			t.Errorf("%s: %v after %d intents", status, err, intents)
		}
	}
}

// A header without an end fills no memory.
func TestEndlessHeader(t *testing.T) {
	var written atomic.Int64
	c := newTestClient(t, Config{BaseURL: socket(t, func(conn net.Conn) {
		request(conn)
		respond(conn, "HTTP/1.1 200 OK\r\n")
		for {
			n, err := io.WriteString(conn, "X-More: "+strings.Repeat("m", 1000)+"\r\n")
			if written.Add(int64(n)); err != nil {
				return
			}
		}
	})})
	_, intents, err := create1(t, c)
	want(t, err, Unknown, true, false, false)
	if intents != 1 {
		t.Errorf("%d intents", intents)
	}
}
