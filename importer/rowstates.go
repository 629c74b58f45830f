package importer

import (
	"cmp"
	"iter"
	"slices"
	"strconv"
	"strings"
	"time"

	"etelecom-import/apiclient/message"
	"etelecom-import/importer/ledger"
	"etelecom-import/importer/phone"
	"etelecom-import/importer/plan"
	"etelecom-import/importer/reason"
	"etelecom-import/importer/roster"
)

// rowStates is what result and summary say of the rows, as things are now. It changes nothing.
type rowStates struct {
	roster    *roster.Roster
	ledger    *ledger.Ledger
	plan      *plan.Plan
	accountID string
	dryRun    bool
	observed  bool  // there is a plan
	blind     bool  // --blind, and the key may not list users
	told      *news // what people know of the rows; nil where no line is made
}

// lines yields the result: a line for each row of the roster, in its order, and last those of the ledger's entries that
// the roster does not have any more and that must not be forgotten.
func (r *rowStates) lines() iter.Seq[*ledger.Line] {
	return func(yield func(*ledger.Line) bool) {
		for i := range r.roster.Rows {
			line := r.line(i)
			if !yield(&line) {
				return
			}
		}
		for _, e := range r.orphans() {
			line := r.ledger.Line(e)
			line.ToldAt = r.toldOfGone(&line)
			if r.cannotLook(e) {
				line.ErrorCode, line.Error = reason.CannotLook, withoutALook(e)
			}
			if !yield(&line) {
				return
			}
		}
	}
}

// line returns the result of one row.
func (r *rowStates) line(i int) ledger.Line {
	status, code, why := r.rowStatus(i)
	line := r.lineAs(i, status, code, why)
	line.ToldAt = r.told.toldAt(i)
	return line
}

// lineAs returns the result of one row whose status is known, without when it was told.
func (r *rowStates) lineAs(i int, status ledger.Status, code, why string) ledger.Line {
	row := &r.roster.Rows[i]
	e := r.entry(i)
	line := r.ledger.Line(e)
	line.Line, line.Name, line.Phone = strconv.Itoa(row.Line), cmp.Or(row.Name, line.Name), row.Phone.String()
	line.Status, line.ErrorCode, line.Error = status.String(), e.WithReplaced(code), why
	line.AccountID = r.accountID
	switch {
	case e.Status == ledger.Done, row.NoExtension && e.HoldsExtension():
	default:
		line.ExtensionID, line.ExtensionNumber, line.ExtensionFrom = r.idOf(i), r.numberOf(i), ""
	}
	return line
}

// summarize counts the rows as they are now.
func (r *rowStates) summarize(t *tally) *Summary {
	s := &Summary{Result: r.ledger.Path(), Rows: len(r.roster.Rows), CannotLook: r.blind, Skipped: r.roster.Dialect.Skipped()}
	var groups, warned Groups
	for i := range r.roster.Rows {
		row, step := &r.roster.Rows[i], &r.plan.Steps[i]
		status, code, why := r.rowStatus(i)
		s.Status.Add(status)
		r.countNews(s, i, status, t)
		if r.entry(i).Replaced {
			s.PasswordReplaced++
			if len(s.Replaced) < maxLines {
				s.Replaced = append(s.Replaced, row.Line)
			}
		}
		if step.Action == plan.Deferred {
			s.Later++
		}
		if r.doneOtherwise(i, status, t) {
			s.DoneRefused++
		}
		warnings := step.Warnings
		if status == ledger.Done {
			warnings |= plan.WarningsOf(code)
		}
		for w := range warnings.Each() {
			warned.Add(w.Code(), row.Line, t.isNewWarning(row.Phone, w), w.Why())
		}
		if code != "" && (status != ledger.Done || !plan.OnlyNotes(code)) {
			toldBefore := r.told.rows[i].knowledge != isNew
			groups.Add(ledger.FirstCode(code), row.Line, !toldBefore, why)
			if r.told.isKnown(i) {
				groups.known(ledger.FirstCode(code))
			} else {
				s.Pressing++
			}
		}
	}
	s.Errors, s.Warnings = groups.List(), warned.List()
	for _, e := range r.orphans() {
		if e.Open() {
			s.GoneUnknown++
		}
	}
	return s
}

// idOf returns the id of the row's extension, where roster or tenant gave it; "" for one that may be a password.
func (r *rowStates) idOf(i int) string {
	id := r.roster.Rows[i].ExtensionID
	if r.roster.Rows[i].NoExtension { // the plan's choice is in the ledger once it counts
		return ""
	}
	if id == 0 {
		id = int64(r.plan.Steps[i].Extension.ID)
	}
	text := strconv.FormatInt(id, 10)
	if id == 0 || !r.knownExtension(i) && roster.Masked(text) != text {
		return ""
	}
	return text
}

// numberOf returns the number of the row's extension, where roster or tenant gave it; "" for one that may be a password.
func (r *rowStates) numberOf(i int) string {
	n := r.roster.Rows[i].ExtensionNumber
	if r.roster.Rows[i].NoExtension {
		return ""
	}
	switch known := r.plan.Steps[i].Extension.Number; {
	case n == "" || n == known:
		return known
	case roster.Masked(n) != n:
		return ""
	}
	return n
}

// knownExtension reports whether the plan has found the row's extension on the tenant, or takes its id as it is.
func (r *rowStates) knownExtension(i int) bool {
	return int64(r.plan.Steps[i].Extension.ID) == r.roster.Rows[i].ExtensionID
}

// noEntry is the entry of a row that shows none.
var noEntry = &ledger.Entry{}

// entry returns the ledger's entry that the row shows; noEntry if it shows none.
func (r *rowStates) entry(i int) *ledger.Entry {
	row := &r.roster.Rows[i]
	if e := r.ledger.Lookup(row.Phone); e != nil && row.Phone != 0 && r.plan.Steps[i].Primary {
		return e
	}
	return noEntry
}

// rowStatus returns how far a row is and why it is not further, and what may keep the employee from calling. The ledger has
// what there is to tell of a row that is done.
func (r *rowStates) rowStatus(i int) (status ledger.Status, code, why string) {
	e, step := r.entry(i), &r.plan.Steps[i]
	if step.Action == plan.Refuse {
		status, code, why = r.refused(i, e, step)
	} else {
		status, code, why = r.unrefused(e, step)
	}
	if step.Warnings != 0 && status != ledger.Done {
		why += "; " + step.Warnings.Why()
	}
	return status, code, why
}

// unrefused returns how far a row is that the plan does not refuse.
func (r *rowStates) unrefused(e *ledger.Entry, step *plan.Step) (status ledger.Status, code, why string) {
	if r.cannotLook(e) {
		return e.Status, reason.CannotLook, withoutALook(e)
	}
	code, why = e.Reason()
	if code == reason.CannotLook { // an earlier run could not look
		code, why = "", ""
	}
	isWell, refusedBefore := e.Status == ledger.Done && step.Action == plan.NoOp, code != "" && !plan.OnlyNotes(code)
	if r.observed && isWell && refusedBefore {
		code, why = plan.Notes(e, plan.WarningsOf(code)) // what an earlier run refused is as it should be again
	}
	if code == "" && e.Status != ledger.Done {
		why = pendingReason(e.Status, step.Action)
	}
	return e.Status, code, why
}

// refused returns how far a row is that the plan refuses. A refusal never takes back what was reached.
func (r *rowStates) refused(i int, e *ledger.Entry, step *plan.Step) (status ledger.Status, code, why string) {
	switch step.Code {
	case reason.UserExists, reason.Precondition, reason.AlreadyExists:
	default:
		// That the API has refused a create, perhaps after it had set a password, must not be forgotten for another reason.
		if e.Exists {
			return max(e.Status, ledger.Failed), reason.UserExists, message.Sprintf("%s. Also: the tenant has refused a create of this phone. If this person had a user before, their password may now be the one in your file", step.Why())
		}
	}
	if e.Status > ledger.Failed {
		return e.Status, step.Code, step.Why()
	}
	if step.Code == reason.UserExists && e.Attempts > 0 && !e.Exists {
		// A create of this phone was answered, and not with "exists": if the person leaves, the row can be created again.
		before, _ := e.Reason()
		return ledger.Failed, ledger.JoinCodes(reason.UserExists, cmp.Or(ledger.LastCode(before), reason.Unavailable)), step.Why()
	}
	if r.isInvalid(i, step.Code) {
		return ledger.Invalid, step.Code, step.Why()
	}
	return ledger.Failed, step.Code, step.Why()
}

// isInvalid reports whether a row is refused because of what the employee file says.
func (r *rowStates) isInvalid(i int, code string) bool {
	switch code {
	case reason.MissingValue, reason.BadExtension, reason.DuplicateExtension:
		return true
	}
	return r.roster.Problem(i) != nil
}

// cannotLook reports whether the outcome of the entry's create is open and no run with this key will find it out.
func (r *rowStates) cannotLook(e *ledger.Entry) bool { return e.Open() && r.blind }

// withoutALook says what became of an open create, as far as that is known, and who can find out more.
func withoutALook(e *ledger.Entry) string {
	code, why := e.Reason()
	if code == reason.CannotLook {
		return why
	}
	// The hint of the failed call is "run again", which does not help with this key. Result and journal have text and hint in one
	// cell, and they may be of an earlier run or version, so the hint can only be found at the end of the text. One in other words,
	// or in another language, stays: it is misleading, but nothing relies on it.
	why = strings.TrimSuffix(why, hintAfter(code))
	return message.Sprintf("%s. This key may not list users, so this tool cannot look whether the user is there, and does not create them again. "+
		"Only a run with a key that may list users, or a person who looks at eTelecom, can tell", cmp.Or(why, message.T("a create was sent, and its answer is not known")))
}

// pendingReason says why a row is not done that nothing is wrong with, and what to do.
func pendingReason(status ledger.Status, planned plan.Action) string {
	switch {
	case status == ledger.Unknown:
		return message.T("a create was sent, or was about to be, and its answer is not known: run again, which looks first")
	case planned == plan.Deferred:
		return message.T("put off by --limit: run again")
	case status == ledger.Created:
		return message.T("the extension is not assigned yet: run again")
	}
	return message.T("not reached yet: run again")
}

// isBad reports whether a row is one of those that a person has to correct. Whoever is created waits for their extension, and is
// another matter.
func (r *rowStates) isBad(i int, status ledger.Status, t *tally) bool {
	if r.dryRun {
		return r.plan.Steps[i].Action == plan.Refuse
	}
	return status == ledger.Failed || status == ledger.Invalid || r.doneOtherwise(i, status, t)
}

// doneOtherwise reports whether a row is done, but not as the employee file wants it now.
func (r *rowStates) doneOtherwise(i int, status ledger.Status, t *tally) bool {
	step := &r.plan.Steps[i]
	// A row that is done stays so if the roster names another extension now, and that one was not assigned.
	unassigned := step.Action == plan.Assign && t.of(i) != succeeded
	return status == ledger.Done && (step.Action == plan.Refuse || unassigned)
}

// countNews counts one row by what people know of it.
func (r *rowStates) countNews(s *Summary, i int, status ledger.Status, t *tally) {
	switch bad := r.isBad(i, status, t); {
	case !bad && !r.dryRun && status == ledger.Created:
		s.New++
	case bad && r.told.rows[i].knowledge == isNew:
		s.New++
	case bad && r.told.rows[i].knowledge == due:
		s.Due++
	case bad:
		s.Known++
	}
	if r.entry(i).Replaced && !r.told.isKnown(i) {
		s.ReplacedNew++
	}
}

// toldOfGone is toldAt for the line of somebody who is not in the employee file any more. That their password was replaced is told
// once, also if they come back.
func (r *rowStates) toldOfGone(line *ledger.Line) string {
	if line.Status != ledger.Done.String() || !ledger.HasCode(line.ErrorCode, reason.PasswordReplaced) {
		return ""
	}
	if told := r.told.before.Told(r.ledger.Fingerprint(line)); !told.IsZero() {
		return told.UTC().Format(time.RFC3339)
	}
	return ""
}

// orphans returns the entries without a row that hold a user's id, or whose outcome is open, or that must not be created
// again, by phone.
func (r *rowStates) orphans() []*ledger.Entry {
	shown := make([]phone.Number, len(r.roster.Rows)) // one can be there twice
	for i := range shown {
		shown[i] = r.entry(i).Phone
	}
	slices.Sort(shown)
	var orphans []*ledger.Entry
	for e := range r.ledger.Entries() {
		hasUser := e.UserID != 0 || e.DamagedUser()
		memorable := hasUser || e.Open() || e.Exists
		if _, there := slices.BinarySearch(shown, e.Phone); !there && memorable {
			orphans = append(orphans, e)
		}
	}
	slices.SortFunc(orphans, func(a, b *ledger.Entry) int { return cmp.Compare(a.Phone, b.Phone) })
	return orphans
}
