package secret

import "strings"

// Redact returns text with [Hidden] in place of each of the secrets.
func Redact(text string, secrets ...Text) string {
	for _, s := range secrets {
		if !s.IsZero() {
			text = strings.ReplaceAll(text, s.Reveal(), Hidden)
		}
	}
	return text
}
