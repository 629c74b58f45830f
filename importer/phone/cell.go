package phone

import (
	"strings"
	"unicode"
)

// maxDigits is more than any number has, and enough to see two of them.
const maxDigits = 30

// cell is what stands in a cell, without regard to what it means.
type cell struct {
	text     string          // without ="..."
	digits   [maxDigits]byte // values, not characters
	n        int             // how many; may exceed maxDigits
	plus     bool
	oddities oddity
	repairs  repair
}

// oddity is a set of things that make a cell unreadable.
type oddity uint8

const (
	lineBreaks oddity = 1 << iota
	letters
	separators
	characters
)

// repair is a set of things that could be repaired.
type repair uint8

const (
	invisible repair = 1 << iota
	fullWidth
	apostrophe
	formula
	missingZero
	surplusZero
)

var repairNames = [...]string{
	"invisible characters were left out",
	"full-width digits were read as digits",
	"the apostrophe at the front was left out",
	`the ="..." around it was left out`,
	"the missing 0 at the front was put back",
	"the 0 after the country code was left out",
}

// String lists the repairs in words; "" for none.
func (r repair) String() string {
	var words string
	for i, name := range repairNames {
		switch {
		case r&(1<<i) == 0:
		case words == "":
			words = name
		default:
			words += ", " + name
		}
	}
	return words
}

func scan(s string) cell {
	c := cell{text: s}
	if inner, ok := unquoteFormula(s); ok {
		c.text, c.repairs = inner, formula
	}
	for _, r := range c.text {
		c.add(r)
	}
	return c
}

// unquoteFormula takes ="..." off, which keeps spreadsheets from taking a text for a number.
func unquoteFormula(s string) (string, bool) {
	t := strings.TrimSpace(s)
	if len(t) > 3 && strings.HasPrefix(t, `="`) && t[len(t)-1] == '"' {
		return t[2 : len(t)-1], true
	}
	return s, false
}

func (c *cell) add(r rune) {
	switch {
	case '0' <= r && r <= '9':
		c.digit(byte(r - '0'))
	case r <= unicode.MaxASCII && isLetter(byte(r)):
		c.oddities |= letters
	case isPunctuation(r), r == ' ':
	case (r == '+' || r == '＋') && c.n == 0 && !c.plus:
		c.plus = true
	case isApostrophe(r) && c.n == 0 && !c.plus:
		c.repairs |= apostrophe
	case isLineBreak(r):
		c.oddities |= lineBreaks
	case isSeparator(r):
		c.oddities |= separators
	case r > unicode.MaxASCII:
		c.addWide(r)
	case !unicode.IsSpace(r):
		c.oddities |= characters
	}
}

// addWide adds what is not ASCII.
func (c *cell) addWide(r rune) {
	switch {
	case '０' <= r && r <= '９':
		c.repairs |= fullWidth
		c.digit(byte(r - '０'))
	case unicode.Is(unicode.Cf, r):
		// Format characters come along when text is copied: zero-width spaces and joiners, direction marks.
		c.repairs |= invisible
	case unicode.IsSpace(r):
	case unicode.IsLetter(r):
		c.oddities |= letters
	default:
		c.oddities |= characters
	}
}

func (c *cell) digit(d byte) {
	if c.n < maxDigits {
		c.digits[c.n] = d
	}
	c.n++
}

func isApostrophe(r rune) bool { return r == '\'' || r == '’' || r == '‘' || r == '`' }

func isLineBreak(r rune) bool {
	return r == '\n' || r == '\r' || r == '\v' || r == '\f' || r == '\u0085' || r == '\u2028' || r == '\u2029'
}

// isSeparator reports whether people put r between two numbers.
func isSeparator(r rune) bool {
	switch r {
	case ',', ';', '/', '|', '\\', '&':
		return true
	}
	return false
}

// isPunctuation reports whether people group the digits of a number with r.
func isPunctuation(r rune) bool {
	switch r {
	case '.', '-', '(', ')', '\u2010', '\u2011', '\u2012', '\u2013', '\u2014', '\u2015', '\u2212', '\uFF0D', '·':
		return true
	}
	return false
}
