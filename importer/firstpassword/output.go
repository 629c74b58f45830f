package firstpassword

import (
	"encoding/csv"
	"io"
	"strings"

	"etelecom-import/importer/spreadsheet"
	"etelecom-import/importer/workbook"
)

// output takes the rows of the new file. A row keeps the line that it had: what a run says of a line is true of both files.
type output interface {
	// write takes a row that has so many cells in the old file; the cells behind them are empty, or new.
	write(line int, cells []string, had int) error
	close() error
}

// textOutput writes a CSV as Excel opens it: UTF-8 with a byte order mark.
type textOutput struct {
	w      io.Writer
	csv    *csv.Writer
	lines  lineCounter
	column int // of the passwords
	begun  bool
}

func newTextOutput(w io.Writer, delimiter string, column int) *textOutput {
	t := &textOutput{w: w, column: column, lines: lineCounter{w: w, line: 1}}
	t.csv = csv.NewWriter(&t.lines)
	t.csv.Comma = separatorOf(delimiter)
	return t
}

// separatorOf returns the delimiter that a [roster.Dialect] names.
func separatorOf(name string) rune {
	switch name {
	case "semicolon":
		return ';'
	case "tab":
		return '\t'
	case "pipe":
		return '|'
	}
	return ','
}

// write writes a row. A cell that a spreadsheet would take for a formula gets an apostrophe, which a run takes off again. In the column of
// the passwords it would become a part of them.
func (t *textOutput) write(line int, cells []string, had int) error {
	if !t.begun {
		t.begun = true
		if _, err := io.WriteString(t.w, "\uFEFF"); err != nil {
			return err
		}
	}
	for t.lines.line < line {
		if _, err := io.WriteString(&t.lines, "\n"); err != nil {
			return err
		}
	}
	for i, cell := range cells {
		isEscaped := spreadsheet.RestoreFormulas(cell) != cell
		if i != t.column && !isQuotedText(cell) && !isEscaped {
			cells[i] = spreadsheet.EscapeFormulas(cell)
		}
	}
	if err := t.csv.Write(cells); err != nil {
		return err
	}
	t.csv.Flush()
	return t.csv.Error()
}

// isQuotedText reports whether a cell is a formula that is nothing but a text, such as ="0904902191": programs write numbers so, to keep
// spreadsheets from changing them.
func isQuotedText(cell string) bool {
	inner, ok := strings.CutPrefix(cell, `="`)
	inner, closed := strings.CutSuffix(inner, `"`)
	return ok && closed && !strings.Contains(inner, `"`)
}

func (t *textOutput) close() error {
	t.csv.Flush()
	return t.csv.Error()
}

// lineCounter counts the lines that pass.
type lineCounter struct {
	w    io.Writer
	line int // the next byte is on this line
}

func (c *lineCounter) Write(b []byte) (int, error) {
	for _, char := range b {
		if char == '\n' {
			c.line++
		}
	}
	return c.w.Write(b)
}

// workbookOutput writes a sheet whose cells are all texts.
type workbookOutput struct {
	w     io.Writer
	sheet string
	width int
	out   *workbook.Writer
	line  int // the row written last
}

// columnWidth is how wide every column is: enough for most names.
const columnWidth = 22

func (o *workbookOutput) write(line int, cells []string, _ int) error {
	if o.out == nil {
		o.begin(line, cells)
		if line == 1 {
			return nil
		}
	}
	for ; o.line < line-1; o.line++ {
		if err := o.out.Write(); err != nil {
			return err
		}
	}
	o.line = line
	return o.out.Write(cells...)
}

// begin writes the first row of the sheet, which stays in sight.
func (o *workbookOutput) begin(line int, cells []string) {
	s := workbook.Sheet{Name: o.sheet, Columns: make([]workbook.Column, o.width)}
	if s.Name == "" {
		s.Name = "Employees"
	}
	for i := range s.Columns {
		s.Columns[i].Width = columnWidth
		if line == 1 {
			s.Columns[i].Title = cells[i]
		}
	}
	o.out, o.line = workbook.NewWriter(o.w, s), 1
}

func (o *workbookOutput) close() error {
	if o.out == nil {
		o.begin(0, nil)
	}
	return o.out.Close()
}
