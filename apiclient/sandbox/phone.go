package sandbox

import "strconv"

// number is a phone as the platform keys it: the national digits without the leading 0. 0 is none.
type number uint64

// String gives the national form, in which the API answers.
func (n number) String() string { return "0" + strconv.FormatUint(uint64(n), 10) }

// tail is what the full-text filter goes by: the last six digits.
func (n number) tail() uint32 { return uint32(n % 1_000_000) }

// parsePhone normalizes a phone by the platform's rule: a Vietnamese mobile number of ten digits or a fixed line of
// eleven, with 0, 84, +84 or 0084 in front. It gives 0 for anything else.
func parsePhone(s string) number {
	digits := make([]byte, 0, 16)
	for i := range len(s) {
		switch c := s[i]; {
		case c >= '0' && c <= '9':
			digits = append(digits, c)
		case c == ' ' || c == '.' || c == '-' || c == '(' || c == ')' || c == '+' && len(digits) == 0:
		default:
			return 0
		}
	}
	return national(string(digits))
}

func national(digits string) number {
	switch {
	case len(digits) > 4 && digits[:4] == "0084":
		digits = digits[4:]
	case len(digits) > 10 && digits[:2] == "84":
		digits = digits[2:]
	case len(digits) > 1 && digits[0] == '0':
		digits = digits[1:]
	default:
		return 0
	}
	mobile := len(digits) == 9 && (digits[0] == '3' || digits[0] == '5' || digits[0] >= '7')
	fixed := len(digits) == 10 && digits[0] == '2'
	if !mobile && !fixed {
		return 0
	}
	n, _ := strconv.ParseUint(digits, 10, 64)
	return number(n)
}
