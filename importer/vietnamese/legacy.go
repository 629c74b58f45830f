package vietnamese

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/unicode/norm"
)

// legacy is an encoding that Vietnamese may be in.
type legacy struct {
	name    string
	damage  Damage
	charset *charset
}

// legacies are the encodings from before Unicode, from the most common to the rarest.
var legacies = []legacy{
	{"tcvn3", TCVN3, tcvn3},
	{"vni", VNI, vni},
	{"windows-1258", Windows1258, newWindows1258()},
	{"vps", VPS, vps},
	{"viscii", VISCII, viscii},
}

// newWindows1258 returns the code page of Windows for Vietnamese. Its tones are combining marks.
func newWindows1258() *charset {
	var high []rune
	for b := 0x80; b < 0x100; b++ {
		high = append(high, charmap.Windows1258.DecodeByte(byte(b)))
	}
	return newCharset("", string(high))
}

// decode returns bytes as text, and whether all of them have a character.
func (l *legacy) decode(raw []byte) (text string, whole bool) {
	b := make([]byte, 0, 2*len(raw))
	whole = true
	for i := 0; i < len(raw); {
		r, n := l.charset.next(raw[i:])
		whole = whole && r != utf8.RuneError
		b = utf8.AppendRune(b, r)
		i += n
	}
	return norm.NFC.String(string(b)), whole
}

// oldEncoding finds Vietnamese in an encoding from before Unicode that was read as windows-1252, ISO 8859-1 or windows-1258. As
// bytes of the right encoding, its words are syllables, and as they were read they are not.
func oldEncoding(name string) (found Finding) {
	if isASCII(name) {
		return Finding{}
	}
	best := 0
	for _, p := range pages {
		words, ok := p.split(name)
		if !ok {
			continue
		}
		for i := range legacies {
			l := &legacies[i]
			if p.is1258 && l.damage == Windows1258 {
				continue
			}
			c := l.certainty(words)
			if score := l.score(words); c > 0 && score > best {
				found = Finding{l.damage, c, restoreCapitals(name, l.mend(words))}
				best = score
			}
		}
	}
	return found
}

// readAs returns a name as it is in an old encoding; ok is false if it is not Vietnamese then.
func readAs(name string, as Damage) (text string, ok bool) {
	for i := range legacies {
		if l := &legacies[i]; l.damage == as {
			for _, p := range pages {
				if words, ok := p.split(name); ok && l.certainty(words) > 0 {
					text = l.mend(words)
					return restoreCapitals(name, text), text != ""
				}
			}
		}
	}
	return "", false
}

// page is what a text was read as.
type page struct {
	bytesOf func(text string) (raw []byte, ok bool)
	is1258  bool
}

// pages are what texts in an old encoding are read as.
var pages = []page{{bytesOf: westernBytes}, {bytesOf: bytesIn1258, is1258: true}}

// rawWord is a part of a name, alternately between words and a word. What separates words is ASCII: any other character can be a
// letter of an old encoding.
type rawWord struct {
	text   string
	bytes  []byte // of a word with letters beyond ASCII; nil for other parts
	intact bool   // it is a syllable as it is
	plain  bool   // it may be a word of another language
	signs  bool   // it is a sign that stands alone, or a syllable with one behind it
}

// split returns the parts of a name with their bytes; ok is false if a character cannot have been read as p.
func (p *page) split(name string) (parts []rawWord, ok bool) {
	for from := 0; from < len(name); {
		to := from
		for to < len(name) && separates(name[to]) == separates(name[from]) {
			to++
		}
		w := rawWord{text: name[from:to]}
		if !isPlainASCII(w.text) {
			if w.bytes, ok = p.bytesOf(w.text); !ok {
				return nil, false
			}
			s, ok := parse(w.text, false)
			w.intact = ok && !s.odd && s.valid(false)
			w.plain = isPlainWord(w.text)
			w.signs = isWithSigns(w.text)
		}
		parts = append(parts, w)
		from = to
	}
	return parts, true
}

// separates reports whether a byte is between words. VISCII and VPS have letters in the place of control characters.
func separates(b byte) bool {
	return b >= ' ' && b < utf8.RuneSelf && markOf(rune(b)) == 0 || b >= '\t' && b <= '\r'
}

// isPlainASCII reports whether a text has neither letters beyond ASCII nor control characters.
func isPlainASCII(text string) bool {
	for i := range len(text) {
		if b := text[i]; b >= utf8.RuneSelf || b < ' ' && !separates(b) {
			return false
		}
	}
	return true
}

// isPlainWord reports whether a word can be one of another European language: it has letters alone, no capital after a small one,
// and no mark after a vowel that is there in Vietnamese in the encoding of VNI rather than in a name.
func isPlainWord(word string) bool {
	before := rune(0)
	for _, r := range word {
		switch {
		case !isWordLetter(r):
			return false
		case unicode.IsUpper(r) && unicode.IsLower(before):
			return false
		case strings.ContainsRune("ùøûõâáàåãêèúÙØÛÕÂÁÀÅÃÊÈÚ", r) && strings.ContainsRune("aeouyôöAEOUYÔÖ", before):
			return false
		}
		before = r
	}
	return true
}

// isWordLetter reports whether a character is a letter that words have. Unicode calls some signs letters.
func isWordLetter(r rune) bool { return unicode.IsLetter(r) && r != 'ª' && r != 'º' && r != 'µ' }

// isWithSigns reports whether a word is a syllable in quotation marks or before a dash, a dot and the like, or such a sign alone.
func isWithSigns(word string) bool {
	switch word {
	case "Nº", "nº", "N°", "n°", "Nª", "Mª", "Mº": // number, and María
		return true
	}
	bare := strings.TrimLeftFunc(strings.TrimRightFunc(word, mayFollow), isPunctuation)
	if bare == "" || bare == word {
		return bare == ""
	}
	s, ok := parse(bare, false)
	return ok && s.valid(true)
}

// judge counts the words that are syllables in the encoding, and the others; abbreviations such as QĐ are neither.
func (l *legacy) judge(words []rawWord) (good, bad int) {
	for _, w := range words {
		if w.bytes == nil || w.signs {
			continue
		}
		text, _ := l.decode(w.bytes)
		s, ok := parse(text, false)
		switch {
		case ok && !s.odd && s.valid(false):
			good++
		case !ok || s.hasVowel():
			bad++
		}
	}
	return good, bad
}

// score tells encodings apart of which the words of a name are syllables in both: more of them are common in names.
func (l *legacy) score(words []rawWord) (score int) {
	small := slices.ContainsFunc(words, func(w rawWord) bool { return strings.ContainsAny(w.text, "abcdeghiklmnopqrstuvxy") })
	for _, w := range words {
		if w.bytes == nil || w.signs {
			continue
		}
		text, _ := l.decode(w.bytes)
		switch s, ok := parse(text, false); {
		case !ok || s.odd || !s.valid(false):
			score -= 2
		case small && isCapitals(text): // "TÈ Thành"
			score++
		case common[strings.ToLower(text)]:
			score += 3
		default:
			score += 2
		}
	}
	return score
}

// isCapitals reports whether the letters of a word are capitals, of which there are two.
func isCapitals(word string) bool {
	return utf8.RuneCountInString(word) > 1 && word == strings.ToUpper(word)
}

const commonList = "nguyễn/trần/lê/phạm/hoàng/huỳnh/võ/vũ/đặng/bùi/đỗ/hồ/ngô/dương/lý/đào/đoàn/vương/trịnh/trương/đinh/lâm/phùng/hà/tô/tạ/cù/đàm/tăng/thạch/châu/lương/mã/" +
	"quách/triệu/văn/thị/hữu/đức/ngọc/công/thành/xuân/hồng/bảo/đình/quốc/tuấn/mạnh/phương/thùy/thúy/thủy/mỹ/bích/diệu/khánh/như/hoài/trọng/nhật/viết/bá/thế/" +
	"tiến/việt/hải/đăng/cẩm/tường/nguyệt/ánh/ân/bình/chiến/cúc/cường/diễm/diệp/dũng/đạt/đông/giàu/hạ/hạnh/hảo/hằng/hân/hậu/hiền/hiếu/hiệp/hòa/huệ/hùng/" +
	"huyền/hưng/hương/hường/khải/khiêm/khôi/kiên/kiều/kỳ/lân/lập/lệ/liên/lộc/lợi/luân/luật/lực/lượng/mẫn/ngà/ngân/nghĩa/nguyên/nhã/nhàn/nhân/nhựt/niệm/nữ/" +
	"phát/phú/phúc/phước/phượng/quân/quế/quý/quyên/quyết/quyền/quỳnh/sáng/sĩ/sơn/sương/tài/tâm/tân/tấn/thái/thảo/thắm/thắng/thiên/thiện/thịnh/thọ/thoại/" +
	"thông/thơ/thuần/thuận/thư/thức/thương/tiên/tín/tình/toàn/toản/trà/trâm/trân/trí/triết/trúc/trường/tú/tuân/tuệ/tùng/tuyền/tuyết/út/vân/viễn/vĩnh/vượng/" +
	"ý/yến/hứa/từ/lò/lã/lữ/tống/tôn/nông/phó/phí/sầm/âu/đới/đồng/đậu/điền/khổng/liêu/mạc/nghị/ngụy/tiêu/thân/ưng/viên/yên/ông/bé"

// common are the words of the most common names, of those that have letters beyond ASCII.
var common = func() map[string]bool {
	words := map[string]bool{}
	for word := range strings.SplitSeq(commonList, "/") {
		words[word] = true
	}
	return words
}()

// certainty says how sure it is that a name was written in the encoding.
func (l *legacy) certainty(words []rawWord) Certainty {
	good, bad := l.judge(words)
	intact, ruined, plain := 0, 0, 0
	for _, w := range words {
		switch {
		case w.bytes == nil, w.signs:
		case w.intact:
			intact++
		case w.plain:
			plain++
			ruined++
		default:
			ruined++
		}
	}
	switch {
	case ruined == 0 || good <= bad:
		return 0
	case good > 1 && intact == 0:
		return Doubtful
	case bad > 0:
		return 0
	case ruined-plain > 1: // no language has these words, and by chance another is a syllable as it is: "Thò" is Thị
		return Doubtful
	case plain < ruined:
		return Suspect
	}
	return Possible
}

// mend returns the words in the encoding.
func (l *legacy) mend(words []rawWord) string {
	var b strings.Builder
	for _, w := range words {
		if w.bytes == nil {
			b.WriteString(w.text)
			continue
		}
		text, whole := l.decode(w.bytes)
		if !whole {
			return ""
		}
		b.WriteString(text)
	}
	return norm.NFC.String(b.String())
}

// restoreCapitals makes capitals of a mended name that was all capitals: the fonts of TCVN3 had small letters for them.
func restoreCapitals(name, mended string) string {
	capitals, run := false, 0
	for i := range len(name) {
		switch b := name[i]; {
		case b >= 'a' && b <= 'z':
			return mended
		case b >= 'A' && b <= 'Z':
			run++
			capitals = capitals || run > 1
		default:
			run = 0
		}
	}
	if capitals {
		return strings.ToUpper(mended)
	}
	return mended
}

func westernBytes(text string) (raw []byte, ok bool) {
	for _, r := range text {
		b, ok := westernByte(r)
		if !ok {
			return nil, false
		}
		raw = append(raw, b)
	}
	return raw, true
}

// bytesIn1258 returns a text in windows-1258, in which tones are combining marks. NFC has put them onto their letters.
func bytesIn1258(text string) (raw []byte, ok bool) {
	for _, r := range text {
		if b, ok := charmap.Windows1258.EncodeRune(r); ok {
			raw = append(raw, b)
			continue
		}
		if r >= 0x80 && r < 0xA0 {
			raw = append(raw, byte(r))
			continue
		}
		letter, tone := takeTone(r)
		b, known := charmap.Windows1258.EncodeRune(letter)
		t, toned := charmap.Windows1258.EncodeRune(tone)
		if !known || !toned {
			return nil, false
		}
		raw = append(raw, b, t)
	}
	return raw, true
}

// takeTone returns a letter without its tone, and the tone as a combining mark; 0 if it has none.
func takeTone(r rune) (letter, tone rune) {
	var rest []rune
	for _, part := range norm.NFD.String(string(r)) {
		if strings.ContainsRune("\u0300\u0301\u0303\u0309\u0323", part) {
			tone = part
			continue
		}
		rest = append(rest, part)
	}
	whole := []rune(norm.NFC.String(string(rest)))
	if tone == 0 || len(whole) != 1 {
		return r, 0
	}
	return whole[0], tone
}
