package csvtext

import (
	"bytes"
	"fmt"
	"io"

	"etelecom-import/apiclient/message"
)

// quotedRecord is a row with quotes while it is read, line by line.
type quotedRecord struct {
	r     *Reader
	first int // its first line
	start int // its first byte in r.out

	cells      int
	content    bool  // some cell is not blank
	open       bool  // inside quotes
	opening    place // where the cell in quotes began
	size       int   // of the cell in quotes, in bytes
	delimiters int   // on this line, those inside quotes too
	from       int   // the first byte of this line that was not taken to out
}

// read takes the row to r.out; line is its first line.
func (q *quotedRecord) read(line []byte) error {
	err := q.scan(line)
	onFirst := q.delimiters
	var lastOpening place // where the last cell with a line end in it began
	for err == nil && q.open {
		lastOpening = q.opening
		line, err = q.r.line()
		if err == io.EOF {
			err = lastOpening.refuse(message.T("a quote is opened here and never closed"), message.T("remove it or close it"))
		}
		if err == nil {
			q.delimiters = 0
			err = q.scan(line)
		}
		if err == nil && len(q.r.out)-q.start > q.r.o.MaxRecord {
			err = q.r.tooLong(q.first)
		}
	}
	if err == nil && q.swallowed(onFirst) {
		return lastOpening.refuse(
			message.Sprintf("a quote is opened here and closed on line %d, with what looks like other rows between", q.r.number),
			message.T("remove it or close it"))
	}
	return err
}

// swallowed reports whether two stray quotes seem to have made one cell of several rows. onFirst is how many delimiters the
// first line has.
func (q *quotedRecord) swallowed(onFirst int) bool {
	if q.r.number == q.first || q.r.width == 0 || !q.content {
		return false
	}
	// If the quotes are in different columns, the number of cells is rarely right.
	if q.cells != q.r.width {
		return true
	}
	// It is right if both quotes are in the same column. Then the first line and the last one, by themselves, are whole rows.
	// An address or a note that has line breaks is not as regular.
	return onFirst == q.r.width-1 && q.delimiters == q.r.width-1
}

// scan goes over one line of the row and takes it to out.
func (q *quotedRecord) scan(line []byte) error {
	q.from = 0
	for i := 0; ; i++ {
		if !q.open && i < len(line) && line[i] == '"' {
			q.open, q.size = true, 0
			q.opening = q.r.place(line, i)
			i++
		}
		read := q.bare
		if q.open {
			read = q.inside
		}
		end, err := read(line, i)
		if err != nil {
			return err
		}
		i = end
		if q.open { // the cell continues in the next line
			break
		}
		q.cells++
		if i == len(line) {
			break
		}
		q.delimiters++
	}
	q.r.out = append(append(q.r.out, line[q.from:]...), '\n')
	return nil
}

// bare goes from i to the end of a cell without quotes.
func (q *quotedRecord) bare(line []byte, i int) (int, error) {
	cell, _, _ := bytes.Cut(line[i:], []byte{q.r.delim})
	stray := bytes.IndexByte(cell, '"')
	switch text := quoteFormula(cell); {
	case text != nil:
		q.r.out = append(append(q.r.out, line[q.from:i]...), text...)
		q.from = i + len(cell)
	case stray >= 0:
		return 0, q.r.place(line, i+stray).refuse(
			message.T("a stray quote"), message.T("remove it, or put the whole cell in quotes and double the quotes inside"))
	case len(cell) > q.r.o.MaxCell:
		return 0, q.r.tooLarge(line, i)
	}
	q.content = q.content || !q.r.isBlank(cell)
	return i + len(cell), nil
}

// inside goes from i to the end of the cell in quotes, or of the line.
func (q *quotedRecord) inside(line []byte, i int) (int, error) {
	for {
		text := line[i:]
		quote := bytes.IndexByte(text, '"')
		if quote >= 0 {
			text = text[:quote]
		}
		q.size += len(text) + 1
		q.delimiters += bytes.Count(text, []byte{q.r.delim})
		q.content = q.content || len(bytes.TrimSpace(text)) > 0
		if q.size > q.r.o.MaxCell {
			return 0, q.opening.refuse(
				message.Sprintf("the quote that is opened here is not closed within %d KiB", q.r.o.MaxCell>>10),
				message.T("remove it or close it"))
		}
		i += len(text)
		switch {
		case quote < 0: // the cell continues in the next line
			return i, nil
		case i+1 < len(line) && line[i+1] == '"': // a doubled quote is one of the text
			q.content = true
			i += 2
		case i+1 == len(line) || line[i+1] == q.r.delim:
			q.open = false
			return i + 1, nil
		default:
			return 0, q.r.place(line, i+1).refuse(
				message.Sprintf("text after a closing quote; the cell began at line %d, column %d", q.opening.line, q.opening.column),
				message.T("double the quotes inside a cell"))
		}
	}
}

// quoteFormula returns a cell such as ="0901234567", which programs write so without quotes around it, as a CSV should have
// it; nil if the cell is another.
func quoteFormula(cell []byte) []byte {
	text, opened := bytes.CutPrefix(cell, []byte(`="`))
	text, closed := bytes.CutSuffix(text, []byte{'"'})
	if !opened || !closed || bytes.IndexByte(text, '"') >= 0 {
		return nil
	}
	return fmt.Appendf(nil, `"=""%s"""`, text)
}
