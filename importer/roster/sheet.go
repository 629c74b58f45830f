package roster

import (
	"bytes"
	"io"
	"os"
	"slices"

	"etelecom-import/apiclient/message"
	"etelecom-import/importer/csvtext"
	"etelecom-import/importer/spreadsheet"
	"etelecom-import/importer/workbook"
)

// maxWorkbook is the largest workbook that is read from a stream, in bytes: a workbook is read at any place, so that a stream has to
// be held in memory first. A file may be larger.
const maxWorkbook = 256 << 20

// randomAccess returns a file to be read at any place. in has what was peeked at of r.
func randomAccess(r, in io.Reader) (io.ReaderAt, int64, error) {
	if f, ok := r.(*os.File); ok {
		if info, err := f.Stat(); err == nil && info.Mode().IsRegular() {
			return f, info.Size(), nil
		}
	}
	all, err := io.ReadAll(io.LimitReader(in, maxWorkbook+1))
	switch {
	case err != nil:
		return nil, 0, err
	case len(all) > maxWorkbook:
		return nil, 0, csvtext.Refuse(0, 0, message.Sprintf("the workbook is larger than %d MiB", maxWorkbook>>20), message.T("name the file instead of sending it through a pipe"))
	}
	return bytes.NewReader(all), int64(len(all)), nil
}

// readWorkbook reads a roster from a sheet of a workbook. The line of a row is its number in the sheet.
func readWorkbook(r io.ReaderAt, size int64, o Options) (*Roster, error) {
	isHeader := func(cells []string) bool { return countFields(cells) >= enoughFields }
	isAbove := func(cells []string) bool { return hasPhone(cells) || countFields(cells) < 0 }
	book, err := workbook.Open(r, size, workbook.Options{Sheet: o.Sheet, Header: isHeader, FromHeader: true, IsRow: isAbove, HiddenRows: o.HiddenRows})
	if err != nil {
		return nil, err
	}
	defer book.Close()
	records, h, name, err := readHeader(book.CSV(), &o)
	if err != nil {
		return nil, err
	}
	sheet := newSheet(book, h.columns)
	v := newValidator(Dialect{Encoding: message.T("workbook"), Sheet: book.Sheet(), Columns: h.columns}, o)
	p := newFormReader(v, h, name)
	for {
		rec, err := records.Read()
		if err == io.EOF {
			if err := p.finish(); err != nil {
				return nil, err
			}
			sheet.describe(v.roster)
			v.finish()
			return v.roster, nil
		}
		if err != nil {
			return nil, err
		}
		v.roster.grow(book.Ahead())
		if fault := sheet.fault(); fault != csvtext.WrongCells {
			if err := p.ragged(csvtext.Ragged{Line: book.Row(), Fault: fault}); err != nil {
				return nil, err
			}
			continue
		}
		if err := p.row(book.Row(), len(h.columns), rec.(*record), sheet.kinds()); err != nil {
			return nil, err
		}
	}
}

// leastRow is how many bytes a row of a person has at least, in a cell.
const leastRow = 15

// The fields of a row, as sheetKinds counts them.
const (
	ofName = iota
	ofPhone
	ofPassword
	ofID
	ofNumber
	allFieldsOfRow
)

var fieldsOfRow = [allFieldsOfRow]string{fieldName, fieldPhone, fieldPassword, fieldID, fieldExtension}

// sheetKinds is what the cells of a row are in a workbook. The zero value is for a row of a CSV, where all are texts.
type sheetKinds [allFieldsOfRow]workbook.Kind

// refuse finds the cells that do not hold any more what a person typed, and says which these are.
func (k *sheetKinds) refuse(v *validator, line int, rec *record) (refused [allFieldsOfRow]bool) {
	if *k == (sheetKinds{}) {
		return refused
	}
	for field, kind := range k {
		bad := k.problem(field)
		if field == ofPassword && kind == workbook.Number && !spreadsheet.IsDigits(rec.Password) {
			bad = sheetFormatted // a decimal number: how it is shown depends on the width of the column, and on the country
		}
		if refused[field] = bad != 0; bad != 0 {
			content := field == ofName || field == ofPassword
			v.found(finding{kind: bad, arg: uint64(field), ofContent: content})
			continue
		}
		if field == ofPassword && kind == workbook.Number {
			v.warned(line, fieldPassword, message.T("the cell is a number; it is read as it is shown, and zeros at its front may be lost"))
		}
	}
	return refused
}

// problem returns what is wrong with a cell, because of what the spreadsheet made of it; 0 if nothing is. What a text or a plain number
// says is judged like a cell of a CSV, and so is an error such as #N/A.
func (k *sheetKinds) problem(field int) kind {
	switch k[field] {
	case workbook.Rounded:
		return sheetRounded
	case workbook.Date:
		return sheetDate
	case workbook.Boolean:
		return sheetBoolean
	case workbook.Uncalculated:
		return sheetUncalculated
	case workbook.Formatted:
		// A phone is shown with spaces or with its zero at the front, and its digits are what counts. So are those of an id.
		if field != ofPhone && field != ofID {
			return sheetFormatted
		}
	}
	return 0
}

// showSheetField is the detail of what a spreadsheet made of a cell. The argument is the field.
func showSheetField(p *Problem, w *Words) { w.Column = fieldsOfRow[p.finding.arg] }

// sheet is the sheet that a roster is read from.
type sheet struct {
	book    *workbook.Reader
	columns []Column
	at      [allFieldsOfRow]int // the column of each field; -1 if there is none
}

func newSheet(book *workbook.Reader, columns []Column) *sheet {
	s := &sheet{book: book, columns: columns}
	for field, name := range fieldsOfRow {
		s.at[field] = slices.IndexFunc(columns, func(c Column) bool { return c.Field == name })
	}
	return s
}

// kinds returns what the cells of the row are that was read last.
func (s *sheet) kinds() (k sheetKinds) {
	for field, column := range s.at {
		if column >= 0 {
			k[field] = s.book.Kind(column)
		}
	}
	return k
}

// fault says how the row that was read last has another one in it, where no column is read: in a cell, or behind the header. It is
// WrongCells if it has none.
func (s *sheet) fault() csvtext.Fault {
	cells := s.book.Cells()
	for i, cell := range cells {
		isIgnored := i >= len(s.columns) || slices.Contains([]string{"", keyDepartment, keyRest}, s.columns[i].key)
		if isIgnored && len(cell) >= leastRow && csvtext.HasRow(cell, allFields-1, isWholeRow) {
			return csvtext.RowInCell
		}
	}
	if len(cells) > len(s.columns) && isWholeRow(cells[len(s.columns):]) {
		return csvtext.TwoRows
	}
	return csvtext.WrongCells
}

// describe notes what a person who looks at the sheet does not see, or may not think of.
func (s *sheet) describe(r *Roster) {
	r.Dialect.Blank = s.book.Blank()
	if above := s.book.Above(); len(above) > 0 {
		r.Dialect.Above = above
		r.Repaired = append(r.Repaired, Note{Text: message.T("the rows above the header were skipped"), Count: len(above), Lines: firstLines(above)})
	}
	if hidden := s.book.Hidden(); len(hidden) > 0 {
		text := message.T("hidden rows were read like the others")
		if s.skips() {
			text = message.T("hidden rows were skipped")
			r.Dialect.Hidden = hidden
		}
		r.Warnings = append(r.Warnings, Note{Text: text, Count: len(hidden), Lines: firstLines(hidden)})
	}
	for i, c := range s.columns {
		if c.Field != "" && s.book.HiddenColumn(i) {
			r.Warnings = append(r.Warnings, Note{Text: message.Sprintf("%s: the column is hidden, and was read", c.Field), Count: len(r.Rows)})
		}
	}
}

// skips reports whether hidden rows are not among those that were read.
func (s *sheet) skips() bool { return s.book.Policy() == workbook.SkipHidden }

func firstLines(lines []int) []int { return slices.Clone(lines[:min(len(lines), noteLines)]) }
