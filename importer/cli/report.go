package cli

import (
	"context"
	"io"
	"path/filepath"
	"strings"
	"time"

	"etelecom-import/apiclient/message"
	"etelecom-import/apiclient/secret"
	"etelecom-import/importer"
	"etelecom-import/importer/console"
	"etelecom-import/importer/hint"
	"etelecom-import/importer/ledger"
	"etelecom-import/importer/newfile"
	"etelecom-import/importer/report"
	"etelecom-import/importer/roster"
	"etelecom-import/importer/signoff"
	"etelecom-import/importer/verify"
)

// reportCommand writes the document that a customer signs.
type reportCommand struct {
	Result   string        `arg:"" name:"RESULT.csv" complete:".csv" help:"The result CSV of a run."`
	Output   string        `short:"o" placeholder:"FILE" complete:".html .xlsx" help:"The new document: .html or .xlsx."`
	Lang     string        `default:"vi" enum:"vi,en" placeholder:"L" help:"Language of the document: vi (default: customers sign it) or en."`
	Roster   string        `placeholder:"FILE" complete:".csv .xlsx .xlsm .ods" help:"The employee file, to compare the result with it."`
	By       string        `placeholder:"TITLE" help:"Group people by this column of --roster, such as 'Phòng ban'."`
	Company  string        `placeholder:"TEXT" help:"The company's name in the document (none: a line to fill in)."`
	Date     day           `placeholder:"DATE" help:"The document's date, such as 2026-11-27 (none: a line to fill in)."`
	IDs      bool          `name:"ids" help:"Show the ids of users and extensions."`
	Messages bool          `help:"Show the messages of the result, which are English."`
	Verify   bool          `help:"Compare the result with the tenant. Needs the key."`
	Tenant   tenantFlags   `embed:""`
	Settle   time.Duration `default:"2m" placeholder:"D" help:"With --verify: wait before what was just done counts as missing (${default})."`
	Reading  readingFlags  `embed:""`
	Form     formFlags     `embed:""`
}

// day is a day that somebody types.
type day struct{ time.Time }

// UnmarshalText reads a day, the year or the day first.
func (d *day) UnmarshalText(text []byte) error {
	for _, layout := range []string{time.DateOnly, "2/1/2006"} {
		if t, err := time.Parse(layout, strings.TrimSpace(string(text))); err == nil {
			d.Time = t
			return nil
		}
	}
	return hint.New("it is no day", "write the day as 2026-11-27 or 27/11/2026")
}

func (c *reportCommand) run(ctx context.Context, p *Program) error {
	out := p.console(c.Form.options(false))
	ctx, restore := notifyContext(ctx, func() {}, p.ending.now)
	defer restore()
	d, err := c.write(ctx, p, out)
	if err = signalOr(ctx, err); err != nil {
		out.Fail(err)
		return out.Bug(err)
	}
	out.ShowSignOff(c.Output, d.All.Total, d.All.Done, d.Unlike(), d.Interim())
	return out.Bug(nil)
}

// mostGroups is how many groups a document has at most. A column with more is not one of departments.
const mostGroups = 1000

// write makes the document and writes it.
func (c *reportCommand) write(ctx context.Context, p *Program, out *console.Console) (*signoff.Document, error) {
	write, err := c.validate()
	if err != nil {
		return nil, coded(report.Usage, err)
	}
	result, err := c.readResult()
	if err != nil {
		return nil, coded(report.UnusableResult, err)
	}
	in := signoff.Input{
		Language: c.Lang, Result: result, Company: strings.TrimSpace(c.Company), Date: c.Date.Time, Version: shortVersion(),
		Practice: exists(sandboxState(c.Result)), IDs: c.IDs, Messages: c.Messages,
	}
	var hidden secret.Set
	if c.Roster != "" {
		if in.Roster, err = c.readRoster(ctx, p, out); err != nil {
			return nil, err
		}
		if c.Roster != stdinName {
			in.RosterName = filepath.Base(c.Roster)
		}
		hidden = secret.NewSet(in.Roster.Passwords())
	}
	if c.Verify {
		if in.Verification, _, err = c.Tenant.compare(ctx, p, out, hidden, verify.Input{Result: c.Result, Settle: c.Settle}); err != nil {
			return nil, err
		}
		again, err := c.readResult()
		if err == nil && again.SHA256 != result.SHA256 {
			err = hint.New("the result changed while it was compared", "wait until the run has ended, then run the same command again")
		}
		if err != nil {
			return nil, coded(report.UnusableResult, err)
		}
		in.Result = again
	}
	d := signoff.Make(in)
	if n := len(d.Groups); n > mostGroups {
		return nil, coded(report.Usage, hint.With(message.Errorf("--by names a column with %d different values, and %d are the most", n, mostGroups),
			"name a column that has the same value for many people, such as that of the department"))
	}
	return d, newfile.Create(c.Output, func(w io.Writer) error { return write(w, d) })
}

// validate refuses what cannot be, and returns what writes the document.
func (c *reportCommand) validate() (write func(io.Writer, *signoff.Document) error, err error) {
	switch ending := strings.ToLower(filepath.Ext(c.Output)); {
	case c.Output == "", c.Output == stdinName:
		return nil, hint.New("the document needs a file of its own", "name it with -o, such as -o sign-off.html or -o sign-off.xlsx")
	case ending == ".html":
		write = signoff.WriteHTML
	case ending == ".xlsx":
		write = signoff.WriteWorkbook
	default:
		return nil, hint.With(message.Errorf("%s would be neither a web page nor a workbook", c.Output), "name a file that ends in .html or .xlsx")
	}
	if err := checkSettle(c.Settle); err != nil {
		return nil, err
	}
	if c.By != "" && c.Roster == "" {
		return nil, hint.New("--by names a column of the employee file, and --roster is missing", "add --roster FILE")
	}
	if err := checkDistinct(c.Roster, c.Tenant.Key.File, c.Result, c.Output, c.Tenant.Trace); err != nil {
		return nil, err
	}
	return write, newfile.Check(c.Output)
}

// readRoster reads the employee file with its groups, and judges it as a run does.
func (c *reportCommand) readRoster(ctx context.Context, p *Program, out *console.Console) (*roster.Roster, error) {
	o := c.Reading.options(false)
	o.GroupBy, o.FreeExtensions = c.By, true // a run may have given the extensions
	noteKeyboard(c.Roster, p.Stdin, out)
	r, err := readRoster(ctx, c.Roster, p.Stdin, o)
	if err != nil {
		return nil, cannotRead(ctx, c.Roster, err)
	}
	warnReadable(out, c.Roster, passwordsReadable)
	if l, err := ledger.Read(ledger.OS{}, c.Result); err == nil {
		r.Judge(importer.HaveUsers(r, l))
	}
	return r, nil
}

// readResult reads the result, which must have somebody in it.
func (c *reportCommand) readResult() (*signoff.Result, error) {
	r, err := signoff.ReadResult(c.Result)
	if err != nil {
		return nil, explainResult(c.Result, err)
	}
	if len(r.People) == 0 {
		err = hint.New("the result has nobody in it", "name the result CSV of a run, such as employees.result.csv")
	}
	return r, err
}
