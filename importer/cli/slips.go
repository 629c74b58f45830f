package cli

import (
	"context"
	"errors"
	"io"
	"unicode/utf8"

	"etelecom-import/apiclient/message"
	"etelecom-import/importer"
	"etelecom-import/importer/hint"
	"etelecom-import/importer/newfile"
	"etelecom-import/importer/passwordslip"
	"etelecom-import/importer/roster"
)

// slipsCommand writes a page of slips of paper with first passwords.
type slipsCommand struct {
	Employees string       `arg:"" name:"EMPLOYEES" complete:".csv .xlsx .xlsm .ods" help:"The employee file with the passwords."`
	Result    string       `placeholder:"FILE" complete:".csv" help:"The result CSV of the run (EMPLOYEES.result.csv)."`
	Output    string       `short:"o" placeholder:"FILE" complete:".html" help:"The new page, to be printed: .html."`
	Company   string       `placeholder:"NAME" help:"The company, on each slip."`
	LoginAt   string       `placeholder:"TEXT" help:"Where to log in (the eTelecom app)."`
	Reading   readingFlags `embed:""`
	Form      formFlags    `embed:""`
}

// errNoSlips says that nobody gets a slip.
var errNoSlips = message.New("nobody gets a slip, so no page was written")

// run writes the page. It makes no call.
func (c *slipsCommand) run(ctx context.Context, p *Program) error {
	out := p.console(c.Form.options(false))
	ctx, restore := notifyContext(ctx, func() {}, p.ending.now)
	defer restore()
	made, err := c.make(ctx, p)
	if made != nil && errors.Is(err, errNoSlips) {
		out.ShowWithoutSlip(made)
	}
	if err != nil {
		out.Fail(err)
		return err
	}
	out.ShowSlips(c.Output, c.Employees, made)
	return nil
}

// make makes the slips and writes the page.
func (c *slipsCommand) make(ctx context.Context, p *Program) (*passwordslip.Slips, error) {
	if _, err := newPasswordFile(c.Output, ".html", ".htm"); err != nil {
		return nil, err
	}
	if err := c.checkTexts(); err != nil {
		return nil, err
	}
	if c.Result == "" {
		var err error
		if c.Result, err = resultPath(c.Employees, false); err != nil || !exists(c.Result) {
			return nil, hint.New("no result is named: it says who was created", "name the result CSV of the run with --result FILE")
		}
	}
	r, err := readRoster(ctx, c.Employees, p.Stdin, c.readingOptions())
	if err != nil {
		return nil, cannotRead(ctx, c.Employees, err)
	}
	l, err := readResult(c.Result)
	if err != nil {
		return nil, err
	}
	r.Judge(importer.HaveUsers(r, l))
	made := passwordslip.Make(r, l)
	made.Practice = exists(sandboxState(c.Result))
	if len(made.Slips) == 0 {
		return made, hint.With(errNoSlips, "slips are for people whom a run has created, or whose password it has replaced")
	}
	return made, newfile.Create(c.Output, func(w io.Writer) error {
		return passwordslip.WriteHTML(w, made, passwordslip.Options{Company: c.Company, Login: c.LoginAt})
	})
}

// The longest texts that a slip has room for, in characters.
const (
	longestCompany = 60
	longestLogin   = 120
)

// checkTexts refuses texts of which a slip would show the beginning alone.
func (c *slipsCommand) checkTexts() error {
	for _, text := range []struct {
		flag, value string
		most        int
	}{{"--company", c.Company, longestCompany}, {"--login-at", c.LoginAt, longestLogin}} {
		if n := utf8.RuneCountInString(text.value); n > text.most {
			return hint.With(message.Errorf("%s has %d characters, and a slip has room for %d", text.flag, n, text.most), "use a shorter text")
		}
	}
	return nil
}

func (c *slipsCommand) readingOptions() roster.Options {
	o := c.Reading.options(false)
	o.WithoutPasswords = true // who has none is told
	o.FreeExtensions = true   // whether a row needed one does not matter any more
	return o
}
