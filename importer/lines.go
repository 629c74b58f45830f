package importer

import (
	"cmp"
	"iter"
	"slices"
	"strconv"
	"strings"

	"etelecom-import/importer/ledger"
	"etelecom-import/importer/phone"
	"etelecom-import/importer/plan"
	"etelecom-import/importer/reason"
	"etelecom-import/importer/roster"
)

// lines yields the result: a line for each row of the roster, in its order, and last those of the ledger's entries that
// the roster does not have any more and that must not be forgotten.
func (j *job) lines() iter.Seq[*ledger.Line] {
	return func(yield func(*ledger.Line) bool) {
		for i := range j.roster.Rows {
			line := j.line(i)
			if !yield(&line) {
				return
			}
		}
		for _, e := range j.gone() {
			line := j.ledger.Line(e)
			if j.cannotLook(e) {
				line.ErrorCode, line.Error = reason.CannotLook, withoutALook(e)
			}
			if !yield(&line) {
				return
			}
		}
	}
}

// line returns the result of one row.
func (j *job) line(i int) ledger.Line {
	row := &j.roster.Rows[i]
	e := j.entry(i)
	line := j.ledger.Line(e)
	status, code, why := j.standing(i)
	line.Line, line.Name, line.Phone = strconv.Itoa(row.Line), row.Name, row.Phone.String()
	line.Status, line.ErrorCode, line.Error = status.String(), code, why
	line.AccountID = j.account.named.ID
	if e.Status != ledger.Done {
		line.ExtensionID, line.ExtensionNumber = j.idOf(i), j.numberOf(i)
	}
	return line
}

// idOf returns the id of the row's extension, where roster or tenant gave it; "" for one that may be a password.
func (j *job) idOf(i int) string {
	id := j.roster.Rows[i].ExtensionID
	if id == 0 {
		id = int64(j.plan.Steps[i].Extension.ID)
	}
	text := strconv.FormatInt(id, 10)
	if id == 0 || !j.knownExtension(i) && roster.Masked(text) != text {
		return ""
	}
	return text
}

// numberOf returns the number of the row's extension, where roster or tenant gave it; "" for one that may be a password.
func (j *job) numberOf(i int) string {
	n := j.roster.Rows[i].ExtensionNumber
	switch known := j.plan.Steps[i].Extension.Number; {
	case n == "" || n == known:
		return known
	case roster.Masked(n) != n:
		return ""
	}
	return n
}

// knownExtension reports whether the plan has found the row's extension on the tenant, or takes its id as it is.
func (j *job) knownExtension(i int) bool {
	return int64(j.plan.Steps[i].Extension.ID) == j.roster.Rows[i].ExtensionID
}

// noEntry is the entry of a row that shows none.
var noEntry = &ledger.Entry{}

// entry returns the ledger's entry that the row shows; noEntry if it shows none.
func (j *job) entry(i int) *ledger.Entry {
	row := &j.roster.Rows[i]
	if e := j.ledger.Lookup(row.Phone); e != nil && row.Phone != 0 && j.plan.Steps[i].Primary {
		return e
	}
	return noEntry
}

// standing returns how far a row is and why it is not further, and what may keep the employee from calling. A refusal never
// takes back what was reached. What there is to tell of a row that is done stands in the ledger.
func (j *job) standing(i int) (status ledger.Status, code, why string) {
	status, code, why = j.reached(i)
	if w := j.plan.Steps[i].Warnings; w != 0 && status != ledger.Done {
		why += "; " + w.Why()
	}
	return status, code, why
}

func (j *job) reached(i int) (status ledger.Status, code, why string) {
	e, step := j.entry(i), &j.plan.Steps[i]
	if step.Action != plan.Refuse && j.cannotLook(e) {
		return e.Status, reason.CannotLook, withoutALook(e)
	}
	if code, why = e.Reason(); code == reason.CannotLook { // it was so in an earlier run
		code, why = "", ""
	}
	if step.Action != plan.Refuse && (code != "" || e.Status == ledger.Done) {
		return e.Status, code, why
	}
	if step.Action != plan.Refuse {
		return e.Status, "", left(e.Status, step.Action)
	}
	if e.Exists && step.Code != reason.UserExists && step.Code != reason.Precondition && step.Code != reason.AlreadyExists {
		return max(e.Status, ledger.Failed), reason.UserExists, step.Why() + ". Also: a create of this phone was answered with \"already exists\""
	}
	if e.Status > ledger.Failed {
		return e.Status, step.Code, step.Why()
	}
	if step.Code == reason.UserExists && e.Attempts > 0 && !e.Exists {
		// A create of this phone was answered, and not with "exists": should the person leave, the row is as good as new.
		before, _ := e.Reason()
		return ledger.Failed, ledger.JoinCodes(reason.UserExists, cmp.Or(ledger.LastCode(before), reason.Unavailable)), step.Why()
	}
	if j.roster.Problem(i) != nil || step.Code == reason.MissingValue || step.Code == reason.BadExtension || step.Code == reason.DuplicateExtension {
		return ledger.Invalid, step.Code, step.Why()
	}
	return ledger.Failed, step.Code, step.Why()
}

// cannotLook reports whether the outcome of the entry's create is open and no run with this key will find it out.
func (j *job) cannotLook(e *ledger.Entry) bool { return e.Open() && j.lacksListing() }

// lacksListing reports whether the run goes on with a key that may not list users.
func (j *job) lacksListing() bool { return j.opts.Blind && j.plan != nil && !j.seen.usersKnown }

// withoutALook says what became of an open create, as far as that is known, and who can find out more.
func withoutALook(e *ledger.Entry) string {
	const wayOut = "This key may not list users, so this tool cannot look whether the user is there, and does not create them again. " +
		"Only a run with a key that may list users, or a person who looks at eTelecom, can tell"
	code, why := e.Reason()
	if code == reason.CannotLook {
		return why
	}
	why = strings.TrimSuffix(why, "; "+reason.Todo(code))
	return cmp.Or(why, "a create was sent, and its answer is not known") + ". " + wayOut
}

// left says what is to be done about a row that nothing is wrong with and that is not done.
func left(status ledger.Status, planned plan.Action) string {
	switch {
	case status == ledger.Unknown:
		return "a create was sent, or was about to be, and its answer is not known: run again, which looks first"
	case planned == plan.Deferred:
		return "put off by --limit: run again"
	case status == ledger.Created:
		return "the extension is not assigned yet: run again"
	}
	return "not reached yet: run again"
}

// gone returns the entries without a row that hold a user's id, or whose outcome is open, or that must not be created
// again, by phone.
func (j *job) gone() []*ledger.Entry {
	shown := make([]phone.Number, len(j.roster.Rows)) // one can be there twice
	for i := range shown {
		shown[i] = j.entry(i).Phone
	}
	slices.Sort(shown)
	var gone []*ledger.Entry
	for e := range j.ledger.Entries() {
		if _, there := slices.BinarySearch(shown, e.Phone); !there && (e.UserID != 0 || e.IDLost() || e.Open() || e.Exists) {
			gone = append(gone, e)
		}
	}
	slices.SortFunc(gone, func(a, b *ledger.Entry) int { return cmp.Compare(a.Phone, b.Phone) })
	return gone
}
