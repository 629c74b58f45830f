package pacer

import (
	"sync/atomic"
	"time"
)

const leastSpan = 250 * time.Millisecond

// meter tells how many requests per second were answered of late, pauses left out. Counting takes no lock.
type meter struct {
	n    atomic.Int64
	span atomic.Pointer[span]
}

// span is the start of the second before the current one, and of the current one, with the count at each.
type span struct {
	before, start   time.Time
	beforeN, startN int64
}

func (m *meter) count(now time.Time) {
	n := m.n.Add(1)
	s := m.span.Load()
	if s == nil {
		m.span.CompareAndSwap(nil, &span{now, now, n, n})
	} else if now.Sub(s.start) >= time.Second {
		m.span.CompareAndSwap(s, &span{s.start, now, s.startN, n})
	}
}

// rate returns the requests per second of the last one to two seconds. At the very start it is too low rather than
// too high: a burst of some milliseconds tells nothing about a second.
func (m *meter) rate(now time.Time) float64 {
	s := m.span.Load()
	if s == nil {
		return 0
	}
	return float64(m.n.Load()-s.beforeN) / max(now.Sub(s.before), leastSpan).Seconds()
}

// idle takes in that nothing is sent for d from now on.
func (m *meter) idle(d time.Duration) {
	for s := m.span.Load(); s != nil; s = m.span.Load() {
		if m.span.CompareAndSwap(s, &span{s.before.Add(d), s.start.Add(d), s.beforeN, s.startN}) {
			return
		}
	}
}
