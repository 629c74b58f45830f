package console

import (
	"errors"
	"fmt"
	"os"
	"strconv"
	"time"

	"etelecom-import/importer"
	"etelecom-import/importer/ledger"
	"etelecom-import/importer/phone"
)

// standing is what result and journal say. Its JSON form is an interface.
type standing struct {
	Account          importer.AccountSummary `json:"account"`
	Result           string                  `json:"result"`
	Run              string                  `json:"run"` // "on", "interrupted" or "over"
	By               string                  `json:"by"`  // who has the lock, or had it; "" if the run is over
	Rows             int                     `json:"rows"`
	Status           importer.StatusCounts   `json:"status"`
	Errors           []importer.Group        `json:"errors"`
	Warnings         []importer.Group        `json:"warnings"`
	PasswordReplaced int                     `json:"password_replaced"`
	Open             int                     `json:"open"` // creates whose outcome is not known

	groups   importer.Groups
	warned   importer.Groups
	replaced []int
	seen     map[*ledger.Entry]bool // entries that stand in the result CSV
	ledger   *ledger.Ledger
	journal  bool
}

// Status says what a result CSV and its journal say. It takes no lock and makes no call.
func (c *Console) Status(result string) error {
	s, err := readStanding(result)
	if err != nil {
		return err
	}
	if c.opts.JSON {
		c.printJSON(s)
		return nil
	}
	c.standing(s)
	return nil
}

func readStanding(result string) (*standing, error) {
	l, err := ledger.Read(ledger.OS{}, result)
	if err != nil {
		return nil, err
	}
	s := &standing{Account: importer.AccountSummary{ID: l.Account()}, Result: result, Run: "over", ledger: l, seen: map[*ledger.Entry]bool{}}
	if by, running := l.Held(); by != "" {
		s.By, s.Run = by, "interrupted"
		if running {
			s.Run = "on"
		}
	}
	s.journal = l.HasJournal()
	err = s.readResult()
	if errors.Is(err, os.ErrNotExist) && (s.journal || s.Run == "on") {
		err = nil // the first run has written no result yet
	}
	s.addRest()
	s.Errors, s.Warnings = s.groups.List(), s.warned.List()
	return s, err
}

func (s *standing) readResult() error {
	f, err := os.Open(s.ledger.Path())
	if err != nil {
		return &Hinted{err, "name the result CSV of a run, such as employees.result.csv"}
	}
	defer f.Close()
	return ledger.ReadLines(f, func(_ int, l *ledger.Line) error {
		s.line(l)
		return nil
	})
}

// line takes in one line of the result, or what the journal says of its phone since.
func (s *standing) line(l *ledger.Line) {
	status, code, why := statusOf(l.Status), l.ErrorCode, l.Error
	e := s.ledger.Lookup(phone.Normalize(l.Phone))
	if e != nil {
		s.seen[e] = true
		if s.journal && newer(e, l) {
			status = e.Status
			code, why = e.Reason()
		}
	}
	if number, err := strconv.Atoi(l.Line); err == nil { // else it is gone from the employee file, and counts as nothing
		s.add(number, status, code, why)
	}
}

func (s *standing) add(line int, status ledger.Status, code, why string) {
	s.Rows++
	s.Status.Add(status)
	warnings := importer.Warnings(0)
	if status == ledger.Done {
		warnings = importer.WarningsOf(code)
	}
	for w := range warnings.Each() {
		s.warned.Add(w.Code(), line, false, w.Why())
	}
	if ledger.HasCode(code, ledger.CodePasswordReplaced) {
		s.PasswordReplaced++
		s.replaced = append(s.replaced, line)
	}
	if code != "" && (status != ledger.Done || !importer.OnlyNotes(code)) {
		s.groups.Add(ledger.FirstCode(code), line, false, why)
	}
}

// addRest takes in what stands in the journal alone.
func (s *standing) addRest() {
	for e := range s.ledger.Entries() {
		if e.Open() {
			s.Open++
		}
		if !s.seen[e] && s.journal {
			code, why := e.Reason()
			s.add(0, e.Status, code, why)
		}
	}
}

// newer reports whether the ledger knows more of a phone than its line in the result: the journal told.
func newer(e *ledger.Entry, l *ledger.Line) bool {
	attempts, _ := strconv.Atoi(l.Attempts)
	updated, _ := time.Parse(time.RFC3339, l.UpdatedAt)
	return e.Attempts > attempts || e.Updated > updated.Unix()
}

func statusOf(word string) ledger.Status {
	for s := ledger.Pending; s <= ledger.Done; s++ {
		if s.String() == word {
			return s
		}
	}
	return ledger.Pending
}

func (c *Console) standing(s *standing) {
	fmt.Fprintf(c.out, "%s: account %s\n", c.out.bold(oneLine(s.Result)), oneLine(s.Account.ID))
	switch s.Run {
	case "on":
		fmt.Fprintf(c.out, "%s: %s\n", c.out.yellow("a run is on"), oneLine(s.By))
	case "interrupted":
		fmt.Fprintf(c.out, "%s (%s): run the same command again to go on\n", c.out.yellow("the last run did not end in order"), oneLine(s.By))
	}
	so := ""
	if s.Run != "over" {
		so = " so far"
	}
	fmt.Fprintf(c.out, "%s%s: %s\n", c.out.bold(count(s.Rows, "row")), so, c.statuses(s.Status))
	c.groups(c.out, s.Errors)
	c.warnings(c.out, s.Warnings)
	c.replaced(s.PasswordReplaced, s.replaced)
	if s.Open > 0 {
		next := "the next run looks for the user before it does anything else"
		if s.groups.Has(importer.CodeCannotLook) {
			next = "a run with a key that may list users looks for the user first; otherwise only a person who looks at eTelecom can tell"
		}
		fmt.Fprintf(c.out, "\n%s whose outcome is not known: %s\n", count(s.Open, "create"), next)
	}
}
