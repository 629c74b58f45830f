package plan

import (
	"slices"

	"etelecom-import/apiclient"
	"etelecom-import/importer/ledger"
	"etelecom-import/importer/roster"
	"etelecom-import/importer/tenant"
)

// Needs returns what has to be known of the tenant before a plan can be made: everybody and everything about whom roster and
// ledger leave a question.
func Needs(r *roster.Roster, l *ledger.Ledger, f Free) *tenant.Query {
	q := &tenant.Query{}
	for i := range r.Rows {
		row := &r.Rows[i]
		e := l.Lookup(row.Phone)
		switch {
		case row.Phone == 0:
			continue // refused
		case e != nil && doneWith(e, row) && e.ExtensionID != 0:
			continue // nothing is to be done, whatever the tenant shows
		case isRefused(r.Problem(i)):
			continue
		}
		q.Phones = append(q.Phones, row.Phone)
		if row.ExtensionID != 0 {
			q.Extensions = append(q.Extensions, apiclient.ID(row.ExtensionID))
		}
		if row.ExtensionNumber != "" {
			q.Numbers = append(q.Numbers, row.ExtensionNumber)
		}
		if row.NoExtension {
			q.Free = f.Numbers
			needHeld(q, e)
		}
	}
	ofRows := q.Phones
	slices.Sort(ofRows)
	for e := range l.Entries() {
		_, asked := slices.BinarySearch(ofRows, e.Phone)
		if open := e.Open() || e.Damaged(); open && !asked { // of an invalid row, or of none: an id must not be lost
			q.Phones, asked = append(q.Phones, e.Phone), true
		}
		if asked && e.UserID != 0 {
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

// isRefused reports whether a problem refuses a row, whatever the tenant shows. One of a name or a password does not if the user turns out
// to be there.
func isRefused(p *roster.Problem) bool { return p != nil && !p.OfContent }

// needHeld asks for the extension that the ledger holds for a row that names none.
func needHeld(q *tenant.Query, e *ledger.Entry) {
	switch {
	case e == nil:
	case e.ExtensionID != 0:
		q.Extensions = append(q.Extensions, apiclient.ID(e.ExtensionID))
	case e.ExtensionNumber != "":
		q.Numbers = append(q.Numbers, e.ExtensionNumber)
	}
}

// doneWith reports whether an entry is done with the extension that the row names. If the row names none, any is right.
func doneWith(e *ledger.Entry, row *roster.Row) bool {
	return e.Status == ledger.Done && (row.NoExtension || e.HasExtension(row.ExtensionID, row.ExtensionNumber))
}

// namesExtension reports whether a row names an extension that could be read.
func namesExtension(row *roster.Row) bool { return row.ExtensionID != 0 || row.ExtensionNumber != "" }
