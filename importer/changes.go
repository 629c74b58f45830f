package importer

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"etelecom-import/importer/ledger"
	"etelecom-import/importer/phone"
	"etelecom-import/importer/reason"
	"etelecom-import/importer/roster"
	"etelecom-import/importer/vietnamese"
)

// Changes is how the employee file differs from the last result: who was added, who changed, and who is gone. It is empty if there is
// no result. What an interrupted run has left since does not count: people were shown the result.
//
// It is about people. Whether a failure is new is another matter (type news).
type Changes struct {
	Added     []Person   // those who had no line in the last result
	Changed   []Change   // those who had one, with another name or another extension
	NewPhones []NewPhone // of those who were added, who may be somebody who is gone, with a new phone
	Gone      Gone       // those who had a line, and have none in the employee file
}

// Person is one person of a [Changes].
type Person struct {
	Line  int // in the employee file; 0 for who is gone
	Name  string
	Phone phone.Number
}

// Change is what is different in the row of a person.
type Change struct {
	Person
	OldName      string // "": the name is the same
	OldExtension string // "": the extension is the same
	Extension    string // of the row, as it may be shown; "" if it is the same
	HasUser      bool   // the tenant has the person, under the old name
}

// NewPhone is a person who seems to have a new phone: name and extension are those of somebody who is gone. Where the file names no
// extension, the name has to be enough.
type NewPhone struct {
	Person
	OldPhone phone.Number
}

// ChangedRows is the rows that differ from the last result in one way.
type ChangedRows struct {
	Code string `json:"code"` // added, other_name, other_extension or other_phone
	Rows int    `json:"rows"`
	// Lines are the first of their lines in the roster, at most 100.
	Lines []int `json:"lines"`
}

// Groups returns the rows of the employee file that differ, by how they do; never nil. A row can be in several.
func (d *Changes) Groups() []ChangedRows {
	groups := []ChangedRows{{Code: "added"}, {Code: "other_name"}, {Code: "other_extension"}, {Code: "other_phone"}}
	add := func(i, line int) {
		g := &groups[i]
		if g.Rows++; len(g.Lines) < maxLines {
			g.Lines = append(g.Lines, line)
		}
	}
	for i := range d.Added {
		add(0, d.Added[i].Line)
	}
	for i := range d.Changed {
		c := &d.Changed[i]
		if c.OldName != "" {
			add(1, c.Line)
		}
		if c.OldExtension != "" {
			add(2, c.Line)
		}
	}
	for i := range d.NewPhones {
		add(3, d.NewPhones[i].Line)
	}
	return slices.DeleteFunc(groups, func(g ChangedRows) bool { return g.Rows == 0 })
}

// IsEmpty reports whether the employee file has the people of the last result, as they were.
func (d *Changes) IsEmpty() bool { return len(d.Added)+len(d.Changed)+d.Gone.People == 0 }

// FindChanges compares the employee file with the last result. It is for use before the run changes the ledger.
func FindChanges(r *roster.Roster, l *ledger.Ledger) (d Changes) {
	if !l.HasResult() {
		return d
	}
	c := comparison{roster: r, ledger: l}
	c.readPhones()
	inBoth := 0
	var added []int
	for i := range r.Rows {
		row := &r.Rows[i]
		if row.Phone == 0 { // nobody can know who that is
			continue
		}
		before := l.AsListed(l.Lookup(row.Phone))
		switch {
		case before == nil:
			added = append(added, i)
			continue
		case !c.isShared(row.Phone):
			if change, differs := c.compare(row, before); differs {
				d.Changed = append(d.Changed, change)
			}
		}
		inBoth++
	}
	added = c.withoutRepeats(added)
	for _, i := range added {
		row := &r.Rows[i]
		d.Added = append(d.Added, Person{row.Line, row.Name, row.Phone})
	}
	d.Gone = c.findGone(inBoth)
	d.NewPhones = c.findNewPhones(added)
	return d
}

// comparison is what one comparison needs.
type comparison struct {
	roster *roster.Roster
	ledger *ledger.Ledger
	phones []phone.Number // of the rows, each once, sorted
	shared []phone.Number // of these, those that several rows have
	gone   []*ledger.Entry
}

// readPhones collects the phones of the rows.
func (c *comparison) readPhones() {
	phones := sortedPhones(c.roster)
	for i := 1; i < len(phones); i++ {
		if phones[i] == phones[i-1] {
			c.shared = append(c.shared, phones[i])
		}
	}
	c.shared, c.phones = slices.Compact(c.shared), slices.Compact(phones)
}

// sortedPhones returns the phones of all rows, sorted.
func sortedPhones(r *roster.Roster) []phone.Number {
	phones := make([]phone.Number, 0, len(r.Rows))
	for i := range r.Rows {
		if number := r.Rows[i].Phone; number != 0 {
			phones = append(phones, number)
		}
	}
	slices.Sort(phones)
	return phones
}

// isShared reports whether several rows have a phone. They are refused, since nobody can know which of them is right.
func (c *comparison) isShared(number phone.Number) bool {
	_, is := slices.BinarySearch(c.shared, number)
	return is
}

// withoutRepeats keeps the first of the rows that share a phone: they are one person.
func (c *comparison) withoutRepeats(rows []int) []int {
	seen := map[phone.Number]bool{}
	return slices.DeleteFunc(rows, func(i int) bool {
		number := c.roster.Rows[i].Phone
		if !c.isShared(number) {
			return false
		}
		again := seen[number]
		seen[number] = true
		return again
	})
}

// compare returns what is different in a row, of which before is what the last result has.
func (c *comparison) compare(row *roster.Row, before *ledger.Entry) (change Change, differs bool) {
	code, why := before.Reason()
	if ledger.HasCode(code, reason.DuplicatePhone) { // several rows had the phone, and the result does not tell whose it was
		return change, false
	}
	if row.Name != "" && before.Name != "" && !vietnamese.SameName(row.Name, before.Name) {
		change.OldName = before.Name
	}
	now, was := otherExtension(row, before)
	toldBefore := ledger.HasCode(code, reason.ExtensionChanged) && slices.Contains(numbersIn(why), now)
	if now != "" && !toldBefore { // the result keeps the extension that was given
		change.Extension, change.OldExtension = now, was
	}
	if change == (Change{}) {
		return change, false
	}
	change.Person = Person{row.Line, row.Name, row.Phone}
	change.HasUser = c.ledger.Lookup(row.Phone).HasUser()
	return change, true
}

// otherExtension returns the extension of a row and that of the last result, as they may be shown, if they differ. What either of them
// does not have is no change.
func otherExtension(row *roster.Row, before *ledger.Entry) (now, was string) {
	if now, was := row.ExtensionNumber, before.ExtensionNumber; now != was && now != "" && was != "" {
		return roster.Masked(now), roster.Masked(was)
	}
	if now, was := row.ExtensionID, before.ExtensionID; now != was && now != 0 && was != 0 {
		return strconv.FormatInt(now, 10), strconv.FormatInt(was, 10)
	}
	return "", ""
}

// numbersIn returns the numbers in a text, masked ones as well.
func numbersIn(text string) []string {
	return strings.FieldsFunc(text, func(r rune) bool { return (r < '0' || r > '9') && r != '*' })
}

// findGone returns who is in the last result and not in the file. inBoth is how many rows are of people of the last result.
func (c *comparison) findGone(inBoth int) (g Gone) {
	for e := range c.ledger.Entries() {
		if e.Listed() {
			g.Listed++
		}
	}
	if g.Listed == inBoth && len(c.shared) == 0 { // nobody, as on most days
		return g
	}
	for e := range c.ledger.Entries() {
		if _, there := slices.BinarySearch(c.phones, e.Phone); there || !e.Listed() {
			continue
		}
		c.gone = append(c.gone, e)
		if e.HasUser() {
			g.Users++
		}
	}
	slices.SortFunc(c.gone, func(a, b *ledger.Entry) int { return cmp.Compare(a.Phone, b.Phone) })
	g.People = len(c.gone)
	g.Everybody = make([]Person, 0, len(c.gone))
	for _, e := range c.gone {
		g.Everybody = append(g.Everybody, Person{0, c.ledger.AsListed(e).Name, e.Phone})
	}
	return g
}

// findNewPhones returns who of the added rows may be somebody who is gone and has a user: a person whose phone was corrected in the file, or
// who has a new one. To the tool they are somebody else, who gets a second user.
func (c *comparison) findNewPhones(added []int) (found []NewPhone) {
	if len(added) == 0 || len(c.gone) == 0 {
		return nil
	}
	rowsOf, goneOf := map[string][]*roster.Row{}, map[string][]*ledger.Entry{}
	for _, e := range c.gone {
		if name := c.ledger.AsListed(e).Name; name != "" && e.HasUser() {
			key := vietnamese.NameKey(name)
			goneOf[key] = append(goneOf[key], e)
		}
	}
	for _, i := range added {
		row := &c.roster.Rows[i]
		if key := vietnamese.NameKey(row.Name); goneOf[key] != nil {
			rowsOf[key] = append(rowsOf[key], row)
		}
	}
	for key, rows := range rowsOf {
		people := goneOf[key]
		for _, row := range rows {
			hadIt := func(e *ledger.Entry) bool { return e.HasExtension(row.ExtensionID, row.ExtensionNumber) }
			i := slices.IndexFunc(people, hadIt)
			hasNone, areAlone := row.ExtensionID == 0 && row.ExtensionNumber == "", len(rows) == 1 && len(people) == 1
			if i < 0 && hasNone && areAlone {
				i = 0
			}
			if i >= 0 {
				found = append(found, NewPhone{Person{row.Line, row.Name, row.Phone}, people[i].Phone})
			}
		}
	}
	slices.SortFunc(found, func(a, b NewPhone) int { return cmp.Compare(a.Line, b.Line) })
	return found
}
