package vietnamese

import (
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
	"golang.org/x/text/unicode/norm"
)

// elsewhere are the other encodings that UTF-8 is read as: on a Mac, in a console, and on the Windows of other countries.
var elsewhere = []*charmap.Charmap{
	charmap.Macintosh, charmap.CodePage437, charmap.CodePage850, charmap.CodePage852, charmap.CodePage866, charmap.Windows1250,
	charmap.Windows1251, charmap.Windows1253, charmap.Windows1254, charmap.Windows1256, charmap.Windows874, charmap.KOI8R, charmap.ISO8859_2,
	charmap.ISO8859_15, charmap.MacintoshCyrillic,
}

// eastern are those of which a character is two bytes.
var eastern = []encoding.Encoding{simplifiedchinese.GBK, traditionalchinese.Big5, japanese.ShiftJIS, korean.EUCKR}

// rereadElsewhere reads again what was read as an encoding that is rare for Vietnamese. It demands more: all words with letters
// beyond ASCII are syllables then.
func rereadElsewhere(name string) (mended string, found bool) {
	if !hasStranger(name) {
		return "", false
	}
	for _, page := range elsewhere {
		if raw, ok := encodeIn(page, name); ok && isWholly(raw) {
			return norm.NFC.String(string(raw)), true
		}
	}
	if !hasMixedWord(name) {
		return "", false
	}
	for _, e := range eastern {
		if raw, err := e.NewEncoder().Bytes([]byte(name)); err == nil && isWholly(raw) {
			return norm.NFC.String(string(raw)), true
		}
	}
	return "", false
}

// hasStranger reports whether a character beyond ASCII is no letter of Vietnamese.
func hasStranger(name string) bool {
	return strings.ContainsFunc(name, func(r rune) bool { return r >= utf8.RuneSelf && !isVietnamese(r) })
}

// hasMixedWord reports whether a letter of ASCII is beside a character of East Asia.
func hasMixedWord(name string) bool {
	letter, eastern := false, false
	for _, r := range name {
		isLetter, isEastern := r < utf8.RuneSelf && markOf(r) != 0, r >= 0x2E80
		switch {
		case letter && isEastern, eastern && isLetter:
			return true
		}
		letter, eastern = isLetter, isEastern
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
