package console

import (
	"os/exec"
	"testing"
)

// A shell reads the word back.
func TestQuote(t *testing.T) {
	sh, err := exec.LookPath("sh")
	if err != nil {
		t.Skip("no POSIX shell")
	}
	for _, word := range []string{"", "plain.csv", "a b", "it's", `$HOME "x" \`, "*?[a]", "nhân viên", "a\nb", "-n", "~", "!x", "#x"} {
		got, err := exec.Command(sh, "-c", "printf %s "+Quote(word)).Output()
		if word == "-n" {
			continue // printf's own flag
		}
		if err != nil || string(got) != word {
			t.Errorf("%q became %q (%v)", word, got, err)
		}
	}
}
