package importer

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"etelecom-import/apiclient"
	"etelecom-import/importer/ledger"
	"etelecom-import/importer/phone"
	"etelecom-import/importer/roster"
)

// Action is what is to be done about one row. The zero value is Nothing.
type Action uint8

// The actions.
const (
	Nothing Action = iota // the wanted state holds
	Create                // create the user, then assign the extension
	Assign                // the user is there: assign the extension
	Wait                  // a create's outcome is open: look again later
	Refuse                // the row cannot be carried out; the step's Refusal says what to do
	Later                 // to be done, but beyond --limit
)

// Step is the plan for one row.
type Step struct {
	Action Action
	// Holds says that the tenant shows the wanted state, which the ledger does not know yet.
	Holds bool
	// Owns says that the ledger's entry of the row's phone is shown on this row. Of several rows with one phone, one owns it.
	Owns bool
	// Refusal is the reason why a row is refused; nil for every other action.
	*Refusal
	// User is the user to assign to, or who has the extension already; 0 for one who is to be created.
	User apiclient.ID
	// Extension is the extension that the row names, where it is known. Its number is empty where neither roster nor tenant gave it.
	Extension Extension
	// Warnings are what keeps nobody from carrying the step out, and an employee perhaps from calling.
	Warnings Warnings
}

// Refusal says why a row cannot be carried out.
type Refusal struct{ Code, Why string }

// Plan is one action for each row of the roster, in its order.
type Plan struct {
	// Account is whose tenant it is for, as far as that is known; only a run fills it in.
	Account apiclient.Account
	// Doubts are what does not fit together in what the tenant tells of the account, a sentence each.
	Doubts []string
	// Listed is how many users the tenant lists; Fresh is how old that listing may get before it is read again.
	Listed int
	Fresh  time.Duration
	Steps  []Step
	// Found are users whose id the ledger does not know yet: of creates whose outcome was open, of ids that a spreadsheet
	// has spoiled, and, with adopt, users who were there before.
	Found []Found
	// Restored are extensions whose id in the ledger a spreadsheet has spoiled.
	Restored []Restored
	// Settles is when the first of the waiting rows can be planned anew, by this process's clock; zero if none ever is.
	Settles time.Time
}

// Found is a user whom the tenant shows for a phone.
type Found struct {
	Phone phone.Number
	User  apiclient.ID
}

// Counts are the rows of a plan by action. They add up to the rows of the roster; Later counts as none.
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
		case Nothing, Later:
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

// planner holds what a plan is made from. It changes none of it.
type planner struct {
	roster *roster.Roster
	ledger *ledger.Ledger
	tenant *Tenant
	adopt  bool
	trust  bool // in the listing, although it hides people
	settle time.Duration
	plan   *Plan
	owners map[apiclient.ID]phone.Number // whose the ids of the ledger are
	wanted []apiclient.ID                // the extension of each row, in whichever form it is named; 0: not known, or not looked at

	restored map[phone.Number]Extension // the plan's Restored
}

// MakePlan derives the plan from what the roster wants, what the ledger knows and what the tenant shows.
func MakePlan(r *roster.Roster, l *ledger.Ledger, t *Tenant, o Options) *Plan {
	p := planner{
		r, l, t, o.Adopt, o.TrustListing, o.Settle, &Plan{Steps: make([]Step, len(r.Rows))},
		map[apiclient.ID]phone.Number{},
		make([]apiclient.ID, len(r.Rows)),
		map[phone.Number]Extension{},
	}
	p.find()
	p.restore()
	for i := range r.Rows {
		p.plan.Steps[i] = p.row(i)
	}
	p.own()
	p.refuseShared()
	slices.SortFunc(p.plan.Found, func(a, b Found) int { return cmp.Compare(a.Phone, b.Phone) })
	slices.SortFunc(p.plan.Restored, func(a, b Restored) int { return cmp.Compare(a.Phone, b.Phone) })
	return p.plan
}

// find lists the users of entries whose id is not known, also of entries whose row is invalid or gone.
func (p *planner) find() {
	for e := range p.ledger.Entries() {
		if e.UserID != 0 && len(p.tenant.users) > 0 { // who is there matters only if it was asked
			p.owners[apiclient.ID(e.UserID)] = e.Phone
		}
	}
	for e := range p.ledger.Entries() {
		if id := p.tenant.User(e.Phone); id != 0 && (e.Open() || e.IDLost()) && p.moved(e.Phone) == 0 {
			p.plan.Found = append(p.plan.Found, Found{e.Phone, id})
		}
	}
}

// moved returns the phone for which the ledger has the user whom the tenant shows with this one; 0 if there is none.
func (p *planner) moved(number phone.Number) phone.Number {
	if other := p.owners[p.tenant.User(number)]; other != number {
		return other
	}
	return 0
}

// nobody stands for a phone that the ledger does not know.
var nobody = &ledger.Entry{}

func (p *planner) entry(row *roster.Row) *ledger.Entry {
	if e := p.ledger.Lookup(row.Phone); e != nil && row.Phone != 0 {
		return e
	}
	return nobody
}

// row plans one row: the first rule that fits decides.
func (p *planner) row(i int) Step {
	row := &p.roster.Rows[i]
	e := p.entry(row)
	if e.Status == ledger.Done && p.holds(row, e) {
		return Step{Action: Nothing}
	}
	if problem := p.roster.Problem(i); problem != nil {
		return refuse(problem.Code, "%s", problem.Words().Message)
	}
	x, refusal := p.resolve(row)
	s := p.decide(row, e, x, refusal)
	if refusal == nil {
		p.wanted[i] = x.ID
		s.Extension = x // of a row that is refused or waits, too: the result names it
	}
	s.Warnings = p.warnings(row, &s)
	return s
}

// decide plans a row whose extension was looked for: it is x, unless refusal says why it is not.
func (p *planner) decide(row *roster.Row, e *ledger.Entry, x Extension, refusal *Step) Step {
	user := p.userOf(e)
	if other := p.moved(row.Phone); other != 0 {
		return refuse(codeUserExists, "user %s has this phone now, and stands in the result with %s: if that is not theirs any more, delete its line from the result",
			p.tenant.User(row.Phone), other)
	}
	switch {
	case e.Status == ledger.Done:
		return p.changed(e, user, x, refusal)
	case e.Open() && user == 0 && !p.settled(e):
		return p.wait(e)
	case e.Status == ledger.Created || user != 0:
		return p.existing(row.Phone, user, x, refusal)
	}
	if id := p.tenant.User(row.Phone); id != 0 {
		return p.foundThere(row.Phone, id, x, refusal)
	}
	return p.create(row, e, x, refusal)
}

// userOf returns the id of the user that the entry is known to have, by the ledger or because its create was open.
func (p *planner) userOf(e *ledger.Entry) apiclient.ID {
	if e.UserID != 0 {
		return apiclient.ID(e.UserID)
	}
	if e.Open() || e.IDLost() {
		return p.tenant.User(e.Phone)
	}
	return 0
}

// changed plans a row that is done with another extension than the roster has now.
func (p *planner) changed(e *ledger.Entry, user apiclient.ID, x Extension, refusal *Step) Step {
	has := p.tenant.extensionOf(user)
	switch {
	case refusal == nil && isTheirs(x, user):
		return Step{Action: Nothing, Holds: true, User: user, Extension: x}
	case refusal == nil && user != 0 && has.ID == 0 && p.tenant.ExtensionsListed && p.tenant.present[user] && x.User == 0:
		return Step{Action: Assign, User: user, Extension: x}
	}
	return refuse(codeExtensionChanged, "the roster has %s now, but user %s was given %s: change the extension on the tenant, or put the old one back in the roster",
		p.masked(x), shown(user), extensionText(e.ExtensionID, e.ExtensionNumber))
}

// isTheirs reports whether the extension is one of the user's: there can be several.
func isTheirs(x Extension, user apiclient.ID) bool { return user != 0 && x.ID != 0 && x.User == user }

// settled reports whether the absence of a phone with an open create can be believed.
func (p *planner) settled(e *ledger.Entry) bool {
	return p.settle > 0 && p.tenant.Listed && !p.tenant.Begun.Before(p.settles(e))
}

// settles returns from when on the absence of the entry's user from a listing that begins then means something.
func (p *planner) settles(e *ledger.Entry) time.Time { return p.ledger.Since(e).Add(p.settle) }

func (p *planner) wait(e *ledger.Entry) Step {
	if at := p.settles(e); p.settle > 0 && p.tenant.Listed && (p.plan.Settles.IsZero() || at.Before(p.plan.Settles)) {
		p.plan.Settles = at
	}
	return Step{Action: Wait}
}

// existing plans a row whose user was made, or found, by this job.
func (p *planner) existing(number phone.Number, user apiclient.ID, x Extension, refusal *Step) Step {
	now := p.tenant.User(number)
	if p.tenant.Listed && (user == 0 || !p.tenant.present[user] || now != 0 && now != user) && !(now == 0 && p.justMade(number)) {
		return gone(number, user, now)
	}
	has := p.tenant.extensionOf(user)
	switch {
	case refusal == nil && isTheirs(x, user):
		return Step{Action: Nothing, Holds: true, User: user, Extension: x}
	case has.ID != 0:
		return refuse(codeUserHasExtension, "user %s has %s already: free that one on the tenant, or put it in the roster",
			user, extensionText(int64(has.ID), has.Number))
	case refusal != nil:
		return *refusal
	case x.User != 0:
		return taken(x)
	case user == 0:
		return refuse(codeUserGone, "the id of this user is not known any more, and the key may not list users to find it: use a key that may")
	}
	return Step{Action: Assign, User: user, Extension: x}
}

// justMade reports whether the user may have been made so short a time ago that the listing need not have them yet. How long
// ago an earlier run made them no clock tells for sure, so an assign tries it: its answer, or an earlier run's conclusion,
// says that they are gone.
func (p *planner) justMade(number phone.Number) bool {
	e := p.ledger.Lookup(number)
	if e == nil || e.UserID == 0 || !p.tenant.Begun.Before(p.settles(e)) {
		return false
	}
	code, _ := e.Reason()
	return code != codeUserGone && code != codeNotFound
}

// gone refuses a row whose user is not there any more, or does not have the phone, which the user now has.
func gone(number phone.Number, user, now apiclient.ID) Step {
	switch {
	case now != 0:
		return refuse(codeUserGone, "user %s, made by this job, does not have %s any more; user %s has: delete this line from the result to start anew with them",
			shown(user), number, shown(now))
	case user == 0:
		return refuse(codeUserGone, "the user that this job made is not there any more, and a spreadsheet has spoiled its id: delete this line from the result to create them anew")
	}
	return refuse(codeUserGone, "user %s, made by this job, is not there any more: delete this line from the result to create them anew", user)
}

// foundThere plans a row whose phone was there before this job had to do with it.
func (p *planner) foundThere(number phone.Number, user apiclient.ID, x Extension, refusal *Step) Step {
	if refusal == nil && isTheirs(x, user) {
		return Step{Action: Nothing, Holds: true, User: user, Extension: x}
	}
	if p.adopt {
		p.plan.Found = append(p.plan.Found, Found{number, user})
		return p.existing(number, user, x, refusal)
	}
	if e := p.ledger.Lookup(number); e != nil && e.Exists {
		return refuse(codeUserExists, "user %s has this phone already. The tenant has refused to create them, and may have set their password to this row's: check with them. Run with --adopt to give them the extension, or remove the row", user)
	}
	return refuse(codeUserExists, "user %s has this phone already and was left as they are: run with --adopt to give them the extension, or remove the row", user)
}

// create plans a row whose phone nobody has.
func (p *planner) create(row *roster.Row, e *ledger.Entry, x Extension, refusal *Step) Step {
	switch {
	case refusal != nil:
		return *refusal
	case x.User != 0:
		return taken(x)
	case p.tenant.nameless[row.Phone]:
		return refuse(codeUserExists, "the tenant lists a user with this phone and without an id: ask eTelecom to mend that, or remove the row")
	case e.Exists:
		return refusedBefore(e)
	case !p.trust && p.tenant.masked.fits(row.Phone) != "":
		return refuse(codeUserMasked, "the listing shows a user whose phone is masked, %s, and who may be this person: a create would overwrite their password. Look on the tenant; if it is somebody else, run with --trust-listing",
			p.tenant.masked.fits(row.Phone))
	case row.NoPassword:
		return refuse(codeMissingValue, "the password is empty, and the user would have to be created: fill it in")
	}
	return Step{Action: Create, Extension: x}
}

// refusedBefore refuses a row whose create the tenant has refused after it may have set a password. That the listing does not
// show the user proves nothing: they may be hidden from it. The reason that was recorded holds the tenant's own words.
func refusedBefore(e *ledger.Entry) Step {
	if code, why := e.Reason(); why != "" && (code == codePrecondition || code == codeAlreadyExists) {
		return refuse(code, "%s", why)
	}
	return refuse(codeUserExists, "a create of this phone was answered with \"already exists\", and the listing does not show the user: it is not created again. Look for them on the tenant; delete this line from the result to start anew")
}

func refuse(code, format string, args ...any) Step {
	return Step{Action: Refuse, Refusal: &Refusal{code, fmt.Sprintf(format, args...)}}
}
