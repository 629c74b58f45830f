package workbook

import (
	"bytes"
	"cmp"
	"encoding/csv"
	"io"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/text/unicode/norm"

	"etelecom-import/apiclient/message"
)

// Reader reads the rows of one sheet from the top, as a csv.Reader does. Blank rows are skipped.
//
//	r, err := workbook.Open(file, size, workbook.Options{Header: isHeader})
//	...
//	defer r.Close()
//	for {
//		cells, err := r.Read() // io.EOF at the end
//		...
//		r.Row()   // the number of the row in the sheet
//		r.Kind(2) // what its third cell is: text, a number, a date
//	}
//
// What wants a csv.Reader gets one from [Reader.CSV], which keeps pace with the Reader.
type Reader struct {
	policy HiddenRows
	sheet  string
	chosen bool // of several sheets with a header
	rows   rows
	again  func() (rows, error) // opens the sheet once more
	row    row
	err    error // of the last call: every later one has it, too

	fromHeader bool // the rows above it are skipped
	isRow      func(cells []string) bool
	above      []int    // the rows above it that are not blank
	header     int      // the row that is the header; 0 if that is not known
	width      int      // the cells of a row, at least
	taken      int      // cells so far
	cells      []string // of the row
	last       int      // the number of the last row that is not blank
	blank      int
	hidden     []int
}

// Range is a rectangle of cells that are merged into one. Rows count from 1, as in the sheet, and columns from 0, as in a slice.
type Range struct{ FirstRow, LastRow, FirstColumn, LastColumn int }

// book is a workbook that is open: an .xlsx or an .ods.
type book interface {
	sheets() []sheet
	rows(number int) (rows, error)
}

// sheet is what a workbook says of a sheet.
type sheet struct {
	name   string
	hidden bool
}

// rows are the rows of a sheet, which are read one after the other.
type rows interface {
	next(*row) error // io.EOF at the end
	last() int       // the number of the row read last, or of the one that could not be read
	hiddenColumns() columnSet
	mergedCells() []Range
	lastCovered() int // the number of the last row that may have filled cells below others that they are merged with
	ahead() float64   // how much is to come, as a multiple of what was read
	close()
}

// lateRows is how many more rows are looked at, only to say where the header is.
const lateRows = 200

// HeaderRows is how many rows of a sheet may be its header: those at the top that are not blank.
const HeaderRows = 20

// Open opens a workbook, and finds the sheet to read. A file that is no workbook is refused as what it is: whatever [Sniff] does not
// take for text may be given to it. A stream has to be read into memory first, since the parts of a workbook are not in the order in
// which they are needed. The errors of refusals are an [*Error] with a hint; every other error is of reading r.
func Open(r io.ReaderAt, size int64, o Options) (*Reader, error) {
	b, err := openBook(r, size)
	if err != nil {
		return nil, err
	}
	return choose(b, o)
}

func openBook(r io.ReaderAt, size int64) (book, error) {
	r = io.NewSectionReader(r, 0, size) // a damaged file may point anywhere
	head := make([]byte, SniffLength)
	n, err := r.ReadAt(head, 0)
	if err != nil && err != io.EOF {
		return nil, err
	}
	format := Sniff(head[:n])
	switch {
	case format == PlainText:
		return nil, refuse(message.T("this is not a workbook"), asExport.String())
	case format == OtherOLE:
		return nil, sniffOLE(oleDirectory(r)).refusal()
	case !format.isZip():
		return nil, format.refusal()
	}
	a, err := openArchive(r, size)
	if err != nil {
		return nil, err
	}
	format, main, err := a.format()
	switch {
	case err != nil:
		return nil, err
	case format == OpenDocument:
		return openODS(a)
	case format == ExcelXLSX:
		return openXLSX(a, main)
	}
	return nil, format.refusal()
}

// choose opens the sheet that is named, or that has a header.
func choose(b book, o Options) (*Reader, error) {
	c := choice{o, b, b.sheets()}
	if o.Sheet == "" {
		return c.search()
	}
	i := c.named()
	if i < 0 {
		return nil, refuse(message.Sprintf("the workbook has no sheet %q; its sheets are %s", o.Sheet, c.list()), nameSheet.String())
	}
	top, err := c.look(i)
	if err != nil {
		return nil, err
	}
	return c.open(i, top)
}

const nameSheet message.Text = "name the sheet to read with --sheet"

// choice is the search for the sheet to read.
type choice struct {
	o      Options
	book   book
	sheets []sheet
}

// named returns the number of the sheet that the options name; -1 if there is none. Case and spaces do not matter, unless two
// sheets differ in nothing else.
func (c *choice) named() int {
	plain := func(name string) string {
		return strings.ToLower(strings.Join(strings.Fields(norm.NFC.String(name)), " "))
	}
	if i := slices.IndexFunc(c.sheets, func(s sheet) bool { return s.name == c.o.Sheet }); i >= 0 {
		return i
	}
	return slices.IndexFunc(c.sheets, func(s sheet) bool { return plain(s.name) == plain(c.o.Sheet) })
}

// list names the sheets.
func (c *choice) list() string {
	const most = 20
	var names []string
	for i, s := range c.sheets {
		if i == most {
			names = append(names, message.Sprintf("and %d more", len(c.sheets)-most))
			break
		}
		name := strconv.Quote(s.name)
		if s.hidden {
			name = message.Sprintf("%q (hidden)", s.name)
		}
		names = append(names, name)
	}
	return strings.Join(names, ", ")
}

// top is what was found at the top of a sheet.
type top struct {
	filled bool // some row is not blank
	header int  // the row that is the header; 0 if none is known to be
	width  int  // the cells of that row
	late   int  // a row below the first ones that can be the header, if none of these is; 0 if none is
	whole  bool // the header has all that is needed, and a row is below it
}

// look reads the first rows of a sheet.
func (c *choice) look(i int) (found top, err error) {
	rows, err := c.book.rows(i)
	if err != nil {
		return found, err
	}
	defer rows.close()
	var r row
	for n := 0; n < HeaderRows+lateRows || found.header > 0; {
		err := rows.next(&r)
		if err == io.EOF {
			return found, nil
		}
		if err != nil {
			return found, locate(err, c.sheets[i].name, rows.last())
		}
		if r.blank() {
			continue
		}
		if found.header > 0 {
			found.whole = true
			return found, nil
		}
		n++
		found.filled = true
		cells := r.strings(nil, 0)
		isHeader := c.o.Header != nil && c.o.Header(cells)
		switch {
		case isHeader && n > HeaderRows:
			found.late = r.number
			return found, nil
		case isHeader:
			found.header, found.width = r.number, len(r.cells)
			if c.o.Whole == nil || !c.o.Whole(cells) {
				return found, nil
			}
		}
	}
	return found, nil
}

// open opens a sheet to read all of it.
func (c *choice) open(i int, found top) (*Reader, error) {
	if found.late > 0 {
		return nil, refuse(message.Sprintf("the header seems to be on row %d; only the first %d rows are searched for it", found.late, HeaderRows),
			message.T("delete the rows above it"))
	}
	again := func() (rows, error) { return c.book.rows(i) }
	rows, err := c.book.rows(i)
	if err != nil {
		return nil, err
	}
	return &Reader{
		policy: c.o.HiddenRows, fromHeader: c.o.FromHeader, isRow: c.o.IsRow, sheet: c.sheets[i].name, rows: rows, again: again, header: found.header, width: found.width,
	}, nil
}

// search opens the one sheet that has a header, of those that a person sees. If none has one, it opens the only sheet that has
// anything in it: the caller can say better what is wrong with its header. A hidden sheet is only named: people hide what they do
// not mean.
func (c *choice) search() (*Reader, error) {
	tops := make([]top, len(c.sheets))
	var filled, headed []int
	var failed error
	for i, s := range c.sheets {
		if s.hidden {
			continue
		}
		var err error
		if tops[i], err = c.look(i); err != nil {
			failed = cmp.Or(failed, err) // it does not matter if another sheet is the one
		}
		if tops[i].filled {
			filled = append(filled, i)
		}
		if tops[i].header > 0 {
			headed = append(headed, i)
		}
	}
	whole := slices.DeleteFunc(slices.Clone(headed), func(i int) bool { return !tops[i].whole })
	switch {
	case len(headed) == 1:
		return c.open(headed[0], tops[headed[0]])
	case len(whole) == 1:
		r, err := c.open(whole[0], tops[whole[0]])
		if err == nil {
			r.chosen = true
		}
		return r, err
	case len(headed) > 1:
		return nil, refuse(message.Sprintf("several sheets of the workbook may be the one to read; its sheets are %s", c.list()), nameSheet.String())
	case failed != nil:
		return nil, failed
	}
	if hidden := c.hiddenHeaders(); len(hidden) > 0 {
		return nil, refuse(message.Sprintf("no sheet that is shown has a header that is understood; hidden sheets with one: %s", strings.Join(hidden, ", ")),
			message.T("correct the header of the sheet that is shown; or show the hidden sheet in Excel, or name it with --sheet"))
	}
	switch {
	case len(filled) == 1:
		return c.open(filled[0], tops[filled[0]])
	case len(filled) > 1:
		return nil, refuse(message.Sprintf("no sheet of the workbook has a header that is understood; its sheets are %s", c.list()), nameSheet.String())
	}
	return nil, emptyError{refuse(message.Sprintf("the workbook is empty; its sheets are %s", c.list()), message.T("write the list into one of them, or name another file"))}
}

// hiddenHeaders names the hidden sheets that have a header.
func (c *choice) hiddenHeaders() (names []string) {
	for i, s := range c.sheets {
		if !s.hidden {
			continue
		}
		if found, err := c.look(i); err == nil && found.header > 0 {
			names = append(names, strconv.Quote(s.name))
		}
	}
	return names
}

// Read returns the next row that is not blank, with at least as many cells as the header. The slice and what [Reader.Row] and
// [Reader.Kind] say are valid until the next call. The error is [io.EOF] at the end.
func (r *Reader) Read() ([]string, error) {
	if r.err == nil {
		r.err = r.next()
	}
	if r.err != nil {
		return nil, r.err
	}
	r.cells = r.row.strings(r.cells, r.width)
	return r.cells, nil
}

// next goes to the next row that the caller is to see.
func (r *Reader) next() error {
	for {
		err := r.rows.next(&r.row)
		switch {
		case err == io.EOF:
			return r.end()
		case err != nil:
			return locate(err, r.sheet, r.rows.last())
		case r.row.blank():
			continue
		}
		if r.taken += len(r.row.cells); r.taken > maxCells {
			return locate(tooManyCells(r.row.number), r.sheet, r.row.number)
		}
		r.blank += r.row.number - r.last - 1
		r.last = r.row.number
		if r.fromHeader && r.row.number < r.header {
			if r.isRow != nil && r.isRow(r.row.strings(nil, 0)) {
				return refuseRow(r.row.number, message.Sprintf("the header is on row %d, and this row above it seems to belong below it", r.header),
					message.T("if it does, move it there. If it does not, delete it"))
			}
			r.above = append(r.above, r.row.number)
			continue
		}
		if r.width == 0 {
			r.width = len(r.row.cells)
		}
		if !r.row.hidden || r.row.number <= r.header {
			return nil
		}
		r.hidden = append(r.hidden, r.row.number)
		if r.policy != SkipHidden {
			return nil
		}
	}
}

// end is the error at the end of the sheet.
func (r *Reader) end() error {
	if r.policy != RefuseHidden || len(r.hidden) == 0 {
		return io.EOF
	}
	var rows []string
	const most = 5
	for i, n := range r.hidden {
		if i == most {
			rows = append(rows, "...")
			break
		}
		rows = append(rows, strconv.Itoa(n))
	}
	return refuse(
		message.Sprintf("the sheet has %s, perhaps by a filter: %s", message.Count(len(r.hidden), "hidden row", "hidden rows"), strings.Join(rows, ", ")),
		message.T("add --hidden-rows skip to leave these people out, or --hidden-rows read to read them like the others"))
}

// ReadAll returns all rows that are left.
func (r *Reader) ReadAll() ([][]string, error) {
	var all [][]string
	for {
		cells, err := r.Read()
		if err == io.EOF {
			return all, nil
		}
		if err != nil {
			return nil, err
		}
		all = append(all, slices.Clone(cells))
	}
}

// CSV returns the rows as a csv.Reader, for what reads no other, such as gocsv. It keeps pace with r: behind a row that it has
// returned, [Reader.Row] and [Reader.Kind] are about that row. A line break is a line feed there, whatever the cell has.
func (r *Reader) CSV() *csv.Reader {
	lines := &csvLines{r: r}
	lines.w = csv.NewWriter(&lines.text)
	c := csv.NewReader(lines)
	c.FieldsPerRecord = -1
	return c
}

// Sheet returns the name of the sheet.
func (r *Reader) Sheet() string { return r.sheet }

// Chosen reports whether other sheets have a header, too, which is not whole or has nothing below it: see [Options.Whole].
func (r *Reader) Chosen() bool { return r.chosen }

// Header returns the number of the row that is the header; 0 if none was found.
func (r *Reader) Header() int { return r.header }

// Above returns the numbers of the rows above the header that [Options.FromHeader] has skipped. Blank ones are not among them.
func (r *Reader) Above() []int { return r.above }

// Row returns the number of the row in the sheet.
func (r *Reader) Row() int { return r.row.number }

// Cells returns the cells of the row, also those behind the header. They are valid until the next call of [Reader.Read].
func (r *Reader) Cells() []string { return r.cells }

// Kind says what a cell of the row is. Columns count from 0.
func (r *Reader) Kind(column int) Kind {
	if column >= len(r.row.cells) {
		return Empty
	}
	return r.row.cells[column].kind
}

// Formula reports whether a cell of the row is the result of a formula.
func (r *Reader) Formula(column int) bool {
	return column < len(r.row.cells) && r.row.cells[column].formula
}

// Unseen reports whether the format of a cell shows nothing of what is in it.
func (r *Reader) Unseen(column int) bool {
	return column < len(r.row.cells) && r.row.cells[column].unseen
}

// Outside returns the cells of the row to the right of the header; none if they are all empty.
func (r *Reader) Outside() []string {
	if len(r.row.cells) <= r.width {
		return nil
	}
	if !slices.ContainsFunc(r.row.cells[r.width:], r.row.isFilled) {
		return nil
	}
	return r.cells[r.width:]
}

// HiddenColumn reports whether a column is hidden. That is known from the first row on.
func (r *Reader) HiddenColumn(column int) bool { return r.rows.hiddenColumns().has(column) }

// Merged returns the cells that are merged, also those of the header. It is complete at the end of the sheet.
func (r *Reader) Merged() []Range { return r.rows.mergedCells() }

// Covered calls see for each filled cell below another one that it is merged with, in the order of the rows. Nobody sees such a cell:
// spreadsheets empty them, and other programs may not. It may be called at the end of the sheet, and reads a part of it again.
func (r *Reader) Covered(see func(row, column int)) error {
	end := r.rows.lastCovered()
	if end == 0 {
		return nil
	}
	rows, err := r.again()
	if err != nil {
		return err
	}
	defer rows.close()
	merged := newSweep(r.rows.mergedCells())
	var line row
	for {
		err := rows.next(&line)
		switch {
		case err == io.EOF, err == nil && line.number > end:
			return nil
		case err != nil:
			return locate(err, r.sheet, rows.last())
		}
		merged.to(line.number)
		for column, c := range line.cells {
			if line.isFilled(c) && (c.covered || merged.cover(line.number, column)) {
				see(line.number, column)
			}
		}
		if merged.work > maxWork {
			return locate(damaged("mergeCells"), r.sheet, line.number)
		}
	}
}

// Policy returns what becomes of hidden rows.
func (r *Reader) Policy() HiddenRows { return r.policy }

// Hidden returns the numbers of the hidden rows below the header so far. Blank ones are not among them.
func (r *Reader) Hidden() []int { return r.hidden }

// Blank returns how many blank rows are above the last row that was read.
func (r *Reader) Blank() int { return r.blank }

// Ahead estimates how much of the sheet is still to come, as a multiple of what was read.
func (r *Reader) Ahead() float64 { return r.rows.ahead() }

// Close ends the reading. It does not close the file.
func (r *Reader) Close() { r.rows.close() }

// csvLines writes the rows of a Reader as the lines of a CSV. It gives no more than one row at a time, so that a csv.Reader, which
// buffers, never sees more than the row that it returns.
type csvLines struct {
	r    *Reader
	w    *csv.Writer
	text bytes.Buffer
}

// Read implements [io.Reader].
func (l *csvLines) Read(p []byte) (int, error) {
	if l.text.Len() == 0 {
		cells, err := l.r.Read()
		if err != nil {
			return 0, err
		}
		_ = l.w.Write(cells) // to memory
		l.w.Flush()
	}
	return l.text.Read(p)
}

// columnSet is a set of columns.
type columnSet []struct{ first, last int }

func (s *columnSet) add(first, last int) {
	if len(*s) < maxColumns {
		*s = append(*s, struct{ first, last int }{first, last})
	}
}

func (s columnSet) has(column int) bool {
	for _, c := range s {
		if c.first <= column && column <= c.last {
			return true
		}
	}
	return false
}
