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

	"etelecom-import/apiclient/message"
	"etelecom-import/importer/csvtext"
)

const (
	maxCell   = 64 << 10  // bytes
	maxRecord = 256 << 10 // bytes
)

// Read reads a roster to its end. If the file as a whole is refused, the error is an [*Error] with a hint; every other error is of
// reading r.
func Read(r io.Reader, o Options) (*Roster, error) {
	text, err := csvtext.NewReader(r, csvtext.Options{
		Encoding: o.Encoding, Delimiter: o.Delimiter, Known: func(cell string) bool { return fieldOf[normalize(cell)] != "" },
		MaxCell: maxCell, MaxRecord: maxRecord, Size: sizeOf(r),
	})
	if err != nil {
		return nil, err
	}
	reader := csv.NewReader(bufio.NewReaderSize(text, 64<<10))
	reader.Comma = text.Comma()
	reader.ReuseRecord = true
	records, columns, err := readHeader(reader)
	if err != nil {
		return nil, err
	}
	v := newValidator(&Roster{Dialect: Dialect{Encoding: text.Encoding(), Delimiter: text.Delimiter(), Columns: columns}}, o.ValidateOnly)
	for {
		rec, err := records.Read()
		if err != nil && err != io.EOF {
			return nil, inFile(err)
		}
		line := math.MaxInt
		if err == nil {
			line, _ = reader.FieldPos(0)
		}
		// The csv.Reader has not seen these rows.
		for _, ragged := range text.Ragged(line) {
			v.ragged(ragged)
		}
		if err == io.EOF {
			v.roster.Dialect.Blank = text.Blank()
			v.finish()
			return v.roster, nil
		}
		v.roster.grow(text.Ahead(reader.InputOffset()))
		v.row(line, rec.(*record))
	}
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
	replaced := err != nil || !os.SameFile(there, after)
	if replaced || after.Size() != before.Size() || !after.ModTime().Equal(before.ModTime()) {
		return csvtext.Refuse(0, 0,
			message.T("the file changed while it was being read"), message.T("close the program that writes it and run again"))
	}
	return nil
}

// readHeader maps the columns of the file to the fields of a record.
func readHeader(reader *csv.Reader) (*gocsv.Unmarshaller, []Column, error) {
	records, err := gocsv.NewUnmarshaller(reader, &record{})
	if err == io.EOF {
		return nil, nil, csvtext.Refuse(0, 0, message.T("the file is empty"), neededColumns.String())
	}
	if err != nil {
		return nil, nil, inFile(err)
	}
	line, _ := reader.FieldPos(0)
	columns, err := mapColumns(records.Headers, line)
	if err != nil {
		return nil, nil, err
	}
	return records, columns, records.RenormalizeHeaders(func(headers []string) []string {
		for i := range headers {
			headers[i] = columns[i].Field
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
