package apiclient

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"etelecom-import/apiclient/wiretest"
)

// A write whose answer is lost is sent once, however it was lost.
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
		"garbage":             {func(c net.Conn) { wiretest.Write(c, "SSH-2.0 "+testPassword+"\r\n\r\n") }, false, true},
		"half a head":         {func(c net.Conn) { wiretest.Write(c, head) }, false, true},
		"half, with length":   {func(c net.Conn) { wiretest.Write(c, head+"Content-Length: 90\r\n\r\n{\"id\":\"13") }, false, true},
		"half, chunked":       {func(c net.Conn) { wiretest.Write(c, head+"Transfer-Encoding: chunked\r\n\r\n9\r\n{\"id\":\"13\r\n") }, false, true},
		"half, until close":   {func(c net.Conn) { wiretest.Write(c, head+"\r\n{\"id\":\"13") }, false, false},
		"two values":          {func(c net.Conn) { wiretest.Write(c, head+"\r\n"+wiretest.Created+wiretest.Created) }, false, false},
		"500":                 {func(c net.Conn) { wiretest.Write(c, "HTTP/1.1 500 X\r\nContent-Length: 0\r\n\r\n") }, false, true},
		"502 page":            {func(c net.Conn) { wiretest.Write(c, "HTTP/1.1 502 X\r\n\r\n<html>") }, false, true},
		"page":                {func(c net.Conn) { wiretest.Write(c, "HTTP/1.1 200 OK\r\n\r\n<html>"+testPassword) }, true, false},
		"too large":           {func(c net.Conn) { wiretest.Write(c, head+"\r\n"+strings.Repeat(" ", maxBody+9)+wiretest.Created) }, false, false},
		"gzip, not asked for": {func(c net.Conn) { wiretest.Write(c, head+"Content-Encoding: gzip\r\n\r\n\x1f\x8b\x08") }, false, false},
		"drip": {func(c net.Conn) {
			wiretest.Write(c, head+"\r\n")
			for range 120 {
				wiretest.Write(c, " ")
				time.Sleep(10 * time.Millisecond)
			}
		}, false, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var requests atomic.Int64
			url := wiretest.Start(t, func(conn net.Conn) {
				if strings.HasPrefix(wiretest.Read(conn), "{") {
					requests.Add(1)
				}
				c.serve(conn)
			})
			_, intents, err := create1(t, newTestClient(t, Config{BaseURL: url + "/v1/partner", Timeout: time.Second}))
			want(t, err, Unknown, c.down, false, c.page)
			if intents != 1 || requests.Load() != 1 {
				t.Errorf("%d intents, %d requests", intents, requests.Load())
			}
		})
	}
}

// The server closes each connection after one answer and does not announce it. No write is sent twice because of that.
func TestWriteOnADeadConnection(t *testing.T) {
	var requests atomic.Int64
	url := wiretest.Start(t, func(conn net.Conn) {
		wiretest.Read(conn)
		requests.Add(1)
		wiretest.Write(conn, wiretest.Answer)
	})
	c := newTestClient(t, Config{BaseURL: url + "/v1/partner"})
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
	if n := c.Stats().Requests; intents != 0 || n != maxUnsent || !strings.Contains(e.Error(), "refused") { // an intent without a connection would be of no use
		t.Errorf("%d intents, %v", intents, e)
	}
}

// The client does not follow redirects: it would send the password to another server.
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

func TestIntentRefused(t *testing.T) {
	full := errors.New("disk full")
	w := &wire{answer: func(*http.Request, string) *http.Response { return say(200, wiretest.Created) }}
	c := newTestClient(t, Config{Transport: w})
	_, err := c.CreateAccountUser(t.Context(), person, func() error { return full })
	if e := want(t, err, NotApplied, false, false, false); !errors.Is(e, full) || len(w.arrivals) != 0 {
		t.Errorf("%v, %d requests", e, len(w.arrivals))
	}
}

// If an intent takes longer than IntentTTL, the client asks for a new one before it sends anything.
func TestSlowIntentIsTakenAnew(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &wire{answer: func(*http.Request, string) *http.Response { return say(200, wiretest.Created) }}
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

func TestCancelled(t *testing.T) {
	why := errors.New("the operator said so")
	synctest.Test(t, func(t *testing.T) {
		w := &wire{latency: 10 * time.Second, answer: func(*http.Request, string) *http.Response { return say(200, wiretest.Created) }}
		c := newTestClient(t, Config{Rate: 0.1, Transport: w})
		ctx, cancel := context.WithCancelCause(t.Context())
		go func() { time.Sleep(time.Second); cancel(why) }()
		// A request that is under way when ctx ends is finished.
		start := time.Now()
		if u, err := c.CreateAccountUser(ctx, person, func() error { return nil }); err != nil || u.ID == 0 || time.Since(start) != 10*time.Second {
			t.Errorf("in flight: %v, %v after %v", u, err, time.Since(start))
		}
		// Nothing else begins.
		_, err := c.CreateAccountUser(ctx, person, func() error { t.Error("an intent"); return nil })
		if e := want(t, err, NotApplied, false, false, false); !errors.Is(e, context.Canceled) || !errors.Is(e, why) {
			t.Errorf("before: %v", e)
		}
		// Cancelled while it waits for its slot, and while the intent is taken.
		ctx, cancel = context.WithCancelCause(t.Context())
		go func() { time.Sleep(time.Second); cancel(why) }()
		if err := c.AssignUserToExtension(ctx, 1, 2, nil); err != nil {
			want(t, err, Unknown, false, false, false)
		}
		err = c.AssignUserToExtension(ctx, 1, 2, nil)
		if e := want(t, err, NotApplied, false, false, false); !errors.Is(e, why) {
			t.Errorf("waiting: %v", e)
		}
		ctx, cancel = context.WithCancelCause(t.Context())
		before := c.Stats().Requests
		err = c.AssignUserToExtension(ctx, 1, 2, func() error { cancel(why); return nil })
		if e := want(t, err, NotApplied, false, false, false); !errors.Is(e, why) || c.Stats().Requests != before {
			t.Errorf("in the intent: %v", e)
		}
	})
}

// A call that is throttled ten times gives up. Each attempt had an intent of its own.
func TestThrottledForGood(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &wire{answer: func(*http.Request, string) *http.Response { return say(429, "<html>", "Retry-After: 7") }}
		c := newTestClient(t, Config{Transport: w})
		start := time.Now()
		_, intents, err := create1(t, c)
		e := want(t, err, NotApplied, true, false, false)
		if intents != maxThrottled || e.RetryAfter != 7*time.Second || time.Since(start) < 9*7*time.Second {
			t.Errorf("%v: %d intents in %v", e, intents, time.Since(start))
		}
		if s := c.Stats(); s.Requests != maxThrottled || s.Throttled != maxThrottled || !s.PausedUntil.Equal(time.Now().Add(7*time.Second)) {
			t.Errorf("%+v", s)
		}
	})
}

// A read is repeated after any failure that may pass, and after no other.
func TestReadIsRepeated(t *testing.T) {
	for name, bad := range map[string]*http.Response{
		"500": say(500, ""), "half": say(200, `{"extensions":`), "page": say(200, "<html>"), "429": say(429, ""), "error in a 200": say(200, `{"code":"internal","msg":"Lỗi"}`),
	} {
		synctest.Test(t, func(t *testing.T) {
			n := 0
			w := &wire{answer: func(*http.Request, string) *http.Response {
				if n++; n < maxReads {
					return say(bad.StatusCode, bodyOf(bad))
				}
				return say(200, `{"extensions":[{"id":"12"}]}`)
			}}
			got, err := collect(newTestClient(t, Config{Transport: w}).GetExtensions(t.Context()))
			if err != nil || len(got) != 1 || got[0].ID != 12 || n != maxReads {
				t.Errorf("%s: %v, %v after %d", name, got, err, n)
			}
		})
	}
	for name, bad := range map[string]*http.Response{
		"401": say(401, ""), "403": say(403, ""), "404": say(404, ""), "307": say(307, ""),
		"denied": say(403, `{"code":"permission_denied","msg":"Không có quyền"}`), "bad": say(400, `{"code":"invalid_argument","msg":"x"}`),
	} {
		w := &wire{answer: func(*http.Request, string) *http.Response { return say(bad.StatusCode, bodyOf(bad)) }}
		_, err := collect(newTestClient(t, Config{Transport: w}).GetExtensions(t.Context()))
		if want(t, err, NotApplied, false, name != "bad", false); len(w.arrivals) != 1 {
			t.Errorf("%s: asked %d times", name, len(w.arrivals))
		}
	}
}

// A caller who repeats a read soon learns that the API is down.
func TestReadThatIsRepeatedByItsCaller(t *testing.T) {
	for _, with := range []func(context.Context) context.Context{Repeated, Probing} {
		synctest.Test(t, func(t *testing.T) {
			n, began := 0, time.Now()
			w := &wire{answer: func(*http.Request, string) *http.Response { n++; return say(503, "") }}
			_, err := collect(newTestClient(t, Config{Transport: w}).GetExtensions(with(t.Context())))
			if took := time.Since(began); err == nil || n != maxReadsShort || took > 5*time.Second {
				t.Errorf("%v, %d attempts in %v", err, n, took)
			}
		})
	}
}
