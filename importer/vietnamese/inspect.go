package vietnamese

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Damage is what a program did to a name.
type Damage uint8

// The kinds of damage.
const (
	Intact      Damage = iota
	Misread            // UTF-8 was read as windows-1252, windows-1258, ISO 8859-1 or the like, once or more often: "Nguyá»…n"
	Lost               // letters became "?" or U+FFFD: "Nguy?n"
	Underscored        // letters became "_", or somebody wrote it: "Nguy_n"
	HTML               // it has entities or tags: "Nguy&#7877;n"
	Percent            // it is encoded as in a web address: "Nguy%E1%BB%85n"
	Escaped            // it is written as in a program: "Nguy\u1ec5n"
	Mail               // it is encoded as in mail: "Nguy=E1=BB=85n", "=?UTF-8?B?...?="
	Apart              // marks stand apart from their letters, or on others: "Nguyê ̃n", "Nguyêñ"
	Control            // it has control characters
	Direction          // it has characters that turn the direction of the text
	TCVN3              // TCVN3 (ABC) was read as another encoding: "NguyÔn"
	VNI                // VNI was: "Nguyeãn"
	Windows1258        // windows-1258 was: "NguyêÞn"
	VPS                // VPS was
	VISCII             // VISCII was
	VIQR               // it is written as VIQR (RFC 1456): "Nguye^~n"
	Typed              // it is typed in Telex or VNI, and no program made letters of it: see [InspectTyped]

	damages // how many kinds there are
)

// fault returns the first damage of those that have the same cause, and differ from name to name.
func (d Damage) fault() Damage {
	switch d {
	case Underscored:
		return Lost
	case VNI, Windows1258, VPS, VISCII:
		return TCVN3
	}
	return d
}

// Certainty is how sure a finding is, and so what is to be done about it.
type Certainty uint8

// The certainties. What is said of "others" concerns names of the same file with the same damage.
const (
	Possible Certainty = iota + 1 // not worth a word, but the name is refused where others are: in a file of TCVN3, "Bïi" is Bùi
	Remark                        // it is told, and never refused
	Suspect                       // it is told, and refused where others are
	Doubtful                      // it is told, and refused if others are Doubtful, too: 3 names, or 10 % of the file
	Certain                       // it is refused
)

// Finding is what is wrong with a name. The zero value is for a name that is right.
type Finding struct {
	Damage    Damage
	Certainty Certainty
	Mended    string // the name as it probably was; "" if that cannot be known
}

// Inspect looks at a name as it was read, before [Clean].
func Inspect(name string) Finding {
	if IsIntact(name) {
		return Finding{}
	}
	found := inspect(name, maxLayers)
	if len(name) > maxName {
		found.Mended = ""
	}
	return found
}

// maxName is more than any name has, in bytes. What comes behind is not looked at.
const maxName = 4096

// maxLayers is how often a name may have been ruined, one damage upon the other.
const maxLayers = 4

// inspect looks closely. A text that was ruined twice is mended twice, at most layers times.
func inspect(name string, layers int) Finding {
	if !utf8.ValidString(name) {
		name = strings.ToValidUTF8(name, string(utf8.RuneError))
	}
	if len(name) > maxName {
		name = name[:strings.LastIndexFunc(name[:maxName], utf8.ValidRune)]
	}
	if f := coded(name); f.Damage != Intact {
		return f.mendOn(layers)
	}
	gone := surer(control(name), lostLetters(name))
	if isASCII(name) {
		return mostLikely(name, gone, viqr(name), Finding{})
	}
	composed := norm.NFC.String(name)
	reread := misread(composed)
	if reread.Certainty == Certain {
		return reread.mendOn(layers)
	}
	return mostLikely(composed, surer(surer(gone, apart(composed)), misplaced(composed)), oldEncoding(composed), reread)
}

// mostLikely returns one of three findings: that letters are lost or something came in, that the name is in an old encoding, or
// that it was misread.
func mostLikely(name string, gone, old, reread Finding) Finding {
	if old.Certainty >= Suspect && gone.Certainty == Certain && explains(name, gone.Damage) {
		old.Certainty = Certain
		return old
	}
	return surer(surer(gone, old), reread)
}

// explains reports whether what looks like another damage can be letters of an old encoding. Such a name is refused, and can be
// mended.
func explains(name string, other Damage) bool {
	switch other {
	case Control:
		return hasC1(name)
	case Lost:
		return !strings.ContainsRune(name, utf8.RuneError)
	}
	return false
}

// surer returns the surer of two findings, the first if they are alike.
func surer(a, b Finding) Finding {
	if b.Certainty > a.Certainty {
		return b
	}
	return a
}

// mendOn mends what was ruined before the damage that is mended already.
func (f Finding) mendOn(layers int) Finding {
	if f.Mended == "" || layers == 0 {
		return f
	}
	switch inner := inspect(f.Mended, layers-1); {
	case inner.Certainty < Doubtful:
	case inner.Mended != "":
		f.Mended = inner.Mended
	default:
		f.Mended = ""
	}
	f.Mended, _ = Clean(f.Mended)
	return f
}

// apart finds marks that stand apart from their letters, as in text from a PDF: "Nguyê ̃n".
func apart(name string) Finding {
	var b strings.Builder
	found := false
	before := rune(0)
	for _, r := range name {
		if before == ' ' && isCombining(r) {
			text := strings.TrimSuffix(b.String(), " ")
			b.Reset()
			b.WriteString(text)
			found = true
		}
		b.WriteRune(r)
		before = r
	}
	if !found {
		return Finding{}
	}
	return Finding{Apart, Certain, norm.NFC.String(b.String())}
}

// misplaced finds tones on the last letter of a word, as programs leave them that put the tone where it was typed: "Nguyêñ".
func misplaced(name string) Finding {
	found := false
	mended := mapWords(name, func(word string) string {
		if s, ok := parse(word, false); ok && s.valid(false) {
			return word
		}
		if text := moveTone(word); text != "" {
			found = true
			return text
		}
		return word
	})
	if !found {
		return Finding{}
	}
	return Finding{Apart, Doubtful, mended}
}

// moveTone returns a word with the tone of its last consonants on the vowel where it belongs; "" if that is no syllable.
func moveTone(word string) string {
	letters := []rune(norm.NFD.String(word))
	at := slices.IndexFunc(letters, func(r rune) bool { return strings.ContainsRune("\u0300\u0301\u0303\u0309\u0323", r) })
	if at < 1 || markOf(letters[at-1]).letter().isVowel() || strings.ContainsFunc(string(letters[at+1:]), isVowelLetter) {
		return ""
	}
	tone := letters[at]
	letters = slices.Delete(letters, at, at+1)
	for i := at - 1; i >= 0; i-- {
		if !isVowelLetter(letters[i]) {
			continue
		}
		end := i + 1
		for end < len(letters) && isCombining(letters[end]) {
			end++
		}
		text := norm.NFC.String(string(slices.Insert(slices.Clone(letters), end, tone)))
		if s, ok := parse(text, false); ok && s.valid(false) {
			return text
		}
	}
	return ""
}

func isVowelLetter(r rune) bool { return markOf(r).letter().isVowel() }

// control finds control characters and those that turn the direction of the text.
func control(name string) Finding {
	damage := Intact
	for _, r := range name {
		switch {
		case isDirection(r):
			damage = Direction
		case isControl(r) && damage == Intact:
			damage = Control
		}
	}
	switch damage {
	case Direction:
		return Finding{damage, Certain, asShown(name)}
	case Control:
		return Finding{damage, Certain, withoutControls(name)}
	}
	return Finding{}
}

// withoutControls returns a name without its control characters; "" if they may be a part of letters, which are not known then.
func withoutControls(name string) string {
	if hasC1(name) || strings.ContainsAny(name, "\b\x1B") { // as terminals and keyboards leave them
		return ""
	}
	if strings.ContainsRune(name, 0) {
		if text := fromUTF16(name); text != "" {
			return text
		}
	}
	var b strings.Builder
	runes := []rune(name)
	for i, r := range runes {
		if !isControl(r) {
			b.WriteRune(r)
			continue
		}
		if r != 0 && isWithin(runes, i) {
			return ""
		}
	}
	mended, _ := Clean(b.String())
	return mended
}

// isWithin reports whether a place of a text is between letters.
func isWithin(text []rune, i int) bool {
	return i > 0 && i+1 < len(text) && unicode.IsLetter(text[i-1]) && unicode.IsLetter(text[i+1])
}

// fromUTF16 returns the text of UTF-16 that was read byte by byte; "" if the name is none.
func fromUTF16(name string) string {
	raw, ok := westernBytes(name)
	if !ok || len(raw)%2 != 0 {
		return ""
	}
	for high := range 2 {
		units := make([]uint16, 0, len(raw)/2)
		for i := 0; i < len(raw); i += 2 {
			units = append(units, uint16(raw[i+high])<<8|uint16(raw[i+1-high]))
		}
		text := string(utf16.Decode(units))
		if !strings.ContainsFunc(text, func(r rune) bool { return r == utf8.RuneError || unicode.IsControl(r) || r >= 0x2000 }) {
			return norm.NFC.String(text)
		}
	}
	return ""
}

// asShown returns a name as it is seen, without the characters that turn its direction: what follows an override from right to left
// is turned around.
func asShown(name string) string {
	const override, end = '\u202E', '\u202C'
	var shown, turned []rune
	turning := false
	flush := func() {
		slices.Reverse(turned)
		shown, turned = append(shown, turned...), nil
	}
	for _, r := range name {
		switch {
		case r == override:
			turning = true
		case r == end:
			flush()
			turning = false
		case isDirection(r) || isControl(r):
		case turning:
			turned = append(turned, r)
		default:
			shown = append(shown, r)
		}
	}
	flush()
	mended, _ := Clean(string(shown))
	return mended
}

// isControl reports whether no name should have a character. Tabs and line breaks are spaces.
func isControl(r rune) bool {
	switch r {
	case '\t', '\n', '\r', '\v', '\f':
		return false
	}
	return r < ' ' || r >= 0x7F && r < 0xA0
}

func hasC1(name string) bool {
	return strings.ContainsFunc(name, func(r rune) bool { return r >= 0x80 && r < 0xA0 })
}

// isDirection reports whether a character turns the direction of the text, or marks it.
func isDirection(r rune) bool {
	return unicode.Is(unicode.Bidi_Control, r)
}

// look says what a character of ASCII is, as far as it makes a closer look necessary. They are bits.
type look uint8

const (
	vowel  look = 1 << iota // after it, a tone of VIQR is suspicious
	upper                   // a capital
	lower                   // a small letter
	tonal                   // a tone of VIQR
	number                  // after "u" it may be left of an escape
	space
	closer // the name needs a closer look, wherever it is
)

var looks = func() (table [0x80]look) {
	for b := range table {
		switch {
		case b < ' ', b == 0x7F:
			table[b] = closer
		case b >= 'A' && b <= 'Z':
			table[b] = upper
		case b >= 'a' && b <= 'z':
			table[b] = lower
		case b >= '0' && b <= '9':
			table[b] = number
		}
	}
	for look, characters := range map[look]string{closer: `&%\=<>?_^~+*`, vowel: "aeiouyAEIOUY", tonal: "'`.(", space: " "} {
		for _, b := range characters {
			table[b] |= look
		}
	}
	return table
}()

// IsIntact reports whether a name needs no closer look, as nearly all names do: [Inspect] finds nothing, and [Clean] and [FixEth]
// change nothing. False says nothing. It allocates nothing.
//
// A letter of Vietnamese that no code page has is proof that a name was not misread, unless it has signs beside letters. Without
// one, all words with letters beyond ASCII have to be syllables.
func IsIntact(name string) bool {
	proven, mixed := false, false
	var all, word, before look // bits of the name, of the word, and of the character before; beyond ASCII all are vowels
	var marked words           // that have letters beyond ASCII
	if strings.HasPrefix(name, " ") || strings.HasSuffix(name, " ") {
		return false
	}
	for i := 0; i < len(name); {
		c := name[i]
		if c < utf8.RuneSelf {
			l := looks[c]
			if l&(closer|tonal|number|space) != 0 {
				afterU := i > 0 && name[i-1]|0x20 == 'u'
				switch {
				case l&closer != 0, l&tonal != 0 && before&vowel != 0, l&number != 0 && afterU:
					return false
				case l&space != 0:
					if isVowelless(word, before) {
						return false
					}
					word = 0
				}
			}
			if l&(upper|lower) == 0 {
				marked.end(i)
			} else if c|0x20 == 'd' && i > 0 && name[i-1]|0x20 == 'd' { // đ of VIQR
				return false
			}
			mixed = mixed || l&upper != 0 && before&lower != 0
			all |= l
			word |= l
			before = l
			i++
			continue
		}
		r, n := utf8.DecodeRuneInString(name[i:])
		switch {
		case !isVietnamese(r), r == 'Ã' && before&upper != 0: // which may be à of which a byte was cut off
			return false
		case r >= 0x1E00:
			proven = true
		}
		before = 0
		word |= vowel
		marked.add(name, i)
		i += n
	}
	likeBase64 := mixed || all&number != 0
	switch {
	case likeBase64 && all&space == 0 && len(name) >= minBase64, isVowelless(word, before):
		return false
	case proven:
		return true
	}
	marked.end(len(name))
	return marked.areSyllables(name)
}

// words are places of a name where words are.
type words struct {
	at     [6]struct{ from, to int }
	count  int
	within bool // the last one goes on
}

// add notes the word around a letter, once.
func (w *words) add(name string, letter int) {
	if w.within {
		return
	}
	from := letter
	for from > 0 && looks[name[from-1]&0x7F]&(upper|lower) != 0 && name[from-1] < utf8.RuneSelf {
		from--
	}
	if w.count < len(w.at) {
		w.at[w.count].from = from
	}
	w.count++
	w.within = true
}

// end ends the word that goes on, if one does.
func (w *words) end(to int) {
	if w.within && w.count <= len(w.at) {
		w.at[w.count-1].to = to
	}
	w.within = false
}

func (w *words) areSyllables(name string) bool {
	if w.count > len(w.at) {
		return false
	}
	for _, at := range w.at[:w.count] {
		if s, ok := parse(name[at.from:at.to], false); !ok || s.odd || !s.valid(false) {
			return false
		}
	}
	return true
}

// isVowelless reports whether a word that ends in a given character has no vowel, and small letters: Hng, n.
func isVowelless(word, last look) bool {
	return word&vowel == 0 && word&lower != 0 && last&lower != 0
}
