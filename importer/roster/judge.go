package roster

import (
	"cmp"
	"slices"
	"strconv"

	"etelecom-import/apiclient/message"
	"etelecom-import/importer/vietnamese"
)

// signs are what reading found odd about the cells of a row. None of them is a problem by itself: what they mean shows when all
// rows are known.
type signs uint16

const (
	wordName        signs = 1 << iota // the name is a word such as null, or has one in it
	likePassword                      // the name looks like a password, and the password may be a name
	lostZero                          // the phone had lost its 0
	wrappedNumbers                    // the phone or the extension was wrapped
	formula                           // a cell begins as a formula does, and nothing is before it
	filledPassword                    // the row has a password
	digitPassword                     // of digits alone
	zeroPassword                      // that begins with 0
	fullName                          // that looks like a full name
	partOfName                        // that may be a name
	endsInDelimiter                   // that ends in what separates cells in other files
)

// in is 1 if the sign is among others, and 0 if it is not.
func (s signs) in(others signs) int {
	if others&s != 0 {
		return 1
	}
	return 0
}

// judge is one judgement.
type judge struct {
	roster *Roster
	done   func(row int) bool
	of     counts
	names  vietnamese.Census
}

// counts says how many rows there are whose user is still to be created, and how many of them have a sign.
type counts struct {
	rows      int
	words     int // wordName
	wrapped   int // wrappedNumbers
	formulas  int // formula
	lostZeros int // lostZero
	passwords int // filledPassword
	digits    int // digitPassword
	zeros     int // zeroPassword
	exchanged int // likePassword
	delimited int // endsInDelimiter

	shortest, longest uint8           // password of digits alone
	prints            map[uint16]bool // of the passwords of rows with likePassword
}

func (c *counts) add(row *Row) {
	s := row.signs
	c.rows++
	c.passwords += filledPassword.in(s)
	if s&^filledPassword == 0 {
		return // nearly every row
	}
	c.words += wordName.in(s)
	c.wrapped += wrappedNumbers.in(s)
	c.formulas += formula.in(s)
	c.lostZeros += lostZero.in(s)
	c.zeros += zeroPassword.in(s)
	c.delimited += endsInDelimiter.in(s)
	if s&digitPassword != 0 {
		if c.digits++; c.digits == 1 {
			c.shortest = row.passwordLength
		}
		c.shortest, c.longest = min(c.shortest, row.passwordLength), max(c.longest, row.passwordLength)
	}
	if s&likePassword != 0 {
		if c.prints == nil {
			c.prints = map[uint16]bool{}
		}
		c.exchanged++
		c.prints[row.fingerprint] = true
	}
}

// namesExchanged reports whether the names of the file are passwords, and its passwords names. Of one row, both cells must look so
// beyond doubt, and that is decided without the others.
func (c *counts) namesExchanged() bool {
	differ := 2*len(c.prints) > c.exchanged // else people have one password in common, and it is a word
	return c.exchanged >= 2 && 2*c.exchanged >= c.passwords && differ
}

// judge looks at all rows, and then at what was found in each.
func (j *judge) judge() {
	r := j.roster
	r.showNames()
	for i := range r.Rows {
		if !j.isDone(i) {
			j.of.add(&r.Rows[i])
		}
	}
	j.countNames()
	for i := range r.content {
		j.finding(&r.content[i])
	}
	j.swappedNames()
	j.swappedExtensions()
	j.shortenedPasswords()
	slices.SortStableFunc(r.judged, func(a, b finding) int { return cmp.Compare(a.row, b.row) })
	r.hideNames(j.isDone)
}

// isDone reports whether the user of a row was created.
func (j *judge) isDone(row int) bool { return j.done != nil && j.done(row) }

// finding takes over a finding of a name or a password, or makes a note of it.
func (j *judge) finding(f *finding) {
	if j.isDone(int(f.row)) {
		return
	}
	k := &kinds[f.kind]
	if damage := damageOf(f.kind); damage != vietnamese.Intact {
		j.ruinedName(f, vietnamese.Finding{Damage: damage, Certainty: vietnamese.Certainty(f.arg)})
		return
	}
	undecided := k.counts != nil && !k.counts(&j.of)
	switch {
	case k.noteOf != nil:
		j.note(f.row, k.column, k.noteOf(f))
	case k.code == "", undecided && k.note != "":
		j.note(f.row, k.column, k.note)
	case undecided:
		j.note(f.row, k.column, k.problem)
	case k.allowed && j.roster.allowNames:
		j.allow(f.row, k)
	default:
		j.roster.judged = append(j.roster.judged, *f)
	}
}

// countNames counts what was found of all names, so that those that are not certain are decided together.
func (j *judge) countNames() {
	intact := j.of.rows
	for _, f := range j.roster.content {
		if damage := damageOf(f.kind); damage != vietnamese.Intact && !j.isDone(int(f.row)) {
			j.names.Add(vietnamese.Finding{Damage: damage, Certainty: vietnamese.Certainty(f.arg)})
			intact--
		}
	}
	for range intact {
		j.names.Add(vietnamese.Finding{})
	}
}

// ruinedName decides about a name that a program has ruined, perhaps.
func (j *judge) ruinedName(f *finding, is vietnamese.Finding) {
	k := &kinds[f.kind]
	switch refused := j.names.Refuses(is); {
	case refused && j.roster.allowNames:
		j.allow(f.row, k)
	case refused:
		j.roster.judged = append(j.roster.judged, *f)
	case is.Certainty != vietnamese.Possible:
		j.note(f.row, k.column, k.problem)
	}
}

// allow tells of one name that --allow-names accepts.
func (j *judge) allow(row uint32, k *kindEntry) {
	j.note(row, fieldName, message.Text(message.Sprintf("line %d is accepted with --allow-names: %s", j.roster.Rows[row].Line, k.problem)))
}

func (j *judge) note(row uint32, column string, text message.Text) {
	j.roster.Doubts = note(j.roster.Doubts, column, text.String(), j.roster.Rows[row].Line)
}

// refuse adds a finding of a row.
func (j *judge) refuse(row int, k kind) {
	j.roster.judged = append(j.roster.judged, finding{row: uint32(row), kind: k})
}

// swappedNames refuses the rows whose name and password are in each other's columns: all, if most of the file's are.
func (j *judge) swappedNames() {
	const both = likePassword | fullName
	all := j.of.namesExchanged()
	if all {
		j.roster.judgedOfFile = append(j.roster.judgedOfFile, finding{kind: swappedNames})
	}
	for i := range j.roster.Rows {
		if s := j.roster.Rows[i].signs; (all || s&both == both) && !j.isDone(i) {
			j.refuse(i, swappedName)
		}
	}
}

// swappedExtensions refuses the rows whose extension and password are in each other's columns, as far as numbers tell.
func (j *judge) swappedExtensions() {
	r := j.roster
	var rows []int
	var extensions, passwords []int64
	for _, pin := range r.pins {
		if i := int(pin.row); !j.isDone(i) {
			n, _ := strconv.ParseInt(pin.text.Reveal(), 10, 64)
			rows, extensions, passwords = append(rows, i), append(extensions, dialled(&r.Rows[i])), append(passwords, n)
		}
	}
	if len(rows) == 0 {
		return // nearly every file
	}
	var all []int64
	for i := range r.Rows {
		if n := dialled(&r.Rows[i]); n != 0 {
			all = append(all, n)
		}
	}
	if !areSwapped(extensions, passwords, all) {
		return
	}
	r.judgedOfFile = append(r.judgedOfFile, finding{kind: swappedExtensions})
	for _, i := range rows {
		j.refuse(i, swappedExtension)
	}
}

// shortenedPasswords tells of passwords that may have lost zeros at the front, as phones lose them. Which ones have, nobody can
// know.
func (j *judge) shortenedPasswords() {
	c := &j.of
	afterPhones := c.lostZeros > 0 && c.digits > 0
	differ := c.digits >= 2 && c.digits == c.passwords && c.shortest != c.longest
	if !afterPhones && (!differ || c.zeros > 0) {
		return
	}
	for i := range j.roster.Rows {
		row := &j.roster.Rows[i]
		whole := row.signs&digitPassword == 0 || row.signs&zeroPassword != 0
		switch {
		case whole || j.isDone(i):
		case afterPhones:
			j.note(uint32(i), fieldPassword, "phones of this file had lost the 0 at their front: make sure that this password of digits has not")
		case row.passwordLength < c.longest:
			j.note(uint32(i), fieldPassword, "all passwords are digits, and this one is shorter than others: make sure that it has not lost a 0 at its front")
		}
	}
}
