package roster

import (
	"math"
	"strings"
	"unicode"
)

// cell is the reading of a cell with an extension.
type cell struct {
	kind     kind   // what is wrong; absent if the cell is empty
	value    int64  // of an id
	text     string // of a number
	repaired string
}

// readID reads an extension's id: digits, more than 0, at most an int64.
func readID(s string) cell {
	if s == "" {
		return cell{kind: absent}
	}
	if v, ok := digits(s); ok {
		return cell{value: v}
	}
	text, how := unwrap(s)
	v, ok := digits(text)
	switch {
	case ok:
		return cell{value: v, repaired: how}
	case text == "":
		return cell{kind: absent}
	case strings.ContainsAny(text, "\r\n"):
		return cell{kind: brokenID}
	case isScientific(text):
		return cell{kind: scientificID}
	case isDecimal(text):
		return cell{kind: decimalID}
	case !allDigits(text):
		return cell{kind: notDigitsID}
	case text[0] == '0':
		return cell{kind: zeroID}
	}
	return cell{kind: largeID}
}

// maxExtension is more digits than an extension's number has, and fewer than an id.
const maxExtension = 10

// readExtension reads an extension's number, such as 101.
func readExtension(s string) cell {
	text, how := unwrap(s)
	switch {
	case text == "":
		return cell{kind: absent}
	case strings.ContainsAny(text, "\r\n"):
		return cell{kind: brokenNumber}
	case isScientific(text):
		return cell{kind: scientificNumber}
	case isDecimal(text):
		return cell{kind: decimalNumber}
	case !allDigits(text):
		return cell{kind: notDigitsNumber}
	case len(text) > maxExtension:
		return cell{kind: longNumber}
	}
	return cell{text: text, repaired: how}
}

// digits reads a positive number without a leading 0.
func digits(s string) (int64, bool) {
	if s == "" || len(s) > 19 || s[0] == '0' {
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

func allDigits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}

// unwrap takes off what spreadsheets and copying put around and into a number, and says so. Spaces around it are no
// matter.
func unwrap(s string) (text, how string) {
	text = strings.Trim(s, " \t\u00A0")
	if allDigits(text) || text == "" {
		return text, ""
	}
	if visible := strings.Map(dropInvisible, text); visible != text {
		text, how = strings.TrimSpace(visible), "invisible characters were left out"
	}
	if inner := strings.TrimPrefix(text, `="`); inner != text && strings.HasSuffix(inner, `"`) {
		text, how = strings.TrimSpace(strings.TrimSuffix(inner, `"`)), `the ="..." around it was left out`
	}
	if inner := strings.TrimLeft(text, "'’‘`"); inner != text {
		text, how = inner, "the apostrophe at the front was left out"
	}
	return text, how
}

func dropInvisible(r rune) rune {
	if r >= 0xAD && unicode.Is(unicode.Cf, r) {
		return -1
	}
	return r
}

// isScientific reports whether s is a number such as 1.23457E+18.
func isScientific(s string) bool {
	at := strings.IndexAny(s, "eE")
	if at < 1 || at+2 >= len(s) || (s[at+1] != '+' && s[at+1] != '-') {
		return false
	}
	return strings.Trim(s[:at], "0123456789.,") == "" && allDigits(s[at+2:])
}

// isDecimal reports whether s is digits, a point, and zeros.
func isDecimal(s string) bool {
	at := strings.LastIndexAny(s, ".,")
	return at > 0 && allDigits(s[:at]) && s[at+1:] != "" && strings.Trim(s[at+1:], "0") == ""
}
