package report

import (
	"cmp"
	"encoding/csv"
	"io"
	"iter"
	"path/filepath"
	"strconv"
	"strings"

	"etelecom-import/importer"
	"etelecom-import/importer/plan"
	"etelecom-import/importer/reason"
	"etelecom-import/importer/roster"
	"etelecom-import/importer/spreadsheet"
	"etelecom-import/importer/workbook"
)

// WriteProblems writes every problem of every row to a file: those of the roster and, with a plan, why the plan refuses rows
// that are right in themselves. The file is a workbook if its name ends in .xlsx, else a CSV. p may be nil. Without a path it does
// nothing.
func WriteProblems(path string, r *roster.Roster, p *importer.Plan) error {
	if path == "" {
		return nil
	}
	write := writeCSV
	if strings.EqualFold(filepath.Ext(path), ".xlsx") {
		write = writeWorkbook
	}
	if err := replaceFile(path, 0o600, func(w io.Writer) error { return write(w, problems(r, p)) }); err != nil {
		return unwritable("--problems", path, err)
	}
	return nil
}

// problemColumns are the columns of a list of problems. Programs read them, too.
var problemColumns = []workbook.Column{
	{Title: "line", Width: 8},
	{Title: "code", Width: 20},
	{Title: "column", Width: 18},
	{Title: "value", Width: 24},
	{Title: "problem", Width: 60, Wrap: true},
	{Title: "fix", Width: 60, Wrap: true},
}

// problems yields the cells of each problem.
func problems(r *roster.Roster, p *importer.Plan) iter.Seq[[]string] {
	return func(yield func([]string) bool) {
		for problem := range r.Problems() {
			w := problem.Words()
			if !yield([]string{lineNumber(problem.Line), problem.Code, w.Column, w.Value, w.Problem, w.Hint}) {
				return
			}
		}
		if p == nil {
			return
		}
		for i := range p.Steps {
			s := &p.Steps[i]
			if s.Action != plan.Refuse || r.Problem(i) != nil {
				continue
			}
			if !yield([]string{lineNumber(r.Rows[i].Line), s.Code, "", "", s.Problem, cmp.Or(s.Hint, reason.Hint(s.Code))}) {
				return
			}
		}
	}
}

// writeCSV writes a list of problems that a spreadsheet shows as it is. Without a byte order mark Excel takes UTF-8 for another
// encoding.
func writeCSV(w io.Writer, problems iter.Seq[[]string]) error {
	if _, err := io.WriteString(w, "\uFEFF"); err != nil {
		return err
	}
	out := csv.NewWriter(w)
	var titles []string
	for _, c := range problemColumns {
		titles = append(titles, c.Title)
	}
	_ = out.Write(titles)
	for cells := range problems {
		for i := range cells {
			cells[i] = spreadsheet.DisplayText(cells[i])
		}
		_ = out.Write(cells)
	}
	out.Flush()
	return out.Error()
}

// writeWorkbook writes a list of problems whose cells are texts, so that nothing in them is a formula.
func writeWorkbook(w io.Writer, problems iter.Seq[[]string]) error {
	out := workbook.NewWriter(w, workbook.Sheet{Name: "problems", Columns: problemColumns})
	for cells := range problems {
		if err := out.Write(cells...); err != nil {
			return err
		}
	}
	return out.Close()
}

func lineNumber(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}
