package cli

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"time"

	"etelecom-import/apiclient"
	"etelecom-import/apiclient/message"
	"etelecom-import/apiclient/secret"
	"etelecom-import/importer"
	"etelecom-import/importer/console"
	"etelecom-import/importer/hint"
	"etelecom-import/importer/ledger"
	"etelecom-import/importer/report"
	"etelecom-import/importer/roster"
)

// runCommand creates users and assigns extensions.
type runCommand struct {
	Employees string           `arg:"" name:"EMPLOYEES" complete:".csv .xlsx .xlsm .ods" help:"The employee file; - is standard input."`
	Result    string           `short:"o" placeholder:"FILE" complete:".csv" help:"The result CSV (EMPLOYEES.result.csv)."`
	Sandbox   bool             `help:"Practise on a tenant in this program, without a key."`
	Import    importer.Options `embed:""`
	BaseURL   string           `default:"https://api.etelecom.vn/v1/partner" placeholder:"URL" help:"The API: https, or http to this computer."`
	Service   string           `default:"Etelecom" placeholder:"NAME" help:"The brand's name of the service (${default})."`
	Key       keyFlags         `embed:""`
	Rate      float64          `default:"10" placeholder:"R" help:"Requests per second at most (${default}). 0: no limit."`
	Burst     int              `default:"1" placeholder:"N" help:"Requests sent at once after a pause (${default})."`
	Timeout   time.Duration    `default:"30s" placeholder:"D" help:"Time limit of one request (${default})."`
	Reading   readingFlags     `embed:""`
	Problems  string           `placeholder:"FILE" complete:".csv .xlsx" help:"Write every problem to FILE, as .csv or .xlsx."`
	Metrics   string           `placeholder:"FILE" help:"Write Prometheus text to FILE (not in a dry run)."`
	Trace     string           `placeholder:"FILE" help:"Write each request and answer to FILE, with names and phones."`
	Output    console.Options  `embed:""`
	HelpAll   bool             `help:"Show all flags."`

	employeeFile string    // see importer.Input
	key          keySource // zero with a practice tenant, and where no call is made
}

// run imports the employee file and tells how it ended. The summary is nil if the import could not begin.
func (c *runCommand) run(ctx context.Context, p *Program, line *commandLine) (*importer.Summary, error) {
	out := p.console(c.Output)
	out.SuggestAccount = !c.Sandbox && c.Import.Account == ""
	out.Practice = c.Sandbox
	p.ending.begin(c)
	ctx, restore := notifyContext(ctx, out.ShowStopping, p.ending.now)
	defer restore() // after the end: a second signal must not cut off what is written then
	s, err := c.importFile(ctx, p, out)
	if stop := new(importer.Stop); errors.As(err, &stop) && stop.Kind == importer.TooManyGone {
		check := message.T("Is the file complete?")
		if gone, ok := errors.AsType[*importer.GoneError](err); ok && gone.ByPhones() {
			check = message.T("Correct the phones first: --dry-run --offline shows what is wrong with them.")
		}
		err = hint.With(err, message.Sprintf("nothing was sent or changed. %s If these people have left: %s", check, c.next(p, line, nil, nil).withFlag("max-gone", "100%")))
	}
	if err = signalOr(ctx, err); errors.Is(err, ledger.ErrPanic) {
		err = &importer.Stop{Kind: importer.Bug, Cause: err}
	}
	if stop := new(importer.Stop); s != nil && errors.As(out.Bug(err), &stop) {
		s.Stopped = stop.Kind.String()
	}
	out.ShowEnd(s, err, c.next(p, line, s, err).decide())
	err = out.Bug(err) // after ShowEnd: a bug of the console was told when it happened
	p.ending.end(s, err)
	return s, err
}

// next returns what decides what is useful after the run.
func (c *runCommand) next(p *Program, line *commandLine, s *importer.Summary, err error) next {
	n := next{
		line: line, program: p.Args[0], windows: runtime.GOOS == "windows", ended: time.Now(),
		employees: c.Employees, problems: c.Problems, settle: c.Import.Settle,
		offline: c.Import.Offline, sandbox: c.Sandbox, adopt: c.Import.Adopt, hasKey: c.Key != keyFlags{} || os.Getenv(keyVariable) != "",
		summary: s,
	}
	if stop := new(importer.Stop); errors.As(err, &stop) {
		n.stop = stop.Kind
	}
	return n
}

// signalOr returns the cause of ctx, which says which signal it was, in place of an error that its end alone may have caused.
func signalOr(ctx context.Context, err error) error {
	if ctx.Err() != nil && endsWithContext(err) {
		return context.Cause(ctx)
	}
	return err
}

// endsWithContext reports whether the end of the context may be the only cause of err. A question that a signal ends has the
// answer no.
func endsWithContext(err error) bool {
	var stop *importer.Stop
	return errors.As(err, &stop) && (stop.Kind == importer.Declined || stop.Kind == importer.Interrupted)
}

// importFile reads the employee file and imports it, or only checks it with --offline.
func (c *runCommand) importFile(ctx context.Context, p *Program, out *console.Console) (*importer.Summary, error) {
	if err := c.validate(p); err != nil {
		return nil, coded(report.Usage, err)
	}
	if c.Metrics != "" && !c.Import.DryRun {
		if err := report.ProbeMetrics(c.Metrics); err != nil {
			c.Metrics = "" // it cannot be written at the end either
			return nil, coded(report.UnwritableReport, err)
		}
	}
	tuneGCForReading()
	noteKeyboard(c.Employees, p.Stdin, out)
	reading := c.Reading.options(c.Import.Offline)
	_, noResult := os.Stat(c.Result)
	reading.KeepNames = noResult == nil // to compare them with the result; they take memory
	r, err := readWithoutColumn(ctx, c.Employees, p.Stdin, reading, c.Result, c.givesFree())
	if err != nil && ctx.Err() != nil {
		return nil, err
	}
	if errors.Is(err, roster.ErrEmpty) && c.acceptsEmpty() {
		r, err = &roster.Roster{}, nil
	}
	if err != nil {
		return nil, cannotRead(ctx, c.Employees, err)
	}
	if !c.Import.DryRun { // a wrong name of the file comes first: who adds --yes would only find that then
		if err := out.CheckAsking(); err != nil {
			return nil, coded(report.Usage, err)
		}
	}
	var changes importer.Changes
	if c.Import.Offline {
		changes = judgeAgain(r, c.Result, c.givesFree())
	}
	tuneGCForRun(len(r.Rows))
	if !c.Sandbox { // the passwords of an exercise are no secrets
		warnReadable(out, c.Employees, passwordsReadable)
	}
	out.ShowRoster(c.Employees, r)
	warnOpenInLibreOffice(out, c.Problems)
	if !c.Import.DryRun {
		warnOpenInLibreOffice(out, c.Result, c.Metrics)
	}
	if err := report.WriteProblems(c.Problems, r, nil); err != nil {
		return nil, coded(report.UnwritableReport, err)
	}
	if c.Import.Offline {
		out.ShowJudged(r, true)
		out.ShowWithoutPassword(r)
		out.ShowWithoutExtension(r)
		out.ShowChanges(changes)
		s := report.Offline(r)
		s.SetChanges(changes)
		return s, nil
	}
	cfg, closeTenant, err := c.target(ctx, out, r)
	if err != nil {
		out.ShowJudged(r, c.Import.DryRun) // whoever has no key yet can correct the file
		return nil, err
	}
	defer closeTenant()
	client, trace, err := tracedClient(cfg, c.Trace, out)
	if err != nil { // the address
		return nil, coded(report.Usage, err)
	}
	defer trace.Close()
	defer client.CloseIdleConnections()
	return c.importWatched(ctx, out, r, client, cfg.BaseURL)
}

// acceptsEmpty reports whether a file with nothing in it is read as one without people: then it is compared with the result, and refused
// unless --max-gone allows that nobody is left.
func (c *runCommand) acceptsEmpty() bool {
	if c.Import.Offline {
		return false
	}
	l, err := ledger.Read(ledger.OS{}, c.Result)
	return err == nil && (c.Import.MaxGone.All() || importer.FindChanges(&roster.Roster{}, l).Gone.Listed > 0)
}

// validate completes the flags and refuses impossible values.
func (c *runCommand) validate(p *Program) (err error) {
	if c.Result == "" { // first of all: whatever else is wrong, what the run leaves behind names its result
		if c.Result, err = resultPath(c.Employees, c.Sandbox); err != nil && !c.Import.Offline {
			return err
		}
		c.employeeFile = filepath.Base(c.Employees)
	}
	if c.Import.Offline && !c.Import.DryRun {
		return hint.New("--offline is for a dry run", "add --dry-run, or remove --offline")
	}
	switch {
	case c.Import.Strict && c.Import.FailOn == importer.FailOnNew:
		return hint.New("--strict sends nothing if any row would be refused, and --fail-on new accepts those that are known", "remove one of the two")
	case c.Import.Hotline != 0 && !c.givesFree():
		return hint.New("--hotline is for the choice of free extensions", "add --free-extensions with the range of numbers, such as 1000-1999, or remove --hotline")
	case c.Import.DetailedExitcode && (!c.Import.DryRun || c.Import.Offline):
		return hint.New("--detailed-exitcode is for a dry run that reads the tenant", "add --dry-run and do not use --offline, or remove --detailed-exitcode")
	}
	if err := report.CheckLinks(c.Problems, c.Metrics); err != nil {
		return err
	}
	if needsKey := !c.Sandbox && !c.Import.Offline; needsKey {
		if c.key, err = c.Key.source(p); err != nil {
			return coded(report.UnusableKey, err)
		}
	}
	return checkDistinct(c.Employees, c.Key.File, c.Result, c.Problems, c.Metrics, c.Trace)
}

// givesFree reports whether rows without an extension get a free one.
func (c *runCommand) givesFree() bool { return !c.Import.FreeExtensions.Empty() }

// writesMetrics reports whether the run leaves metrics behind, also if it could not begin. What the run reads, and what belongs to the
// result, is not overwritten by them: they were refused for that.
func (c *runCommand) writesMetrics() bool {
	if c.Metrics == "" || c.Import.DryRun {
		return false
	}
	for _, other := range []string{c.Problems, c.Trace} {
		if other != "" && same(other, c.Metrics) {
			return false
		}
	}
	return checkDistinct(c.Employees, c.Key.File, c.Result, c.Metrics) == nil
}

// target returns the API to send calls to, or a practice tenant that runs until closeTenant is called.
func (c *runCommand) target(ctx context.Context, out *console.Console, r *roster.Roster) (cfg apiclient.Config, closeTenant func(), err error) {
	cfg = apiclient.Config{BaseURL: c.BaseURL, Service: c.Service, Rate: c.Rate, Burst: c.Burst, Timeout: c.Timeout, Workers: c.Import.Workers}
	cfg.Hidden = secret.NewSet(r.Passwords())
	cfg.OnSetback = out.ShowSetback
	if !c.Sandbox {
		cfg.Key, err = readKey(ctx, c.key, out)
		return cfg, func() {}, coded(report.UnusableKey, err)
	}
	t, stop, err := startSandbox(c.Result, r, c.Import.DryRun, c.Import.FreeExtensions)
	if err != nil {
		return cfg, nil, err
	}
	cfg.BaseURL, cfg.Service, cfg.Key = t.BaseURL(), "", secret.New(t.Key())
	return cfg, stop, nil
}

// importWatched runs the import while the console shows how it goes.
func (c *runCommand) importWatched(ctx context.Context, out *console.Console, r *roster.Roster, client *apiclient.Client, baseURL string) (*importer.Summary, error) {
	var progress importer.Progress
	var failed error // to write --problems; it ends the run
	defer out.Watch(&progress, client)()
	var first *importer.Plan
	planned := func(plan *importer.Plan) error {
		first = plan
		out.ShowPlan(r, plan, c.Import.DryRun)
		failed = report.WriteProblems(c.Problems, r, plan)
		return failed
	}
	agreed := func(plan *importer.Plan, waiting func(bool)) error {
		return out.Confirm(ctx, r, plan, baseURL, waiting)
	}
	s, err := importer.Run(ctx, importer.Input{
		Options: c.Import, Roster: r, Client: client, BaseURL: baseURL, FS: ledger.OS{}, Result: c.Result, EmployeeFile: c.employeeFile,
		Progress: &progress,
		Hooks: importer.Hooks{
			OnJudged: func(r *roster.Roster) { out.ShowJudged(r, c.Import.DryRun) }, OnPlan: planned, Confirm: agreed, OnWarning: out.Warn,
			ConfirmReplaced: func(people int, waiting func(bool)) bool {
				return out.ConfirmReplaced(ctx, first, baseURL, people, waiting)
			},
		},
	})
	if failed != nil {
		return nil, coded(report.UnwritableReport, failed)
	}
	if errors.Is(err, ledger.ErrRefused) && hint.Of(err) == "" { // such as a folder
		err = hint.With(err, message.T("nothing was sent. Name another result with -o FILE"))
	}
	return s, coded(report.UnusableResult, err) // of a run that could not begin; a Stop has its own word
}
