package roster

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"unicode/utf8"
)

const (
	maxCell   = 64 << 10  // bytes
	maxRecord = 256 << 10 // bytes
)

// lines hands the text of a file on to a csv.Reader, and judges its form on the way: what the csv.Reader gets is well
// formed. Left to itself, that one would take everything between two stray quotes, a thousand rows perhaps, for one
// cell. Every line of the file is one line of what is handed on; blank and ragged ones are empty.
type lines struct {
	src    source
	delim  byte
	width  int   // cells of a record; 0 before the header
	number int   // of the line read last
	taken  int64 // bytes of src so far
	blank  int
	ragged []ragged
	out    []byte
	next   int // the first byte of out that was not handed on
	err    error
}

// ragged is a record that has not as many cells as the header.
type ragged struct{ line, cells int }

func newLines(src source, delimiter string) (*lines, error) {
	delim, err := namedDelimiter(delimiter)
	if err != nil {
		return nil, err
	}
	head, _ := src.Peek(maxRecord)
	first, rest, _ := bytes.Cut(head, []byte("\n"))
	named := separatorLine(first)
	if named != 0 {
		head = rest
	}
	switch {
	case delim != 0:
	case named != 0:
		delim = named
	default:
		delim = detect(head)
	}
	return &lines{src: src, delim: delim}, nil
}

// Read implements [io.Reader].
func (l *lines) Read(p []byte) (int, error) {
	if l.next == len(l.out) {
		l.out, l.next = l.out[:0], 0
		for l.err == nil && len(l.out) < 32<<10 {
			l.err = l.record()
		}
	}
	n := copy(p, l.out[l.next:])
	l.next += n
	if n == 0 {
		return 0, l.err
	}
	return n, nil
}

// record takes one record, which may have several lines, to out.
func (l *lines) record() error {
	line, err := l.line()
	switch {
	case err != nil:
		return err
	case l.number == 1 && separatorLine(line) != 0:
		l.out = append(l.out, '\n')
		return nil
	case bytes.IndexByte(line, '"') >= 0:
		return l.quoted(line)
	case l.isBlank(line):
		l.skip(1)
		return nil
	case len(line) > maxCell:
		if err := l.checkCells(line); err != nil {
			return err
		}
	}
	if l.fits(bytes.Count(line, []byte{l.delim})+1, l.number) {
		l.out = append(l.out, line...)
	}
	l.out = append(l.out, '\n')
	return nil
}

// fits reports whether a record that begins at line has as many cells as the header. One that has not is noted.
func (l *lines) fits(cells, line int) bool {
	if l.width == 0 {
		l.width = cells
	}
	if cells != l.width {
		l.ragged = append(l.ragged, ragged{line, cells})
	}
	return cells == l.width
}

// skip leaves a blank record of n lines out.
func (l *lines) skip(n int) {
	l.blank++
	l.out = append(l.out, bytes.Repeat([]byte{'\n'}, n)...)
}

// line reads one line and returns it without its end. It is valid until the next call.
func (l *lines) line() ([]byte, error) {
	line, err := l.src.ReadSlice('\n')
	switch {
	case err == io.EOF && len(line) == 0:
		return nil, io.EOF
	case err != nil && err != io.EOF && err != bufio.ErrBufferFull:
		return nil, fmt.Errorf("after line %d: %w", l.number, err)
	}
	l.number++
	l.taken += int64(len(line))
	if n := len(line); n > 0 && line[n-1] == '\n' {
		line = bytes.TrimSuffix(line[:n-1], []byte{'\r'})
	}
	if bad := l.check(line); bad != nil {
		return nil, bad
	}
	if err == bufio.ErrBufferFull {
		return nil, tooLong(l.number)
	}
	return line, nil
}

// check refuses characters that make the whole file doubtful.
func (l *lines) check(line []byte) error {
	if i := bytes.IndexByte(line, 0); i >= 0 {
		return l.refuse(line, i, "a NUL byte; the file is damaged, or not a CSV in UTF-8: save it anew as CSV UTF-8")
	}
	if i := bytes.IndexByte(line, '\r'); i >= 0 {
		return l.refuse(line, i, "a carriage return without a line feed; save the file anew as CSV UTF-8, not as CSV for the old Macintosh")
	}
	switch i := l.src.undecodable(line); {
	case i < 0:
		return nil
	case l.src.decoded:
		return l.refuse(line, i, "a character that does not exist in this encoding; is --encoding right?")
	default:
		return l.refuse(line, i, "the file is not UTF-8; save it anew as CSV UTF-8, or name its encoding, such as --encoding windows-1258")
	}
}

// invalidUTF8 returns where line stops to be UTF-8; -1 if it is.
func invalidUTF8(line []byte) int {
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

// isBlank reports whether all cells of a line without quotes are blank.
func (l *lines) isBlank(line []byte) bool {
	for i, c := range line {
		if c == l.delim || c == ' ' || c == '\t' {
			continue
		}
		return len(bytes.Trim(line[i:], "\u00A0 \t"+string(l.delim))) == 0
	}
	return true
}

// checkCells refuses a line with a cell that is too large.
func (l *lines) checkCells(line []byte) error {
	at := 0
	for cell := range bytes.SplitSeq(line, []byte{l.delim}) {
		if len(cell) > maxCell {
			return l.tooLarge(line, at)
		}
		at += len(cell) + 1
	}
	return nil
}

func tooLong(line int) error {
	return &Error{Line: line, Message: fmt.Sprintf("the row is longer than %d KiB; no row of a roster is", maxRecord>>10)}
}

func (l *lines) tooLarge(line []byte, at int) error {
	return l.refuse(line, at, fmt.Sprintf("the cell is larger than %d KiB; no cell of a roster is", maxCell>>10))
}

// refuse refuses the file because of what stands at a byte of the line read last.
func (l *lines) refuse(line []byte, at int, message string) *Error {
	return &Error{Line: l.number, Column: utf8.RuneCount(line[:at]) + 1, Message: message}
}
