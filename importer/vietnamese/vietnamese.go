// Package vietnamese knows how Vietnamese is written, and how it looks when programs have ruined it. It does no I/O.
//
// A syllable is what a word of Vietnamese is ([IsSyllable]). Most of its letters are beyond ASCII, so that a text which was read in
// the wrong encoding hardly has a syllable left: that is how [Inspect] tells ruined names from the names of people from elsewhere,
// and how [Guess] finds the encoding of a file.
//
// Of each name [Inspect] says what is wrong with it, and how certain that is. What is not certain, the names of a file decide
// together ([Census]). A name that is right is then sent without what nobody sees ([Clean]), and with the right Đ ([FixEth]).
package vietnamese

// Words counts the words of a text that have letters beyond ASCII: those that are syllables of Vietnamese, and the others. A word
// that becomes a syllable only if its case is ignored, with a capital after a small letter, is one of the others: "huÊn".
func Words(text string) (syllables, others int) {
	for from := 0; from < len(text); {
		word, end := nextWord(text, from)
		from = end
		if isASCII(text[word:end]) {
			continue
		}
		if s, ok := parse(text[word:end], false); ok && !s.odd && s.valid(false) {
			syllables++
		} else {
			others++
		}
	}
	return syllables, others
}

// LooksVietnamese reports whether a text is Vietnamese: of its words with letters beyond ASCII at least four of five are syllables,
// and there is one.
func LooksVietnamese(text string) bool {
	syllables, others := Words(text)
	return syllables > 0 && syllables >= 4*others
}

// Guess returns the encoding in which bytes that are not UTF-8 are Vietnamese: "windows-1258" or a name that [Encoding] knows. ok is
// false if none is, or if several are equally so.
func Guess(sample []byte) (name string, ok bool) {
	best, second := 0, 0
	for _, c := range legacies {
		text, whole := c.decode(sample)
		syllables, others := Words(text)
		score := syllables - others
		if !whole || score <= 0 || syllables < 4*others {
			continue
		}
		if score > best {
			name, best, score = c.name, score, best
		}
		second = max(second, score)
	}
	return name, best > second
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}
