package plan

import (
	"time"

	"etelecom-import/importer/ledger"
	"etelecom-import/importer/tenant"
)

// settling tells when a create without a usable answer may be sent again: when it can no longer take effect, and a complete
// listing that began later does not show its user.
type settling struct {
	ledger *ledger.Ledger
	tenant *tenant.Snapshot
	settle time.Duration // how long after a create was sent it can still take effect; 0: without end
}

// canEnd reports whether waiting leads anywhere: with no end, or without a listing, only a person can tell what happened.
func (s settling) canEnd() bool { return s.settle > 0 && s.tenant.UsersKnown }

// end returns the moment at which the settle time of an entry ends. If the entry's user exists, every listing that begins then or
// later shows them.
func (s settling) end(e *ledger.Entry) time.Time { return s.ledger.SettlesFrom(e).Add(s.settle) }

// isOver reports whether an open create can no longer take effect. If the listing does not show its user then, the user does
// not exist.
func (s settling) isOver(e *ledger.Entry) bool {
	// rule: settle
	return s.settle > 0 && s.tenant.UsersKnown && !s.tenant.AsOf.Before(s.end(e))
}

// isRecent reports whether the entry's user may have been created so recently that the listing does not show them yet. While that
// is so, the plan does not take a user who is not listed for gone. It tries an assign, and the answer tells. After an assign that
// has told that the user is gone, isRecent returns false.
//
// The time counts from [ledger.Ledger.SettlesFrom]. Nothing tells how long ago an earlier run created a user, so in each new run
// all users of earlier runs are recent at first.
func (s settling) isRecent(e *ledger.Entry) bool {
	if e.UserID == 0 || !s.tenant.AsOf.Before(s.end(e)) {
		return false
	}
	return !concludedGone(e)
}
