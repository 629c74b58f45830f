package pacer

import (
	"sync/atomic"
	"time"
)

// minSpan is the least time over which a rate is measured: a burst of some milliseconds tells nothing about a second.
const minSpan = 250 * time.Millisecond

// meter measures how many requests per second were answered in the last one to two seconds, without pauses. The zero value is
// ready. Counting takes no lock.
type meter struct {
	n    atomic.Int64
	span atomic.Pointer[span]
}

// span is the start of the current second and of the one before, with the count at each.
type span struct {
	before, start   time.Time
	beforeN, startN int64
}

// count counts one answer.
func (m *meter) count(now time.Time) {
	n := m.n.Add(1)
	s := m.span.Load()
	if s == nil {
		m.span.CompareAndSwap(nil, &span{now, now, n, n})
	} else if now.Sub(s.start) >= time.Second {
		m.span.CompareAndSwap(s, &span{s.start, now, s.startN, n})
	}
}

// rate returns the answers per second. In the first quarter of a second it is too low rather than too high.
func (m *meter) rate(now time.Time) float64 {
	s := m.span.Load()
	if s == nil {
		return 0
	}
	return float64(m.n.Load()-s.beforeN) / max(now.Sub(s.before), minSpan).Seconds()
}

// idle takes in that nothing is sent for d from now on.
func (m *meter) idle(d time.Duration) {
	for s := m.span.Load(); s != nil; s = m.span.Load() {
		if m.span.CompareAndSwap(s, &span{s.before.Add(d), s.start.Add(d), s.beforeN, s.startN}) {
			return
		}
	}
}
