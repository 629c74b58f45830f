package cli

import (
	_ "embed"
	"encoding/csv"
	"io"
	"strings"

	"etelecom-import/apiclient/message"
	"etelecom-import/importer/newfile"
	"etelecom-import/importer/roster"
	"etelecom-import/importer/workbook"
)

// templateCommand writes an employee file to fill in.
type templateCommand struct {
	File string    `arg:"" optional:"" name:"EMPLOYEES.xlsx" complete:".xlsx .csv" help:"The new file: .xlsx or .csv. None: print a CSV."`
	Form formFlags `embed:""`
}

// run prints a CSV, or writes a new file and says what to do with it.
func (c *templateCommand) run(p *Program) error {
	out := p.console(c.Form.options(false))
	if c.File == "" || c.File == stdinName {
		return p.print(out, writeTemplateCSV)
	}
	if err := c.create(); err != nil {
		out.Fail(err)
		return err
	}
	out.ShowTemplate(c.File)
	return nil
}

// create writes a file that is not there yet.
func (c *templateCommand) create() error {
	isWorkbook, err := isWorkbookName(c.File)
	if err != nil {
		return err
	}
	write := writeTemplateCSV
	if isWorkbook {
		write = writeTemplateWorkbook
	}
	return newfile.Create(c.File, write) // for this user alone: somebody will write passwords into it
}

// writeTemplateCSV writes the titles and the example. Without a byte order mark Excel takes UTF-8 for another encoding.
func writeTemplateCSV(w io.Writer) error {
	titles, example := roster.Template()
	if _, err := io.WriteString(w, "\uFEFF"); err != nil {
		return err
	}
	return csv.NewWriter(w).WriteAll([][]string{titles, example})
}

// guideCSV explains the columns to people, in two languages: the file goes on to others.
//
//go:embed guide.csv
var guideCSV string

// writeTemplateWorkbook writes the titles, the example, and a second sheet that explains the columns. All cells are texts, so that
// Excel takes no 0 off a phone.
func writeTemplateWorkbook(w io.Writer) error {
	titles, example := roster.Template()
	guide, err := csv.NewReader(strings.NewReader(guideCSV)).ReadAll()
	if err != nil {
		return err
	}
	list := workbook.Sheet{Name: message.T("Employees")}
	for i, title := range titles {
		list.Columns = append(list.Columns, workbook.Column{Title: title, Width: []int{32, 18, 24, 18}[i]})
	}
	explained := workbook.Sheet{Name: message.T("Guide")}
	for i, title := range guide[0] {
		explained.Columns = append(explained.Columns, workbook.Column{Title: title, Width: []int{24, 60, 60}[i], Wrap: true})
	}
	out := workbook.NewWriter(w, list, explained)
	if err := out.Write(example...); err != nil {
		return err
	}
	out.Next()
	for _, cells := range guide[1:] {
		if err := out.Write(cells...); err != nil {
			return err
		}
	}
	return out.Close()
}
