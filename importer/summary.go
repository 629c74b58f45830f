package importer

import (
	"cmp"
	"slices"

	"etelecom-import/importer/ledger"
	"etelecom-import/importer/plan"
	"etelecom-import/importer/reason"
	"etelecom-import/importer/roster"
)

// Summary is how a run ended, or what a dry run found. Its JSON form is a part of the interface to monitors, which package report completes.
type Summary struct {
	Account          AccountSummary   `json:"account"`
	DryRun           bool             `json:"dry_run"`
	Rows             int              `json:"rows"`
	Plan             plan.Counts      `json:"plan"`
	Status           StatusCounts     `json:"status"`
	Errors           []Group          `json:"errors"`
	Warnings         []Group          `json:"warnings"`          // what may keep employees from calling; it changes no exit code
	Skipped          []roster.Skipped `json:"skipped"`           // rows of the employee file that are in no count; never nil
	PasswordReplaced int              `json:"password_replaced"` // rows whose user was there before and has a new password
	Gone             int              `json:"gone"`              // people who had a row in the last result and have none in this file
	Added            int              `json:"added"`             // people who have a row in this file and had none in the last result
	Changed          int              `json:"changed"`           // people with another name or extension than in the last result
	ChangedRows      []ChangedRows    `json:"changes"`           // the rows of these people, by what is different; never nil
	FreeExtensions   []GivenExtension `json:"free_extensions"`   // what the first plan gives to rows that name no extension; never nil
	Requests         int64            `json:"requests"`
	Seconds          float64          `json:"seconds"`
	Stopped          string           `json:"stopped"` // why the run ended early, in a word; "" if it did not

	// Result is the path of the result CSV that was worked on. A link has been followed. It is "" if there was none.
	Result string `json:"-"`
	// Written says that the result CSV holds all of this.
	Written bool `json:"-"`
	// Replaced are the first lines of the rows that PasswordReplaced counts.
	Replaced []int `json:"-"`
	// GoneUnknown are entries that the roster does not have any more and whose outcome is unknown. No count has them.
	GoneUnknown int `json:"-"`
	// CannotLook says that the key may not list users: what is unknown stays so.
	CannotLook bool `json:"-"`
	// DoneRefused are rows that are done, but not as the roster wants them now.
	DoneRefused int `json:"-"`
	// Later are rows that --limit has put off.
	Later int `json:"-"`
	// Changes says more of Gone, Added and Changed.
	Changes Changes `json:"-"`
	// New, Due and Known are rows that a person has to correct: those that are not as they were told last; those that are, but
	// were told --remind ago; and the others. Rows that are created count as New. Together they are [Summary.Refusals].
	New, Due, Known int `json:"-"`
	// ReplacedNew are those rows of PasswordReplaced that nobody was told of.
	ReplacedNew int `json:"-"`
	// Pressing are the rows of Errors that are not Known.
	Pressing int `json:"-"`
	// FailOn is the run's --fail-on.
	FailOn FailOn `json:"-"`
	// DetailedExitcode is the run's --detailed-exitcode.
	DetailedExitcode bool `json:"-"`
	// Unrecorded are entries that could be written nowhere: the only place that has them is what is printed now.
	Unrecorded []*ledger.Entry `json:"-"`
}

// SetChanges takes in how the employee file differs from the last result.
func (s *Summary) SetChanges(d Changes) {
	s.Changes = d
	s.Gone, s.Added, s.Changed, s.ChangedRows = d.Gone.People, len(d.Added), len(d.Changed), d.Groups()
}

// Refusals returns how many rows are not done and will not be by running again as they are. Only if there are none was the run a
// success, whatever its exit code is (the last_success of the metrics).
func (s *Summary) Refusals() int {
	n := s.Plan.Refuse
	if !s.DryRun {
		n = s.Status.Failed + s.Status.Invalid + s.Status.Created + s.DoneRefused
	}
	return n
}

// Failures returns how many of the refusals make the run fail: all, or with --fail-on new those that people do not know.
func (s *Summary) Failures() int {
	if s.FailOn == FailOnNew {
		return s.Refusals() - s.Known
	}
	return s.Refusals()
}

// AccountSummary names the tenant's account.
type AccountSummary struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// StatusCounts are the rows of the roster by status.
type StatusCounts struct {
	Done    int `json:"done"`
	Created int `json:"created"`
	Failed  int `json:"failed"`
	Unknown int `json:"unknown"`
	Invalid int `json:"invalid"`
	Pending int `json:"pending"`
}

// Add counts one row.
func (c *StatusCounts) Add(s ledger.Status) {
	switch s {
	case ledger.Done:
		c.Done++
	case ledger.Created:
		c.Created++
	case ledger.Failed:
		c.Failed++
	case ledger.Unknown:
		c.Unknown++
	case ledger.Invalid:
		c.Invalid++
	case ledger.Pending:
		c.Pending++
	}
}

// Group is the rows that one cause keeps from being done.
type Group struct {
	Code string `json:"code"`
	Rows int    `json:"rows"`
	New  int    `json:"new"` // of these, not as they were told last
	// Known are those that --fail-on new hides.
	Known int `json:"-"`
	// Lines are the first of their lines in the roster, at most 100.
	Lines []int `json:"lines"`
	// Hint says what to do.
	Hint string `json:"hint"`
	// Example is the reason of the first row.
	Example string `json:"-"`
}

const maxLines = 100

func (g *Group) add(line int, isNew bool, why string) {
	if g.Rows == 0 {
		g.Example = why
	}
	g.Rows++
	if isNew {
		g.New++
	}
	if len(g.Lines) < maxLines {
		g.Lines = append(g.Lines, line)
	}
}

// Groups collects rows by cause. The zero value is ready.
type Groups struct{ byCode map[string]*Group }

// Add takes in one row that is not done, or is done with something to tell.
func (g *Groups) Add(code string, line int, isNew bool, why string) {
	if g.byCode == nil {
		g.byCode = map[string]*Group{}
	}
	group := g.byCode[code]
	if group == nil {
		group = &Group{Code: code, Hint: reason.Hint(code)}
		g.byCode[code] = group
	}
	group.add(line, isNew, why)
}

// known marks the row that was added last with a code as one that people know.
func (g *Groups) known(code string) { g.byCode[code].Known++ }

// Has reports whether a row of this cause was added.
func (g *Groups) Has(code string) bool { return g.byCode[code] != nil }

// List returns the groups, the largest first; never nil.
func (g *Groups) List() []Group {
	list := make([]Group, 0, len(g.byCode))
	for _, group := range g.byCode {
		list = append(list, *group)
	}
	slices.SortFunc(list, func(a, b Group) int {
		return cmp.Or(cmp.Compare(b.Rows, a.Rows), cmp.Compare(a.Code, b.Code))
	})
	return list
}
