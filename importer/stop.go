package importer

import (
	"context"
	"errors"
	"runtime/debug"

	"etelecom-import/apiclient"
	"etelecom-import/apiclient/message"
	"etelecom-import/importer/hint"
	"etelecom-import/importer/ledger"
)

// StopKind says why a run ended before its work was done. The zero value is no stop.
type StopKind uint8

// The kinds of stops.
const (
	Interrupted     StopKind = iota + 1 // by a signal
	Refused                             // key, permission, address, certificate, or another account's ledger
	Unavailable                         // the API is down, or every create fails
	TooManyErrors                       // more than --max-errors; see tally.exceeded
	TimeLimit                           // --max-duration is over
	LedgerFailed                        // result or journal cannot be written
	Declined                            // the question was answered with no, or not at all
	Strict                              // --strict, and rows would be refused
	Bug                                 // a panic
	ListingDoubted                      // the listing of users does not show everybody
	TooManyReplaced                     // more than --max-replaced; see replaced.exceeded
	TooManyGone                         // more than --max-gone; see checkGone
)

var stopNames = [...]string{
	"", "interrupted", "refused", "unavailable", "too_many_errors", "time_box", "ledger", "declined", "strict", "bug",
	"listing_doubted", "too_many_replaced", "too_many_gone",
}

// String returns the word of the JSON summary.
func (k StopKind) String() string { return stopNames[k] }

// StopKinds returns every kind of stop.
func StopKinds() []StopKind {
	var all []StopKind
	for i := range stopNames[1:] {
		all = append(all, StopKind(i+1))
	}
	return all
}

var stopHints = map[StopKind]message.Text{
	Interrupted:   "nothing is lost: run the same command again to continue",
	Unavailable:   "nothing is lost: run the same command again when the API works again",
	TooManyErrors: "do what the failures below say; then run the same command again. If so many failures are expected, use a higher --max-errors",
	TimeLimit:     "run the same command again to continue",
	LedgerFailed:  "free some disk space, or correct the rights of the result's folder; then run the same command again",
	Declined:      "run the same command again and type y, or use --yes",
	Strict:        "correct the rows that are named below, or do not use --strict",
	Bug:           "report this with the text above; then run the same command again: it first looks up what is not known",
}

// Hint returns what to do about a stop of this kind if nothing more is known of its cause; "" if only the cause can tell.
func (k StopKind) Hint() string { return stopHints[k].String() }

// Stop is the error of a run that ended before its work was done. The same command continues where it stopped: after Refused,
// Strict and ListingDoubted once the reason is corrected, after a Bug once it is reported. Package hint finds what to do about a
// Stop in its cause; if the cause has no hint, the kind has one.
type Stop struct {
	Kind  StopKind
	Cause error

	stack []byte // of the goroutine that panicked, for a Bug
}

func (s *Stop) Error() string { return s.Cause.Error() }

// Unwrap returns the cause.
func (s *Stop) Unwrap() error { return s.Cause }

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
// that the stack is recorded. The value itself is not: it may hold a password.
func Panicked(where string, value any) *Stop {
	return &Stop{Kind: Bug, Cause: message.Errorf("%s: panic of type %T", where, value), stack: debug.Stack()}
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
		return &Stop{Kind: Interrupted, Cause: message.New("interrupted")}
	case errors.As(err, &api) && api.Refused():
		return &Stop{Kind: Refused, Cause: err}
	}
	return &Stop{Kind: Unavailable, Cause: err}
}

// Ended returns the Stop of a run that err has ended, such as the error of a call. If the context ended before, its cause is the reason.
func Ended(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		err = context.Cause(ctx)
	}
	return stopOf(err)
}

// EndedReading is [Ended] for a command that only reads the listings: no flag helps it if the key may not.
func EndedReading(ctx context.Context, err error) error {
	if errors.Is(err, apiclient.ErrPermission) {
		err = hint.With(err, message.T("ask eTelecom to give this key the right to list users and extensions"))
	}
	return Ended(ctx, err)
}
