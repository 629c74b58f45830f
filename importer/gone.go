package importer

import (
	"cmp"
	"slices"

	"etelecom-import/apiclient/message"
	"etelecom-import/importer/hint"
	"etelecom-import/importer/ledger"
	"etelecom-import/importer/phone"
	"etelecom-import/importer/roster"
)

// Gone are the people who had a row in the last result and have none in the employee file. Those who were gone before do not count.
type Gone struct {
	People int      // how many they are
	Users  int      // of these, who has a user at the tenant, as far as the result knows
	Listed int      // how many people had a row in the last result
	Names  []string // of the first of them, by phone
}

// goneNames is how many of them are named.
const goneNames = 3

// FindGone compares the employee file with the last result. What an interrupted run has left since does not count: people were
// shown the result.
func FindGone(r *roster.Roster, l *ledger.Ledger) (g Gone) {
	phones := rosterPhones(r)
	var first []*ledger.Entry
	for e := range l.Entries() {
		if !e.Listed() {
			continue
		}
		g.Listed++
		if _, there := slices.BinarySearch(phones, e.Phone); there {
			continue
		}
		g.People++
		if e.HasUser() {
			g.Users++
		}
		if first = append(first, e); len(first) > 64*goneNames { // there may be as many as people
			first = firstByPhone(first)
		}
	}
	for _, e := range firstByPhone(first) {
		g.Names = append(g.Names, cmp.Or(e.Name, e.Phone.String()))
	}
	return g
}

func firstByPhone(entries []*ledger.Entry) []*ledger.Entry {
	slices.SortFunc(entries, func(a, b *ledger.Entry) int { return cmp.Compare(a.Phone, b.Phone) })
	return entries[:min(len(entries), goneNames)]
}

// rosterPhones returns the phones of the rows, each once, sorted.
func rosterPhones(r *roster.Roster) []phone.Number {
	phones := make([]phone.Number, 0, len(r.Rows))
	for i := range r.Rows {
		if number := r.Rows[i].Phone; number != 0 {
			phones = append(phones, number)
		}
	}
	slices.Sort(phones)
	return slices.Compact(phones)
}

// GoneError is the cause of a [TooManyGone].
type GoneError struct {
	Gone
	Rows    int // of the employee file
	NoPhone int // of these, those without a phone that can be used
	Allowed int // by --max-gone
}

// ByPhones reports whether rows whose phones cannot be used may be all who are missing: a spreadsheet has spoiled the column, and nobody
// has left.
func (e *GoneError) ByPhones() bool { return e.NoPhone > 0 && e.People-e.NoPhone <= e.Allowed }

// Error implements error.
func (e *GoneError) Error() string {
	if e.Rows == 0 {
		return message.Sprintf("the employee file has no people, and the result has %d", e.Listed)
	}
	text := message.Sprintf("%d of the %d people in the result are not in this file any more, and --max-gone allows %d", e.People, e.Listed, e.Allowed)
	if e.NoPhone > 0 {
		text += message.Sprintf("; of %s, the phone cannot be used", message.Count(e.NoPhone, "row", "rows"))
	}
	return text
}

// checkGone refuses an employee file from which too many people are missing: an export that broke off looks like that, or a file
// of other people. A file without rows is refused however few the people of the result are.
func checkGone(in *Input, g Gone) error {
	allowed := in.Options.MaxGone.of(g.Listed)
	emptied := len(in.Roster.Rows) == 0 && g.Listed > 0
	// rule: max-gone
	if g.People <= allowed && !emptied || in.Options.MaxGone.All() {
		return nil
	}
	e := &GoneError{Gone: g, Rows: len(in.Roster.Rows), Allowed: allowed}
	for i := range in.Roster.Rows {
		if in.Roster.Rows[i].Phone == 0 {
			e.NoPhone++
		}
	}
	return &Stop{Kind: TooManyGone, Cause: hint.With(e, message.T("nothing was sent or changed. Is the file complete? If so, add --max-gone 100%"))}
}
