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
func refuseSwallowed(h *titleRow) error {
	if isPairs(h.titles) {
		return csvtext.Refuse(h.line, 0, message.T("this line has a title and a value in each cell"),
			message.T("write the titles once, on the first line, and the values alone below them"))
	}
	at := firstSwallowed(h)
	if at == none {
		return nil
	}
	last := at - 1
	if isGlued(h.cells[at]) {
		last = at
	}
	for last > 0 && h.titles[last].meaning == unknown {
		if w, _ := cutTitle(h.cells[last]); w.meaning != unknown {
			break
		}
		last--
	}
	return csvtext.Refuse(h.line, 0, message.Sprintf("this line holds the header and the first row: a line break is missing after column %d", max(last, 0)+1),
		message.T("put each row on a line of its own, or save the file again as CSV UTF-8"))
}

// firstSwallowed returns the first column that shows that rows were swallowed; none if no column does.
func firstSwallowed(h *titleRow) int {
	for i, c := range h.cells {
		if isPersonal(c) || isGlued(c) {
			return i
		}
	}
	return surplus(h)
}

// isPairs reports whether a header is made of titles with values, such as "SĐT: 0901234567".
func isPairs(titles []title) bool {
	phones, values := 0, 0
	for _, t := range titles {
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
	_, rest := cutTitle(cell)
	return hasLongNumber(rest) || hasPersonName(rest)
}

// cutTitle returns the title that a cell begins with, and what is directly behind it, if that is no remark. The meaning of the title
// is unknown if the cell does not begin with one, or is nothing but one.
func cutTitle(cell string) (found titleWord, rest string) {
	text := tidy(cell)
	if len(text) > 4*maxTitle {
		text = text[:4*maxTitle]
	}
	var last rune
	for i, r := range text {
		if isEnd := unicode.IsLetter(last) && !unicode.IsLower(r) && !unicode.IsMark(r); isEnd {
			if w, ok := lookUp(text[:i]); ok {
				found, rest = w, text[i:]
			}
		}
		last = r
	}
	rest = strings.TrimSpace(rest)
	isRemark := rest == "" || strings.ContainsRune("([{<:=", rune(rest[0])) || isRemarkStart(tokens(rest))
	if isRemark || isAboutContent(rest) && !hasLongNumber(rest) {
		return titleWord{}, ""
	}
	return found, rest
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
func surplus(h *titleRow) int {
	width := len(h.titles)
	meanings := make([]meaning, width)
	first := 0 // cells of the row that are behind the last title, in its cell
	for ; width > 0; width-- {
		if meanings[width-1] = h.titles[width-1].meaning; meanings[width-1] != unknown {
			break
		}
		if w, _ := cutTitle(h.cells[width-1]); w.meaning != unknown {
			meanings[width-1], first = w.meaning, 1
			break
		}
	}
	for i := range max(width-1, 0) {
		meanings[i] = h.titles[i].meaning
	}
	fits, sure := first, false
	for i := first; i < width && width-first+i < len(h.cells); i++ {
		fit, certain := meanings[i].fits(h.cells[width-first+i])
		if !fit {
			return none
		}
		fits++
		sure = sure || certain
	}
	if sure && fits >= leastSurplus {
		return width
	}
	return none
}
