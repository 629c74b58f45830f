package plan

import (
	"etelecom-import/apiclient"
	"etelecom-import/apiclient/message"
	"etelecom-import/importer/ledger"
	"etelecom-import/importer/reason"
	"etelecom-import/importer/roster"
)

// markPrimary decides which row shows the ledger's entry, if several rows have its phone: one that is done, else the first.
func markPrimary(steps []Step, r *roster.Roster, entry func(*roster.Row) *ledger.Entry) {
	primary := make(map[*ledger.Entry]int)
	for i := range steps {
		e := entry(&r.Rows[i])
		if e == noEntry {
			steps[i].Primary = r.Rows[i].Phone != 0
			continue
		}
		first, taken := primary[e]
		done := steps[i].Action == NoOp
		switch {
		case !taken:
			primary[e], steps[i].Primary = i, true
		case steps[first].Action == NoOp: // if both rows are done, both show the entry
			steps[i].Primary = done
		case done:
			steps[first].Primary = false
			primary[e], steps[i].Primary = i, true
		}
	}
}

// refuseDuplicates refuses rows that name one extension in different forms: the roster cannot see that, the tenant can. wanted
// has the extension of each row; 0: not known.
func refuseDuplicates(steps []Step, r *roster.Roster, wanted []apiclient.ID) {
	refuseFor := func(i, other int) {
		s := &steps[i]
		if !s.writes() && s.Action != Wait { // the extension is not to be assigned to this row, now or later
			return
		}
		refused := refuse(reason.DuplicateExtension,
			message.Sprintf("extension %s is also on line %d", wanted[i], r.Rows[other].Line), message.T("give each row its own extension"))
		refused.Primary, refused.Extension = s.Primary, s.Extension
		*s = refused
	}
	first := make(map[apiclient.ID]int)
	for i, x := range wanted {
		other, ok := first[x]
		switch {
		case x == 0:
		case !ok:
			first[x] = i
		default:
			refuseFor(i, other)
			refuseFor(other, i)
		}
	}
}
