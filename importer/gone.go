package importer

import (
	"etelecom-import/apiclient/message"
	"etelecom-import/importer/hint"
)

// Gone are the people who had a row in the last result and have none in the employee file. Those who were gone before do not count.
type Gone struct {
	People    int      // how many they are
	Users     int      // of these, who has a user at the tenant, as far as the result knows
	Listed    int      // how many people had a row in the last result
	Everybody []Person // who they are, by phone
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
