package roster

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"etelecom-import/apiclient/message"
	"etelecom-import/importer/csvtext"
	"etelecom-import/importer/spreadsheet"
)

// nameColumns says in which columns the name is, and puts it together. A name that was created cannot be changed: half of one must
// not be taken for all of it, nor a login or a code.
type nameColumns struct {
	join    bool // [Options.JoinNames]
	line    int  // of the header
	columns []Column

	whole  int   // the column of the whole name, or what may be it; none if there are only parts
	order  []int // the columns that make the name, as a Vietnamese name has them: family, middle, given
	family int   // of order, the column of the family name, and ...
	given  int   // ... of the given name; none if it is not known
	behind []int // columns without a title behind the name: a spreadsheet leaves them of a title over several columns
	coded  bool  // the column may have codes: "Nhân viên"
	wrong  kind  // what is wrong with the names of all rows; 0 if nothing is known to be

	isResult bool // the file was a result: its names are escaped

	rows             int      // so far
	codes            []uint32 // rows with what looks like a code
	rests            []uint32 // rows with the rest of the name behind it
	proven           bool     // in some row, whole has the whole name
	joined           bool     // in some row, the name was put together
	right, exchanged int      // rows whose family name is in its column, and in the other
}

// none is no column.
const none = -1

// newNameColumns finds the columns of the name. It returns nil if there are none.
func newNameColumns(h *titleRow, join bool) (*nameColumns, error) {
	n := &nameColumns{join: join, line: h.line, columns: h.columns, whole: none, family: none, given: none, isResult: own(h.cells) == resultFile}
	var err error
	only := func(m meaning) int {
		at := h.with(m)
		if len(at) > 1 && err == nil {
			err = h.refuseTwice(at[0], at[1], fieldName)
		}
		if len(at) == 0 {
			return none
		}
		return at[0]
	}
	hasPart := h.has(familyName, middleName, givenName)
	hasBoth := h.has(familyName) && h.has(givenName)
	switch {
	case h.has(wholeName):
		n.whole = only(wholeName)
	case h.has(plainName) && (hasBoth || !hasPart): // address books have both parts beside it
		n.whole = only(plainName)
	case h.has(displayName):
		n.whole = only(displayName)
	case hasBoth && h.firstLogin() != none && !join:
		n.whole, n.wrong = h.firstLogin(), splitName
	case hasBoth: // an employee is a code, perhaps
		n.family, n.given = only(familyName), only(givenName)
		n.order = []int{n.family, only(middleName), n.given}
	case h.has(plainName, personName):
		if n.whole = only(plainName); n.whole == none {
			n.whole, n.coded = only(personName), true
		}
		if given := only(givenName); given != none {
			n.family, n.given = n.whole, given
			n.order = []int{n.family, only(middleName), n.given}
			break
		}
		n.family, n.given = only(familyName), n.whole
		n.order = []int{n.family, only(middleName), n.given}
	case h.firstLogin() != none:
		n.whole, n.wrong = h.firstLogin(), loginName
	default:
		return nil, nil
	}
	if len(n.order) == 0 {
		n.order = []int{n.whole}
	}
	n.order = slices.DeleteFunc(n.order, func(at int) bool { return at == none })
	if err == nil && n.whole == none && !join {
		err = n.refuseSplit()
	}
	if err != nil {
		return nil, err
	}
	n.mark(h)
	return n, nil
}

// mark says for each column of the name what it is.
func (n *nameColumns) mark(h *titleRow) {
	for _, at := range n.order {
		c := &h.columns[at]
		switch at {
		case n.whole:
			c.key = fieldName
			if n.wrong == 0 {
				c.Field = fieldName
			}
		case n.family:
			c.key = keyFamily
		case n.given:
			c.key = keyGiven
		default:
			c.key = keyMiddle
		}
	}
	for at, t := range h.titles {
		isBehindName := slices.Contains(n.order, at-1) || slices.Contains(n.behind, at-1)
		if t.blank && isBehindName {
			h.columns[at].key = keyBehind
			n.behind = append(n.behind, at)
		}
	}
}

// refuseSplit refuses a file in which the name is in several columns.
func (n *nameColumns) refuseSplit() error {
	var names []any
	for _, at := range n.order {
		names = append(names, n.columns[at].Header)
	}
	problem := message.Sprintf("the name is in three columns, %q, %q and %q", append(names, "")[:3]...)
	if len(names) == 2 {
		problem = message.Sprintf("the name is in two columns, %q and %q", names...)
	}
	return csvtext.Refuse(n.line, 0, problem, message.T("join them into one, or run again with --join-names: it joins them in this order"))
}

// read puts the name of a record together, before the record is validated. It notes in v what is wrong with it.
func (n *nameColumns) read(v *validator, line int, rec *record) error {
	n.rows++
	if n.wrong != 0 {
		v.found(finding{kind: n.wrong})
	}
	if n.coded && isCode(rec.Name) {
		n.codes = append(n.codes, uint32(len(v.roster.Rows)))
	}
	if n.isResult {
		if name := spreadsheet.RestoreFormulas(rec.Name); name != rec.Name {
			rec.Name = name
			v.textLine = line
			v.repaired(line, fieldName, message.T("what the result has added to it was removed"))
		}
	}
	if len(n.order) > 1 {
		if err := n.readParts(v, line, rec); err != nil {
			return err
		}
	}
	if rec.Behind == "" || !isRest(rec.Name, string(rec.Behind)) {
		return nil
	}
	if !n.join || len(n.order) > 1 { // the parts of the name have titles: this is something else
		v.found(finding{kind: restOfName})
		return nil
	}
	n.rests = append(n.rests, uint32(len(v.roster.Rows)))
	n.countFamilies(rec.Name, string(rec.Behind))
	n.joined = true
	rec.Name = strings.TrimSpace(spaced(rec.Name) + " " + spaced(string(rec.Behind)))
	return nil
}

// readParts puts the name together of the columns of its parts.
func (n *nameColumns) readParts(v *validator, line int, rec *record) error {
	var parts []string // that are filled
	isWhole := n.whole != none
	for _, at := range n.order {
		part := spaced(n.part(rec, at))
		if part == "" {
			continue
		}
		parts = append(parts, part)
		isWhole = isWhole && (at == n.whole || hasWords(rec.Name, part))
	}
	isAlone := len(parts) < 2
	switch {
	case isAlone && n.whole != none:
		return nil
	case isWhole:
		n.proven = true
	case !n.join:
		return n.refuseSplit()
	default:
		family, given := n.part(rec, n.family), n.part(rec, n.given)
		if n.whole == none && hasWords(given, family) {
			return csvtext.Refuse(line, 0, message.Sprintf("the column %q has the family name, too", n.columns[n.given].Header),
				message.T("remove it there, or delete the column of the family name"))
		}
		n.countFamilies(family, given)
		n.joined = true
		rec.Name = strings.Join(parts, " ")
		if at := slices.IndexFunc(parts, looksLikePassword); at >= 0 { // as a part of a name, it would not look like one any more
			v.found(finding{kind: swappedName})
			rec.Name = parts[at]
		}
	}
	if n.proven && n.joined {
		return csvtext.Refuse(line, 0,
			message.Sprintf("the column %q has the whole name in some rows, and a part of it in others", n.columns[n.whole].Header),
			message.T("write the whole name in all rows, and delete the columns of its parts"))
	}
	if isAlone && len(parts) == 1 {
		v.warned(line, fieldName, message.T("one of its columns is empty"))
	}
	return nil
}

// part returns what a column of the name has.
func (n *nameColumns) part(rec *record, at int) string {
	if at == none {
		return ""
	}
	return rec.get(n.columns[at].key)
}

// finish finds what all rows together show: that the columns do not hold what their titles say. It says in the dialect of which
// columns the names were put together.
func (n *nameColumns) finish(r *Roster) error {
	if n.rows == 0 && len(n.order) > 1 && !n.join {
		return n.refuseSplit()
	}
	if n.exchanged > n.right {
		return n.refuseExchanged()
	}
	if len(n.codes)*2 > n.rows {
		r.foundAll(codeName, n.codes)
	}
	if len(n.rests)*2 < n.rows { // most names have no rest: it is a note
		r.foundAll(restOfName, n.rests)
	}
	if n.joined {
		for _, at := range slices.Concat(n.order, n.behind) {
			n.columns[at].Field = fieldName
			r.Dialect.Joined = append(r.Dialect.Joined, n.columns[at].name(at))
		}
	}
	return nil
}

// refuseExchanged refuses a file with the family names where the given names should be.
func (n *nameColumns) refuseExchanged() error {
	if n.given == none {
		return csvtext.Refuse(n.line, 0, message.Sprintf("column %d has no title, and has the family names", n.behind[0]+1),
			message.T("give both columns of the name a title"))
	}
	return csvtext.Refuse(n.line, 0,
		message.Sprintf("the family names are in the column %q, and the given names in the column %q", n.columns[n.given].Header, n.columns[n.family].Header),
		message.T("exchange the titles of the two columns"))
}

// familyNames are common family names that are hardly ever given names.
var familyNames = []string{
	"nguyễn", "trần", "lê", "phạm", "huỳnh", "phan", "võ", "bùi", "đỗ", "ngô", "đặng", "trịnh", "nguyen", "tran", "pham", "huynh", "trinh",
}

// isFamilyName reports whether a word is a common family name.
func isFamilyName(word string) bool {
	return slices.Contains(familyNames, strings.ToLower(norm.NFC.String(word)))
}

// countFamilies counts where the family name of a row is.
func (n *nameColumns) countFamilies(family, given string) {
	begins := func(text string) bool {
		words := strings.Fields(text)
		return len(words) > 0 && isFamilyName(words[0])
	}
	switch inFamily, inGiven := begins(family), begins(given); {
	case inFamily && !inGiven:
		n.right++
	case inGiven && !inFamily:
		n.exchanged++
	}
}

// spaced returns a text with single spaces between its words.
func spaced(text string) string { return strings.Join(strings.Fields(text), " ") }

// hasWords reports whether a name has the words of another one beside each other, and more.
func hasWords(name, part string) bool {
	all, some := strings.Fields(strings.ToLower(norm.NFC.String(name))), strings.Fields(strings.ToLower(norm.NFC.String(part)))
	if len(some) == 0 {
		return false
	}
	for i := 0; i+len(some) <= len(all); i++ {
		if slices.Equal(all[i:i+len(some)], some) {
			return len(all) > len(some)
		}
	}
	return false
}

// isCode reports whether a cell has a code or a login in the place of a name: NV001, lan.nt.
func isCode(cell string) bool {
	text, _ := spreadsheet.Unwrap(cell)
	return text != "" && !strings.Contains(text, " ") && strings.ContainsAny(text, "0123456789._@\\")
}

// isRest reports whether what is in a column without a title may be the rest of a name, and not a mark or a note.
func isRest(name, text string) bool {
	if strings.ContainsFunc(text, isOddInName) {
		return false
	}
	return isCapital(text) || !isCapital(strings.TrimSpace(name)) && len(text) > 1
}

// isOddInName reports whether r is in no name.
func isOddInName(r rune) bool {
	return !unicode.IsLetter(r) && !unicode.IsMark(r) && !unicode.IsSpace(r) && !spreadsheet.IsInvisible(r) && !strings.ContainsRune("-.'’", r)
}

// continuation is what the columns without a title behind the name have. There may be several: they have one name in the record.
type continuation string

// UnmarshalCSV adds a cell. It makes continuation a type that gocsv reads.
func (c *continuation) UnmarshalCSV(cell string) error {
	*c = continuation(strings.TrimSpace(string(*c) + " " + strings.TrimSpace(cell)))
	return nil
}
