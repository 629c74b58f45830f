package importer

import (
	"errors"
	"fmt"
	"runtime/debug"
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
// that the stack is recorded. The value itself is left out: it may hold a password.
func Panicked(where string, value any) *Stop {
	stop := stopf(Bug, "%s: panic of type %T", where, value)
	stop.stack = debug.Stack()
	return stop
}

func stopf(kind StopKind, format string, args ...any) *Stop {
	return &Stop{Kind: kind, Cause: fmt.Errorf(format, args...)}
}
