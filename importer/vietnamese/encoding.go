package vietnamese

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/transform"
	"golang.org/x/text/unicode/norm"

	"etelecom-import/apiclient/message"
)

// Encoding returns an encoding of Vietnamese from before Unicode that golang.org/x/text lacks: "tcvn3" (also "abc"), "vni",
// "viscii" or "vps". What it decodes is in NFC, with U+FFFD for bytes that the encoding has no character for.
//
// TCVN3 has no capitals with tones. Typists used a font of capitals (.VnTimeH), so that such letters come out small:
// "NGUYễN". The capitals that the complete form of the standard has besides are decoded.
func Encoding(name string) (encoding.Encoding, bool) {
	switch strings.ToLower(strings.TrimSpace(name)) {
	case "tcvn3", "tcvn", "abc", "tcvn-5712", "tcvn5712", "tcvn5712-1":
		return tcvn3, true
	case "vni", "vni-windows", "vni-win":
		return vni, true
	case "viscii":
		return viscii, true
	case "vps", "x-viet-vps":
		return vps, true
	}
	return nil, false
}

// tcvn3 is TCVN 5712:1993, the national standard, in its first form (VN1), but for the capitals that it has in the place of control
// characters. Its third form (VN3) is what the fonts .VnTime, .VnArial and so on have, known as ABC.
var tcvn3 = newCharset("",
	"ÀẢÃÁẠẶẬÈẺẼÉẸỆÌỈĨ"+
		"ÍỊÒỎÕÓỌỘỜỞỠỚỢÙỦŨ"+
		"\u00A0ĂÂÊÔƠƯĐăâêôơưđẰ"+
		"\u0300\u0309\u0303\u0301\u0323àảãáạẲằẳẵắẴ"+
		"ẮẦẨẪẤỀặầẩẫấậèỂẻẽ"+
		"éẹềểễếệìỉỄẾỒĩíịò"+
		"Ổỏõóọồổỗốộờởỡớợù"+
		"ỖủũúụừửữứựỳỷỹýỵỐ")

// viscii is VISCII 1.1, of RFC 1456.
var viscii = newCharset("\x02Ẳ\x05Ẵ\x06Ẫ\x14Ỷ\x19Ỹ\x1EỴ",
	"ẠẮẰẶẤẦẨẬẼẸẾỀỂỄỆỐ"+
		"ỒỔỖỘỢỚỜỞỊỎỌỈỦŨỤỲ"+
		"Õắằặấầẩậẽẹếềểễệố"+
		"ồổỗỠƠộờởịỰỨỪỬơớƯ"+
		"ÀÁÂÃẢĂẳẵÈÉÊẺÌÍĨỳ"+
		"ĐứÒÓÔạỷừửÙÚỹỵÝỡư"+
		"àáâãảăữẫèéêẻìíĩỉ"+
		"đựòóôõỏọụùúủũýợỮ")

// vps is the encoding of the Vietnamese Professionals Society's keyboard program, which browsers knew as x-viet-vps.
var vps = newCharset("\x02Ạ\x03Ậ\x04Ặ\x05Ẹ\x06Ệ\x10Ị\x11Ọ\x12Ộ\x13Ợ\x14Ụ\x15Ự\x19Ỵ\x1CẪ\x1DỮ",
	"ÀẢÃẤẦẨọỗĂếềểệẮẰẲ"+
		"Ế\u2018\u2019ỀỂỄỐỒỔỖýỷỵỚỜỞ"+
		"\u00A0ắằẳẵặỠớÙờởỡŨỨợỪ"+
		"ổỬỲỸÍÌộỈĨÓửữÒỎÕự"+
		"ầÁÂấẩẫậđẻÉÊẹỉễịỹ"+
		"ƯỦồốÔỏơÈừứÚũưÝẺ\uFFFD"+
		"àáâãảạă\uFFFDèéêẽìí\uFFFDĩ"+
		"ẴĐòóôõ\uFFFDƠụùúủ\uFFFDỶẼỳ")

// vni is the encoding of the fonts of VNI for Windows (VNI-Times and so on), as VNI publishes it. It is windows-1252 but for the
// letters from 0xC0 on. Most letters of Vietnamese are two bytes: one for the letter, one for what is above and below it.
var vni = newVNI()

// vniSingle has the letters that are one byte, each after the character that windows-1252 has in its place.
const vniSingle = "ÑĐñđÔƠôơÖƯöưÍÍííÌÌììÆỈæỉÓĨóĩÒỊòịÎỴîỵ"

// vniPairs has the letters that are two bytes: the first byte as windows-1252 shows it, and for each second byte the letter.
var vniPairs = []struct{ first, second, letters string }{
	{"a", "ùøûõïâáàåãäêéèúüë", "áàảãạâấầẩẫậăắằẳẵặ"},
	{"e", "ùøûõïâáàåãä", "éèẻẽẹêếềểễệ"},
	{"o", "ùøûõïâáàåãä", "óòỏõọôốồổỗộ"},
	{"ô", "ùøûõï", "ớờởỡợ"},
	{"u", "ùøûõï", "úùủũụ"},
	{"ö", "ùøûõï", "ứừửữự"},
	{"y", "ùøûõ", "ýỳỷỹ"},
}

// charset is an encoding in which each character is one byte, or two.
type charset struct {
	single [256]rune
	double map[[2]byte]rune
	begins [256]bool // bytes that a pair can begin with
	encode map[rune]string
}

// newCharset makes an encoding of ASCII, of letters in the place of control characters, each after its byte, and of the
// characters from 0x80 on.
func newCharset(low, high string) *charset {
	c := &charset{encode: map[rune]string{}}
	for b := range 0x80 {
		c.set(b, rune(b))
	}
	pairs := []rune(low)
	for i := 0; i < len(pairs); i += 2 {
		c.set(int(pairs[i]), pairs[i+1])
	}
	for i, r := range []rune(high) {
		c.set(0x80+i, r)
	}
	return c
}

func newVNI() *charset {
	var high []rune
	for b := 0x80; b < 0xC0; b++ {
		high = append(high, charmap.Windows1252.DecodeByte(byte(b)))
	}
	c := newCharset("", string(high)+strings.Repeat("\uFFFD", 0x40))
	single := []rune(vniSingle)
	for i := 0; i < len(single); i += 2 {
		c.set(int(single[i]), single[i+1])
	}
	c.double = map[[2]byte]rune{}
	for _, p := range vniPairs {
		first, letters := []rune(p.first)[0], []rune(p.letters)
		for i, second := range []rune(p.second) {
			// Typists leave the mark of the other case, too.
			c.setPair(first, unicode.ToUpper(second), letters[i])
			c.setPair(first, second, letters[i])
			c.setPair(unicode.ToUpper(first), second, unicode.ToUpper(letters[i]))
			c.setPair(unicode.ToUpper(first), unicode.ToUpper(second), unicode.ToUpper(letters[i]))
		}
	}
	return c
}

func (c *charset) set(b int, r rune) {
	c.single[b] = r
	if r != utf8.RuneError {
		c.encode[r] = string([]byte{byte(b)})
	}
}

func (c *charset) setPair(first, second, r rune) {
	pair := [2]byte{byte(first), byte(second)}
	c.double[pair] = r
	c.begins[pair[0]] = true
	c.encode[r] = string(pair[:])
}

// next returns the first character of a text that is not empty, and how many bytes it has.
func (c *charset) next(text []byte) (rune, int) {
	if len(text) > 1 && c.begins[text[0]] {
		if r, ok := c.double[[2]byte(text)]; ok {
			return r, 2
		}
	}
	return c.single[text[0]], 1
}

// NewDecoder implements [encoding.Encoding].
func (c *charset) NewDecoder() *encoding.Decoder {
	return &encoding.Decoder{Transformer: transform.Chain(decoder{charset: c}, norm.NFC)} // TCVN3 has combining marks
}

// NewEncoder implements [encoding.Encoding].
func (c *charset) NewEncoder() *encoding.Encoder {
	return &encoding.Encoder{Transformer: encoder{charset: c}}
}

type decoder struct {
	transform.NopResetter
	*charset
}

// Transform implements [transform.Transformer].
func (d decoder) Transform(dst, src []byte, atEOF bool) (nDst, nSrc int, err error) {
	for nSrc < len(src) {
		rest := src[nSrc:]
		if len(rest) == 1 && !atEOF && d.begins[rest[0]] {
			return nDst, nSrc, transform.ErrShortSrc
		}
		r, n := d.next(rest)
		if nDst+utf8.RuneLen(r) > len(dst) {
			return nDst, nSrc, transform.ErrShortDst
		}
		nDst += utf8.EncodeRune(dst[nDst:], r)
		nSrc += n
	}
	return nDst, nSrc, nil
}

type encoder struct {
	transform.NopResetter
	*charset
}

// Transform implements [transform.Transformer].
func (e encoder) Transform(dst, src []byte, atEOF bool) (nDst, nSrc int, err error) {
	for nSrc < len(src) {
		if !atEOF && !utf8.FullRune(src[nSrc:]) {
			return nDst, nSrc, transform.ErrShortSrc
		}
		r, n := utf8.DecodeRune(src[nSrc:])
		b, ok := e.charset.encode[r]
		if !ok {
			return nDst, nSrc, unsupported{}
		}
		if nDst+len(b) > len(dst) {
			return nDst, nSrc, transform.ErrShortDst
		}
		nDst += copy(dst[nDst:], b)
		nSrc += n
	}
	return nDst, nSrc, nil
}

// unsupported is the error of an encoder for a character that the encoding lacks.
type unsupported struct{}

func (unsupported) Error() string { return message.T("a character is not in the encoding") }

// Replacement is what [encoding.ReplaceUnsupported] puts in its place.
func (unsupported) Replacement() byte { return encoding.ASCIISub }
