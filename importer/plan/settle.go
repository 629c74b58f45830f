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

// isRecent reports whether the user may have been created so recently that the listing does not show them yet. No clock tells for
// sure how long ago an earlier run created them. So the plan tries an assign, whose answer tells whether they are gone, unless an
// earlier run has found that out.
func (s settling) isRecent(e *ledger.Entry) bool {
	if e.UserID == 0 || !s.tenant.AsOf.Before(s.end(e)) {
		return false
	}
	return !concludedGone(e)
}
