package report

import (
	"errors"
	"os"

	"etelecom-import/importer"
	"etelecom-import/importer/hint"
	"etelecom-import/importer/ledger"
	"etelecom-import/importer/plan"
	"etelecom-import/importer/reason"
)

// RunState says whether a run is on. Its words are an interface.
type RunState string

// The states of the last run.
const (
	RunOver        RunState = "over"        // it ended as it should, or there was no run
	RunOn          RunState = "on"          // it holds the lock, and its process is there
	RunInterrupted RunState = "interrupted" // it has left its name in the lock file, and its process is gone
)

// Status is what a result CSV and its journal say. Its JSON form is an interface.
type Status struct {
	Head
	Account          importer.AccountSummary `json:"account"`
	Result           string                  `json:"result"`
	Run              RunState                `json:"run"`
	By               string                  `json:"by"`      // the process that has the lock, or had it, with the time in UTC; "" if the run is over
	Waiting          bool                    `json:"waiting"` // that process waits for a person to answer its question
	Rows             int                     `json:"rows"`
	Status           importer.StatusCounts   `json:"status"`
	Errors           []importer.Group        `json:"errors"`
	Warnings         []importer.Group        `json:"warnings"`
	PasswordReplaced int                     `json:"password_replaced"`
	Open             int                     `json:"open"` // creates that may or may not have been carried out

	// Holder is the process of By, for people.
	Holder ledger.Holder `json:"-"`
	// Replaced are the lines of the rows that PasswordReplaced counts.
	Replaced []int `json:"-"`
	// CannotLook says that the last run's key may not list users. Another run with it cannot find out what became of open creates.
	CannotLook bool `json:"-"`
}

// ReadStatus reads a result CSV and its journal. It takes no lock and writes nothing, so a run may be on at the same time. A
// result that does not exist yet is no error while its first run is on, or has left a journal.
func ReadStatus(result string) (*Status, error) {
	l, err := ledger.Read(ledger.OS{}, result)
	if err != nil {
		return nil, err
	}
	r := &statusReader{status: Status{Account: importer.AccountSummary{ID: l.Account()}, Result: result, Run: RunOver}}
	if by, running := l.LockHolder(); by.String() != "" {
		r.status.Holder, r.status.By, r.status.Waiting, r.status.Run = by, by.UTC(), by.Waiting(), RunInterrupted
		if running {
			r.status.Run = RunOn
		}
	}
	err = ledger.ReadRows(l, r.add)
	missing := errors.Is(err, os.ErrNotExist)
	switch {
	case missing && r.status.Run == RunOn:
	case missing:
		return nil, hint.With(err, "name the result CSV of a run, such as employees.result.csv")
	case err != nil:
		return nil, err
	}
	r.status.Open = l.OpenCreates()
	r.status.Errors, r.status.Warnings = r.errors.List(), r.warnings.List()
	r.status.CannotLook = r.errors.Has(reason.CannotLook)
	return &r.status, nil
}

// statusReader counts the rows of a result.
type statusReader struct {
	status           Status
	errors, warnings importer.Groups
}

// add counts one row. Its line is 0 if only the journal has the row.
func (r *statusReader) add(row *ledger.Row) error {
	// A person who is not in the employee file any more counts as no row.
	if !row.Listed {
		return nil
	}
	s, status, code := &r.status, row.Status, row.Code
	s.Rows++
	s.Status.Add(status)
	if status == ledger.Done {
		for w := range plan.WarningsOf(code).Each() {
			r.warnings.Add(w.Code(), row.Line, false, w.Why())
		}
	}
	if ledger.HasCode(code, reason.PasswordReplaced) {
		s.PasswordReplaced++
		s.Replaced = append(s.Replaced, row.Line)
	}
	isOnlyReplaced := status != ledger.Done && code == reason.PasswordReplaced // nothing is wrong: the extension is to come
	isWell := status == ledger.Done && plan.OnlyNotes(code)
	if code != "" && !isOnlyReplaced && !isWell {
		r.errors.Add(ledger.FirstCode(code), row.Line, false, row.Why)
	}
	return nil
}
