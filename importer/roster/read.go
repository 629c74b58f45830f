package roster

import (
	"bufio"
	"encoding/csv"
	"errors"
	"io"
	"io/fs"
	"math"
	"os"
	"slices"

	"github.com/gocarina/gocsv"

	"etelecom-import/apiclient/message"
	"etelecom-import/importer/csvtext"
	"etelecom-import/importer/sharing"
	"etelecom-import/importer/workbook"
)

const (
	maxCell   = 64 << 10  // bytes
	maxRecord = 256 << 10 // bytes
)

// ErrEmpty says that a file has nothing in it, not even a header.
var ErrEmpty = message.New("the employee file is empty")

// ErrNoExtensions says that a file has no column for extensions, and nothing else is wrong with its columns. [Options.FreeExtensions]
// accepts it.
var ErrNoExtensions = message.New("the employee file has no column for extensions")

// lackingError is an [ErrNoExtensions] with the text and the hint of the error that it holds.
type lackingError struct{ error }

func (e lackingError) Unwrap() []error { return []error{ErrNoExtensions, e.error} }

// emptyError is an [ErrEmpty] with the text and the hint of the error that it holds.
type emptyError struct{ error }

func (e emptyError) Unwrap() []error { return []error{ErrEmpty, e.error} }

// Read reads a roster to its end: a CSV or a workbook, by its content. If the file as a whole is refused, the error has a hint; every
// other error is of reading r.
func Read(r io.Reader, o Options) (*Roster, error) {
	in := bufio.NewReaderSize(r, workbook.SniffLength)
	head, err := in.Peek(workbook.SniffLength)
	if err != nil && err != io.EOF {
		return nil, err
	}
	if workbook.Sniff(head).Text() {
		if err := o.refuseForText(); err != nil {
			return nil, err
		}
		return readText(in, sizeOf(r), o)
	}
	file, size, err := randomAccess(r, in)
	if err != nil {
		return nil, err
	}
	return readWorkbook(file, size, o)
}

// readText reads a roster from a CSV.
func readText(r io.Reader, size int64, o Options) (*Roster, error) {
	text, err := csvtext.NewReader(r, textOptions(&o, size))
	if err != nil {
		return nil, err
	}
	passed := &recent{in: text}
	reader := csv.NewReader(bufio.NewReaderSize(passed, 64<<10))
	reader.Comma = text.Comma()
	reader.ReuseRecord = true
	records, h, name, err := readHeader(reader, &o)
	if err != nil {
		return nil, elsewhere(text.Header(), err)
	}
	group, err := findGroupColumn(h, o.GroupBy)
	if err != nil {
		return nil, err
	}
	v := newValidator(Dialect{Encoding: text.Encoding(), Delimiter: text.Delimiter(), Columns: h.columns, Header: h.line}, o)
	v.comma = text.Comma()
	p := newFormReader(v, h, name)
	p.group = newGroupColumn(h, group)
	rows := csvRows{reader: reader, records: records, text: text, passed: passed, group: p.group}
	for row, err := range readAhead(rows.next) {
		if err != nil && err != io.EOF {
			return nil, inFile(err)
		}
		for _, ragged := range row.ragged {
			if err := p.ragged(ragged); err != nil {
				return nil, err
			}
		}
		if err == io.EOF {
			break
		}
		v.roster.grow(row.ahead)
		if err := p.row(&row.formRow); err != nil {
			return nil, err
		}
	}
	if err := p.finish(); err != nil {
		return nil, err
	}
	v.roster.Dialect.Blank = text.Blank()
	v.ofLines(text)
	o.noteUnused(v.roster)
	v.finish()
	return v.roster, p.group.finish(v.roster)
}

// textOptions returns how the text of a CSV of a size is read.
func textOptions(o *Options, size int64) csvtext.Options {
	return csvtext.Options{
		Encoding: o.Encoding, Delimiter: o.Delimiter, Header: countFields, Enough: enoughFields, Least: allFields,
		HasKey: hasPhone, IsRow: isWholeRow,
		MaxCell: maxCell, MaxRecord: maxRecord, Size: size,
	}
}

// csvRows reads the rows of a CSV.
type csvRows struct {
	reader  *csv.Reader
	records *gocsv.Unmarshaller
	text    *csvtext.Reader
	passed  *recent
	group   *groupColumn

	rows  int
	ahead float64 // see [csvtext.Reader.Ahead]; worked out for some rows only, since it is an estimate and takes time
}

// csvRow is a row, and what is before it.
type csvRow struct {
	formRow
	ragged []csvtext.Ragged // rows that the csv.Reader has not seen
	ahead  float64          // see [csvRows]
}

// next returns the next row. With io.EOF, it returns what is behind the last one.
func (r *csvRows) next() (csvRow, error) {
	r.passed.from = r.reader.InputOffset()
	read, err := r.records.Read()
	if err != nil {
		return csvRow{ragged: r.text.Ragged(math.MaxInt)}, err
	}
	rec := read.(*record)
	if r.rows%64 == 0 {
		r.ahead = r.text.Ahead(r.reader.InputOffset())
	}
	r.rows++
	line, _ := r.reader.FieldPos(0)
	ragged := r.text.Ragged(line)
	row := formRow{line: line, cells: r.text.Cells(line), record: rec}
	if rec.isVoid() {
		row.unread = readUnread(r.passed.cells(r.reader.InputOffset(), r.reader.Comma), rec.RowNumber)
	}
	if r.group != nil {
		row.group = r.group.cell(r.passed.cells(r.reader.InputOffset(), r.reader.Comma))
	}
	return csvRow{row, ragged, r.ahead}, nil
}

// elsewhere says where the header seems to be, if the row that was refused is not there.
func elsewhere(h csvtext.Header, err error) error {
	refused, ok := errors.AsType[*csvtext.Error](err)
	isThere := ok && refused.Line == h.Line
	if isThere || h.Found || h.Line == 0 {
		return err
	}
	if h.Row != 0 {
		return csvtext.Refuse(h.Row, 0,
			message.Sprintf("the header is on line %d, and this line above it has a phone", h.Line),
			message.T("if the line is a person, move it below the header. If it is not, delete it"))
	}
	if h.Late {
		return csvtext.Refuse(0, 0,
			message.Sprintf("the header seems to be on line %d; only the first %d lines are searched for it", h.Line, csvtext.HeaderLines),
			message.T("delete the lines above it"))
	}
	return csvtext.Refuse(0, 0,
		message.Sprintf("the header seems to be on line %d", h.Line), message.T("delete the lines above it, and any other header"))
}

// ReadFile reads the roster at path. A file that changes meanwhile is refused.
func ReadFile(path string, o Options) (*Roster, error) {
	f, err := sharing.OpenFile(path, os.O_RDONLY, 0) // Excel may have it open, and may save it meanwhile
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }()
	before, err := f.Stat()
	if err != nil {
		return nil, err
	}
	roster, err := Read(f, o)
	if changed := unchanged(f, before); changed != nil {
		return nil, changed
	}
	return roster, err
}

// unchanged refuses a regular file that is not what it was, or that another one has replaced.
func unchanged(f *os.File, before fs.FileInfo) error {
	if !before.Mode().IsRegular() {
		return nil
	}
	after, err := f.Stat()
	if err != nil {
		return err
	}
	there, err := os.Stat(f.Name())
	replaced := err != nil || !os.SameFile(there, after)
	if replaced || after.Size() != before.Size() || !after.ModTime().Equal(before.ModTime()) {
		return csvtext.Refuse(0, 0,
			message.T("the file changed while it was being read"), message.T("close the program that writes it and run again"))
	}
	return nil
}

// readHeader maps the columns of the file to the fields of a record.
func readHeader(reader *csv.Reader, o *Options) (*gocsv.Unmarshaller, *titleRow, *nameColumns, error) {
	records, err := gocsv.NewUnmarshaller(reader, &record{})
	if err == io.EOF {
		return nil, nil, nil, emptyError{csvtext.Refuse(0, 0, message.T("the file is empty"), neededColumns.String())}
	}
	if err != nil {
		return nil, nil, nil, inFile(err)
	}
	line, _ := reader.FieldPos(0)
	h := readTitles(slices.Clone(records.Headers), line)
	h.withoutPasswords = o.WithoutPasswords
	name, err := h.mapColumns(o)
	if err != nil {
		if below, _ := reader.Read(); h.isContinued(below) {
			err = csvtext.Refuse(line, 0, message.T("the header is on this line and the next one"), message.T("write all titles on one line, without merged cells"))
		}
		return nil, nil, nil, err
	}
	return records, h, name, records.RenormalizeHeaders(func(headers []string) []string {
		for i := range headers {
			headers[i] = h.columns[i].key
		}
		return headers
	})
}

// inFile drops what a csv.Reader says about the line: it was checked before the csv.Reader saw it.
func inFile(err error) error {
	var bad *csv.ParseError
	if errors.As(err, &bad) {
		return csvtext.Refuse(bad.Line, bad.Column, bad.Err.Error(), message.T("save the file again as CSV UTF-8"))
	}
	return err
}

// sizeOf asks r for its size in bytes; 0 if that is not known.
func sizeOf(r io.Reader) int64 {
	switch r := r.(type) {
	case interface{ Len() int }:
		return int64(r.Len())
	case interface{ Stat() (fs.FileInfo, error) }:
		if info, err := r.Stat(); err == nil && info.Mode().IsRegular() {
			return info.Size()
		}
	}
	return 0
}
