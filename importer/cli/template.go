package cli

import (
	"bufio"
	_ "embed"
	"encoding/csv"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"etelecom-import/apiclient/message"
	"etelecom-import/importer/hint"
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
		if err := writeTemplateCSV(p.Stdout); err != nil {
			out.Fail(err)
			return err
		}
		return nil
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
	var write func(io.Writer) error
	switch strings.ToLower(filepath.Ext(c.File)) {
	case ".xlsx":
		write = writeTemplateWorkbook
	case ".csv":
		write = writeTemplateCSV
	default:
		return hint.With(message.Errorf("%s would be neither a workbook nor a CSV", c.File), "name a file that ends in .xlsx or .csv")
	}
	// Somebody will write passwords into it.
	f, err := os.OpenFile(c.File, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return hint.With(message.Errorf("%s is there already", c.File), "name another file, or remove that one")
	}
	if err != nil {
		return err
	}
	b := bufio.NewWriter(f)
	if err = errors.Join(write(b), b.Flush(), f.Close()); err != nil {
		_ = os.Remove(c.File)
	}
	return err
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
