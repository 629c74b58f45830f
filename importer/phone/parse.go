package phone

import (
	"bytes"
	"strings"
	"unicode"

	"etelecom-import/apiclient/message"
	"etelecom-import/importer/spreadsheet"
)

// Reading is a phone number and what had to be done to read it.
type Reading struct {
	Number   Number
	Repaired string // in words, such as "the missing 0 at the front was put back"; "" if nothing was repaired
	Warning  string // what is odd about a number that is accepted nevertheless; "" if nothing is
}

// Parse reads a cell of a roster. It repairs what is certain and says so; everything else is refused with an [*Error].
// The cell always has the digits of the Number, in that order: nothing is invented.
func Parse(cell string) (Reading, error) {
	if n := national(cell); n != 0 {
		return Reading{Number: n, Warning: unknownPrefix(n)}, nil
	}
	c := scan(cell)
	n, how, bad := c.read()
	if bad.Kind != 0 {
		bad.Suggestion = c.suggest(bad.Kind)
		return Reading{}, &bad
	}
	return Reading{Number: n, Repaired: list(c.repairs.String(), how.String()), Warning: unknownPrefix(n)}, nil
}

// Normalize reads a number as the tenant or a result CSV spells it: whatever [Parse] reads. It returns 0 for everything else.
// It allocates nothing.
func Normalize(s string) Number {
	if n := national(s); n != 0 {
		return n
	}
	if s == "" || isLetter(s[0]) {
		return 0
	}
	c := scan(s)
	n, _, _ := c.read()
	return n
}

// national reads the usual form, "0901234567", quickly; 0 for everything else.
func national(s string) Number {
	if len(s) != 10 || s[0] != '0' {
		return 0
	}
	var n Number
	for i := 1; i < len(s); i++ {
		d := s[i] - '0'
		if d > 9 {
			return 0
		}
		n = n*10 + Number(d)
	}
	if !valid(n) {
		return 0
	}
	return n
}

// list joins two texts, either of which may be empty.
func list(a, b string) string {
	if a == "" || b == "" {
		return a + b
	}
	return a + ", " + b
}

func isLetter(b byte) bool { return 'a' <= b|0x20 && b|0x20 <= 'z' }

// maxDigits is more than any number has, and enough to see two of them.
const maxDigits = 30

// cell is what a cell holds, character by character. Its method read finds out what the digits mean.
//
// add does with each character what [spreadsheet.Unwrap] does with a whole cell: an apostrophe at the front, ="..." and invisible
// characters are dropped. It does not call Unwrap, since other characters may be around the number, as in "(090) 123-4567", and
// since [Normalize] allocates nothing. Which characters these are is decided in package spreadsheet for both.
type cell struct {
	text     string          // without ="..."
	digits   [maxDigits]byte // values, not characters
	n        int             // how many; may exceed maxDigits
	plus     bool            // a plus sign before the digits
	oddities oddity
	repairs  spreadsheet.Repairs
}

// oddity is a set of things that make a cell unreadable.
type oddity uint8

const (
	lineBreaks oddity = 1 << iota
	letters
	separators
	characters
)

// zeroRepair is what was done about the 0 at the front of a number.
type zeroRepair uint8

const (
	nothing     zeroRepair = iota
	missingZero            // a spreadsheet dropped it, or a person
	surplusZero            // a person kept it after the country code
)

var zeroRepairTexts = [...]message.Text{
	nothing:     "",
	missingZero: "the missing 0 at the front was put back",
	surplusZero: "the 0 after the country code was removed",
}

// String gives the repair in words. It is "" if nothing was done.
func (z zeroRepair) String() string { return zeroRepairTexts[z].String() }

// The digits that a number begins with if it is dialled from abroad: 00 in place of the plus sign, and the country code.
var doubleZero, vietnam = []byte{0, 0}, []byte{8, 4}

func scan(s string) cell {
	c := cell{text: s}
	if inner, ok := spreadsheet.Unquote(s); ok {
		c.text, c.repairs = inner, spreadsheet.DroppedFormula
	}
	for _, r := range c.text {
		c.add(r)
	}
	return c
}

func (c *cell) add(r rune) {
	first := c.n == 0 && !c.plus
	switch {
	case '0' <= r && r <= '9':
		c.addDigit(byte(r - '0'))
	case r <= unicode.MaxASCII && isLetter(byte(r)):
		c.oddities |= letters
	case isPunctuation(r), r == ' ':
	case (r == '+' || r == '＋') && first:
		c.plus = true
	case spreadsheet.IsApostrophe(r) && first:
		c.repairs |= spreadsheet.DroppedApostrophe
	case spreadsheet.IsLineBreak(r):
		c.oddities |= lineBreaks
	case isSeparator(r):
		c.oddities |= separators
	case unicode.IsSpace(r):
	case r <= unicode.MaxASCII:
		c.oddities |= characters
	case spreadsheet.IsFullWidth(r):
		c.repairs |= spreadsheet.ReadFullWidth
		c.addDigit(byte(r - '０'))
	case spreadsheet.IsInvisible(r):
		c.repairs |= spreadsheet.DroppedInvisible
	case unicode.IsLetter(r):
		c.oddities |= letters
	default:
		c.oddities |= characters
	}
}

func (c *cell) addDigit(d byte) {
	if c.n < maxDigits {
		c.digits[c.n] = d
	}
	c.n++
}

// read makes a number of the cell. If it refuses the cell, it does not guess yet which number was meant.
func (c *cell) read() (Number, zeroRepair, Error) {
	if kind := c.unreadable(); kind != 0 {
		return 0, 0, Error{Kind: kind, Digits: c.n}
	}
	return c.number()
}

// unreadable says why the cell cannot be one number, whatever its digits are; 0 if it can.
func (c *cell) unreadable() Kind {
	switch {
	case c.n == 0 && c.oddities == 0 && !c.plus:
		return Empty
	case c.oddities&lineBreaks != 0:
		return LineBreak
	// What a program did to a number comes before the letter E or the point that the program put there: it is the cause.
	case c.oddities&letters != 0 && c.isScientific():
		return Scientific
	case c.decimal() != "":
		return Decimal
	case c.oddities&letters != 0:
		return Letters
	case c.oddities&characters != 0:
		return Characters
	// No number has more than 11 digits, so a separator divides two. Without one, the digits may still be two whole numbers.
	case c.oddities&separators != 0 && c.n > 11, c.oddities == 0 && c.first() != 0:
		return Several
	case c.oddities != 0:
		return Characters
	}
	return 0
}

// number makes a number of the digits alone.
func (c *cell) number() (Number, zeroRepair, Error) {
	if c.n > maxDigits {
		return 0, 0, Error{Kind: Long, Digits: c.n, Want: 10}
	}
	d, how, kind := c.significant()
	if kind != 0 {
		return 0, 0, Error{Kind: kind, Digits: c.n}
	}
	n := value(d)
	if len(d) > 0 && d[0] != 0 && valid(n) {
		return n, how, Error{}
	}
	return 0, 0, c.lengthError(d, how)
}

// significant returns the digits behind the 0 or the country code, and what was done about the 0.
func (c *cell) significant() ([]byte, zeroRepair, Kind) {
	d := c.digits[:c.n]
	rest, abroad := c.afterCountry()
	switch {
	case isHotline(d):
		return nil, 0, Hotline
	case abroad && len(rest) > 0 && rest[0] == 0: // +84 0901234567
		return rest[1:], surplusZero, 0
	case abroad: // +84901234567, 84901234567
		return rest, nothing, 0
	case c.plus, bytes.HasPrefix(d, doubleZero): // another country's code
		return nil, 0, Foreign
	case len(d) > 0 && d[0] == 0: // 0901234567
		return d[1:], nothing, 0
	}
	return d, missingZero, 0 // 901234567
}

// afterCountry returns the digits after 84, +84 or 0084; false if there is no country code. A number may begin with 84
// itself: without a plus sign or zeros, 84 is the country code only of 11 digits and more.
func (c *cell) afterCountry() ([]byte, bool) {
	d, abroad := c.digits[:c.n], c.plus
	if !abroad && len(d) > 4 && bytes.HasPrefix(d, doubleZero) {
		d, abroad = d[2:], true
	}
	rest, ok := bytes.CutPrefix(d, vietnam)
	if !ok {
		return nil, false
	}
	return rest, abroad || len(d) >= 11
}

// lengthError says why significant digits are not a number: there are too few or too many, or no number begins like this.
func (c *cell) lengthError(d []byte, how zeroRepair) Error {
	want := 9
	if len(d) > 0 && d[0] == 2 {
		want = 10
	}
	bad := Error{Kind: Unassigned, Digits: c.n, Want: c.n - len(d) + want}
	if how == missingZero {
		bad.Want++
	}
	switch {
	case len(d) == 10 && migrateMobile(value(d)) != 0:
		bad.Kind = Old
	case bad.Digits < bad.Want && len(d) < want:
		bad.Kind = Short
	case bad.Digits > bad.Want:
		bad.Kind = Long
	}
	return bad
}

// suggest guesses the number behind a cell that is refused for a reason; 0 if nothing is likely.
func (c *cell) suggest(kind Kind) Number {
	switch kind {
	case Several:
		return c.firstNumber()
	case Scientific:
		text, _ := spreadsheet.Unwrap(c.text)
		return Normalize(spreadsheet.ExactDigits(text))
	case Decimal:
		return Normalize(c.decimal())
	case Letters:
		return Normalize(lookalikes.Replace(c.text))
	case LineBreak:
		return Normalize(strings.TrimSpace(c.text))
	case Characters:
		n, _, _ := c.number()
		return n
	case Old:
		return migrateMobile(value(c.digits[c.n-10 : c.n]))
	case Foreign, Long:
		return c.withoutPrefix()
	case Unassigned:
		return migrateHanoi(value(c.digits[:c.n]))
	}
	return 0
}

var lookalikes = strings.NewReplacer("O", "0", "o", "0", "l", "1", "I", "1")

func (c *cell) isScientific() bool {
	text, _ := spreadsheet.Unwrap(c.text)
	return spreadsheet.IsScientific(text)
}

// decimal returns what is before the .0 of a number that a program took for a decimal one; "" if the cell is not such a number.
// Three zeros are the last group of a number that is written in groups.
func (c *cell) decimal() string {
	if !strings.ContainsAny(c.text, ".,") {
		return ""
	}
	text, _ := spreadsheet.Unwrap(c.text)
	bare := strings.TrimPrefix(text, "+")
	whole, zeros := spreadsheet.CutDecimal(bare)
	if zeros == 0 || zeros > 2 {
		return ""
	}
	return text[:len(text)-len(bare)] + whole
}

// firstNumber returns the first of several numbers in a cell, whether or not a separator divides them.
func (c *cell) firstNumber() Number {
	if at := strings.IndexFunc(c.text, isSeparator); at >= 0 {
		return Normalize(c.text[:at])
	}
	return c.first()
}

// first returns the first of two numbers if the digits are two whole numbers, one after the other; else 0.
func (c *cell) first() Number {
	for at := 9; at <= c.n-9 && c.n <= maxDigits; at++ {
		a, b := part(c.digits[:at], c.plus), part(c.digits[at:c.n], false)
		n, _, bad := a.number()
		if _, _, other := b.number(); bad.Kind == 0 && other.Kind == 0 {
			return n
		}
	}
	return 0
}

// withoutPrefix finds the number after a wrong beginning, such as 084, 00 or +0.
func (c *cell) withoutPrefix() Number {
	if c.n > maxDigits {
		return 0
	}
	d := c.digits[:c.n]
	for len(d) > 0 && d[0] == 0 {
		d = d[1:]
	}
	if len(d) == c.n {
		return 0
	}
	rest := part(d, false)
	n, _, _ := rest.number()
	return n
}

// part returns some of a cell's digits as a cell of their own.
func part(digits []byte, plus bool) cell {
	p := cell{n: len(digits), plus: plus}
	copy(p.digits[:], digits)
	return p
}

func value(d []byte) Number {
	var n Number
	for _, v := range d[:min(len(d), 11)] {
		n = n*10 + Number(v)
	}
	return n
}

// isHotline reports whether digits are a number such as 1800 1234 or 1900 123456.
func isHotline(d []byte) bool {
	if len(d) < 8 || len(d) > 10 {
		return false
	}
	prefix := value(d[:4])
	return prefix == 1800 || prefix == 1900
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
