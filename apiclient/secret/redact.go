package secret

import (
	"fmt"
	"io"
	"iter"
	"log/slog"
	"slices"
	"strings"
)

// Redact returns text with [Redacted] in place of each of the secrets. It finds a secret
//
//   - as it is, and as JSON, HTML, URLs and base64 write it;
//   - if only some of its characters are escaped, and if they are escaped up to three times;
//   - in the base64 of a text that contains it, unless it has less than four bytes;
//   - if it has four or more characters: with other accents, in another normal form of Unicode, and in other case;
//   - if it has more: by four or more characters of its beginning or end, where the text was cut.
func Redact(text string, secrets ...Text) string { return Set{}.Redact(text, secrets...) }

// Set recognizes many secrets in a text without containing them: of each it has a fingerprint with a key that is drawn anew
// for each Set. It takes about 10 bytes a secret. Like a Text, it shows nothing. The zero value is empty.
type Set struct{ members *fingerprints }

// NewSet makes a Set of those texts that have at least 6 characters and at most 512 bytes. It ranges over texts twice.
func NewSet(texts iter.Seq[Text]) Set { return Set{newFingerprints(texts)} }

// Redact redacts the secrets as the function [Redact] does, and also members of the set, in their folded forms: with any
// accents and in any case.
func (s Set) Redact(text string, secrets ...Text) string { return s.Redactor(secrets...)(text) }

// Redactor returns a function that does what [Set.Redact] does. It saves work if there are many texts.
//
// What the tenant says is redacted in package apiclient, before anybody sees it: failure (call.go) makes each error with the
// function that Client.redactor returns. Its set is Config.Hidden, which has the passwords of all rows.
func (s Set) Redactor(secrets ...Text) func(text string) string {
	n := newNeedles(secrets, s.members)
	return func(text string) string {
		if text == "" || n.empty() {
			return text
		}
		found := n.search(decoded{text: text}, maxEscapeDepth, nil)
		if len(found) == 0 {
			return text
		}
		return redactSpans(text, found)
	}
}

// String implements [fmt.Stringer].
func (Set) String() string { return Redacted }

// GoString implements [fmt.GoStringer].
func (Set) GoString() string { return Redacted }

// Format implements [fmt.Formatter], for every verb, width and flag.
func (Set) Format(s fmt.State, _ rune) { _, _ = io.WriteString(s, Redacted) }

// LogValue implements [slog.LogValuer].
func (Set) LogValue() slog.Value { return slog.StringValue(Redacted) }

// span is a part of a text, from its first byte to the byte after its last.
type span struct{ from, to int }

// redactSpans replaces the found parts of text. Parts that overlap or touch are replaced together.
func redactSpans(text string, found []span) string {
	slices.SortFunc(found, func(a, b span) int { return a.from - b.from })
	var b strings.Builder
	at := 0
	for i := 0; i < len(found); {
		s := found[i]
		for i++; i < len(found) && found[i].from <= s.to; i++ {
			s.to = max(s.to, found[i].to)
		}
		b.WriteString(text[at:s.from])
		b.WriteString(Redacted)
		at = s.to
	}
	b.WriteString(text[at:])
	return b.String()
}
