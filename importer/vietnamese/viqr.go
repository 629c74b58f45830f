package vietnamese

import (
	"strings"

	"golang.org/x/text/unicode/norm"
)

// viqr finds Vietnamese that is written with the signs of ASCII, as RFC 1456 says: "Nguye^~n Thi. Ha(`ng".
func viqr(name string) Finding {
	if !isASCII(name) || !strings.ContainsAny(name, "^(+*~`'?.dD") {
		return Finding{}
	}
	words := strings.Split(name, " ")
	good, strong, long := 0, 0, 0
	for i, w := range words {
		text, signs := fromVIQR(w)
		s, ok := parse(strings.TrimRight(text, ".?,;:"), false)
		if !ok || !s.beyond || !s.valid(false) {
			continue
		}
		words[i] = text
		good++
		if signs {
			strong++
		}
		if s.size > 1 { // not an initial
			long++
		}
	}
	switch mended := norm.NFC.String(strings.Join(words, " ")); {
	case good > 1 && strong > 0:
		return Finding{VIQR, Doubtful, mended}
	case strong > 0:
		return Finding{VIQR, Suspect, mended}
	case long > 0:
		return Finding{VIQR, Possible, mended}
	}
	return Finding{}
}

// The signs of VIQR: which vowels they follow, and the combining mark that each stands for. "*" is written for "+", too.
var viqrSigns = map[byte]struct {
	vowels, mark string
	shape        bool // it makes another letter rather than a tone
	strong       bool // people do not put it behind a vowel for another reason
}{
	'^':  {"aeo", "\u0302", true, true},
	'(':  {"a", "\u0306", true, true},
	'+':  {"ou", "\u031B", true, true},
	'*':  {"ou", "\u031B", true, true},
	'\'': {"aeiouy", "\u0301", false, false},
	'`':  {"aeiouy", "\u0300", false, true},
	'?':  {"aeiouy", "\u0309", false, false},
	'~':  {"aeiouy", "\u0303", false, true},
	'.':  {"aeiouy", "\u0323", false, false},
}

// fromVIQR returns a word of VIQR with the letters that it stands for, and whether it has a strong sign.
func fromVIQR(word string) (text string, strong bool) {
	var b strings.Builder
	i := 0
	if len(word) > 2 && word[0]|0x20 == 'd' && word[1]|0x20 == 'd' {
		b.WriteString(map[byte]string{'d': "đ", 'D': "Đ"}[word[0]])
		i, strong = 2, true
	}
	for i < len(word) {
		vowel := word[i]
		b.WriteByte(vowel)
		i++
		shaped, toned := false, false
		for i < len(word) {
			sign, ok := viqrSigns[word[i]]
			has := &toned
			if sign.shape {
				has = &shaped
			}
			if !ok || *has || strings.IndexByte(sign.vowels, vowel|0x20) < 0 {
				break
			}
			*has = true
			strong = strong || sign.strong
			b.WriteString(sign.mark)
			i++
		}
	}
	return norm.NFC.String(b.String()), strong
}
