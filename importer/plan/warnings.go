package plan

import (
	"iter"
	"strings"

	"etelecom-import/importer/ledger"
	"etelecom-import/importer/reason"
	"etelecom-import/importer/roster"
	"etelecom-import/importer/tenant"
)

// Warnings is a set of what may keep an employee from calling although the row is done. It never changes an exit code.
type Warnings uint8

// The warnings. What they mean is in package reason.
const (
	ExtensionExpired Warnings = 1 << iota // the API assigns it, and withholds its SIP password
	ShortPassword                         // shorter than the platform's own registration allows
	NoRole                                // the tenant lists the user without any role
)

// minPassword is the least length of a password, in bytes, that the platform's own registration takes. The create does not
// check it (published source of the platform).
const minPassword = 8

var warningCodes = []struct {
	warning Warnings
	code    string
}{
	{ExtensionExpired, reason.ExtensionExpired},
	{ShortPassword, reason.ShortPassword},
	{NoRole, reason.NoRole},
}

// Each yields the warnings of the set one by one.
func (w Warnings) Each() iter.Seq[Warnings] {
	return func(yield func(Warnings) bool) {
		for _, known := range warningCodes {
			if w&known.warning != 0 && !yield(known.warning) {
				return
			}
		}
	}
}

// Code returns the codes of the warnings as they are in one cell of the result; "" for none.
func (w Warnings) Code() string {
	var codes []string
	for _, known := range warningCodes {
		if w&known.warning != 0 {
			codes = append(codes, known.code)
		}
	}
	return ledger.JoinCodes(codes...)
}

// Why returns the sentences of the warnings, joined.
func (w Warnings) Why() string {
	var texts []string
	for _, known := range warningCodes {
		if w&known.warning != 0 {
			texts = append(texts, reason.Of(known.code).Problem.String())
		}
	}
	return strings.Join(texts, "; ")
}

// WarningsOf reads the codes of one cell of the result. It passes over codes that are no warnings.
func WarningsOf(cell string) (w Warnings) {
	for _, known := range warningCodes {
		if ledger.HasCode(cell, known.code) {
			w |= known.warning
		}
	}
	return w
}

// RecordedWarnings returns the warnings that the ledger has for an entry that is done; none for others.
func RecordedWarnings(e *ledger.Entry) Warnings {
	code, _ := e.Reason()
	if e.Status != ledger.Done || code == "" {
		return 0
	}
	return WarningsOf(code)
}

// OnlyNotes reports whether the codes of one cell of the result say something of a row that is done, and nothing that keeps
// it from being done.
func OnlyNotes(cell string) bool {
	for code := range ledger.Codes(cell) {
		if reason.Of(code).Kind == reason.Failure {
			return false
		}
	}
	return true
}

// Notes returns what there is to tell of an entry that is done, for its line of the result.
func Notes(e *ledger.Entry, w Warnings) (code, why string) {
	code, why = w.Code(), w.Why()
	if !e.Replaced {
		return code, why
	}
	replaced := reason.Of(reason.PasswordReplaced)
	if w == 0 {
		return replaced.Code, replaced.Problem.String()
	}
	return ledger.JoinCodes(replaced.Code, code), replaced.Problem.String() + "; " + why
}

// warningsOf returns what is to be said of a row that is not refused.
func warningsOf(shop *tenant.Snapshot, row *roster.Row, s *Step) (w Warnings) {
	carried := s.writes() || s.Action == Wait || s.Satisfied
	if carried && s.Extension.Expired {
		w |= ExtensionExpired
	}
	if s.Action == Create && len(row.Password.Reveal()) < minPassword {
		w |= ShortPassword
	}
	if carried && shop.WithoutRole(s.User) {
		w |= NoRole
	}
	return w
}
