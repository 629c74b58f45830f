// Package phone reads Vietnamese phone numbers in every way that people and spreadsheets write them.
//
// A [Number] identifies an employee. That "84901234567", "+84 90 123 45 67" and "0901234567" become one Number is decided in
// parse.go: [Parse] reads a cell of the employee file, [Normalize] what the tenant or a result says. Which numbers there are
// in Vietnam is in numbering.go, and why a cell is refused is in error.go.
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
