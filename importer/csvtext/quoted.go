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
	from  int // the first byte of this line that was not taken to out

	cells   int
	filled  int   // the cells up to the last one that is not blank
	end     int   // where in r.out the last cell ends that has a column
	content bool  // the cell that is being read is not blank
	open    bool  // inside quotes
	opening place // where the cell in quotes began
	size    int   // of the cell in quotes, in bytes

	divided int    // how many delimiters this line has, those inside quotes too
	part    commas // those of the cell in quotes

	// Of the cells that continue in another line:
	broken    place // where the last one began
	onOpening int   // how many delimiters that line has
	tight     int   // how many tight ones that line has in the cell
	one       int   // which cell the first one is, from 1; 0 if there is none
	most      commas
	isRegular bool // the lines where one begins and ends look like rows
}

// commas counts delimiters of a text. A tight one has neither a space nor the line's end behind it, which is how programs write
// them and people do not.
type commas struct{ all, tight int }

// read takes the row to r.out; line is its first line.
func (q *quotedRecord) read(line []byte) error {
	err := q.scan(line)
	for err == nil && q.open {
		line, err = q.r.line()
		if err == io.EOF {
			err = q.broken.refuse(message.T("a quote is opened here and never closed"), message.T("remove it or close it"))
		}
		if err == nil {
			line, err = q.r.restore(line, true)
		}
		if err == nil {
			q.divided = 0
			err = q.scan(line)
		}
		if err == nil && len(q.r.out)-q.start > q.r.o.MaxRecord {
			err = q.r.tooLong(q.first)
		}
	}
	if err == nil && q.swallowed() {
		return q.refuseSwallowed()
	}
	return err
}

// refuseSwallowed refuses the file because of a cell with other rows in it.
func (q *quotedRecord) refuseSwallowed() error {
	return q.broken.refuse(
		message.Sprintf("a quote is opened here and closed on line %d, with what looks like other rows between", q.r.number),
		message.T("remove it or close it"))
}

// swallowed reports whether two stray quotes seem to have made one cell of several rows.
func (q *quotedRecord) swallowed() bool {
	least := q.r.o.leastDelimiters()
	switch {
	case q.r.number == q.first || q.filled == 0:
		return false
	case q.r.width == 0:
		// The name of a column may have line breaks, and examples with commas between. A row is divided otherwise.
		return q.most.all >= least || !q.r.header.Found && q.most.tight > 0
	// If the quotes are in different columns, the number of cells is rarely right.
	case q.filled > q.r.width:
		return true
	case q.cells < q.r.width && (q.cells > q.one || q.r.o.Lenient): // a row may lack cells at its end, but not behind such a cell
		return true
	}
	// It is right if both quotes are in the same column.
	return q.isRegular || q.most.tight >= least
}

// scan goes over one line of the row and takes it to out.
func (q *quotedRecord) scan(line []byte) error {
	q.from, q.part = 0, commas{}
	closes, onClosing := false, 0
	for i := 0; ; i++ {
		if !q.open {
			q.content = false
			if i < len(line) && line[i] == '"' {
				q.open, q.size, q.part = true, 0, commas{}
				q.opening = q.r.place(line, i)
				i++
			}
		}
		continues := q.open && q.opening.line < q.r.number
		read := q.bare
		if q.open {
			read = q.inside
		}
		end, err := read(line, i)
		if err != nil {
			return err
		}
		i = end
		if q.open || continues {
			q.breaks()
		}
		if q.open { // the cell continues in the next line
			break
		}
		if continues {
			closes, onClosing = true, q.part.tight
		}
		q.cell(i)
		if i == len(line) {
			break
		}
		q.divided++
	}
	if closes && q.areRows(q.onOpening, q.divided, q.tight+onClosing) {
		q.isRegular = true
	}
	if q.open && q.opening.line == q.r.number {
		q.onOpening, q.tight = q.divided, q.part.tight
	}
	q.r.out = append(append(q.r.out, line[q.from:]...), '\n')
	return nil
}

// areRows reports whether two lines, by themselves, look like rows: the one where a cell begins, and the one where it ends. They have
// so many delimiters, and the cell has so many tight ones there. Rows may lack cells at their ends. An address or a note that has
// line breaks is not as regular.
func (q *quotedRecord) areRows(first, last, tight int) bool {
	least := q.r.o.leastDelimiters()
	areWhole := first >= q.r.width-1 && last >= q.r.width-1
	lackCells := first >= least && last >= least && tight > 0
	return areWhole || lackCells
}

// cell counts a cell that ends before byte i of the line.
func (q *quotedRecord) cell(i int) {
	q.cells++
	if q.content {
		q.filled = q.cells
	}
	if q.cells == q.r.width {
		q.end = len(q.r.out) + i - q.from
	}
}

// breaks looks at the part on this line of a cell that has a line end in it.
func (q *quotedRecord) breaks() {
	q.broken = q.opening
	if q.one == 0 {
		q.one = q.cells + 1
	}
	q.most.all, q.most.tight = max(q.most.all, q.part.all), max(q.most.tight, q.part.tight)
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
	q.content = !q.r.isBlank(cell)
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
		q.count(text, i+len(text) == len(line))
		q.content = q.content || !isBlank(text)
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

// count counts the delimiters in a text between quotes.
func (q *quotedRecord) count(text []byte, endsLine bool) {
	for {
		i := bytes.IndexByte(text, q.r.delim)
		if i < 0 {
			return
		}
		text = text[i+1:]
		q.divided++
		q.part.all++
		isLoose := endsLine
		if len(text) > 0 {
			isLoose = text[0] == ' '
		}
		if !isLoose {
			q.part.tight++
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
