package vietnamese

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// SameName reports whether two names are one as people read them. Capitals, spaces, what nobody sees, and how the letters are
// encoded make no difference, nor where a tone is put: hoà is hòa. Two programs write one person in all these ways.
func SameName(a, b string) bool { return a == b || NameKey(a) == NameKey(b) }

// NameKey returns what is the same for two names if, and only if, SameName is true. It is not for people.
func NameKey(name string) string {
	clean, _ := Clean(name)
	clean, _ = FixEth(clean)
	var key, tones strings.Builder
	endWord := func() {
		key.WriteString(tones.String())
		tones.Reset()
	}
	inWord := false
	for _, r := range norm.NFD.String(clean) {
		switch {
		case unicode.IsSpace(r):
			endWord()
			inWord = false
			continue
		case isTone(r):
			tones.WriteRune(r)
			continue
		case !inWord && key.Len() > 0:
			key.WriteByte(' ')
		}
		inWord = true
		key.WriteRune(foldCase(r))
	}
	endWord()
	return key.String()
}

// isTone reports whether a combining character is one of the five tones.
func isTone(r rune) bool {
	switch r {
	case '\u0300', '\u0301', '\u0303', '\u0309', '\u0323':
		return true
	}
	return false
}

// foldCase returns one letter for all cases of a letter, as strings.EqualFold has it.
func foldCase(r rune) rune {
	least := r
	for f := unicode.SimpleFold(r); f != r; f = unicode.SimpleFold(f) {
		least = min(least, f)
	}
	return least
}
