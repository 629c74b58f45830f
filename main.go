// Etelecom-import gives every employee in a CSV an eTelecom user and a phone extension.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/signal"
	"runtime/debug"
	"strings"
	"syscall"
	"time"

	"github.com/alecthomas/kong"

	"etelecom-import/apiclient"
	"etelecom-import/apiclient/sandbox"
	"etelecom-import/apiclient/secret"
	"etelecom-import/importer"
	"etelecom-import/importer/console"
	"etelecom-import/importer/ledger"
	"etelecom-import/importer/roster"
)

// commands is the command line. Every flag is an environment variable too: --max-errors is ETELECOM_MAX_ERRORS.
type commands struct {
	Run     runCommand     `cmd:"" help:"Create users, assign extensions; the same again goes on."`
	Check   checkCommand   `cmd:"" help:"Find out whether a run can work; only reads."`
	Status  statusCommand  `cmd:"" help:"Say what result and journal know, also while a run is on."`
	Sandbox sandboxCommand `cmd:"" help:"Serve a practice tenant on this machine."`
	Version struct{}       `cmd:"" help:"Say which version this is."`
}

// program is one call of the command line.
type program struct {
	args           []string // the first is the program's name
	stdin          io.Reader
	stdout, stderr io.Writer
}

func main() {
	console.NoCore()
	p := &program{os.Args, os.Stdin, os.Stdout, os.Stderr}
	os.Exit(p.run(context.Background()))
}

// run is the whole program. It returns the exit code.
func (p *program) run(ctx context.Context) (code int) {
	defer func() {
		if bug := recover(); bug != nil {
			// The value itself is left out: nobody knows what stands in it.
			fmt.Fprintf(p.stderr, "etelecom-import: panic of type %T\n%s", bug, debug.Stack())
			code = console.ExitCode(nil, &importer.Stop{Kind: importer.Bug, Cause: errors.New("panic")})
		}
	}()
	signal.Ignore(syscall.SIGPIPE) // what nobody reads is dropped, and the run goes on
	return console.ExitCode(p.execute(ctx))
}

// execute reads the command line and does what it says. What there is to say of the error has been said.
func (p *program) execute(ctx context.Context) (*importer.Summary, error) {
	for _, variable := range os.Environ() { // one that is empty counts as not set
		if name, value, _ := strings.Cut(variable, "="); value == "" && strings.HasPrefix(name, "ETELECOM_") {
			os.Unsetenv(name)
		}
	}
	var c commands
	parser := kong.Must(&c, kong.Name("etelecom-import"), kong.Help(console.Help), kong.PostBuild(sandboxVariables),
		kong.DefaultEnvars("ETELECOM"), kong.Writers(p.stdout, p.stderr),
		kong.Description("Gives every employee in a CSV an eTelecom user and a phone extension."))
	parsed, err := parser.Parse(p.args[1:])
	if errors.Is(err, console.ErrHelp) {
		return nil, nil
	}
	if err != nil {
		p.console(console.Options{Color: "auto"}).Fail(console.UsageError(err))
		return nil, err
	}
	switch parsed.Selected().Name {
	case "run":
		return c.Run.do(ctx, p)
	case "check":
		return nil, c.Check.do(ctx, p)
	case "status":
		return nil, c.Status.do(p)
	case "sandbox":
		return nil, c.Sandbox.do(ctx, p)
	}
	_, err = fmt.Fprintln(p.stdout, console.Version())
	return nil, err
}

// sandboxVariables gives the flags of the sandbox variables of their own: a --limit of the one is none of the other.
func sandboxVariables(k *kong.Kong) error {
	for _, command := range k.Model.Children {
		for _, f := range command.Flags {
			if command.Name == "sandbox" {
				f.Envs = []string{"ETELECOM_SANDBOX_" + strings.ToUpper(strings.ReplaceAll(f.Name, "-", "_"))}
				f.Tag.Envs = f.Envs
			}
		}
	}
	return nil
}

func (p *program) console(o console.Options) *console.Console {
	return console.New(o, p.stdin, p.stdout, p.stderr)
}

// leave returns what ends the program at once.
func leave(con *console.Console) func(error) {
	return func(stop error) {
		if s := new(importer.Stop); errors.As(stop, &s) && s.Kind == importer.Bug {
			con.Fail(stop)
		}
		os.Exit(console.ExitCode(nil, stop))
	}
}

// runCommand is the command that does the job.
type runCommand struct {
	Employees string           `arg:"" name:"EMPLOYEES.csv" help:"The employee file; - is standard input."`
	Result    string           `short:"o" placeholder:"FILE" help:"The result CSV (EMPLOYEES.result.csv)."`
	Sandbox   bool             `help:"Practise on a tenant in this program; no key."`
	Job       importer.Options `embed:""`
	BaseURL   string           `default:"https://api.etelecom.vn/v1/partner" placeholder:"URL" help:"The API; https, or http to this machine."`
	Service   string           `default:"Etelecom" placeholder:"NAME" help:"The brand's name of the service (${default})."`
	KeyFile   string           `name:"api-key-file" placeholder:"FILE" help:"The API key; or put it into $$ETELECOM_API_KEY."`
	Rate      float64          `default:"10" placeholder:"R" help:"Requests per second at most (${default}); 0: no limit."`
	Burst     int              `default:"1" placeholder:"N" help:"Requests that may go at once after a pause (${default})."`
	Timeout   time.Duration    `default:"30s" placeholder:"D" help:"Of one request (${default})."`
	Encoding  string           `placeholder:"NAME" help:"Such as windows-1258 (detected)."`
	Delimiter string           `placeholder:"D" help:"comma, semicolon, tab or pipe (detected)."`
	Problems  string           `placeholder:"FILE" help:"Write every problem of every row there, as CSV."`
	Metrics   string           `placeholder:"FILE" help:"Write Prometheus text there (not in a dry run)."`
	Talk      console.Options  `embed:""`
}

// do runs the job and tells how it ended.
func (c *runCommand) do(ctx context.Context, p *program) (*importer.Summary, error) {
	began := time.Now()
	con := p.console(c.Talk)
	con.SuggestAccount = !c.Sandbox && c.Job.Account == ""
	ctx, done := console.UntilSignal(ctx, con.Stopping, leave(con))
	defer done()
	s, err := c.work(ctx, p, con)
	if stop := new(importer.Stop); errors.As(err, &stop) && ctx.Err() != nil && (stop.Kind == importer.Declined || stop.Kind == importer.Interrupted) {
		err = context.Cause(ctx) // it says which signal; and a question that one has ended was not answered with no
	}
	if errors.Is(err, ledger.ErrPanic) {
		err = &importer.Stop{Kind: importer.Bug, Cause: err}
	}
	if s != nil {
		s.Input = c.Employees
		if stop := new(importer.Stop); errors.As(con.Bug(err), &stop) {
			s.Stopped = stop.Kind.String()
		}
	}
	con.End(s, err, console.Next(p.args))
	err = con.Bug(err) // it was told when it happened
	if c.Metrics != "" && !c.Job.DryRun {
		if failed := console.WriteMetrics(c.Metrics, s, console.ExitCode(s, err), began, time.Now()); failed != nil {
			con.Fail(failed)
		}
	}
	return s, err
}

// work reads the roster and runs the job, or checks the roster alone. The summary is nil if the job could not begin.
func (c *runCommand) work(ctx context.Context, p *program, con *console.Console) (*importer.Summary, error) {
	if err := c.check(); err != nil {
		return nil, err
	}
	debug.SetGCPercent(50) // reading makes little garbage beside what it keeps
	r, err := console.ReadRoster(ctx, c.Employees, p.stdin, roster.Options{Encoding: c.Encoding, Delimiter: c.Delimiter, Offline: c.Job.Offline})
	if err != nil && ctx.Err() != nil {
		return nil, err
	}
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", c.Employees, err)
	}
	console.CollectFor(len(r.Rows))
	if !c.Sandbox { // who practises need not hide anything
		con.WarnReadable(c.Employees, "passwords")
	}
	con.Roster(c.Employees, r, c.Job.DryRun)
	if err := console.WriteProblems(c.Problems, r, nil); err != nil {
		return nil, err
	}
	if c.Job.Offline {
		con.WithoutPassword(r)
		return console.Offline(r), nil
	}
	cfg, closeTenant, err := c.tenant(ctx, con, r)
	if err != nil {
		return nil, err
	}
	defer closeTenant()
	client, err := apiclient.New(cfg)
	if err != nil {
		return nil, err
	}
	defer client.CloseIdleConnections()
	return c.apply(ctx, con, r, client, cfg.BaseURL)
}

// check refuses what cannot be meant.
func (c *runCommand) check() (err error) {
	if c.Job.Offline && !c.Job.DryRun {
		return &console.Hinted{Err: errors.New("--offline is for a dry run"), Hint: "add --dry-run, or leave --offline out"}
	}
	if min(c.Job.Limit, c.Job.Rounds, c.Job.Workers, c.Burst) < 0 || min(c.Job.Settle, c.Job.MaxDuration, c.Timeout) < 0 {
		return &console.Hinted{Err: errors.New("a number or a time is less than 0"), Hint: "leave the flag out for its default"}
	}
	if c.Result == "" {
		if c.Result, err = console.ResultPath(c.Employees, c.Sandbox); err != nil && !c.Job.Offline {
			return err
		}
	}
	if err := console.Trusted(c.Problems, c.Metrics); err != nil {
		return err
	}
	return console.Apart(c.Employees, c.KeyFile, c.Result, c.Problems, c.Metrics)
}

// tenant says where to send calls: to the API, or to a practice tenant that runs until it is closed.
func (c *runCommand) tenant(ctx context.Context, con *console.Console, r *roster.Roster) (cfg apiclient.Config, closeTenant func(), err error) {
	cfg = apiclient.Config{BaseURL: c.BaseURL, Service: c.Service, Rate: c.Rate, Burst: c.Burst, Timeout: c.Timeout, Workers: c.Job.Workers}
	cfg.Hidden = secret.NewSet(r.Passwords())
	if !c.Sandbox {
		cfg.Key, err = con.ReadKey(ctx, c.KeyFile)
		return cfg, func() {}, err
	}
	t, closeTenant, err := practise(c.Result, r, c.Job.DryRun)
	if err == nil {
		cfg.BaseURL, cfg.Service, cfg.Key = t.BaseURL(), "", secret.New(t.Key())
	}
	return cfg, closeTenant, err
}

// apply runs the job while somebody watches.
func (c *runCommand) apply(ctx context.Context, con *console.Console, r *roster.Roster, client *apiclient.Client, baseURL string) (*importer.Summary, error) {
	var progress importer.Progress
	var failed error
	defer con.Watch(&progress, client)()
	planned := func(plan *importer.Plan) {
		con.Planned(r, plan, c.Job.DryRun)
		failed = console.WriteProblems(c.Problems, r, plan)
	}
	agreed := func(plan *importer.Plan) bool { return failed == nil && con.Ask(ctx, r, plan, baseURL) }
	s, err := importer.Run(ctx, importer.Input{
		Options: c.Job, Roster: r, Client: client, BaseURL: baseURL, FS: ledger.OS{}, Result: c.Result, Progress: &progress,
		Hooks: importer.Hooks{
			OnPlan: planned, Confirm: agreed, OnWarning: con.Warn,
			ConfirmReplaced: func(people int) bool { return con.AskReplaced(ctx, people) },
		},
	})
	if failed != nil {
		return nil, failed
	}
	return s, err
}

// practise starts a practice tenant that has the roster's extensions. What is done to it stands in a file beside the
// result, where the next run finds it; a dry run works on a copy.
func practise(result string, r *roster.Roster, dryRun bool) (*sandbox.Tenant, func(), error) {
	state, release, err := console.HoldState(console.StateOf(result), dryRun)
	if err != nil {
		return nil, nil, err
	}
	t, stop, err := sandbox.Start(sandbox.Config{State: state, Addr: "127.0.0.1:0"})
	if err != nil {
		release()
		return nil, nil, err
	}
	end := func() { stop(); release() }
	if err := console.Equip(r, t.AddExtension); err != nil {
		end()
		return nil, nil, err
	}
	return t, end, nil
}

// sandboxCommand serves a practice tenant.
type sandboxCommand struct {
	Tenant        sandbox.Config `embed:""`
	ExplainFaults bool           `help:"Say what each fault does, and stop."`
}

// Help is shown below the flags.
func (sandboxCommand) Help() string {
	return "Faults: --fault NAME[:ARG][@CALL]=WHEN, with WHEN as 0.05, 5% or #3 (the third\n" +
		"call). --explain-faults lists the faults and says what each does."
}

func (c *sandboxCommand) do(ctx context.Context, p *program) error {
	if c.ExplainFaults {
		_, err := io.WriteString(p.stdout, sandbox.FaultTable())
		return err
	}
	con := p.console(console.Options{Color: "auto"})
	ctx, done := console.UntilSignal(ctx, con.Stopping, leave(con))
	defer done()
	if err := c.serve(ctx, con); err != nil {
		con.Fail(err)
		return err
	}
	return nil
}

func (c *sandboxCommand) serve(ctx context.Context, con *console.Console) error {
	t, l, err := sandbox.Listen(c.Tenant)
	if op := new(net.OpError); errors.As(err, &op) {
		return &console.Hinted{Err: err, Hint: "name another address with --addr; port 0 is any that is free"}
	}
	if err != nil {
		return err
	}
	defer t.Close()
	con.Practice(l.Addr().String(), t.BaseURL(), t.Key())
	err = t.Serve(ctx, l)
	con.Practised(t.Totals().Facts())
	return err
}

// statusCommand says what result and journal know.
type statusCommand struct {
	Result string `arg:"" name:"RESULT.csv" help:"The result CSV of a run."`
	JSON   bool   `help:"Print one JSON object."`
	Color  string `default:"auto" enum:"auto,always,never" placeholder:"C" help:"auto, always or never."`
}

func (c *statusCommand) do(p *program) error {
	con := p.console(console.Options{JSON: c.JSON, Color: c.Color})
	err := con.Status(c.Result)
	if err != nil {
		con.Fail(err)
	}
	return err
}

// checkCommand finds out whether a run can work.
type checkCommand struct {
	Employees string        `arg:"" optional:"" name:"EMPLOYEES.csv" help:"The employee file; - is standard input."`
	KeyFile   string        `name:"api-key-file" placeholder:"FILE" help:"The API key; or put it into $$ETELECOM_API_KEY."`
	Account   string        `placeholder:"ID" help:"The account that the key must be of."`
	BaseURL   string        `default:"https://api.etelecom.vn/v1/partner" placeholder:"URL" help:"The API; https, or http to this machine."`
	Service   string        `default:"Etelecom" placeholder:"NAME" help:"The brand's name of the service (${default})."`
	Timeout   time.Duration `default:"20s" placeholder:"D" help:"Of one request (${default})."`
	Rate      float64       `default:"10" placeholder:"R" help:"Requests per second at most (${default}); 0: no limit."`
	Encoding  string        `placeholder:"NAME" help:"Of the employee file (detected)."`
	Delimiter string        `placeholder:"D" help:"comma, semicolon, tab or pipe (detected)."`
	JSON      bool          `help:"Print one JSON object."`
	Color     string        `default:"auto" enum:"auto,always,never" placeholder:"C" help:"auto, always or never."`
}

// do looks at everything and says what it found. A signal ends it at once: nothing has to be finished.
func (c *checkCommand) do(ctx context.Context, p *program) error {
	con := p.console(console.Options{JSON: c.JSON, Color: c.Color})
	ctx, done := console.UntilSignal(ctx, func() {}, leave(con))
	defer done()
	defer context.AfterFunc(ctx, func() {
		con.CheckStopped()
		leave(con)(context.Cause(ctx))
	})()
	in, end, err := c.input(ctx, p, con)
	if err != nil {
		con.Fail(err)
		return err
	}
	report := importer.Check(ctx, in)
	end()
	con.Checked(report)
	return con.Bug(report.Err())
}

// input looks at the key and at the employee file, and makes the client that asks the API, if there is a key to ask with.
func (c *checkCommand) input(ctx context.Context, p *program, con *console.Console) (in importer.CheckInput, end func(), err error) {
	if c.Timeout < 0 {
		return in, nil, &console.Hinted{Err: errors.New("a time is less than 0"), Hint: "leave the flag out for its default"}
	}
	cfg := apiclient.Config{BaseURL: c.BaseURL, Service: c.Service, Rate: c.Rate, Timeout: c.Timeout}
	cfg.Key = secret.New("none") // to connect takes no key, and sends none
	way, err := apiclient.New(cfg)
	if err != nil {
		return in, nil, err
	}
	in = importer.CheckInput{
		BaseURL: c.BaseURL, Account: c.Account, Resolve: net.DefaultResolver.LookupHost, Reach: way.Reach, Found: con.Found, Progress: &importer.Progress{},
	}
	if c.Employees != "" {
		in.Employees = console.LookAtEmployees(ctx, c.Employees, p.stdin, roster.Options{Encoding: c.Encoding, Delimiter: c.Delimiter, Offline: true})
	}
	in.Key, cfg.Key = console.LookAtKey(c.KeyFile)
	if cfg.Key.IsZero() {
		return in, func() {}, nil
	}
	if in.Client, err = apiclient.New(cfg); err != nil {
		return in, nil, err
	}
	end = in.Client.CloseIdleConnections
	if con.Terminal() {
		stop := con.Watch(in.Progress, in.Client)
		end = func() { stop(); in.Client.CloseIdleConnections() }
	}
	return in, end, nil
}
