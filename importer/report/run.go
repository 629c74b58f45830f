package report

import (
	"errors"
	"time"

	"etelecom-import/importer"
)

// Schema is the number of the JSON forms. A higher one says that a program that reads the form may have to change. Fields that come in
// addition do not raise it.
const Schema = 1

// Head begins every JSON form.
type Head struct {
	Schema  int    `json:"schema"`
	Version string `json:"version"` // of the program
}

// Run is how a run ended, whatever the way, also if it could not begin. Its JSON form is the interface to monitors; the file
// samples/run.schema.json describes it.
type Run struct {
	Head
	StartedAt time.Time `json:"started_at"`
	EndedAt   time.Time `json:"ended_at"`
	ExitCode  int       `json:"exit_code"` // of the process
	Error     *Failure  `json:"error"`     // nil if all was done that was asked for; rows may have failed all the same
	Input     string    `json:"input"`     // the employee file, as the command line names it
	Result    string    `json:"result"`    // the result CSV, as the command line names it, or derived from Input
	importer.Summary
	Notices []string `json:"notices"` // what the run warned of, a text each; never nil

	begun bool // Summary is what the run has found
}

// Failure is why a run ended before its work was done, or could not begin.
type Failure struct {
	Code    ErrorCode `json:"code"`
	Message string    `json:"message"`
	Hint    string    `json:"hint"`
}

// ErrorCode is the word for a kind of failure. The words are an interface. The code of a run that was stopped is the word of its
// [importer.StopKind].
type ErrorCode string

// The codes of a run that could not begin.
const (
	Usage            ErrorCode = "usage"             // the command line, or the environment
	UnreadableInput  ErrorCode = "unreadable_input"  // the employee file
	UnusableKey      ErrorCode = "unusable_key"      // there is no key that can be sent
	UnusableResult   ErrorCode = "unusable_result"   // the result cannot be read or written, or is of another list of people
	UnwritableReport ErrorCode = "unwritable_report" // the file of --problems, --metrics or --trace
	InUse            ErrorCode = "in_use"            // another program has the result, or a report, open
	Locked           ErrorCode = "locked"            // another run holds the result
	NotBegun         ErrorCode = "not_begun"         // any other reason
)

// ErrorCodes returns every code that there is.
func ErrorCodes() []ErrorCode {
	all := []ErrorCode{Usage, UnreadableInput, UnusableKey, UnusableResult, UnwritableReport, InUse, Locked, NotBegun}
	for _, k := range importer.StopKinds() {
		all = append(all, ErrorCode(k.String()))
	}
	return all
}

// SetSummary takes in how far a run came, by the error that ended it. s is nil if the run could not begin: then there are no rows.
func (r *Run) SetSummary(s *importer.Summary, err error) {
	stop := new(importer.Stop)
	if r.begun = s != nil; !r.begun {
		s = &importer.Summary{Stopped: string(NotBegun), Account: r.Account, DryRun: r.DryRun}
	}
	r.Summary = *s
	if gone, ok := errors.AsType[*importer.GoneError](err); ok {
		r.Gone = gone.People
	}
	if errors.As(err, &stop) {
		r.Stopped = stop.Kind.String()
	}
	r.Errors, r.Warnings = notNil(r.Errors), notNil(r.Warnings)
	r.Skipped, r.Notices, r.ChangedRows = notNil(r.Skipped), notNil(r.Notices), notNil(r.ChangedRows)
	r.FreeExtensions = notNil(r.FreeExtensions)
}

// succeeded reports whether everything is as the employee file wants it, as far as a run can do that. With --fail-on new, exit code 0
// does not say so.
func (r *Run) succeeded() bool { return r.ExitCode == 0 && r.begun && r.Refusals() == 0 }

// notNil returns a list that is an array in JSON, and not null.
func notNil[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}
