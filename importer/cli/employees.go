package cli

import (
	"context"
	"errors"
	"io"
	"os"
	"runtime"

	"etelecom-import/apiclient/message"
	"etelecom-import/apiclient/secret"
	"etelecom-import/importer"
	"etelecom-import/importer/check"
	"etelecom-import/importer/console"
	"etelecom-import/importer/ledger"
	"etelecom-import/importer/report"
	"etelecom-import/importer/roster"
	"etelecom-import/importer/workbook"
)

// readingFlags say how an employee file is read.
type readingFlags struct {
	Encoding   string `placeholder:"NAME" complete:"utf-8 utf-16 windows-1258 tcvn3 vni viscii vps" help:"Encoding, such as windows-1258 (detected)."`
	Delimiter  string `placeholder:"D" complete:"comma semicolon tab pipe" help:"comma, semicolon, tab or pipe (detected)."`
	Sheet      string `placeholder:"NAME" help:"Of a workbook: the sheet to read."`
	HiddenRows string `default:"" enum:",read,skip" placeholder:"H" help:"Of a workbook: read or skip hidden rows."`
	JoinNames  bool   `help:"Put the name together where it is in several columns."`
	AllowNames bool   `help:"Accept names that look ruined; each is named."`
}

// readWithoutColumn reads an employee file, also one that has no column for extensions if the result holds one for somebody: then the rows
// are judged, and not the file. free says that rows without an extension get a free one.
func readWithoutColumn(ctx context.Context, path string, stdin io.Reader, o roster.Options, result string, free bool) (*roster.Roster, error) {
	// Standard input can be read once, so what the result holds must be known before.
	o.FreeExtensions = free || path == stdinName && holdsExtensions(result)
	r, err := readRoster(ctx, path, stdin, o)
	if errors.Is(err, roster.ErrNoExtensions) && path != stdinName && holdsExtensions(result) {
		o.FreeExtensions = true
		r, err = readRoster(ctx, path, stdin, o)
	}
	if err == nil && !free {
		r.GiveExtensions(nil)
	}
	return r, err
}

// holdsExtensions reports whether a result holds an extension for a row that names none.
func holdsExtensions(result string) bool {
	l, err := ledger.Read(ledger.OS{}, result)
	if err != nil {
		return false
	}
	for e := range l.Entries() {
		if e.HoldsExtension() {
			return true
		}
	}
	return false
}

// hiddenRows are the values of --hidden-rows.
var hiddenRows = map[string]workbook.HiddenRows{"": workbook.RefuseHidden, "read": workbook.ReadHidden, "skip": workbook.SkipHidden}

// options returns the flags as the roster has them. validateOnly is [roster.Options.ValidateOnly].
func (f *readingFlags) options(validateOnly bool) roster.Options {
	return roster.Options{
		Encoding: f.Encoding, Delimiter: f.Delimiter, Sheet: f.Sheet, HiddenRows: hiddenRows[f.HiddenRows],
		JoinNames: f.JoinNames, AllowNames: f.AllowNames, ValidateOnly: validateOnly,
	}
}

// readRoster reads an employee file, or standard input for stdinName. It returns as soon as ctx ends, with the context's cause.
func readRoster(ctx context.Context, path string, stdin io.Reader, o roster.Options) (*roster.Roster, error) {
	r, err := until(ctx, "employees", func() (*roster.Roster, error) {
		if path == stdinName {
			return roster.Read(stdin, o)
		}
		if err := lookForFile(path); err != nil {
			return nil, err
		}
		return roster.ReadFile(path, o)
	})
	return r, coded(report.UnreadableInput, err)
}

// noteKeyboard says that the program waits for what is typed, if standard input is the employee file and nothing is redirected to it.
func noteKeyboard(employees string, stdin io.Reader, out *console.Console) {
	if employees != stdinName || terminalOf(stdin) == nil {
		return
	}
	end := "Ctrl-D"
	if runtime.GOOS == "windows" {
		end = "Ctrl-Z"
	}
	out.Note(message.Sprintf("The employee file is read from the keyboard. End it with Enter and %s, or press Ctrl-C and name a file.", end))
}

// judgeAgain judges an employee file with the result beside it, as a run will, and returns how the two differ. Without a result that
// can be read, nobody is known to have a user, and there are no changes.
func judgeAgain(r *roster.Roster, result string, free bool) (d importer.Changes) {
	if result == "" {
		return d
	}
	if l, err := ledger.Read(ledger.OS{}, result); err == nil {
		importer.Judge(r, l, free)
		d = importer.FindChanges(r, l)
	}
	return d
}

// inspectEmployees says what an offline dry run would find in an employee file, and which passwords are in it: nothing that the tenant
// says may show one.
func inspectEmployees(ctx context.Context, path string, stdin io.Reader, o roster.Options, free bool) (found *check.EmployeesFound, passwords secret.Set) {
	found = &check.EmployeesFound{Place: named(path)}
	if path == stdinName {
		found.Place = message.T("standard input")
	} else if info, err := os.Stat(path); err == nil { // not opened: a pipe can be opened once
		found.File = access(path, info)
	}
	result, _ := resultPath(path, false)
	r, err := readWithoutColumn(ctx, path, stdin, o, result, free)
	if err != nil {
		if !isMissing(err) {
			err = message.Errorf("the employee file cannot be read: %w", err)
		}
		found.Wrong, found.Hint = console.ExplainInSentences(err)
		return found, passwords
	}
	judgeAgain(r, result, free)
	s := report.Offline(r)
	found.Rows, found.Problems = s.Rows, s.Plan.Refuse
	found.Command = "etelecom-import run --dry-run --offline " + console.Quote(path)
	return found, secret.NewSet(r.Passwords())
}

// until returns what read returns, or the cause of ctx as soon as that ends. Nothing interrupts a read from a pipe that nobody
// writes to, so the goroutine may be left behind. A panic in it is returned as an [importer.Stop].
func until[T any](ctx context.Context, what string, read func() (T, error)) (value T, err error) {
	type answer struct {
		value T
		err   error
	}
	over := make(chan answer, 1)
	go func() {
		var a answer
		defer func() {
			if v := recover(); v != nil {
				a.err = importer.Panicked(what, v)
			}
			over <- a
		}()
		a.value, a.err = read()
	}()
	select {
	case a := <-over:
		return a.value, a.err
	case <-ctx.Done():
		return value, context.Cause(ctx)
	}
}
