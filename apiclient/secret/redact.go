package secret

import (
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
