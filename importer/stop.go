package importer

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"sync/atomic"

	"etelecom-import/apiclient"
	"etelecom-import/importer/ledger"
)

// StopKind says why a run ended before its work was done. The zero value is no stop.
type StopKind uint8

// The kinds of stops.
const (
	Interrupted     StopKind = iota + 1 // by a signal
	Refused                             // key, permission, address, certificate, or another account's ledger
	Unavailable                         // the API is down, or answers creates with nothing but failures
	TooManyErrors                       // more than --max-errors
	TimeBox                             // --max-duration is over
	LedgerFailed                        // result or journal cannot be written
	Declined                            // the question was answered with no
	Strict                              // --strict, and rows would be refused
	Bug                                 // a panic
	ListingDoubted                      // the listing of users does not show everybody
	TooManyReplaced                     // more than --max-replaced
)

var stopNames = [...]string{
	"", "interrupted", "refused", "unavailable", "too_many_errors", "time_box", "ledger", "declined", "strict", "bug",
	"listing_doubted", "too_many_replaced",
}

// String returns the word of the JSON summary.
func (k StopKind) String() string { return stopNames[k] }

var stopHints = map[StopKind]string{
	Interrupted:   "nothing is lost: run the same command again to go on",
	Unavailable:   "nothing is lost: run the same command again when the API is back",
	TooManyErrors: "look at the failures below and do what they say; then run the same command again, with a higher --max-errors if they are to be expected",
	TimeBox:       "run the same command again to go on",
	LedgerFailed:  "make room or set the rights of the result's folder; then run the same command again",
	Declined:      "run the same command again and answer with y, or with --yes",
	Strict:        "correct the rows that are named below, or leave --strict out",
	Bug:           "report this with the text above; then run the same command again: what is open is looked up first",
}

// Hint returns what to do about a stop of this kind if nothing more is known of its cause; "" if only the cause can tell.
func (k StopKind) Hint() string { return stopHints[k] }

// Stop is the error of a run that ended before its work was done. Except for Refused, Strict, ListingDoubted and Bug, the same command
// continues where it stopped.
type Stop struct {
	Kind  StopKind
	Cause error
	Todo  string // what to do about it; "": what the kind says

	stack []byte // of the goroutine that panicked, for a Bug
}

func (s *Stop) Error() string { return s.Cause.Error() }

// Unwrap returns the cause.
func (s *Stop) Unwrap() error { return s.Cause }

// Hint returns Todo.
func (s *Stop) Hint() string { return s.Todo }

// Stack returns the stack of the goroutine that panicked: here, or in the cause. It is nil if none did.
func (s *Stop) Stack() []byte {
	var bug interface {
		error
		Stack() []byte
	}
	if s.stack == nil && errors.As(s.Cause, &bug) {
		return bug.Stack()
	}
	return s.stack
}

// Panicked returns the Stop of a panic with the given value. Whoever recovers from it calls it in the deferred function, so
// that it can tell the stack. It does not tell the value, which may hold a password.
func Panicked(where string, value any) *Stop {
	stop := stopf(Bug, "%s: panic of type %T", where, value)
	stop.stack = debug.Stack()
	return stop
}

func stopf(kind StopKind, format string, args ...any) *Stop {
	return &Stop{Kind: kind, Cause: fmt.Errorf(format, args...)}
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
