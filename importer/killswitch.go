package importer

import (
	"context"
	"errors"
	"sync/atomic"

	"etelecom-import/importer/ledger"
)

// killSwitch ends a run early, for all workers: no further row is started. The first [Stop] counts, but a panic outweighs all
// others.
type killSwitch struct {
	cancel   context.CancelCauseFunc // takes a *Stop
	ledger   *ledger.Ledger
	panicked atomic.Pointer[Stop] // the first panic
}

// pull ends the run.
func (k *killSwitch) pull(stop error) { k.cancel(stop) }

// bug notes a panic. It is called in the deferred function that recovers from it, so that the stack is known.
func (k *killSwitch) bug(where string, value any) *Stop {
	stop := Panicked(where, value)
	k.panicked.CompareAndSwap(nil, stop)
	return stop
}

// guard keeps a panic from ending the process.
func (k *killSwitch) guard(what string, work func() error) (err error) {
	defer func() {
		if v := recover(); v != nil {
			err = k.bug(what, v)
		}
	}()
	return work()
}

// pullIfFatal ends the run if the error of a row concerns all rows, and reports whether the run is ending.
func (k *killSwitch) pullIfFatal(err error) bool {
	switch {
	case errors.Is(err, ledger.ErrNotWritable):
		cause := err
		if failed := k.ledger.Err(); failed != nil {
			cause = failed
		}
		k.pull(&Stop{Kind: LedgerFailed, Cause: cause})
	case apiError(err).Refused():
		k.pull(&Stop{Kind: Refused, Cause: err})
	default:
		return errors.Is(err, context.Canceled)
	}
	return true
}
