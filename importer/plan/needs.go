package plan

import (
	"etelecom-import/apiclient"
	"etelecom-import/importer/ledger"
	"etelecom-import/importer/phone"
	"etelecom-import/importer/roster"
	"etelecom-import/importer/tenant"
)

// Needs returns what has to be known of the tenant before a plan can be made: everybody and everything about whom roster and
// ledger leave a question.
func Needs(r *roster.Roster, l *ledger.Ledger) *tenant.Query {
	q := &tenant.Query{}
	asked := map[phone.Number]bool{}
	ask := func(p phone.Number) {
		if !asked[p] {
			asked[p] = true
			q.Phones = append(q.Phones, p)
		}
	}
	for i := range r.Rows {
		row := &r.Rows[i]
		e := l.Lookup(row.Phone)
		switch {
		case row.Phone == 0:
			continue // refused
		case e != nil && doneWith(e, row) && e.ExtensionID != 0:
			continue // nothing is to be done, whatever the tenant shows
		case r.Problem(i) != nil:
			continue // refused
		}
		ask(row.Phone)
		if row.ExtensionID != 0 {
			q.Extensions = append(q.Extensions, apiclient.ID(row.ExtensionID))
		}
		if row.ExtensionNumber != "" {
			q.Numbers = append(q.Numbers, row.ExtensionNumber)
		}
	}
	for e := range l.Entries() {
		if e.Open() || e.Spoiled() { // also without a row: an id must not be lost
			ask(e.Phone)
		}
		if asked[e.Phone] && e.UserID != 0 {
			q.Users = append(q.Users, apiclient.ID(e.UserID))
		}
		w := RecordedWarnings(e)
		if w&NoRole != 0 {
			q.WithoutRole = append(q.WithoutRole, apiclient.ID(e.UserID))
		}
		if w&ExtensionExpired != 0 {
			q.Expired = append(q.Expired, apiclient.ID(e.ExtensionID))
		}
	}
	return q
}

// doneWith reports whether an entry is done with the extension that the row names.
func doneWith(e *ledger.Entry, row *roster.Row) bool {
	return e.Status == ledger.Done && e.HasExtension(row.ExtensionID, row.ExtensionNumber)
}
