// Package phone reads Vietnamese phone numbers in every way that people and spreadsheets write them.
package phone

import "strconv"

// Number is a Vietnamese phone number: its national significant digits (without the leading 0) as an integer.
// It identifies an employee everywhere: in the roster, the ledger and the tenant. 0 means no number.
type Number uint64

// String returns the national form, such as "0901234567"; "" for no number.
func (n Number) String() string {
	if n == 0 {
		return ""
	}
	return "0" + strconv.FormatUint(uint64(n), 10)
}

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
