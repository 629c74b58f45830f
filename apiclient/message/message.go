// Package message is the one place that every text for people comes through: errors, hints, warnings, and what the screen and
// the help say. The code holds the English text, where it is said. A [Catalog] holds a translation of each.
//
// A text is whole: a sentence, or what can be said alone, with verbs for what varies in it (see package fmt). Whole texts may be
// listed one after the other, by a space, a comma or a semicolon. Pieces are never joined into a sentence: another language has
// another order of words. Texts of tables and constants have the type [Text]; they are translated when they are shown,
// so they may be made before the language is known. What only programs read is no text for people, and does not come through
// here: codes, JSON fields, names of flags and columns.
package message

import (
	"fmt"
	"io"
	"strconv"
	"sync/atomic"
)

// Catalog returns the translation of an English text or format, or the text itself if it has none. A translated format has the
// verbs of the English one; it numbers them, as in %[2]s, if it changes their order.
type Catalog func(english string) string

var current atomic.Pointer[Catalog]

// Use sets the language of the whole process. Nil is English, which is also the language until the first call.
func Use(c Catalog) {
	if c == nil {
		current.Store(nil)
		return
	}
	current.Store(&c)
}

// Text is an English text of a constant or a table.
type Text string

// String returns the text in the language of the process.
func (t Text) String() string { return T(string(t)) }

// T returns an English text in the language of the process.
func T(english string) string {
	if c := current.Load(); c != nil && english != "" {
		return (*c)(english)
	}
	return english
}

// Sprintf is [fmt.Sprintf] in the language of the process.
func Sprintf(format string, args ...any) string {
	if false {
		_ = fmt.Sprintf(format, args...) // go vet takes this for a wrapper of it, and checks the verbs
	}
	return fmt.Sprintf(T(format), args...)
}

// Fprintf is [fmt.Fprintf] in the language of the process.
func Fprintf(w io.Writer, format string, args ...any) {
	if false {
		_, _ = fmt.Fprintf(w, format, args...) // for go vet
	}
	_, _ = fmt.Fprintf(w, T(format), args...)
}

// New returns an error with a text. Like a [Text], it is translated when it is shown.
func New(english string) error { return &plain{english} }

type plain struct{ english string }

func (e *plain) Error() string { return T(e.english) }

// Errorf is [fmt.Errorf]. Like a [Text], the error is translated when it is shown.
func Errorf(format string, args ...any) error {
	return &formatted{fmt.Errorf(format, args...), format, args}
}

// formatted is an error with a format. The English error knows which of args are its causes.
type formatted struct {
	english error
	format  string
	args    []any
}

func (e *formatted) Error() string {
	if current.Load() == nil {
		return e.english.Error()
	}
	return fmt.Errorf(T(e.format), e.args...).Error()
}

// Unwrap returns the English error, and through it the causes.
func (e *formatted) Unwrap() error { return e.english }

// Count returns a number and what is counted, such as "1 row" and "2 rows". The nouns are English, and each has a translation.
func Count[N int | int64](n N, one, many string) string {
	if n == 1 {
		return "1 " + T(one)
	}
	return strconv.FormatInt(int64(n), 10) + " " + T(many)
}
