package importer

import (
	"time"

	"etelecom-import/importer/ledger"
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
	of   map[int]knowledge // of the rows with an error code, and of those with a replaced password
	told map[int]time.Time // when it was told before, of the rows that can be known
	tell bool              // something of these is to be told
	at   time.Time         // when the run began: what is told now was told then

	before *ledger.Reported
}

// newNews compares the rows as they are now with the last result.
func newNews(r *rowStates, t *tally, began time.Time, remind time.Duration) *news {
	n := &news{of: map[int]knowledge{}, told: map[int]time.Time{}, at: began, before: r.ledger.Reported()}
	for i := range r.roster.Rows {
		status, code, why := r.rowStatus(i)
		replaced := r.entry(i).Replaced && status == ledger.Done
		bad := r.isBad(i, status, t)
		if code == "" && !bad {
			continue
		}
		if !bad && !replaced && status == ledger.Done {
			continue // a warning: it is told when the row gets it
		}
		line := r.lineAs(i, status, code, why)
		told, found := n.before.Take(r.ledger.Fingerprint(&line))
		switch {
		case bad:
			n.of[i] = knowledgeOf(told, found, began, remind)
		case replaced && found && !told.IsZero(): // told once for ever: nothing can be done about it
			n.of[i] = known
		case !replaced && found: // a row that no --fail-on hides
			n.of[i] = known
			continue
		default:
			n.of[i] = isNew
		}
		if bad || replaced {
			n.told[i] = told
			n.tell = n.tell || n.of[i] != known
		}
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
	before, can := n.told[row]
	switch {
	case !can:
		return ""
	// rule: told-once
	case n.tell:
		return n.at.UTC().Format(time.RFC3339)
	case before.IsZero():
		return ""
	}
	return before.UTC().Format(time.RFC3339)
}

// isKnown reports whether --fail-on new hides a row.
func (n *news) isKnown(row int) bool {
	_, can := n.told[row]
	return can && n.of[row] == known
}
