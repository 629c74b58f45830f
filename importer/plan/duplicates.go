package plan

import (
	"fmt"

	"etelecom-import/apiclient"
	"etelecom-import/importer/ledger"
	"etelecom-import/importer/reason"
)

// markPrimary decides which row shows the ledger's entry, if several rows have its phone: one that is done, else the first.
func (m *maker) markPrimary() {
	primary := make(map[*ledger.Entry]int)
	steps := m.plan.Steps
	for i := range steps {
		e := m.entry(&m.roster.Rows[i])
		if e == noEntry {
			steps[i].Primary = m.roster.Rows[i].Phone != 0
			continue
		}
		first, taken := primary[e]
		done := steps[i].Action == NoOp
		switch {
		case !taken:
			primary[e], steps[i].Primary = i, true
		case steps[first].Action == NoOp: // both are done if this one is, too: both show it
			steps[i].Primary = done
		case done:
			steps[first].Primary = false
			primary[e], steps[i].Primary = i, true
		}
	}
}

// refuseDuplicates refuses rows that name one extension in different forms: the roster cannot see that, the tenant can.
func (m *maker) refuseDuplicates() {
	first := make(map[apiclient.ID]int)
	for i, x := range m.wanted {
		other, ok := first[x]
		switch {
		case x == 0:
		case !ok:
			first[x] = i
		default:
			m.refuseFor(i, other)
			m.refuseFor(other, i)
		}
	}
}

// refuseFor refuses a row because of another row, if it would be acted on, now or later.
func (m *maker) refuseFor(i, other int) {
	s := &m.plan.Steps[i]
	if !s.writes() && s.Action != Wait {
		return
	}
	refused := refuse(reason.DuplicateExtension, fmt.Sprintf("extension %s is also that of line %d", m.wanted[i], m.roster.Rows[other].Line), "give each row its own")
	refused.Primary, refused.Extension = s.Primary, s.Extension
	*s = refused
}
