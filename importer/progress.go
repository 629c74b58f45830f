package importer

import (
	"sync/atomic"
	"time"
)

// Progress shows how far a run is, for those who watch it. Its zero value is a run that has not begun. It may be read at any
// time, also while the run changes it.
type Progress struct {
	total, done, failed, unknown atomic.Int64
	waiting                      atomic.Pointer[Waiting]

	listing           atomic.Bool // the tenant is being read
	users, extensions atomic.Int64
}

// Waiting is what a run waits for.
type Waiting struct {
	Why   string
	Until time.Time
}

// Standing is a snapshot of a Progress, in rows.
type Standing struct {
	Total, Done, Failed, Unknown int64
	// Listing says that the tenant is being read; Users and Extensions are how many entries were read so far.
	Listing           bool
	Users, Extensions int64
	// Waiting is the zero value while nothing is waited for.
	Waiting Waiting
}

// Standing returns how far the run is now.
func (p *Progress) Standing() Standing {
	s := Standing{Total: p.total.Load(), Done: p.done.Load(), Failed: p.failed.Load(), Unknown: p.unknown.Load()}
	s.Listing, s.Users, s.Extensions = p.listing.Load(), p.users.Load(), p.extensions.Load()
	if w := p.waiting.Load(); w != nil {
		s.Waiting = *w
	}
	return s
}

// Reading says that the tenant is being read, until the returned function is called.
func (p *Progress) Reading() (end func()) {
	p.users.Store(0)
	p.extensions.Store(0)
	p.listing.Store(true)
	return func() { p.listing.Store(false) }
}

// SawUsers says how many users this reading has shown so far.
func (p *Progress) SawUsers(n int) { p.users.Store(int64(n)) }

// SawExtensions says how many extensions this reading has shown so far.
func (p *Progress) SawExtensions(n int) { p.extensions.Store(int64(n)) }

// Wait says what is waited for, and until when; "" for nothing any more.
func (p *Progress) Wait(why string, until time.Time) {
	if why == "" {
		p.waiting.Store(nil)
		return
	}
	p.waiting.Store(&Waiting{why, until})
}

// counter returns the counter of an outcome; nil for notRun.
func (p *Progress) counter(o outcome) *atomic.Int64 {
	switch o {
	case succeeded:
		return &p.done
	case failed, failedAgain:
		return &p.failed
	case unknown:
		return &p.unknown
	}
	return nil
}

func (p *Progress) move(from, to outcome) {
	if c := p.counter(from); c != nil {
		c.Add(-1)
	}
	if c := p.counter(to); c != nil {
		c.Add(1)
	}
}
