package csvtext

import (
	"bytes"
	"slices"
	"strings"
)

// A row may have another row in it: inside a cell, in the cells behind its own, or in its place, divided by another delimiter. The
// columns that nobody reads would hide it. What a row of the table is, the caller knows: see [Options.IsRow].

// Fault says why a row is not passed on.
type Fault uint8

// The faults.
const (
	WrongCells Fault = iota // it has too many cells, or is cut off
	TwoRows                 // two rows are on one line
	Divided                 // it is divided by another delimiter than the file
	RowInCell               // a cell has a whole row in it
)

// fewestWide is how many cells a row has at least, as a multiple of those of a row of the table, in which another one can be behind
// the first.
const fewestWide = 2

// mayHide reports whether a line without quotes needs a closer look. Hardly any line does.
func (r *Reader) mayHide(line []byte, cells int) bool {
	if r.o.IsRow == nil {
		return false
	}
	least := r.o.leastDelimiters()
	for i := range len(r.others) {
		if other := r.others[i : i+1]; bytes.IndexByte(line, other[0]) >= 0 && bytes.Count(line, []byte(other)) >= least {
			return true
		}
	}
	return cells >= fewestWide*r.o.Least-1 && hasLineBreak(line)
}

// mayHideInQuotes is mayHide for a row with quotes, which was taken to out.
func (r *Reader) mayHideInQuotes(q *quotedRecord) bool {
	if r.o.IsRow == nil || r.width == 0 {
		return false
	}
	text, least := r.out[q.start:], r.o.leastDelimiters()
	if bytes.Count(text, []byte{r.delim})-(q.cells-1) >= least {
		return true
	}
	for i := range len(r.others) {
		if bytes.Count(text, []byte{r.others[i]}) >= least {
			return true
		}
	}
	return false
}

// hides finds a row that is hidden in another one, which was taken to out. It refuses the file if that is several lines, or takes the
// row out again and notes it.
func (r *Reader) hides(q *quotedRecord) (found bool, err error) {
	text := r.out[q.start : len(r.out)-1]
	fault, by := r.faultOf(text, q.cells)
	switch {
	case by != "":
		return true, r.refuseJoined(q, bytes.Index(text, []byte(by)), by)
	case fault.Fault == WrongCells:
		return false, nil
	case q.broken.line != 0:
		r.out = r.out[:q.start]
		return true, q.refuseSwallowed()
	}
	fault.Line, fault.Cells = q.first, q.cells
	r.ragged = append(r.ragged, fault)
	r.replace(q.start, r.number-q.first+1)
	return true, nil
}

// faultOf says how a row has another one in it, or what is between it and the next one in place of a line break.
func (r *Reader) faultOf(text []byte, count int) (row Ragged, by string) {
	if r.o.IsRow == nil || r.width == 0 {
		return row, ""
	}
	cells, _ := splitRow(text, r.delim)
	if bytes.IndexByte(text, '"') < 0 {
		if by := r.joinedRows(text); by != "" {
			return row, by
		}
		if other := r.dividedBy(text); other != 0 && count < r.width {
			return Ragged{Fault: Divided, Delimiter: other}, ""
		}
	}
	for _, cell := range cells {
		if r.isRow(cell) {
			return Ragged{Fault: RowInCell}, ""
		}
	}
	if count != r.width && r.areTwo(cells) {
		return Ragged{Fault: TwoRows}, ""
	}
	return row, ""
}

// dividedBy returns the other delimiter that divides a line into the cells of a row; 0 if none does.
func (r *Reader) dividedBy(line []byte) byte {
	for i := range len(r.others) {
		if r.o.IsRow(strings.Split(string(line), r.others[i:i+1])) {
			return r.others[i]
		}
	}
	return 0
}

// isRow reports whether a cell, or one line of it, is a whole row, divided by whatever delimiter.
func (r *Reader) isRow(cell string) bool {
	least := r.o.leastDelimiters()
	for line := range strings.SplitSeq(toLineFeeds.Replace(cell), "\n") {
		for i := range len(delimiters) {
			delim := delimiters[i : i+1]
			if strings.Count(line, delim) >= least && r.o.IsRow(strings.Split(line, delim)) {
				return true
			}
		}
	}
	return false
}

// areTwo reports whether cells are two rows, one behind the other.
func (r *Reader) areTwo(cells []string) bool {
	for at := r.o.Least; at+r.o.Least <= len(cells); at++ {
		if r.o.IsRow(cells[:at]) && r.o.IsRow(cells[at:]) {
			return true
		}
	}
	return false
}

// joinedRows returns what is between two rows on a line in place of a line break; "" if nothing is. The second one has its key where
// the first one has it.
func (r *Reader) joinedRows(line []byte) (by string) {
	_, by = joined(line, r.delim, r.o.leastDelimiters())
	if by == "" {
		return ""
	}
	delim := string(rune(r.delim))
	isKey := func(cell string) bool { return r.o.HasKey([]string{cell}) }
	first, second, _ := strings.Cut(string(line), by)
	behind := strings.Split(second, delim)
	at := slices.IndexFunc(strings.Split(first, delim), isKey)
	if at < 0 || at >= len(behind) || !isKey(behind[at]) {
		return ""
	}
	return by
}

// toLineFeeds makes line feeds of what is in the place of line breaks.
var toLineFeeds = func() *strings.Replacer {
	var pairs []string
	for _, by := range lineBreaks {
		pairs = append(pairs, by, "\n")
	}
	return strings.NewReplacer(pairs...)
}()

// firstsOfBreaks are the bytes that lineBreaks begin with.
var firstsOfBreaks = func() (all []byte) {
	for _, by := range lineBreaks {
		if bytes.IndexByte(all, by[0]) < 0 {
			all = append(all, by[0])
		}
	}
	return all
}()

// hasLineBreak reports whether a line may have something in the place of a line break.
func hasLineBreak(line []byte) bool {
	for _, b := range firstsOfBreaks {
		if bytes.IndexByte(line, b) >= 0 {
			return true
		}
	}
	return false
}
