package importer

import (
	"sync"

	"etelecom-import/importer/phone"
	"etelecom-import/importer/plan"
)

// outcome is what this run has made of one row so far.
type outcome uint8

const (
	notRun      outcome = iota
	succeeded           // the row is done
	failed              // the row has failed
	failedAgain         // it has failed as it did in the run before
	unknown             // what a call has done is not known
)

// counts reports whether the outcome counts against --max-errors.
func (o outcome) counts() bool { return o == failed || o == unknown }

// tally keeps what became of each row, and how many have gone wrong. Workers use it at the same time.
type tally struct {
	progress *Progress
	previous map[phone.Number]string // the error codes that the ledger had when the run began

	mu          sync.Mutex
	outcomes    []outcome
	failures    int // outcomes that count against --max-errors
	maxFailures int // --max-errors in rows; see limit
}

func newTally(rows int, p *Progress) *tally {
	return &tally{progress: p, previous: map[phone.Number]string{}, outcomes: make([]outcome, rows)}
}

// set notes what became of a row.
func (t *tally) set(row int, o outcome) {
	t.mu.Lock()
	defer t.mu.Unlock()
	before := t.outcomes[row]
	t.progress.move(before, o)
	if before.counts() {
		t.failures--
	}
	if o.counts() {
		t.failures++
	}
	t.outcomes[row] = o
}

// fail notes that a row has failed with a code: for the first time, or as it did in the run before.
func (t *tally) fail(row int, p phone.Number, code string) {
	if t.isNew(p, code) {
		t.set(row, failed)
		return
	}
	t.set(row, failedAgain)
}

// of returns what became of a row.
func (t *tally) of(row int) outcome {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.outcomes[row]
}

// isNew reports whether the phone did not have the error code when the run began. A row without a phone is always new.
func (t *tally) isNew(p phone.Number, code string) bool { return p == 0 || t.previous[p] != code }

// isNewWarning reports whether the phone did not have the warning when the run began.
func (t *tally) isNewWarning(p phone.Number, w plan.Warnings) bool {
	return p == 0 || plan.WarningsOf(t.previous[p])&w == 0
}

// limit works out how many rows may go wrong by --max-errors. A percentage is of the rows that the first plan acts on: what it
// creates and assigns, and the rows that wait, since this run may act on them later.
func (t *tally) limit(maxErrors Threshold, first plan.Counts) {
	t.maxFailures = maxErrors.of(first.Writes() + first.Wait)
}

// exceeded reports whether more rows have gone wrong than --max-errors allows. If so, the applier starts no further row, and
// job.reconcile looks at the tenant once more: a row that looking finds to be well does not count. If it is still so then, the
// run ends with [TooManyErrors].
func (t *tally) exceeded() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.failures > t.maxFailures
}
