package roster

import (
	"cmp"
	"slices"

	"etelecom-import/apiclient/message"
	"etelecom-import/importer/vietnamese"
)

// signs are what reading found odd about the cells of a row. None of them is a problem by itself: what they mean shows when all
// rows are known.
type signs uint32

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
	groupedDigits                     // that is a number in groups
	otherPhone                        // that is somebody's phone
	likeLogin                         // the name looks like a login, or is an e-mail address
	mayBeLogin                        // the name may be a login, if others are
	oneWord                           // the name is one word in small letters, as logins are
	numberedWord                      // the same with a number
	likeCode                          // the name looks like the code of a person: NV001
	counted                           // the name begins as the item of a list does
	wrappedAlike                      // phone and extension are wrapped, and a password of digits is as they are
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
	grouped   int // groupedDigits
	logins    int // likeLogin or mayBeLogin
	numbered  int // numberedWord
	codes     int // likeCode
	counted   int // counted
	alike     int // wrappedAlike, with a password

	shortest, longest uint8           // password of digits alone
	prints            map[uint16]bool // of the passwords of rows with likePassword
	phones            int             // otherPhone
	phonesMissing     int             // otherPhone, and no phone is in the row
	phonePrints       map[uint16]bool // of the passwords of rows with otherPhone
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
	c.grouped += groupedDigits.in(s)
	c.logins += (likeLogin | mayBeLogin).in(s)
	c.numbered += numberedWord.in(s)
	c.codes += likeCode.in(s)
	c.counted += counted.in(s)
	if s&filledPassword != 0 {
		c.alike += wrappedAlike.in(s)
	}
	if s&digitPassword != 0 {
		if c.digits++; c.digits == 1 {
			c.shortest = row.passwordLength
		}
		c.shortest, c.longest = min(c.shortest, row.passwordLength), max(c.longest, row.passwordLength)
	}
	if s&otherPhone != 0 {
		if c.phonePrints == nil {
			c.phonePrints = map[uint16]bool{}
		}
		c.phones++
		c.phonePrints[row.fingerprint] = true
		if row.Phone == 0 {
			c.phonesMissing++
		}
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

// phonesExchanged reports whether the passwords of the file are phones, and its phones passwords.
func (c *counts) phonesExchanged() bool {
	const few = 3                             // rows, of which one at least must have something else than a phone in its place
	differ := 2*len(c.phonePrints) > c.phones // else people have one password in common, such as the phone of the company
	enough := c.phones >= few || c.phones == few-1 && c.phonesMissing > 0
	return enough && differ && 2*c.phones > c.rows
}

// namesAreLogins reports whether the column of the name has logins. differ tells that words with a number are different ones.
func (c *counts) namesAreLogins(differ bool) bool {
	if c.logins > 0 && differ {
		return c.isMost(c.logins + c.numbered)
	}
	return c.isMost(c.logins)
}

// allAlike reports whether all rows with a password, of which there are some, have their numbers wrapped alike: a program has done that.
func (c *counts) allAlike(least int) bool { return c.alike >= least && c.alike == c.passwords }

// isMost reports whether a number of rows are several, and most of the file's.
func (c *counts) isMost(rows int) bool {
	const several = 3
	return rows >= several && 2*rows > c.rows
}

// judge looks at all rows, and then at what was found in each.
func (j *judge) judge() {
	r := j.roster
	r.showNames()
	r.showNumbers()
	for i := range r.Rows {
		if !j.isDone(i) {
			j.of.add(&r.Rows[i])
		}
	}
	j.countNames()
	for i := range r.content {
		j.finding(&r.content[i])
	}
	j.logins()
	j.codes()
	j.swappedNames()
	j.swappedPhones()
	j.swappedExtensions()
	j.shortenedPasswords()
	slices.SortStableFunc(r.judged, func(a, b finding) int { return cmp.Compare(a.row, b.row) })
	r.hideNames(j.isDone)
	r.hideNumbers(j.done != nil)
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

// logins refuses the rows that have a login in place of a name, if most of the file have. Else they are told.
func (j *judge) logins() {
	differ := j.roster.numbered.differ()
	all, numbered := j.of.namesAreLogins(differ), differ && j.of.isMost(j.of.numbered)
	if !all && !numbered && j.of.logins == 0 {
		return // nearly every file
	}
	told := likeLogin
	if numbered {
		told |= numberedWord
	}
	k := &kinds[loginAsName]
	for i := range j.roster.Rows {
		s := j.roster.Rows[i].signs
		isOne := s&told != 0 || all && s&(mayBeLogin|oneWord) != 0
		switch {
		case !isOne || j.isDone(i):
		case !all:
			j.note(uint32(i), fieldName, k.note)
		case j.roster.allowNames:
			j.allow(uint32(i), k)
		default:
			j.refuse(i, loginAsName)
		}
	}
}

// codes tells of names that look like codes, if most of the file do.
func (j *judge) codes() {
	if !j.of.isMost(j.of.codes) {
		return // nearly every file
	}
	for i := range j.roster.Rows {
		if j.roster.Rows[i].signs&likeCode != 0 && !j.isDone(i) {
			j.note(uint32(i), fieldName, "it looks like the code of a person: make sure that it is the name")
		}
	}
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

// swappedPhones refuses the rows whose phone and password are in each other's columns.
func (j *judge) swappedPhones() {
	if !j.of.phonesExchanged() {
		return // nearly every file
	}
	r := j.roster
	r.judgedOfFile = append(r.judgedOfFile, finding{kind: swappedPhones})
	for i := range r.Rows {
		row := &r.Rows[i]
		if row.signs&otherPhone != 0 && row.Phone != 0 && !j.isDone(i) {
			j.refuse(i, swappedPhone)
		}
	}
}

// swappedExtensions refuses the rows whose extension and password are in each other's columns, as far as numbers tell.
func (j *judge) swappedExtensions() {
	r := j.roster
	var long, short exchangedPINs
	for _, pin := range r.pins {
		i := int(pin.row)
		if j.isDone(i) {
			continue
		}
		switch n, digits := dialled(&r.Rows[i]); {
		case digits >= longExtension:
			long.add(i, n, digits, pin.text.Reveal())
		case digits > 0:
			short.add(i, n, digits, pin.text.Reveal())
		}
	}
	if len(long.rows)+len(short.rows) == 0 {
		return // nearly every file
	}
	for i := range r.Rows {
		switch n, digits := dialled(&r.Rows[i]); {
		case digits >= longExtension:
			long.all = append(long.all, n)
		case digits > 0:
			short.all = append(short.all, n)
		}
	}
	switch isScattered := long.isScattered(); {
	case isScattered && long.longAreSwapped():
		r.judgedOfFile = append(r.judgedOfFile, finding{kind: swappedExtensions})
		for _, i := range long.rows {
			j.refuse(i, swappedExtension)
		}
	case isScattered && long.longMayBeSwapped():
		j.noteExchanged(long.rows)
	}
	switch isMost := 2*len(short.rows) > j.of.passwords; {
	case isMost && short.mayBeSwapped():
		j.noteExchanged(short.rows)
	case isMost && short.shortAreSwapped():
		r.judgedOfFile = append(r.judgedOfFile, finding{kind: swappedPINs})
		for _, i := range short.rows {
			j.refuse(i, swappedExtension)
		}
	}
}

// noteExchanged tells of rows that are too few to show whether extension and password are in each other's columns.
func (j *judge) noteExchanged(rows []int) {
	for _, i := range rows {
		j.note(uint32(i), fieldPassword, "it is a short number beside another one: make sure that it is not the extension, and the extension the password")
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
