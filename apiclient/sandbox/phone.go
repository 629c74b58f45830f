package sandbox

import (
	"strconv"
	"strings"
)

// number is a phone as the platform keys it: the national digits without the leading 0. 0 is none.
type number uint64

// String gives the national form, in which the API answers.
func (n number) String() string { return "0" + strconv.FormatUint(uint64(n), 10) }

// begins reports whether the national form begins with prefix.
func (n number) begins(prefix string) bool {
	var room [16]byte
	text := strconv.AppendUint(append(room[:0], '0'), uint64(n), 10)
	return len(text) >= len(prefix) && string(text[:len(prefix)]) == prefix
}

// head stands for the first ten characters of the national form: all that the phone filter looks at.
func (n number) head() number {
	for n > 999_999_999 {
		n /= 10
	}
	return n
}

// parsePhone normalizes a phone by the platform's rule: +84 or 84 in front becomes 0, separators go, and reading stops at
// the first other character. It knows no prefixes, and so reads 0084 wrongly, as 084. It gives 0 for what has not 10 to
// 12 digits then.
func parsePhone(s string) number {
	s = strings.TrimSpace(s)
	if rest, ok := strings.CutPrefix(strings.TrimPrefix(s, "+"), "84"); ok {
		s = "0" + rest
	}
	digits := strings.TrimLeft(leadingDigits(s), "0")
	if len(digits) < 9 || len(digits) > 11 {
		return 0
	}
	n, _ := strconv.ParseUint(digits, 10, 64)
	return number(n)
}

// leadingDigits is the digits of s as far as separators alone stand between them. A bracket may open before them only.
func leadingDigits(s string) string {
	digits := make([]byte, 0, 16)
	for i := range len(s) {
		switch c := s[i]; {
		case c >= '0' && c <= '9':
			digits = append(digits, c)
		case strings.IndexByte(" \t\r\n\v)-+.", c) >= 0, c == '(' && len(digits) == 0:
		default:
			return string(digits)
		}
	}
	return string(digits)
}
