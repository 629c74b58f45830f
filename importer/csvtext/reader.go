package csvtext

import (
	"bufio"
	"bytes"
	"io"
	"unicode/utf8"

	"etelecom-import/apiclient/message"
)

// Reader passes the text of a CSV file on to a csv.Reader, as well-formed UTF-8. Every line of the file is one line of what is
// passed on, so that line numbers stay right. Blank rows, and those with too many or too few cells, become empty lines, which
// a csv.Reader skips.
type Reader struct {
	o     Options
	in    *counter
	src   *source
	delim byte

	width  int    // cells of a row; 0 before the header
	number int    // of the line read last
	long   []byte // the line read last, if it did not fit into the buffer of src
	taken  int64  // bytes of src so far
	blank  int
	ragged []Ragged

	out  []byte
	next int // the first byte of out that was not passed on
	err  error
}

// Ragged is a row that has not as many cells as the header.
type Ragged struct {
	Line  int // where it begins
	Cells int
}

// NewReader finds out how a file was saved and returns a reader of its text. If the file is refused, the error is an [*Error] with
// a hint; every other error is of reading r.
func NewReader(r io.Reader, o Options) (*Reader, error) {
	in := &counter{r: r}
	src, err := decode(in, &o)
	if err != nil {
		return nil, err
	}
	delim, err := namedDelimiter(o.Delimiter)
	if err != nil {
		return nil, err
	}
	head, _ := src.Peek(bufferSize)
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
		delim = detect(head, o.Known)
	}
	return &Reader{o: o, in: in, src: src, delim: delim}, nil
}

// Encoding says how the file was encoded, such as "UTF-16LE with a byte order mark".
func (r *Reader) Encoding() string { return r.src.encoding }

// Comma returns the delimiter.
func (r *Reader) Comma() rune { return rune(r.delim) }

// Delimiter names the delimiter: "comma", "semicolon", "tab" or "pipe".
func (r *Reader) Delimiter() string { return delimiterNames[r.delim] }

// Blank returns how many blank rows were skipped so far.
func (r *Reader) Blank() int { return r.blank }

// Ragged returns the rows with too many or too few cells that begin before a line, and forgets them.
func (r *Reader) Ragged(before int) []Ragged {
	n := 0
	for n < len(r.ragged) && r.ragged[n].Line < before {
		n++
	}
	rows := r.ragged[:n]
	r.ragged = r.ragged[n:]
	return rows
}

// Ahead estimates how large the part of the file behind an offset of the text is, as a multiple of the part before it; 0 if
// that is not known.
func (r *Reader) Ahead(offset int64) float64 {
	// A byte of the text may be more or less than one of the file.
	before := float64(offset) * float64(r.in.n) / float64(r.taken+int64(r.src.Buffered()))
	return max(0, (float64(r.o.Size)-before)/max(before, 1))
}

// Read implements [io.Reader].
func (r *Reader) Read(p []byte) (int, error) {
	if r.next == len(r.out) {
		r.out, r.next = r.out[:0], 0
		for r.err == nil && len(r.out) < bufferSize/2 {
			r.err = r.record()
		}
	}
	n := copy(p, r.out[r.next:])
	r.next += n
	if n == 0 {
		return 0, r.err
	}
	return n, nil
}

// record takes one row, which may have several lines, to out.
func (r *Reader) record() error {
	line, err := r.line()
	switch {
	case err != nil:
		return err
	case r.number == 1 && separatorLine(line) != 0:
		r.out = append(r.out, '\n')
		return nil
	case bytes.IndexByte(line, '"') >= 0:
		return r.quoted(line)
	case r.isBlank(line):
		r.skip(1)
		return nil
	case len(line) > r.o.MaxCell:
		if err := r.checkCells(line); err != nil {
			return err
		}
	}
	if r.fits(bytes.Count(line, []byte{r.delim})+1, r.number) {
		r.out = append(r.out, line...)
	}
	r.out = append(r.out, '\n')
	return nil
}

// quoted takes a row with quotes to out; line is its first line.
func (r *Reader) quoted(line []byte) error {
	q := quotedRecord{r: r, first: r.number, start: len(r.out)}
	err := q.read(line)
	n := r.number - q.first + 1
	switch {
	case err != nil:
		r.out = r.out[:q.start]
		return err
	case !q.content:
		r.out = r.out[:q.start]
		r.skip(n)
	case !r.fits(q.cells, q.first):
		r.out = append(r.out[:q.start], bytes.Repeat([]byte{'\n'}, n)...)
	}
	return nil
}

// fits reports whether a row that begins at line is passed on: if it has as many cells as the header. It notes a row that has
// not.
func (r *Reader) fits(cells, line int) bool {
	if r.width == 0 {
		r.width = cells
	}
	if cells == r.width || r.o.Lenient {
		return true
	}
	r.ragged = append(r.ragged, Ragged{line, cells})
	return false
}

// skip skips a blank row of n lines.
func (r *Reader) skip(n int) {
	r.blank++
	r.out = append(r.out, bytes.Repeat([]byte{'\n'}, n)...)
}

// line reads one line and returns it without its end. It is valid until the next call.
func (r *Reader) line() ([]byte, error) {
	line, err := r.src.ReadSlice('\n')
	if err == bufio.ErrBufferFull {
		r.long = append(r.long[:0], line...)
		for err == bufio.ErrBufferFull && len(r.long) <= r.o.MaxRecord {
			line, err = r.src.ReadSlice('\n')
			r.long = append(r.long, line...)
		}
		line = r.long
	}
	switch {
	case err == io.EOF && len(line) == 0:
		return nil, io.EOF
	case err != nil && err != io.EOF && err != bufio.ErrBufferFull:
		return nil, message.Errorf("after line %d: %w", r.number, err)
	}
	r.number++
	r.taken += int64(len(line))
	ended := err == nil
	if ended {
		line = line[:len(line)-1]
	}
	if ended || r.o.Lenient { // as a csv.Reader does
		line = bytes.TrimSuffix(line, []byte{'\r'})
	}
	tooLong := len(line) > r.o.MaxRecord
	if tooLong {
		line = wholeCharacters(line)
	}
	// The characters come first: if they are wrong, that may be why the line is long.
	if !r.o.Lenient {
		if bad := r.checkCharacters(line); bad != nil {
			return nil, bad
		}
	}
	if tooLong {
		return nil, r.tooLong(r.number)
	}
	return line, nil
}

// wholeCharacters drops the last character of a text that was cut off anywhere.
func wholeCharacters(text []byte) []byte {
	n := len(text) - 1
	for n > 0 && !utf8.RuneStart(text[n]) {
		n--
	}
	return text[:n]
}

// checkCharacters refuses characters after which no part of the file can be trusted.
func (r *Reader) checkCharacters(line []byte) error {
	if i := bytes.IndexByte(line, 0); i >= 0 {
		return r.place(line, i).refuse(
			message.T("a NUL byte: the file is damaged, or it is not a CSV in UTF-8"), message.T("save the file again as CSV UTF-8"))
	}
	if i := bytes.IndexByte(line, '\r'); i >= 0 {
		return r.place(line, i).refuse(
			message.T("a carriage return without a line feed"), message.T("save the file again as CSV UTF-8, not as CSV for the old Macintosh"))
	}
	switch i := r.src.undecodable(line); {
	case i < 0:
		return nil
	case r.src.decoded:
		return r.place(line, i).refuse(
			message.T("a character that does not exist in this encoding"), message.T("check --encoding, or save the file again as CSV UTF-8"))
	default:
		return r.place(line, i).refuse(
			message.T("the file is not UTF-8"), message.T("save the file again as CSV UTF-8, or name its encoding, such as --encoding windows-1258"))
	}
}

// isBlank reports whether all cells of a line without quotes are blank.
func (r *Reader) isBlank(line []byte) bool {
	for i, c := range line {
		if c == r.delim || c == ' ' || c == '\t' {
			continue
		}
		return len(bytes.Trim(line[i:], "\u00A0 \t"+string(r.delim))) == 0
	}
	return true
}

// checkCells refuses a line with a cell that is too large.
func (r *Reader) checkCells(line []byte) error {
	at := 0
	for cell := range bytes.SplitSeq(line, []byte{r.delim}) {
		if len(cell) > r.o.MaxCell {
			return r.tooLarge(line, at)
		}
		at += len(cell) + 1
	}
	return nil
}

func (r *Reader) tooLong(line int) error {
	return Refuse(line, 0,
		message.Sprintf("the row is longer than %d KiB, which is the limit", r.o.MaxRecord>>10), message.T("delete from the row what is not needed"))
}

func (r *Reader) tooLarge(line []byte, at int) error {
	return r.place(line, at).refuse(
		message.Sprintf("the cell is larger than %d KiB, which is the limit", r.o.MaxCell>>10), message.T("delete from the cell what is not needed"))
}

// place is where a character of the file is.
type place struct{ line, column int }

// place returns where a byte of the line read last is.
func (r *Reader) place(line []byte, at int) place {
	return place{r.number, utf8.RuneCount(line[:at]) + 1}
}

// refuse refuses the file because of what is at the place.
func (p place) refuse(problem, whatToDo string) error {
	return Refuse(p.line, p.column, problem, whatToDo)
}

// counter counts what is read of a file. It repeats an error on every later call, since Peek drops the first.
type counter struct {
	r   io.Reader
	n   int64
	err error
}

// Read implements [io.Reader].
func (c *counter) Read(p []byte) (n int, err error) {
	if c.err == nil {
		n, c.err = c.r.Read(p)
		c.n += int64(n)
	}
	return n, c.err
}
