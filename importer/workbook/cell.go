package workbook

import (
	"bytes"
	"unicode/utf16"
	"unicode/utf8"

	"etelecom-import/apiclient/message"
)

// Kind says what a cell is.
type Kind uint8

// What a cell is.
const (
	// Empty is a cell with nothing in it, or none at all.
	Empty Kind = iota
	// Text is exactly what was typed.
	Text
	// Number is a number that is shown as it is kept. A whole one of up to 15 digits has all its digits; a zero at the front that
	// was typed is gone.
	Number
	// Rounded is a whole number of more than 15 digits. Spreadsheets keep 15 of them, and the others are no longer what was typed.
	Rounded
	// Shaped is a whole number that the spreadsheet shows with zeros, spaces or other signs, such as 0012, 0903 551 200 or +8412. The
	// text is what it shows, but for decimals, such as 12.00, and the signs between groups of digits, such as 1,200: each country
	// has others.
	Shaped
	// Formatted is a number that the spreadsheet shows in another way, such as 12%, or a text that it shows with something else.
	// The text is as it is kept.
	Formatted
	// Date is a date or a time. The text is as 2026-02-01 or 2026-02-01 08:30:00, whatever the spreadsheet shows.
	Date
	// Boolean is TRUE or FALSE.
	Boolean
	// Failed is a formula that has an error for its value, such as #N/A, which is the text.
	Failed
	// Uncalculated is a formula without a value: a program wrote it, and no spreadsheet has calculated it. The text is empty.
	Uncalculated
)

// cell is a cell of the row that is read.
type cell struct {
	begin, end int // its text in the row's
	kind       Kind
	formula    bool
	unseen     bool // its format shows nothing of it
	covered    bool // by a cell that it is merged with
}

// row is a row of a sheet. Its memory is used again for the next one.
type row struct {
	number int // from 1
	hidden bool
	text   []byte // of all cells
	size   int    // of the texts of all cells; several may share one
	cells  []cell
}

// reset makes the row an empty one.
func (r *row) reset(number int) {
	r.number, r.hidden, r.text, r.size, r.cells = number, false, r.text[:0], 0, r.cells[:0]
}

// blank reports whether nobody sees anything in any cell. A formula without a value counts: it was to be something.
func (r *row) blank() bool {
	for _, c := range r.cells {
		if r.isFilled(c) {
			return false
		}
	}
	return true
}

// isFilled reports whether there is anything in a cell of the row.
func (r *row) isFilled(c cell) bool {
	return c.kind == Uncalculated || len(bytes.TrimSpace(r.text[c.begin:c.end])) > 0
}

// trim drops the empty cells at the end.
func (r *row) trim() {
	for n := len(r.cells); n > 0 && r.cells[n-1].kind == Empty; n-- {
		r.cells = r.cells[:n-1]
	}
}

// put puts a cell into a column. A row may have its cells in any order.
func (r *row) put(c cell, column int) error {
	if column >= maxColumns {
		return refuseRow(r.number, message.Sprintf("the row has more than %d cells", maxColumns), saveAgain.String())
	}
	for len(r.cells) <= column {
		r.cells = append(r.cells, cell{})
	}
	if r.cells[column].kind != Empty {
		return refuseRow(r.number, message.T("two cells are in the same place"), saveAgain.String())
	}
	r.cells[column] = c
	return r.limit(c)
}

// repeat puts a cell into n columns, from one on, and returns the column behind them.
func (r *row) repeat(c cell, column, n int) (int, error) {
	if c.kind == Empty && !c.formula { // as a rule there are very many
		return column + n, nil
	}
	for range n {
		if err := r.put(c, column); err != nil {
			return column, err
		}
		column++
	}
	return column, nil
}

// limit refuses a row that its last cell, c, makes too large.
func (r *row) limit(c cell) error {
	r.size += c.end - c.begin
	switch {
	case c.end-c.begin > maxCell:
		return refuseRow(r.number, message.Sprintf("a cell is larger than %d KiB, which is the limit", maxCell>>10), message.T("delete from the cell what is not needed"))
	case r.size > maxRow:
		return refuseRow(r.number, message.Sprintf("the row is longer than %d KiB, which is the limit", maxRow>>10), message.T("delete from the row what is not needed"))
	}
	return nil
}

func tooManyCells(row int) error {
	return refuseRow(row, message.Sprintf("the sheet has more than %d cells, which is the limit", maxCells), message.T("delete the columns and rows that are not needed"))
}

func tooManyRows(row int) error {
	return refuseRow(row, message.Sprintf("the sheet has more than %d rows, which is the limit", maxRows), message.T("delete the rows that are not needed"))
}

// strings sets cells to the texts of the row, with at least width of them. They share one piece of memory.
func (r *row) strings(cells []string, width int) []string {
	all := string(r.text)
	cells = cells[:0]
	for _, c := range r.cells {
		cells = append(cells, all[c.begin:c.end])
	}
	for len(cells) < width {
		cells = append(cells, "")
	}
	return cells
}

// unescape puts characters in place of the escapes that Excel writes for those that XML cannot have, such as _x000D_ for a
// carriage return (ECMA-376 part 1, 22.9.2.19). It appends the text to out.
func unescape(out, text []byte) []byte {
	for {
		at := bytes.Index(text, []byte("_x"))
		if at < 0 {
			return append(out, text...)
		}
		unit, ok := escaped(text[at:])
		if !ok {
			out = append(out, text[:at+1]...)
			text = text[at+1:]
			continue
		}
		out = append(out, text[:at]...)
		text = text[at+escapeSize:]
		if utf16.IsSurrogate(unit) {
			low, ok := escaped(text)
			if unit = utf16.DecodeRune(unit, low); ok && unit != utf8.RuneError {
				text = text[escapeSize:]
			} else {
				unit = utf8.RuneError
			}
		}
		out = utf8.AppendRune(out, unit)
	}
}

const escapeSize = len("_x000D_")

// escaped returns the UTF-16 unit that an escape at the beginning of text stands for.
func escaped(text []byte) (rune, bool) {
	if len(text) < escapeSize || !bytes.HasPrefix(text, []byte("_x")) || text[escapeSize-1] != '_' {
		return 0, false
	}
	var unit rune
	for _, c := range text[2 : escapeSize-1] {
		switch {
		case c >= '0' && c <= '9':
			c -= '0'
		case c >= 'a' && c <= 'f':
			c -= 'a' - 10
		case c >= 'A' && c <= 'F':
			c -= 'A' - 10
		default:
			return 0, false
		}
		unit = unit<<4 | rune(c)
	}
	return unit, true
}
