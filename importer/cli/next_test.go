package cli

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"etelecom-import/apiclient/message"
	"etelecom-import/importer"
	"etelecom-import/importer/console"
	"etelecom-import/importer/plan"
	"etelecom-import/importer/reason"
)

// ended is when the runs of these tests end.
var ended = time.Date(2026, 11, 26, 14, 30, 1, 0, time.FixedZone("", 7*3600))

// nextOf returns what is useful after a command line that ended with a summary and a stop.
func nextOf(t testing.TB, args []string, s *importer.Summary, stop importer.StopKind) console.Next {
	t.Helper()
	var c commands
	parser := newParser(&c)
	line := readCommandLine(parser.Model, args)
	if err := (usage{line}).check(); err != nil {
		t.Fatalf("%q: %v", args, err)
	}
	if _, err := parser.Parse(line.args); err != nil {
		t.Fatalf("%q: %v", args, err)
	}
	var err error
	if stop != 0 {
		err = &importer.Stop{Kind: stop, Cause: errors.New("why")}
	}
	s.DryRun = c.Run.Import.DryRun
	n := c.Run.next(&Program{Args: []string{"ei"}}, line, s, err)
	n.windows, n.ended = false, ended
	return n.decide()
}

// group is the rows of a code.
func group(code string, lines ...int) importer.Group {
	return importer.Group{Code: code, Rows: len(lines), Lines: lines}
}

// many are twelve lines.
var many = []int{2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13}

// TestNext has the states in which a run, a dry run and a check can end.
func TestNext(t *testing.T) {
	settled := message.Minute(ended.Add(3 * time.Minute)) // the settle time, and up to the next full minute
	var (
		done     = importer.Summary{Rows: 3, Status: importer.StatusCounts{Done: 3}}
		refused  = importer.Summary{Rows: 3, Status: importer.StatusCounts{Done: 2, Invalid: 1}, Errors: []importer.Group{group(reason.BadPhone, 9)}}
		twoKinds = importer.Summary{Rows: 3, Errors: []importer.Group{group(reason.BadPhone, 9), group(reason.MissingValue, 7)}}
		twelve   = importer.Summary{Rows: 20, Errors: []importer.Group{group(reason.BadPhone, many...)}}
		exists   = importer.Summary{Rows: 3, Errors: []importer.Group{group(reason.UserExists, 4, 5)}}
		taken    = importer.Summary{Rows: 3, Errors: []importer.Group{group(reason.ExtensionTaken, 4)}}
		asked    = importer.Summary{Rows: 3, Errors: []importer.Group{group(reason.Precondition, 4)}}
		lost     = importer.Summary{Rows: 3, Errors: []importer.Group{group(reason.Unavailable, 4)}}
		all      = importer.Summary{Rows: 9, Errors: []importer.Group{group(reason.BadPhone, 9), group(reason.ExtensionTaken, 4), group(reason.UserExists, 5)}}
		unknown  = importer.Summary{Rows: 3, Status: importer.StatusCounts{Done: 2, Unknown: 1}}
		gone     = importer.Summary{Rows: 3, Status: importer.StatusCounts{Done: 3}, GoneUnknown: 2}
		blind    = importer.Summary{Rows: 3, Status: importer.StatusCounts{Unknown: 1}, CannotLook: true, Errors: []importer.Group{group(reason.CannotLook, 4)}}
		canary   = importer.Summary{Rows: 9, Status: importer.StatusCounts{Done: 3, Pending: 6}, Later: 6}
		began    = importer.Summary{Rows: 9, Status: importer.StatusCounts{Done: 3, Pending: 6}}
		toCreate = importer.Summary{Rows: 9, Plan: plan.Counts{Create: 9}}
		nothing  = importer.Summary{Rows: 9, Plan: plan.Counts{None: 9}}
		partly   = importer.Summary{Rows: 9, Plan: plan.Counts{Create: 8, Refuse: 1}, Errors: []importer.Group{group(reason.BadPhone, 9)}}
		existing = importer.Summary{Rows: 3, Plan: plan.Counts{Refuse: 3}, Errors: []importer.Group{group(reason.UserExists, 2, 3, 4)}}
		someOf   = importer.Summary{Rows: 9, Plan: plan.Counts{Create: 3, None: 6}, Later: 6}
		sound    = importer.Summary{Rows: 9, Status: importer.StatusCounts{Pending: 9}}
		bad      = importer.Summary{Rows: 1, Status: importer.StatusCounts{Invalid: 1}, Errors: []importer.Group{group(reason.BadPhone, 2)}}
		odd      = importer.Summary{Rows: 2, Status: importer.StatusCounts{Invalid: 1, Pending: 1}, Errors: []importer.Group{group(reason.MissingValue, 2)}}
	)
	const key = "--api-key-file k "
	for _, c := range []struct {
		summary   importer.Summary
		stop      importer.StopKind
		args, env string
		want      string // what is said; the command; what is said after it
	}{
		// A run that came to its end.
		{done, 0, "run e.csv", "", ""},
		{refused, 0, "run e.csv", "", "correct line 9 of e.csv (phone), then: | ei run e.csv"},
		{refused, 0, "run -", "", "correct line 9 of the employee file (phone), then: | ei run - -o RESULT.csv | The employee file came from standard input. Give it to the command again in the same way."},
		{refused, 0, "run - -o r.csv", "", "correct line 9 of the employee file (phone), then: | ei run - -o r.csv | The employee file came from standard input. Give it to the command again in the same way."},
		{twoKinds, 0, "run e.csv", "", "correct lines 7 and 9 of e.csv, then: | ei run e.csv"},
		{twelve, 0, "run e.csv", "", "correct the 12 rows of e.csv that are refused above (--problems problems.xlsx lists them), then: | ei run e.csv"},
		{twelve, 0, "run --problems p.xlsx e.csv", "", "correct the 12 rows of e.csv that p.xlsx lists, then: | ei run --problems p.xlsx e.csv"},
		{exists, 0, "run --yes e.csv", "", "to give the people of 2 rows (user_exists) their extension, without changing a password: | ei run --adopt --yes e.csv"},
		{exists, 0, "run --adopt e.csv", "", ""},
		{taken, 0, "run e.csv", "", "do what the hints above say, then: | ei run e.csv"},
		{asked, 0, "run e.csv", "", ""},
		{lost, 0, "run e.csv", "", "to try the rest once more: | ei run e.csv"},
		{
			all, 0, "run e.csv", "", "do what the hints above say; correct line 9 of e.csv (phone), then: | ei run e.csv | " +
				"To give the people of 1 row (user_exists) their extension too, add --adopt. It changes no password.",
		},
		{unknown, 0, "run e.csv", "", "from " + settled + " on, to find out what became of 1 row: | ei run e.csv"},
		{unknown, 0, "run --settle 0 e.csv", "", "to find out what became of 1 row: | ei run --settle 0 e.csv"},
		{gone, 0, "run e.csv", "", "from " + settled + " on, to find out what became of 2 rows: | ei run e.csv"},
		{blind, 0, "run --blind e.csv", "", ""},

		// What was for one run is not repeated, nor a dry run by way of the environment.
		{canary, 0, "run --limit 3 e.csv", "", "for the other 6 rows: | ei run e.csv"},
		{canary, 0, "run --limit=3 -y e.csv", "", "for the other 6 rows: | ei run e.csv"},
		{canary, 0, "run e.csv", "ETELECOM_LIMIT=3", "for the other 6 rows: | ei run --limit=0 e.csv"},
		{began, importer.Interrupted, "run --trust-listing e.csv", "", "to continue: | ei run e.csv"},
		{began, importer.Interrupted, "run --limit 3 --yes e.csv", "", "to continue: | ei run e.csv"}, // a yes to 3 is none to 9
		{began, importer.Interrupted, "run --yes e.csv", "ETELECOM_LIMIT=3", "to continue: | ei run --limit=0 e.csv"},
		{began, importer.Interrupted, "run --yes e.csv", "", "to continue: | ei run --yes e.csv"},
		{toCreate, 0, "run --dry-run --yes e.csv", "", "to do it: | ei run e.csv"},
		{toCreate, 0, "run --dry-run e.csv", "ETELECOM_YES=true", "to do it: | ei run e.csv"},
		{sound, 0, "e.csv --yes --sandbox", "", "to practise: | ei run e.csv --sandbox"},
		{began, importer.Interrupted, "run --max-gone 100% e.csv", "", "to continue: | ei run e.csv"},
		{began, importer.Interrupted, "run --max-gone 11 e.csv", "", "to continue: | ei run e.csv"},
		{began, importer.Interrupted, "run --max-gone 0 e.csv", "", "to continue: | ei run --max-gone 0 e.csv"}, // it protects
		{began, importer.Interrupted, "run --max-gone=5% e.csv", "", "to continue: | ei run --max-gone=5% e.csv"},
		{began, importer.Interrupted, "run e.csv", "ETELECOM_TRUST_LISTING=true", "to continue: | ei run --trust-listing=false e.csv"},

		{refused, 0, "run --trace t -y e.csv", "", "correct line 9 of e.csv (phone), then: | ei run -y e.csv"},

		{refused, 0, "run --api-key-command pass~show~key e.csv", "", "correct line 9 of e.csv (phone), then: | ei run --api-key-command 'pass show key' e.csv"},
		{refused, 0, "run --api-key-command=echo~s3cret e.csv", "", "correct line 9 of e.csv (phone), then: | ei run --api-key-command=KEY-COMMAND e.csv"},
		{refused, 0, "run --api-key-command curl~https://lan:hunter2@keys.example/key e.csv", "", "correct line 9 of e.csv (phone), then: | ei run --api-key-command KEY-COMMAND e.csv"},

		// A run that was stopped.
		{began, importer.Interrupted, "run -j2 e.csv", "", "to continue: | ei run -j 2 e.csv"},
		{began, importer.TimeLimit, "run --max-duration 1s e.csv", "", "to continue: | ei run --max-duration 1s e.csv"},
		{began, importer.Unavailable, "run e.csv", "", "when the API works again: | ei run e.csv"},
		{began, importer.LedgerFailed, "run e.csv", "", "when the result can be written again: | ei run e.csv"},
		{began, importer.Refused, "run e.csv", "", "when that is corrected: | ei run e.csv"},
		{toCreate, importer.Refused, "run -n " + key + "e.csv", "", "when that is corrected: | ei run --dry-run " + key + "e.csv"},
		{began, importer.Declined, "run e.csv", "", ""},
		{refused, importer.Strict, "run --strict e.csv", "", "correct line 9 of e.csv (phone), then: | ei run --strict e.csv"},
		{exists, importer.Strict, "run --strict e.csv", "", "correct the rows that are named above, then: | ei run --strict e.csv | " +
			"To give the people of 2 rows (user_exists) their extension too, add --adopt. It changes no password."},
		{refused, importer.TooManyErrors, "run e.csv", "", "correct line 9 of e.csv (phone), then: | ei run e.csv"},
		{lost, importer.TooManyErrors, "run e.csv", "", "when the reason of the failures is gone: | ei run e.csv"},

		// A dry run: the run.
		{toCreate, 0, "run -n " + key + "e.csv", "", "to do it: | ei run " + key + "e.csv"},
		{toCreate, 0, "run -nq --details e.csv", "", "to do it: | ei run -q e.csv"},
		{toCreate, 0, "run --dry-run -o r.csv /dev/fd/63", "", "to do it: | ei run -o r.csv /dev/fd/63 | The employee file came from /dev/fd/63. Give it to the command again in the same way."},
		{toCreate, 0, "run --dry-run --detailed-exitcode e.csv", "", "to do it: | ei run e.csv"}, // a run refuses it
		{toCreate, 0, "run --dry-run e.csv", "ETELECOM_DETAILED_EXITCODE=true", "to do it: | ei run --detailed-exitcode=false e.csv"},
		{someOf, 0, "run --dry-run --detailed-exitcode --limit 3 e.csv", "", "to see the plan for all rows: | ei run --dry-run --api-key-file key --detailed-exitcode e.csv"},
		{toCreate, 0, "run --dry-run=true --trust-listing e.csv", "", "to do it: | ei run --trust-listing e.csv"},
		{toCreate, 0, "run e.csv", "ETELECOM_DRY_RUN=true", "to do it: | ei run --dry-run=false e.csv"},
		{toCreate, 0, "run -n e.csv", "ETELECOM_DRY_RUN=true ETELECOM_OFFLINE=false", "to do it: | ei run --dry-run=false e.csv"},
		{partly, 0, "run -n " + key + "e.csv", "", "correct line 9 of e.csv (phone), then: | ei run " + key + "e.csv"},
		{nothing, 0, "run -n e.csv", "", ""},
		{existing, 0, "run -n " + key + "e.csv", "", "to give the people of 3 rows (user_exists) their extension, without changing a password: | ei run --dry-run --adopt " + key + "e.csv"},
		{someOf, 0, "run -n --limit 3 " + key + "e.csv", "", "to see the plan for all rows: | ei run --dry-run " + key + "e.csv"},
		{someOf, 0, "run -n " + key + "e.csv", "ETELECOM_LIMIT=3", "to see the plan for all rows: | ei run --dry-run --limit=0 " + key + "e.csv"},

		// A check of the file: the plan.
		{sound, 0, "e.csv", "", "to see the plan, with the API key in a file named key: | ei run --dry-run --api-key-file key e.csv"},
		{sound, 0, "run -n --offline e.csv", "", "to see the plan, with the API key in a file named key: | ei run --dry-run --api-key-file key e.csv"},
		{sound, 0, "run -n --offline " + key + "e.csv", "", "to see the plan: | ei run --dry-run " + key + "e.csv"},
		{sound, 0, "e.csv --sheet A", "ETELECOM_API_KEY=k", "to see the plan: | ei run --dry-run e.csv --sheet A"},
		{sound, 0, "run e.csv", "ETELECOM_API_KEY=k ETELECOM_DRY_RUN=1 ETELECOM_OFFLINE=yes", "to see the plan: | ei run --dry-run --offline=false e.csv"},
		{sound, 0, "run -n --offline --sandbox e.csv", "", "to practise: | ei run --sandbox e.csv"},
		{odd, 0, "run -n --offline " + key + "e.csv", "", "correct line 2 of e.csv (empty cell), then: | ei run --dry-run " + key + "e.csv"},
		{bad, 0, "run -n --offline " + key + "e.csv", "", "correct line 2 of e.csv (phone), then: | ei run --dry-run --offline " + key + "e.csv"},
		{importer.Summary{}, 0, "run -n --offline e.csv", "", ""},

		// Keys are not repeated.
		{refused, 0, "run --api-key-file shop1149000000000000077:abc e.csv", "", "correct line 9 of e.csv (phone), then: | ei run --api-key-file KEY-FILE e.csv"},
		{refused, 0, "run --base-url https://me:pw@example.com/v1 e.csv", "", "correct line 9 of e.csv (phone), then: | ei run --base-url https://example.com/v1 e.csv"},
	} {
		t.Run(c.args+" "+c.env, func(t *testing.T) {
			t.Chdir(t.TempDir())
			t.Setenv("ETELECOM_API_KEY", "")
			for _, variable := range strings.Fields(c.env) {
				name, value, _ := strings.Cut(variable, "=")
				t.Setenv(name, value)
			}
			args := strings.Fields(c.args)
			for i := range args {
				args[i] = strings.ReplaceAll(args[i], "~", " ")
			}
			n := nextOf(t, args, &c.summary, c.stop)
			parts := slices.DeleteFunc(append([]string{n.Say, n.Command}, n.Notes...), func(s string) bool { return s == "" })
			if got := strings.Join(parts, " | "); got != c.want {
				t.Errorf("it says %q\nwant %q", got, c.want)
			}
		})
	}
}

// Every stop has been thought of: it has a command, or it is here with the reason why not.
func TestNextOfEveryStop(t *testing.T) {
	without := map[importer.StopKind]string{importer.Declined: "somebody has decided so"}
	for kind := importer.Interrupted; kind <= importer.TooManyReplaced; kind++ {
		s := importer.Summary{Rows: 3, Status: importer.StatusCounts{Pending: 3}}
		if n := nextOf(t, []string{"run", "e.csv"}, &s, kind); (n.Command == "") != (without[kind] != "") {
			t.Errorf("%s: %+v", kind, n)
		}
	}
}

// The command that is printed is read by a shell as what was typed, without what was for one run: whatever is in the names.
func TestNextIsReadBack(t *testing.T) {
	sh, err := exec.LookPath("sh")
	if err != nil || runtime.GOOS == "windows" {
		sh = ""
	}
	t.Setenv("ETELECOM_API_KEY", "k")
	words := rapid.StringMatching(`[a-zA-Z0-9 '"$\x60\\!*?~#&;|<>(){}^%=,@+ăẤ“’\[\]-]{1,12}`)
	rapid.Check(t, func(rt *rapid.T) {
		word := func(name string) string {
			return rapid.Custom(func(rt *rapid.T) string { return words.Draw(rt, name) }).Filter(func(s string) bool {
				return !strings.HasPrefix(s, "-") && !strings.HasPrefix(s, "=")
			}).Draw(rt, name)
		}
		file, sheet := word("file")+".csv", word("sheet")
		args := []string{"run", "--limit", "3", "--sheet", sheet, "-n", "--", file}
		if rapid.Bool().Draw(rt, "joined") {
			args = []string{"run", "--sheet=" + sheet, "--offline=false", file, "-nq"}
		}
		n := nextOf(t, args, &importer.Summary{Rows: 3, Plan: plan.Counts{Create: 3}}, 0)
		got := splitPOSIX(n.Command)
		var c commands
		if _, err := newParser(&c).Parse(got[1:]); err != nil {
			rt.Fatalf("%s: %v", n.Command, err)
		}
		if r := c.Run; r.Employees != file || r.Reading.Sheet != sheet || r.Import.DryRun || r.Import.Limit != 0 {
			rt.Fatalf("%s is read as %+v", n.Command, r)
		}
		if sh != "" && rapid.IntRange(0, 20).Draw(rt, "with a shell") == 0 {
			out, err := exec.Command(sh, "-c", `printf '%s\n' `+n.Command).Output()
			if err != nil || string(out) != strings.Join(got, "\n")+"\n" {
				rt.Fatalf("sh reads %s as %q (%v), and not as %q", n.Command, out, err, got)
			}
		}
	})
}

// splitPOSIX divides a command line as a POSIX shell does: single quotes, and a backslash before one sign.
func splitPOSIX(text string) (words []string) {
	var word strings.Builder
	quoted, begun := false, false
	for i := 0; i < len(text); i++ {
		switch b := text[i]; {
		case b == '\'':
			quoted, begun = !quoted, true
		case !quoted && b == '\\':
			i++
			word.WriteByte(text[i])
		case !quoted && b == ' ':
			if begun {
				words = append(words, word.String())
			}
			word.Reset()
			begun = false
		case !quoted && strings.IndexByte("\"$`!*?~#&;|<>(){}^[]", b) >= 0:
			panic(fmt.Sprintf("%q is special in %s", b, text))
		default:
			word.WriteByte(b)
			begun = true
		}
	}
	return append(words, word.String())
}

func TestProgramName(t *testing.T) {
	t.Chdir(t.TempDir())
	if err := os.WriteFile("a b.exe", nil, 0o700); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		path    string
		windows bool
		want    string
		shell   string
	}{
		{"etelecom-import", false, "etelecom-import", ""},
		{"./a b", false, "'./a b'", ""},
		{"/tmp/go-build123/b001/exe/etelecom-import", false, "go run .", ""},
		{`C:\Tools\etelecom-import.exe`, true, `C:\Tools\etelecom-import.exe`, ""},
		{`C:\Program Files\etelecom-import.exe`, true, `& "C:\Program Files\etelecom-import.exe"`, "PowerShell"},
	} {
		if got, shell := programName(c.path, c.windows); got != c.want || shell != c.shell {
			t.Errorf("programName(%q) = %s, %q, want %s, %q", c.path, got, shell, c.want, c.shell)
		}
	}
}
