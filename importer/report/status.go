package report

import (
	"errors"
	"os"
	"strconv"
	"strings"
	"time"

	"etelecom-import/importer"
	"etelecom-import/importer/hint"
	"etelecom-import/importer/ledger"
	"etelecom-import/importer/phone"
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
	r := &statusReader{ledger: l, inResult: map[*ledger.Entry]bool{}}
	r.status = Status{Account: importer.AccountSummary{ID: l.Account()}, Result: result, Run: RunOver}
	if by, running := l.LockHolder(); by.String() != "" {
		r.status.Holder, r.status.By, r.status.Waiting, r.status.Run = by, by.UTC(), by.Waiting(), RunInterrupted
		if running {
			r.status.Run = RunOn
		}
	}
	err = r.readResult()
	if errors.Is(err, os.ErrNotExist) && (l.HasJournal() || r.status.Run == RunOn) {
		err = nil
	}
	if err != nil {
		return nil, err
	}
	r.addRest()
	r.status.Errors, r.status.Warnings = r.errors.List(), r.warnings.List()
	r.status.CannotLook = r.errors.Has(reason.CannotLook)
	return &r.status, nil
}

// statusReader merges result and journal, row by row: the result has the rows of the employee file in their order, and the
// journal has what became of them since.
type statusReader struct {
	ledger           *ledger.Ledger
	status           Status
	errors, warnings importer.Groups
	inResult         map[*ledger.Entry]bool
}

func (r *statusReader) readResult() error {
	f, err := os.Open(r.ledger.Path())
	if err != nil {
		return hint.With(err, "name the result CSV of a run, such as employees.result.csv")
	}
	defer f.Close()
	return ledger.ReadLines(f, func(_ int, l *ledger.Line) error {
		r.addLine(l)
		return nil
	})
}

// addLine takes in a line of the result, or what the journal knows of its phone if that is newer.
func (r *statusReader) addLine(l *ledger.Line) {
	// The ledger has read the same file, and refuses a file with an unknown status.
	status, _ := ledger.ParseStatus(strings.TrimSpace(l.Status))
	code, why := l.ErrorCode, l.Error
	if e := r.ledger.Lookup(phone.Normalize(l.Phone)); e != nil {
		r.inResult[e] = true
		if r.ledger.HasJournal() && newer(e, l) {
			status = e.Status
			code, why = e.Reason()
		}
	}
	// A person who is not in the employee file any more has no line number there, and counts as no row.
	if number, err := strconv.Atoi(l.Line); err == nil {
		r.add(number, status, code, why)
	}
}

// add counts one row. line is 0 if only the journal has the row.
func (r *statusReader) add(line int, status ledger.Status, code, why string) {
	s := &r.status
	s.Rows++
	s.Status.Add(status)
	if status == ledger.Done {
		for w := range plan.WarningsOf(code).Each() {
			r.warnings.Add(w.Code(), line, false, w.Why())
		}
	}
	if ledger.HasCode(code, reason.PasswordReplaced) {
		s.PasswordReplaced++
		s.Replaced = append(s.Replaced, line)
	}
	if code != "" && (status != ledger.Done || !plan.OnlyNotes(code)) {
		r.errors.Add(ledger.FirstCode(code), line, false, why)
	}
}

// addRest takes in the entries that only the journal has: those of a run that has not written its result yet.
func (r *statusReader) addRest() {
	for e := range r.ledger.Entries() {
		if e.Open() {
			r.status.Open++
		}
		if !r.inResult[e] && r.ledger.HasJournal() {
			code, why := e.Reason()
			r.add(0, e.Status, code, why)
		}
	}
}

// newer reports whether an entry is newer than the line of its phone in the result. Then it is from the journal.
func newer(e *ledger.Entry, l *ledger.Line) bool {
	attempts, _ := strconv.Atoi(l.Attempts)
	updated, _ := time.Parse(time.RFC3339, l.UpdatedAt)
	return e.Attempts > attempts || e.Updated > updated.Unix()
}
