// Package secret holds what must never be printed: API keys and passwords.
package secret

import (
	"fmt"
	"io"
	"log/slog"
)

// Redacted is what a [Text] shows in place of its value.
const Redacted = "[secret]"

// Text is a string that no formatting, logging or encoding of Go shows: each of them yields [Redacted]. The zero value is
// the empty text.
//
// The value is behind a pointer because fmt prints unexported fields of other structs without calling their methods. Of a
// Text it then prints an address.
//
// Two Texts of the same value are not ==. Compare what Reveal returns.
type Text struct{ value *string }

// New returns s as a Text. An empty s gives the zero value.
func New(s string) Text {
	if s == "" {
		return Text{}
	}
	return Text{&s}
}

// Reveal returns the value. Use it only in the request that needs it.
func (t Text) Reveal() string {
	if t.value == nil {
		return ""
	}
	return *t.value
}

// IsZero reports whether the text is empty.
func (t Text) IsZero() bool { return t.value == nil }

// String implements [fmt.Stringer].
func (Text) String() string { return Redacted }

// GoString implements [fmt.GoStringer].
func (Text) GoString() string { return Redacted }

// Format implements [fmt.Formatter], for every verb, width and flag.
func (Text) Format(s fmt.State, _ rune) { _, _ = io.WriteString(s, Redacted) }

// MarshalText implements [encoding.TextMarshaler], which JSON and XML use too.
func (Text) MarshalText() ([]byte, error) { return []byte(Redacted), nil }

// LogValue implements [slog.LogValuer].
func (Text) LogValue() slog.Value { return slog.StringValue(Redacted) }
