package sandbox

import (
	"strconv"
	"strings"
)

// hash64 is an evenly distributed number made of seed and text. It is the same in every process.
func hash64[T string | []byte](seed uint64, text T) uint64 {
	const offset, prime = 14695981039346656037, 1099511628211 // of FNV-1a
	h := uint64(offset)
	for i := range len(text) {
		h = (h ^ uint64(text[i])) * prime
	}
	return splitmix64(h ^ splitmix64(seed))
}

// splitmix64 is one step of the random number generator of that name.
func splitmix64(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

// makeID turns a number into an id like the platform's: 19 digits. It never ends in 0000, so that an id with that ending
// was rounded by a spreadsheet.
func makeID(n uint64) int64 {
	id := int64(1_100_000_000_000_000_000 + n%400_000_000_000_000_000)
	if id%10_000 == 0 {
		id += 4_217
	}
	return id
}

// parseID reads an id in a request. It returns 0 for what is not a positive number.
func parseID(s string) int64 {
	id, err := strconv.ParseInt(s, 10, 64)
	if err != nil || id <= 0 {
		return 0
	}
	return id
}

// number is a phone as the platform's key: the national digits without the leading 0. 0 is not a phone.
type number uint64

// String returns the national form, which answers have.
func (n number) String() string { return "0" + strconv.FormatUint(uint64(n), 10) }

// hasPrefix reports whether the national form begins with prefix.
func (n number) hasPrefix(prefix string) bool {
	var buf [16]byte
	text := strconv.AppendUint(append(buf[:0], '0'), uint64(n), 10)
	return len(text) >= len(prefix) && string(text[:len(prefix)]) == prefix
}

// searched is the part of the phone that the phone filter looks at: the first ten characters of the national form.
func (n number) searched() number {
	for n > 999_999_999 {
		n /= 10
	}
	return n
}

// parsePhone normalizes a phone by the platform's rule: +84 or 84 in front becomes 0, separators are dropped, and reading
// stops at any other character. It knows no international prefix, so it reads 0084 wrongly, as 084. It returns 0 unless
// 10 to 12 digits are left.
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

// leadingDigits returns the digits at the beginning of s without the separators between them. An opening bracket is a
// separator only before the first digit.
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
