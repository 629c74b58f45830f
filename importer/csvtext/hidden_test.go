package csvtext

import (
	"slices"
	"strings"
	"testing"
)

// TestWideLine: what a line of very many cells costs grows with their number, and not with its square.
func TestWideLine(t *testing.T) {
	const cells, most = 60_000, 50
	looked := 0
	o := options()
	o.MaxRecord = 4 * cells
	o.HasKey = func(cells []string) bool { looked += len(cells); return slices.Contains(cells, "9") }
	o.IsRow = func(cells []string) bool { looked += len(cells); return false }
	for _, line := range []string{strings.Repeat("1,", cells), strings.Repeat("9,x,", cells/2)} {
		looked = 0
		r, rows, err := readRows(strings.NewReader("a,b,c\n"+line+"\n1,2,3\n"), o)
		if err != nil || len(rows) != 2 || len(r.Ragged(3)) != 1 {
			t.Errorf("%d rows, %v", len(rows), err)
		}
		if looked == 0 || looked > most*cells {
			t.Errorf("of %d cells, %d were looked at", cells, looked)
		}
	}
}
