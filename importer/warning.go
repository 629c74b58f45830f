package importer

import (
	"context"
	"iter"
	"slices"
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

// codeSeparator stands between several codes in one cell of the result.
const codeSeparator = ", "

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
	return strings.Join(codes, codeSeparator)
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
	codes := strings.Split(cell, codeSeparator)
	for _, known := range warningList {
		if slices.Contains(codes, known.code) {
			w |= known.warning
		}
	}
	return w
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

func (j *job) noteMade(id apiclient.ID, e *ledger.Entry) {
	j.mu.Lock()
	defer j.mu.Unlock()
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
	now, _ := j.client.ServerTime()
	w |= WarningsOf(code)
	j.ledger.Explain(e, w.Code(), w.Why(), now)
}
