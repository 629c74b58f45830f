package secret

import (
	"html"
	"strings"
	"unicode/utf16"
)

const maxEscaped = 3 // times, one over the other

// layer is the text with some of its escapes undone. Byte i stands for what is in the text from from[i] to to[i];
// where both are nil, for byte i.
type layer struct {
	text     string
	from, to []int
}

func (l layer) span(from, to int) span {
	if l.from == nil {
		return span{from, to}
	}
	return span{l.from[from], l.to[to-1]}
}

// wanted is what is looked for.
type wanted struct {
	forms []string // as they are
	folds []string // in the folded text
	cut   []string // in the folded text, where it is cut also in parts
	set   *hashes  // in the folded text; nil: nothing
}

// search appends where the text holds what is wanted, in this layer or in those under it.
func (w *wanted) search(l layer, depth int, found []span) []span {
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
		if under, ok := l.undo(e); ok {
			found = w.search(under, depth-1, found)
		}
	}
	return found
}

func searchAll(l layer, forms []string, found []span) []span {
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

// undo returns the layer with all escapes of a kind undone; ok is false if there are none.
func (l layer) undo(e escape) (under layer, ok bool) {
	if strings.IndexByte(l.text, e.begin) < 0 {
		return layer{}, false
	}
	text := make([]byte, 0, len(l.text))
	under = layer{from: make([]int, 0, len(l.text)), to: make([]int, 0, len(l.text))}
	for i := 0; i < len(l.text); {
		plain, n := l.text[i:i+1], 1
		if l.text[i] == e.begin {
			if p, length := e.undo(l.text[i:]); length > 0 {
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

// escape is a way to write characters as others. Its undo returns what s begins with means, and its length, or 0 if
// that is no escape.
type escape struct {
	begin byte
	undo  func(s string) (plain string, length int)
}

var escapes = []escape{{'\\', ofJSON}, {'&', ofHTML}, {'%', ofURL}, {'+', ofQuery}}

func ofJSON(s string) (string, int) {
	if len(s) < 2 {
		return "", 0
	}
	if i := strings.IndexByte("bfnrt", s[1]); i >= 0 {
		return "\b\f\n\r\t"[i : i+1], 2
	}
	r, ok := codeUnit(s)
	if !ok {
		return s[1:2], 2
	}
	if low, ok := codeUnit(s[6:]); ok && utf16.IsSurrogate(r) {
		return string(utf16.DecodeRune(r, low)), 12
	}
	return string(r), 6
}

// codeUnit reads the \uXXXX that s begins with.
func codeUnit(s string) (rune, bool) {
	if len(s) < 6 || s[:2] != `\u` {
		return 0, false
	}
	return hexadecimal(s[2:6])
}

func hexadecimal(s string) (n rune, ok bool) {
	for i := range len(s) {
		digit := strings.IndexByte("0123456789abcdef", s[i]|0x20) // digits have that bit
		if digit < 0 || s[i] < '0' {
			return 0, false
		}
		n = n<<4 | rune(digit)
	}
	return n, true
}

const longestEntity = 33 // characters with & and ;

func ofHTML(s string) (string, int) {
	end := 1
	for end < len(s) && end < longestEntity && (s[end] == '#' || alphanumeric(s[end])) {
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

func ofURL(s string) (string, int) {
	if len(s) < 3 {
		return "", 0
	}
	n, ok := hexadecimal(s[1:3])
	if !ok {
		return "", 0
	}
	return string([]byte{byte(n)}), 3
}

func ofQuery(string) (string, int) { return " ", 1 }
