package spreadsheet

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// TestEarlierResultsAreRead: results of earlier versions escape the beginning of cells alone.
func TestEarlierResultsAreRead(t *testing.T) {
	for _, text := range []string{"a;=cmd", "'=x", "a; b", "a;'b"} {
		if got := RestoreFormulas(text); got != strings.TrimPrefix(text, "'") {
			t.Errorf("%q is read as %q", text, got)
		}
	}
	for own, want := range map[string]string{"left as they are; --adopt gives": "left as they are; --adopt gives", "a;=1": "a;'=1"} {
		if got := EscapeFormulas(own); got != want {
			t.Errorf("%q is written as %q", own, got)
		}
	}
}

// TestEscapingHasAnInverse takes any text, with what is special about formulas more often than by chance.
func TestEscapingHasAnInverse(t *testing.T) {
	texts := rapid.OneOf(rapid.String(), rapid.StringMatching(`['"]{0,3}[=+\-@\t]?([a-z ]{0,2}[;|\t\n]['" ]{0,3}[=+@-]?){0,3}`))
	rapid.Check(t, func(t *rapid.T) {
		text := texts.Draw(t, "text")
		escaped := EscapeFormulas(text)
		if got := RestoreFormulas(escaped); got != text {
			t.Fatalf("%q is written as %q and read as %q", text, escaped, got)
		}
		if escaped != "" && strings.Contains(formulaStarts, escaped[:1]) {
			t.Fatalf("%q is a formula", escaped)
		}
	})
}

func TestDisplayText(t *testing.T) {
	for text, want := range map[string]string{
		"": "", "An": "An", "=1+1": "'=1+1", "+84": "'+84", "'=1": "''=1", "'0901234567": "''0901234567", "a;=1": "a;'=1", "a\r=1": "a =1", "''x": "''x",
	} {
		if got := DisplayText(text); got != want {
			t.Errorf("%q is shown as %q, want %q", text, got, want)
		}
	}
}
