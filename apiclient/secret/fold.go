package secret

import (
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// minFolded is how many characters a secret, or a part of one, has at least that is looked for in its folded form. Fewer
// stand in any text.
const minFolded = 4

// fold returns the decoded in the form in which secrets are compared with what a server makes of them: without accents, in
// lower case, without what nobody sees, and without bytes that are no characters, as a cut leaves them. So it does not
// matter in which normal form of Unicode either of them is written.
func (l decoded) fold() decoded {
	places := make([]int, 2*len(l.text))
	under := decoded{from: places[:0:len(l.text)], to: places[len(l.text):len(l.text)]}
	text := make([]byte, 0, len(l.text))
	for i := 0; i < len(l.text); {
		r, n := rune(l.text[i]), 1
		if r >= utf8.RuneSelf {
			r, n = utf8.DecodeRuneInString(l.text[i:])
		}
		before := len(text)
		text = appendFolded(text, r)
		s := l.span(i, i+n)
		for range len(text) - before {
			under.from, under.to = append(under.from, s.from), append(under.to, s.to)
		}
		if len(text) == before { // an accent goes with its letter
			for k := before - 1; k >= 0 && under.from[k] == under.from[before-1]; k-- {
				under.to[k] = max(under.to[k], s.to)
			}
		}
		i += n
	}
	under.text = string(text)
	return under
}

// folded returns a secret in the form that [decoded.fold] makes.
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
		switch c = unicode.ToLower(c); {
		case unicode.Is(unicode.Mn, c), unicode.Is(unicode.Cf, c), unicode.IsControl(c) && !unicode.IsSpace(c):
		case c == 'đ':
			text = append(text, 'd')
		default:
			text = utf8.AppendRune(text, c)
		}
	}
	return text
}

// What stands in the table of foldTable forms for a character whose form is not one byte.
const (
	notInTable = 0
	dropped    = 1
)

// foldTable has the folded forms of the characters that Vietnamese is written with: to decompose each anew takes long.
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

// cutMarks are what stands where a text was cut, or in place of what was left out.
var cutMarks = []string{"...", "…", "**", "••"}

// cutPoints returns where in a folded text a value may end that was cut off there, and where one may begin.
func cutPoints(text string) (ends, begins []int) {
	const around = " \t\r\n\"'`“”‘’«»()[]{}<>,;:!?."
	end := func(at int) { ends = append(ends, at, len(strings.TrimRight(text[:at], around))) }
	begin := func(at int) { begins = append(begins, at, len(text)-len(strings.TrimLeft(text[at:], around))) }
	begin(0)
	end(len(text))
	for _, mark := range cutMarks {
		for at := 0; ; {
			i := strings.Index(text[at:], mark)
			if i < 0 {
				break
			}
			end(at + i)
			at += i + len(mark)
			begin(at)
		}
	}
	return ends, begins
}

// searchCut appends where a folded text holds the beginning of one of the secrets just before a cut, or the end of one just
// after.
func searchCut(l decoded, secrets []string, found []span) []span {
	ends, begins := cutPoints(l.text)
	for _, s := range secrets {
		for _, at := range ends {
			for n := min(len(s)-1, at); n > 0 && longEnough(s[:n]); n-- {
				if l.text[at-n:at] == s[:n] && !letterBefore(l.text, at-n) {
					found = append(found, l.span(at-n, at))
					break
				}
			}
		}
		for _, at := range begins {
			for n := min(len(s)-1, len(l.text)-at); n > 0 && longEnough(s[len(s)-n:]); n-- {
				if l.text[at:at+n] == s[len(s)-n:] && !letterAt(l.text, at+n) {
					found = append(found, l.span(at, at+n))
					break
				}
			}
		}
	}
	return found
}

func longEnough(s string) bool { return len(s) >= minFolded && utf8.RuneCountInString(s) >= minFolded }

func letterBefore(text string, at int) bool { return at > 0 && letter(text[at-1]) }

func letterAt(text string, at int) bool { return at < len(text) && letter(text[at]) }

// letter reports whether a byte is of a letter or digit.
func letter(c byte) bool { return alphanumeric(c) || c >= utf8.RuneSelf }
