package roster

import (
	"fmt"
	"strings"
	"unicode"

	"etelecom-import/importer/spreadsheet"
)

// maxShown is the longest value that is shown, in bytes.
const maxShown = 48

// show makes a cell safe to be seen. Where cells are shifted, it may hold a password: it is shown only if it is digits
// and their usual company, and described otherwise.
func (j *judge) show(cell string) (value string, described bool) {
	text, _ := spreadsheet.Unwrap(cell)
	text = strings.TrimSpace(text)
	if len(text) <= maxShown && !j.shifted && (isShownScientific(text) || isNumeric(text)) {
		if strings.ContainsFunc(text, isOddSpace) {
			text = strings.Map(spaces, text)
		}
		return j.texts.keep(text), false
	}
	return j.describe(cell), true
}

// Digits of a number that a password may be: people have PINs and phones for passwords. Few numbers that are dialled have as
// many digits, and ids have more.
const (
	leastMasked = 6
	mostMasked  = 14
)

// Masked returns a number as it may be shown where it is not known to be one of the tenant's extensions: where the columns
// were mixed up, it is a password. Of those with 6 to 14 digits, only how many there are and the last one are left.
func Masked(number string) string {
	if len(number) < leastMasked || len(number) > mostMasked || !spreadsheet.IsDigits(number) {
		return number
	}
	return strings.Repeat("*", len(number)-1) + number[len(number)-1:]
}

// maskDigits is Masked for a number with something around or within it.
func maskDigits(text string) string {
	digits := 0
	for i := range len(text) {
		if '0' <= text[i] && text[i] <= '9' {
			digits++
		}
	}
	if digits < leastMasked || digits > mostMasked {
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

// isShownScientific reports whether a text is certainly a number in scientific notation, as in 1.3E+18. Without the sign of
// the exponent, as in 12e45, it may be a password.
func isShownScientific(text string) bool {
	return spreadsheet.IsScientific(text) && strings.IndexAny(text, "+-") > 0
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

func isOddSpace(r rune) bool { return r != ' ' && unicode.IsSpace(r) }

func spaces(r rune) rune {
	if isOddSpace(r) {
		return ' '
	}
	return r
}

// shape is all that is told of a cell that is not shown.
type shape struct {
	characters             int
	letters, digits, other bool
}

func (j *judge) describe(cell string) string {
	var s shape
	for _, r := range cell {
		s.characters++
		s.letters = s.letters || unicode.IsLetter(r)
		s.digits = s.digits || unicode.IsDigit(r)
		s.other = s.other || !unicode.IsLetter(r) && !unicode.IsDigit(r)
	}
	words, ok := j.shapes[s]
	if !ok {
		if j.shapes == nil {
			j.shapes = map[shape]string{}
		}
		words = s.String()
		j.shapes[s] = words
	}
	return words
}

// String gives the shape in words, such as "9 characters: letters, digits".
func (s shape) String() string {
	var of []string
	for _, class := range []struct {
		there bool
		name  string
	}{{s.letters, "letters"}, {s.digits, "digits"}, {s.other, "others"}} {
		if class.there {
			of = append(of, class.name)
		}
	}
	return fmt.Sprintf("%d characters: %s", s.characters, strings.Join(of, ", "))
}
