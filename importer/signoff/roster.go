package signoff

import (
	"cmp"
	"slices"

	"etelecom-import/importer/ledger"
	"etelecom-import/importer/phone"
	"etelecom-import/importer/reason"
	"etelecom-import/importer/roster"
	"etelecom-import/importer/vietnamese"
)

// join compares the people of a result with those of the employee file: it sets their groups, and who is gone, and adds who is not in the
// result. others says that the file has other people than the result.
func join(people []*Person, r *roster.Roster) (joined []*Person, others bool) {
	j := newJoiner(r)
	wasGone := map[*Person]bool{}
	for _, p := range people {
		wasGone[p] = p.Gone
	}
	for _, p := range people {
		row, found := j.rowOf(p)
		j.put(p, row, found)
	}
	for _, p := range people {
		if p.Gone && p.Phone == "" { // and their line has moved: the name is all there is
			row, found := j.onlyNamesake(p)
			j.put(p, row, found)
		}
	}
	for _, p := range people {
		others = others || p.Gone != wasGone[p]
	}
	rest := j.rest()
	people = append(people, rest...)
	slices.SortStableFunc(people, func(a, b *Person) int { return cmp.Compare(a.order(), b.order()) })
	return people, others || len(rest) > 0
}

// joiner finds the rows of the employee file on which people of the result are. Each row is of one person.
type joiner struct {
	roster  *roster.Roster
	byPhone map[phone.Number][]int
	byLine  map[int]int
	isTaken []bool // by row
}

func newJoiner(r *roster.Roster) *joiner {
	j := &joiner{roster: r, byPhone: map[phone.Number][]int{}, byLine: map[int]int{}, isTaken: make([]bool, len(r.Rows))}
	for i := range r.Rows {
		row := &r.Rows[i]
		if row.Phone != 0 {
			j.byPhone[row.Phone] = append(j.byPhone[row.Phone], i)
		}
		j.byLine[row.Line] = i
	}
	return j
}

// rowOf returns the row of somebody: the one on their line, if that is theirs, else the first one with their phone.
func (j *joiner) rowOf(p *Person) (row int, found bool) {
	at, isLine := j.byLine[p.Line]
	rows := j.byPhone[phone.Normalize(p.Phone)]
	isTheirs := slices.Contains(rows, at) || isLine && isSameRow(p, &j.roster.Rows[at])
	if isLine && isTheirs && !j.isTaken[at] {
		return at, true
	}
	i := slices.IndexFunc(rows, func(row int) bool { return !j.isTaken[row] })
	if i < 0 {
		return 0, false
	}
	return rows[i], true
}

// isSameRow reports whether somebody without a usable phone is the one on a row. A name that is hidden may be theirs.
func isSameRow(p *Person, row *roster.Row) bool {
	isHidden := row.Name == "" || p.Name == ""
	return p.Phone == "" && (isHidden || row.Name == p.Name)
}

// onlyNamesake returns the one row of somebody's name that nobody has taken.
func (j *joiner) onlyNamesake(p *Person) (row int, found bool) {
	for i := range j.roster.Rows {
		if j.isTaken[i] || p.Name == "" || j.roster.Rows[i].Name != p.Name {
			continue
		}
		if found {
			return 0, false
		}
		row, found = i, true
	}
	return row, found
}

// put puts somebody on a row. Who is on none is gone.
func (j *joiner) put(p *Person, row int, found bool) {
	if p.Gone = !found; !found {
		return
	}
	j.isTaken[row] = true
	name := j.roster.Rows[row].Name
	p.Line, p.Group = j.roster.Rows[row].Line, j.roster.Group(row)
	p.Renamed = p.Name != "" && name != "" && !vietnamese.SameName(p.Name, name)
}

// rest returns the people of the rows that are of nobody in the result.
func (j *joiner) rest() (people []*Person) {
	isInResult := func(row int) bool { return j.isTaken[row] }
	for i := range j.roster.Rows {
		row := &j.roster.Rows[i]
		if j.isTaken[i] {
			continue
		}
		p := &Person{
			Line: row.Line, Name: row.Name, Phone: phoneText(row.Phone), Extension: dialled(row.ExtensionNumber),
			Status: ledger.Pending, Code: causeNotInResult, Group: j.roster.Group(i),
		}
		if slices.ContainsFunc(j.byPhone[row.Phone], isInResult) { // the phone is in the result, with another row of the file
			p.Status, p.Code = ledger.Invalid, reason.DuplicatePhone
		}
		people = append(people, p)
	}
	return people
}

// dialled returns the number of an extension that the tenant was not asked about; "" for one that may be a password in the wrong column.
func dialled(number string) string {
	const most = 5 // digits
	if len(number) > most {
		return ""
	}
	return number
}
