package spreadsheet

import (
	"math"
	"strconv"
	"strings"
)

// Form is how a number is written in a cell.
type Form uint8

// The forms of a number.
const (
	Empty      Form = iota // nothing visible
	Digits                 // 1301234567890123001
	Scientific             // 1.30123E+18, 1,3e18
	Decimal                // 1301234567890123001.00: a program took the number for a decimal one
	Broken                 // a line break within or behind it
	Other                  // anything else
)

// Number is a cell that should hold digits alone, such as an id.
type Number struct {
	Text    string // without what was around it
	Form    Form
	Repairs Repairs // what was undone to get at Text
}

// ReadNumber reads a cell that should hold digits alone.
func ReadNumber(cell string) Number {
	text, undone := Unwrap(cell)
	n := Number{Text: text, Form: Other, Repairs: undone}
	switch {
	case text == "":
		n.Form = Empty
	case IsDigits(text):
		n.Form = Digits
	case strings.ContainsFunc(text, IsLineBreak):
		n.Form = Broken
	case IsScientific(text):
		n.Form = Scientific
	default:
		if _, zeros := CutDecimal(text); zeros > 0 {
			n.Form = Decimal
		}
	}
	return n
}

// IsDigits reports whether s consists of ASCII digits, at least one.
func IsDigits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}

// ParseID reads an id: a number from 1 to the largest int64, without a zero at the front. It allocates nothing.
func ParseID(s string) (int64, bool) {
	if s == "" || len(s) > maxDigits || s[0] == '0' {
		return 0, false
	}
	var n uint64
	for i := range len(s) {
		d := s[i] - '0'
		if d > 9 {
			return 0, false
		}
		n = n*10 + uint64(d)
	}
	return int64(n & math.MaxInt64), n <= math.MaxInt64
}

// maxDigits is the most digits that an int64 has.
const maxDigits = 19

// CutDecimal returns the digits before the decimal point or comma of a number that has only zeros behind it, and how many
// zeros there are. For every other text zeros is 0. Three zeros may also be the last group of a number that is written in
// groups.
func CutDecimal(s string) (whole string, zeros int) {
	at := strings.LastIndexAny(s, ".,")
	if at < 0 || !IsDigits(s[:at]) || strings.Trim(s[at+1:], "0") != "" {
		return "", 0
	}
	return s[:at], len(s) - at - 1
}

// IsScientific reports whether s is a number such as 1.30123E+18. Programs differ in the decimal point, in the sign of the
// exponent and in zeros before it.
func IsScientific(s string) bool {
	if strings.IndexAny(s, "eE") < 1 {
		return false
	}
	f, ok := parseFloat(s)
	return ok && f.scientific
}

// ExactDigits returns the digits of a number in scientific notation that has kept all of them, such as 84901234567 for
// 8.4901234567E+10; "" if some may be gone.
func ExactDigits(s string) string {
	f, ok := parseFloat(s)
	if !ok || !f.scientific {
		return ""
	}
	if f.exponent < 0 || f.exponent > len(f.fraction) { // digits at the end are not written
		return ""
	}
	if strings.Trim(f.fraction[f.exponent:], "0") != "" { // not a whole number
		return ""
	}
	return f.whole + f.fraction[:f.exponent]
}

// float is a number as spreadsheets write it, taken apart.
type float struct {
	sign            string // "+", "-" or ""
	whole, fraction string // digits; only the fraction may be empty
	exponent        int
	scientific      bool // an exponent is written
}

// maxExponent is larger than the exponents of all numbers that a spreadsheet knows.
const maxExponent = 400

func parseFloat(s string) (f float, ok bool) {
	rest := strings.TrimLeft(s, "+-")
	if f.sign = s[:len(s)-len(rest)]; len(f.sign) > 1 {
		return float{}, false
	}
	if at := strings.IndexAny(rest, "eE"); at >= 0 {
		exponent, err := strconv.Atoi(rest[at+1:])
		if err != nil || exponent > maxExponent || exponent < -maxExponent {
			return float{}, false
		}
		f.exponent, f.scientific, rest = exponent, true, rest[:at]
	}
	f.whole = rest
	if at := strings.IndexAny(rest, ".,"); at >= 0 {
		f.whole, f.fraction = rest[:at], rest[at+1:]
	}
	return f, IsDigits(f.whole) && (f.fraction == "" || IsDigits(f.fraction))
}
