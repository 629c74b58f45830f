package cli

import (
	"strings"
	"testing"
)

// lineOf takes a command line of this program apart.
func lineOf(args string) *commandLine {
	return readCommandLine(newParser(&commands{}).Model, strings.Fields(args))
}

func TestLogFormat(t *testing.T) {
	for _, c := range []struct{ variable, args, want string }{
		{"", "run e.csv", ""},
		{"", "run --log-format json --rate abc", "json"},
		{"", "nonsense --log-format=json", "json"},
		{"", "nonsense --log-format json", "json"},
		{"", "--log-format json run e.csv", "json"},
		{"json", "run --rat", "json"},
		{"json", "run --log-format=text", "text"},
		{"", "run --log-format json --log-format text", "text"}, // the last one counts, as for the flag library
		{"", "run --log-format", ""},
		{"", "run -- --log-format=json", ""},
		{"", "run --log-formats=json", ""},
	} {
		t.Setenv("ETELECOM_LOG_FORMAT", c.variable)
		if got := lineOf(c.args).logFormat(); got != c.want {
			t.Errorf("%q with the variable %q: %q, want %q", c.args, c.variable, got, c.want)
		}
	}
}

func TestWantsJSON(t *testing.T) {
	for _, c := range []struct {
		variable, args string
		want           bool
	}{
		{"", "run e.csv", false},
		{"", "run --json --rate abc", true},
		{"", "rnu e.csv --json", true},
		{"", "--json run e.csv", true},
		{"", "e.csv --json=yes", true},
		{"", "run --json --json=false", false},
		{"", "run -- --json", false},
		{"", "check --json --rate abc", false}, // its own object is another one
		{"true", "run --rat", true},
		{"true", "run --json=no --rat", false},
		{"true", "status --rat", false},
	} {
		t.Setenv("ETELECOM_JSON", c.variable)
		if got := lineOf(c.args).wantsJSON(); got != c.want {
			t.Errorf("%q with the variable %q: %v, want %v", c.args, c.variable, got, c.want)
		}
	}
}
