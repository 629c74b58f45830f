package importer

import (
	"etelecom-import/apiclient"
	"etelecom-import/importer/ledger"
)

// own decides which row shows the ledger's entry, where several rows have its phone: one that is done, else the first.
func (p *planner) own() {
	owner := make(map[*ledger.Entry]int)
	for i := range p.plan.Steps {
		e := p.entry(&p.roster.Rows[i])
		if e == nobody {
			p.plan.Steps[i].Owns = p.roster.Rows[i].Phone != 0
			continue
		}
		if first, ok := owner[e]; ok && p.plan.Steps[first].Action == Nothing {
			p.plan.Steps[i].Owns = p.plan.Steps[i].Action == Nothing
			continue
		} else if ok && p.plan.Steps[i].Action != Nothing {
			continue
		} else if ok {
			p.plan.Steps[first].Owns = false
		}
		owner[e] = i
		p.plan.Steps[i].Owns = true
	}
}

// refuseShared refuses rows that name one extension in different forms: the roster cannot see that, the tenant can.
func (p *planner) refuseShared() {
	first := make(map[apiclient.ID]int)
	for i, x := range p.wanted {
		other, ok := first[x]
		switch {
		case x == 0:
		case !ok:
			first[x] = i
		default:
			p.refuseFor(i, other)
			p.refuseFor(other, i)
		}
	}
}

// refuseFor refuses a row because of another row, if it would be acted on, now or later.
func (p *planner) refuseFor(i, other int) {
	s := &p.plan.Steps[i]
	if s.Action != Create && s.Action != Assign && s.Action != Wait {
		return
	}
	owns, x := s.Owns, s.Extension
	*s = refuse(codeDuplicateExtension, "extension %s is also that of line %d: give each row its own", p.wanted[i], p.roster.Rows[other].Line)
	s.Owns, s.Extension = owns, x
}
