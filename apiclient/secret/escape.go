package secret

import (
	"html"
	"strings"
	"unicode/utf16"
)

// maxEscapeDepth is how many times a text can be escaped, one escape over the other, and its secrets still be found.
const maxEscapeDepth = 3

// escape is a way to write characters by others. Its unescape decodes the escape at the beginning of s and returns its
// length; 0 if s does not begin with one.
type escape struct {
	begin    byte
	unescape func(s string) (plain string, length int)
}

var escapes = []escape{{'\\', unescapeJSON}, {'&', unescapeHTML}, {'%', unescapeURL}, {'+', unescapeQuery}}

func unescapeJSON(s string) (string, int) {
	if len(s) < 2 {
		return "", 0
	}
	if i := strings.IndexByte("bfnrt", s[1]); i >= 0 {
		return "\b\f\n\r\t"[i : i+1], 2
	}
	r, ok := parseCodeUnit(s)
	if !ok {
		return s[1:2], 2
	}
	if low, ok := parseCodeUnit(s[6:]); ok && utf16.IsSurrogate(r) {
		return string(utf16.DecodeRune(r, low)), 12
	}
	return string(r), 6
}

// parseCodeUnit reads \uXXXX at the beginning of s.
func parseCodeUnit(s string) (rune, bool) {
	if len(s) < 6 || s[:2] != `\u` {
		return 0, false
	}
	return parseHex(s[2:6])
}

func parseHex(s string) (n rune, ok bool) {
	for i := range len(s) {
		digit := strings.IndexByte("0123456789abcdef", s[i]|0x20) // makes letters lower case; digits have this bit
		if digit < 0 || s[i] < '0' {
			return 0, false
		}
		n = n<<4 | rune(digit)
	}
	return n, true
}

const maxEntity = 33 // the longest HTML entity, in characters, with & and ;

func unescapeHTML(s string) (string, int) {
	end, limit := 1, min(len(s), maxEntity)
	for end < limit && (s[end] == '#' || alphanumeric(s[end])) {
		end++
	}
	if end < len(s) && s[end] == ';' {
		end++
	}
	plain := html.UnescapeString(s[:end])
	if plain == s[:end] {
		return "", 0
	}
	return plain, end
}

func alphanumeric(c byte) bool {
	digit, lower, upper := '0' <= c && c <= '9', 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z'
	return digit || lower || upper
}

func unescapeURL(s string) (string, int) {
	if len(s) < 3 {
		return "", 0
	}
	n, ok := parseHex(s[1:3])
	if !ok {
		return "", 0
	}
	return string([]byte{byte(n)}), 3
}

// unescapeQuery decodes the + that is a space in the query of a URL.
func unescapeQuery(string) (string, int) { return " ", 1 }
