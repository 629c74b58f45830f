package apiclient

import (
	"net/http"
	"testing"
	"testing/synctest"
	"time"
)

func TestServerTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		date := time.Date(2030, 1, 2, 3, 4, 5, 0, time.UTC)
		answer := say(200, `{}`, "Date: "+date.Format(http.TimeFormat))
		w := &wire{latency: 3 * time.Second, answer: func(*http.Request, string) *http.Response { return answer }}
		c := newTestClient(t, Config{Transport: w})
		if a, b := c.ServerTime(); !a.Equal(time.Now()) || !b.Equal(a) {
			t.Errorf("before the first answer: %v, %v", a, b)
		}
		if _, err := c.CurrentAccount(t.Context()); err != nil {
			t.Fatal(err)
		}
		time.Sleep(10 * time.Second)
		if a, b := c.ServerTime(); !a.Equal(date.Add(10*time.Second)) || !b.Equal(date.Add(14*time.Second)) {
			t.Errorf("10 s after an answer that took 3 s: %v, %v", a, b)
		}
		// A page of a proxy says nothing about the API's clock.
		answer = say(404, `<html>`, "Date: "+date.Add(time.Hour).Format(http.TimeFormat))
		_, _ = c.CurrentAccount(t.Context())
		if _, b := c.ServerTime(); b.After(date.Add(time.Minute)) {
			t.Errorf("a proxy's clock is taken: %v", b)
		}
	})
}

// If several servers answer, one clock may be wrong. The bounds include all of them from then on.
func TestServerTimeOfSeveralClocks(t *testing.T) {
	for _, wrong := range []time.Duration{10 * time.Minute, -10 * time.Minute} {
		synctest.Test(t, func(t *testing.T) {
			skew := time.Duration(0)
			w := &wire{answer: func(*http.Request, string) *http.Response {
				return say(200, `{}`, "Date: "+time.Now().Add(skew).UTC().Format(http.TimeFormat))
			}}
			c := newTestClient(t, Config{Transport: w})
			for _, skew = range []time.Duration{0, wrong, 0, wrong} {
				if _, err := c.CurrentAccount(t.Context()); err != nil {
					t.Fatal(err)
				}
				time.Sleep(10 * time.Second)
				if a, b := c.ServerTime(); a.After(time.Now()) || b.Before(time.Now()) {
					t.Errorf("with a clock off by %v it is %v, taken for %v to %v", wrong, time.Now(), a, b)
				}
			}
			if a, b := c.ServerTime(); a.After(time.Now().Add(wrong)) || b.Before(time.Now().Add(wrong)) {
				t.Errorf("the clock off by %v is forgotten: %v to %v", wrong, a, b)
			}
		})
	}
}
