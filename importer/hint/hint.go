// Package hint lets an error carry what to do about it, apart from its text. An error says what is wrong; whoever shows it asks
// [Of] for the hint, and takes no text apart. The hints of error codes are in package reason.
package hint

import "etelecom-import/apiclient/message"

// Hinter is an error that knows what to do about it. An empty hint means that this error does not know, but a cause of it may.
type Hinter interface {
	error
	Hint() string
}

// Error is an error with a hint. Like those of package message, it is translated when it is shown.
type Error struct {
	Err  error
	Text string // the hint, in English or translated already; without a capital letter or a full stop
}

// New returns an error with a text and a hint, both of them English.
func New(text, hint string) *Error { return &Error{english(text), hint} }

// english is the text of an error, as [message.New] has it.
type english string

func (e english) Error() string { return message.T(string(e)) }

// With returns err with a hint. err must not be nil.
func With(err error, hint string) *Error { return &Error{err, hint} }

// Error returns the text without the hint.
func (e *Error) Error() string { return e.Err.Error() }

// Unwrap returns the error that the hint was added to.
func (e *Error) Unwrap() error { return e.Err }

// Hint returns the hint.
func (e *Error) Hint() string { return message.T(e.Text) }

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
