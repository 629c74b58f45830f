package roster

import (
	"strconv"
	"strings"
	"unicode"

	"etelecom-import/apiclient/message"
	"etelecom-import/importer/spreadsheet"
)

// redactor makes cells safe to be seen. Where the cells of a row are in the wrong columns, any of them may hold a password.
type redactor struct {
	words map[shape]string
}

// maxShown is the longest value that is shown, in bytes.
const maxShown = 48

// cell returns a cell that is nothing but digits, signs and separators, and the description of every other; with hideNumbers,
// the description of every cell.
func (r *redactor) cell(cell string, hideNumbers bool) (value string, described bool) {
	text, _ := spreadsheet.Unwrap(cell)
	text = strings.TrimSpace(text)
	mayBeShown := len(text) <= maxShown && !hideNumbers
	if mayBeShown && (isCertainlyScientific(text) || isNumeric(text)) {
		return strings.Map(ordinarySpace, text), false
	}
	return r.describe(cell), true
}

// Digits of a number that a password may be: people have PINs and phones for passwords. Few numbers that are dialled have as
// many digits, and ids have more.
const (
	leastMasked = 6
	mostMasked  = 14
)

// Masked returns a number as it may be shown where it is not known to be one of the tenant's extensions: where the columns
// were mixed up, it is a password. Of numbers with 6 to 14 digits it leaves only the last digit, and how many there are.
func Masked(number string) string {
	if len(number) < leastMasked || len(number) > mostMasked || !spreadsheet.IsDigits(number) {
		return number
	}
	return strings.Repeat("*", len(number)-1) + number[len(number)-1:]
}

// maskDigits is Masked for a number with something around or within it, or for several.
func maskDigits(text string) string {
	isDigit := func(r rune) bool { return '0' <= r && r <= '9' }
	digits, mayBePassword := 0, false
	for run := range strings.FieldsFuncSeq(text, func(r rune) bool { return !isDigit(r) }) {
		digits += len(run)
		isFraction := strings.Trim(run, "0") == ""
		mayBePassword = mayBePassword || Masked(run) != run && !isFraction
	}
	if !mayBePassword && (digits < leastMasked || digits > mostMasked) {
		return text
	}
	masked := []byte(text)
	for i := range masked {
		if '0' <= masked[i] && masked[i] <= '9' {
			if digits--; digits > 0 {
				masked[i] = '*'
			}
		}
	}
	return string(masked)
}

// isCertainlyScientific reports whether a text is a number such as 1.3E+18 and nothing else. Without the sign of the exponent,
// as in 12e45, it may be a password.
func isCertainlyScientific(text string) bool {
	return spreadsheet.IsScientific(text) && strings.IndexAny(text, "+-") > 0
}

// isLongScientific reports whether a number in scientific notation has as many digits as an id, and more than a password.
func isLongScientific(text string) bool {
	_, exponent, ok := strings.Cut(text, "+")
	n, err := strconv.Atoi(strings.TrimRight(exponent, `" `))
	isLong := n >= mostMasked && n < 19 // digits behind the first
	return ok && err == nil && isLong
}

func isNumeric(s string) bool {
	some := false
	for _, r := range s {
		switch r {
		case '0', '1', '2', '3', '4', '5', '6', '7', '8', '9':
			some = true
		case '+', '-', '.', ',', '/', '(', ')':
		default:
			if !unicode.IsSpace(r) {
				return false
			}
		}
	}
	return some
}

func ordinarySpace(r rune) rune {
	if unicode.IsSpace(r) {
		return ' '
	}
	return r
}

// shape is all that is said about a cell that is not shown.
type shape struct {
	characters             int
	letters, digits, other bool
}

// describe returns the shape of a cell in words. There are few shapes, so that each is put in words once.
func (r *redactor) describe(cell string) string {
	var s shape
	for _, c := range cell {
		s.characters++
		s.letters = s.letters || unicode.IsLetter(c)
		s.digits = s.digits || unicode.IsDigit(c)
		s.other = s.other || !unicode.IsLetter(c) && !unicode.IsDigit(c)
	}
	words, ok := r.words[s]
	if !ok {
		if r.words == nil {
			r.words = map[shape]string{}
		}
		words = s.String()
		r.words[s] = words
	}
	return words
}

// String gives the shape in words, such as "9 characters: letters, digits".
func (s shape) String() string {
	var of []string
	for _, class := range []struct {
		there bool
		name  message.Text
	}{{s.letters, "letters"}, {s.digits, "digits"}, {s.other, "others"}} {
		if class.there {
			of = append(of, class.name.String())
		}
	}
	return message.Count(s.characters, "character", "characters") + ": " + strings.Join(of, ", ")
}
