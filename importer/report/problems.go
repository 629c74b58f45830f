package report

import (
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
	"strings"

	"etelecom-import/importer"
	"etelecom-import/importer/ledger"
	"etelecom-import/importer/roster"
)

// WriteProblems writes every problem of every row to a CSV file: those of the roster and, with a plan, why the plan refuses rows
// that are right in themselves. p may be nil. Without a path it does nothing.
func WriteProblems(path string, r *roster.Roster, p *importer.Plan) error {
	if path == "" {
		return nil
	}
	err := replaceFile(path, 0o600, func(w io.Writer) error {
		out := csv.NewWriter(w)
		_ = out.Write([]string{"line", "code", "column", "value", "problem", "fix"})
		for problem := range r.Problems() {
			_ = out.Write([]string{lineNumber(problem.Line), problem.Code, problem.Column, asText(problem.Value), asText(problem.Wrong), asText(problem.Fix)})
		}
		if p != nil {
			writeRefusals(out, r, p)
		}
		out.Flush()
		return out.Error()
	})
	if err != nil {
		return fmt.Errorf("write --problems: %w", err)
	}
	return nil
}

func writeRefusals(out *csv.Writer, r *roster.Roster, p *importer.Plan) {
	for i := range p.Steps {
		if s := &p.Steps[i]; s.Action == importer.Refuse && r.Problem(i) == nil {
			why, fix, _ := strings.Cut(s.Why, ": ")
			_ = out.Write([]string{lineNumber(r.Rows[i].Line), asText(s.Code), "", "", asText(why), asText(fix)})
		}
	}
}

func lineNumber(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

// asText keeps a spreadsheet from taking a cell, or a part of one, for a formula. One that begins with an apostrophe gets
// another: a spreadsheet takes the first for its own.
func asText(cell string) string {
	text := ledger.AsText(cell)
	if strings.HasPrefix(cell, "'") && !strings.HasPrefix(text, "''") {
		return "'" + text
	}
	return text
}
