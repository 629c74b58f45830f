package vietnamese

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/unicode/norm"
)

// misread finds UTF-8 that was read as another encoding: each of its bytes has become a character of its own. Written as bytes
// again, they are UTF-8. Nobody's name is that by chance.
func misread(name string) Finding {
	found := rereadWestern(name)
	raw, ok := westernBytes(name)
	if ok && isWholly(raw) {
		if found.Certainty == Certain && found.Mended == "" {
			found.Mended = norm.NFC.String(string(raw))
		}
		return mayBeMisread(name, found)
	}
	if mended, ok := rereadElsewhere(name); ok {
		return Finding{Misread, Certain, mended}
	}
	return mayBeMisread(name, found)
}

// mayBeMisread drops a finding that is not certain, unless what comes out is Vietnamese, and small letters are among it: capitals
// before a no-break space, as in NHÃ, look like a letter.
func mayBeMisread(name string, f Finding) Finding {
	if f.Certainty < Certain && !(LooksVietnamese(f.Mended) && strings.ContainsFunc(name, unicode.IsLower)) {
		return Finding{}
	}
	return f
}

// westernByte returns the byte that is a character in windows-1252, ISO 8859-1 or windows-1258. They agree but for some characters,
// of which none is in two of them. Bytes that windows-1252 does not define have become the control characters of ISO 8859-1, and
// text in a font of symbols has become characters for private use.
func westernByte(r rune) (b byte, ok bool) {
	if r < 0x100 || r >= 0xF020 && r < 0xF100 {
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
	undefined1252 = "\x81\x8D\x8F\x90\x9D" // the code page does not define them
	undefined1258 = undefined1252 + "\x8A\x8E\x9A\x9E"
	asSpace       = "\xA0"                     // the no-break space became a space, or was cut off
	asNothing     = undefined1252 + "\xAD\xA0" // dropped; the soft hyphen is invisible
)

// rereadWestern reads again what was read as windows-1252 and its relatives, once or more often. It is content with a part of a
// name, and with names that are not Vietnamese.
func rereadWestern(name string) (found Finding) {
	text := []rune(name)
	for range maxLayers {
		units, proofs, hints := westernUnits(text, found.Certainty == Certain)
		switch {
		case proofs > 0:
			units, _, _ = westernUnits(text, true)
			found.Damage, found.Certainty = Misread, Certain
		case hints == 0:
			return found
		case found.Damage == Intact:
			found.Damage, found.Certainty = Misread, Possible // until what comes out proves it
		}
		next, whole := assemble(units)
		if !whole {
			found.Mended = ""
			return found
		}
		found.Mended, text = next, []rune(next)
	}
	return found
}

// westernUnits decodes the letters of a text that was read as windows-1252. Proofs are those that nobody wrote so, and hints the
// others. Where it is known that the text was misread, a letter of which only the first byte is left is one, too.
func westernUnits(text []rune, known bool) (units []unit, proofs, hints int) {
	about := evidenceIn(text)
	for i := 0; i < len(text); {
		u, n := unit{r: text[i]}, 1
		switch r, size := westernRune(text[i:]); {
		case size > 0:
			u, n = unit{r: r}, size
			if about.proves(i, size, r) {
				proofs++
			} else {
				hints++
			}
		case size < 0:
			t, used := torn(text[i:])
			if used == 0 {
				break
			}
			certain, cutOff := len(t.prefix) > 1 && about.provesTorn(i+used), about.isCutOff(i, used)
			if certain {
				proofs++
			}
			if cutOff {
				hints++
			}
			if certain || cutOff || known {
				u, n = t, used
			}
		}
		units = append(units, u)
		i += n
	}
	return units, proofs, hints
}

// evidence is what a text shows about whether it was misread.
type evidence struct {
	text     []rune
	wholly   bool // all characters beyond ASCII are bytes of letters
	intact   bool // there is a letter of Vietnamese that no code page has
	capitals bool // it has no small letter of ASCII
	quoted   bool // it has a quotation mark «
}

func evidenceIn(text []rune) evidence {
	e := evidence{text: text, wholly: true, capitals: true}
	for i := 0; i < len(text); {
		r := text[i]
		_, n := westernRune(text[i:])
		if n <= 0 && r >= utf8.RuneSelf {
			e.wholly = false
		}
		e.intact = e.intact || r >= 0x1E00 && isVietnamese(r)
		e.capitals = e.capitals && (r < 'a' || r > 'z')
		e.quoted = e.quoted || r == '«'
		i += max(n, 1)
	}
	return e
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
	switch b, _ := westernByte(text[0]); {
	case b == 0xE1, b == 0xC1:
		var second byte
		if len(text) > 1 && (text[1] == 'º' || text[1] == '»') {
			second, _ = westernByte(text[1])
		}
		if second == 0 {
			return unit{}, 0
		}
		u.prefix, used = string([]byte{0xE1, second}), 2
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
		u.last = undefined1252
		if slices.ContainsFunc(text, isOf1258) {
			u.last = undefined1258
		}
		used++
	case next == ' ' && used+1 < len(text) && unicode.IsLower(text[used+1]):
		used++ // within a word
	case next != ' ':
		u.last = asNothing
	}
	return u, used
}

// isOf1258 reports whether windows-1258 has a letter in the place of one of windows-1252.
func isOf1258(r rune) bool { return strings.ContainsRune("ĂăĐđƠơƯư₫", r) }

// proves reports whether the n characters at i, which are the bytes of r, cannot be what somebody wrote.
func (e *evidence) proves(i, n int, r rune) bool {
	before, after := e.at(i-1), e.at(i+n)
	within := unicode.IsLower(before) || unicode.IsLower(after)
	last := e.text[i+n-1]
	switch {
	case r == '\uFEFF', n > 2 && e.at(i+1) == '€': // a byte order mark; ’ and its like, of which the second byte is €
		return true
	case n > 2 && !isVietnamese(r): // an ideograph
		return e.wholly && hasSign(e.text[i+1:i+n])
	case n > 2, isCombining(r):
		return true
	case r == '\u00A0': // LÊ VĂN Â and a no-break space
		return unicode.IsLower(before)
	case !unicode.IsLetter(r) || r >= 0x250:
		return false
	case isWordLetter(last):
		return isVietnamese(r)
	case within || !isVietnamese(e.text[i]):
		return true
	case e.intact || mayFollow(last): // TRẦN NHÃ™, “Tran NHÃ”
		return isRarer(e.text[:i+1], r)
	}
	return true
}

// mayFollow reports whether somebody may put a sign or a space behind a word.
func mayFollow(r rune) bool {
	return isPunctuation(r) || strings.ContainsRune("\u00A0\u00AD°·•«»®©™§", r)
}

// provesTorn reports whether » or º after á are two bytes of a letter, of which the last one is lost. They may be a quotation mark
// and what follows a number.
func (e *evidence) provesTorn(next int) bool {
	if r := e.at(next); unicode.IsLetter(r) || r == '?' || r == utf8.RuneError {
		return true
	}
	return !e.intact && !e.quoted
}

// isCutOff reports whether a letter at the end of a word, of a name that is not all capitals, can be what is left of à: its second
// byte is a no-break space.
func (e *evidence) isCutOff(i, used int) bool {
	wordEnds := e.text[i] == 'Ã' && e.at(i+used) == ' '
	return wordEnds && unicode.IsUpper(e.at(i-1)) && !e.capitals
}

// at returns a character of the text; a space beyond its ends.
func (e *evidence) at(i int) rune {
	if i < 0 || i >= len(e.text) {
		return ' '
	}
	return e.text[i]
}

// isRarer reports whether the word at the end of a text is no common one of names, but is with another letter at its end: hã, hà.
func isRarer(text []rune, last rune) bool {
	from := len(text) - 1
	for from > 0 && isInWord(text[from-1]) {
		from--
	}
	word := strings.ToLower(string(text[from : len(text)-1]))
	return common[word+string(last)] && !common[strings.ToLower(string(text[from:]))]
}

// isCombining reports whether a character is a mark that letters of Vietnamese have.
func isCombining(r rune) bool {
	return strings.ContainsRune("\u0300\u0301\u0302\u0303\u0306\u0309\u031B\u0323", r)
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
