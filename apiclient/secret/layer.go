package secret

import (
	"html"
	"strings"
	"unicode/utf16"
)

const maxEscapeDepth = 3 // times, one over the other

// decoded is the text with some of its escapes undone. Byte i stands for what is in the text from from[i] to to[i];
// where both are nil, for byte i.
type decoded struct {
	text     string
	from, to []int
}

func (l decoded) span(from, to int) span {
	if l.from == nil {
		return span{from, to}
	}
	return span{l.from[from], l.to[to-1]}
}

// needles is what is looked for.
type needles struct {
	forms []string      // as they are
	folds []string      // in the folded text
	cut   []string      // in the folded text, where it is cut also in parts
	set   *fingerprints // in the folded text; nil: nothing
}

// search appends where the text holds what is needles, in this decoded or in those under it.
func (w *needles) search(l decoded, depth int, found []span) []span {
	found = searchAll(l, w.forms, found)
	if len(w.folds) > 0 || w.set != nil {
		f := l.fold()
		found = searchCut(f, w.cut, searchAll(f, w.folds, found))
		if w.set != nil {
			found = w.set.search(f, found)
		}
	}
	if depth == 0 {
		return found
	}
	for _, e := range escapes {
		if under, ok := l.unescape(e); ok {
			found = w.search(under, depth-1, found)
		}
	}
	return found
}

func searchAll(l decoded, forms []string, found []span) []span {
	for _, form := range forms {
		for at := 0; ; {
			i := strings.Index(l.text[at:], form)
			if i < 0 {
				break
			}
			found = append(found, l.span(at+i, at+i+len(form)))
			at += i + 1
		}
	}
	return found
}

// unescape returns the decoded with all escapes of a kind undone; ok is false if there are none.
func (l decoded) unescape(e escape) (under decoded, ok bool) {
	if strings.IndexByte(l.text, e.begin) < 0 {
		return decoded{}, false
	}
	text := make([]byte, 0, len(l.text))
	under = decoded{from: make([]int, 0, len(l.text)), to: make([]int, 0, len(l.text))}
	for i := 0; i < len(l.text); {
		plain, n := l.text[i:i+1], 1
		if l.text[i] == e.begin {
			if p, length := e.unescape(l.text[i:]); length > 0 {
				plain, n, ok = p, length, true
			}
		}
		text = append(text, plain...)
		s := l.span(i, i+n)
		for range len(plain) {
			under.from, under.to = append(under.from, s.from), append(under.to, s.to)
		}
		i += n
	}
	under.text = string(text)
	return under, ok
}

// escape is a way to write characters as others. Its unescape returns what s begins with means, and its length, or 0 if
// that is no escape.
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

// parseCodeUnit reads the \uXXXX that s begins with.
func parseCodeUnit(s string) (rune, bool) {
	if len(s) < 6 || s[:2] != `\u` {
		return 0, false
	}
	return parseHex(s[2:6])
}

func parseHex(s string) (n rune, ok bool) {
	for i := range len(s) {
		digit := strings.IndexByte("0123456789abcdef", s[i]|0x20) // digits have that bit
		if digit < 0 || s[i] < '0' {
			return 0, false
		}
		n = n<<4 | rune(digit)
	}
	return n, true
}

const maxEntity = 33 // characters with & and ;

func unescapeHTML(s string) (string, int) {
	end := 1
	for end < len(s) && end < maxEntity && (s[end] == '#' || alphanumeric(s[end])) {
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
	return '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
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

func unescapeQuery(string) (string, int) { return " ", 1 }
