package roster

import (
	"strings"
	"unicode"

	"etelecom-import/apiclient/message"
	"etelecom-import/importer/csvtext"
	"etelecom-import/importer/phone"
	"etelecom-import/importer/spreadsheet"
)

// refuseSwallowed refuses a header that has swallowed rows: a program has written it without a line break at its end, or has made
// spaces of line breaks. Without this, the people in it would be missing, and their passwords be shown as titles.
func (h *titleRow) refuseSwallowed() error {
	if h.pairs() {
		return csvtext.Refuse(h.line, 0, message.T("this line has a title and a value in each cell"),
			message.T("write the titles once, on the first line, and the values alone below them"))
	}
	at := h.firstSwallowed()
	if at == none {
		return nil
	}
	last := at - 1
	if isGlued(h.cells[at]) {
		last = at
	}
	for last > 0 && h.titles[last].meaning == unknown && !isGlued(h.cells[last]) {
		last--
	}
	return csvtext.Refuse(h.line, 0, message.Sprintf("this line holds the header and the first row: a line break is missing after column %d", max(last, 0)+1),
		message.T("put each row on a line of its own, or save the file again as CSV UTF-8"))
}

// firstSwallowed returns the first column that shows that rows were swallowed; none if no column does.
func (h *titleRow) firstSwallowed() int {
	for i, c := range h.cells {
		if isPersonal(c) || isGlued(c) {
			return i
		}
	}
	return h.surplus()
}

// pairs reports whether the header is made of titles with values, such as "SĐT: 0901234567".
func (h *titleRow) pairs() bool {
	phones, values := 0, 0
	for _, t := range h.titles {
		isField := t.meaning != unknown && t.meaning < rowNumber
		if isField && t.remark != "" && !isRemarkStart(tokens(t.remark)) {
			values++
			if t.meaning == phoneNumber && isPersonal(t.remark) {
				phones++
			}
		}
	}
	return phones > 0 && values > 1
}

// leastPersonal is how many digits a number has that is in no title: a phone, or an id.
const leastPersonal = 9

// isPersonal reports whether a cell as a whole is a phone, an id, or another long number.
func isPersonal(cell string) bool {
	text, _ := spreadsheet.Unwrap(cell)
	if first, second, two := strings.Cut(text, " - "); two { // dates, or phones
		return isPersonal(first) || isPersonal(second)
	}
	if phone.Normalize(text) != 0 {
		return true
	}
	digits := 0
	for _, r := range text {
		switch {
		case unicode.IsDigit(r):
			digits++
		case !strings.ContainsRune(" .,-()+'\u00a0", r):
			return false
		}
	}
	return digits >= leastPersonal
}

// isGlued reports whether a cell is a title with a name or a phone directly behind it: the last title of a header, and the first
// cell of a row.
func isGlued(cell string) bool {
	text := tidy(cell)
	if len(text) > 4*maxTitle {
		text = text[:4*maxTitle]
	}
	rest := ""
	for i := range text {
		if i == 0 {
			continue
		}
		if _, ok := lookUp(text[:i]); ok {
			rest = text[i:]
		}
	}
	rest = strings.TrimSpace(rest)
	isRemark := rest == "" || strings.ContainsRune("([{<:=", rune(rest[0])) || isRemarkStart(tokens(rest))
	if isRemark {
		return false
	}
	return hasLongNumber(rest) || hasPersonName(rest)
}

// hasLongNumber reports whether a text has a number in it that is a phone or an id, in whatever way its digits are divided.
func hasLongNumber(text string) bool {
	digits := 0
	for _, r := range text {
		switch {
		case unicode.IsDigit(r):
			if digits++; digits >= leastPersonal {
				return true
			}
		case r != ' ' && r != '.' && r != '-':
			digits = 0
		}
	}
	return false
}

// hasPersonName reports whether a text has a common family name in it with another word behind.
func hasPersonName(text string) bool {
	words := strings.FieldsFunc(text, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsMark(r) })
	for i := range len(words) - 1 {
		if isCapital(words[i]) && isCapital(words[i+1]) && isFamilyName(words[i]) {
			return true
		}
	}
	return false
}

// isCapital reports whether a word begins with a capital.
func isCapital(word string) bool {
	for _, r := range word {
		return unicode.IsUpper(r)
	}
	return false
}

// leastSurplus is how many cells have to look like a row.
const leastSurplus = 4

// surplus returns the first of at least four cells behind the titles that look like the first row: none of them is a title, and
// they are what the columns hold. It returns none if there are not as many.
func (h *titleRow) surplus() int {
	width := len(h.titles)
	for width > 0 && h.titles[width-1].meaning == unknown {
		width--
	}
	for first := range 2 { // the last title and the first cell may have become one
		fits, sure := 0, false
		for i := first; i < width && width-first+i < len(h.cells); i++ {
			fit, certain := h.fits(i, h.cells[width-first+i])
			if !fit {
				fits = 0
				break
			}
			fits++
			sure = sure || certain
		}
		if sure && fits >= leastSurplus-first {
			return width
		}
	}
	return none
}

// fits reports whether a cell may belong to a column, and whether that is certain, since it is no title.
func (h *titleRow) fits(column int, cell string) (fit, certain bool) {
	text, _ := spreadsheet.Unwrap(cell)
	switch h.titles[column].meaning {
	case extensionNumber, lineNumber, rowNumber:
		isNumber := spreadsheet.IsDigits(text)
		return isNumber, isNumber
	case wholeName, plainName, personName, displayName, familyName, middleName, givenName:
		return text != "" && !strings.ContainsFunc(text, unicode.IsDigit), false
	}
	return true, false
}
