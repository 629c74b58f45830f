package apiclient

import (
	"net/http"
	"sync/atomic"
	"time"
)

// clock knows the server's time from the Date of its last answer.
type clock struct{ last atomic.Pointer[reading] }

// reading is one answer's Date, and when its request was sent and its answer received.
type reading struct {
	text                 string // of the date, which is the same for a second
	date, sent, received time.Time
}

func (c *clock) observe(h http.Header, sent, received time.Time) {
	r := reading{h.Get("Date"), time.Time{}, sent, received}
	if last := c.last.Load(); last != nil && last.text == r.text {
		r.date = last.date
	} else if date, err := http.ParseTime(r.text); err == nil {
		r.date = date
	} else {
		return
	}
	c.last.Store(&r)
}

// ServerTime returns bounds of the server's clock now: what its last answer's Date allows, with the second that Date
// does not show and the time that request was under way, plus the time since. Before the first answer both are the
// local clock's.
func (c *Client) ServerTime() (earliest, latest time.Time) {
	now := time.Now()
	r := c.clock.last.Load()
	if r == nil {
		return now, now
	}
	least, _ := elapsed(r.received, now)
	_, most := elapsed(r.sent, now)
	return r.date.Add(least), r.date.Add(time.Second + most)
}

// elapsed returns the time from then to now, by the monotonic clock, which stands while the machine sleeps, and by
// the wall clock, which can be set, whichever is more.
func elapsed(then, now time.Time) (monotonic, most time.Duration) {
	monotonic = now.Sub(then)
	return monotonic, max(monotonic, now.Round(0).Sub(then.Round(0)))
}
