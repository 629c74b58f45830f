// Package console is what a person sees of a run: what was read, the plan, the question, the progress, and how it ended. The
// answer of a command goes to standard output, everything else to standard error. Questions go to the terminal itself, whatever
// the streams are redirected to, and so does what a person has to know before they answer. The package decides only whether and
// where something is said or asked, and gets no password.
package console

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"etelecom-import/apiclient"
	"etelecom-import/apiclient/message"
	"etelecom-import/importer"
	"etelecom-import/importer/check"
	"etelecom-import/importer/console/layout"
	"etelecom-import/importer/firstpassword"
	"etelecom-import/importer/hint"
	"etelecom-import/importer/listing"
	"etelecom-import/importer/passwordslip"
	"etelecom-import/importer/report"
	"etelecom-import/importer/roster"
	"etelecom-import/importer/verify"
)

// Options say how a run talks. The tags are those of the command line.
type Options struct {
	Yes       bool   `short:"y" help:"Do not ask. Without a terminal it is needed."`
	Quiet     bool   `short:"q" help:"Print nothing unless there is a problem."`
	Details   bool   `help:"Name everybody in the plan, not only the first three."`
	JSON      bool   `help:"Print only the summary, as one JSON object."`
	LogFormat string `default:"text" enum:"text,json" placeholder:"F" help:"text or json: the form of standard error."`
	Color     string `default:"auto" enum:"auto,always,never" placeholder:"C" help:"auto, always or never."`
}

// Console talks to the person or the script that started the program. Its methods decide whether something is said, and where. The
// views in the other files decide how it looks.
type Console struct {
	// SuggestAccount makes a plan show the flag with which later runs check that the account is the same.
	SuggestAccount bool
	// Practice says that the tenant is inside the program. Then a run that nobody can be asked about starts without a question.
	Practice bool
	// Version is that of the program, for JSON.
	Version string

	opts           Options
	stdout, stderr io.Writer
	screen         screen
	out, err       page // standard output and standard error
	voice          voice
	terminal       bool // standard error is a terminal
	open           func() (terminal, error)
	input          string // the employee file, as ShowRoster was told
	warned         warnings
	panics         panics
	setbacks       setbacks
}

// New returns a console on the two streams. Questions go to the terminal of the process, whatever the streams are. It looks at the
// environment for NO_COLOR and TERM.
func New(o Options, stdout, stderr io.Writer) *Console {
	c := &Console{opts: o, stdout: stdout, stderr: stderr, terminal: isTerminal(stderr), open: openTerminal}
	width := func() int { return terminalWidth(stderr) }
	c.screen.terminal, c.screen.width = stderr, width
	c.out = newPage(&lockedWriter{&c.screen, stdout}, o.Color, isTerminal(stdout), width)
	c.err = newPage(&lockedWriter{&c.screen, stderr}, o.Color, isTerminal(stderr), width)
	c.voice = newVoice(c.err, o.LogFormat)
	c.panics.tell = c.Fail
	return c
}

// Terminal reports whether standard error is a terminal, where a person watches.
func (c *Console) Terminal() bool { return c.terminal }

// hasBar reports whether the progress is a line that changes.
func (c *Console) hasBar() bool { return c.terminal && c.opts.LogFormat != formatJSON }

// printsText reports whether standard output is for people.
func (c *Console) printsText() bool { return !c.opts.Quiet && !c.opts.JSON }

// Warn says what people should know although the run continues.
func (c *Console) Warn(text string) {
	c.warned.add(WithoutKeys(layout.OneLine(text)))
	c.voice.warn(text)
}

// Warned returns the texts of all warnings so far.
func (c *Console) Warned() []string { return c.warned.all() }

// TakeOver makes what people were warned of by another console count as said by this one.
func (c *Console) TakeOver(before *Console) { c.warned.add(before.Warned()...) }

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
	c.input = input
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

// ShowChanges says how the employee file differs from the last result.
func (c *Console) ShowChanges(d importer.Changes) {
	if !d.IsEmpty() && c.printsText() {
		fmt.Fprintln(c.out)
		changesView{c.out, &d, "", c.opts.Details}.print()
	}
}

// ShowWithoutPassword says how many rows could only be assigned: they have no password to create a user with.
func (c *Console) ShowWithoutPassword(r *roster.Roster) {
	if c.printsText() {
		rosterView{c.out, r}.withoutPassword()
	}
}

// ShowWithoutExtension says how many rows are to get a free extension, of which an offline dry run cannot say which.
func (c *Console) ShowWithoutExtension(r *roster.Roster) {
	if c.printsText() {
		rosterView{c.out, r}.withoutExtension()
	}
}

// ShowPlan prints a plan. told says that the rows that the roster itself refuses were printed before.
func (c *Console) ShowPlan(r *roster.Roster, p *importer.Plan, told bool) {
	if c.printsText() {
		planView{c.out, r, p, c.SuggestAccount, c.opts.Details}.print(told)
	}
}

// CheckAsking returns an error if somebody has to agree to the run and nobody can be asked. It is called before the first call.
func (c *Console) CheckAsking() error {
	if c.opts.Yes || c.Practice {
		return nil
	}
	t, err := c.openForeground()
	if err != nil {
		return err
	}
	_ = t.Close()
	return nil
}

// openForeground opens the terminal, to ask a question there. The error says why nobody can be asked.
func (c *Console) openForeground() (terminal, error) {
	const whatToDo message.Text = "add --yes (or ETELECOM_YES=true) to run without a question"
	t, err := c.open()
	if err != nil {
		return nil, hint.With(message.New("nobody can be asked: there is no terminal"), whatToDo.String())
	}
	if !t.foreground() {
		_ = t.Close()
		return nil, hint.With(message.New("nobody can be asked: the run is in the background of its terminal"), whatToDo.String())
	}
	return t, nil
}

// openPrompt opens the terminal as openForeground does, and begins to ask there.
func (c *Console) openPrompt() (*prompt, error) {
	t, err := c.openForeground()
	if err != nil {
		return nil, err
	}
	p := &prompt{terminal: t, out: newPage(&lockedWriter{&c.screen, t}, c.opts.Color, t.colors(), t.width), panics: &c.panics}
	p.resumed, p.end = t.begin()
	return p, nil
}

// Confirm asks whether to carry out a plan. Nil is a yes, and the error says why it is none. It is a yes without a question with
// --yes, if nothing would be written, and for practice that nobody can be asked about. waiting is told when a person begins to
// think, and when they have answered.
func (c *Console) Confirm(ctx context.Context, r *roster.Roster, p *importer.Plan, baseURL string, waiting func(bool)) error {
	if c.opts.Yes || !p.MayWrite() {
		return nil
	}
	prompt, err := c.openPrompt()
	switch {
	case err != nil && c.Practice:
		return nil
	case err != nil:
		return message.Errorf("%w; nothing was sent", err)
	}
	defer prompt.close()
	c.screen.hide()
	defer c.screen.show()
	waiting(true)
	defer waiting(false)
	waited, err := prompt.claim(ctx)
	if err == nil {
		c.showUnseen(prompt, r, p, waited)
		fmt.Fprintln(prompt.out)
		err = prompt.confirm(ctx, question(p, baseURL), "Type y and press Enter to start, anything else to cancel:")
	}
	switch {
	case errors.Is(err, errNo):
		return message.New("nothing was sent")
	case err != nil:
		err = message.Errorf("%w; nothing was sent", err)
		if prompt.terminal.foreground() && !prompt.terminal.shows(c.stderr) {
			fmt.Fprintln(prompt.out, err)
		}
		return err
	}
	return nil
}

// showUnseen shows what the terminal has not shown yet, before a question: nobody can agree to what they have not seen. With again,
// what it has shown may be taken for that of another run.
func (c *Console) showUnseen(prompt *prompt, r *roster.Roster, p *importer.Plan, again bool) {
	if again || !prompt.terminal.shows(c.stderr) {
		c.warned.print(prompt.out)
	}
	if again || !c.printsText() || !prompt.terminal.shows(c.stdout) {
		understood := rosterView{prompt.out, r}
		understood.print(c.input)
		understood.judged(false)
		planView{prompt.out, r, p, c.SuggestAccount, c.opts.Details}.print(false)
	}
}

// ConfirmReplaced asks whether to continue although passwords of people who were on the platform before have been replaced. The
// answer is no if nobody can be asked, and with --yes: that was said before anybody knew of this. waiting is as in
// [Console.Confirm].
func (c *Console) ConfirmReplaced(ctx context.Context, p *importer.Plan, baseURL string, people int, waiting func(bool)) bool {
	if c.opts.Yes {
		return false
	}
	prompt, err := c.openPrompt()
	if err != nil {
		return false
	}
	defer prompt.close()
	c.screen.hide()
	defer c.screen.show()
	waiting(true)
	defer waiting(false)
	ask := message.Sprintf("%s already had an eTelecom login. Their password is now the one in your file. Continue on %s?",
		message.Count(people, "person", "people"), tenantName(p, baseURL))
	if _, err = prompt.claim(ctx); err == nil {
		err = prompt.confirm(ctx, ask, "Type y and press Enter to continue, anything else to stop:")
	}
	if err != nil && !errors.Is(err, errNo) {
		c.Warn(err.Error())
	}
	return err == nil
}

// Watch shows the progress of a run until stop is called: on a terminal a line that changes, else a line at intervals.
func (c *Console) Watch(p *importer.Progress, client *apiclient.Client) (stop func()) {
	if c.opts.Quiet {
		return func() {}
	}
	m := &monitor{progress: p, client: client, panics: &c.panics, every: logEvery, show: func(f frame) {
		if !c.screen.isHidden() {
			c.voice.progress(f)
		}
	}}
	if c.hasBar() {
		m.every, m.show = drawEvery, func(f frame) { c.screen.draw(f.line(c.screen.width() - 1)) }
	}
	end := m.start()
	return func() {
		end()
		c.screen.draw("")
	}
}

// ShowEnd says how a run ended, and what to do next. The summary is nil if the run could not begin. As JSON, the summary is printed at
// the very end, by PrintJSON.
func (c *Console) ShowEnd(s *importer.Summary, err error, next Next) {
	if err != nil {
		c.Fail(err)
	}
	if s != nil {
		c.showUnrecorded(s)
	}
	switch {
	case s == nil, c.opts.JSON:
	case c.opts.Quiet && !needsAttention(s) && !hasSkipped(s):
		changesView{out: c.out, changes: &s.Changes}.printPressing()
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
func (c *Console) ShowStatus(s *report.Status) error {
	if c.opts.JSON {
		s.Head = report.Head{Schema: report.Schema, Version: c.Version}
		return c.PrintJSON(s)
	}
	statusView{c.out, s}.print()
	return nil
}

// ShowVerification prints what a verification has found; with --quiet only if a person is needed. As JSON, it is printed at the very end.
func (c *Console) ShowVerification(result string, v *verify.Verification) {
	if c.opts.JSON || c.opts.Quiet && v.Err() == nil {
		return
	}
	verifyView{c.out, result, v}.print()
}

// ShowFinding prints one finding of a check, with its hint. As JSON, all findings are printed at the end.
func (c *Console) ShowFinding(f check.Finding) {
	if !c.opts.JSON {
		printFinding(c.out, f)
	}
}

// ShowCheckEnd prints the end of a check: all findings as JSON, or how many there are of each status.
func (c *Console) ShowCheckEnd(r *check.Report) error {
	if c.opts.JSON {
		return c.PrintJSON(struct {
			report.Head
			*check.Report
		}{report.Head{Schema: report.Schema, Version: c.Version}, r})
	}
	printCheckEnd(c.out, r)
	return nil
}

// ShowCheckStopped says that a signal has ended a check.
func (c *Console) ShowCheckStopped() {
	c.screen.hide()
	c.voice.note(message.T("Stopped. Nothing was changed."))
}

// ShowTemplate says what to do with a new employee file.
func (c *Console) ShowTemplate(path string) {
	message.Fprintf(c.out, "%s is written. Fill it in, and delete the example row.\n", layout.OneLine(path))
	Next{Say: message.T("check it:"), Command: "etelecom-import run --dry-run --offline " + Quote(path)}.print(c.out)
}

// ShowListed says what a list has in it. Standard output has the list itself, if the file has no name.
func (c *Console) ShowListed(path string, f *listing.Facts, free bool) {
	users := message.Sprintf("%s, %d with an extension", message.Count(f.Users, "user", "users"), f.WithExtension)
	extensions := message.Count(f.Free, "free extension", "free extensions")
	if f.FreeExpired > 0 {
		extensions = message.Sprintf("%s (%s)", extensions, message.Sprintf("%d of these have expired", f.FreeExpired))
	}
	switch isNamed := path != "" && path != "-"; {
	case free && isNamed:
		c.Note(message.Sprintf("%s is written: %s", layout.OneLine(path), extensions))
	case free:
		c.Note(extensions)
	case isNamed:
		c.Note(message.Sprintf("%s is written: %s; %s", layout.OneLine(path), users, extensions))
	default:
		c.Note(message.Sprintf("%s; %s", users, extensions))
	}
	if free && f.Free > 0 {
		c.Note(message.T("free means that no user has it. A desk phone, a fax machine or the reception may use it all the same"))
	}
}

// ShowSignOff says that a document for the customer is written, how many people it has, and whether it can be signed. unlike is how many
// of these the tenant does not show as the result says.
func (c *Console) ShowSignOff(path string, people, done, unlike int, interim bool) {
	message.Fprintf(c.out, "%s is written: %s, %d done.\n", layout.OneLine(path), message.Count(people, "person", "people"), done)
	if unlike > 0 {
		c.Warn(message.Sprintf("the tenant does not show %s as the result says: the document names them", message.Count(unlike, "person", "people")))
	}
	if interim {
		c.Warn(message.T("the document says that it is not final: a run is on or was cut off, or an outcome is not known"))
	}
}

// ShowFilled says what is in a new employee file with passwords, and what to do with it: command is the next one.
func (c *Console) ShowFilled(path string, f *firstpassword.Filled, command string) {
	printFilled(c.out, path, f, command)
}

// ShowSlips says what is in a new page of slips, who is not in it, and what to do with it.
func (c *Console) ShowSlips(path, employees string, s *passwordslip.Slips) {
	if s.Running {
		c.Warn(message.T("A run is not finished, or was interrupted. These slips are of what is known now: run again, then make them anew."))
	}
	if s.Practice {
		c.Warn(message.T("The result is of the practice tenant. These slips are for practice: with these passwords, nobody can log in at eTelecom."))
	}
	printSlips(c.out, path, employees, s)
}

// ShowWithoutSlip names who gets no slip.
func (c *Console) ShowWithoutSlip(s *passwordslip.Slips) { printWithoutSlip(c.out, s) }

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

// PrintJSON prints v alone in a line. Unlike other output, this is not dropped without a word: a program waits for it.
func (c *Console) PrintJSON(v any) error {
	text, err := json.Marshal(v)
	if err != nil {
		panic(err) // structs of strings and numbers always have a JSON form
	}
	if err := c.screen.print(c.stdout, append(text, '\n')); err != nil {
		return hint.With(message.Errorf("the JSON object cannot be printed: %w", err),
			message.T("look at where standard output goes: is the disk full? What was done is in the result: etelecom-import status tells it"))
	}
	return nil
}
