package importer

import (
	"fmt"
	"time"

	"etelecom-import/apiclient"
	"etelecom-import/importer/ledger"
	"etelecom-import/importer/phone"
	"etelecom-import/importer/roster"
)

// Restored is the extension that the tenant shows with the user of a phone, and of which the ledger has a rest that agrees.
type Restored struct {
	Phone     phone.Number
	Extension Extension
}

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

// restore finds the extensions whose ids a spreadsheet has spoiled.
func (p *planner) restore() {
	for e := range p.ledger.Entries() {
		if e.Status != ledger.Done || e.ExtensionID != 0 {
			continue
		}
		for _, id := range p.tenant.assigned[p.userOf(e)] {
			if x := p.tenant.extensions[id]; e.HasExtension(int64(x.ID), "") {
				p.restored[e.Phone] = x
				p.plan.Restored = append(p.plan.Restored, Restored{e.Phone, x})
				break
			}
		}
	}
}

func (j *job) recordRestored(now time.Time) {
	for _, r := range j.plan.Restored {
		e := j.ledger.Entry(r.Phone)
		code, why := e.Reason()
		j.ledger.Done(e, int64(r.Extension.ID), r.Extension.Number, code, why, now)
	}
}

// holds reports whether a done entry has the row's extension. What is left of a spoiled id decides only where the tenant
// shows nothing.
func (p *planner) holds(row *roster.Row, e *ledger.Entry) bool {
	if x, ok := p.restored[e.Phone]; ok {
		named := row.ExtensionID != 0 || row.ExtensionNumber != ""
		return named && (row.ExtensionID == 0 || apiclient.ID(row.ExtensionID) == x.ID) && (row.ExtensionNumber == "" || row.ExtensionNumber == x.Number)
	}
	if e.ExtensionID == 0 && p.tenant.extensionOf(p.userOf(e)).ID != 0 {
		return false
	}
	return e.HasExtension(row.ExtensionID, row.ExtensionNumber)
}
