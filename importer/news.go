package importer

import (
	"time"

	"etelecom-import/importer/ledger"
	"etelecom-import/importer/plan"
)

// FailOn says which rows that are not done make a run fail.
type FailOn string

// The values of --fail-on.
const (
	FailOnAny FailOn = "any" // the default, and the zero value's meaning
	FailOnNew FailOn = "new" // those that are not as they were told last, or were told --remind ago
)

// knowledge is what people know of a row that is not well.
type knowledge uint8

const (
	isNew knowledge = iota // it was not so after the last run, or nobody was told
	known                  // it is exactly as it was told
	due                    // likewise, but that is so long ago that it is told again
)

// news tells what people know of the rows already. It is the one definition of what is new: that of --fail-on, of [Group.New] and
// of the metrics. --max-errors has its own (tally.isNew): it asks whether a cause is new to a row, not whether people know.
type news struct {
	rows map[int]rowNews // those with an error code, and those with a replaced password; few, on most days
	tell bool            // something of these is to be told
	at   time.Time       // when the run began: what is told now was told then

	before *ledger.Reported
}

// rowNews is what people know of one row.
type rowNews struct {
	told      int64 // when it was told before, in Unix seconds; 0: never
	knowledge knowledge
	hideable  bool // --fail-on new hides the row once it is known
	putOff    bool // --limit leaves the row as it was told
}

// newNews compares the rows as they are now with the last result.
func newNews(r *rowStates, t *tally, began time.Time, remind time.Duration) *news {
	n := &news{rows: map[int]rowNews{}, at: began, before: r.ledger.Reported()}
	for i := range r.roster.Rows {
		status, code, why := r.rowStatus(i)
		bad, replaced := r.isBad(i, status, t), r.entry(i).Replaced && status == ledger.Done
		putOff := status == ledger.Done && r.plan.Steps[i].Action == plan.Deferred
		hasNews := bad || replaced || putOff
		onlyWarned := status == ledger.Done && !hasNews // that is told when the row gets the warning
		if code == "" && !bad || onlyWarned {
			continue
		}
		line := r.lineAs(i, status, code, why)
		told, found := n.before.Take(r.ledger.Fingerprint(&line))
		row := rowNews{hideable: bad || replaced, putOff: putOff}
		if !told.IsZero() {
			row.told = told.Unix()
		}
		switch {
		case bad:
			row.knowledge = knowledgeOf(told, found, began, remind)
		case replaced && !told.IsZero(): // told once for ever: nothing can be done about it
			row.knowledge = known
		case !replaced && found: // as it was, and no --fail-on hides it
			row.knowledge = known
		}
		n.rows[i] = row
		n.tell = n.tell || row.hideable && row.knowledge != known
	}
	return n
}

// knowledgeOf tells what people know of a bad row from when they were told of it. A time in the future says nothing: somebody has
// set the clock.
func knowledgeOf(told time.Time, found bool, now time.Time, remind time.Duration) knowledge {
	age := now.Sub(told)
	switch {
	case !found || told.IsZero():
		return isNew
	// rule: remind
	case age < 0 || age >= remind:
		return due
	}
	return known
}

// toldAt is what the result says of when a row was told: now, if this run tells it, or else what it said before. A run that has
// nothing new to say prints at most what people know, and leaves the times.
func (n *news) toldAt(row int) string {
	of := n.rows[row]
	switch {
	case of.putOff && of.told != 0: // it stays as it was told
	case !of.hideable:
		return ""
	// rule: told-once
	case n.tell:
		return n.at.UTC().Format(time.RFC3339)
	case of.told == 0:
		return ""
	}
	return time.Unix(of.told, 0).UTC().Format(time.RFC3339)
}

// isKnown reports whether --fail-on new hides a row.
func (n *news) isKnown(row int) bool {
	of := n.rows[row]
	return of.hideable && of.knowledge == known
}
