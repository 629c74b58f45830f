package vietnamese

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// lostLetters finds "?", "_" and U+FFFD in the place of letters that an encoding lacked.
func lostLetters(name string) Finding {
	if strings.ContainsRune(name, utf8.RuneError) {
		return Finding{Lost, Certain, ""}
	}
	question, underscore := Certainty(0), Certainty(0)
	runes := []rune(name)
	for i := 0; i < len(runes); i++ {
		if runes[i] != '?' && runes[i] != '_' {
			continue
		}
		to := i
		for to < len(runes) && runes[to] == runes[i] {
			to++
		}
		if runes[i] == '?' {
			question = max(question, questionMark(runes, i, to))
		} else {
			underscore = max(underscore, underscoreIn(runes, i, to))
		}
		i = to - 1
	}
	if question > 0 {
		return Finding{Lost, max(question, underscore), ""}
	}
	if underscore > 0 {
		return Finding{Underscored, underscore, ""}
	}
	return Finding{}
}

// questionMark says what one or more question marks mean. After a whole word they may be meant: "Bảo vệ?".
func questionMark(name []rune, from, to int) Certainty {
	before, after := letterAt(name, from-1), letterAt(name, to)
	word := wordAround(name, from, to, '?')
	switch {
	case before && after, after: // Nguy?n, ?inh
		return Certain
	case before:
		whole := strings.Trim(word, "?")
		switch {
		case strings.Contains(whole, "?"):
			return Certain
		case isWholeWord(whole):
			if mayBeSyllable(word) || to+1 < len(name) && name[to] == ' ' && letterAt(name, to+1) {
				return Suspect
			}
			return Remark
		case mayBeSyllable(word): // Th?
			return Certain
		}
		return Remark // Phòng KD?
	case !strings.ContainsFunc(string(name), unicode.IsLetter): // nothing else is left
		return Certain
	}
	return Remark
}

// underscoreIn says what one or more underscores mean. They are letters only between letters of Vietnamese, where a small letter
// or nothing follows: "Nguy_n Th_ Ánh", but not "Sale_Hà" or "Sale_01".
func underscoreIn(name []rune, from, to int) Certainty {
	if !strings.ContainsFunc(string(name), isVietnamese) {
		return Remark
	}
	word := wordAround(name, from, to, '_')
	if !mayBeSyllable(word) {
		return Remark
	}
	parts := strings.FieldsFunc(word, func(r rune) bool { return r == '_' })
	whole := true
	for _, part := range parts {
		whole = whole && isWholeWord(part)
	}
	capital := to < len(name) && unicode.IsUpper(name[to]) && strings.ContainsFunc(string(name), unicode.IsLower)
	if whole || capital {
		return Remark
	}
	return Doubtful
}

// letterAt reports whether there is a letter at a place of a name.
func letterAt(name []rune, at int) bool {
	return at >= 0 && at < len(name) && (unicode.IsLetter(name[at]) || unicode.IsMark(name[at]))
}

// wordAround returns the word around a part of a name. A given sign is a letter of it.
func wordAround(name []rune, from, to int, sign rune) string {
	for from > 0 && (letterAt(name, from-1) || name[from-1] == sign) {
		from--
	}
	for to < len(name) && (letterAt(name, to) || name[to] == sign) {
		to++
	}
	return string(name[from:to])
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
