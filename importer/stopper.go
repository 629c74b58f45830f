package importer

import (
	"context"
	"errors"
	"sync/atomic"

	"etelecom-import/apiclient"
	"etelecom-import/importer/ledger"
)

// stopper ends a run early: no row is started any more. The first reason counts, but a panic outweighs all others.
type stopper struct {
	stop     context.CancelCauseFunc // takes a *Stop
	ledger   *ledger.Ledger
	panicked atomic.Pointer[Stop] // the first panic
}

// bug notes a panic. It is called in the deferred function that recovers from it, so that the stack is known.
func (s *stopper) bug(where string, value any) *Stop {
	stop := Panicked(where, value)
	s.panicked.CompareAndSwap(nil, stop)
	return stop
}

// guard keeps a panic from ending the process.
func (s *stopper) guard(what string, work func() error) (err error) {
	defer func() {
		if v := recover(); v != nil {
			err = s.bug(what, v)
		}
	}()
	return work()
}

// stopIfFatal ends the run if the error of a row concerns all rows, and reports whether the run is ending.
func (s *stopper) stopIfFatal(err error) bool {
	switch {
	case errors.Is(err, ledger.ErrNotWritable):
		cause := err
		if failed := s.ledger.Err(); failed != nil {
			cause = failed
		}
		s.stop(&Stop{Kind: LedgerFailed, Cause: cause})
	case apiError(err).Refused():
		s.stop(&Stop{Kind: Refused, Cause: err})
	default:
		return errors.Is(err, context.Canceled)
	}
	return true
}

// stopOf makes a Stop of an error that ends the run.
func stopOf(err error) error {
	var (
		stop *Stop
		api  *apiclient.Error
	)
	switch {
	case errors.As(err, &stop):
		return stop
	case errors.Is(err, ledger.ErrNotWritable):
		return &Stop{Kind: LedgerFailed, Cause: err}
	case errors.Is(err, context.Canceled):
		return &Stop{Kind: Interrupted, Cause: errors.New("interrupted")}
	case errors.As(err, &api) && api.Refused():
		return &Stop{Kind: Refused, Cause: err}
	}
	return &Stop{Kind: Unavailable, Cause: err}
}

// ended returns the Stop of a run that err has ended. If the context ended before, its cause is the reason.
func ended(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		err = context.Cause(ctx)
	}
	return stopOf(err)
}
