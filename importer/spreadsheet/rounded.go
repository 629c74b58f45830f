package spreadsheet

import (
	"strconv"
	"strings"
)

// inexact is the first whole number that has more than the 15 significant digits that a spreadsheet keeps.
const inexact = 1e15

// TrailingZeros returns how many digits of id a spreadsheet would not keep, and whether all of them are zeros: then it may
// have rounded the id. By chance an id of 19 digits ends so once in 10,000.
func TrailingZeros(id int64) (beyond int, zeros bool) {
	tail := int64(1)
	for id/tail >= inexact {
		tail *= 10
		beyond++
	}
	return beyond, beyond > 0 && id%10 == 0 && id%tail == 0
}

// Rounded is what a spreadsheet has left of a whole number.
type Rounded struct {
	digits string // significant, without zeros at the end
	length int    // how many digits the whole number has
}

// ParseRounded reads a number from 1 up that is not longer than an id, in any form that a spreadsheet writes:
// 1301234567890120000, 1.30123E+18, 1,30123E18, 1301234567890120000.00.
func ParseRounded(text string) (Rounded, bool) {
	f, ok := parseFloat(text)
	if !ok || f.sign != "" { // no spreadsheet writes a plus sign before a number
		return Rounded{}, false
	}
	all := f.whole + f.fraction
	digits := strings.TrimLeft(all, "0")
	// The point is exponent digits behind where it is written; zeros at the front do not count.
	length := len(f.whole) + f.exponent - (len(all) - len(digits))
	return Rounded{strings.TrimRight(digits, "0"), length}, digits != "" && length >= 1 && length <= maxDigits
}

// Of reports whether a spreadsheet could have made the number out of id: as long, and with the same digits, some of them
// rounded away.
func (r Rounded) Of(id int64) bool {
	digits := strconv.FormatInt(id, 10)
	if r.digits == "" || len(r.digits) > len(digits) || r.length != len(digits) {
		return false
	}
	// Some programs cut the digits off, others round them.
	return strings.HasPrefix(digits, r.digits) || roundTo(digits, len(r.digits)) == r.digits
}

// roundTo rounds a number to n significant digits and returns them without zeros at the end.
func roundTo(digits string, n int) string {
	if n == 0 || n >= len(digits) {
		return digits
	}
	head, err := strconv.ParseInt(digits[:n], 10, 64)
	if err != nil {
		return ""
	}
	if digits[n] >= '5' {
		head++
	}
	return strings.TrimRight(strconv.FormatInt(head, 10), "0")
}
