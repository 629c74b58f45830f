package roster

import (
	"bytes"
	"fmt"
	"io"
)

// quotes is where the reading of a record with quotes stands.
type quotes struct {
	cells   int
	content bool   // some cell is not blank
	open    bool   // inside quotes
	at      *Error // where the cell in quotes began
	size    int    // of the cell in quotes, in bytes
	splits  int    // delimiters on this line, those inside quotes too
	from    int    // the first byte of this line that was not taken to out
}

// quoted takes a record with quotes to out; line is its first line.
func (l *lines) quoted(line []byte) error {
	var q quotes
	first, start := l.number, len(l.out)
	err := l.scan(&q, line)
	firstSplits, crossed := q.splits, q.at
	for err == nil && q.open {
		line, err = l.line()
		if err == io.EOF {
			err = q.at
			q.at.Message = "a quote is opened here and never closed; remove it or close it"
		}
		if err == nil {
			q.splits, crossed = 0, q.at
			err = l.scan(&q, line)
		}
		if err == nil && len(l.out)-start > maxRecord {
			err = tooLong(first)
		}
	}
	if err != nil {
		l.out = l.out[:start]
		return err
	}
	return l.close(&q, extent{first, start, firstSplits, crossed})
}

// extent is where a record with quotes stands.
type extent struct {
	line, start int    // its first line, and its first byte in out
	splits      int    // delimiters on its first line
	crossed     *Error // where the last cell began that goes over a line end
}

// close judges a record as a whole.
func (l *lines) close(q *quotes, e extent) error {
	n := l.number - e.line + 1
	if !q.content {
		l.out = l.out[:e.start]
		l.skip(n)
		return nil
	}
	if n > 1 && l.width > 0 && (q.cells != l.width || e.splits == l.width-1 && q.splits == l.width-1) {
		l.out = l.out[:e.start]
		e.crossed.Message = fmt.Sprintf("a quote is opened here and closed on line %d, with what looks like other rows between; remove it or close it", l.number)
		return e.crossed
	}
	if !l.fits(q.cells, e.line) {
		l.out = append(l.out[:e.start], bytes.Repeat([]byte{'\n'}, n)...)
	}
	return nil
}

// scan goes over one line of a record and takes it to out.
func (l *lines) scan(q *quotes, line []byte) error {
	q.from = 0
	for i := 0; ; i++ {
		if !q.open && i < len(line) && line[i] == '"' {
			q.open, q.size = true, 0
			q.at = l.refuse(line, i, "")
			i++
		}
		read := l.bare
		if q.open {
			read = l.inside
		}
		end, err := read(q, line, i)
		if err != nil {
			return err
		}
		i = end
		if q.open {
			break
		}
		q.cells++
		if i == len(line) {
			break
		}
		q.splits++
	}
	l.out = append(append(l.out, line[q.from:]...), '\n')
	return nil
}

// bare goes from i to the end of a cell without quotes.
func (l *lines) bare(q *quotes, line []byte, i int) (int, error) {
	cell, _, _ := bytes.Cut(line[i:], []byte{l.delim})
	stray := bytes.IndexByte(cell, '"')
	switch text := formula(cell); {
	case text != nil:
		l.out = append(append(l.out, line[q.from:i]...), text...)
		q.from = i + len(cell)
	case stray >= 0:
		return 0, l.refuse(line, i+stray, "a stray quote; remove it, or put the whole cell in quotes and double the quotes inside")
	case len(cell) > maxCell:
		return 0, l.tooLarge(line, i)
	}
	q.content = q.content || !l.isBlank(cell)
	return i + len(cell), nil
}

// inside goes from i to the end of the cell in quotes, or of the line.
func (l *lines) inside(q *quotes, line []byte, i int) (int, error) {
	for {
		text := line[i:]
		quote := bytes.IndexByte(text, '"')
		if quote >= 0 {
			text = text[:quote]
		}
		q.size += len(text) + 1
		q.splits += bytes.Count(text, []byte{l.delim})
		q.content = q.content || len(bytes.TrimSpace(text)) > 0
		if q.size > maxCell {
			q.at.Message = fmt.Sprintf("the quote that is opened here is not closed within %d KiB; remove it or close it", maxCell>>10)
			return 0, q.at
		}
		i += len(text)
		switch {
		case quote < 0:
			return i, nil
		case i+1 < len(line) && line[i+1] == '"':
			q.content = true
			i += 2
		case i+1 == len(line) || line[i+1] == l.delim:
			q.open = false
			return i + 1, nil
		default:
			return 0, l.refuse(line, i+1, fmt.Sprintf("text after a closing quote; the cell began at line %d, column %d: double the quotes inside a cell", q.at.Line, q.at.Column))
		}
	}
}

// formula returns a cell such as ="0901234567" as a CSV should have it; nil if cell is none.
func formula(cell []byte) []byte {
	n := len(cell)
	if n < 4 || cell[0] != '=' || cell[1] != '"' || bytes.IndexByte(cell[2:], '"') != n-3 {
		return nil
	}
	return fmt.Appendf(nil, `"=""%s"""`, cell[2:n-1])
}
