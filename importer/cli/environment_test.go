package cli

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/alecthomas/kong"
)

// flagVariables returns the variables of all flags, from the command line's own model.
func flagVariables(t *testing.T) (names []string) {
	t.Helper()
	var c commands
	parser := kong.Must(&c, kong.PostBuild(nameSandboxVariables), kong.DefaultEnvars("ETELECOM"))
	for _, command := range parser.Model.Children {
		for _, f := range command.Flags {
			names = append(names, f.Envs...)
		}
	}
	slices.Sort(names)
	if names = slices.Compact(names); len(names) < 50 || !slices.Contains(names, "ETELECOM_DRY_RUN") {
		t.Fatalf("only %q", names)
	}
	return append(names, keyVariable)
}

// withoutVariables removes the program's variables for the time of a test.
func withoutVariables(t *testing.T) {
	t.Helper()
	for _, variable := range os.Environ() {
		if name, _, _ := strings.Cut(variable, "="); hasPrefix(name) {
			t.Setenv(name, "") // to have it back afterwards
			_ = os.Unsetenv(name)
		}
	}
}

// runWith runs a command line in this process, with one variable more.
func runWith(t *testing.T, name, value string, args ...string) (code int, said string) {
	t.Helper()
	t.Setenv(name, value)
	defer os.Unsetenv(name)
	var out bytes.Buffer
	p := &Program{Args: append([]string{"etelecom-import"}, args...), Stdin: strings.NewReader(""), Stdout: &out, Stderr: &out, Exit: func(int) {}}
	code = p.Run(t.Context())
	return code, out.String()
}

// The name of a variable is shown, but not if somebody has put the key into it.
func TestShortened(t *testing.T) {
	for name, want := range map[string]string{
		"ETELECOM_FOO": "ETELECOM_FOO", "ETELECOM_DRY RUN": `"ETELECOM_DRY RUN"`, " ETELECOM_YES": `" ETELECOM_YES"`,
		variablePrefix + testKey: "ETELECOM_...", "ETELECOM_623d98b4d5c0b117ebe6dfbf53b7b9e7": "ETELECOM_...",
		"ETELECOM_" + strings.Repeat("LONG_", 20): "ETELECOM_LONG_LONG_LONG_LONG_LONG_LONG_LONG_LONG_LONG_LONG_L...",
	} {
		if got := shortened(name); got != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
	}
}

// realRun returns a command line that would create a user, and how many requests were sent.
func realRun(t *testing.T) (args []string, sent *atomic.Int64) {
	t.Helper()
	sent = new(atomic.Int64)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		sent.Add(1)
		w.WriteHeader(http.StatusUnauthorized)
	}))
	t.Cleanup(server.Close)
	dir := t.TempDir()
	employees, key := filepath.Join(dir, "e.csv"), filepath.Join(dir, "key")
	if err := os.WriteFile(employees, []byte("name,phone,password,extension_number\nLan,0903112351,Sen-trang-4471,1001\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(key, []byte(testKey), 0o600); err != nil {
		t.Fatal(err)
	}
	return []string{"run", "--yes", "--api-key-file", key, "--base-url", server.URL + "/v1", "--rate", "0", employees}, sent
}

// fewSlips is how many of the slips of a name are one of each kind.
const fewSlips = 4

// slips returns a name misspelt in the ways in which people misspell. The first are one of each kind.
func slips(name string) (all []string) {
	bare := strings.TrimPrefix(name, variablePrefix)
	dropped := func(i int) string { return bare[:i] + bare[i+1:] }
	doubled := func(i int) string { return bare[:i] + bare[i:i+1] + bare[i:] }
	changed := func(i int) string { return bare[:i] + "X" + bare[i+1:] }
	exchanged := func(i int) string { return bare[:i-1] + bare[i:i+1] + bare[i-1:i] + bare[i+1:] }
	middle := len(bare) / 2
	for _, slip := range []string{strings.ReplaceAll(bare, "_", ""), dropped(middle), doubled(middle), exchanged(middle)} {
		all = append(all, variablePrefix+slip)
	}
	for i := range len(bare) {
		all = append(all, variablePrefix+dropped(i), variablePrefix+doubled(i), variablePrefix+changed(i))
		if i > 0 {
			all = append(all, variablePrefix+exchanged(i))
		}
	}
	all = append(all, variablePrefix+bare+"_", variablePrefix+strings.ReplaceAll(bare, "_", "__"), variablePrefix+strings.ReplaceAll(bare, "_", "-"))
	all = append(all, strings.ToLower(name), strings.Replace(name, "ETELECOM_", "ETELECOM", 1), strings.Replace(name, "ETELECOM", "ETELCOM", 1))
	if !strings.HasPrefix(name, "ETELECOM_SANDBOX") {
		all = append(all, strings.Replace(name, "ETELECOM_", "ETELECOM_IMPORT_", 1), strings.Replace(name, "ETELECOM_", "ETELECOM_RUN_", 1))
	}
	return all
}

// No misspelt variable is a real run, whatever the flag.
func TestMisspeltVariablesAreNoRun(t *testing.T) {
	withoutVariables(t)
	args, sent := realRun(t)
	if code, said := runWith(t, "HARMLESS", "", args...); code != 5 || sent.Swap(0) == 0 {
		t.Fatalf("without a misspelt variable it has to send something: code %d\n%s", code, said)
	}
	variables := flagVariables(t)
	e := environmentOf(t)
	tried := 0
	for _, name := range variables {
		var together []string // a run takes long under the race detector, and names all of them
		for i, slip := range slips(name) {
			sameOnWindows := !caseMatters && strings.EqualFold(slip, name)
			if sameOnWindows || slices.Contains(variables, slip) {
				continue
			}
			tried++
			if meant := e.meant(slip); !slices.Contains(variables, meant) {
				t.Errorf("%s is taken for %q", slip, meant)
			}
			if i < fewSlips {
				together = append(together, slip)
				t.Setenv(slip, "s3cret")
			}
		}
		code, said := runWith(t, "HARMLESS", "", args...)
		for _, slip := range together {
			if code != 2 || !strings.Contains(said, "no variable "+slip+": did you mean ETELECOM_") || strings.Contains(said, "s3cret") {
				t.Errorf("%s: code %d, %s", slip, code, said)
			}
			_ = os.Unsetenv(slip)
		}
		if n := sent.Swap(0); n > 0 {
			t.Errorf("%s: %d requests were sent", name, n)
		}
	}
	t.Logf("%d misspellings of %d variables", tried, len(variables))
}

// environmentOf returns the environment for the program's own command line.
func environmentOf(t *testing.T) *environment {
	t.Helper()
	var c commands
	return readEnvironment(kong.Must(&c, kong.PostBuild(nameSandboxVariables), kong.DefaultEnvars("ETELECOM")).Model)
}

func TestMeantVariable(t *testing.T) {
	withoutVariables(t)
	e := environmentOf(t)
	for name, want := range map[string]string{
		"ETELECOM_DRYRUN":            "ETELECOM_DRY_RUN",
		"ETELECOM_DRY__RUN":          "ETELECOM_DRY_RUN",
		"ETELECOM_DRYRUN_MODE":       "ETELECOM_DRY_RUN",
		"ETELECOM_SANDBOX_DRY_RUN":   "ETELECOM_DRY_RUN",
		"ETELECOM_DRY_RNU":           "ETELECOM_DRY_RUN",
		"ETELECOM_DRY":               "ETELECOM_DRY_RUN",
		"ETELECOM_NO_WRITE":          "ETELECOM_DRY_RUN",
		"ETELECOM_APIKEYFILE":        "ETELECOM_API_KEY_FILE",
		"ETELECOM_APIKEY":            keyVariable,
		"ETELECOM_KEY":               keyVariable,
		"ETELECOM_TOKEN":             keyVariable,
		"ETELECOM_SHOP_KEY":          keyVariable,
		"ETELECOM_URL":               "ETELECOM_BASE_URL",
		"ETELECOM_ACCOUNT_ID":        "ETELECOM_ACCOUNT",
		"ETELECOM_COLOUR":            "ETELECOM_COLOR",
		"ETELECOM_YESS":              "ETELECOM_YES",
		"ETELECOM_SERVICES":          "ETELECOM_SERVICE",
		"ETELECOM_SERVICE_":          "ETELECOM_SERVICE",
		"ETELECOM_IMPORT_DRYRUN":     "ETELECOM_DRY_RUN",
		"ETELECOM_CHECK_ACCOUNT":     "ETELECOM_ACCOUNT",
		"ETELECOM_SANDBOXLIMIT":      "ETELECOM_SANDBOX_LIMIT",
		"E_TELECOM_DRY_RUN":          "ETELECOM_DRY_RUN",
		"ETELCOM_DRYRUN":             "ETELECOM_DRY_RUN",
		"ETELECOM-DRY-RUN":           "ETELECOM_DRY_RUN",
		"ETELECOM_PORT":              "",
		"ETELECOM_SERVICE_HOST":      "",
		"ETELECOM_IMPORT_PORT_8_TCP": "",
		"ETELECOM_DEV":               "ETELECOM_YES", // two edits away
		"ETELECOM_PATH":              "ETELECOM_RATE",
		"ETELECOM_DB":                "", // not --by, nor --ids, --date and --lang
		"ETELECOM_DIR":               "",
		"ETELECOM_LANGE":             "ETELECOM_LANG",
		"ETELECOM_LOG":               "",
		"ETELECOM_ROSTERS":           "ETELECOM_ROSTER",
		"ETELECOM_RESULT_FOLDER":     "",
		"ETELECOM_":                  "",
		"ETELECOM":                   "",
		"TELECOM_API_KEY":            "", // another program's
		"EDITOR":                     "",
		"PATH":                       "",
	} {
		if got := e.meant(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	for word, variable := range otherWords {
		if _, known := e.known[variable]; !known || word != squeezed(word) || len(e.known[variablePrefix+word]) > 0 {
			t.Errorf("%s: %s", word, variable)
		}
	}
}

func TestEdits(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want int
	}{{"", "", 0}, {"", "AB", 2}, {"DRYRUN", "DRYRUN", 0}, {"DRYRNU", "DRYRUN", 1}, {"RDYRNU", "DRYRUN", 2}, {"KEY", "YES", 2}, {"COLOUR", "COLOR", 1}, {"ABC", "XYZ", 3}} {
		if got, back := edits(c.a, c.b), edits(c.b, c.a); got != c.want || back != c.want {
			t.Errorf("%q, %q: %d, %d, want %d", c.a, c.b, got, back, c.want)
		}
	}
}

// What a switch may be, and that no real run comes of a value that is none.
func TestVariablesOfSwitches(t *testing.T) {
	withoutVariables(t)
	args, sent := realRun(t)
	const dry, real, refused = "dry", "real", "refused"
	for value, want := range map[string]string{
		"true": dry, "TRUE": dry, "True": dry, "1": dry, "yes": dry, "Yes": dry, "y": dry, "on": dry, "ON": dry, "t": dry, "true ": dry, "\ttrue\u00a0": dry, `"true"`: dry, "'1'": dry, "true\r": dry,
		"false": real, "FALSE": real, "0": real, "no": real, "off": real, "Off ": real, "n": real, `"false"`: real,
		"": refused, " ": refused, "maybe": refused, "2": refused, "-1": refused, "truee": refused, "enabled": refused, "true false": refused, `""`: refused, "có": refused, "s3cret": refused,
	} {
		code, said := runWith(t, "ETELECOM_DRY_RUN", value, slices.Concat(args[:1], []string{"--offline"}, args[1:])...)
		got := real // where --offline is refused: it is for a dry run
		switch {
		case strings.Contains(said, "ETELECOM_DRY_RUN") && code == 2:
			got = refused
		case code == 0:
			got = dry
		case !strings.Contains(said, "--offline is for a dry run"):
			t.Errorf("%q: code %d, %s", value, code, said)
		}
		if got != want || strings.Contains(said, "s3cret") {
			t.Errorf("%q: %s, want %s: %s", value, got, want, said)
		}
	}
	if sent.Load() > 0 {
		t.Errorf("%d requests were sent", sent.Load())
	}
}

func TestVariablesOfOtherFlags(t *testing.T) {
	withoutVariables(t)
	args, sent := realRun(t)
	for _, c := range []struct {
		name, value string
		sends       bool
		says        string
	}{
		{"ETELECOM_LIMIT", "", false, "ETELECOM_LIMIT is empty"},
		{"ETELECOM_ACCOUNT", "", false, "ETELECOM_ACCOUNT is empty"},
		{"ETELECOM_MAX_DURATION", " ", false, "ETELECOM_MAX_DURATION is empty"},
		{"ETELECOM_LIMIT", " 3 ", true, ""},
		{"ETELECOM_TIMEOUT", "20s\r", true, ""},
		{"ETELECOM_PROBLEMS", "", true, ""},
		{"ETELECOM_SERVICE", "", true, ""}, // its default
		{"ETELECOM_LOG_FORMAT", "", true, ""},
		{"ETELECOM_SANDBOX_LIMIT", "", true, ""}, // of another command
		{"ETELECOM_SANDBOX_LIMIT", "many", true, ""},
		{"ETELECOM_SANDBOX_NO_ROLES", "maybe", true, ""},
		{"ETELECOM_IMPORT_SERVICE_HOST", "10.0.0.1", true, ""},
		{"ETELECOM_RESULT_FOLDER", "s3cret", true, "There is no variable ETELECOM_RESULT_FOLDER"},
		{"ETELECOM_" + strings.Repeat("X", 500), "s3cret", true, "XXX..."},
	} {
		for _, quiet := range []bool{false, true} {
			line := args
			if quiet {
				line = append(slices.Clone(args), "--quiet")
			}
			code, said := runWith(t, c.name, c.value, line...)
			if sends := sent.Swap(0) > 0; sends != c.sends || !sends && code != 2 {
				t.Errorf("%s=%q: sent %t, code %d: %s", c.name, c.value, sends, code, said)
			}
			if !strings.Contains(said, c.says) || strings.Contains(said, "s3cret") || c.says == "" && strings.Contains(said, c.name) {
				t.Errorf("%s=%q, quiet %t: %s", c.name, c.value, quiet, said)
			}
			if n := strings.Count(said, "no variable"); n > 1 {
				t.Errorf("%s: warned %d times", c.name, n)
			}
		}
	}
}

// A flag wins over its variable, whatever that is.
func TestFlagsWinOverVariables(t *testing.T) {
	withoutVariables(t)
	args, sent := realRun(t)
	for _, value := range []string{"", "maybe", "true"} {
		if code, said := runWith(t, "ETELECOM_DRY_RUN", value, append(slices.Clone(args), "--dry-run=false")...); code != 5 || sent.Swap(0) == 0 {
			t.Errorf("%q: code %d, %s", value, code, said)
		}
	}
}

// Help and the version are shown whatever the variables are.
func TestHelpWithMisspeltVariables(t *testing.T) {
	withoutVariables(t)
	for _, line := range []string{"version", "--help", "run --help", "run --help-all", "check --help"} {
		for _, name := range []string{"ETELECOM_DRYRUN", "ETELECOM_FOO", "ETELECOM_DRY_RUN"} {
			if code, said := runWith(t, name, "maybe", strings.Fields(line)...); code != 0 || strings.Contains(said, "no variable") {
				t.Errorf("%s with %s: code %d, %s", line, name, code, said)
			}
		}
	}
	if code, said := runWith(t, "ETELECOM_DRYRUN", "", "template"); code != 2 || !strings.Contains(said, "did you mean ETELECOM_DRY_RUN?") {
		t.Errorf("template: code %d, %s", code, said)
	}
}
