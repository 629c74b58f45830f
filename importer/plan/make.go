package plan

import (
	"cmp"
	"slices"
	"time"

	"etelecom-import/apiclient"
	"etelecom-import/importer/ledger"
	"etelecom-import/importer/phone"
	"etelecom-import/importer/roster"
	"etelecom-import/importer/tenant"
)

// Options say how to plan. The zero value adopts nobody, refuses rows whose phone may be a masked one, and waits for open
// creates without end.
type Options struct {
	// Adopt gives users who were there before their extension, and no more.
	Adopt bool
	// TrustListing creates people although a masked phone in the listing may be theirs.
	TrustListing bool
	// Settle is how long after a create was sent it can still take effect; 0: without end.
	Settle time.Duration
	// Free gives extensions to rows that name none: see [Plan.Choose].
	Free Free
}

// Make derives the plan. It changes none of what it is made from.
func Make(r *roster.Roster, l *ledger.Ledger, s *tenant.Snapshot, o Options) *Plan {
	m := maker{
		roster: r, ledger: l, tenant: s, opts: o, settling: settling{l, s, o.Settle}, giver: giver{roster: r, tenant: s, free: o.Free},
		plan:     &Plan{Steps: make([]Step, len(r.Rows))},
		owners:   map[apiclient.ID]phone.Number{},
		wanted:   make([]apiclient.ID, len(r.Rows)),
		restored: map[phone.Number]tenant.Extension{},
	}
	m.knowOwners()
	for e := range l.Entries() {
		m.discover(e)
		m.restore(e)
	}
	for i := range r.Rows {
		m.row(i)
	}
	markPrimary(m.plan.Steps, r, m.entry)
	refuseDuplicates(m.plan.Steps, r, m.wanted)
	slices.SortFunc(m.plan.Discovered, func(a, b Discovered) int { return cmp.Compare(a.Phone, b.Phone) })
	slices.SortFunc(m.plan.Restored, func(a, b Restored) int { return cmp.Compare(a.Phone, b.Phone) })
	return m.plan
}

// maker makes one plan.
type maker struct {
	roster *roster.Roster
	ledger *ledger.Ledger
	tenant *tenant.Snapshot
	opts   Options
	plan   *Plan

	settling settling
	giver    giver
	owners   map[apiclient.ID]phone.Number     // the ledger's users and their phones
	wanted   []apiclient.ID                    // the extension of each row, in whichever form the row names it; 0: not known, or not looked up
	restored map[phone.Number]tenant.Extension // the plan's Restored
}

// knowOwners notes the ledger's users and their phones.
func (m *maker) knowOwners() {
	if !m.tenant.AskedForUsers() {
		return
	}
	for e := range m.ledger.Entries() {
		if e.UserID != 0 {
			m.owners[apiclient.ID(e.UserID)] = e.Phone
		}
	}
}

// discover finds the user of an entry whose id is not known, also if its row is invalid or gone.
func (m *maker) discover(e *ledger.Entry) {
	idUnknown := e.Open() || e.DamagedUser()
	if !idUnknown {
		return
	}
	if id := m.tenant.User(e.Phone); id != 0 && m.movedFrom(e.Phone) == 0 {
		m.plan.Discovered = append(m.plan.Discovered, Discovered{e.Phone, id})
	}
}

// movedFrom returns another phone under which the ledger has the user who has this phone on the tenant; 0 if there is none.
func (m *maker) movedFrom(number phone.Number) phone.Number {
	if other := m.owners[m.tenant.User(number)]; other != number {
		return other
	}
	return 0
}

// restore finds the extension of an entry whose extension id a spreadsheet has damaged.
func (m *maker) restore(e *ledger.Entry) {
	if e.Status != ledger.Done || e.ExtensionID != 0 {
		return
	}
	for _, id := range m.tenant.ExtensionsOf(m.ownUser(e)) {
		if x, _ := m.tenant.Extension(id); e.HasExtension(int64(x.ID), "") {
			m.restored[e.Phone] = x
			m.plan.Restored = append(m.plan.Restored, Restored{e.Phone, x})
			return
		}
	}
}

// noEntry is the entry of a phone that the ledger does not know.
var noEntry = &ledger.Entry{}

func (m *maker) entry(row *roster.Row) *ledger.Entry {
	if e := m.ledger.Lookup(row.Phone); e != nil && row.Phone != 0 {
		return e
	}
	return noEntry
}

// ownUser returns the user whom this job has created or found for the entry, by the ledger or because the outcome of the
// create was open; 0 if none is known.
func (m *maker) ownUser(e *ledger.Entry) apiclient.ID {
	if e.UserID != 0 {
		return apiclient.ID(e.UserID)
	}
	if e.Open() || e.DamagedUser() {
		return m.tenant.User(e.Phone)
	}
	return 0
}

// isFound reports whether the user of a row, or of its entry, is known: then nobody is created.
func (m *maker) isFound(row *roster.Row, e *ledger.Entry) bool {
	return m.ownUser(e) != 0 || m.tenant.User(row.Phone) != 0
}

// row plans one row.
func (m *maker) row(i int) {
	f := m.facts(i)
	s := decide(&f)
	if f.adopted() {
		m.plan.Discovered = append(m.plan.Discovered, Discovered{f.row.Phone, f.user})
	}
	if s.Action == Wait && m.settling.canEnd() {
		if at := m.settling.end(f.entry); m.plan.RetryAt.IsZero() || at.Before(m.plan.RetryAt) {
			m.plan.RetryAt = at
		}
	}
	if f.resolved && f.unusable == nil { // also of a row that is refused or waits: the result names it
		m.wanted[i] = f.extension.ID
		s.Extension, s.Chosen, s.choose = f.extension, f.chosen, f.choose
	}
	if f.resolved {
		s.Warnings = warningsOf(m.tenant, f.row, &s)
	}
	m.plan.Steps[i] = s
}

// facts collects what the decision about one row depends on. What the first cases of the table do not need is left out for
// the rows that they decide: most rows of a later run are done.
func (m *maker) facts(i int) facts {
	row := &m.roster.Rows[i]
	e := m.entry(row)
	f := facts{row: row, entry: e, done: e.Status == ledger.Done}
	if f.alreadyDone = m.alreadyDone(row, e); f.alreadyDone {
		return f
	}
	f.problem = m.roster.Problem(i)
	// Neither name nor password is needed any more, if the user of an open create turns out to be there, or somebody with this phone.
	// rule: found-not-judged
	if f.problem != nil && f.problem.OfContent && m.isFound(row, e) {
		f.problem = nil
	}
	if f.problem != nil {
		return f
	}
	f.resolved = true
	f.listed, f.movedFrom = m.tenant.User(row.Phone), m.movedFrom(row.Phone)
	f.user = m.ownUser(e)
	f.ours = f.user != 0 || e.Status == ledger.Created
	if !f.ours && !f.done && f.listed != 0 {
		f.user, f.stranger, f.adopt = f.listed, true, m.opts.Adopt
	}
	f.has = m.tenant.ExtensionOf(f.user)
	if row.NoExtension {
		m.giver.give(&f)
	} else {
		f.extension, f.unusable = resolve(m.tenant, row)
	}
	usable := f.unusable == nil
	f.hasWanted = usable && isTheirs(f.extension, f.user)
	f.canAssign = usable && f.extension.User == 0 && m.isFree(f.user)
	f.unsettled = e.Open() && f.user == 0 && !m.settling.isOver(e)
	f.gone = f.ours && m.isGone(e, f.user, f.listed)
	if f.user == 0 {
		f.nameless = m.tenant.Nameless(row.Phone)
		if !m.opts.TrustListing {
			f.masked = m.tenant.Masks.Fits(row.Phone)
		}
	}
	if f.done { // the only case whose message needs it
		f.label = label(m.tenant, f.extension)
	}
	return f
}

// alreadyDone reports whether an entry is done with the extension that the row names. What is left of a damaged id decides
// only if the tenant shows no extension of the user.
func (m *maker) alreadyDone(row *roster.Row, e *ledger.Entry) bool {
	if e.Status != ledger.Done {
		return false
	}
	if x, ok := m.restored[e.Phone]; ok {
		sameID := row.ExtensionID == 0 || apiclient.ID(row.ExtensionID) == x.ID
		sameNumber := row.ExtensionNumber == "" || row.ExtensionNumber == x.Number
		isSame := sameID && sameNumber && namesExtension(row)
		return row.NoExtension || isSame
	}
	if e.ExtensionID == 0 && m.tenant.ExtensionOf(m.ownUser(e)).ID != 0 {
		return false
	}
	return doneWith(e, row)
}

// isTheirs reports whether the extension is one of the user's: there can be several.
func isTheirs(x tenant.Extension, user apiclient.ID) bool {
	return user != 0 && x.ID != 0 && x.User == user
}

// isFree reports whether the tenant shows a user, and that they have no extension.
func (m *maker) isFree(user apiclient.ID) bool {
	return m.tenant.Listed(user) && m.tenant.ExtensionsKnown && m.tenant.ExtensionOf(user).ID == 0
}

// isGone reports whether a user who is ours (see facts) is not on the tenant any more, or has another phone by now. listed is
// the user who has the phone.
func (m *maker) isGone(e *ledger.Entry, user, listed apiclient.ID) bool {
	if !m.tenant.UsersKnown {
		return false
	}
	if listed == 0 && m.settling.isRecent(e) {
		return false
	}
	missing := user == 0 || !m.tenant.Listed(user)
	replaced := listed != 0 && listed != user
	return missing || replaced
}
