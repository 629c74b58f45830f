package importer

import (
	"sync"
	"time"

	"etelecom-import/importer/ledger"
)

// accountAges tells new users from those who were on the platform before the create, which has replaced their password then. The
// answer to a create has the user's created_at. If that is before the create was sent, the user is older than the call.
//
// created_at is by the tenant's clock, and the sending is by this process's. So the difference of the two clocks must be known:
// ahead. Each answer bounds it. Nobody was created after the answer came, so ahead is at least created_at minus the time of the
// answer. If the user is new, they were created after the sending, so ahead is at most created_at minus the time of the sending.
// The first bound is the better the newer the user is. A user whose second bound is below the first bound of another user cannot be
// new. The wall clock of this machine does not count: somebody can set it.
type accountAges struct {
	mu    sync.Mutex
	begun time.Time       // of the run, by this process's clock
	ahead time.Duration   // the tenant's clock is ahead of the run's by this at least: the highest first bound of all users
	known bool            // there was a user, so ahead is set
	young []aged          // users who seemed new and had no Date to compare with: a later user can show that they are older
	late  []*ledger.Entry // of them, those whom a later user has shown to be older; takeLate returns them
}

// aged is a user who may turn out to be older than the call.
type aged struct {
	entry *ledger.Entry
	most  time.Duration // their second bound: created_at minus the time of the sending
}

func newAccountAges() *accountAges { return &accountAges{begun: time.Now()} }

// add takes in a create that was sent at a moment of this process's clock and has just been answered with a user, and reports
// whether the user is older than the call. server is the least that the server's clock can have shown when it was sent, by
// its Dates; zero if there was none. Without one it can turn out later: see takeLate.
func (a *accountAges) add(e *ledger.Entry, sent, created, server time.Time) (older bool) {
	if created.IsZero() {
		return false
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	// The wall clock may have been set since the run began, so moments are counted from its beginning.
	run := func(t time.Time) time.Time { return a.begun.Add(t.Sub(a.begun)) }
	least, most := created.Sub(run(time.Now())), created.Sub(run(sent))
	beforeCall := !server.IsZero() && created.Before(server.Add(-clockSlack))
	beforeOthers := a.known && most < a.ahead-clockSlack
	older = beforeCall || beforeOthers
	if !older && server.IsZero() {
		a.young = append(a.young, aged{e, most})
	}
	// A user who seems to be from the future was created when the tenant's clock was ahead of today's, and tells nothing.
	fromAhead := !server.IsZero() && least > server.Sub(run(sent))+clockSlack
	if a.known && least <= a.ahead || fromAhead {
		return older
	}
	// This user shows that the clock is further ahead than the others did: some of those are older than they seemed.
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
func (a *accountAges) takeLate() []*ledger.Entry {
	a.mu.Lock()
	defer a.mu.Unlock()
	late := a.late
	a.late = nil
	return late
}
