package vietnamese

import (
	"strings"
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
	Control            // it has control characters
	Direction          // it has characters that turn the direction of the text
	TCVN3              // TCVN3 (ABC) was read as another encoding: "NguyÔn"
	VNI                // VNI was: "Nguyeãn"
	Windows1258        // windows-1258 was: "NguyêÞn"
	VPS                // VPS was
	VISCII             // VISCII was
	VIQR               // it is written as VIQR (RFC 1456): "Nguye^~n"
)

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
	if isIntact(name) {
		return Finding{}
	}
	return inspect(name, maxLayers)
}

// maxLayers is how often a name may have been ruined, one damage upon the other.
const maxLayers = 4

// inspect looks closely. A text that was misread twice is mended twice, at most layers times.
func inspect(name string, layers int) Finding {
	if !utf8.ValidString(name) {
		name = strings.ToValidUTF8(name, string(utf8.RuneError))
	}
	if f := coded(name); f.Damage != Intact {
		return f.mendOn(layers)
	}
	composed := norm.NFC.String(name)
	if f := misread(composed); f.Damage != Intact {
		return f.mendOn(layers)
	}
	old, lost := oldEncoding(composed), lostLetters(composed)
	if old.Damage == Intact {
		old = viqr(composed)
	}
	found := control(composed)
	if found.Certainty < lost.Certainty {
		found = lost
	}
	if old.Certainty >= Suspect && found.Certainty == Certain && found.Damage != Direction {
		// Signs of the old encoding look like control characters or lost letters. The name is refused, and can be mended.
		if strings.ContainsRune(composed, utf8.RuneError) {
			return found
		}
		old.Certainty = Certain
		return old
	}
	if old.Certainty > found.Certainty {
		return old
	}
	return found
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

// control finds control characters and those that turn the direction of the text. Mended is without them.
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
	if damage == Intact {
		return Finding{}
	}
	mended, _ := Clean(strings.Map(func(r rune) rune {
		if isDirection(r) || isControl(r) {
			return -1
		}
		return r
	}, name))
	if damage == Control && hasC1(name) {
		mended = "" // half of a letter rather than something that came in beside it
	}
	return Finding{damage, Certain, mended}
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
	switch r {
	case '\u061C', '\u200E', '\u200F':
		return true
	}
	return r >= '\u202A' && r <= '\u202E' || r >= '\u2066' && r <= '\u2069'
}

// look says how closely a character of ASCII is looked at.
type look uint8

const (
	fine   look = iota
	vowel       // after it, a tone of VIQR is suspicious
	tonal       // a tone of VIQR
	digit       // after "u" it may be left of an escape
	closer      // it needs a closer look wherever it is
)

var looks = func() (table [0x80]look) {
	for b := range table {
		if b < ' ' || b == 0x7F {
			table[b] = closer
		}
	}
	for _, b := range `&%\=<>?_^~+*` {
		table[b] = closer
	}
	for _, b := range "aeiouyAEIOUY" {
		table[b] = vowel
	}
	for _, b := range "'`.(" {
		table[b] = tonal
	}
	for _, b := range "01" {
		table[b] = digit
	}
	return table
}()

// isIntact reports whether a name needs no closer look, as nearly all names do. It allocates nothing.
//
// A letter of Vietnamese that no code page has is proof that a name was not misread, unless it has signs beside letters. Without
// one, all words with letters beyond ASCII have to be syllables.
func isIntact(name string) bool {
	proven, western, spaced, mixed := false, false, false, false
	before := fine
	for i := 0; i < len(name); {
		c := name[i]
		if c < utf8.RuneSelf {
			l := looks[c]
			switch {
			case l == closer, l == tonal && before == vowel, l == digit && name[max(i-1, 0)]|0x20 == 'u':
				return false
			case c == ' ':
				spaced = true
			case c >= 'A' && c <= 'Z' && i > 0 && name[i-1] >= 'a' && name[i-1] <= 'z', l == digit:
				mixed = true
			}
			before = l
			i++
			continue
		}
		r, n := utf8.DecodeRuneInString(name[i:])
		if !isVietnamese(r) {
			return false
		}
		if r < 0x1E00 {
			western = true
		} else {
			proven = true
		}
		before = fine
		i += n
	}
	if mixed && !spaced && len(name) >= minBase64 {
		return false
	}
	if western && !proven {
		_, others := Words(name)
		return others == 0
	}
	return true
}
