package vietnamese

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Clean returns a name without what nobody sees: spaces around it, zero-width characters and soft hyphens. Within it a no-break
// space, a tab or a line break becomes a space. Its letters are composed (NFC).
//
// [Inspect] comes first, since what Clean takes away can be a part of a ruined letter.
func Clean(name string) (clean string, changed bool) {
	if isClean(name) {
		return name, false
	}
	clean = name
	for {
		// What is taken away can be the reason why a letter was not composed, or a joiner was kept.
		next := norm.NFC.String(strings.TrimFunc(dropInvisible(clean), isSpace))
		if next == clean {
			return clean, clean != name
		}
		clean = next
	}
}

// isClean reports whether a name has nothing but visible characters of Latin and single spaces, as nearly all have. False says
// nothing.
func isClean(name string) bool {
	for _, r := range name {
		if !isVisibleLatin(r) {
			return false
		}
	}
	return name == "" || name[0] != ' ' && name[len(name)-1] != ' '
}

// isVisibleLatin reports whether a character is of ASCII or Latin, visible or a space, and composed.
func isVisibleLatin(r rune) bool {
	switch {
	case r < 0x80:
		return r >= ' ' && r <= '~'
	case r < 0x250:
		return r > '\u00AD'
	}
	return r >= 0x1E00 && r < 0x1F00
}

// dropInvisible drops what has no width, and makes spaces of what looks like one.
func dropInvisible(name string) string {
	var b strings.Builder
	before := rune(0)
	for i, r := range name {
		_, n := utf8.DecodeRuneInString(name[i:])
		switch {
		case r == utf8.RuneError && n == 1: // no UTF-8
			b.WriteByte(name[i])
			continue
		case r == '\u200C' || r == '\u200D': // Persian, the scripts of India and emoji need them
			after, _ := utf8.DecodeRuneInString(name[i+n:])
			if !needsJoiners(before) || !needsJoiners(after) {
				continue
			}
		case isInvisible(r):
			continue
		case r != '\u3000' && isSpace(r): // the wide space of Japanese stays
			r = ' '
		}
		b.WriteRune(r)
		before = r
	}
	return b.String()
}

// needsJoiners reports whether a character is of a script in which joiners change what is seen.
func needsJoiners(r rune) bool { return r >= 0x590 && r < 0x1E00 || r >= 0x2100 && r != utf8.RuneError }

// isSpace reports whether a character is a space. The control character U+0085 is none: it is a part of ruined letters.
func isSpace(r rune) bool { return r != '\u0085' && unicode.IsSpace(r) }

// isInvisible reports whether a character has no width and no meaning in a name: soft hyphen, zero-width space, byte order mark
// and the like.
func isInvisible(r rune) bool {
	switch r {
	case '\u00AD', '\u180E', '\u200B', '\u2060', '\u2061', '\u2062', '\u2063', '\u2064', '\uFEFF':
		return true
	}
	return false
}

// FixEth writes Đ for the letters that look like it, Ð (eth) and Ɖ (African D), in Vietnamese syllables and, in a name with such
// letters of Vietnamese, for initials. Elsewhere they are left: eth is a letter of Icelandic.
func FixEth(name string) (fixed string, changed bool) {
	if !hasEth(name) {
		return name, false
	}
	fixed = mapWords(name, func(word string) string {
		with := ethToD.Replace(word)
		if s, ok := parse(with, false); ok && s.valid(true) {
			return with
		}
		return word
	})
	if syllables, _ := Words(fixed); syllables > 0 {
		fixed = mapWords(fixed, func(word string) string {
			if word == "Ð" || word == "Ɖ" {
				return "Đ"
			}
			return word
		})
	}
	return fixed, fixed != name
}

var ethToD = strings.NewReplacer("Ð", "Đ", "Ɖ", "Đ", "ð", "đ", "ɖ", "đ")

// hasEth is fast for names that have none.
func hasEth(name string) bool {
	for i := 0; i+1 < len(name); i++ {
		switch c := name[i+1]; name[i] {
		case 0xC3:
			if c == 0x90 || c == 0xB0 {
				return true
			}
		case 0xC6:
			if c == 0x89 {
				return true
			}
		case 0xC9:
			if c == 0x96 {
				return true
			}
		}
	}
	return false
}

// mapWords replaces each word of a text: letters, and signs beyond ASCII, which are letters in a ruined text.
func mapWords(text string, edit func(word string) string) string {
	var b strings.Builder
	for from := 0; from < len(text); {
		word, end := nextWord(text, from)
		b.WriteString(text[from:word])
		b.WriteString(edit(text[word:end]))
		from = end
	}
	return b.String()
}

// nextWord returns where the next word of a text begins, and where it ends.
func nextWord(text string, from int) (word, end int) {
	word = -1
	for i, r := range text[from:] {
		switch in := isInWord(r); {
		case in && word < 0:
			word = from + i
		case !in && word >= 0:
			return word, from + i
		}
	}
	if word < 0 {
		word = len(text)
	}
	return word, len(text)
}

// isInWord reports whether a character is part of a word. Beyond ASCII, only spaces and the punctuation of writers are not.
func isInWord(r rune) bool {
	if r < utf8.RuneSelf {
		return markOf(r) != 0
	}
	return !isSpace(r) && !isPunctuation(r)
}

// isPunctuation reports whether a character is a quotation mark, a dash or the like. Programs put them in for ASCII.
func isPunctuation(r rune) bool {
	return r >= '\u2010' && r <= '\u2027' && r != '†' && r != '‡' && r != '•'
}
