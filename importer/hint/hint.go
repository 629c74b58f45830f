// Package hint lets an error carry what to do about it, apart from its text. An error says what is wrong; whoever shows it asks
// [Of] for the way out, and takes no text apart. The hints of error codes are in package reason.
package hint

import "errors"

// Hinter is an error that knows what to do about it. An empty hint means that this error does not know, but a cause of it may.
type Hinter interface {
	error
	Hint() string
}

// Error is an error with a hint.
type Error struct {
	Err  error
	Text string // what to do about it, without a capital letter or a full stop
}

// New returns an error with a text and a hint.
func New(text, hint string) *Error { return &Error{errors.New(text), hint} }

// With returns err with a hint. err must not be nil.
func With(err error, hint string) *Error { return &Error{err, hint} }

// Error returns the text without the hint.
func (e *Error) Error() string { return e.Err.Error() }

// Unwrap returns the error that the hint was added to.
func (e *Error) Unwrap() error { return e.Err }

// Hint returns what to do about it.
func (e *Error) Hint() string { return e.Text }

// Of returns the first hint in the tree of err: an error's own comes before those of its causes, in the order of [errors.As].
// It is "" if no error in the tree has one.
func Of(err error) string {
	if h, ok := err.(Hinter); ok { // not errors.As: an error without a hint does not hide those of its causes
		if text := h.Hint(); text != "" {
			return text
		}
	}
	switch err := err.(type) {
	case interface{ Unwrap() error }:
		return Of(err.Unwrap())
	case interface{ Unwrap() []error }:
		for _, cause := range err.Unwrap() {
			if text := Of(cause); text != "" {
				return text
			}
		}
	}
	return ""
}
