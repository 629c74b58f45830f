package apiclient

import (
	"net/http"
	"sync"
	"time"
)

// clock keeps bounds of the server's time, from the Dates of its answers. If several servers answer, their clocks may differ,
// and one may be wrong. So the bounds include each time that any Date seen so far allows. The zero value is ready.
type clock struct {
	mu   sync.Mutex
	last reading // the zero value: there was no Date yet
}

// reading is what is known after an answer: the server's clock showed least or more when the answer was received, and most
// or less when its request was sent.
type reading struct {
	text           string    // of the Date, which is the same for a second
	date           time.Time // what it says
	sent, received time.Time
	least, most    time.Time
}

// observe reads the Date of an answer, if there is one.
func (c *clock) observe(h http.Header, sent, received time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	r, last := reading{text: h.Get("Date"), sent: sent, received: received}, c.last
	if last.text != "" && last.text == r.text {
		r.date = last.date // parsed already
	} else if date, err := http.ParseTime(r.text); err == nil {
		r.date = date
	} else {
		return
	}
	r.least, r.most = r.date, r.date.Add(time.Second) // a Date does not show the fraction of its second
	if last.text != "" {
		r.least = minTime(r.least, last.least.Add(received.Sub(last.received)))
		r.most = maxTime(r.most, last.most.Add(sent.Sub(last.sent)))
	}
	c.last = r
}

// bounds returns the earliest and the latest time that the server's clock may show now. Before the first Date both are now.
func (c *clock) bounds(now time.Time) (earliest, latest time.Time) {
	c.mu.Lock()
	r := c.last
	c.mu.Unlock()
	if r.text == "" {
		return now, now
	}
	least, _ := elapsed(r.received, now)
	_, most := elapsed(r.sent, now)
	return r.least.Add(least), r.most.Add(most)
}

// skew returns how far the server's clock is ahead of this machine's; known is false before the first Date.
func (c *clock) skew() (ahead time.Duration, known bool) {
	c.mu.Lock()
	r := c.last
	c.mu.Unlock()
	if r.text == "" {
		return 0, false
	}
	return r.date.Sub(r.received).Truncate(time.Second), true
}

// elapsed returns the time from then to now by the monotonic clock, which stops while the machine sleeps, and the most by that
// or by the wall clock, which somebody can set.
func elapsed(then, now time.Time) (monotonic, most time.Duration) {
	monotonic = now.Sub(then)
	return monotonic, max(monotonic, now.Round(0).Sub(then.Round(0)))
}

func minTime(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}

func maxTime(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
