package cli

import (
	"cmp"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"etelecom-import/apiclient/message"
	"etelecom-import/importer"
	"etelecom-import/importer/console"
	"etelecom-import/importer/reason"
)

// next decides what is useful after a run: what somebody has to correct first, and the command line. There is none where running again
// changes nothing.
type next struct {
	line    *commandLine
	program string // how the program was called
	windows bool
	ended   time.Time

	employees string // the employee file
	problems  string // the list of problems; "" for none
	settle    time.Duration
	offline   bool
	sandbox   bool
	adopt     bool
	hasKey    bool // a key is given, in whatever way

	summary *importer.Summary
	stop    importer.StopKind // 0 if the run was not stopped
}

// step is what the next run is.
type step uint8

// The steps, which follow one another.
const (
	checkFile step = iota // a dry run without a call
	seePlan               // a dry run
	doIt
)

// decide returns what to do. Corrections come first, then the command.
func (n next) decide() console.Next {
	s := n.summary
	switch {
	case s == nil:
		return console.Next{}
	case n.stop == importer.Strict:
		return n.corrected(n.toDo(), n.thisStep(), message.T("correct the rows that are named above, then:"))
	case n.stop == importer.TooManyErrors:
		return n.corrected(n.toDo(), n.thisStep(), message.T("when the reason of the failures is gone:"))
	case n.stop != 0:
		text, ok := afterStop[n.stop]
		if !ok {
			return console.Next{}
		}
		return n.with(text.String(), n.thisStep())
	case n.offline:
		return n.afterCheck()
	case s.DryRun:
		return n.afterPlan()
	}
	return n.afterRun()
}

// afterStop says what the same command is for after a run that was stopped. What has to be corrected is said with the stop. After an
// answer of no there is nothing to say.
var afterStop = map[importer.StopKind]message.Text{
	importer.Interrupted:     "to continue:",
	importer.TimeLimit:       "to continue:",
	importer.Unavailable:     "when the API works again:",
	importer.LedgerFailed:    "when the result can be written again:",
	importer.Refused:         "when that is corrected:",
	importer.ListingDoubted:  "when that is settled:",
	importer.TooManyReplaced: "when you have told these people, to continue:",
	importer.Bug:             "when you have reported it, to continue:",
}

// thisStep is the step that the run was.
func (n next) thisStep() step {
	switch {
	case n.offline:
		return checkFile
	case n.summary.DryRun:
		return seePlan
	}
	return doIt
}

// afterCheck follows a check of the file: the plan, if anybody can be created at all.
func (n next) afterCheck() console.Next {
	t := n.toDo()
	after := seePlan
	if n.sandbox {
		after = doIt
	}
	switch {
	case n.summary.Rows == 0 && len(n.summary.Errors) == 0:
		return console.Next{}
	case n.summary.Status.Pending == 0:
		return n.corrected(t, checkFile, message.T("correct the employee file, then:"))
	case n.sandbox:
		return n.corrected(t, after, message.T("to practise:"))
	case !n.hasKey:
		return n.corrected(t, after, message.T("to see the plan, with the API key in a file named key:"))
	}
	return n.corrected(t, after, message.T("to see the plan:"))
}

// afterPlan follows a dry run: the run. A plan for some rows is no plan for all, so the next one is for everybody.
func (n next) afterPlan() console.Next {
	s, t := n.summary, n.toDo()
	switch {
	case s.Later > 0:
		return n.with(message.T("to see the plan for all rows:"), seePlan)
	case s.Plan.Writes()+s.Plan.Wait > 0:
		return n.corrected(t, doIt, message.T("to do it:"))
	case s.Plan.Refuse > 0:
		return n.corrected(t, seePlan, "")
	}
	return console.Next{}
}

// afterRun follows a run that came to its end.
func (n next) afterRun() console.Next {
	s, t := n.summary, n.toDo()
	unknown := s.GoneUnknown + s.Status.Unknown
	if s.CannotLook {
		unknown = 0
	}
	continuing := ""
	switch {
	case unknown > 0 && n.settle > 0:
		at := n.ended.Add(n.settle + time.Minute - 1).Truncate(time.Minute)
		continuing = message.Sprintf("from %s on, to find out what became of %s:", message.Minute(at), message.Count(unknown, "row", "rows"))
	case unknown > 0:
		continuing = message.Sprintf("to find out what became of %s:", message.Count(unknown, "row", "rows"))
	case s.Later > 0:
		continuing = message.Sprintf("for the other %s:", message.Count(s.Later, "row", "rows"))
	case t.again:
		continuing = message.T("to try the rest once more:")
	}
	return n.corrected(t, doIt, continuing)
}

// toDo is what the rows that are not done need.
type toDo struct {
	lines    []int // the first lines to correct in the employee file
	rows     int   // how many
	cell     string
	kinds    int  // of what is to be corrected there
	act      bool // something has to be done elsewhere, as the hints say
	existing int  // rows whose users exist, and whom --adopt takes
	again    bool // running again may be enough
}

// toDo looks at the rows that are not done, by their codes.
func (n next) toDo() (t toDo) {
	for _, g := range n.summary.Errors {
		switch r := reason.Of(g.Code); {
		case r.Cell != "":
			t.lines = append(t.lines, g.Lines...)
			t.rows += g.Rows
			t.cell = r.Cell.String()
			t.kinds++
		case g.Code == reason.UserExists && !n.adopt:
			t.existing += g.Rows
		case r.Decision: // nothing is wrong with the row
		case r.Person:
			t.act = true
		default:
			t.again = true
		}
	}
	status := n.summary.Status
	t.again = t.again || !n.summary.DryRun && status.Pending+status.Created > 0
	slices.Sort(t.lines)
	return t
}

// corrected returns what to correct and the command of a step. otherwise is what the command is for if there is nothing to correct; ""
// if it is not needed then.
func (n next) corrected(t toDo, s step, otherwise string) console.Next {
	var said []string
	if t.act {
		said = append(said, message.T("do what the hints above say, then:"))
	}
	if t.rows > 0 {
		if t.act {
			said[0] = message.T("do what the hints above say")
		}
		said = append(said, n.correct(t))
	}
	if len(said) == 0 && otherwise != "" {
		said = append(said, otherwise)
	}
	switch {
	case len(said) > 0:
		next := n.with(strings.Join(said, "; "), s)
		if t.existing > 0 {
			next.Notes = append(next.Notes, message.Sprintf("To give the people of %s (user_exists) their extension too, add --adopt. It changes no password.",
				message.Count(t.existing, "row", "rows")))
		}
		return next
	case t.existing > 0:
		n.adopt = true
		return n.with(message.Sprintf("to give the people of %s (user_exists) their extension, without changing a password:",
			message.Count(t.existing, "row", "rows")), s, "--adopt")
	}
	return console.Next{}
}

// correct names what to correct in the employee file.
func (n next) correct(t toDo) string {
	const few = 5
	lines, file := console.LineList(t.lines, t.rows), n.employees
	if file == stdinName {
		file = message.T("the employee file")
	}
	switch {
	case t.rows > few && n.problems != "":
		return message.Sprintf("correct the %d rows of %s that %s lists, then:", t.rows, file, n.problems)
	case t.rows > few:
		return message.Sprintf("correct the %d rows of %s that are refused above (--problems problems.xlsx lists them), then:", t.rows, file)
	case t.kinds == 1:
		return message.Sprintf("correct %s of %s (%s), then:", lines, file, t.cell)
	}
	return message.Sprintf("correct %s of %s, then:", lines, file)
}

// with returns a sentence and the command of a step, with more flags.
func (n next) with(say string, s step, more ...string) console.Next {
	words := append([]string{"run"}, n.overrides(s)...)
	words = append(words, more...)
	if s == seePlan && !n.hasKey && !n.sandbox {
		words = append(words, "--api-key-file", "key")
	}
	wroteLess := n.thisStep() != doIt || n.gives("limit")
	drops := func(flag string) bool {
		// Whoever said yes to nothing, or to a few rows, has not said yes to all. A variable stays: it is a standing yes.
		noLonger := s == doIt && wroteLess && flag == "yes"
		return noLonger || n.drops(flag, s)
	}
	words = append(words, n.kept(drops, s == doIt)...)
	next := n.command(say, words)
	if from := passedBy(n.employees); from != "" {
		next.Notes = append(next.Notes, message.Sprintf("The employee file came from %s. Give it to the command again in the same way.", from))
	}
	return next
}

// gives reports whether a flag is on the command line, or in the environment.
func (n next) gives(flag string) bool {
	return !isNo(cmp.Or(os.Getenv(variableOf(flag)), "false")) || slices.ContainsFunc(n.line.parts, func(p part) bool { return p.flag != nil && p.flag.Name == flag })
}

// passedBy says from where an employee file came that has no name: the next command cannot find it. "" for a file with a name.
func passedBy(employees string) string {
	switch {
	case employees == stdinName:
		return message.T("standard input")
	case strings.HasPrefix(filepath.ToSlash(employees), "/dev/"), strings.HasPrefix(employees, "/proc/"):
		return employees
	}
	return ""
}

// withFlag returns the command line of the run with another value of one flag.
func (n next) withFlag(flag, value string) string {
	drops := func(name string) bool { return name == flag }
	return n.command("", append([]string{"run", "--" + flag, value}, n.kept(drops, false)...)).Command
}

// command returns a sentence and the command line of the program with these words.
func (n next) command(say string, words []string) console.Next {
	program, shell := programName(n.program, n.windows)
	text, other := console.CommandLine(n.windows, words...)
	result := console.Next{Say: say, Command: program + " " + text}
	if shell = cmp.Or(other, shell); shell != "" {
		result.Notes = append(result.Notes, message.Sprintf("The command is for %s.", shell))
	}
	return result
}

// forThisStep are the flags that say which step a run is.
var forThisStep = []string{"dry-run", "offline", "limit"}

// forOneRun reports whether a flag allows something that somebody agreed to for one run. A --max-gone that allows no more than the
// default protects: it stays.
func (n next) forOneRun(flag string) bool {
	if flag != "max-gone" {
		return flag == "trust-listing"
	}
	if n.goneAgain() {
		return false
	}
	return !slices.ContainsFunc(n.line.parts, func(p part) bool {
		if p.flag == nil || p.flag.Name != flag {
			return false
		}
		var given, usual importer.Threshold
		err := errors.Join(given.UnmarshalText([]byte(p.value)), usual.UnmarshalText([]byte(p.flag.Default)))
		return err == nil && given.AtMost(usual)
	})
}

// goneAgain reports whether the same people will be gone in the next run: this one was stopped before the result could say so.
func (n next) goneAgain() bool { return n.summary.Gone > 0 && !n.summary.Written }

// drops reports whether the command of a step is without a flag.
func (n next) drops(flag string, s step) bool {
	if flag == "trace" { // the next run would replace the trace of this one, which somebody may need
		return true
	}
	isOver := !n.summary.DryRun && n.forOneRun(flag)
	isSeen := n.summary.DryRun && flag == "details" && s == doIt
	if flag == "detailed-exitcode" { // any other step refuses it
		return s != seePlan
	}
	return slices.Contains(forThisStep, flag) || isOver || isSeen
}

// overrides returns the flags that make a command the step, also where variables of the environment say something else.
func (n next) overrides(s step) (flags []string) {
	switch s {
	case checkFile:
		flags = append(flags, "--dry-run", "--offline")
	case seePlan:
		flags = append(flags, "--dry-run")
	case doIt:
	}
	for _, f := range n.line.command.Flags {
		if !n.drops(f.Name, s) || slices.Contains(flags, "--"+f.Name) {
			continue
		}
		for _, variable := range f.Tag.Envs {
			switch value := os.Getenv(variable); {
			case value == "" || isNo(value):
			case f.IsBool():
				flags = append(flags, "--"+f.Name+"=false")
			case f.Name == "limit":
				flags = append(flags, "--limit=0")
			}
		}
	}
	return flags
}

// kept returns the words of the command line that stay, without keys and passwords that somebody may have put into them. Standard input
// has no name to derive that of a result from, so the result is named if the command needs one.
func (n next) kept(drops func(flag string) bool, needsResult bool) (words []string) {
	var last []string
	namesResult := false
	for _, p := range n.line.parts {
		if p.flag != nil && drops(p.flag.Name) {
			continue
		}
		namesResult = namesResult || p.flag != nil && p.flag.Name == "result"
		isLast := p.isWord() && strings.HasPrefix(p.value, "-") && p.value != stdinName // only behind --
		if p = p.withoutSecrets(); isLast {
			last = append(last, p.args()...)
			continue
		}
		words = append(words, p.args()...)
	}
	if n.employees == stdinName && !namesResult && needsResult {
		words = append(words, "-o", "RESULT.csv")
	}
	if len(last) > 0 {
		words = append(append(words, "--"), last...)
	}
	return words
}

// programName returns how to call the program again, and for which shell that is if not for all. What "go run" has built is deleted by
// then. On Windows no way to call a program in a folder whose name has spaces is right for both shells, so its name alone is taken
// where that leads to it.
func programName(path string, windows bool) (command, shell string) {
	if dir := filepath.ToSlash(filepath.Dir(path)); strings.Contains(dir, "/go-build") && strings.HasSuffix(dir, "/exe") {
		return "go run .", ""
	}
	quoted, shell := console.CommandLine(windows, path)
	if !windows || quoted == path {
		return quoted, shell
	}
	name := path[strings.LastIndexAny(path, `\/`)+1:]
	short := strings.TrimSuffix(name, ".exe")
	if found, err := exec.LookPath(short); err == nil && same(found, path) {
		return short, ""
	}
	if same(name, path) {
		return `.\` + name, ""
	}
	quoted, _ = console.CommandLine(windows, path)
	return "& " + quoted, "PowerShell"
}
