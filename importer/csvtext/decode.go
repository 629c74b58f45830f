package csvtext

import (
	"bufio"
	"bytes"
	"cmp"
	"errors"
	"io"
	"strings"
	"unicode/utf8"

	"etelecom-import/apiclient/message"
	"etelecom-import/importer/hint"

	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
	"golang.org/x/text/unicode/norm"
)

// bufferSize is how much of a file is looked at to find out how it was saved, in bytes.
const bufferSize = 64 << 10

// marks are the byte order marks that a file may begin with.
var marks = []struct{ bytes, encoding string }{
	{"\xEF\xBB\xBF", "utf-8"},
	{"\xFF\xFE", "utf-16le"},
	{"\xFE\xFF", "utf-16be"},
}

// source is a file as UTF-8.
type source struct {
	*bufio.Reader
	encoding string // in words
	decoded  bool   // from another encoding than UTF-8: U+FFFD is in the place of what could not be decoded
	isMarked bool   // it has a byte order mark
	letters  bool   // UTF-8: the text so far has letters of several bytes
	witness  *witness
}

// decode finds out the encoding of a file, or takes the one that the options name.
func decode(r io.Reader, o *Options) (*source, error) {
	in := bufio.NewReaderSize(r, bufferSize)
	name := strings.ToLower(strings.TrimSpace(o.Encoding))
	marked, err := skipMark(in, name)
	if err != nil {
		return nil, err
	}
	switch {
	case marked != "":
		name = marked
	case !strings.HasPrefix(name, "utf-16"):
		name = cmp.Or(name, "utf-8")
		if err := suspectUTF16(in); err != nil && !o.Lenient {
			return nil, err
		}
	default:
		if head, _ := in.Peek(512); len(head) > 0 && bytes.IndexByte(head, 0) < 0 { // every digit and delimiter has such a byte
			return nil, refuse(message.Sprintf("the file is not %s", strings.ToUpper(name)), message.T("run again without --encoding"))
		}
	}
	s, err := open(in, name, marked != "")
	if err != nil || o.Lenient {
		return s, err
	}
	return s, s.checkHead()
}

// misreadMarks are the byte order mark of UTF-8 as another encoding shows it: windows-1252 and its like, once and twice, the Macintosh's,
// and DOS's.
var misreadMarks = []string{"ï»¿", "Ã¯Â»Â¿", "Ôªø", "∩╗┐"}

// checkHead refuses a text whose first characters show that it went wrong, and one whose encoding is known to be another already.
func (s *source) checkHead() error {
	head, _ := s.Peek(32)
	head = bytes.TrimLeft(head, `"`)
	for _, mark := range misreadMarks {
		if bytes.HasPrefix(head, []byte(mark)) {
			return Refuse(1, 0,
				message.Sprintf("the file begins with %q, a byte order mark that was read in the wrong encoding: a program has ruined its letters", mark),
				message.T("save again as CSV UTF-8 the file that it was made from"))
		}
	}
	if s.witness != nil {
		var refused *Error
		if errors.As(s.witness.err, &refused) {
			return s.witness.err
		}
	}
	return nil
}

// skipMark skips a byte order mark and returns the encoding that it belongs to; "" if there is no mark. It refuses a mark that
// contradicts name.
func skipMark(in *bufio.Reader, name string) (string, error) {
	for _, m := range marks {
		head, _ := in.Peek(len(m.bytes))
		if string(head) != m.bytes {
			continue
		}
		agrees := name == "" || name == "utf8" || strings.HasPrefix(m.encoding, name) // "utf-16" names either form
		if !agrees {
			return "", refuse(
				message.Sprintf("the file begins with the byte order mark of %s, so it is not %s", strings.ToUpper(m.encoding), name),
				message.T("run again without --encoding"))
		}
		for again := head; string(again) == m.bytes; again, _ = in.Peek(len(m.bytes)) { // programs add a second one
			_, _ = in.Discard(len(m.bytes))
		}
		return m.encoding, nil
	}
	return "", nil
}

// suspectUTF16 refuses text in which many bytes are 0, but only every other one: UTF-8 has no such bytes, and a damaged file has
// them anywhere.
func suspectUTF16(in *bufio.Reader) error {
	head, _ := in.Peek(512)
	var zeros [2]int // at even and odd places
	for i, c := range head {
		if c == 0 {
			zeros[i%2]++
		}
	}
	most, name := zeros[1], "utf-16le"
	if zeros[0] > most {
		most, name = zeros[0], "utf-16be"
	}
	if most == 0 || most < len(head)/8 || zeros[0]*zeros[1] > 0 {
		return nil
	}
	return refuse(
		message.T("the file looks like UTF-16 without a byte order mark"),
		message.Sprintf("save it as UTF-8, or run again with --encoding %s", name))
}

// open makes UTF-8 of the encoding called name.
func open(in *bufio.Reader, name string, marked bool) (*source, error) {
	s := &source{encoding: name}
	var text io.Reader = in
	switch name {
	case "utf-8", "utf8":
		s.encoding = "UTF-8"
	case "utf-16le":
		s.encoding, text = "UTF-16LE", decodeUTF16(in, unicode.LittleEndian)
	case "utf-16be":
		s.encoding, text = "UTF-16BE", decodeUTF16(in, unicode.BigEndian)
	case "utf-16":
		return nil, refuse(message.T("the file has no byte order mark"), message.T("give --encoding utf-16le or utf-16be"))
	default:
		e, err := lookUp(name)
		if err != nil {
			return nil, err
		}
		// windows-1258 and its like decode to letters with combining marks.
		s.witness = &witness{r: in, name: name, encoding: e}
		text = transform.NewReader(s.witness, transform.Chain(e.NewDecoder(), norm.NFC))
	}
	s.decoded = text != io.Reader(in)
	s.isMarked = marked
	if marked {
		s.encoding = message.Sprintf("%s with a byte order mark", s.encoding)
	}
	s.Reader = bufio.NewReaderSize(text, bufferSize) // in itself if nothing has to be decoded
	return s, nil
}

func decodeUTF16(in io.Reader, order unicode.Endianness) io.Reader {
	return transform.NewReader(&pairs{r: in}, unicode.UTF16(order, unicode.IgnoreBOM).NewDecoder())
}

const wholeFile message.Text = "get the whole file, or save it again"

// pairs refuses a file that ends within a pair of bytes: half a character is the sign of half a file.
type pairs struct {
	r   io.Reader
	odd bool // an odd number of bytes was read
}

// Read implements [io.Reader].
func (p *pairs) Read(b []byte) (int, error) {
	n, err := p.r.Read(b)
	p.odd = p.odd != (n%2 == 1)
	if err == io.EOF && p.odd {
		err = hint.With(message.Errorf("the file ends within a character: %w", io.ErrUnexpectedEOF), wholeFile.String())
	}
	return n, err
}

var replacement = []byte(string(utf8.RuneError))

// checkLines refuses a text that begins with head, whose first line is number line, if it is in another encoding.
func (s *source) checkLines(head []byte, line int) error {
	if s.witness != nil {
		return s.witness.verdict()
	}
	whole := len(head) < bufferSize
	for text := range bytes.Lines(bytes.Clone(head)) {
		body, ended := bytes.CutSuffix(text, []byte{'\n'})
		if at := s.undecodable(body); at >= 0 && (ended || whole) {
			return s.refuse(body, at, place{line, utf8.RuneCount(body[:at]) + 1}, !ended)
		}
		line++
	}
	return nil
}

// undecodable returns where the first character of a line is that could not be decoded; -1 if all could.
func (s *source) undecodable(line []byte) int {
	if s.decoded {
		return bytes.Index(line, replacement)
	}
	if !s.letters && isASCII(line) {
		return -1
	}
	if utf8.Valid(line) {
		if !s.letters {
			good, _ := letters(line)
			s.letters = good > 0
		}
		return -1
	}
	for i := 0; ; {
		r, n := utf8.DecodeRune(line[i:])
		if r == utf8.RuneError && n == 1 {
			return i
		}
		i += n
	}
}

// refuse refuses the file for a character of a line that could not be decoded; p is its place, and isLast says that the file ends with
// the line. What is recommended depends on the text from there on.
func (s *source) refuse(line []byte, at int, p place, isLast bool) error {
	if s.decoded {
		if s.witness != nil {
			if err := s.witness.another(); err != nil {
				return err
			}
		}
		return p.refuse(message.T("a character that does not exist in this encoding"), message.T("check --encoding, or save the file again as CSV UTF-8"))
	}
	isCut := isLast && !utf8.FullRune(line[at:])
	sample := s.sample(line)
	good, bad := letters(sample)
	name := ""
	switch {
	case isCut && (s.letters || good > 0):
	case s.letters, s.isMarked, good > bad:
		return refuseMixed(p.line)
	default:
		name = recognize(sample)
	}
	switch {
	case areLost(sample):
		return p.refuse(
			message.T("the file is not UTF-8, and letters are lost: a program has written ? in their place"),
			message.T("save again as CSV UTF-8 the file that it was made from"))
	case name != "":
		return p.refuse(
			message.Sprintf("the file is not UTF-8; its text is Vietnamese in the encoding %s", name),
			message.Sprintf("run again with --encoding %s, or save the file again as CSV UTF-8", name))
	case isCut:
		return p.refuse(message.T("the file ends within a letter: its end is missing"), wholeFile.String())
	}
	return p.refuse(message.T("the file is not UTF-8"), saveAgain.String())
}

// sample returns the lines that are not ASCII alone from a line on.
func (s *source) sample(line []byte) []byte {
	sample := append(bytes.Clone(line), '\n') // Peek overwrites line
	rest, _ := s.Peek(bufferSize)
	for line := range bytes.Lines(rest) {
		if !isASCII(line) {
			sample = append(sample, line...)
		}
	}
	return sample
}
