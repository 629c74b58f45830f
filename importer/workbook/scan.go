package workbook

import (
	"bytes"
	"errors"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/unicode"

	"etelecom-import/apiclient/message"
)

// scanner goes over the XML of a part, tag by tag. It holds one tag or one text at a time, so that its memory does not depend on
// the part. Package encoding/xml takes four times as long for the same, and holds a text of any size.
//
// It reads the XML that the two standards of workbooks allow (ECMA-376 part 2, ODF 1.3 part 3): UTF-8 or UTF-16, and no document
// type, so that no entity can be defined that grows without bound.
type scanner struct {
	in         io.Reader
	buf        []byte
	begin, end int // of what is in buf and was not scanned
	err        error

	tag  tag
	name []byte // the name of the tag without its prefix; valid until the next call, as are the others
	text []byte // of a text, without entities

	attributes []byte // of a tag that opens, as they are written
	prefixed   []byte // the name of the tag
	alone      bool   // the tag that opens closes, too
	open       []byte // the names of the elements that are open, one behind the other
	lengths    []int  // of the names in open
	decoded    []byte

	pieces []byte // for plainText
}

// tag is what a scanner has found.
type tag uint8

const (
	opens tag = iota // an element
	closes
	characters
)

const (
	maxText  = 1 << 20 // bytes of a text or of a tag: a cell of 32,767 letters, each written as an entity
	maxDepth = 256     // elements in each other
)

var (
	errNotWellFormed = message.New("the XML is not well-formed")
	errTooLarge      = message.New("a text or a tag is too large")
)

func newScanner(r io.Reader) *scanner {
	s := &scanner{in: r, buf: make([]byte, 64<<10)}
	switch {
	case s.starts("\uFEFF"):
		s.begin = len("\uFEFF")
	case s.starts("\xFF\xFE"), s.starts("\xFE\xFF"):
		whole := io.MultiReader(bytes.NewReader(bytes.Clone(s.buf[:s.end])), r)
		s.in = unicode.UTF16(unicode.LittleEndian, unicode.ExpectBOM).NewDecoder().Reader(whole)
		s.end, s.err = 0, nil
	}
	return s
}

// fill reads more of the part behind what was not scanned yet. It reports whether there was more.
func (s *scanner) fill() bool {
	if s.err != nil {
		return false
	}
	if s.begin > 0 {
		s.end = copy(s.buf, s.buf[s.begin:s.end])
		s.begin = 0
	}
	if s.end == len(s.buf) {
		if len(s.buf) >= maxText {
			s.err = errTooLarge
			return false
		}
		s.buf = append(s.buf, make([]byte, len(s.buf))...)
	}
	for range 100 { // a reader may return nothing a few times
		n, err := s.in.Read(s.buf[s.end:])
		s.end += n
		s.err = err
		if n > 0 || err != nil {
			return n > 0
		}
	}
	s.err = io.ErrNoProgress
	return false
}

// next goes to the next tag or text. The error is [io.EOF] at the end of a whole part.
func (s *scanner) next() error {
	if s.alone {
		s.alone = false
		s.tag = closes
		s.pop()
		return nil
	}
	for {
		if s.begin == s.end && !s.fill() {
			if s.err == io.EOF && len(s.lengths) > 0 {
				return io.ErrUnexpectedEOF
			}
			return s.err
		}
		found, err := s.one()
		if found || err != nil {
			return err
		}
	}
}

// one scans one tag, text, comment or instruction, and reports whether the caller wants to see it.
func (s *scanner) one() (bool, error) {
	if s.buf[s.begin] != '<' {
		end, err := s.until("<", 0)
		if err == io.ErrUnexpectedEOF { // a text at the end of the part, behind all elements
			end, err = s.end-s.begin, nil
		}
		if err != nil {
			return false, err
		}
		raw := s.take(end, 0)
		if len(s.lengths) == 0 { // between the declaration and the first element
			if len(bytes.TrimSpace(raw)) > 0 {
				return false, errNotWellFormed
			}
			return false, nil
		}
		s.tag = characters
		s.text, err = s.decode(raw, true)
		return true, err
	}
	switch {
	case s.starts("<?"):
		return false, s.skip("<?", "?>")
	case s.starts("<!--"):
		return false, s.skip("<!--", "-->")
	case s.starts("<![CDATA["):
		end, err := s.until("]]>", len("<![CDATA["))
		if err != nil || len(s.lengths) == 0 {
			return false, errors.Join(err, errNotWellFormed)
		}
		s.tag = characters
		s.text, err = s.decode(s.take(end, len("]]>"))[len("<![CDATA["):], false)
		return true, err
	case s.starts("<!"):
		return false, errNotWellFormed
	case s.starts("</"):
		end, err := s.until(">", 2)
		if err != nil {
			return false, err
		}
		s.tag = closes
		name := bytes.TrimRight(s.take(end, 1)[2:], " \t\r\n")
		if len(s.lengths) == 0 || !bytes.Equal(name, s.last()) {
			return false, errNotWellFormed
		}
		s.pop()
		return true, nil
	}
	return true, s.element()
}

// starts reports whether what comes next begins with mark.
func (s *scanner) starts(mark string) bool {
	for s.end-s.begin < len(mark) && s.fill() { // the mark may be divided
	}
	return bytes.HasPrefix(s.buf[s.begin:s.end], []byte(mark))
}

// until returns where mark is, counted from what was not scanned yet. It looks from the byte from on.
func (s *scanner) until(mark string, from int) (int, error) {
	for {
		have := s.buf[s.begin:s.end]
		if from <= len(have) {
			if i := bytes.Index(have[from:], []byte(mark)); i >= 0 {
				return from + i, nil
			}
			from = max(from, len(have)-len(mark)+1)
		}
		if !s.fill() {
			return 0, s.unexpected()
		}
	}
}

// unexpected is the error of a part that ends too early.
func (s *scanner) unexpected() error {
	if s.err == io.EOF {
		return io.ErrUnexpectedEOF
	}
	return s.err
}

// skip goes behind a comment or an instruction, which may be of any size.
func (s *scanner) skip(begin, end string) error {
	s.begin += len(begin)
	for {
		have := s.buf[s.begin:s.end]
		if i := bytes.Index(have, []byte(end)); i >= 0 {
			s.begin += i + len(end)
			return nil
		}
		s.begin += max(0, len(have)-len(end)+1)
		if !s.fill() {
			return s.unexpected()
		}
	}
}

// take returns the next n bytes and goes behind them and the drop bytes that follow.
func (s *scanner) take(n, drop int) []byte {
	taken := s.buf[s.begin : s.begin+n]
	s.begin += n + drop
	return taken
}

// element scans a tag that opens an element.
func (s *scanner) element() error {
	quote := byte(0)
	for i := 1; ; i++ {
		for s.begin+i == s.end {
			if !s.fill() {
				return s.unexpected()
			}
		}
		switch c := s.buf[s.begin+i]; {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'':
			quote = c
		case c == '<':
			return errNotWellFormed
		case c == '>':
			return s.opened(s.take(i, 1)[1:])
		}
	}
}

// opened takes a tag apart that opens an element.
func (s *scanner) opened(inside []byte) error {
	s.tag = opens
	inside, s.alone = bytes.CutSuffix(inside, []byte("/"))
	s.prefixed, s.attributes = inside, nil
	if i := bytes.IndexAny(inside, " \t\r\n"); i >= 0 {
		s.prefixed, s.attributes = inside[:i], inside[i:]
	}
	if len(s.prefixed) == 0 || len(s.lengths) == maxDepth {
		return errNotWellFormed
	}
	s.name = withoutPrefix(s.prefixed)
	s.open = append(s.open, s.prefixed...)
	s.lengths = append(s.lengths, len(s.prefixed))
	return nil
}

func withoutPrefix(name []byte) []byte { return name[bytes.IndexByte(name, ':')+1:] }

// last returns the name of the innermost element.
func (s *scanner) last() []byte {
	if len(s.lengths) == 0 {
		return nil
	}
	return s.open[len(s.open)-s.lengths[len(s.lengths)-1]:]
}

// pop closes the innermost element.
func (s *scanner) pop() {
	last := s.last()
	s.name = withoutPrefix(last)
	s.open = s.open[:len(s.open)-len(last)]
	s.lengths = s.lengths[:len(s.lengths)-1]
}

// depth returns how many elements are open. An element that has just been opened counts, one that was closed does not.
func (s *scanner) depth() int { return len(s.lengths) }

// attribute returns the value of an attribute, until the next call; nil if the tag does not have it. The name has the prefix that all
// programs use. If it begins with a colon, any prefix will do.
func (s *scanner) attribute(name string) []byte {
	rest := s.attributes
	for {
		rest = bytes.TrimLeft(rest, " \t\r\n")
		equals := bytes.IndexByte(rest, '=')
		if equals < 0 {
			return nil
		}
		found := bytes.TrimRight(rest[:equals], " \t\r\n")
		rest = bytes.TrimLeft(rest[equals+1:], " \t\r\n")
		if len(rest) == 0 || rest[0] != '"' && rest[0] != '\'' {
			return nil
		}
		value, after, closed := bytes.Cut(rest[1:], rest[:1])
		if !closed {
			return nil
		}
		rest = after
		if string(found) == name || name[0] == ':' && bytes.HasSuffix(found, []byte(name)) {
			text, err := s.decode(value, true)
			if err != nil {
				return nil
			}
			return text
		}
	}
}

// number returns the value of an attribute that is a whole number; otherwise if there is none.
func (s *scanner) number(attribute string, otherwise int) int {
	n, err := strconv.Atoi(string(s.attribute(attribute)))
	if err != nil {
		return otherwise
	}
	return n
}

// is reports whether an attribute is true, in one of the two spellings of XML.
func (s *scanner) is(attribute string) bool {
	value := string(s.attribute(attribute))
	return value == "1" || value == "true"
}

// leave goes behind the end of the element that was just opened.
func (s *scanner) leave() error {
	for inside := s.depth(); s.depth() >= inside; {
		if err := s.next(); err != nil {
			return err
		}
	}
	return nil
}

// toEnd goes to the end of the part, so that all of it is found to be whole.
func (s *scanner) toEnd() error {
	for {
		if err := s.next(); err == io.EOF {
			return nil
		} else if err != nil {
			return err
		}
	}
}

// decode returns a text with its line ends as XML has them and, if entities are meant, without these. It refuses what no XML can
// have. The text is valid until the next call.
func (s *scanner) decode(raw []byte, entities bool) ([]byte, error) {
	plain := true
	for _, c := range raw {
		if c < ' ' || c >= utf8.RuneSelf || c == '&' {
			plain = false
			break
		}
	}
	if plain {
		return raw, nil
	}
	if !utf8.Valid(raw) || bytes.ContainsFunc(raw, notInXML) {
		return nil, errNotWellFormed
	}
	if bytes.IndexByte(raw, '&') < 0 && bytes.IndexByte(raw, '\r') < 0 {
		return raw, nil
	}
	out := s.decoded[:0]
	for i := 0; i < len(raw); i++ {
		switch c := raw[i]; {
		case c == '\r':
			out = append(out, '\n')
			if i+1 < len(raw) && raw[i+1] == '\n' {
				i++
			}
		case c == '&' && entities:
			name, _, closed := bytes.Cut(raw[i+1:min(len(raw), i+12)], []byte(";"))
			r, known := entity(string(name))
			if !closed || !known {
				return nil, errNotWellFormed
			}
			out = utf8.AppendRune(out, r)
			i += len(name) + 1
		default:
			out = append(out, c)
		}
	}
	s.decoded = out
	return out, nil
}

// notInXML reports whether a document must not have a character.
func notInXML(r rune) bool {
	switch r {
	case '\t', '\n', '\r':
		return false
	case 0xFFFE, 0xFFFF:
		return true
	}
	return r < ' '
}

// entity returns the character that an entity stands for.
func entity(name string) (rune, bool) {
	switch name {
	case "amp":
		return '&', true
	case "lt":
		return '<', true
	case "gt":
		return '>', true
	case "quot":
		return '"', true
	case "apos":
		return '\'', true
	}
	number, ok := strings.CutPrefix(name, "#")
	if !ok {
		return 0, false
	}
	base := 10
	if hex, ok := strings.CutPrefix(number, "x"); ok {
		number, base = hex, 16
	}
	n, err := strconv.ParseUint(number, base, 32)
	if err != nil || n > utf8.MaxRune {
		return 0, false
	}
	r := rune(n)
	return r, utf8.ValidRune(r) && !notInXML(r)
}
