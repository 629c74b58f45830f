// Package console is what a person sees of a run: what was read, the plan, the question, the progress, and how it ended. The
// answer of a command goes to standard output, everything else to standard error. The package
// decides only whether and where something is said or asked, and gets no password.
package console

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"time"

	"etelecom-import/apiclient"
	"etelecom-import/apiclient/message"
	"etelecom-import/importer"
	"etelecom-import/importer/check"
	"etelecom-import/importer/console/layout"
	"etelecom-import/importer/report"
	"etelecom-import/importer/roster"
)

// Options say how a run talks. The tags are those of the command line.
type Options struct {
	Yes       bool   `short:"y" help:"Do not ask before the first write."`
	Quiet     bool   `short:"q" help:"Print nothing unless there is a problem."`
	Details   bool   `help:"Show everybody who would be created."`
	JSON      bool   `help:"Print only the summary, as one JSON object."`
	LogFormat string `default:"text" enum:"text,json" placeholder:"F" help:"text or json: the form of standard error."`
	Color     string `default:"auto" enum:"auto,always,never" placeholder:"C" help:"auto, always or never."`
}

// Console talks to the person or the script that started the program. Its methods decide whether something is said, and where. The
// views in the other files decide how it looks.
type Console struct {
	// SuggestAccount makes a plan show the flag with which later runs check that the account is the same.
	SuggestAccount bool

	opts     Options
	screen   screen
	out, err page // standard output and standard error
	voice    voice
	terminal bool    // standard error is a terminal
	prompt   *prompt // nil: nobody can answer, or --yes was given
	panics   panics
	setbacks setbacks
}

// New returns a console on the three streams. It looks at the environment for NO_COLOR and TERM.
func New(o Options, stdin io.Reader, stdout, stderr io.Writer) *Console {
	c := &Console{opts: o, terminal: isTerminal(stderr)}
	width := func() int { return terminalWidth(stderr) }
	c.screen.terminal, c.screen.width = stderr, width
	c.out = newPage(&lockedWriter{&c.screen, stdout}, o.Color, stdout, width)
	c.err = newPage(&lockedWriter{&c.screen, stderr}, o.Color, stderr, width)
	c.voice = newVoice(c.err, o.LogFormat)
	c.panics.tell = c.Fail
	if c.terminal && isTerminal(stdin) && !o.Yes {
		c.prompt = &prompt{stdin, c.err, &c.screen, &c.panics}
	}
	return c
}

// Terminal reports whether standard error is a terminal, where a person watches.
func (c *Console) Terminal() bool { return c.terminal }

// hasBar reports whether the progress is a line that changes.
func (c *Console) hasBar() bool { return c.terminal && c.opts.LogFormat != formatJSON }

// printsText reports whether standard output is for people.
func (c *Console) printsText() bool { return !c.opts.Quiet && !c.opts.JSON }

// Warn says what people should know although the run continues.
func (c *Console) Warn(text string) { c.voice.warn(text) }

// Note says what is good to know. --quiet suppresses it.
func (c *Console) Note(text string) {
	if !c.opts.Quiet {
		c.voice.note(text)
	}
}

// Fail prints an error in two lines: what is wrong, and its hint.
func (c *Console) Fail(err error) { c.voice.fail(explain(err)) }

// Bug returns err joined with the panic of a goroutine of the console, if there was one. The panic was printed when it happened.
func (c *Console) Bug(err error) error { return c.panics.join(err) }

// ShowSetback says that the API cannot be reached, or does not work, and that the program tries again. The same trouble of many
// calls is said once. --quiet suppresses it: how the run ends is told.
func (c *Console) ShowSetback(b apiclient.Setback) {
	if now := time.Now(); !c.opts.Quiet && c.setbacks.isNews(b, now) {
		c.voice.setback(setbackText(b, now))
	}
}

// ShowStopping says that a signal has come and what follows.
func (c *Console) ShowStopping() {
	c.Note(message.T("Stopping: waiting for the calls that were sent. Press Ctrl-C again to stop now. Nothing is lost."))
}

// ShowRoster says what was understood of the employee file.
func (c *Console) ShowRoster(input string, r *roster.Roster) {
	if c.printsText() {
		rosterView{c.out, r}.print(input)
	}
}

// ShowJudged says what is odd about names and passwords, once it is known which rows are done; with details, also every kind of
// problem that the rows have.
func (c *Console) ShowJudged(r *roster.Roster, details bool) {
	if c.printsText() {
		rosterView{c.out, r}.judged(details)
	}
}

// ShowWithoutPassword says how many rows could only be assigned: they have no password to create a user with.
func (c *Console) ShowWithoutPassword(r *roster.Roster) {
	if c.printsText() {
		rosterView{c.out, r}.withoutPassword()
	}
}

// ShowPlan prints a plan. told says that the rows that the roster itself refuses were printed before.
func (c *Console) ShowPlan(r *roster.Roster, p *importer.Plan, told bool) {
	if c.printsText() {
		planView{c.out, r, p, c.SuggestAccount, c.opts.Details}.print(told)
	}
}

// Confirm asks whether to carry out a plan. The answer is yes without a question if nothing would be written, and if nobody can
// answer: whoever runs the program in a script has decided already.
func (c *Console) Confirm(ctx context.Context, r *roster.Roster, p *importer.Plan, baseURL string) bool {
	if c.prompt == nil || p.Counts().Writes() == 0 {
		return true
	}
	c.screen.hide()
	defer c.screen.show()
	if !c.printsText() { // nobody can agree to what they have not seen
		planView{c.err, r, p, c.SuggestAccount, c.opts.Details}.print(false)
	}
	fmt.Fprintln(c.err)
	return c.prompt.confirm(ctx, question(p.Counts(), tenantName(p, baseURL)), message.T("Type y and press Enter to start, anything else to cancel:"))
}

// ConfirmReplaced asks whether to continue although passwords of people who were on the platform before have been replaced. The
// answer is no if nobody can answer, and with --yes: that was said before anybody knew of this.
func (c *Console) ConfirmReplaced(ctx context.Context, people int) bool {
	if c.prompt == nil {
		return false
	}
	ask := message.Sprintf("%s already had an eTelecom login. Their password is now the one in your file. Continue?", message.Count(people, "person", "people"))
	return c.prompt.confirm(ctx, ask, message.T("Type y and press Enter to continue, anything else to stop:"))
}

// Watch shows the progress of a run until stop is called: on a terminal a line that changes, else a line at intervals.
func (c *Console) Watch(p *importer.Progress, client *apiclient.Client) (stop func()) {
	if c.opts.Quiet {
		return func() {}
	}
	m := &monitor{progress: p, client: client, panics: &c.panics, every: logEvery, show: c.voice.progress}
	if c.hasBar() {
		m.every, m.show = drawEvery, func(f frame) { c.screen.draw(f.line(c.screen.width() - 1)) }
	}
	end := m.start()
	return func() {
		end()
		c.screen.draw("")
	}
}

// ShowEnd says how a run ended. The summary is nil if the run could not begin. next is the command that continues.
func (c *Console) ShowEnd(s *importer.Summary, err error, next string) {
	if err != nil {
		c.Fail(err)
	}
	if s != nil {
		c.showUnrecorded(s)
	}
	switch {
	case c.opts.JSON && s == nil:
		c.printJSON(report.NotBegun(err))
	case c.opts.JSON:
		c.printJSON(s)
	case s == nil, c.opts.Quiet && !needsAttention(s) && !hasSkipped(s):
	default:
		summaryView{c.out, s, c.opts.Quiet}.print(next)
	}
}

// showUnrecorded prints the ids that no file has because the result could not be written.
func (c *Console) showUnrecorded(s *importer.Summary) {
	for _, e := range unrecorded(s) {
		c.voice.notRecorded(e)
	}
}

// ShowStatus prints what result and journal say.
func (c *Console) ShowStatus(s *report.Status) {
	if c.opts.JSON {
		c.printJSON(s)
		return
	}
	statusView{c.out, s}.print()
}

// ShowFinding prints one finding of a check, with its hint. As JSON, all findings are printed at the end.
func (c *Console) ShowFinding(f check.Finding) {
	if !c.opts.JSON {
		printFinding(c.out, f)
	}
}

// ShowCheckEnd prints the end of a check: all findings as JSON, or how many there are of each status.
func (c *Console) ShowCheckEnd(r *check.Report) {
	if c.opts.JSON {
		c.printJSON(r)
		return
	}
	printCheckEnd(c.out, r)
}

// ShowCheckStopped says that a signal has ended a check.
func (c *Console) ShowCheckStopped() {
	c.screen.hide()
	c.voice.note(message.T("Stopped. Nothing was changed."))
}

// ShowTemplate says what to do with a new employee file.
func (c *Console) ShowTemplate(path string) {
	message.Fprintf(c.out, "%s is written. Fill it in, and delete the example row.\n", layout.OneLine(path))
	fmt.Fprintf(c.out, "\n%s %s\n", c.out.bold(message.T("Next:")), "etelecom-import run --dry-run --offline "+Quote(path))
}

// ShowSandbox says how to use a practice tenant. A shell can run what it prints.
func (c *Console) ShowSandbox(address, baseURL, key string) {
	fmt.Fprintln(c.out, "#", message.Sprintf("A practice tenant, until Ctrl-C. Its record: curl http://%s/record", address))
	fmt.Fprintln(c.out, "#", message.T("To use it, in another terminal:"))
	fmt.Fprintf(c.out, "export ETELECOM_BASE_URL=%s\nexport ETELECOM_API_KEY=%s\n", baseURL, Quote(key))
}

// ShowSandboxEnd says what was done to a practice tenant, each fact in a line.
func (c *Console) ShowSandboxEnd(facts []string) {
	fmt.Fprintln(c.out)
	for _, fact := range facts {
		fmt.Fprintln(c.out, "#", fact)
	}
}

// printJSON prints v alone in a line.
func (c *Console) printJSON(v any) {
	text, err := json.Marshal(v)
	if err != nil {
		panic(err) // structs of strings and numbers always have a JSON form
	}
	fmt.Fprintln(c.out, string(text))
}
