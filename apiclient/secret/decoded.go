package secret

import (
	"strings"
	"unicode/utf8"
)

// decoded is a text after some decoding, with the way back to the original: byte i of text was made of the bytes
// from[i] to to[i] of the original. If both are nil, nothing was decoded.
type decoded struct {
	text     string
	from, to []int
}

// span returns the part of the original that the bytes from to to of the decoded text were made of.
func (d decoded) span(from, to int) span {
	if d.from == nil {
		return span{from, to}
	}
	return span{d.from[from], d.to[to-1]}
}

// unescape returns the text with all escapes of one kind decoded. ok is false if there are none.
func (d decoded) unescape(e escape) (plain decoded, ok bool) {
	if strings.IndexByte(d.text, e.begin) < 0 {
		return decoded{}, false
	}
	text := make([]byte, 0, len(d.text))
	plain = decoded{from: make([]int, 0, len(d.text)), to: make([]int, 0, len(d.text))}
	for i := 0; i < len(d.text); {
		char, n := d.text[i:i+1], 1
		if d.text[i] == e.begin {
			if p, length := e.unescape(d.text[i:]); length > 0 {
				char, n, ok = p, length, true
			}
		}
		text = append(text, char...)
		s := d.span(i, i+n)
		for range len(char) {
			plain.from, plain.to = append(plain.from, s.from), append(plain.to, s.to)
		}
		i += n
	}
	plain.text = string(text)
	return plain, ok
}

// fold returns the text in the form of [folded], so that it can be compared with secrets whatever a server did to case,
// accents and normal form of Unicode. It drops bytes that are not characters: a cut within a character leaves such bytes.
func (d decoded) fold() decoded {
	places := make([]int, 2*len(d.text))
	plain := decoded{from: places[:0:len(d.text)], to: places[len(d.text):len(d.text)]}
	text := make([]byte, 0, len(d.text))
	for i := 0; i < len(d.text); {
		r, n := rune(d.text[i]), 1
		if r >= utf8.RuneSelf {
			r, n = utf8.DecodeRuneInString(d.text[i:])
		}
		before := len(text)
		text = appendFolded(text, r)
		s := d.span(i, i+n)
		for range len(text) - before {
			plain.from, plain.to = append(plain.from, s.from), append(plain.to, s.to)
		}
		if len(text) == before {
			// A dropped accent belongs to its letter, which is all bytes at the end that were made of the same place:
			// whoever replaces the letter replaces the accent too.
			for k := before - 1; k >= 0 && plain.from[k] == plain.from[before-1]; k-- {
				plain.to[k] = max(plain.to[k], s.to)
			}
		}
		i += n
	}
	plain.text = string(text)
	return plain
}
