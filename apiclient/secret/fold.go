package secret

import (
	"sync"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// folded returns a text without accents, in lower case, and without characters that nobody sees.
func folded(s string) string {
	text := make([]byte, 0, len(s))
	for _, r := range s {
		text = appendFolded(text, r)
	}
	return string(text)
}

// appendFolded appends the folded form of a character, which can be empty.
func appendFolded(text []byte, r rune) []byte {
	if r < rune(len(foldTable())) {
		switch c := foldTable()[r]; c {
		case notInTable:
		case dropped:
			return text
		default:
			return append(text, c)
		}
	}
	return foldRune(text, r)
}

func foldRune(text []byte, r rune) []byte {
	if r == utf8.RuneError {
		return text
	}
	for _, c := range norm.NFKD.String(string(r)) {
		c = unicode.ToLower(c)
		accent, format := unicode.Is(unicode.Mn, c), unicode.Is(unicode.Cf, c)
		control := unicode.IsControl(c) && !unicode.IsSpace(c)
		switch {
		case accent || format || control:
		case c == 'đ': // Unicode has no decomposition of it
			text = append(text, 'd')
		default:
			text = utf8.AppendRune(text, c)
		}
	}
	return text
}

// foldTable has the folded forms that are one byte, of all characters that Vietnamese is written with. To decompose each
// of them anew takes long.
var foldTable = sync.OnceValue(func() *[0x2000]byte {
	table := new([0x2000]byte)
	for r := range rune(len(table)) {
		switch form := foldRune(nil, r); {
		case len(form) == 0:
			table[r] = dropped
		case len(form) == 1:
			table[r] = form[0]
		}
	}
	return table
})

// Bytes in the table that are not a folded form.
const (
	notInTable = 0 // the folded form is longer than a byte
	dropped    = 1 // the folded form is empty
)
