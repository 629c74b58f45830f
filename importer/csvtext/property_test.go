package csvtext

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// TestNoRowVanishes puts stray quotes into a file, from its first byte on. Either the file is refused, or each of its rows is passed
// on by itself or is told.
func TestNoRowVanishes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		width := rapid.IntRange(4, 7).Draw(t, "width")
		delim := rapid.SampledFrom([]string{",", ";", "\t"}).Draw(t, "delimiter")
		lacking := rapid.SampledFrom([]int{0, 0, min(width-4, 2)}).Draw(t, "lacking")
		var lines []string
		if rapid.Bool().Draw(t, "title") {
			lines = append(lines, "TITLE")
		}
		lines = append(lines, strings.Join([]string{"a", "b", "c", "d", "e", "f", "g"}[:width], delim))
		rows := rapid.IntRange(1, 6).Draw(t, "rows")
		for i := range rows {
			cells := make([]string, width-rapid.IntRange(0, lacking).Draw(t, "short"))
			for k := range cells {
				cells[k] = cellOf(i, k)
			}
			if rapid.IntRange(0, 3).Draw(t, "note") == 0 {
				cells[len(cells)-1] = fmt.Sprintf("\"%s\n12 Lê Lợi, Quận 1,\nTP. HCM\"", cells[len(cells)-1])
			}
			lines = append(lines, strings.Join(cells, delim)+strings.Repeat(delim, rapid.IntRange(0, 2).Draw(t, "surplus")))
		}
		for range rapid.IntRange(0, 3).Draw(t, "quotes") {
			at := rapid.IntRange(0, len(lines)-1).Draw(t, "line")
			cells := strings.Split(lines[at], delim)
			cell := &cells[rapid.IntRange(0, len(cells)-1).Draw(t, "cell")]
			if rapid.Bool().Draw(t, "front") {
				*cell = `"` + *cell
			} else {
				*cell += `"`
			}
			lines[at] = strings.Join(cells, delim)
		}
		text := strings.Join(lines, "\n") + "\n"

		o := options()
		o.Enough, o.Least, o.Header = 4, 4, func(cells []string) (n int) {
			for _, c := range cells {
				if len(c) == 1 {
					n++
				}
			}
			return n
		}
		r, got, err := readRows(strings.NewReader(text), o)
		isHeader := err == nil && r.Header().Found
		if !isHeader || slices.ContainsFunc(got[0].cells, func(c string) bool { return strings.HasPrefix(c, "<") }) {
			return // the caller refuses a header with such cells
		}
		ragged := r.Ragged(1 << 30)
		for i := range rows {
			line := strings.Count(text[:strings.Index(text, cellOf(i, 0))], "\n") + 1
			isTold := slices.ContainsFunc(ragged, func(row Ragged) bool { return row.Line == line })
			isPassedOn := slices.ContainsFunc(got[1:], func(row row) bool {
				all := strings.Join(row.cells, "\n")
				return row.line == line && strings.Contains(all, cellOf(i, 0)) && strings.Contains(all, cellOf(i, 3)) && strings.Count(all, "<") <= width
			})
			if !isTold && !isPassedOn {
				t.Fatalf("row %d, line %d, is lost:\n%s\n%v", i, line, text, got)
			}
		}
		for _, row := range got {
			if all := strings.Join(row.cells, " "); strings.Contains(all, "<") && strings.Count(all, "."+"0>") != 1 {
				t.Fatalf("several rows are one:\n%s\n%v", text, row)
			}
		}
	})
}

// cellOf returns a cell that no other row has.
func cellOf(row, column int) string { return fmt.Sprintf("<%d.%d>", row, column) }
