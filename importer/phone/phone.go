// Package phone reads Vietnamese phone numbers in every way that people write them.
package phone

import "strconv"

// Number is a Vietnamese phone number: its national significant digits (without the leading 0) as an integer.
// It is the key of an employee everywhere: in the roster, the ledger and the tenant. 0 is no number.
type Number uint64

// String returns the national form, such as "0901234567"; "" for no number.
func (n Number) String() string {
	if n == 0 {
		return ""
	}
	return "0" + strconv.FormatUint(uint64(n), 10)
}
