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

// end returns the moment from which on a listing, if it begins then, shows the entry's user for sure, should there be one.
func (s settling) end(e *ledger.Entry) time.Time { return s.ledger.Since(e).Add(s.settle) }

// isOver reports whether an open create can no longer take effect. If the listing does not show its user then, the user does
// not exist.
func (s settling) isOver(e *ledger.Entry) bool {
	// rule: settle
	return s.settle > 0 && s.tenant.UsersKnown && !s.tenant.AsOf.Before(s.end(e))
}

// isRecent reports whether the user was created so short a time ago that the listing need not show them yet. No clock tells
// for sure how long ago an earlier run created them, so an assign is tried: its answer says that they are gone, or an earlier
// run has concluded it.
func (s settling) isRecent(e *ledger.Entry) bool {
	if e.UserID == 0 || !s.tenant.AsOf.Before(s.end(e)) {
		return false
	}
	return !concludedGone(e)
}
