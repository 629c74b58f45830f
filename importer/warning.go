package importer

import (
	"context"
	"iter"
	"strings"

	"etelecom-import/apiclient"
	"etelecom-import/importer/ledger"
	"etelecom-import/importer/roster"
)

// Warnings is a set of what may keep an employee from calling although the row is done. It never changes an exit code.
type Warnings uint8

// The warnings.
const (
	ExtensionExpired Warnings = 1 << iota // the API assigns it, and its SIP password is withheld
	ShortPassword                         // shorter than the platform's own registration allows
	NoRole                                // the tenant lists the user without any role
)

// minPassword is the least length of a password, in bytes, that the platform's own registration takes. The create does not
// check it (published source of the platform).
const minPassword = 8

var warningList = []struct {
	warning    Warnings
	code, text string
}{
	{ExtensionExpired, "extension_expired", "the extension has expired, and nobody can call with it: have it renewed"},
	{ShortPassword, "short_password", "the password is shorter than 8 bytes: the platform's own registration does not take such a one"},
	{NoRole, "no_role", "the tenant lists this user without any role: they may not see their extension or their calls"},
}

// Each yields the warnings of the set one by one.
func (w Warnings) Each() iter.Seq[Warnings] {
	return func(yield func(Warnings) bool) {
		for _, known := range warningList {
			if w&known.warning != 0 && !yield(known.warning) {
				return
			}
		}
	}
}

// Code returns the codes of the warnings as they stand in one cell of the result; "" for none.
func (w Warnings) Code() string {
	var codes []string
	for _, known := range warningList {
		if w&known.warning != 0 {
			codes = append(codes, known.code)
		}
	}
	return ledger.JoinCodes(codes...)
}

// Why returns the sentences of the warnings, joined.
func (w Warnings) Why() string {
	var texts []string
	for _, known := range warningList {
		if w&known.warning != 0 {
			texts = append(texts, known.text)
		}
	}
	return strings.Join(texts, "; ")
}

// WarningsOf reads the codes of one cell of the result. Codes that are no warnings are left out.
func WarningsOf(cell string) (w Warnings) {
	for _, known := range warningList {
		if ledger.HasCode(cell, known.code) {
			w |= known.warning
		}
	}
	return w
}

// OnlyNotes reports whether the codes of one cell of the result say something of a row that is done, and nothing that keeps
// it from being done.
func OnlyNotes(cell string) bool {
	for code := range strings.SplitSeq(cell, ", ") {
		if code != ledger.CodePasswordReplaced && WarningsOf(code) == 0 {
			return false
		}
	}
	return true
}

const replacedText = "this person was on the platform before, and the API set their password to the one in the employee file: tell them"

// notes returns what there is to tell of an entry that is done.
func notes(e *ledger.Entry, w Warnings) (code, why string) {
	code, why = w.Code(), w.Why()
	if e.Replaced {
		code = ledger.JoinCodes(ledger.CodePasswordReplaced, code)
		if why = replacedText; w != 0 {
			why += "; " + w.Why()
		}
	}
	return code, why
}

// Warnings groups the rows of a plan that have warnings, by cause.
func (p *Plan) Warnings(r *roster.Roster) []Group {
	var groups Groups
	for i := range p.Steps {
		for w := range p.Steps[i].Warnings.Each() {
			groups.Add(w.Code(), r.Rows[i].Line, false, w.Why())
		}
	}
	return groups.List()
}

// warnings returns what is to be said of a row that is not refused.
func (p *planner) warnings(row *roster.Row, s *Step) (w Warnings) {
	carried := s.Action == Create || s.Action == Assign || s.Action == Wait || s.Holds
	if carried && s.Extension.Expired {
		w |= ExtensionExpired
	}
	if s.Action == Create && len(row.Password.Reveal()) < minPassword {
		w |= ShortPassword
	}
	if carried && p.tenant.noRole[s.User] {
		w |= NoRole
	}
	return w
}

func (j *job) noteMade(id apiclient.ID, e *ledger.Entry, isNew bool) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.madeNew = j.madeNew || isNew
	if !j.rolesSeen {
		j.made[id] = e
	}
}

// lookAtRoles looks, once in a run, whether the listing shows the users whom it has made without a role. The newest come
// first: it reads on as long as it finds such users. A look that fails says nothing.
func (j *job) lookAtRoles(ctx context.Context) {
	if j.rolesSeen || len(j.made) == 0 {
		return
	}
	seen, without := 0, 0
	for u, err := range j.client.GetAccountUsers(ctx, apiclient.UserFilter{}) {
		if err != nil {
			break
		}
		if e := j.made[u.UserID]; e != nil && u.NoRole {
			without++
			j.warnOf(e, NoRole)
		}
		if seen++; seen%pageSize == 0 {
			if without == 0 {
				break
			}
			without = 0
		}
	}
	j.rolesSeen, j.made = true, nil
}

// warnOf adds a warning to an entry that is done. On others it would displace what is to be done about them.
func (j *job) warnOf(e *ledger.Entry, w Warnings) {
	code, _ := e.Reason()
	if e.Status != ledger.Done || WarningsOf(code)&w != 0 {
		return
	}
	j.tellNotes(e, w|WarningsOf(code))
}

// tellNotes records what there is to tell of an entry that is done.
func (j *job) tellNotes(e *ledger.Entry, w Warnings) {
	now, _ := j.client.ServerTime()
	code, why := notes(e, w)
	j.ledger.Explain(e, code, why, now)
}

// warned are the users and extensions of entries that are done with a warning. Nobody is asked for them alone, but where the
// tenant is read anyway, what was mended is no longer told.
type warned struct {
	users      map[apiclient.ID]*ledger.Entry
	extensions map[apiclient.ID]*ledger.Entry
}

func warnedOf(l *ledger.Ledger) warned {
	w := warned{map[apiclient.ID]*ledger.Entry{}, map[apiclient.ID]*ledger.Entry{}}
	for e := range l.Entries() {
		code, _ := e.Reason()
		if e.Status != ledger.Done || code == "" {
			continue
		}
		if old := WarningsOf(code); old&NoRole != 0 {
			w.users[apiclient.ID(e.UserID)] = e
		}
		if old := WarningsOf(code); old&ExtensionExpired != 0 {
			w.extensions[apiclient.ID(e.ExtensionID)] = e
		}
	}
	return w
}

// recordMended takes back warnings that the tenant has shown to be over.
func (j *job) recordMended() {
	for e, mended := range j.tenant.mended {
		code, _ := e.Reason()
		if now := WarningsOf(code) &^ mended; e.Status == ledger.Done && now != WarningsOf(code) {
			j.tellNotes(e, now)
		}
	}
}
