package apiclient

import (
	"net/http"
	"sync"
	"time"
)

// clock knows the server's time from the Dates of its answers. One of them may be wrong, where several servers answer: of
// what all of them allow, the earliest and the latest hold.
type clock struct {
	mu   sync.Mutex
	last reading // the zero value: there was no Date yet
}

// reading is what is known with one answer: the server's clock showed least or more when the answer was received, and
// most or less when its request was sent.
type reading struct {
	text           string    // of the Date, which is the same for a second
	date           time.Time // what it says
	sent, received time.Time
	least, most    time.Time
}

func (c *clock) observe(h http.Header, sent, received time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	r, last := reading{text: h.Get("Date"), sent: sent, received: received}, c.last
	if last.text != "" && last.text == r.text {
		r.date = last.date
	} else if date, err := http.ParseTime(r.text); err == nil {
		r.date = date
	} else {
		return
	}
	r.least, r.most = r.date, r.date.Add(time.Second)
	if last.text != "" {
		r.least = earlier(r.least, last.least.Add(received.Sub(last.received)))
		r.most = later(r.most, last.most.Add(sent.Sub(last.sent)))
	}
	c.last = r
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// ServerTime returns bounds of the server's clock now: what the Dates of its answers allow, with the second that a Date
// does not show and the time that its request was under way, plus the time since. Before the first answer both are the
// local clock's.
func (c *Client) ServerTime() (earliest, latest time.Time) {
	c.clock.mu.Lock()
	r := c.clock.last
	c.clock.mu.Unlock()
	now := time.Now()
	if r.text == "" {
		return now, now
	}
	least, _ := elapsed(r.received, now)
	_, most := elapsed(r.sent, now)
	return r.least.Add(least), r.most.Add(most)
}

// elapsed returns the time from then to now, by the monotonic clock, which stands while the machine sleeps, and by
// the wall clock, which can be set, whichever is more.
func elapsed(then, now time.Time) (monotonic, most time.Duration) {
	monotonic = now.Sub(then)
	return monotonic, max(monotonic, now.Round(0).Sub(then.Round(0)))
}

// Skew returns how far the server's clock is ahead of this machine's, to about a second; known is false before the first
// answer with a Date.
func (c *Client) Skew() (ahead time.Duration, known bool) {
	c.clock.mu.Lock()
	r := c.clock.last
	c.clock.mu.Unlock()
	if r.text == "" {
		return 0, false
	}
	return r.date.Sub(r.received).Truncate(time.Second), true
}
