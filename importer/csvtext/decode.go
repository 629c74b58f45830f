package csvtext

import (
	"bufio"
	"bytes"
	"io"
	"strings"
	"unicode/utf8"

	"etelecom-import/apiclient/message"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/ianaindex"
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
	case name == "":
		name = "utf-8"
		if err := suspectUTF16(in); err != nil && !o.Lenient {
			return nil, err
		}
	}
	return open(in, name, marked != "")
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
		_, _ = in.Discard(len(m.bytes))
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
		text = transform.NewReader(in, transform.Chain(e.NewDecoder(), norm.NFC))
	}
	s.decoded = text != io.Reader(in)
	if marked {
		s.encoding = message.Sprintf("%s with a byte order mark", s.encoding)
	}
	s.Reader = bufio.NewReaderSize(text, bufferSize) // in itself if nothing has to be decoded
	return s, nil
}

func decodeUTF16(in io.Reader, order unicode.Endianness) io.Reader {
	return transform.NewReader(&pairs{r: in}, unicode.UTF16(order, unicode.IgnoreBOM).NewDecoder())
}

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
		err = message.Errorf("the file ends within a character: %w", io.ErrUnexpectedEOF)
	}
	return n, err
}

func lookUp(name string) (encoding.Encoding, error) {
	if e, err := ianaindex.IANA.Encoding(name); err == nil && e != nil {
		return e, nil
	}
	if e, err := htmlindex.Get(name); err == nil {
		return e, nil
	}
	return nil, refuse(message.Sprintf("the encoding %q is not known", name), message.T("Vietnamese files are utf-8, utf-16le or windows-1258"))
}

var replacement = []byte(string(utf8.RuneError))

// undecodable returns where the first character of a line is that could not be decoded; -1 if all could.
func (s *source) undecodable(line []byte) int {
	if s.decoded {
		return bytes.Index(line, replacement)
	}
	if utf8.Valid(line) {
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
