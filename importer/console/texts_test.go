package console_test

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/alecthomas/kong"

	"etelecom-import/apiclient/sandbox"
	"etelecom-import/importer/cli"
	"etelecom-import/importer/console"
)

const (
	goodPeople = "name,phone,password,extension_number,note\n" +
		"Lan,0903112351,Sen-trang-4471,1001,\n\nMinh,+84903112352,Sen-44,1002,\nHoa,0903112353,,1003,\n"
	// badPeople have every kind of problem that one file can have, and fill more than the lines that are listed.
	badPeople = "\uFEFFHọ tên;Số điện thoại;Mật khẩu;Số máy nhánh\n" +
		"Lan;0903112351;Sen-trang-4471;1001\nMinh;12;Sen-trang-4471;1002\nHoa;0903112351;Sen-trang-4471;1001\n;0903112354;Sen-trang-4471;1004\n" +
		"Lan;;Sen-trang-4471;1005\nLan;0903112356;Sen-trang-4471;\nLan;0903112357;Sen-trang-4471;1,01E+03\nLan;0903112358;Sen-trang-4471;10a\n" +
		"Lan;0903112359;Sen-trang-4471;1009;1\nLan;9,03E+08;Sen-trang-4471;1010\nL\uFFFDn;0903112361;Sen-trang-4471;1011\n" +
		"0903112362;Lan;1012;Sen-trang-4471\nLan;01234567890;Sen-trang-4471;1013\nLan;0838889990;Sen-trang-4471;12345678901234\n" +
		"Lan;0903112365;" + "0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789" + ";1015\n"
)

// TestTexts: whatever a command prints comes through package message, and so has a translation. A catalog marks every text, and
// the words outside of the marks are values.
func TestTexts(t *testing.T) {
	for name, c := range textCases {
		t.Run(name, func(t *testing.T) {
			t.Chdir(t.TempDir())
			write(t, "e.csv", []byte(goodPeople))
			write(t, "bad.csv", []byte(badPeople))
			write(t, "two.csv", []byte(strings.Replace(goodPeople, "Lan,0903112351,Sen-trang-4471,1001,\n", "", 1)))
			write(t, "none.csv", []byte("name,phone,password,extension_number\n"))
			write(t, "no.csv", []byte("a,b\n1,2\n"))
			write(t, "latin.csv", []byte("name,phone\nB\xe9,1\n"))
			write(t, "bad.key", []byte("Bearer  a key\n"))
			if err := os.Chmod("e.csv", 0o644); err != nil {
				t.Fatal(err)
			}
			t.Setenv("ETELECOM_RATE", "0")
			t.Setenv("ETELECOM_YES", "true")
			t.Setenv("ETELECOM_API_KEY", "")
			if c.tenant != "" {
				startTenant(t, c.tenant)
			}
			for _, variable := range textVariables[name] {
				name, value, _ := strings.Cut(variable, "=")
				t.Setenv(name, value)
			}
			console.MarkTexts(t)
			for _, line := range c.commands {
				checkTexts(t, line)
			}
		})
	}
}

// startTenant serves a practice tenant with the given flags, and sets its address and key in the environment.
func startTenant(t *testing.T, flags string) {
	var c struct {
		Tenant sandbox.Config `embed:""`
	}
	if _, err := kong.Must(&c).Parse(strings.Fields(flags)); err != nil {
		t.Fatal(err)
	}
	c.Tenant.Addr = "127.0.0.1:0"
	tenant, stop, err := sandbox.Start(c.Tenant)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(stop)
	t.Setenv("ETELECOM_BASE_URL", tenant.BaseURL())
	t.Setenv("ETELECOM_API_KEY", tenant.Key())
	write(t, "key", []byte(tenant.Key()))
}

// checkTexts runs a command line in this process and looks at all that it prints.
func checkTexts(t *testing.T, line string) {
	t.Helper()
	var said bytes.Buffer
	ctx, args := t.Context(), strings.Fields(line)
	if slices.Equal(args, []string{"sandbox"}) { // it serves until it is stopped
		stopped, stop := context.WithCancel(ctx)
		stop()
		ctx, args = stopped, append(args, "--addr", "127.0.0.1:0")
	}
	exit := func(code int) { t.Errorf("%s: exit code %d at once", line, code) }
	p := &cli.Program{Args: append([]string{"etelecom-import"}, args...), Stdin: strings.NewReader(""), Stdout: &said, Stderr: &said, Exit: exit}
	p.Run(ctx)
	if said.Len() == 0 {
		t.Errorf("%s: it prints nothing", line)
	}
	output := strings.ReplaceAll(said.String(), filepath.Dir(t.TempDir()), "")
	for _, found := range console.Unmarked(output) {
		t.Errorf("%s: %s", line, found)
	}
}

// textVariables are the variables of each case beyond those of its tenant.
var textVariables = map[string][]string{
	"misspelt":         {"ETELECOM_DRYRUN=true", "ETELECOM_KEY=k"},
	"unknown variable": {"ETELECOM_FOLDER=x"},
	"no switch":        {"ETELECOM_DRY_RUN="},
	"key around":       {"ETELECOM_API_KEY=export K='Bearer shop1149528912345678901:s3cret'"},
}

// textCases are the command lines of each case, one after the other in one folder. tenant are the flags of the practice tenant
// that they work on; "" for none.
var textCases = map[string]struct {
	tenant   string
	commands []string
}{
	"help": {"", []string{
		"--help", "run --help", "run --help-all", "check --help", "status --help", "verify --help", "report --help", "passwords --help", "slips --help", "template --help", "sandbox --help", "completion --help", "man --help", "help", "version",
	}},
	"report": {"--extensions 3", []string{
		"run e.csv", "report e.result.csv", "report e.result.csv -o r.html", "report e.result.csv -o r.html", "report e.result.csv -o r.pdf", "report missing.csv -o s.html", "report e.result.csv --by x -o s.html",
		"report e.result.csv --roster e.csv --by x -o s.html", "report e.result.csv --roster e.csv --by password -o s.html", "report e.result.csv --roster e.csv --by phone -o s.html",
		"report e.result.csv --date x -o s.html", "report e.result.csv --lang fr -o s.html", "report e.result.csv --settle=-1s -o s.html", "report --verify e.result.csv -o s.html",
	}},
	"list": {"--users 5 --extensions 3 --expired 1", []string{"list", "list -o t.csv", "list -o t.csv", "list --free -o f.xlsx", "list -o t.doc", "list -o missing/t.csv", "list --account 7", "list --free=maybe"}},
	"passwords": {"--extensions 3 --user 0903112352", []string{
		"passwords none.csv -o f.csv", "passwords none.csv -o f.csv", "passwords none.csv -o f.doc", "passwords none.csv -o -", "passwords none.csv", "passwords none.csv --length 5 -o g.csv", "passwords missing.csv -o g.csv",
		"passwords none.csv --tenant none.csv -o g.csv", "passwords none.csv --result missing.csv -o g.csv", "passwords bad.csv -o b.xlsx", "passwords no.csv -o g.csv",
		"run e.csv", "passwords e.csv --result e.result.csv --tenant e.csv -o g.xlsx", "passwords f.csv --result e.result.csv --tenant e.csv -o g.xlsx", "passwords g.xlsx --result e.result.csv -o h.csv",
		"slips e.csv -o s.html", "slips e.csv -o s.html", "slips e.csv -o s.pdf", "slips e.csv -o -", "slips bad.csv -o t.html", "slips none.csv --result e.result.csv -o t.html", "slips e.csv --result missing.csv -o t.html",
	}},
	"template": {"", []string{"template t.xlsx", "template t.xlsx", "template t.csv", "template t.doc", "template missing/t.xlsx", "template --no-such-flag"}},
	"practice": {"", []string{"sandbox --explain-faults", "sandbox", "sandbox --fault nonsense=1"}},
	"usage": {"", []string{
		"", "run", "nonsense", "rnu", "completion", "completion ksh", "run nofile.csv", "run .", "run e.csv bad.csv", "run new list.csv", "my new list.csv", "e", "--rate 5 e.csv", "run --limit 3 --limit 4 e.csv",
		"run -dry-run e.csv", "run limit=3 e.csv", "run /limit:3 e.csv", "run ETELECOM_LIMIT=3 e.csv", "run –limit e.csv", "run --dry-run maybe e.csv", "run --dry-run no e.csv",
		"run --dry-run=maybe e.csv", "run --timeout 30 e.csv", "run --timeout 2min e.csv", "run --timeout soon e.csv", "run --rate 2,5 e.csv", "run --limit -3 e.csv", "run --rate --yes e.csv",
		"run -o=x e.csv", "run --file e.csv", "check --limit 3", "-n e.csv", "--rate 5 run e.csv", "run --version", "status", "verify", "version now", "run --no-such-flag e.csv", "run --api-key=k e.csv", "run --rate fast e.csv", "run --color sometimes e.csv",
		"run --offline e.csv", "run --limit=-3 e.csv", "run --max-errors 120% e.csv", "run -", "run e.csv", "run --base-url http://example.com/v1 e.csv",
		"run --api-key-file missing.key e.csv", "run --api-key-file . e.csv", "run --api-key-file shop12345:abc e.csv", "run -o e.csv e.csv", "check --timeout=-1s",
		"run --api-key-file e.csv e.csv", "run --api-key-file bad.key e.csv", "run --api-key-file a --api-key-command b e.csv", "run --api-key-command no-such-program e.csv",
		"check --api-key-command >", "run --api-key-command a\" e.csv", "run --api-key-command $HOME/x e.csv", "run --api-key-command sh\\ e.csv",
		"sandbox --addr 256.0.0.1:1", "status missing.csv", "status no.csv", "verify missing.csv", "verify --settle=-1s e.csv",
	}},
	"files": {"", []string{
		"e.csv", "run -n --offline e.csv", "run -n --offline bad.csv", "run -n --offline none.csv", "run -n --offline no.csv", "run -n --offline latin.csv",
		"run -n --offline missing.csv", "run -n --offline --problems /dev/null/p.csv e.csv", "run --sandbox -n e.csv", "run --sandbox e.csv",
		"run --sandbox bad.csv", "status e.sandbox.result.csv",
	}},
	"run": {"--extensions 3 --expired 1 --user 0903112352 --stranger 0903112351 --no-roles", []string{
		"run -n e.csv", "run --strict e.csv", "run --limit 1 e.csv", "run e.csv", "run e.csv", "run --adopt e.csv", "status e.result.csv", "verify --settle 0 e.result.csv", "verify --only-done --settle 0 e.result.csv",
		"run -n --account 1149000000000000001 e.csv", "run -n --fresh 90s e.csv", "run -n --api-key-file key e.csv", "run -o no.csv e.csv", "run e.csv --max-replaced 0 -o r.csv",
		"run -n --trace t.jsonl e.csv", "run -n --trace two.csv e.csv", "run -n --trace / e.csv", "check --trace t.jsonl",
	}},
	"misspelt":         {"", []string{"run e.csv", "check", "template"}},
	"unknown variable": {"--extensions 3", []string{"run -n e.csv"}},
	"no switch":        {"", []string{"run e.csv"}},
	"key around":       {"--extensions 3 --key shop1149528912345678901:s3cret", []string{"run -n e.csv", "check"}},
	"check": {"--extensions 3", []string{
		"check", "check e.csv", "check bad.csv", "check none.csv", "check no.csv", "check missing.csv", "check --account 1149000000000000001",
		"check --api-key-file key", "check --api-key-file bad.key", "check --api-key-file missing.key", "check --base-url http://127.0.0.1:1/v1",
		"check --base-url https://127.0.0.1:1/v1", "check --base-url nonsense",
	}},
	"denied": {"--extensions 3 --deny create", []string{"run e.csv", "check"}},
	"blind": {"--extensions 3 --deny users --fault cut-after@create=#1", []string{
		"run e.csv", "run --blind -j 1 e.csv", "status e.result.csv", "verify --settle 0 e.result.csv", "run --blind -o e.result.csv two.csv", "check",
	}},
	"unknown":    {"--extensions 3 --fault cut-after@create=#1 --lag 1h", []string{"run --settle 0 --rounds 1 e.csv", "status e.result.csv", "verify --settle 0 e.result.csv"}},
	"too many":   {"--extensions 3 --fault error:invalid_argument@create=1", []string{"run --max-errors 0 -j 1 e.csv", "run -o f.result.csv --max-errors 100% e.csv"}},
	"refused":    {"--extensions 3 --fault precondition@create=#1", []string{"run -j 1 e.csv", "status e.result.csv"}},
	"closed":     {"--extensions 3 --closed", []string{"run e.csv", "check"}},
	"other key":  {"--extensions 3 --key opaque --shop-id=- --listed-id=-", []string{"run e.csv", "check"}},
	"two ids":    {"--extensions 3 --listed-id 1149000000000000077 --users 1", []string{"run -n e.csv", "check"}},
	"taken":      {"--extensions 1", []string{"run e.csv"}},
	"wrong path": {"--extensions 3 --service Other", []string{"run e.csv", "check"}},
}
