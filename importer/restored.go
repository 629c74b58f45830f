package importer

import (
	"fmt"
	"time"
)

// tellSpoiled says that ids are not in the result as they should be, once for the file.
func (j *job) tellSpoiled() {
	rows := 0
	for i := range j.roster.Rows {
		if e := j.ledger.Lookup(j.roster.Rows[i].Phone); e != nil && e.Spoiled() {
			rows++
		}
	}
	if rows > 0 {
		j.warn(fmt.Sprintf("a spreadsheet has rounded ids in %s (rows: %d): they are read again from the tenant, as far as it shows them", j.ledger.Path(), rows))
	}
}

func (j *job) recordRestored(now time.Time) {
	for _, r := range j.plan.Restored {
		e := j.ledger.Entry(r.Phone)
		code, why := e.Reason()
		j.ledger.Done(e, int64(r.Extension.ID), r.Extension.Number, code, why, now)
	}
}
