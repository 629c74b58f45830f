package cli

import (
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"regexp"
	"slices"
	"strconv"
	"syscall"
	"testing"

	"etelecom-import/importer"
	"etelecom-import/importer/check"
	"etelecom-import/importer/ledger"
	"etelecom-import/importer/plan"
	"etelecom-import/importer/verify"
)

// TestExitCodesAreListed: the tables of README and manual have each exit code that [ExitCode] returns, once, and no other; in the same
// order and the same words.
func TestExitCodesAreListed(t *testing.T) {
	file, err := parser.ParseFile(token.NewFileSet(), "exit.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var returned []int
	ast.Inspect(file, func(n ast.Node) bool {
		if r, ok := n.(*ast.ReturnStmt); ok {
			code, err := strconv.Atoi(r.Results[0].(*ast.BasicLit).Value)
			if err != nil {
				t.Fatal(err)
			}
			if !slices.Contains(returned, code) {
				returned = append(returned, code)
			}
		}
		return true
	})
	slices.Sort(returned)
	readme, manual := exitCodes(t, "../../README.md"), exitCodes(t, "../MANUAL.md")
	if !slices.Equal(readme.order, manual.order) {
		t.Errorf("README.md lists %v, MANUAL.md %v", readme.order, manual.order)
	}
	for _, listed := range []exitTable{readme, manual} {
		codes := slices.Sorted(slices.Values(listed.order))
		if !slices.Equal(codes, returned) {
			t.Errorf("%s lists %v, and the program returns %v", listed.path, codes, returned)
		}
	}
	for code, words := range readme.rows {
		if manual.rows[code] != words {
			t.Errorf("code %d: README.md says\n%s\nand MANUAL.md\n%s", code, words, manual.rows[code])
		}
	}
}

type exitTable struct {
	path  string
	order []int
	rows  map[int]string
}

var (
	exitHead = regexp.MustCompile(`(?m)^\| code \| meaning \| run again\? \|\n\| --- \| --- \| --- \|\n((?:\|.*\|\n)+)`)
	exitRow  = regexp.MustCompile(`(?m)^\| ([0-9, ]+) (\|.*\|)$`)
)

// exitCodes reads the table of exit codes out of a document.
func exitCodes(t *testing.T, path string) exitTable {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	table := exitTable{path: path, rows: map[int]string{}}
	body := exitHead.FindSubmatch(text)
	if body == nil {
		t.Fatalf("%s has no table of exit codes", path)
	}
	for _, row := range exitRow.FindAllSubmatch(body[1], -1) {
		for _, number := range regexp.MustCompile(`[0-9]+`).FindAllString(string(row[1]), -1) {
			code, _ := strconv.Atoi(number)
			table.order, table.rows[code] = append(table.order, code), string(row[2])
		}
	}
	return table
}

// TestExitCode has a way to each exit code.
func TestExitCode(t *testing.T) {
	stop := func(k importer.StopKind) error {
		return fmt.Errorf("wrapped: %w", &importer.Stop{Kind: k, Cause: errors.New("why")})
	}
	rows := func(failed, known int) *importer.Summary {
		return &importer.Summary{Rows: 9, Status: importer.StatusCounts{Failed: failed}, Known: known}
	}
	onNew := func(s *importer.Summary) *importer.Summary { s.FailOn = importer.FailOnNew; return s }
	dry := func(counts plan.Counts, known int) *importer.Summary {
		return &importer.Summary{DryRun: true, DetailedExitcode: true, Plan: counts, Known: known}
	}
	for _, test := range []struct {
		what string
		s    *importer.Summary
		err  error
		want int
	}{
		{"all is well", rows(0, 0), nil, 0},
		{"no summary", nil, nil, 0},
		{"rows failed", rows(2, 2), nil, 1},
		{"all of them known", onNew(rows(2, 2)), nil, 0},
		{"one of them new", onNew(rows(2, 1)), nil, 1},
		{"known, and a user without an extension", onNew(&importer.Summary{Status: importer.StatusCounts{Failed: 1, Created: 1}, Known: 1}), nil, 1},
		{"known, and an open outcome", onNew(&importer.Summary{Status: importer.StatusCounts{Failed: 1, Unknown: 1}, Known: 1}), nil, 3},
		{"somebody who left, with an open outcome", onNew(&importer.Summary{GoneUnknown: 1}), nil, 3},
		{"known, and stopped", onNew(rows(2, 2)), stop(importer.TimeLimit), 4},
		{"a dry run that would send something", dry(plan.Counts{Create: 1}, 0), nil, 7},
		{"assign", dry(plan.Counts{Assign: 1}, 0), nil, 7},
		{"wait", dry(plan.Counts{Wait: 1}, 0), nil, 7},
		{"and refuse", dry(plan.Counts{Create: 1, Refuse: 1}, 0), nil, 1},
		{"and refuse what is known", onNew(dry(plan.Counts{Create: 1, Refuse: 1}, 1)), nil, 7},
		{"refuse what is known alone", onNew(dry(plan.Counts{None: 3, Refuse: 1}, 1)), nil, 0},
		{"nothing to send", dry(plan.Counts{None: 3}, 0), nil, 0},
		{"not asked for", &importer.Summary{DryRun: true, Plan: plan.Counts{Create: 1}}, nil, 0},
		{"too many are gone", nil, stop(importer.TooManyGone), 4},
		{"the API is down", rows(0, 0), stop(importer.Unavailable), 4},
		{"the result cannot be written any more", rows(0, 0), stop(importer.LedgerFailed), 4},
		{"the disk is full at the beginning", nil, ledger.ErrNotWritable, 4},
		{"no folder for the result", nil, errors.Join(ledger.ErrNotWritable, ledger.ErrWrongPlace), 2},
		{"wrong usage", nil, syscall.ENOENT, 2},
		{"a refused key", nil, stop(importer.Refused), 5},
		{"people are hidden", rows(0, 0), stop(importer.ListingDoubted), 5},
		{"check", nil, check.ErrWrong, 5},
		{"verify: differences", nil, verify.ErrDiffers, 1},
		{"verify: nothing can be said of some", nil, verify.ErrUnclear, 3},
		{"verify, and a bug of the screen", nil, errors.Join(stop(importer.Bug), verify.ErrDiffers), 70},
		{"another run", nil, ledger.ErrLocked, 6},
		{"--strict", rows(0, 0), stop(importer.Strict), 1},
		{"a bug", rows(0, 0), stop(importer.Bug), 70},
		{"a signal", rows(0, 0), &importer.Stop{Kind: importer.Interrupted, Cause: SignalError{syscall.SIGTERM}}, 143},
		{"Ctrl-C", rows(0, 0), &importer.Stop{Kind: importer.Interrupted, Cause: SignalError{os.Interrupt}}, 130},
	} {
		if got := ExitCode(test.s, test.err); got != test.want {
			t.Errorf("%s: exit code %d, want %d", test.what, got, test.want)
		}
	}
}
