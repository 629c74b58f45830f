package vietnamese

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// lostLetters finds names of which letters are lost, or stand in another sign: "?", "_", a box.
func lostLetters(name string) Finding {
	if strings.ContainsFunc(name, isNoCharacter) {
		return Finding{Lost, Certain, ""}
	}
	runes := []rune(name)
	var found Finding
	for from := 0; from < len(runes); {
		sign, to := runes[from], from+1
		for to < len(runes) && runes[to] == sign {
			to++
		}
		gap := gap{runes, from, to, sign}
		f := Finding{Damage: Lost}
		switch sign {
		case '?', '¿', '□', '■', '▯', '☐':
			f.Certainty = gap.questioned()
		case '*':
			f.Certainty = gap.masked()
		case '_':
			f = Finding{Damage: Underscored, Certainty: gap.underscored()}
		}
		if f.Certainty > found.Certainty {
			found = f
		}
		from = to
	}
	if found.Certainty == 0 {
		found = dropped(name)
	}
	return found
}

// isNoCharacter reports whether nobody has written a character: it is the sign of a decoder for what it cannot read, or has a
// meaning only for a program.
func isNoCharacter(r rune) bool {
	return r == utf8.RuneError || r == '\uFFFC' || unicode.Is(unicode.Co, r)
}

// gap is one or more equal signs in a name that may be in the place of letters.
type gap struct {
	name     []rune
	from, to int
	sign     rune
}

// questioned says what question marks mean. After a whole word they may be meant: "Bảo vệ?".
func (g gap) questioned() Certainty {
	before, after := g.letterAt(g.from-1), g.letterAt(g.to)
	switch {
	case before && after, after && g.sign != '¿': // Nguy?n, ?inh
		return Certain
	case after:
		return 0 // a question begins so in Spanish
	case before:
		return g.questionedAfterWord()
	case g.sign != '?':
		return 0 // a box to be ticked
	case !slices.ContainsFunc(g.name, unicode.IsLetter): // nothing else is left
		return Certain
	case g.to-g.from > 1 && slices.ContainsFunc(g.name[g.to:], unicode.IsLetter): // ?? Yên
		return Certain
	}
	return Suspect // Hoàng ? Lan
}

func (g gap) questionedAfterWord() Certainty {
	word := g.word()
	whole := strings.Trim(word, string(g.sign))
	another := g.to+1 < len(g.name) && g.name[g.to] == ' ' && g.letterAt(g.to+1)
	switch fits := mayBeSyllable(withGaps(word, g.sign)); {
	case strings.ContainsRune(whole, g.sign):
		return Certain
	case isWholeWord(whole) && (fits || another): // Hoa? Lan
		return Suspect
	case isWholeWord(whole): // Bảo vệ?
		return Remark
	case fits: // Th?
		return Certain
	}
	return Remark // Phòng KD?
}

// masked says what asterisks mean: somebody hides names, as in "Ng***n V** A".
func (g gap) masked() Certainty {
	switch before, after := g.letterAt(g.from-1), g.letterAt(g.to); {
	case before && after:
		return Doubtful
	case before && g.to-g.from > 1 && !isWholeWord(strings.Trim(g.word(), "*")):
		return Doubtful
	}
	return 0
}

// underscored says what underscores mean. They are letters only where a small letter or nothing follows, and in names with letters
// of Vietnamese: "Nguy_n Th_ Ánh", but not "Sale_Hà" or "Sale_01".
func (g gap) underscored() Certainty {
	word := g.word()
	whole := true
	for part := range strings.SplitSeq(word, "_") {
		whole = whole && (part == "" || isWholeWord(part))
	}
	capital := g.to < len(g.name) && unicode.IsUpper(g.name[g.to]) && slices.ContainsFunc(g.name, unicode.IsLower)
	before, after, _ := strings.Cut(word, "_")
	if isOne := !strings.Contains(after, "_"); isOne && capital && isVietnameseBehind(g.name, before) {
		return 0 // KD_Nguyễn An
	}
	switch {
	case whole, capital, !mayBeSyllable(word):
		return Remark
	case slices.ContainsFunc(g.name, isVietnamese):
		return Doubtful
	}
	return Suspect
}

// isVietnameseBehind reports whether a name has letters beyond ASCII, and begins with an abbreviation, or has letters that no program
// keeps that loses some.
func isVietnameseBehind(name []rune, before string) bool {
	isAbbreviation := len(before) > 1 && strings.ToUpper(before) == before
	isBeyond := func(r rune) bool { return r >= utf8.RuneSelf && isVietnamese(r) }
	isRare := func(r rune) bool { return r >= 0x1E00 && isVietnamese(r) }
	return isAbbreviation && slices.ContainsFunc(name, isBeyond) || slices.ContainsFunc(name, isRare)
}

// letterAt reports whether there is a letter at a place of the name.
func (g gap) letterAt(at int) bool {
	return at >= 0 && at < len(g.name) && (unicode.IsLetter(g.name[at]) || unicode.IsMark(g.name[at]))
}

// word returns the word that the gap is in. The sign is a letter of it.
func (g gap) word() string {
	from, to := g.from, g.to
	for from > 0 && (g.letterAt(from-1) || g.name[from-1] == g.sign) {
		from--
	}
	for to < len(g.name) && (g.letterAt(to) || g.name[to] == g.sign) {
		to++
	}
	return string(g.name[from:to])
}

// withGaps writes a question mark for each sign.
func withGaps(word string, sign rune) string {
	return strings.ReplaceAll(word, string(sign), "?")
}

// isWholeWord reports whether a word is a syllable, with or without its marks, or can be a word of another language.
func isWholeWord(word string) bool {
	s, ok := parse(word, false)
	if ok && s.valid(true) {
		return true
	}
	vowels := strings.ContainsFunc(word, func(r rune) bool {
		m := markOf(r)
		return m == 0 || m.letter().isVowel() // a letter of another script may be a vowel
	})
	return vowels && utf8.RuneCountInString(word) > 1
}

// dropped finds names of which a program has dropped all letters beyond ASCII, or beyond Latin-1, or made spaces of them: "Trn Th Hng", "Nguy n Th
// Ng c". Two syllables at least lack their vowel, and one of them has a coda, so that it is no abbreviation.
func dropped(name string) Finding {
	isAboveLatin1 := func(r rune) bool { return r > unicode.MaxLatin1 }
	if strings.ContainsFunc(name, isAboveLatin1) {
		return Finding{} // its letters are there
	}
	lacking, coda := 0, false
	before, isAbbreviated := "", strings.HasPrefix(name, "ng ") && strings.ToLower(name) == name // Nguyễn: ng t lan
	for word := range strings.SplitSeq(name, " ") {
		switch at := lacks(word); {
		case isAbbreviated && (before == "" || before == "ng"):
		case isCoda(word) && isRest(before, word):
			lacking, coda = lacking+1, true
		case at > 0:
			lacking, coda = lacking+1, coda || at < len(word)
		}
		before = word
	}
	switch {
	case lacking > 1 && coda:
		return Finding{Lost, Doubtful, ""}
	case lacking > 0:
		return Finding{Lost, Possible, ""}
	}
	return Finding{}
}

// isRest reports whether a coda that stands alone is what is left of a word, or of the end of the one before it. "Trn c" was Trần Đức.
func isRest(before, coda string) bool {
	return before == "" || isCapitalized(before) || mayBeSyllable(before+"_"+coda)
}

// lacks returns where a word lacks a letter, such as 2 of "Thng"; 0 if it may be whole.
func lacks(word string) (at int) {
	switch {
	case !isASCII(word), !isCapitalized(word):
		return 0
	case word == "Nguyn": // a syllable, but none of a name
		return len("Nguy")
	case isWholeWord(word) && !slices.Contains(lackingNames, word):
		return 0
	}
	for at := 1; at <= len(word); at++ {
		if mayBeSyllable(word[:at] + "_" + word[at:]) {
			return at
		}
	}
	return 0
}

// lackingNames are words with a vowel that are left of the most common names, and that no language has.
var lackingNames = []string{"Hunh", "Quc", "Quyn", "Thun", "Phng", "Tuyt"}

// isCoda reports whether a word is what a syllable can end with.
func isCoda(word string) bool {
	switch word {
	case "c", "ch", "m", "n", "ng", "nh", "p", "t":
		return true
	}
	return false
}

// isCapitalized reports whether a word of ASCII is a capital and then small letters.
func isCapitalized(word string) bool {
	return len(word) > 1 && word[0] >= 'A' && word[0] <= 'Z' && strings.ToLower(word[1:]) == word[1:]
}
