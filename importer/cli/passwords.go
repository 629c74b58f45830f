package cli

import (
	"context"
	"io"
	"os"
	"strings"

	"etelecom-import/apiclient/message"
	"etelecom-import/importer"
	"etelecom-import/importer/console"
	"etelecom-import/importer/firstpassword"
	"etelecom-import/importer/hint"
	"etelecom-import/importer/ledger"
	"etelecom-import/importer/newfile"
	"etelecom-import/importer/phone"
	"etelecom-import/importer/reason"
	"etelecom-import/importer/report"
	"etelecom-import/importer/roster"
	"etelecom-import/importer/sharing"
)

// passwordsCommand fills the empty passwords of an employee file, into a new file.
type passwordsCommand struct {
	Employees string       `arg:"" name:"EMPLOYEES" complete:".csv .xlsx .xlsm .ods" help:"The employee file; - is standard input."`
	Output    string       `short:"o" placeholder:"FILE" complete:".csv .xlsx" help:"The new file with the passwords: .csv or .xlsx."`
	Length    int          `default:"12" placeholder:"N" help:"Characters of a password, 8 to 32 (${default})."`
	Result    string       `placeholder:"FILE" complete:".csv" help:"The result CSV of a run: who has a user gets no password."`
	Tenant    string       `placeholder:"FILE" complete:".csv .xlsx" help:"What list has written: who is in it gets no password."`
	Reading   readingFlags `embed:""`
	Form      formFlags    `embed:""`
}

// maxEmployees is how large an employee file may be that is copied, in bytes.
const maxEmployees = 256 << 20

// run writes the new file. It makes no call.
func (c *passwordsCommand) run(ctx context.Context, p *Program) error {
	out := p.console(c.Form.options(false))
	ctx, restore := notifyContext(ctx, func() {}, p.ending.now)
	defer restore()
	filled, err := c.fill(ctx, p, out)
	if err != nil {
		out.Fail(err)
		return err
	}
	command := "etelecom-import run --dry-run --api-key-file key"
	if c.Result != "" {
		command += " -o " + console.Quote(c.Result)
	}
	out.ShowFilled(c.Output, filled, command+" "+console.Quote(c.Output))
	return nil
}

// fill reads the employee file and writes the new one.
func (c *passwordsCommand) fill(ctx context.Context, p *Program, out *console.Console) (*firstpassword.Filled, error) {
	isWorkbook, err := c.validate()
	if err != nil {
		return nil, err
	}
	noteKeyboard(c.Employees, p.Stdin, out)
	o := c.Reading.options(false)
	file, r, err := readToFill(ctx, c.Employees, p.Stdin, o)
	if err != nil {
		return nil, err
	}
	hasUser, err := c.users(ctx, r, out)
	if err != nil {
		return nil, err
	}
	text, filled, err := firstpassword.Fill(file, r, firstpassword.Options{Length: c.Length, Reading: o, HasUser: hasUser, Workbook: isWorkbook})
	if err != nil {
		return nil, message.Errorf("%s cannot be filled in: %w", c.Employees, err)
	}
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	if c.Employees != stdinName && filled.Kept > 0 {
		warnReadable(out, c.Employees, passwordsReadable)
	}
	return filled, newfile.Create(c.Output, func(w io.Writer) error {
		_, err := w.Write(text)
		return err
	})
}

// validate refuses impossible values, and says whether the new file is a workbook.
func (c *passwordsCommand) validate() (isWorkbook bool, err error) {
	kind, err := newPasswordFile(c.Output, ".csv", ".xlsx")
	if err != nil {
		return false, err
	}
	if err := firstpassword.CheckLength(c.Length); err != nil {
		return false, hint.With(err, message.Sprintf("use --length %d", firstpassword.DefaultLength))
	}
	if c.Tenant == stdinName {
		return false, hint.New("--tenant needs a file", "name what list has written, such as --tenant tenant.csv")
	}
	for _, path := range []string{c.Result, c.Tenant} {
		if path != "" && c.Employees != stdinName && same(path, c.Employees) {
			return false, hint.With(message.Errorf("%s is the employee file itself", path), "name the result of a run with --result, and what list has written with --tenant")
		}
	}
	return kind == ".xlsx", nil
}

// readToFill reads an employee file as a whole, and understands it. Both are of the same moment.
func readToFill(ctx context.Context, path string, stdin io.Reader, o roster.Options) (file []byte, r *roster.Roster, err error) {
	file, err = readWhole(ctx, path, stdin)
	if err == nil {
		r, err = firstpassword.Read(file, o)
	}
	return file, r, coded(report.UnreadableInput, cannotRead(ctx, path, err))
}

// readWhole reads a file, or standard input for stdinName.
func readWhole(ctx context.Context, path string, stdin io.Reader) ([]byte, error) {
	if path != stdinName {
		if err := lookForFile(path); err != nil {
			return nil, err
		}
	}
	return until(ctx, "employees", func() ([]byte, error) {
		in := stdin
		if path != stdinName {
			f, err := sharing.OpenFile(path, os.O_RDONLY, 0)
			if err != nil {
				return nil, err
			}
			defer f.Close()
			in = f
		}
		file, err := io.ReadAll(io.LimitReader(in, maxEmployees+1))
		if err == nil && len(file) > maxEmployees {
			err = message.Errorf("the file is larger than %d MiB", maxEmployees>>20)
		}
		return file, err
	})
}

// users returns what knows who has a user, or may have one; nil if nothing tells.
func (c *passwordsCommand) users(ctx context.Context, r *roster.Roster, out *console.Console) (func(phone.Number) bool, error) {
	if c.Result == "" && c.Tenant == "" {
		text := message.T("Neither --result nor --tenant is given, so it is not known who has a user already. They get a password here, too, and run will not give it to them: it changes no password.")
		if beside, err := resultPath(c.Employees, false); err == nil && exists(beside) {
			text += " " + message.Sprintf("To leave them empty: --result %s", console.Quote(beside))
		}
		out.Warn(text)
		return nil, nil
	}
	var l *ledger.Ledger
	said := map[phone.Number]bool{}
	if c.Result != "" {
		var err error
		if l, err = readResult(c.Result); err != nil {
			return nil, err
		}
		if err := ledger.ReadRows(l, func(row *ledger.Row) error {
			said[row.Entry.Phone] = said[row.Entry.Phone] || ledger.HasCode(row.Code, reason.UserExists)
			return nil
		}); err != nil {
			return nil, coded(report.UnusableResult, err)
		}
		r.Judge(importer.HaveUsers(r, l))
	}
	listed, err := c.listed(ctx, out)
	if err != nil {
		return nil, err
	}
	return func(n phone.Number) bool {
		isKnown := listed[n] || said[n]
		return isKnown || l != nil && mayHaveUser(l.Lookup(n))
	}, nil
}

// listed returns the phones of the users that the command list has written.
func (c *passwordsCommand) listed(ctx context.Context, out *console.Console) (map[phone.Number]bool, error) {
	phones := map[phone.Number]bool{}
	if c.Tenant == "" {
		return phones, nil
	}
	users, err := readRoster(ctx, c.Tenant, strings.NewReader(""), roster.Options{WithoutPasswords: true, FreeExtensions: true, HiddenRows: hiddenRows["read"], AllowNames: true})
	if err != nil {
		return nil, cannotRead(ctx, c.Tenant, err)
	}
	if !users.Dialect.List {
		return nil, hint.With(coded(report.UnreadableInput, message.Errorf("%s is no list of users: it has not all the columns that list writes", c.Tenant)),
			"make the list with etelecom-import list -o tenant.csv, and leave its columns as they are")
	}
	unknown := 0
	for i := range users.Rows {
		if users.Rows[i].Phone == 0 {
			unknown++
		}
		phones[users.Rows[i].Phone] = true
	}
	if unknown > 0 {
		out.Warn(message.Sprintf("%s has %s without a phone that can be read. They may be people of your file, who get a password then.", c.Tenant, message.Count(unknown, "user", "users")))
	}
	return phones, nil
}

// mayHaveUser reports whether a run has made a user of an entry, or may have: then the password that counts is another one.
func mayHaveUser(e *ledger.Entry) bool { return e != nil && (e.HasUser() || e.Open() || e.Exists) }
