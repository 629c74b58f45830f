package plan

import (
	"strings"

	"etelecom-import/apiclient"
	"etelecom-import/apiclient/message"
	"etelecom-import/importer/ledger"
	"etelecom-import/importer/reason"
	"etelecom-import/importer/roster"
)

// markPrimary decides which row shows the ledger's entry, if several rows have its phone: one that is done, else the first. Rows that
// are done with the same extension all show it, if they are of one name. Another name is another person, who has got nothing: their row
// is refused.
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
		case steps[first].Action != NoOp:
			if done {
				steps[first].Primary = false
				primary[e], steps[i].Primary = i, true
			}
		case !done:
		case sameName(r.Rows[first].Name, r.Rows[i].Name): // both rows show the entry
			steps[i].Primary = true
		default:
			other := i
			if isEntry := sameName(r.Rows[i].Name, e.Name); isEntry && !sameName(r.Rows[first].Name, e.Name) {
				other, primary[e] = first, i
			}
			steps[primary[e]].Primary = true
			refuseOther(&steps[other], r.Problem(other))
		}
	}
}

// refuseOther refuses a row that names the phone and the extension of somebody who is done, and another person.
func refuseOther(s *Step, p *roster.Problem) {
	if p == nil { // the roster finds each phone that is in several rows
		return
	}
	*s = refuse(p.Code, p.Words().Message, "")
}

// sameName reports whether two names are those of one person, as far as rows of one phone and one extension can tell. No name
// is any name.
func sameName(a, b string) bool {
	plain := func(name string) string { return strings.Join(strings.Fields(name), " ") }
	return a == "" || b == "" || strings.EqualFold(plain(a), plain(b))
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
