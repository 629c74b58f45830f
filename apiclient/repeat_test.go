package apiclient

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func TestCancelled(t *testing.T) {
	why := errors.New("the operator said so")
	synctest.Test(t, func(t *testing.T) {
		w := &wire{latency: 10 * time.Second, answer: func(*http.Request, string) *http.Response { return say(200, created) }}
		c := newTestClient(t, Config{Rate: 0.1, Transport: w})
		ctx, cancel := context.WithCancelCause(t.Context())
		go func() { time.Sleep(time.Second); cancel(why) }()
		// What is under way when ctx ends goes on.
		start := time.Now()
		if u, err := c.CreateAccountUser(ctx, person, func() error { return nil }); err != nil || u.ID == 0 || time.Since(start) != 10*time.Second {
			t.Errorf("in flight: %v, %v after %v", u, err, time.Since(start))
		}
		// What has not begun does not begin.
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

func TestIntentRefused(t *testing.T) {
	full := errors.New("disk full")
	w := &wire{answer: func(*http.Request, string) *http.Response { return say(200, created) }}
	c := newTestClient(t, Config{Transport: w})
	_, err := c.CreateAccountUser(t.Context(), person, func() error { return full })
	if e := want(t, err, NotApplied, false, false, false); !errors.Is(e, full) || len(w.arrivals) != 0 {
		t.Errorf("%v, %d requests", e, len(w.arrivals))
	}
}

// Throttled ten times, a call gives up, with a new intent for each attempt.
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

// Whoever repeats a read is soon told that the API is down.
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

// A read is tried again on all that may pass.
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

func bodyOf(r *http.Response) string {
	b, _ := io.ReadAll(r.Body)
	r.Body = io.NopCloser(strings.NewReader(string(b)))
	return string(b)
}
