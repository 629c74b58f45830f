package ledger

import (
	"strconv"
	"strings"
)

// digitsKept is how many significant digits a spreadsheet keeps of a number.
const digitsKept = 15

// parseID reads an id of the result CSV. damaged says that the text was an id before a spreadsheet rounded it, or
// cannot be told from one that was; ok is false for a text that never was an id.
func parseID(s string) (id int64, damaged, ok bool) {
	s = plainID(s)
	if s == "" {
		return 0, false, true
	}
	if mantissa(s) == "" {
		return 0, false, false
	}
	id, err := strconv.ParseInt(s, 10, 64)
	if err != nil || id <= 0 || rounded(s) {
		return 0, true, true
	}
	return id, false, true
}

// plainID drops what stands around an id: spaces, and the apostrophe that keeps a spreadsheet from reading a number.
func plainID(s string) string { return strings.TrimPrefix(strings.TrimSpace(s), "'") }

// rounded reports whether the digits after the fifteenth are all zeros.
func rounded(digits string) bool {
	return len(digits) > digitsKept && strings.Trim(digits[digitsKept:], "0") == ""
}

// mantissa returns the significant digits of a whole number as a spreadsheet writes it (1301234567890120000,
// 1.30123E+18, 1,30123E+18, 1301234567890120000.00), without trailing zeros; "" if s is no such number.
func mantissa(s string) string {
	s = strings.ReplaceAll(s, ",", ".")
	if f, err := strconv.ParseFloat(s, 64); err != nil || f < 1 || f >= 1<<64 {
		return ""
	}
	s, _, _ = strings.Cut(strings.ToUpper(s), "E")
	whole, fraction, _ := strings.Cut(s, ".")
	if strings.Trim(whole+fraction, "0123456789") != "" {
		return ""
	}
	return strings.TrimRight(whole+fraction, "0")
}

// agrees reports whether a spreadsheet could have made damaged out of id: its digits are those of id, rounded.
func agrees(damaged string, id int64) bool {
	kept := mantissa(damaged)
	digits := strconv.FormatInt(id, 10)
	if kept == "" || len(kept) > len(digits) || magnitude(damaged) != len(digits) {
		return false
	}
	if strings.HasPrefix(digits, kept) {
		return true
	}
	return roundTo(digits, len(kept)) == kept
}

// sameAccount reports whether the account id of a file is that of account: a spreadsheet rounds it as it does the others.
func sameAccount(inFile, account string) bool {
	if inFile == account {
		return true
	}
	_, damaged, _ := parseID(inFile)
	id, err := strconv.ParseInt(account, 10, 64)
	return damaged && err == nil && agrees(plainID(inFile), id)
}

// magnitude returns how many digits the number has before its decimal point when written out.
func magnitude(s string) int {
	s = strings.ReplaceAll(strings.ToUpper(s), ",", ".")
	number, exponent, scientific := strings.Cut(s, "E")
	whole, _, _ := strings.Cut(number, ".")
	if !scientific {
		return len(whole)
	}
	n, err := strconv.Atoi(strings.TrimPrefix(exponent, "+"))
	if err != nil {
		return 0
	}
	return len(whole) + n
}

// roundTo rounds a number to n significant digits and returns them without trailing zeros.
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
