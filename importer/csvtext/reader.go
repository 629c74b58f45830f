package csvtext

import (
	"bufio"
	"bytes"
	"cmp"
	"errors"
	"io"
	"unicode/utf8"

	"etelecom-import/apiclient/message"
)

// Reader passes the text of a CSV file on to a csv.Reader, as well-formed UTF-8. Every line of the file is one line of what is
// passed on, so that line numbers stay right: a line ends with a line feed, and it is one line also with several carriage returns
// before that. All rows that are passed on have as many cells as the header: empty ones are added at the end of a row, and blank
// ones are removed there. Blank rows, the lines above the header, and the rows of [Reader.Ragged] become empty lines, which
// a csv.Reader skips.
type Reader struct {
	o   Options
	in  *counter
	src *source
	layout
	hidden *hiddenRows

	width     int    // cells of a row; 0 before the header
	number    int    // of the line read last
	unended   bool   // the line read last has no line end: it is the last one
	long      []byte // the line read last, if it did not fit into the buffer of src
	unwrapped []byte // the line read last, if layout.wrapped
	taken     int64  // bytes of src so far
	above     []int
	blank     int
	full      int // rows with as many cells as the header
	ragged    []Ragged
	uneven    []Ragged // rows that were filled up or cut
	short     bool     // there was a row with fewer cells than the header
	repairs   repairs

	out  []byte
	next int // the first byte of out that was not passed on
	err  error
}

// Ragged is a row that is not as the header: it has not as many cells, or a cell has another row in it.
type Ragged struct {
	Line      int  // where it begins
	Cells     int  // how many it has
	Cut       bool // it has too few, no row before has, and the file ends without a line end: it seems to be cut off
	Fault     Fault
	Delimiter byte // of a row that is Divided
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
	line := 1
	if named := separatorLine(firstLine(head)); named != 0 {
		_, head, _ = bytes.Cut(head, []byte{'\n'})
		line = 2
		delim = cmp.Or(delim, named)
	}
	f := layoutFinder{&o, delimiters}
	if delim != 0 {
		f.delims = string(delim)
	}
	found, err := f.find(head, line)
	if err != nil {
		return nil, err
	}
	if !found.header.Found && !o.Lenient { // a wrong encoding may be why
		if err := src.checkLines(head, line); err != nil {
			return nil, err
		}
	}
	return &Reader{o: o, in: in, src: src, layout: found, hidden: newHiddenRows(&o, found.delim)}, nil
}

// Encoding says how the file was encoded, such as "UTF-16LE with a byte order mark".
func (r *Reader) Encoding() string { return r.src.encoding }

// Comma returns the delimiter.
func (r *Reader) Comma() rune { return rune(r.delim) }

// Delimiter names the delimiter: "comma", "semicolon", "tab" or "pipe".
func (r *Reader) Delimiter() string { return delimiterNames[r.delim] }

// Header says where the header is.
func (r *Reader) Header() Header { return r.header }

// Above returns the lines above the header that were skipped, without the blank ones.
func (r *Reader) Above() []int { return r.above }

// Blank returns how many blank rows were skipped so far.
func (r *Reader) Blank() int { return r.blank }

// Ragged returns the rows that were not passed on and begin before a line, and forgets them. They have too many cells that are not
// blank, are cut off, or have another row in them.
func (r *Reader) Ragged(before int) []Ragged {
	n := 0
	for n < len(r.ragged) && r.ragged[n].Line < before {
		n++
	}
	rows := r.ragged[:n]
	r.ragged = r.ragged[n:]
	return rows
}

// Cells returns how many cells the file has in the row that begins on a line, and forgets the rows before. It differs from the
// number of columns if the row was filled up or cut.
func (r *Reader) Cells(line int) int {
	for len(r.uneven) > 0 && r.uneven[0].Line < line {
		r.uneven = r.uneven[1:]
	}
	if len(r.uneven) > 0 && r.uneven[0].Line == line {
		return r.uneven[0].Cells
	}
	return r.width
}

// Repaired says what was put right so far.
func (r *Reader) Repaired() []Repair { return r.repairs.told(r.surplus.delim) }

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
	case r.header.Found && r.number < r.header.Line:
		return r.skipAbove(line)
	}
	if r.isRewritten() {
		if line, err = r.restore(line, false); err != nil {
			return err
		}
	}
	switch {
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
	cells := bytes.Count(line, []byte{r.delim}) + 1
	if r.width == 0 || cells != r.width && !r.o.Lenient {
		return r.even(line, cells)
	}
	at := len(r.out)
	r.out = append(append(r.out, line...), '\n')
	if r.hidden.mayBeInLine(line, cells) {
		q := quotedRecord{r: r, first: r.number, start: at, cells: cells}
		if hides, err := r.hides(&q); hides || err != nil {
			return err
		}
	}
	r.full++
	return nil
}

// even takes a row without quotes to out that has another number of cells than the header, or is the header.
func (r *Reader) even(line []byte, cells int) error {
	at := len(r.out)
	r.out = append(append(r.out, line...), '\n')
	q := quotedRecord{r: r, first: r.number, start: at, cells: cells, filled: cells}
	if r.width > 0 && cells > r.width {
		q.filled, q.end = r.filled(line), at+r.endOf(line, r.width)
	}
	return r.settle(&q, line)
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
	case q.filled == 0:
		r.out = r.out[:q.start]
		r.skip(n)
		return nil
	}
	if q.cells == r.width || r.o.Lenient {
		if r.width > 0 && r.hidden.mayBeInQuotes(r.out[q.start:], q.cells) {
			if hides, err := r.hides(&q); hides || err != nil {
				return err
			}
		}
		r.full++
		r.width = cmp.Or(r.width, q.cells)
		return nil
	}
	return r.settle(&q, r.out[q.start:len(r.out)-1])
}

// settle decides about a row that has another number of cells than the header, or is the header. It was taken to out; text is
// what it is there.
func (r *Reader) settle(q *quotedRecord, text []byte) error {
	isHeader := r.width == 0
	if (isHeader || q.filled > r.width) && !r.o.Lenient {
		if at, by := joined(text, r.delim, r.o.leastDelimiters()); by != "" {
			return r.refuseJoined(q, at, by)
		}
	}
	if isHeader {
		r.width, r.loose = q.cells, r.isLoose(text)
		return nil
	}
	if q.cells < r.width {
		if err := r.checkDivided(q, text); err != nil {
			r.out = r.out[:q.start]
			return err
		}
	}
	if hides, err := r.hides(q); hides || err != nil {
		return err
	}
	row := Ragged{Line: q.first, Cells: q.cells}
	switch {
	case q.cells < r.width:
		row.Cut = r.unended && !r.short && r.full > 0
		if row.Cut {
			break
		}
		r.short = true
		r.uneven = append(r.uneven, row)
		r.out = r.out[:len(r.out)-1]
		for range r.width - q.cells {
			r.out = append(r.out, r.delim)
		}
		r.out = append(r.out, '\n')
		return nil
	case q.filled > r.width:
		row.Cells = q.filled
	case r.isLoose(text) && !r.loose: // a comma between words has moved the cells behind it
	default:
		r.uneven = append(r.uneven, row)
		r.replace(q.end, r.number-q.first+1-bytes.Count(r.out[q.start:q.end], []byte{'\n'}))
		return nil
	}
	r.ragged = append(r.ragged, row)
	r.replace(q.start, r.number-q.first+1)
	return nil
}

// hides finds a row that is hidden in another one, which was taken to out. It refuses the file if that is several lines, or takes the
// row out again and notes it.
func (r *Reader) hides(q *quotedRecord) (found bool, err error) {
	text := r.out[q.start : len(r.out)-1]
	fault, by := r.hidden.find(text, q.cells, r.width)
	switch {
	case by != "":
		return true, r.refuseJoined(q, bytes.Index(text, []byte(by)), by)
	case fault.Fault == WrongCells:
		return false, nil
	case q.broken.line != 0:
		r.out = r.out[:q.start]
		return true, q.refuseSwallowed()
	}
	fault.Line, fault.Cells = q.first, q.cells
	r.ragged = append(r.ragged, fault)
	r.replace(q.start, r.number-q.first+1)
	return true, nil
}

// refuseJoined refuses the file because of two rows on a line. by is between them, at a byte of what was taken to out.
func (r *Reader) refuseJoined(q *quotedRecord, at int, by string) error {
	text := r.out[q.start:]
	where := place{q.first, utf8.RuneCount(text[:at]) + 1}
	r.out = r.out[:q.start]
	return where.refuse(
		message.Sprintf("several rows are on this line, with %s between them in place of a line break", showLineBreak(by)),
		message.T("put each row on a line of its own"))
}

// checkDivided refuses a file that is divided by one delimiter in the header, and by another below it.
func (r *Reader) checkDivided(q *quotedRecord, text []byte) error {
	if q.cells > 1 {
		return nil
	}
	if inner, ok := unwrap(nil, text); ok {
		if cells, _ := splitRow(inner, r.delim); len(cells) == r.width {
			return refuseRewritten(q.first, message.T("this line as a whole is in quotes, and the header is not"))
		}
		return nil
	}
	for i := range len(delimiters) {
		isFirst := r.full == 0 && !r.short
		if other := delimiters[i]; isFirst && bytes.Count(text, []byte{other}) >= r.width-1 {
			return refuseRewritten(q.first, message.Sprintf("this line is divided by %s, and the header by %s", lineOf[other], lineOf[r.delim]))
		}
	}
	return nil
}

// isLoose reports whether a row has a delimiter with a space and a text behind it, as words have a comma.
func (r *Reader) isLoose(row []byte) bool {
	for {
		_, behind, found := bytes.Cut(row, []byte{r.delim, ' '})
		if !found {
			return false
		}
		next := bytes.TrimLeft(behind, blanks)
		if len(next) > 0 && next[0] != r.delim {
			return true
		}
		row = behind
	}
}

// replace ends out at a byte, with n line ends there.
func (r *Reader) replace(from, n int) { r.out = append(r.out[:from], bytes.Repeat([]byte{'\n'}, n)...) }

// filled counts the cells of a line without quotes up to the last one that is not blank.
func (r *Reader) filled(line []byte) int {
	return bytes.Count(bytes.TrimRight(line, blanks+string(r.delim)), []byte{r.delim}) + 1
}

// endOf returns where the first n cells of a line without quotes end.
func (r *Reader) endOf(line []byte, n int) (at int) {
	for range n {
		at += bytes.IndexByte(line[at:], r.delim) + 1
	}
	return at - 1
}

// isRewritten reports whether the lines of the file are not as they were once: see restore.
func (r *Reader) isRewritten() bool { return r.surplus.n > 0 || r.wrapped }

// restore undoes what a program did to a line. isOpen says that the line begins inside quotes.
func (r *Reader) restore(line []byte, isOpen bool) ([]byte, error) {
	hasOddQuotes := bytes.Count(line, []byte{'"'})%2 == 1
	if !r.wrapped && hasOddQuotes != isOpen { // the row continues on the next line
		return line, nil
	}
	if r.surplus.n > 0 {
		body, ok := r.surplus.cut(line)
		if !ok {
			return nil, refuseRewritten(r.number, message.Sprintf(
				"a program that divides by %s has changed this file: the header ends in %d of them, and this line in another number",
				lineOf[r.surplus.delim], r.surplus.n))
		}
		if len(body) < len(line) {
			r.repairs.note(surplusCut, r.number)
		}
		line = body
	}
	if r.wrapped && !r.isBlank(line) {
		var ok bool
		if r.unwrapped, ok = unwrap(r.unwrapped[:0], line); !ok {
			return nil, refuseRewritten(r.number, message.T("the header as a whole is in quotes, and this line is not"))
		}
		line = r.unwrapped
		r.repairs.note(unwrappedLine, r.number)
	}
	return line, nil
}

// skipAbove skips a line above the header.
func (r *Reader) skipAbove(line []byte) error {
	if r.isBlank(line) {
		r.skip(1)
		return nil
	}
	r.above = append(r.above, r.number)
	r.out = append(r.out, '\n')
	return nil
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
		if _, refused := errors.AsType[*Error](err); refused {
			return nil, err
		}
		return nil, message.Errorf("after line %d: %w", r.number, err)
	}
	r.number++
	r.taken += int64(len(line))
	r.unended = err == io.EOF
	line = r.trimEnd(line, err == nil)
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

// trimEnd returns a line without its end.
func (r *Reader) trimEnd(line []byte, ended bool) []byte {
	if ended {
		line = line[:len(line)-1]
	}
	if ended || r.o.Lenient { // as a csv.Reader does
		line = bytes.TrimSuffix(line, []byte{'\r'})
	}
	if len(line) == 0 || r.o.Lenient {
		return line
	}
	switch last := line[len(line)-1]; {
	case last == '\r' && ended:
		r.repairs.note(doubledReturn, r.number)
		return bytes.TrimRight(line, "\r")
	case last == endOfFile && !ended:
		r.repairs.note(endMark, r.number)
		return bytes.TrimRight(line, string(rune(endOfFile)))
	}
	return line
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
	if i := r.src.undecodable(line); i >= 0 {
		return r.src.refuse(line, i, r.place(line, i), r.unended)
	}
	return nil
}

// endOfFile is Control-Z, with which old programs end a file.
const endOfFile = 0x1A

// blanks are characters that leave a cell or a line blank: a page that ends, and a file that ended once, are nothing to read.
const blanks = " \t\r\f\v\u00A0\x1A"

func isBlank(text []byte) bool {
	if len(text) > 0 && ' ' < text[0] && text[0] < utf8.RuneSelf {
		return false
	}
	return len(bytes.Trim(text, blanks)) == 0
}

// isBlank reports whether all cells of a line without quotes are blank.
func (r *Reader) isBlank(line []byte) bool {
	for i, c := range line {
		if c == r.delim || c == ' ' || c == '\t' {
			continue
		}
		isSeen := ' ' < c && c < utf8.RuneSelf
		return !isSeen && len(bytes.Trim(line[i:], blanks+string(r.delim))) == 0
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
