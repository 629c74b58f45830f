package vietnamese

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
	"golang.org/x/text/unicode/norm"
)

// misread finds UTF-8 that was read as another encoding: each of its bytes has become a character of its own. Written as bytes
// again, they are UTF-8. Nobody's name is that by chance.
func misread(name string) Finding {
	mended, found := rereadWestern(name)
	if !found {
		if mended, found = rereadElsewhere(name); !found {
			return Finding{}
		}
	}
	return Finding{Misread, Certain, mended}
}

// westernByte returns the byte that is a character in windows-1252, ISO 8859-1 or windows-1258. They agree but for some characters,
// of which none is in two of them. Bytes that windows-1252 does not define have become the control characters of ISO 8859-1.
func westernByte(r rune) (b byte, ok bool) {
	if r < 0x100 {
		return byte(r), true
	}
	if b, ok = charmap.Windows1252.EncodeRune(r); !ok {
		b, ok = charmap.Windows1258.EncodeRune(r)
	}
	return b, ok
}

// unit is a character of a text that is read again: as it was, decoded, or a letter of which the last byte is lost.
type unit struct {
	r      rune
	prefix string // the bytes that are left of a letter
	last   string // the bytes that the last one can be
}

func (u unit) isTorn() bool { return u.prefix != "" }

func (u unit) inWord() bool { return u.isTorn() || isInWord(u.r) }

// The bytes that programs lose.
const (
	undefined = "\x81\x8D\x8F\x90\x9D" // windows-1252 does not define them
	asSpace   = "\xA0"                 // the no-break space became a space, or was cut off
	asNothing = undefined + "\xAD\xA0" // dropped; the soft hyphen is invisible
)

// rereadWestern reads again what was read as windows-1252 and its relatives. mended is "" if letters are lost.
func rereadWestern(name string) (mended string, found bool) {
	text := name
	for range maxLayers {
		if _, proofs := westernUnits([]rune(text), false); proofs == 0 {
			break
		}
		units, _ := westernUnits([]rune(text), true)
		found = true
		whole := false
		if text, whole = assemble(units); !whole {
			return "", true
		}
		mended = text
	}
	return mended, found
}

// westernUnits decodes the letters of a text that was read as windows-1252, and counts those that prove that it was. Where it is
// known, a letter of which only the first byte is left is one, too.
func westernUnits(text []rune, known bool) (units []unit, proofs int) {
	for i := 0; i < len(text); {
		r, n := westernRune(text[i:])
		switch {
		case n > 0:
			if isProof(text, i, n, r) {
				proofs++
			}
			units = append(units, unit{r: r})
			i += n
			continue
		case n < 0:
			u, used := torn(text[i:])
			if used > 0 && (known || len(u.prefix) > 1) {
				proofs++
				units = append(units, u)
				i += used
				continue
			}
		}
		units = append(units, unit{r: text[i]})
		i++
	}
	return units, proofs
}

// westernRune returns the character that a text begins with, and how many of the misread characters it has been; 0 if it is none,
// -1 if it begins as one.
func westernRune(text []rune) (r rune, n int) {
	if text[0] < utf8.RuneSelf {
		return 0, 0
	}
	var raw [utf8.UTFMax]byte
	b, ok := westernByte(text[0])
	if !ok {
		return 0, 0
	}
	raw[0] = b
	want := 0
	switch {
	case b >= 0xC2 && b < 0xE0:
		want = 2
	case b >= 0xE0 && b < 0xF0:
		want = 3
	case b >= 0xF0 && b < 0xF5:
		want = 4
	case b == 0xC1: // á, made a capital
		raw[0], want = 0xE1, 3
	default:
		return 0, 0
	}
	if len(text) < want {
		return 0, -1
	}
	for i := 1; i < want; i++ {
		if raw[i], ok = westernByte(text[i]); !ok {
			return 0, -1
		}
	}
	r, size := utf8.DecodeRune(raw[:want])
	if size != want {
		return 0, -1
	}
	return r, want
}

// torn returns a letter of Vietnamese of which the last byte is lost, at the beginning of a text, and how many characters it has
// now; 0 if there is none.
func torn(text []rune) (u unit, used int) {
	b, _ := westernByte(text[0])
	switch {
	case (b == 0xE1 || b == 0xC1) && len(text) > 1 && (text[1] == 'º' || text[1] == '»'):
		u.prefix, used = "\xE1\xBA", 2
		if text[1] == '»' {
			u.prefix = "\xE1\xBB"
		}
	case b >= 0xC3 && b <= 0xC6:
		u.prefix, used = string([]byte{b}), 1
	default:
		return unit{}, 0
	}
	u.last = asSpace
	if used == len(text) {
		return u, used
	}
	switch next := text[used]; {
	case next == utf8.RuneError || next == '?':
		u.last = undefined
		used++
	case next == ' ' && used+1 < len(text) && unicode.IsLower(text[used+1]):
		used++ // within a word
	case next != ' ':
		u.last = asNothing
	}
	return u, used
}

// isProof reports whether the n characters at i, which are the bytes of r, cannot be what somebody wrote.
func isProof(text []rune, i, n int, r rune) bool {
	before, after := rune(' '), rune(' ')
	if i > 0 {
		before = text[i-1]
	}
	if i+n < len(text) {
		after = text[i+n]
	}
	within := unicode.IsLower(before) || unicode.IsLower(after)
	last := text[i+n-1]
	switch {
	case n > 2: // such as » after á, or € after â
		return isVietnamese(r) || unicode.Is(unicode.Mn, r) || hasSign(text[i+1:i+n])
	case r == '\u00A0': // LÊ VĂN Â and a no-break space
		return unicode.IsLower(before)
	case !unicode.IsLetter(r) && !unicode.Is(unicode.Mn, r):
		return false
	case last == '\u00A0' || last == '\u00AD': // TRẦN NHÃ and a no-break space
		return within
	case isPunctuation(last): // “TRẦN NHÃ”
		return within || text[i] == 'Ä'
	case unicode.IsLetter(last) && last != 'ª' && last != 'º' && last != 'µ':
		return isVietnamese(r)
	}
	return r < 0x370
}

// hasSign reports whether a part of a text has a character that stands in no word and is no punctuation.
func hasSign(text []rune) bool {
	for _, r := range text {
		if !unicode.IsLetter(r) && !isPunctuation(r) {
			return true
		}
	}
	return false
}

// assemble makes a text of its units. Letters of which bytes are lost are found if only one letter makes a syllable of its word.
func assemble(units []unit) (text string, whole bool) {
	var b strings.Builder
	for from := 0; from < len(units); {
		if !units[from].inWord() {
			b.WriteRune(units[from].r)
			from++
			continue
		}
		to, torn := from, 0
		for to < len(units) && units[to].inWord() {
			if units[to].isTorn() {
				torn++
			}
			to++
		}
		word, ok := units[from:to], true
		if torn > 0 {
			word, ok = complete(word, torn)
		}
		if !ok {
			return "", false
		}
		for _, u := range word {
			b.WriteRune(u.r)
		}
		from = to
	}
	return norm.NFC.String(b.String()), true
}

// complete finds the letters of a word of which bytes are lost.
func complete(word []unit, torn int) (found []unit, ok bool) {
	if torn > 2 {
		return nil, false
	}
	at := 0
	for !word[at].isTorn() {
		at++
	}
	for _, b := range []byte(word[at].last) {
		r, n := utf8.DecodeRuneInString(word[at].prefix + string([]byte{b}))
		if n <= len(word[at].prefix) || !isVietnamese(r) || unicode.IsUpper(r) != capitalAt(word, at) {
			continue
		}
		try := append([]unit(nil), word...)
		try[at] = unit{r: r}
		if torn > 1 {
			if try, ok = complete(try, torn-1); !ok {
				continue
			}
		} else if !isSyllableOf(try) {
			continue
		}
		if found != nil {
			return nil, false
		}
		found = try
	}
	return found, found != nil
}

// capitalAt reports whether a letter that is not known is a capital: as the letter behind it in the middle of a word, and at its
// beginning always.
func capitalAt(word []unit, at int) bool {
	switch {
	case at == 0:
		return true
	case at+1 < len(word):
		return unicode.IsUpper(word[at+1].r)
	}
	return at > 1 && unicode.IsUpper(word[at-1].r)
}

func isSyllableOf(word []unit) bool {
	var b strings.Builder
	for _, u := range word {
		b.WriteRune(u.r)
	}
	return IsSyllable(norm.NFC.String(b.String()))
}

// elsewhere are the other encodings that UTF-8 is read as: on a Mac, in a console, and on the Windows of other countries.
var elsewhere = []*charmap.Charmap{
	charmap.Macintosh, charmap.CodePage437, charmap.CodePage850, charmap.CodePage852, charmap.CodePage866, charmap.Windows1250,
	charmap.Windows1251, charmap.Windows1253, charmap.Windows1254, charmap.Windows1256, charmap.Windows874, charmap.KOI8R, charmap.ISO8859_2,
	charmap.ISO8859_15, charmap.MacintoshCyrillic,
}

// eastern are those of which a character is two bytes.
var eastern = []encoding.Encoding{simplifiedchinese.GBK, traditionalchinese.Big5, japanese.ShiftJIS, korean.EUCKR}

// rereadElsewhere reads again what was read as an encoding that is rare for Vietnamese. It demands more: all words with letters
// beyond ASCII are syllables then, and such letters are in words with others.
func rereadElsewhere(name string) (mended string, found bool) {
	if !hasMixedWord(name) {
		return "", false
	}
	for _, page := range elsewhere {
		if raw, ok := encodeIn(page, name); ok && isWholly(raw) {
			return norm.NFC.String(string(raw)), true
		}
	}
	if !strings.ContainsFunc(name, func(r rune) bool { return r >= 0x1100 }) {
		return "", false
	}
	for _, e := range eastern {
		if raw, err := e.NewEncoder().Bytes([]byte(name)); err == nil && isWholly(raw) {
			return norm.NFC.String(string(raw)), true
		}
	}
	return "", false
}

// hasMixedWord reports whether a letter of ASCII is beside a character beyond ASCII that is none of Vietnamese.
func hasMixedWord(name string) bool {
	letter, strange := false, false
	for _, r := range name {
		isLetter, isStrange := r < utf8.RuneSelf && markOf(r) != 0, r >= utf8.RuneSelf && !isVietnamese(r)
		if letter && isStrange || strange && isLetter {
			return true
		}
		letter, strange = isLetter, isStrange
	}
	return false
}

// encodeIn returns a text in a code page. Its undefined bytes are the control characters of ISO 8859-1.
func encodeIn(page *charmap.Charmap, text string) (raw []byte, ok bool) {
	raw = make([]byte, 0, len(text))
	for _, r := range text {
		b, ok := page.EncodeRune(r)
		if !ok {
			if r < 0x80 || r >= 0xA0 {
				return nil, false
			}
			b = byte(r)
		}
		raw = append(raw, b)
	}
	return raw, true
}

// isWholly reports whether bytes are Vietnamese in UTF-8, in all words.
func isWholly(raw []byte) bool {
	if !utf8.Valid(raw) {
		return false
	}
	syllables, others := Words(norm.NFC.String(string(raw)))
	return syllables > 0 && others == 0
}
