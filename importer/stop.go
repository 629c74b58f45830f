package importer

import (
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

// String returns the word that stands in the JSON summary.
func (k StopKind) String() string { return stopNames[k] }

// Stop is the error of a run that ended before its work was done. Except for Refused, Strict, ListingDoubted and Bug, the same command
// goes on where it stopped.
type Stop struct {
	Kind  StopKind
	Cause error
	Todo  string // what to do about it; "": what the kind says
}

func (s *Stop) Error() string { return s.Cause.Error() }

// Unwrap returns the cause.
func (s *Stop) Unwrap() error { return s.Cause }

// Panicked returns the Stop of a panic with the given value. Whoever recovers from it calls it in the deferred function, so
// that the stack is told. The value itself is left out: nobody knows what stands in it.
func Panicked(where string, value any) *Stop {
	return stopf(Bug, "%s: panic of type %T\n%s", where, value, debug.Stack())
}

func stopf(kind StopKind, format string, args ...any) *Stop {
	return &Stop{Kind: kind, Cause: fmt.Errorf(format, args...)}
}
