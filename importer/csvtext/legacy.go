package csvtext

import (
	"bytes"
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/ianaindex"
	"golang.org/x/text/unicode/norm"

	"etelecom-import/apiclient/message"
	"etelecom-import/importer/vietnamese"
)

// The wrong one of the encodings from before Unicode decodes nearly every file, and ruins the names. So none is accepted, and none
// recommended, before the text that it makes has been looked at.

// vietnameseEncodings are those that a Vietnamese file may be in, the likeliest first. The last one lacks most letters.
var vietnameseEncodings = []string{"windows-1258", "tcvn3", "vni", "viscii", "vps", "windows-1252"}

func lookUp(name string) (encoding.Encoding, error) {
	if e, ok := vietnamese.Encoding(name); ok {
		return e, nil
	}
	if e, err := ianaindex.IANA.Encoding(name); err == nil && e != nil {
		return e, nil
	}
	if e, err := htmlindex.Get(name); err == nil {
		return e, nil
	}
	return nil, refuse(
		message.Sprintf("the encoding %q is not known", name),
		message.T("Vietnamese files are utf-8, utf-16le, windows-1258, tcvn3, vni, viscii or vps"))
}

// recognize returns the encoding in which bytes are Vietnamese; "" if there is none, or if they are that in several, and not the
// same text.
func recognize(sample []byte) (name string) {
	best, text, isTied := 0, "", false
	for _, candidate := range vietnameseEncodings {
		e, _ := lookUp(candidate)
		decoded, ok := decodeWhole(e, sample)
		if !ok || !vietnamese.LooksVietnamese(decoded) {
			continue
		}
		syllables, others := vietnamese.Words(decoded)
		switch score := syllables - others; {
		case score > best:
			name, best, text, isTied = candidate, score, decoded, false
		case score == best && decoded != text:
			isTied = true
		}
	}
	if isTied {
		return ""
	}
	return name
}

// isWholly reports whether all words of bytes are Vietnamese in an encoding. In the wrong one, most words of a short file can be by
// chance.
func isWholly(name string, sample []byte) bool {
	e, _ := lookUp(name)
	text, ok := decodeWhole(e, sample)
	_, others := vietnamese.Words(text)
	return ok && others == 0
}

// decodeWhole decodes bytes. It is not ok if the encoding lacks one of them.
func decodeWhole(e encoding.Encoding, raw []byte) (text string, ok bool) {
	decoded, err := e.NewDecoder().Bytes(raw)
	text = norm.NFC.String(string(decoded))
	isMissing := func(r rune) bool { return r == utf8.RuneError || 0x80 <= r && r < 0xA0 }
	return text, err == nil && !strings.ContainsFunc(text, isMissing)
}

// areLost reports whether many letters in a text are question marks: those that an encoding lacked. Passwords have some, too.
func areLost(text []byte) bool {
	lost, kept := 0, 0
	for i, c := range text {
		switch {
		case c >= utf8.RuneSelf:
			kept++
		case c == '?' && 0 < i && i+1 < len(text):
			isInWord := isLetter(text[i-1]) && (isLetter(text[i+1]) || text[i+1] == ' ')
			if isInWord {
				lost++
			}
		}
	}
	return lost > 1 && lost > kept/2
}

func isLetter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }

// letters counts the bytes that speak for UTF-8 in a text, and against it: those of letters of several bytes, such as Vietnamese has,
// and those that are none in UTF-8.
func letters(text []byte) (good, bad int) {
	for i := 0; i < len(text); {
		if text[i] < utf8.RuneSelf {
			i++
			continue
		}
		r, n := utf8.DecodeRune(text[i:])
		switch {
		case r == utf8.RuneError && n == 1:
			bad++
		case isLatin(r):
			good += n
		}
		i += n
	}
	return good, bad
}

// isLatin reports whether r is a Latin letter beyond ASCII, or a mark on one.
func isLatin(r rune) bool {
	switch {
	case 0xC0 <= r && r < 0x250, 0x300 <= r && r < 0x370, 0x1E00 <= r && r < 0x1F00:
		return true
	}
	return false
}

// hasVietnamese reports whether a text has letters with two marks as UTF-8 has them, in three bytes. In no encoding from before Unicode
// are these bytes three letters that Vietnamese has one after the other.
func hasVietnamese(text []byte) bool {
	return bytes.Contains(text, []byte("\xE1\xBA")) || bytes.Contains(text, []byte("\xE1\xBB"))
}

// isASCII reports whether a text has ASCII alone.
func isASCII(text []byte) bool {
	for len(text) >= 8 {
		if (text[0]|text[1]|text[2]|text[3]|text[4]|text[5]|text[6]|text[7])&0x80 != 0 {
			return false
		}
		text = text[8:]
	}
	for _, c := range text {
		if c >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// sampleSize is how much text is looked at to judge an encoding: lines that are not ASCII alone, wherever they are.
const sampleSize = 64 << 10

// witness watches the bytes of a file that are decoded as the user says. It refuses the file if it is UTF-8 after all, or if no
// Vietnamese comes out.
type witness struct {
	r        io.Reader
	name     string
	encoding encoding.Encoding

	line      []byte // the line that is being read
	number    int    // of that line
	good, bad int    // see letters
	firstBad  int    // the first line with a byte that UTF-8 does not have
	isMixed   bool   // a line is UTF-8 beyond doubt
	sample    []byte
	isJudged  bool // of the sample
	err       error
}

// Read implements [io.Reader].
func (w *witness) Read(p []byte) (int, error) {
	if w.err != nil {
		return 0, w.err
	}
	n, err := w.r.Read(p)
	for text := p[:n]; len(text) > 0; {
		part, rest, ended := bytes.Cut(text, []byte{'\n'})
		w.line, text = append(w.line, part...), rest
		if ended || len(w.line) > sampleSize {
			w.see(ended)
		}
	}
	if err == io.EOF {
		w.see(false)
	}
	if err == io.EOF || len(w.sample) >= sampleSize && !w.isJudged {
		w.err = w.verdict()
	}
	if w.err != nil {
		return n, w.err
	}
	return n, err
}

// see looks at a line, or at a part of a long one.
func (w *witness) see(ended bool) {
	if !isASCII(w.line) {
		good, bad := letters(w.line)
		w.good += good
		w.bad += bad
		if bad == 0 && hasVietnamese(w.line) {
			w.isMixed = true
		}
		if bad > 0 && w.firstBad == 0 {
			w.firstBad = w.number + 1
		}
		if len(w.sample) < sampleSize {
			w.sample = append(append(w.sample, w.line...), '\n')
		}
	}
	w.line = w.line[:0]
	if ended {
		w.number++
	}
}

// verdict refuses the file for what was seen so far, if that is enough.
func (w *witness) verdict() error {
	w.isJudged = len(w.sample) >= sampleSize
	if err := w.another(); err != nil || w.bad == 0 || !w.isVietnamese() {
		return err
	}
	text, _ := decodeWhole(w.encoding, w.sample)
	syllables, others := vietnamese.Words(text)
	isBroken := strings.ContainsRune(text, utf8.RuneError) // the reader says where
	if isBroken || others == 0 || syllables > 2*others {
		return nil
	}
	return Refuse(w.firstBad, 0, message.Sprintf("the text is not Vietnamese in the encoding %s", w.name), saveAgain.String())
}

// another refuses the file if it is known to be in another encoding.
func (w *witness) another() error {
	switch {
	case w.good > 0 && w.bad == 0:
		return refuse(message.Sprintf("the file is UTF-8, and not %s", w.name), message.T("run again without --encoding"))
	case w.bad > 0 && (w.isMixed || w.good > w.bad):
		return refuseMixed(w.firstBad)
	}
	text, ok := decodeWhole(w.encoding, w.sample)
	_, others := vietnamese.Words(text)
	isVietnamese := ok && vietnamese.LooksVietnamese(text)
	if isVietnamese && others == 0 {
		return nil
	}
	better := recognize(w.sample)
	if better == "" || isVietnamese && !isWholly(better, w.sample) {
		return nil
	}
	return refuse(
		message.Sprintf("the text is not Vietnamese in the encoding %s, and it is in %s", w.name, better),
		message.Sprintf("run again with --encoding %s, or save the file again as CSV UTF-8", better))
}

// isVietnamese reports whether the encoding is one for Vietnamese alone.
func (w *witness) isVietnamese() bool {
	_, ok := vietnamese.Encoding(w.name)
	return ok || w.encoding == charmap.Windows1258
}

// saveAgain is the way out of every wrong encoding.
const saveAgain message.Text = "save the file again as CSV UTF-8"

// refuseMixed refuses a file that is UTF-8, but for a line.
func refuseMixed(line int) error {
	return Refuse(line, 0,
		message.T("the file mixes encodings: this line has bytes that are not UTF-8, and other lines are UTF-8"),
		message.T("correct the line, or save again as CSV UTF-8 the file that it came from"))
}
