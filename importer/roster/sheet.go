package roster

import (
	"bytes"
	"cmp"
	"errors"
	"io"
	"os"
	"slices"
	"strings"

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
	isWhole := func(cells []string) bool {
		return isWholeHeader(cells) || o.FreeExtensions && readTitles(cells, 0).lacksExtensions()
	}
	book, err := workbook.Open(r, size, workbook.Options{Sheet: o.Sheet, Header: isHeader, Whole: isWhole, FromHeader: true, IsRow: isAbove, HiddenRows: o.HiddenRows})
	if errors.Is(err, workbook.ErrEmpty) {
		return nil, emptyError{err}
	}
	if err != nil {
		return nil, err
	}
	defer book.Close()
	records, h, name, err := readHeader(book.CSV(), &o)
	if err != nil {
		return nil, err
	}
	group, err := findGroupColumn(h, o.GroupBy)
	if err != nil {
		return nil, err
	}
	sheet := newSheet(book, h.columns)
	v := newValidator(Dialect{Encoding: message.T("workbook"), Sheet: book.Sheet(), Columns: h.columns, Header: book.Row()}, o)
	p := newFormReader(v, h, name)
	p.group = newGroupColumn(h, group)
	for {
		rec, err := records.Read()
		if err == io.EOF {
			if err := p.finish(); err != nil {
				return nil, err
			}
			if err := sheet.covered(v.roster); err != nil {
				return nil, err
			}
			o.noteUnused(v.roster)
			v.formulas.tell(v.roster)
			sheet.describe(v.roster)
			v.finish()
			p.group.spread(v.roster, book.Merged())
			return v.roster, p.group.finish(v.roster)
		}
		if err != nil {
			return nil, err
		}
		v.roster.grow(book.Ahead())
		if err := sheet.lookOutside(); err != nil {
			return nil, err
		}
		if fault := sheet.fault(); fault != csvtext.WrongCells {
			if err := p.ragged(csvtext.Ragged{Line: book.Row(), Fault: fault}); err != nil {
				return nil, err
			}
			continue
		}
		row := formRow{line: book.Row(), cells: len(h.columns), record: rec.(*record), kinds: sheet.kinds(), group: p.group.cell(book.Cells())}
		if row.record.isVoid() {
			row.unread = readUnread(book.Cells(), row.record.RowNumber)
		}
		if err := p.row(&row); err != nil {
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
type sheetKinds struct {
	kinds            [allFieldsOfRow]workbook.Kind
	formulas, unseen uint8 // the fields, as bits
}

// refuse finds the cells that do not hold any more what a person typed, and says which these are.
func (k *sheetKinds) refuse(v *validator, line int, rec *record) (refused [allFieldsOfRow]bool) {
	if *k == (sheetKinds{}) {
		return refused
	}
	k.warn(v, line)
	for field, kind := range k.kinds {
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

// formulas are those of a workbook. Whether their values are up to date, nobody can know.
type formulas struct {
	fields uint8  // in which they are, as bits
	rows   []Note // one at most
}

// tell tells of the formulas, once for the file.
func (f *formulas) tell(r *Roster) {
	var names []string
	for field, name := range fieldsOfRow {
		if f.fields>>field&1 != 0 {
			names = append(names, name)
		}
	}
	for _, n := range f.rows {
		n.Text = message.Sprintf("%s: formulas were read as the spreadsheet last calculated them", strings.Join(names, ", "))
		r.Warnings = append(r.Warnings, n)
	}
}

// warn tells of cells that may not be what a person sees.
func (k *sheetKinds) warn(v *validator, line int) {
	if k.formulas|k.unseen == 0 {
		return
	}
	if k.formulas != 0 {
		v.formulas.fields |= k.formulas
		v.formulas.rows = note(v.formulas.rows, "", "", line)
	}
	for field, name := range fieldsOfRow {
		if k.unseen>>field&1 != 0 {
			v.warned(line, name, message.T("the format of the cell hides what is in it, and it was read"))
		}
	}
}

// problem returns what is wrong with a cell, because of what the spreadsheet made of it; 0 if nothing is. What a text or a plain number
// says is judged like a cell of a CSV, and so is an error such as #N/A.
func (k *sheetKinds) problem(field int) kind {
	switch k.kinds[field] {
	case workbook.Rounded:
		return sheetRounded
	case workbook.Date:
		return sheetDate
	case workbook.Boolean:
		return sheetBoolean
	case workbook.Uncalculated:
		return sheetUncalculated
	case workbook.Shaped:
		// A phone is shown with spaces or with its zero at the front, and is read as it is shown. So is an id.
		if field != ofPhone && field != ofID {
			return sheetFormatted
		}
	case workbook.Formatted:
		return sheetFormatted
	}
	return 0
}

// showSheetField is the detail of what a spreadsheet made of a cell. The argument is the field.
func showSheetField(p *Problem, w *Words) { w.Column = fieldsOfRow[p.finding.arg] }

// sheet is the sheet that a roster is read from.
type sheet struct {
	book    *workbook.Reader
	columns []Column
	fields  []int  // of each column: the field; none if it has none
	titles  []int  // the columns of which the title is below a merged cell
	beside  int    // cells to the right of the header, so far
	outside []Note // the same as a note
}

func newSheet(book *workbook.Reader, columns []Column) *sheet {
	s := &sheet{book: book, columns: columns}
	for _, c := range columns {
		field := none
		if c.Field != "" {
			field = slices.Index(fieldsOfRow[:], c.Field)
		}
		s.fields = append(s.fields, field)
	}
	return s
}

// kinds returns what the cells of the row are that was read last. Of a name in several columns, the worst counts.
func (s *sheet) kinds() (k sheetKinds) {
	for column, field := range s.fields {
		if field == none {
			continue
		}
		k.kinds[field] = max(k.kinds[field], s.book.Kind(column))
		if s.book.Formula(column) {
			k.formulas |= 1 << field
		}
		if s.book.Unseen(column) {
			k.unseen |= 1 << field
		}
	}
	return k
}

// fault says how the row that was read last has another one in it, where no column is read: in a cell, or behind the header. It is
// WrongCells if it has none.
func (s *sheet) fault() csvtext.Fault {
	cells := s.book.Cells()
	for i, cell := range cells {
		isIgnored := i >= len(s.columns) || slices.Contains([]string{"", keyRest}, s.columns[i].key)
		if isIgnored && len(cell) >= leastRow && csvtext.HasRow(cell, allFields-1, isWholeRow) {
			return csvtext.RowInCell
		}
	}
	if len(cells) > len(s.columns) && isWholeRow(cells[len(s.columns):]) {
		return csvtext.TwoRows
	}
	return csvtext.WrongCells
}

// mostBeside is in how many cells a header is looked for to the right of the list. To understand titles takes long.
const mostBeside = 50_000

// lookOutside tells of cells to the right of the header. If they are the header of another table, its people would be read nowhere.
func (s *sheet) lookOutside() error {
	cells := s.book.Outside()
	if cells == nil {
		return nil
	}
	line := s.book.Row()
	if s.beside += len(cells); s.beside <= mostBeside && countFields(cells) >= enoughFields {
		return otherHeader(line)
	}
	s.outside = note(s.outside, "", "", line)
	return nil
}

// covered refuses the rows that have something below a merged cell. Nobody sees it, and it may be left over from another person.
func (s *sheet) covered(r *Roster) error {
	last := 0 // the row that was refused last
	err := s.book.Covered(func(row, column int) {
		if column >= len(s.fields) || s.fields[column] == none || row == last {
			return
		}
		if row == s.book.Header() {
			s.titles = append(s.titles, column)
			return
		}
		i, isPerson := slices.BinarySearchFunc(r.Rows, row, func(r Row, line int) int { return r.Line - line })
		if !isPerson {
			return
		}
		last = row
		field := s.fields[column]
		f := finding{row: uint32(i), kind: sheetCovered, arg: uint64(field)}
		if field == ofName || field == ofPassword {
			f.ofContent = true
			r.content = append(r.content, f)
		} else {
			r.crossRow = append(r.crossRow, f)
		}
	})
	slices.SortStableFunc(r.content, func(a, b finding) int { return cmp.Compare(a.row, b.row) })
	return err
}

// describe notes what a person who looks at the sheet does not see, or may not think of.
func (s *sheet) describe(r *Roster) {
	r.Dialect.Blank = s.book.Blank()
	if above := s.book.Above(); len(above) > 0 {
		r.Dialect.Above = above
		r.Repaired = append(r.Repaired, Note{Text: message.T("the rows above the header were skipped"), Count: len(above), Lines: firstLines(above)})
	}
	if s.book.Chosen() {
		text := message.Sprintf("the sheet %q was read: no other one has all columns that are needed, and a row below them", s.book.Sheet())
		r.Warnings = append(r.Warnings, Note{Text: text})
	}
	if hidden := s.book.Hidden(); len(hidden) > 0 {
		text := message.T("hidden rows were read like the others")
		if s.skips() {
			text = message.T("hidden rows were skipped")
			r.Dialect.Hidden = hidden
		}
		r.Warnings = append(r.Warnings, Note{Text: text, Count: len(hidden), Lines: firstLines(hidden)})
	}
	for _, n := range s.outside {
		n.Text = message.T("cells to the right of the last title are filled, and were not read")
		r.Warnings = append(r.Warnings, n)
	}
	for _, column := range s.titles {
		r.Warnings = append(r.Warnings, Note{
			Text: message.Sprintf("%s: a merged cell covers the title of the column, which was read", s.columns[column].Field), Count: 1, Lines: []int{s.book.Header()},
		})
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
