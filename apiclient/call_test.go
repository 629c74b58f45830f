package apiclient

import (
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"etelecom-import/apiclient/secret"
)

const (
	testPassword = `p"ss<&>wörd 1`
	created      = `{"id":"1301234567890123457","phone":"+84901234567","created_at":"2026-01-02T03:04:05Z"}`
)

var person = NewUser{"Lê Thị Bưởi", "0901234567", secret.New(testPassword)}

// socket starts a server of raw TCP on loopback, and returns its base URL.
func socket(t *testing.T, serve func(net.Conn)) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer conn.Close()
				serve(conn)
			}()
		}
	}()
	return "http://" + l.Addr().String() + "/v1/partner"
}

// request reads one request whole, and returns its body.
func request(conn net.Conn) string {
	b := make([]byte, 64<<10)
	n := 0
	for {
		m, err := conn.Read(b[n:])
		n += m
		head, body, ok := strings.Cut(string(b[:n]), "\r\n\r\n")
		if ok && strings.HasSuffix(body, "}") {
			return body
		}
		if err != nil {
			return head
		}
	}
}

func respond(conn net.Conn, text string) { _, _ = io.WriteString(conn, text) }

func reset(conn net.Conn) { _ = conn.(*net.TCPConn).SetLinger(0) }

func create1(t *testing.T, c *Client) (u User, intents int, err error) {
	t.Helper()
	u, err = c.CreateAccountUser(t.Context(), person, func() error { intents++; return nil })
	return u, intents, err
}

// want checks an error's class, and that it shows no secret.
func want(t *testing.T, err error, outcome Outcome, unavailable, refused, page bool) *Error {
	t.Helper()
	var e *Error
	if !errors.As(err, &e) {
		t.Fatalf("error %v is no *Error", err)
	}
	if e.Outcome != outcome || e.Unavailable() != unavailable || e.Refused() != refused || e.WebPage() != page {
		t.Errorf("%v: outcome %v, unavailable %v, refused %v, page %v; want %v %v %v %v",
			e, e.Outcome, e.Unavailable(), e.Refused(), e.WebPage(), outcome, unavailable, refused, page)
	}
	for _, s := range []string{testKey, testPassword, `p\"ss`} {
		if strings.Contains(e.Error()+e.Msg+e.Code, s) {
			t.Errorf("a secret in %q", e.Error())
		}
	}
	return e
}

// A write whose answer is lost is sent once, whatever happened to it.
func TestWriteGoesOutOnce(t *testing.T) {
	head := "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
	for name, c := range map[string]struct {
		serve func(conn net.Conn)
		page  bool // else the network is to blame, or the answer
		down  bool
	}{
		"closed":              {func(net.Conn) {}, false, true},
		"reset":               {reset, false, true},
		"slow":                {func(net.Conn) { time.Sleep(1200 * time.Millisecond) }, false, true},
		"garbage":             {func(c net.Conn) { respond(c, "SSH-2.0 "+testPassword+"\r\n\r\n") }, false, true},
		"half a head":         {func(c net.Conn) { respond(c, head) }, false, true},
		"half, with length":   {func(c net.Conn) { respond(c, head+"Content-Length: 90\r\n\r\n{\"id\":\"13") }, false, true},
		"half, chunked":       {func(c net.Conn) { respond(c, head+"Transfer-Encoding: chunked\r\n\r\n9\r\n{\"id\":\"13\r\n") }, false, true},
		"half, until close":   {func(c net.Conn) { respond(c, head+"\r\n{\"id\":\"13") }, false, false},
		"two values":          {func(c net.Conn) { respond(c, head+"\r\n"+created+created) }, false, false},
		"500":                 {func(c net.Conn) { respond(c, "HTTP/1.1 500 X\r\nContent-Length: 0\r\n\r\n") }, false, true},
		"502 page":            {func(c net.Conn) { respond(c, "HTTP/1.1 502 X\r\n\r\n<html>") }, false, true},
		"page":                {func(c net.Conn) { respond(c, "HTTP/1.1 200 OK\r\n\r\n<html>"+testPassword) }, true, false},
		"too large":           {func(c net.Conn) { respond(c, head+"\r\n"+strings.Repeat(" ", maxBody+9)+created) }, false, false},
		"gzip, not asked for": {func(c net.Conn) { respond(c, head+"Content-Encoding: gzip\r\n\r\n\x1f\x8b\x08") }, false, false},
		"drip": {func(c net.Conn) {
			respond(c, head+"\r\n")
			for range 120 {
				respond(c, " ")
				time.Sleep(10 * time.Millisecond)
			}
		}, false, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var requests atomic.Int64
			url := socket(t, func(conn net.Conn) {
				if strings.HasPrefix(request(conn), "{") {
					requests.Add(1)
				}
				c.serve(conn)
			})
			_, intents, err := create1(t, newTestClient(t, Config{BaseURL: url, Timeout: time.Second}))
			want(t, err, Unknown, c.down, false, c.page)
			if intents != 1 || requests.Load() != 1 {
				t.Errorf("%d intents, %d requests", intents, requests.Load())
			}
		})
	}
}

// The server closes each connection after one answer, and does not say so: a write never goes out twice for that.
func TestWriteOnADeadConnection(t *testing.T) {
	var requests atomic.Int64
	url := socket(t, func(conn net.Conn) {
		request(conn)
		requests.Add(1)
		respond(conn, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 87\r\n\r\n"+created)
	})
	c := newTestClient(t, Config{BaseURL: url})
	for range 20 {
		if _, _, err := create1(t, c); err != nil { // the close was not seen in time
			want(t, err, Unknown, true, false, false)
		}
	}
	if requests.Load() > 20 {
		t.Errorf("%d requests", requests.Load())
	}
}

func TestNoConnection(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l.Close()
	c := newTestClient(t, Config{BaseURL: "http://" + l.Addr().String() + "/v1/partner"})
	_, intents, err := create1(t, c)
	e := want(t, err, NotApplied, true, false, false)
	if n := c.Stats().Requests; intents != 0 || n != maxUnsent || !errors.Is(e, syscall.ECONNREFUSED) { // without a connection there is nothing to announce
		t.Errorf("%d intents, %v", intents, e)
	}
}

func TestCertificate(t *testing.T) {
	s := httptest.NewUnstartedServer(http.NotFoundHandler())
	s.Config.ErrorLog = log.New(io.Discard, "", 0)
	s.StartTLS()
	defer s.Close()
	_, intents, err := create1(t, newTestClient(t, Config{BaseURL: s.URL + "/v1/partner"}))
	if e := want(t, err, NotApplied, false, true, false); !errors.Is(e, ErrCertificate) || intents != 0 {
		t.Errorf("%v after %d intents", e, intents)
	}
	plain := httptest.NewServer(http.NotFoundHandler())
	defer plain.Close()
	_, intents, err = create1(t, newTestClient(t, Config{BaseURL: strings.Replace(plain.URL, "http:", "https:", 1) + "/v1/partner"}))
	if e := want(t, err, NotApplied, false, true, false); !errors.Is(e, ErrAddress) || intents != 0 {
		t.Errorf("%v after %d intents", e, intents)
	}
}

// Redirects would deliver the password elsewhere.
func TestRedirectIsNotFollowed(t *testing.T) {
	for _, status := range []int{301, 302, 303, 307, 308} {
		var elsewhere atomic.Int64
		other := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { elsewhere.Add(1) }))
		defer other.Close()
		s := httptest.NewServer(http.RedirectHandler(other.URL+"/?key="+testKey, status))
		defer s.Close()
		c := newTestClient(t, Config{BaseURL: s.URL + "/v1/partner"})
		_, intents, err := create1(t, c)
		if e := want(t, err, Unknown, false, true, false); !errors.Is(e, ErrAddress) || intents != 1 || elsewhere.Load() != 0 {
			t.Errorf("%d: %v after %d intents, %d elsewhere", status, e, intents, elsewhere.Load())
		}
		if _, err := c.CurrentAccount(t.Context()); !errors.Is(err, ErrAddress) {
			t.Errorf("%d: a read: %v", status, err)
		}
	}
}

// Where a redirect points to is told, also where the server leaves out what is its own.
func TestRedirectIsTold(t *testing.T) {
	for location, told := range map[string]string{
		"https://other.test/x": "it redirects to https://other.test", "//other.test/x": "it redirects to http://other.test",
		"/login": "it redirects to another path of the same server", "login": "it redirects to another path of the same server", "": "",
	} {
		w := &wire{answer: func(*http.Request, string) *http.Response { return say(302, "", "Location: "+location) }}
		_, err := newTestClient(t, Config{Transport: w}).CurrentShop(t.Context())
		if !errors.Is(err, ErrAddress) || strings.Contains(err.Error(), "it redirects") != (told != "") || !strings.Contains(err.Error(), told) {
			t.Errorf("%q: %v", location, err)
		}
	}
}

// An intent that took longer than one lasts is taken anew before anything is sent.
func TestSlowIntentIsTakenAnew(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &wire{answer: func(*http.Request, string) *http.Response { return say(200, created) }}
		c := newTestClient(t, Config{Transport: w})
		var last time.Time
		slow := []time.Duration{10 * time.Minute, 2 * IntentTTL, IntentTTL / 2}
		intents := 0
		_, err := c.CreateAccountUser(t.Context(), person, func() error {
			last = time.Now()
			time.Sleep(slow[intents])
			intents++
			return nil
		})
		if err != nil || intents != len(slow) || len(w.arrivals) != 1 {
			t.Fatalf("%v after %d intents, %d requests", err, intents, len(w.arrivals))
		}
		if age := w.arrivals[0].Sub(last); age > IntentTTL {
			t.Errorf("sent with an intent of %v", age)
		}
	})
}
