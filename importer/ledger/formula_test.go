package ledger

import (
	"bytes"
	"encoding/csv"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// TestNoPartIsAFormula: where a spreadsheet takes another character for the separator, the quotes of this file mean nothing,
// and what stands behind the character becomes a cell.
func TestNoPartIsAFormula(t *testing.T) {
	texts := rapid.OneOf(drawn, rapid.StringMatching(`[a-z'"]{0,3}([;|\t\n]['" ]{0,3}[=@][a-z"]{0,3}){0,3}`), rapid.SampledFrom([]string{
		`a;=cmd|'/c calc'!A1`, `a;"=1+1"`, "a|=1", "a\n=1", `;;=1`, `a; =1`, `a;'=1`, `a;+1`, "a;\t=1",
	}))
	rapid.Check(t, func(t *rapid.T) {
		l := Line{Line: "2", Name: texts.Draw(t, "name"), Phone: "0901234561", Status: "failed", Error: texts.Draw(t, "error"), AccountID: account}
		var b bytes.Buffer
		if err := WriteLines(&b, slices.Values([]*Line{&l})); err != nil {
			t.Fatal(err)
		}
		for _, separator := range ";|\t" {
			for record := range strings.SplitSeq(b.String(), "\n") {
				r := csv.NewReader(strings.NewReader(record))
				r.Comma, r.LazyQuotes, r.FieldsPerRecord = separator, true, -1
				cells, _ := r.Read()
				for _, cell := range cells {
					if cell != "" && strings.ContainsAny(cell[:1], "=@") {
						t.Fatalf("separated by %q, %q is a formula in %q", separator, cell, record)
					}
				}
			}
		}
		got := linesOf(b.String())
		for _, s := range l.texts() {
			*s = strings.ReplaceAll(*s, "\r", " ")
		}
		if !slices.Equal(got, []Line{l}) {
			t.Fatalf("got %q\nwant %q", got, l)
		}
	})
}
