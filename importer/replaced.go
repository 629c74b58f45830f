package importer

import (
	"sync"

	"etelecom-import/apiclient/message"
	"etelecom-import/importer/hint"
	"etelecom-import/importer/plan"
)

// replaced counts the creates of this run whose user was on the platform before and has the row's password now. That is
// ordinary: users belong to the platform, and staff of a sister company or people who come back are there. But it cannot be
// undone, so somebody has to agree before there are many.
type replaced struct {
	mu    sync.Mutex
	count int
	max   int // --max-replaced in rows; see limit
}

// limit works out how many there may be by --max-replaced. A percentage is of the rows that the first plan creates, and of those
// that wait, since this run may create them later.
func (r *replaced) limit(maxReplaced Threshold, first plan.Counts) {
	r.max = maxReplaced.of(first.Create + first.Wait)
}

// add counts one.
func (r *replaced) add() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.count++
}

// exceeded reports whether somebody has to agree before more passwords are replaced.
func (r *replaced) exceeded() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.count > r.max
}

// confirm asks whether to continue. A yes holds for the rest of the run; rows is how many the run has. If nobody can be asked
// (ask is nil), the answer is no.
func (r *replaced) confirm(ask func(people int) bool, rows int) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if ask != nil && ask(r.count) {
		r.max = rows
		return nil
	}
	return &Stop{
		Kind: TooManyReplaced,
		Cause: hint.With(message.Errorf("%d people of this run already had an eTelecom login, and their password is now the one in the employee file (--max-replaced)", r.count),
			"tell these people. If you expect more of them, run the same command again with --max-replaced 100%"),
	}
}
