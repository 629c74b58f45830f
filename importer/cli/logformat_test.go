package cli

import (
	"strings"
	"testing"
)

func TestAskedLogFormat(t *testing.T) {
	for _, c := range []struct{ variable, args, want string }{
		{"", "run e.csv", ""},
		{"", "run --log-format json --rate abc", "json"},
		{"", "nonsense --log-format=json", "json"},
		{"json", "run --rat", "json"},
		{"json", "run --log-format=text", "text"},
		{"", "run --log-format json --log-format text", "text"}, // the last one counts, as for the flag library
		{"", "run --log-format", ""},
		{"", "run -- --log-format=json", ""},
		{"", "run --log-formats=json", ""},
	} {
		t.Setenv("ETELECOM_LOG_FORMAT", c.variable)
		if got := askedLogFormat(strings.Fields(c.args)); got != c.want {
			t.Errorf("%q with the variable %q: %q, want %q", c.args, c.variable, got, c.want)
		}
	}
}
