package csvtext

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"etelecom-import/apiclient/message"
)

// HeaderLines is how many lines are searched for the header.
const HeaderLines = 20

// lateLines is how many more lines are searched, only to say where the header is.
const lateLines = 200

// Header says where the header is: the row that names the columns.
type Header struct {
	Line int // where it begins; 0 if no line names a column
	// Found reports whether it is certain: the first of the lines that can be a header is it. If it is not, the first row was passed on
	// as the header, and Line is the most likely place.
	Found bool
	Late  bool // it is beyond the lines that are searched for it
	Row   int  // of a header that would be certain otherwise: a line above it with what only rows of the table have
}

// layout is how the rows of a file are written. It has to be known before the first row is read.
type layout struct {
	header  Header
	delim   byte
	surplus surplus
	wrapped bool // every line as a whole is in quotes
	loose   bool // the header has spaces behind delimiters
}

// layoutFinder finds the layout by the header: the delimiter and the form in which a line names the most fields.
type layoutFinder struct {
	o      *Options
	delims string // that are possible
}

// guess is how a row is read in one layout.
type guess struct {
	layout
	text   []byte // the file from the row on, as far as it is known
	size   int    // of the row, in bytes
	score  int    // what [Options.Header] says
	cells  int
	filled int // cells that are not blank
}

// find finds the layout of a file that begins with head. The first line of head is line number line.
func (f layoutFinder) find(head []byte, line int) (layout, error) {
	rows, rest, next := f.rows(head, line)
	if len(rows) == 0 {
		return layout{delim: f.delims[0]}, nil
	}
	at, certain := f.choose(rows)
	chosen := rows[at]
	if !certain {
		if late := f.late(rest, next); late > 0 && !f.isHeader(chosen) {
			return layout{delim: rows[0].delim, header: Header{Line: late, Late: true}}, nil
		}
		if chosen.score <= 0 { // it names nothing
			return layout{delim: rows[0].delim}, nil
		}
		return layout{delim: chosen.delim, header: chosen.header}, nil
	}
	below := chosen.text[min(chosen.size+1, len(chosen.text)):]
	if chosen.surplus.n > 0 && !chosen.surplus.ends(below) {
		chosen.surplus = surplus{} // an oddity of the header alone
	}
	if other := surplusInQuotes(chosen.text[:chosen.size], chosen.delim); other != 0 && surplusInQuotes(firstLine(below), chosen.delim) == other {
		return layout{}, refuseRewritten(chosen.header.Line, message.Sprintf(
			"a program that divides by %s has changed this file: they are inside the quotes at the end of each line", lineOf[other]))
	}
	chosen.header.Found = true
	return chosen.layout, nil
}

// rows returns the best guess at each of the first lines that is not blank, or at the first alone if that is enough. rest is what
// follows, and begins on line next.
func (f layoutFinder) rows(head []byte, line int) (rows []guess, rest []byte, next int) {
	for last := line + HeaderLines; line < last && len(head) > 0; {
		n := min(len(firstLine(head))+1, len(head))
		if g := f.best(head); g.filled > 0 {
			g.header.Line = line
			rows = append(rows, g)
			if f.o.takesFirstRow() {
				break
			}
			if f.isHeader(g) { // the lines inside its quotes are none
				n = min(g.size+1, len(head))
			}
		}
		line += bytes.Count(head[:n], []byte{'\n'})
		head = head[n:]
	}
	return rows, head, line
}

// late returns the first line that can be the header below those that are searched for it; 0 if none can.
func (f layoutFinder) late(head []byte, line int) int {
	for last := line + lateLines; line < last && len(head) > 0 && !f.o.takesFirstRow(); line++ {
		if f.isHeader(f.best(head)) {
			return line
		}
		_, head, _ = bytes.Cut(head, []byte{'\n'})
	}
	return 0
}

// isHeader reports whether a row can be the header.
func (f layoutFinder) isHeader(g guess) bool { return f.o.takesFirstRow() || g.score >= f.o.Enough }

// choose returns which of the rows is the header, or seems to be, and whether that is certain. It is the first one that can be: what
// follows may be the same header in another language, or on the next page, and who reads the rows judges it. It is not certain if one
// below it, or in another layout, names more, or if a row above it seems to belong to the table: none of that may be skipped.
func (f layoutFinder) choose(rows []guess) (at int, certain bool) {
	first, best := -1, 0
	for i, g := range rows {
		if first < 0 && f.isHeader(g) {
			first = i
		}
		if g.score > rows[best].score {
			best = i
		}
	}
	if first == 0 {
		return 0, true
	}
	if first < 0 || first != best {
		return best, false
	}
	for _, g := range rows[first+1:] {
		if f.isHeader(g) && (g.delim != rows[first].delim || g.wrapped != rows[first].wrapped) {
			return first, false
		}
	}
	for _, above := range rows[:first] {
		if f.hasKey(above) {
			rows[first].header.Row = above.header.Line
			return first, false
		}
		for _, g := range f.guesses(above.text, rows[first].delim) {
			if g.score < 0 || g.filled >= rows[first].filled {
				return first, false
			}
		}
	}
	return first, true
}

// hasKey reports whether a row has the key of a row of the table, divided by whatever delimiter.
func (f layoutFinder) hasKey(g guess) bool {
	if f.o.HasKey == nil {
		return false
	}
	return f.o.HasKey(strings.FieldsFunc(string(g.text[:g.size]), func(r rune) bool { return strings.ContainsRune(delimiters+"\"\r\n", r) }))
}

// best reads the row at the beginning of text in every layout that is possible, and returns the best guess.
func (f layoutFinder) best(text []byte) (best guess) {
	for i := range len(f.delims) {
		for _, g := range f.guesses(text, f.delims[i]) {
			a, b := max(g.score, 0), max(best.score, 0)
			better := a > b || a == b && g.cells > best.cells
			if best.cells == 0 || better {
				best = g
			}
		}
	}
	return best
}

// guesses reads the row at the beginning of text, divided by delim: as it is, without another delimiter at its end, and without
// quotes around the whole line.
func (f layoutFinder) guesses(text []byte, delim byte) []guess {
	cells, size := splitRow(text, delim)
	all := []guess{f.judge(cells, layout{delim: delim}, text, size)}
	if f.o.takesFirstRow() {
		return all
	}
	row := bytes.TrimRight(text[:size], "\r")
	body, end := trimSurplus(row, delim)
	if end.n > 0 {
		cells, _ := splitRow(body, delim)
		if g := f.judge(cells, layout{delim: delim, surplus: end}, text, size); g.score >= all[0].score {
			all[0] = g
		}
	}
	if inner, ok := unwrap(nil, body); ok {
		cells, _ := splitRow(inner, delim)
		all = append(all, f.judge(cells, layout{delim: delim, surplus: end, wrapped: true}, text, size))
	}
	return all
}

// judge asks what the cells of a row name.
func (f layoutFinder) judge(cells []string, l layout, text []byte, size int) guess {
	g := guess{layout: l, text: text, size: size, cells: len(cells)}
	for _, c := range cells {
		if strings.Trim(c, blanks+"\n") != "" {
			g.filled++
		}
	}
	if f.o.Header != nil && g.filled > 0 {
		g.score = f.o.Header(cells)
	}
	return g
}

// splitRow returns the cells of the row at the beginning of text, without their quotes, and its size. It accepts what a CSV reader
// would refuse. If a quote is not closed, the row ends with the line.
func splitRow(text []byte, delim byte) (cells []string, size int) {
	var cell []byte
	for i := 0; ; {
		cell = cell[:0]
		if i < len(text) && text[i] == '"' {
			end := i + 1
			for ; end < len(text); end++ {
				if text[end] == '"' {
					if end+1 == len(text) || text[end+1] != '"' {
						break
					}
					end++
				}
				cell = append(cell, text[end])
			}
			if end == len(text) { // never closed
				line := firstLine(text)
				return strings.Split(string(bytes.TrimRight(line, "\r")), string(delim)), len(line)
			}
			i = end + 1
		}
		for i < len(text) && text[i] != delim && text[i] != '\n' {
			cell = append(cell, text[i])
			i++
		}
		if i == len(text) || text[i] == '\n' {
			return append(cells, strings.TrimRight(string(cell), "\r")), i
		}
		cells = append(cells, string(cell))
		i++
	}
}

// firstLine returns the text up to the first line end.
func firstLine(text []byte) []byte {
	line, _, _ := bytes.Cut(text, []byte{'\n'})
	return line
}

// lineBreaks are what some programs have put in the place of line breaks.
var lineBreaks = []string{
	"\u2028", "\u2029", "\u0085", "\v", "\f", "\x1e", "<br>", "<br/>", "<br />", "<BR>", "<BR/>", "<BR />", `\r\n`, `\n`, "&#10;", "%0A", "_x000D_",
}

// joined returns where in a line the place of a line break is taken by something else, and what that is; "" if it is not. The parts
// on either side are rows then: they have least delimiters or more.
func joined(line []byte, delim byte, least int) (at int, by string) {
	for _, by := range lineBreaks {
		first, rest, found := bytes.Cut(line, []byte(by))
		if !found {
			continue
		}
		second, _, _ := bytes.Cut(rest, []byte(by))
		d := []byte{delim}
		if bytes.Count(first, d) >= least && bytes.Count(second, d) >= least {
			return len(first), by
		}
	}
	return 0, ""
}

// showLineBreak names one of lineBreaks.
func showLineBreak(by string) string {
	if r, n := utf8.DecodeRuneInString(by); n == len(by) {
		return message.Sprintf("the character U+%04X", r)
	}
	return by
}
