package importer

import (
	"sync"
	"time"

	"etelecom-import/importer/ledger"
)

// ages tells users whom a create has made from those who were on the platform before and have another password now: these
// are older than the call. This machine's wall clock has no say in that. A new user's created_at lies between the sending
// of the call and its answer; how far the tenant's clock is ahead of the run's follows from that, and is the same for all.
type ages struct {
	mu    sync.Mutex
	begun time.Time       // of the run, by this process's clock
	ahead time.Duration   // the tenant's clock is ahead of the run's by this at least, if any user so far is new
	known bool            // ahead is
	young []aged          // users who were not older than anything when they were judged; only while no Date tells the time
	late  []*ledger.Entry // of them, those who are older than what came after
}

type aged struct {
	entry *ledger.Entry
	most  time.Duration // the tenant's clock is ahead by this at most, if the user is new
}

func newAges() *ages { return &ages{begun: time.Now()} }

// add takes in a create that was sent at a moment of this process's clock and has just been answered with a user, and reports
// whether the user is older than the call. server is the least that the server's clock can have shown when it was sent, by
// its Dates; zero if there was none. Without one it can turn out later: see late.
func (a *ages) add(e *ledger.Entry, sent, created, server time.Time) (older bool) {
	if created.IsZero() {
		return false
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	run := func(t time.Time) time.Time { return a.begun.Add(t.Sub(a.begun)) } // the wall clock may have been set since
	least, most := created.Sub(run(time.Now())), created.Sub(run(sent))
	older = !server.IsZero() && created.Before(server.Add(-clockSlack)) || a.known && most < a.ahead-clockSlack
	if !older && server.IsZero() {
		a.young = append(a.young, aged{e, most})
	}
	fromAhead := !server.IsZero() && least > server.Sub(run(sent))+clockSlack // from when the tenant's clock was ahead of today's
	if a.known && least <= a.ahead || fromAhead {
		return older
	}
	a.ahead, a.known = least, true
	still := a.young[:0]
	for _, y := range a.young {
		if y.most < a.ahead-clockSlack {
			a.late = append(a.late, y.entry)
		} else {
			still = append(still, y)
		}
	}
	a.young = still
	return older
}

// takeLate returns the entries that have turned out to be of older users since it was last called.
func (a *ages) takeLate() []*ledger.Entry {
	a.mu.Lock()
	defer a.mu.Unlock()
	late := a.late
	a.late = nil
	return late
}
