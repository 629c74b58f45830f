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

// hiddenRows finds them in the rows of a file.
type hiddenRows struct {
	o      *Options
	delim  byte
	others string // the other delimiters
}

// newHiddenRows returns one for a file that is divided by a delimiter.
func newHiddenRows(o *Options, delim byte) *hiddenRows {
	return &hiddenRows{o, delim, strings.ReplaceAll(delimiters, string(delim), "")}
}

// fewestWide is how many cells a row has at least, as a multiple of those of a row of the table, in which another one can be behind
// the first.
const fewestWide = 2

// mayBeInLine reports whether a line without quotes needs a closer look. Hardly any line does.
func (h *hiddenRows) mayBeInLine(line []byte, cells int) bool {
	if h.o.IsRow == nil {
		return false
	}
	least := h.o.leastDelimiters()
	for i := range len(h.others) {
		if other := h.others[i : i+1]; bytes.IndexByte(line, other[0]) >= 0 && bytes.Count(line, []byte(other)) >= least {
			return true
		}
	}
	return cells >= fewestWide*h.o.Least-1 && hasLineBreak(line)
}

// mayBeInQuotes is mayBeInLine for a row with quotes.
func (h *hiddenRows) mayBeInQuotes(text []byte, cells int) bool {
	if h.o.IsRow == nil {
		return false
	}
	least := h.o.leastDelimiters()
	if bytes.Count(text, []byte{h.delim})-(cells-1) >= least {
		return true
	}
	for i := range len(h.others) {
		if bytes.Count(text, []byte{h.others[i]}) >= least {
			return true
		}
	}
	return false
}

// find says how a row, which has some cells, has another one in it, or what is between it and the next one in place of a line break.
// width is how many cells the header has.
func (h *hiddenRows) find(text []byte, count, width int) (row Ragged, by string) {
	if h.o.IsRow == nil {
		return row, ""
	}
	cells, _ := splitRow(text, h.delim)
	if bytes.IndexByte(text, '"') < 0 {
		if hasLineBreak(text) {
			if by := h.joinedRows(text); by != "" {
				return row, by
			}
		}
		if other := h.dividedBy(text); other != 0 && count < width {
			return Ragged{Fault: Divided, Delimiter: other}, ""
		}
	}
	for _, cell := range cells {
		if HasRow(cell, h.o.leastDelimiters(), h.o.IsRow) {
			return Ragged{Fault: RowInCell}, ""
		}
	}
	isTwice := count > width && (h.areTwo(cells, width) || h.areGlued(cells, width))
	if isTwice || count < width && h.areAlike(cells) {
		return Ragged{Fault: TwoRows}, ""
	}
	return row, ""
}

// dividedBy returns the other delimiter that divides a line into the cells of a row; 0 if none does.
func (h *hiddenRows) dividedBy(line []byte) byte {
	for i := range len(h.others) {
		if h.o.IsRow(strings.Split(string(line), h.others[i:i+1])) {
			return h.others[i]
		}
	}
	return 0
}

// HasRow reports whether a cell, or one line of it, is a whole row, divided by whatever delimiter: least times, or more often. isRow is
// [Options.IsRow].
func HasRow(cell string, least int, isRow func(cells []string) bool) bool {
	for line := range strings.SplitSeq(toLineFeeds.Replace(cell), "\n") {
		for i := range len(delimiters) {
			delim := delimiters[i : i+1]
			if strings.Count(line, delim) >= least && isRow(strings.Split(line, delim)) {
				return true
			}
		}
	}
	return false
}

// mostTried is how many cells of a row are tried as the end of the first of two: a hostile line has a hundred thousand.
const mostTried = 100

// areTwo reports whether cells are two rows, one behind the other. Neither is much wider than the header.
func (h *hiddenRows) areTwo(cells []string, width int) bool {
	isEnd := func(at int) bool {
		behind := cells[at:min(at+2*width, at+2*mostTried, len(cells))]
		return h.o.IsRow(cells[:at]) && h.o.IsRow(behind)
	}
	last := len(cells) - h.o.Least
	for at := h.o.Least; at <= min(last, 2*width, mostTried); at++ {
		if isEnd(at) {
			return true
		}
	}
	return width > mostTried && width <= last && isEnd(width)
}

// areAlike reports whether cells are two rows, one behind the other, whose cells are alike. A table may have the phones of other people in
// columns of its own.
func (h *hiddenRows) areAlike(cells []string) bool {
	for at := h.o.Least; at+h.o.Least <= len(cells); at++ {
		first, second := cells[:h.o.Least], cells[at:at+h.o.Least]
		isAlike := slices.EqualFunc(first, second, func(a, b string) bool { return h.look(a) == h.look(b) })
		if isAlike && h.o.IsRow(first) && h.o.IsRow(second) {
			return true
		}
	}
	return false
}

// look says what a cell looks like.
func (h *hiddenRows) look(cell string) string {
	hasDigit := strings.ContainsAny(cell, "0123456789")
	switch {
	case strings.Trim(cell, blanks) == "":
		return ""
	case h.o.HasKey([]string{cell}):
		return "key"
	case strings.Trim(cell, "0123456789"+blanks) == "":
		return "number"
	case hasDigit:
		return "mixed"
	}
	return "text"
}

// areGlued reports whether cells, which are too many for a row, are two rows of which the last cell and the first one have become one.
func (h *hiddenRows) areGlued(cells []string, width int) bool {
	for len(cells) > 0 && strings.Trim(cells[len(cells)-1], blanks) == "" {
		cells = cells[:len(cells)-1]
	}
	isKey := func(cell string) bool { return h.o.HasKey([]string{cell}) }
	first := slices.IndexFunc(cells, isKey)
	if first < 0 || len(cells) <= width {
		return false
	}
	next := first + h.o.Least - 1
	return next < len(cells) && slices.ContainsFunc(cells[next:], isKey)
}

// joinedRows returns what is between two rows on a line in place of a line break; "" if nothing is. The second one has its key where
// the first one has it.
func (h *hiddenRows) joinedRows(line []byte) (by string) {
	delim := string(rune(h.delim))
	isKey := func(cell string) bool { return h.o.HasKey([]string{cell}) }
	at := -1
	for part := range strings.SplitSeq(toLineFeeds.Replace(string(line)), "\n") {
		cells := strings.Split(part, delim)
		switch {
		case len(cells) <= h.o.leastDelimiters():
		case at < 0:
			at = slices.IndexFunc(cells, isKey)
		case at < len(cells) && isKey(cells[at]):
			return firstBreak(string(line))
		}
	}
	return ""
}

// firstBreak returns what is in a line in place of a line break, first.
func firstBreak(line string) (by string) {
	at := len(line)
	for _, b := range lineBreaks {
		if i := strings.Index(line, b); i >= 0 && i < at {
			at, by = i, b
		}
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
