package roster

import (
	"fmt"
	"strings"
	"unicode"
)

// maxShown is the longest value that is shown, in bytes.
const maxShown = 48

// show makes a cell safe to be seen. Where cells are shifted, it may hold a password: it is shown only if it is digits
// and their usual company, and described otherwise.
func (j *judge) show(cell string) (value string, described bool) {
	text, _ := unwrap(cell)
	text = strings.TrimSpace(text)
	if len(text) <= maxShown && !j.shifted && (isScientific(text) || isNumeric(text)) {
		if strings.ContainsFunc(text, isOddSpace) {
			text = strings.Map(spaces, text)
		}
		return j.texts.keep(text), false
	}
	return j.describe(cell), true
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
