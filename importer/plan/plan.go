// Package plan derives one action for each row of the roster from what the roster wants, what the ledger knows and what the
// tenant shows. It is pure: it makes no call, reads no clock and writes nothing, so that the same three give the same plan.
//
// A row may name no extension (free.go). It gets the one that its user has, else the one that the ledger holds for it, else a free one:
// nobody has it and nobody is to get it. An extension is chosen if this tool has picked it for a row, now or in an earlier run. A plan is
// made ([Make]), then put off in part ([Plan.Defer]), and only then it chooses ([Plan.Choose]), so that no row that is put off takes a
// number.
package plan

import (
	"time"
	"unicode"
	"unicode/utf8"

	"etelecom-import/apiclient"
	"etelecom-import/importer/ledger"
	"etelecom-import/importer/phone"
	"etelecom-import/importer/roster"
	"etelecom-import/importer/tenant"
)

// Action is what is to be done about one row. The zero value is NoOp.
type Action uint8

// The actions.
const (
	NoOp     Action = iota // the wanted state is there
	Create                 // create the user, then assign the extension
	Assign                 // the user is there: assign the extension
	Wait                   // the outcome of a create is open: look again later
	Refuse                 // the row cannot be carried out; the step's Refusal says why
	Deferred               // to be created or assigned, but by a later run
)

// Step is the plan for one row.
type Step struct {
	Action Action
	// Satisfied says that the tenant shows the wanted state, which the ledger does not know yet. The action is NoOp then.
	Satisfied bool
	// Primary says that the result shows the ledger's entry of the row's phone on this row. If several rows have one phone, one
	// of them is primary.
	Primary bool
	// Refusal is the reason why a row is refused; nil for every other action.
	*Refusal
	// User is the user to assign to, or who has the extension already; 0 for one who is to be created.
	User apiclient.ID
	// Extension is the one that the row names, as far as it is known. Its number is empty if neither roster nor tenant gave it.
	Extension tenant.Extension
	// Chosen says that the row names no extension, and that this tool has chosen the Extension, now or in an earlier run.
	Chosen bool
	// choose says that an extension is to be chosen for the row: see [Plan.Choose].
	choose bool
	// Warnings do not keep the step from being carried out, but perhaps the employee from calling.
	Warnings Warnings
}

// writes reports whether the step sends something that changes the tenant.
func (s *Step) writes() bool { return s.Action == Create || s.Action == Assign }

// GivesChosen reports whether the step gives the user an extension that this tool has chosen.
func (s *Step) GivesChosen() bool { return s.Chosen && (s.writes() || s.Action == Wait) }

// Refusal says why a row cannot be carried out. Its texts are in the language of the process.
type Refusal struct {
	Code    string // one of package reason
	Problem string // what is wrong
	Hint    string // what to do; "" if the problem says it
}

// Why returns problem and hint as the sentences of one text.
func (r *Refusal) Why() string {
	if r.Hint == "" {
		return r.Problem
	}
	first, n := utf8.DecodeRuneInString(r.Hint)
	return r.Problem + ". " + string(unicode.ToUpper(first)) + r.Hint[n:]
}

// Plan is one step for each row of the roster, in its order. Nobody changes it once it is made.
type Plan struct {
	Steps []Step
	// Discovered are users whose id the ledger does not know yet: of creates whose outcome was open, of ids that a spreadsheet
	// has damaged, and, with [Options.Adopt], users who were there before. Sorted by phone.
	Discovered []Discovered
	// Restored are extensions whose id in the ledger a spreadsheet has damaged. Sorted by phone.
	Restored []Restored
	// RetryAt is when the first of the waiting rows can be planned again, by this process's clock; zero if none ever can.
	RetryAt time.Time
}

// Discovered is a user whom the tenant shows for a phone.
type Discovered struct {
	Phone phone.Number
	User  apiclient.ID
}

// Restored is the extension that the tenant shows with the user of a phone. It agrees with what is left in the ledger.
type Restored struct {
	Phone     phone.Number
	Extension tenant.Extension
}

// Unobserved returns the plan of rows about which nothing is known of the tenant: nothing is to be done about any of them.
func Unobserved(rows int) *Plan {
	p := &Plan{Steps: make([]Step, rows)}
	for i := range p.Steps {
		p.Steps[i].Primary = true
	}
	return p
}

// Defer leaves every create and assign of a row that is not allowed to a later run. It belongs to the making of a plan: it is
// called before anybody sees the plan.
func (p *Plan) Defer(allowed func(row int) bool) {
	for i := range p.Steps {
		if s := &p.Steps[i]; s.writes() && !allowed(i) {
			s.Action = Deferred
		}
	}
}

// Choose gives each step that may take place, and whose row has no extension yet, the next free one: in the order of the rows and of
// the numbers. A row for which none is left is refused. Choose belongs to the making of a plan, and comes after Defer: a row that is put
// off takes no number. If nobody can tell which extensions are meant, it says why, and nothing may be sent.
func (p *Plan) Choose(r *roster.Roster, l *ledger.Ledger, s *tenant.Snapshot, f Free) *Refusal {
	c := chooser{roster: r, ledger: l, tenant: s, free: f}
	for i := range p.Steps {
		if p.needsChoice(&p.Steps[i]) {
			c.steps = append(c.steps, i)
		}
	}
	if len(c.steps) == 0 {
		return nil
	}
	if why := c.check(); why != nil {
		return why
	}
	c.choose(p.Steps)
	return nil
}

// needsChoice reports whether the step takes a free extension. A row whose waiting can end takes one, too: it may be created later in the
// run, and people agree to its number with those of the others.
func (p *Plan) needsChoice(s *Step) bool {
	mayAct := s.writes() || s.Action == Wait && !p.RetryAt.IsZero()
	return s.choose && mayAct && !s.Chosen
}

// Counts are the rows of a plan by action. They add up to the rows of the roster; Deferred counts as none.
type Counts struct {
	Create int `json:"create"`
	Assign int `json:"assign"`
	None   int `json:"none"`
	Wait   int `json:"wait"`
	Refuse int `json:"refuse"`
}

// Counts counts the actions.
func (p *Plan) Counts() Counts {
	var c Counts
	for i := range p.Steps {
		switch p.Steps[i].Action {
		case Create:
			c.Create++
		case Assign:
			c.Assign++
		case NoOp, Deferred:
			c.None++
		case Wait:
			c.Wait++
		case Refuse:
			c.Refuse++
		}
	}
	return c
}

// Writes returns the number of rows that the plan acts on.
func (c Counts) Writes() int { return c.Create + c.Assign }
