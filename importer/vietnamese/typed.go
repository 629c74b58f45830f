package vietnamese

import (
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Names as they come from the keyboard when the program that makes Vietnamese letters of the keys is off: "Nguyeenx Vawn An" in
// Telex, "Nguye6n4 Va8n An" in VNI.

// typedWord is what the keys of a word stand for.
type typedWord struct {
	text   string // "" if the word is no Vietnamese that was typed so
	strong bool   // hardly anything else is written so
	name   bool   // it is a word of the most common names
}

// typed finds a name that was typed in Telex or VNI. Foreign words can be syllables then, too ("Lee" is Lê, "Max" is Mã): by themselves
// they prove nothing.
func typed(name string) Finding {
	words := strings.Split(name, " ")
	good, strong, names := 0, 0, 0
	for i, word := range words {
		is := readKeys(word)
		if is.text == "" {
			continue
		}
		words[i] = is.text
		good++
		if is.strong {
			strong++
		}
		if is.name {
			names++
		}
	}
	f := Finding{Typed, 0, strings.Join(words, " ")}
	switch {
	case good == 0:
		return Finding{}
	case good > 1 && strong+names > 0:
		f.Certainty = Doubtful
	case names > 0:
		f.Certainty = Suspect
	default:
		f.Certainty = Possible
	}
	return f
}

// maxKeys is the most keys that a syllable has, as in nghieengf.
const maxKeys = 10

// readKeys reads a word of ASCII as the keys of Telex or VNI.
func readKeys(word string) typedWord {
	if len(word) < 3 || len(word) > maxKeys {
		return typedWord{}
	}
	if s, ok := parse(word, false); ok && s.valid(true) {
		return typedWord{} // it is a word as it stands
	}
	keys := telexKeys
	if strings.ContainsAny(word, "123456789") {
		keys = vniKeys
	}
	t := typist{keyboard: keys, tone: -1}
	for i := range len(word) {
		if !t.press(word[i]) {
			return typedWord{}
		}
	}
	text := t.text()
	if text == "" {
		return typedWord{}
	}
	// A tone behind a letter with a mark, and đ, are in few words of other languages, and common names in none.
	hasTone := t.tone >= 0
	isClear := hasTone || strings.ContainsAny(word, "wW8")
	isLong := len(word) > 4 || len(word) == 4 && isClear
	onLetter := hasTone && t.near
	return typedWord{text, onLetter || t.crossed || t.inside, isLong && common[strings.ToLower(text)]}
}

// keyboard says what keys stand for, behind a letter.
type keyboard struct {
	tones  string // in the order of the tones: sharp, falling, asking, broken, heavy
	shapes map[byte]string
}

// The two ways of typing.
var (
	telexKeys = &keyboard{"sfrxj", map[byte]string{'a': "aâ", 'e': "eê", 'o': "oô", 'w': "aăoơuư", 'd': "dđ"}}
	vniKeys   = &keyboard{"12345", map[byte]string{'6': "aâeêoô", '7': "oơuư", '8': "aă", '9': "dđ"}}
)

// typist makes letters of keys.
type typist struct {
	*keyboard
	letters []rune
	upper   []bool
	tone    int  // of tones; -1 if there is none
	shapes  int  // how many letters have another shape
	near    bool // one of them got it from the key behind it
	crossed bool // one of them is đ, of two keys
	inside  bool // a digit is before a letter
	digit   bool // the last key was a digit
}

// press takes a key. It is not ok if the key stands for nothing.
func (t *typist) press(key byte) (ok bool) {
	lower := key | 0x20
	isLetter := 'a' <= lower && lower <= 'z'
	if !isLetter {
		lower = key
	}
	hasVowel := slices.ContainsFunc(t.letters, func(r rune) bool { return markOf(r).letter().isVowel() })
	if at := strings.IndexByte(t.tones, lower); at >= 0 && hasVowel {
		if t.tone >= 0 {
			return false
		}
		t.tone, t.digit = at, !isLetter
		return true
	}
	if t.shape(lower) {
		t.digit = !isLetter
		return true
	}
	if lower == 'w' && t.keyboard == telexKeys { // alone
		t.letters, t.upper, t.shapes = append(t.letters, 'ư'), append(t.upper, key != lower), t.shapes+1
		return true
	}
	if !isLetter {
		return false
	}
	isPlace := key != lower && slices.Contains(t.upper, false) // Khu2A
	if isPlace && t.digit {
		return false
	}
	t.inside = t.inside || t.digit
	t.digit = false
	t.letters, t.upper = append(t.letters, rune(lower)), append(t.upper, key != lower)
	return true
}

// shape gives letters the shape that a key stands for, and reports whether it did. Of uo both become another letter: ươ.
func (t *typist) shape(key byte) bool {
	pairs := []rune(t.keyboard.shapes[key])
	for i := len(t.letters) - 1; i >= 0; i-- {
		at := slices.Index(pairs, t.letters[i])
		if at < 0 || at%2 != 0 {
			continue
		}
		isD := t.letters[i] == 'd'
		if isD && i != 0 {
			continue
		}
		t.letters[i] = pairs[at+1]
		if t.letters[i] == 'ơ' && i > 0 && t.letters[i-1] == 'u' {
			t.letters[i-1] = 'ư'
		}
		t.shapes++
		t.near = t.near || i == len(t.letters)-1
		t.crossed = t.crossed || isD
		return true
	}
	return false
}

// text returns the syllable that was typed, with the tone where it belongs; "" if there is none, or if ASCII has all of it.
func (t *typist) text() string {
	if t.shapes == 0 && t.tone < 0 {
		return ""
	}
	base := make([]rune, len(t.letters))
	for i, r := range t.letters {
		if base[i] = r; t.upper[i] {
			base[i] = []rune(strings.ToUpper(string(r)))[0]
		}
	}
	if t.tone < 0 {
		return validOr(string(base))
	}
	const marks = "\u0301\u0300\u0309\u0303\u0323"
	mark := []rune(marks)[t.tone]
	for i := len(base) - 1; i >= 0; i-- {
		if !markOf(t.letters[i]).letter().isVowel() {
			continue
		}
		with := slices.Insert(slices.Clone(base), i+1, mark)
		if text := validOr(norm.NFC.String(string(with))); text != "" {
			return text
		}
	}
	return ""
}

// validOr returns a word if it is a syllable, and else "".
func validOr(word string) string {
	s, ok := parse(word, false)
	if !ok || !s.valid(false) {
		return ""
	}
	return word
}

// InspectTyped looks at a name that [Inspect] finds intact: it may be typed in Telex or VNI.
func InspectTyped(name string) Finding {
	if !MayBeTyped(name) {
		return Finding{}
	}
	return typed(name)
}

// MayBeTyped takes one look at a name. It is true for few that are not typed so: a word has a double letter, ends in a tone of Telex
// or has a digit.
func MayBeTyped(name string) bool {
	before := byte(' ')
	for i := range len(name) {
		c := name[i]
		if c >= utf8.RuneSelf {
			return false
		}
		lower := c | 0x20
		isDoubled := lower == before|0x20 && strings.IndexByte("aeod", lower) >= 0
		if isDoubled || before >= 'A' && strings.IndexByte("wfjxsr123456789", lower) >= 0 {
			return true
		}
		before = c
	}
	return false
}
