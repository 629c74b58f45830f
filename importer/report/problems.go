package report

import (
	"cmp"
	"encoding/csv"
	"io"
	"strconv"

	"etelecom-import/apiclient/message"
	"etelecom-import/importer"
	"etelecom-import/importer/plan"
	"etelecom-import/importer/reason"
	"etelecom-import/importer/roster"
	"etelecom-import/importer/spreadsheet"
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
			w := problem.Words()
			_ = out.Write([]string{lineNumber(problem.Line), problem.Code, w.Column, spreadsheet.DisplayText(w.Value), spreadsheet.DisplayText(w.Problem), spreadsheet.DisplayText(w.Hint)})
		}
		if p != nil {
			writeRefusals(out, r, p)
		}
		out.Flush()
		return out.Error()
	})
	if err != nil {
		return message.Errorf("--problems cannot be written: %w", err)
	}
	return nil
}

func writeRefusals(out *csv.Writer, r *roster.Roster, p *importer.Plan) {
	for i := range p.Steps {
		if s := &p.Steps[i]; s.Action == plan.Refuse && r.Problem(i) == nil {
			hint := cmp.Or(s.Hint, reason.Hint(s.Code))
			_ = out.Write([]string{lineNumber(r.Rows[i].Line), spreadsheet.DisplayText(s.Code), "", "", spreadsheet.DisplayText(s.Problem), spreadsheet.DisplayText(hint)})
		}
	}
}

func lineNumber(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}
