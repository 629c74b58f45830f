package secret

import (
	"encoding/base64"
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"
)

// Redact returns text with [Redacted] in place of each of the secrets: as it is, and as JSON, HTML, URLs and base64 write
// it, also where only some of its characters are escaped, where they are escaped up to three times, and where base64
// holds it among other things (a secret of less than four bytes only where it stands there alone). A secret of four or more
// characters is also found with other accents, in another normal form of Unicode and in other case; and so are four or more
// characters of its beginning or end where the text was cut there.
func Redact(text string, secrets ...Text) string { return Set{}.Redact(text, secrets...) }

// Redact does what the function does, and hides the members of the set in their folded forms, too.
func (s Set) Redact(text string, secrets ...Text) string { return s.Redactor(secrets...)(text) }

// Redactor returns what redacts many texts.
func (s Set) Redactor(secrets ...Text) func(text string) string {
	w := needles{set: s.of}
	for _, s := range secrets {
		w.add(s.Reveal())
	}
	w.cut = slices.DeleteFunc(slices.Clone(w.folds), func(f string) bool {
		// The beginning of a key is public: what of it is secret is needles by itself.
		return slices.ContainsFunc(w.folds, func(part string) bool { return part != f && strings.HasSuffix(f, part) })
	})
	return func(text string) string {
		if text == "" || len(w.forms) == 0 && w.set == nil {
			return text
		}
		found := w.search(decoded{text: text}, maxEscapeDepth, nil)
		if len(found) == 0 {
			return text
		}
		return replace(text, found)
	}
}

func (w *needles) add(secret string) {
	if secret == "" {
		return
	}
	for _, form := range []string{secret, norm.NFC.String(secret), norm.NFD.String(secret)} {
		if !slices.Contains(w.forms, form) {
			w.forms = append(append(w.forms, form), inBase64(form)...)
		}
	}
	if f := folded(secret); longEnough(f) {
		w.folds = append(w.folds, f)
	}
}

// span is a part of the text, from its first byte to after its last.
type span struct{ from, to int }

// hide replaces each stretch of spans that overlap or touch.
func replace(text string, found []span) string {
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

const minBase64 = 4 // characters; fewer are found in any text

// inBase64 returns what stands in the base64 of anything that holds the secret, without the characters that depend on
// its neighbours: they hold at most some bits of it.
func inBase64(secret string) (forms []string) {
	for _, e := range []*base64.Encoding{base64.StdEncoding, base64.URLEncoding} {
		for before := range 3 {
			s := e.EncodeToString([]byte("\x00\x00"[:before] + secret))
			from, to := (before*8+5)/6, (before+len(secret))*8/6
			if to-from >= minBase64 {
				forms = append(forms, s[from:to])
			}
		}
		if alone := e.EncodeToString([]byte(secret)); strings.HasSuffix(alone, "=") {
			forms = append(forms, alone)
		}
	}
	return forms
}
