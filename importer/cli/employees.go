package cli

import (
	"context"
	"io"
	"os"

	"etelecom-import/apiclient/message"
	"etelecom-import/importer"
	"etelecom-import/importer/check"
	"etelecom-import/importer/console"
	"etelecom-import/importer/report"
	"etelecom-import/importer/roster"
)

// readRoster reads an employee file, or standard input for stdinName. It returns as soon as ctx ends, with the context's cause.
func readRoster(ctx context.Context, path string, stdin io.Reader, o roster.Options) (*roster.Roster, error) {
	return until(ctx, "employees", func() (*roster.Roster, error) {
		if path == stdinName {
			return roster.Read(stdin, o)
		}
		return roster.ReadFile(path, o)
	})
}

// inspectEmployees says what an offline dry run would find in an employee file.
func inspectEmployees(ctx context.Context, path string, stdin io.Reader, o roster.Options) *check.EmployeesFound {
	found := &check.EmployeesFound{Place: named(path)}
	if path == stdinName {
		found.Place = message.T("standard input")
	} else if info, err := os.Stat(path); err == nil { // not opened: a pipe can be opened once
		found.File = access(path, info)
	}
	r, err := readRoster(ctx, path, stdin, o)
	if err != nil {
		found.Wrong, found.Hint = console.ExplainInSentences(message.Errorf("the employee file cannot be read: %w", err))
		return found
	}
	s := report.Offline(r)
	found.Rows, found.Problems = s.Rows, s.Plan.Refuse
	found.Command = "etelecom-import run --dry-run --offline " + console.Quote(path)
	return found
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
