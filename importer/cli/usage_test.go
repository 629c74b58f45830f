package cli

import (
	"os"
	"runtime"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"etelecom-import/importer/console"
	"etelecom-import/importer/hint"
)

// usageOf returns what is said of a command line, as "what is wrong | what to do"; "" if it is understood. It is an error of the test if
// the flag library has to say it.
func usageOf(t interface{ Fatalf(string, ...any) }, args []string) string {
	var c commands
	parser := newParser(&c)
	line := readCommandLine(parser.Model, args)
	if line.help {
		return "help"
	}
	err := usage{line}.check()
	if err == nil {
		if _, failed := parser.Parse(line.args); failed != nil {
			t.Fatalf("%q: the library says: %v", args, failed)
		}
		if line.command != nil && line.command.Name == "run" {
			if missing := lookForFile(c.Run.Employees); c.Run.Employees != stdinName && missing != nil {
				err = missing
			}
		}
	}
	if err == nil {
		return ""
	}
	return console.WithoutKeys(err.Error() + " | " + hint.Of(err))
}

// TestUsage has what people type wrongly, and what they are told.
func TestUsage(t *testing.T) {
	t.Chdir(t.TempDir())
	here, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for _, dir := range []string{"dir.csv", "three", "one"} {
		if err := os.Mkdir(dir, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"employees.csv", "nhân viên.csv", "employees.result.csv", "three/a.csv", "three/b.xlsx", "one/a.csv", "one/a.result.csv", "two.csv", "Sếp.xlsx", "danh-sach-nhan-vien-2026.csv"} {
		if err := os.WriteFile(name, nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	t.Setenv("ETELECOM_API_KEY", "")
	const (
		allFlags = "etelecom-import run --help-all explains every flag"
		keyHint  = "write the key alone into a file, and name that file with --api-key-file: everyone on this computer can see a command line"
		commands = "etelecom-import --help lists the commands"
		opaque   = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9" // the shape of a key of another kind
	)
	for _, c := range []struct {
		args string // divided at spaces; ~ stands for a space, and '' for nothing
		want string
	}{
		{"", "no command is named | begin with: etelecom-import template employees.xlsx"},
		{"--", "no command is named | begin with: etelecom-import template employees.xlsx"},
		{"''", "the command is an empty word | " + commands},

		// The command.
		{"rnu employees.csv", `there is no command "rnu" | did you mean run?`},
		{"Run employees.csv", `there is no command "Run" | did you mean run?`},
		{"chekc", `there is no command "chekc" | did you mean check?`},
		{"templat", `there is no command "templat" | did you mean template?`},
		{"stat", `there is no command "stat" | did you mean status?`},
		{"import employees.csv", `there is no command "import" | did you mean run?`},
		{"validate employees.csv", `there is no command "validate" | did you mean check?`},
		{"frobnicate", `there is no command "frobnicate" | ` + commands},
		{"help rnu", "help"},
		{"-n employees.csv", "-n is a flag of run, and no command is named | write the command first: etelecom-import run -n employees.csv"},
		{"--sandbox employees.csv", "--sandbox is a flag of run, and no command is named | write the command first: etelecom-import run --sandbox employees.csv"},
		{"--rate=5 --limit 3 Sếp.xlsx", "--rate is a flag of run, and no command is named | write the command first: etelecom-import run --rate=5 --limit 3 'Sếp.xlsx'"},
		{"-n " + opaque, "-n is a flag of run, and no command is named | write the command first: etelecom-import run -n"},
		{"-n -- -x.csv", "-n is a flag of run, and no command is named | write the command first: etelecom-import run -n"},
		{"Run danh sách cũ.csv", `there is no command "Run" | did you mean run?`},
		{"import danh sách cũ.csv", `there is no command "import" | did you mean run?`},
		{"run “danh-sach-nhan-vien-2026.csv”", "there is no such file in " + here + " | did you mean danh-sach-nhan-vien-2026.csv?"},
		{"HELP", `there is no command "HELP" | did you mean help?`},
		{"danh sách cũ.csv", `the name "danh sách cũ.csv" has spaces | put it in quotes: 'danh sách cũ.csv'`},
		{"nhân viên.csv --sandbox", `the name "nhân viên.csv" has spaces | put it in quotes: 'nhân viên.csv'`},
		{"employees", `there is no command and no file "employees" | did you mean employees.csv?`},
		{"nhân~viên", `there is no command and no file "nhân viên" | did you mean 'nhân viên.csv'?`},
		{"one/a", `there is no command and no file "one/a" | did you mean one/a.csv?`},
		{"--dryrun employees.csv", "there is no flag --dryrun | did you mean etelecom-import run --dry-run?"},
		{"--rate 5 run employees.csv", "--rate is before the command | write the command first: etelecom-import run --rate"},
		{"run run employees.csv", `"run" is one word too many for run | ` + allFlags},
		{"run --version", "--version is no flag of a command | to see the version: etelecom-import version"},

		// The file.
		{"run", "run needs the employee file | for example: etelecom-import run employees.csv"},
		{"status", "status needs the result of a run | for example: etelecom-import status employees.result.csv"},
		{"run ''", "the name of a file is empty | write it, such as: etelecom-import run employees.csv. A variable of the shell may be empty"},
		{"run nofile.csv", "there is no file nofile.csv in " + here + " | check the name and the folder"},
		{"nofile.csv", "there is no file nofile.csv in " + here + " | check the name and the folder"},
		{"run employes.csv", "there is no file employes.csv in " + here + " | did you mean employees.csv?"},
		{"run employees.xlsx", "there is no file employees.xlsx in " + here + " | did you mean employees.csv?"},
		{"run employees", "there is no file employees in " + here + " | did you mean employees.csv?"},
		{"run “employees.csv”", "there is no file “employees.csv” in " + here + " | did you mean employees.csv?"},
		{"run Se\u0302\u0301p.xlsx", "there is no file Se\u0302\u0301p.xlsx in " + here + " | did you mean 'Sếp.xlsx'?"},
		{"run one/nothing.csv", "there is no file nothing.csv in " + here + "/one | check the name and the folder"},
		{"run nowhere/a.csv", "there is no folder " + here + "/nowhere | check the path"},
		{"run dir.csv", "dir.csv is a folder | name the file in it"},
		{"dir.csv", "dir.csv is a folder | name the file in it"},
		{"run one", "one is a folder | did you mean one/a.csv?"},
		{"run three", "three is a folder | name the file in it"},
		{"run nhân viên.csv", `the name "nhân viên.csv" has spaces | put it in quotes: 'nhân viên.csv'`},
		{"run mới nhất.csv", `the name "mới nhất.csv" has spaces | put it in quotes: 'mới nhất.csv'`},
		{"run employees.csv two.csv", "run takes one file, and here are 2 | run it once for each file"},
		{"template a.csv b", `"b" is one word too many for template | etelecom-import template --help shows how to use it`},
		{"status employees.result.csv x", `"x" is one word too many for status | etelecom-import status --help shows how to use it`},
		{"version now", `"now" is one word too many for version | etelecom-import version --help shows how to use it`},

		// The name of a flag.
		{"run --dryrun employees.csv", "run has no flag --dryrun | did you mean --dry-run?"},
		{"run --dry_run employees.csv", "run has no flag --dry_run | did you mean --dry-run?"},
		{"run --Dry-Run employees.csv", "run has no flag --Dry-Run | did you mean --dry-run?"},
		{"run -dry-run employees.csv", "run has no flag -dry-run | did you mean --dry-run?"},
		{"run -limit=3 employees.csv", "run has no flag -limit=3 | did you mean --limit?"},
		{"run –dry-run employees.csv", "the hyphens of –dry-run are not those of the keyboard | write --dry-run"},
		{"run ——sandbox employees.csv", "the hyphens of ——sandbox are not those of the keyboard | write --sandbox"},
		{"run /dry-run employees.csv", "/dry-run is not how this program's flags begin | write --dry-run"},
		{"run /limit:3 employees.csv", "/limit is not how this program's flags begin | write --limit"},
		{"run -- employees.csv --log-format json", "--log-format is behind --, where every word is the name of a file | write the flags before --"},
		{"run dry-run employees.csv", "dry-run has no hyphens | did you mean --dry-run?"},
		{"run limit=3 employees.csv", "limit has no hyphens | did you mean --limit?"},
		{"run --no-dry-run employees.csv", "run has no flag --no-dry-run | did you mean --dry-run=false?"},
		{"run --force employees.csv", "run has no flag --force | did you mean --yes?"},
		{"run --output x employees.csv", "run has no flag --output | did you mean --result?"},
		{"run --verbose employees.csv", "run has no flag --verbose | did you mean --details?"},
		{"run --file employees.csv", "run has no flag --file | name the file without a flag: etelecom-import run employees.csv"},
		{"run --explain-faults employees.csv", "run has no flag --explain-faults | it is a flag of sandbox"},
		{"check --limit 3", "check has no flag --limit | it is a flag of run"},
		{"run --xyzzy employees.csv", "run has no flag --xyzzy | " + allFlags},
		{"run -qz employees.csv", "run has no flag -qz | " + allFlags},
		{"run ETELECOM_DRY_RUN=true employees.csv", "ETELECOM_DRY_RUN is a variable, and here is no place for it | set the variable before you start the program, or use the flag --dry-run"},
		{"ETELECOM_LIMIT=3 run employees.csv", "ETELECOM_LIMIT is a variable, and here is no place for it | set the variable before you start the program, or use the flag --limit"},

		// The value of a flag.
		{"run --rate abc employees.csv", `--rate needs a number such as 10, not "abc" | for example: --rate 10`},
		{"run --rate 2,5 employees.csv", `--rate needs a number such as 10, not "2,5" | write 2.5`},
		{"run --rate NaN employees.csv", `--rate needs a number such as 10, not "NaN" | for example: --rate 10`},
		{"run --rate=-1 employees.csv", "--rate cannot be less than 0, and it is -1 | remove it to get its default"},
		{"run --rate -1 employees.csv", "--rate cannot be less than 0, and it is -1 | for example: --rate 10"},
		{"run employees.csv --rate", "--rate needs a value | for example: --rate 10"},
		{"run --rate --yes employees.csv", "--rate needs a value, and the flag --yes follows it | for example: --rate 10"},
		{"run --limit 1.5 employees.csv", `--limit needs a whole number such as 3, not "1.5" | for example: --limit 3`},
		{"run --limit 010 employees.csv", `--limit needs a whole number such as 3, not "010" | for example: --limit 3`},
		{"run --limit=-3 employees.csv", "--limit cannot be less than 0, and it is -3 | remove it to get its default"},
		{"run --limit 9999999999999999999 employees.csv", `--limit needs a whole number such as 3, not "9999999999999999999" | for example: --limit 3`},
		{"run -j many employees.csv", `-j needs a whole number such as 8, not "many" | for example: -j 8`},
		{"run --timeout 30 employees.csv", `--timeout needs a time such as 30s, not "30" | write 30s for seconds, or 30m for minutes`},
		{"run --timeout 2~min employees.csv", `--timeout needs a time such as 30s, not "2 min" | write 2m`},
		{"run --timeout soon employees.csv", `--timeout needs a time such as 30s, not "soon" | write 30s or 2m`},
		{"run --dry-run false employees.csv", "--dry-run takes no value after a space | write --dry-run, or --dry-run=false"},
		{"run --dry-run=maybe employees.csv", `--dry-run is true or false, not "maybe" | write --dry-run, or --dry-run=false`},
		{"run --color alway employees.csv", `--color cannot be "alway" | use one of: auto, always, never`},
		{"run --log-format xml employees.csv", `--log-format cannot be "xml" | use one of: text, json`},
		{"run --max-errors 120% employees.csv", `--max-errors: "120%" is not a percentage from 0% to 100% | for example: --max-errors 20%`},
		{"run -o '' employees.csv", "the value of -o is empty | give it a value, or remove the flag. A variable of the shell may be empty"},
		{"run --sheet= employees.csv", "the value of --sheet is empty | give it a value, or remove the flag. A variable of the shell may be empty"},
		{"run employees.csv -o", "-o needs a value | for example: -o result.csv"},
		{"run -o=x.csv employees.csv", "-o takes its value after a space, not after an equals sign | for example: -o result.csv"},
		{"run --limit 3 --limit 5 employees.csv", `--limit is given twice: "3" and "5" | give it once`},
		{"run -n --dry-run=false employees.csv", `--dry-run is given twice: "true" and "false" | give it once`},
		{"completion", "completion needs SHELL | for example: etelecom-import completion bash"},
		{"completion ksh", `SHELL cannot be "ksh" | use one of: bash, zsh, fish, powershell`},
		{"sandbox --limit abc", `--limit needs a number such as 3, not "abc" | for example: --limit 3`},

		// Keys are never repeated.
		{"run --api-key shop1149000000000000077:abc employees.csv", "there is no flag for the key itself | " + keyHint},
		{"run --key=abc employees.csv", "there is no flag for the key itself | " + keyHint},
		{"run --token abc employees.csv", "there is no flag for the key itself | " + keyHint},
		{opaque, "no command has this name | " + commands},
		{"run " + opaque, "there is no such file in " + here + " | check the name. An API key has its place in a file: --api-key-file FILE"},
		{"run " + opaque + " employees.csv", "run takes fewer words | " + allFlags},
		{"run employees.csv " + opaque, "run takes fewer words | " + allFlags},
		{"run --rate " + opaque + " employees.csv", "--rate needs a number such as 10 | for example: --rate 10"},
		{"run --color " + opaque + " employees.csv", "--color has another value than it can have | use one of: auto, always, never"},
		{"run --" + opaque + " employees.csv", "there is no such flag | " + allFlags},
		{"run --limit " + opaque + "1 employees.csv", "--limit needs a whole number such as 3 | for example: --limit 3"},

		// What is right, too.
		{"employees.csv", ""},
		{"employees.csv --delimiter comma", ""},
		{"run employees.csv -nq -j2 --offline", ""},
		{"run --limit 3 --limit=3 -n -n employees.csv", ""},
		{"run -- employees.csv", ""},
		{"run -", ""},
		{"sandbox --fault cut-after=0.05 --fault 429:5@create=#3", ""},
		{"-V", ""},
		{"run --rate abc --help", "help"},
		{"/?", "help"},
		{"run -?", "help"},
		{"run help", "help"},
	} {
		var args []string
		for arg := range strings.FieldsSeq(c.args) {
			args = append(args, strings.ReplaceAll(strings.ReplaceAll(arg, "~", " "), "''", ""))
		}
		if runtime.GOOS == "darwin" && strings.Contains(c.args, "Se\u0302\u0301p") {
			continue // there it is the same name
		}
		got := usageOf(t, args)
		if runtime.GOOS == "windows" { // other paths; and quotes around other words
			plain := strings.NewReplacer(`\`, "/", "'", "", `"`, "")
			got, c.want = plain.Replace(got), plain.Replace(c.want)
		}
		if got != c.want {
			t.Errorf("%s\n says %s\n want %s", c.args, got, c.want)
		}
		if strings.Contains(got, opaque) {
			t.Errorf("%s: what may be a key is repeated", c.args)
		}
	}
}

// TestUsageOfVariables: a flag that is in the environment is named as it is there.
func TestUsageOfVariables(t *testing.T) {
	t.Chdir(t.TempDir())
	for _, c := range []struct{ variable, want string }{
		{"ETELECOM_WORKERS=many", `ETELECOM_WORKERS needs a whole number such as 8, not "many" | for example: ETELECOM_WORKERS=8`},
		{"ETELECOM_DRY_RUN=ja", `ETELECOM_DRY_RUN is true or false, not "ja" | write true or false`},
		{"ETELECOM_COLOR=blue", `ETELECOM_COLOR cannot be "blue" | use one of: auto, always, never`},
		{"ETELECOM_TIMEOUT=30", `ETELECOM_TIMEOUT needs a time such as 30s, not "30" | write 30s for seconds, or 30m for minutes`},
		{"ETELECOM_LIMIT=-3", "ETELECOM_LIMIT cannot be less than 0, and it is -3 | remove it to get its default"},
		{"ETELECOM_SANDBOX_LIMIT=abc", ""}, // of another command
	} {
		name, value, _ := strings.Cut(c.variable, "=")
		t.Run(name, func(t *testing.T) {
			t.Setenv(name, value)
			if got := usageOf(t, []string{"run", "-"}); got != c.want {
				t.Errorf("it says %s, want %s", got, c.want)
			}
		})
	}
}

// Whatever is typed, the flag library has nothing to say: its texts are in English, and repeat what may be a key.
func TestUsageIsOurs(t *testing.T) {
	t.Chdir(t.TempDir())
	word := rapid.OneOf(
		rapid.SampledFrom([]string{
			"run", "check", "status", "template", "sandbox", "version", "help", "-", "--", "-n", "-nq", "-j", "-j2", "-o", "-o=x", "--limit", "--limit=3",
			"--limit=x", "--rate", "10", "1e3", "0x10", "1_000", "+5", "30s", "abc", "-5", "-1s", "--color", "never", "--fault", "--fault=429=#1", "--deny=users",
			"--dry-run=yes", "--dry-run=FALSE", "--dry-run=", "--hidden-rows", "--hidden-rows=", "read", "--max-errors", "20%", "e.csv", "", "--help=false", "-h=false",
			"--seed", "--skew", "--user=0901234567", "--user=a,b", "--user=", "--latency=1s", "--extensions=-1", "--addr=", "--api-key-file", "--=", "-=", "---", "--timeout=1h",
		}),
		rapid.StringMatching(`-{0,3}[a-zA-Z0-9=,.\\ -]{0,8}`),
	)
	rapid.Check(t, func(rt *rapid.T) {
		usageOf(rt, rapid.SliceOfN(word, 0, 6).Draw(rt, "args"))
	})
}

func TestSimilar(t *testing.T) {
	names := []string{"run", "check", "status", "template", "sandbox", "version"}
	for word, want := range map[string]string{
		"rnu": "run", "rum": "run", "RUN": "run", "stauts": "status", "sand-box": "sandbox", "temp": "template", "ver": "version",
		"": "", "x": "", "ab": "", "employees": "", "st": "",
	} {
		if got := similar(word, names); got != want {
			t.Errorf("similar(%q) = %q, want %q", word, got, want)
		}
	}
}
