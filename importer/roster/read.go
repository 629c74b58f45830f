package roster

import (
	"bufio"
	"encoding/csv"
	"errors"
	"io"
	"io/fs"
	"math"
	"os"

	"github.com/gocarina/gocsv"
)

// Read reads a roster to its end. An error means that the file as a whole is refused; nearly always it is an [*Error].
func Read(r io.Reader, o Options) (*Roster, error) {
	in := &counter{r: r, size: sizeOf(r)}
	text, dialect, err := decode(in, o.Encoding)
	if err != nil {
		return nil, err
	}
	lines, err := newLines(text, o.Delimiter)
	if err != nil {
		return nil, err
	}
	dialect.Delimiter = delimiterNames[lines.delim]
	j := &judge{roster: &Roster{Dialect: dialect}, offline: o.Offline}
	if err := j.read(lines, in); err != nil {
		return nil, err
	}
	j.finish(lines)
	return j.roster, nil
}

// ReadFile reads the roster at path. A file that changes meanwhile is refused.
func ReadFile(path string, o Options) (*Roster, error) {
	f, err := os.Open(path)
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
	if err != nil || !os.SameFile(there, after) || after.Size() != before.Size() || !after.ModTime().Equal(before.ModTime()) {
		return refuse("the file changed while it was being read; close the program that writes it and run again")
	}
	return nil
}

// record is a row as gocsv hands it over. Its fields are strings, whatever they mean: gocsv would turn 1.23457E+18
// into 1 without a word.
type record struct {
	Name            string `csv:"name"`
	Phone           string `csv:"phone"`
	Password        string `csv:"password"`
	ExtensionID     string `csv:"extension_id"`
	ExtensionNumber string `csv:"extension_number"`
}

// read judges every row of the file.
func (j *judge) read(l *lines, in *counter) error {
	reader := csv.NewReader(bufio.NewReaderSize(l, 64<<10))
	reader.Comma = rune(l.delim)
	reader.ReuseRecord = true
	rows, err := j.header(reader)
	if err != nil {
		return err
	}
	for {
		v, err := rows.Read()
		if err == io.EOF {
			j.ragged(l, math.MaxInt)
			return nil
		}
		if err != nil {
			return inFile(err)
		}
		line, _ := reader.FieldPos(0)
		j.ragged(l, line)
		j.grow(in, l, reader.InputOffset())
		j.row(line, v.(*record))
	}
}

// header matches the columns of the file with the fields of a record.
func (j *judge) header(reader *csv.Reader) (*gocsv.Unmarshaller, error) {
	rows, err := gocsv.NewUnmarshaller(reader, &record{})
	if err == io.EOF {
		return nil, refuse("the file is empty; %s", wanted)
	}
	if err != nil {
		return nil, inFile(err)
	}
	line, _ := reader.FieldPos(0)
	columns, err := match(rows.Headers, line)
	if err != nil {
		return nil, err
	}
	j.roster.Dialect.Columns = columns
	return rows, rows.RenormalizeHeaders(func(headers []string) []string {
		for i := range headers {
			headers[i] = columns[i].Field
		}
		return headers
	})
}

// inFile keeps what csv.Reader says of a line to itself: the lines were judged before it saw them.
func inFile(err error) error {
	var bad *csv.ParseError
	if errors.As(err, &bad) {
		return &Error{Line: bad.Line, Column: bad.Column, Message: bad.Err.Error()}
	}
	return err
}

// ragged takes the rows with a wrong number of cells that stand before line.
func (j *judge) ragged(l *lines, line int) {
	for len(l.ragged) > 0 && l.ragged[0].line < line {
		j.found(finding{kind: wrongCells, arg: uint64(l.ragged[0].cells)})
		j.roster.Rows = append(j.roster.Rows, Row{Line: l.ragged[0].line})
		l.ragged = l.ragged[1:]
	}
}
