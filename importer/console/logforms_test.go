package console_test

import (
	"bytes"
	"encoding/json"
	"io"
	"os"
	"strings"
	"testing"

	"etelecom-import/importer/cli"
)

// TestLogForms: of every command, --log-format decides the form of all lines on standard error, also where the command line cannot
// be understood and where the program has a bug.
func TestLogForms(t *testing.T) {
	for name, c := range map[string]struct {
		tenant string
		line   string
		bug    bool // standard output is missing: whoever prints there panics
		want   string
	}{
		"unknown flag":       {"", "run --no-such-flag", false, "run has no flag --no-such-flag"},
		"no command":         {"", "", false, "hint"},
		"bad number":         {"", "run --rate abc e.csv", false, "abc"},
		"no file":            {"", "run --sandbox none.csv", false, "there is no file"},
		"readable file":      {"--extensions 3", "run -n e.csv", false, "can read e.csv"},
		"no key":             {"", "run --api-key-file missing e.csv", false, "key file"},
		"check":              {"", "check --timeout=-1s", false, "less than 0"},
		"status":             {"", "status none.csv", false, "there is no file"},
		"template":           {"", "template e.csv", false, "is there already"},
		"sandbox":            {"", "sandbox --addr 256.0.0.1:1", false, "name another address"},
		"a bug of a command": {"", "version", true, "panic of type"},
		"wrong address":      {"", "run --base-url http://example.com/v1 --api-key-file key --yes e.csv", false, "example.com"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Chdir(t.TempDir())
			write(t, "e.csv", []byte(goodPeople))
			write(t, "key", []byte("shop1149528912345678901:s3cret"))
			if err := os.Chmod("e.csv", 0o644); err != nil {
				t.Fatal(err)
			}
			t.Setenv("ETELECOM_RATE", "0")
			t.Setenv("ETELECOM_YES", "true")
			if c.tenant != "" {
				startTenant(t, c.tenant)
			}
			said := func(variable string, more ...string) string {
				if t.Setenv("ETELECOM_LOG_FORMAT", variable); variable == "" {
					os.Unsetenv("ETELECOM_LOG_FORMAT")
				}
				var talk bytes.Buffer
				var out io.Writer = io.Discard
				if c.bug {
					out = nil
				}
				args := append(append([]string{"etelecom-import"}, strings.Fields(c.line)...), more...)
				p := &cli.Program{Args: args, Stdin: strings.NewReader(""), Stdout: out, Stderr: &talk}
				p.Run(t.Context())
				if !strings.Contains(talk.String(), c.want) {
					t.Errorf("%q is missing in\n%s", c.want, &talk)
				}
				return talk.String()
			}
			asked := map[string]string{"the variable": said("json")}
			if name != "no command" && name != "a bug of a command" { // there is no flag before a command, and version has none
				asked["a flag"] = said("", "--log-format=json")
				asked["a flag of two words"] = said("", "--log-format", "json")
			}
			for how, text := range asked {
				for line := range strings.Lines(text) {
					var l struct{ Time, Level, Msg string }
					if json.Unmarshal([]byte(line), &l) != nil || l.Time == "" || l.Level == "" || l.Msg == "" {
						t.Errorf("with %s, no line of a log: %s", how, line)
					}
				}
			}
			for line := range strings.Lines(said("")) {
				if strings.HasPrefix(line, "time=") || strings.HasPrefix(line, "{") || strings.HasPrefix(line, "level=") {
					t.Errorf("for programs: %s", line)
				}
			}
		})
	}
}
