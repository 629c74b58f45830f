package phone

import "strings"

// isScientific reports whether s is a number such as 8.49E+10.
func isScientific(s string) bool {
	s = strings.TrimSpace(s)
	e := strings.IndexAny(s, "eE")
	if e < 0 {
		return false
	}
	whole, fraction := s[:e], "0"
	if point := strings.IndexAny(whole, ".,"); point >= 0 {
		whole, fraction = whole[:point], whole[point+1:]
	}
	return isDigits(strings.TrimLeft(whole, "+-")) && isDigits(fraction) && isDigits(strings.TrimLeft(s[e+1:], "+-"))
}

// mantissa returns the number of a scientific notation that has kept all digits; 0 if some are gone.
func mantissa(s string) Number {
	s = strings.TrimSpace(s[:strings.IndexAny(s, "eE")])
	if len(s) < len("9.01234567") {
		return 0
	}
	return Normalize(pointless.Replace(s))
}

var pointless = strings.NewReplacer(".", "", ",", "")

// decimal returns what stands before the .0 of a number that a program took for a decimal one; "" if s is none.
func decimal(s string) string {
	s = strings.TrimSpace(s)
	at := strings.LastIndexAny(s, ".,")
	if at < 0 || !isDigits(strings.TrimPrefix(s[:at], "+")) {
		return ""
	}
	if zeros := s[at+1:]; zeros == "" || len(zeros) > 2 || strings.Trim(zeros, "0") != "" {
		return ""
	}
	return s[:at]
}

func isDigits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}
