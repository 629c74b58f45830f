// Package cli is the command line. Package importer does the work, and package console prints. Only [Program.Exit] ends the process.
//
// What is where:
//
//   - A command has a file of its own: its flags, and what it does with them (run.go, check.go and so on). It refuses what is wrong with
//     them, calls the package that does the work, and has the console say what became of it: importer for run, check for check, listing
//     for list, verify for verify, signoff for report, firstpassword for passwords, passwordslip for slips, report for status.
//   - What several commands need: the tenant that is only read (tenant.go), the employee file and how it is read (employees.go).
//   - What was typed is taken apart in commandline.go. What is wrong with it is said in usage.go, with a value in value.go, and
//     with variables in environment.go; similar.go knows what was meant, and speakable.go what of it may be repeated.
//   - What is told about the program is made from the model of the command line: help.go, man.go, completion.go.
//   - The key: where it is (key.go), what is around it (keytext.go), and the command that prints it (keycommand.go, keytree_*.go).
//   - Files: which ones a command may read and write (paths.go), which one was meant, and what kind a new one is to be (files.go). Package
//     newfile makes new ones.
//   - The end: what to do next (next.go), the exit code (exit.go), and what is left behind, once (ending.go).
package cli

import (
	"bufio"
	"cmp"
	"context"
	"fmt"
	"io"

	"github.com/alecthomas/kong"

	"etelecom-import/apiclient/message"
	"etelecom-import/importer"
	"etelecom-import/importer/console"
	"etelecom-import/importer/hint"
)

// Program is one call of the command line.
type Program struct {
	Args           []string // as os.Args: the first is the program's name
	Stdin          io.Reader
	Stdout, Stderr io.Writer
	// Exit ends the process at once. It is called for a second signal, and for a panic of the goroutine that waits for signals.
	Exit func(code int)

	ending *ending // how it ends
}

// commands is the command line. Every flag is an environment variable too: --max-errors is ETELECOM_MAX_ERRORS.
type commands struct {
	Run        runCommand        `cmd:"" help:"Create users and assign extensions. Run again to continue."`
	Check      checkCommand      `cmd:"" help:"Find out whether a run can work. Changes nothing."`
	List       listCommand       `cmd:"" help:"Write the users of the tenant as an employee file."`
	Verify     verifyCommand     `cmd:"" help:"Compare a result with the tenant. Changes nothing."`
	Report     reportCommand     `cmd:"" help:"Write what a customer signs: a web page or a workbook."`
	Passwords  passwordsCommand  `cmd:"" help:"Make first passwords, into a new employee file."`
	Slips      slipsCommand      `cmd:"" help:"Make slips of paper with first passwords, to print."`
	Status     statusCommand     `cmd:"" help:"Show how far a run is, also while it is on."`
	Template   templateCommand   `cmd:"" help:"Write an employee file to fill in, for Excel or as CSV."`
	Sandbox    sandboxCommand    `cmd:"" help:"Serve a practice tenant on this computer."`
	Version    struct{}          `cmd:"" help:"Show the version."`
	Completion completionCommand `cmd:"" help:"Print a script that completes commands in a shell."`
	Man        manCommand        `cmd:"" help:"Print the manual page, as man reads it."`
}

// formFlags say how the output of a command looks. Those of a run are in [console.Options].
type formFlags struct {
	LogFormat string `default:"text" enum:"text,json" placeholder:"F" help:"text or json: the form of standard error."`
	Color     string `default:"auto" enum:"auto,always,never" placeholder:"C" help:"auto, always or never."`
}

// options returns the flags as the console has them.
func (f formFlags) options(json bool) console.Options {
	return console.Options{JSON: json, LogFormat: f.LogFormat, Color: f.Color}
}

// description is the first line of the help.
const description message.Text = "Gives every employee of a list an eTelecom user and a phone extension."

// Run runs the command that the command line and the environment ask for. It returns the exit code.
func (p *Program) Run(ctx context.Context) (code int) {
	p.ending = newEnding(p)
	defer func() {
		if bug := recover(); bug != nil {
			stop := importer.Panicked("command", bug)
			p.console(console.Options{Color: "auto"}).Fail(stop)
			p.ending.end(nil, stop)
			code = ExitCode(nil, stop) // also if the panic was in the end itself
		}
	}()
	return p.ending.end(p.run(ctx))
}

// run runs the command that is named. The error that it returns has been printed.
func (p *Program) run(ctx context.Context) (*importer.Summary, error) {
	var c commands
	parser := newParser(&c)
	line := readCommandLine(parser.Model, p.Args[1:])
	p.ending.read(line)
	if line.help {
		printHelp(p.Stdout, parser.Model, line.command, line.helpAll)
		return nil, nil
	}
	if len(p.Args) == 1 && line.logFormat() != "json" { // not exit code 0, which says that all is done: a script may have lost its arguments
		printHelp(p.Stderr, parser.Model, nil, false)
		fmt.Fprintln(p.Stderr)
	}
	out, environment := p.console(console.Options{Color: "auto"}), readEnvironment(parser.Model)
	err := usage{line}.check()
	if err == nil {
		if parsed, failed := parser.Parse(line.args); failed != nil {
			err = hint.With(errUsage, usage{line}.flagsHint())
		} else {
			err = environment.check(parsed, out)
		}
	}
	if err != nil {
		out.Fail(err)
		return nil, err
	}
	switch line.command.Name {
	case "run":
		return c.Run.run(ctx, p, line)
	case "check":
		return nil, c.Check.run(ctx, p)
	case "list":
		return nil, c.List.run(ctx, p)
	case "verify":
		return nil, c.Verify.run(ctx, p)
	case "report":
		return nil, c.Report.run(ctx, p)
	case "passwords":
		return nil, c.Passwords.run(ctx, p)
	case "slips":
		return nil, c.Slips.run(ctx, p)
	case "status":
		return nil, c.Status.run(p)
	case "template":
		return nil, c.Template.run(p)
	case "sandbox":
		return nil, c.Sandbox.run(ctx, p)
	case "completion":
		return nil, c.Completion.run(p, parser.Model)
	case "man":
		return nil, c.Man.run(p, parser.Model)
	}
	_, err = fmt.Fprintln(p.Stdout, version())
	return nil, err
}

// newParser returns the parser of the command line, which fills in c.
func newParser(c *commands) *kong.Kong {
	return kong.Must(c, kong.Name("etelecom-import"), kong.Description(string(description)),
		kong.PostBuild(nameSandboxVariables), kong.PostBuild(translateHelp), kong.DefaultEnvars("ETELECOM"))
}

// nameSandboxVariables gives the flags of the sandbox command variables of their own: run has flags of the same names, such as
// --limit, which mean something else. --log-format means the same everywhere.
func nameSandboxVariables(k *kong.Kong) error {
	for _, command := range k.Model.Children {
		if command.Name != "sandbox" {
			continue
		}
		for _, f := range command.Flags {
			if f.Name == "log-format" {
				continue
			}
			f.Envs = []string{variableOf("sandbox-" + f.Name)}
			f.Tag.Envs = f.Envs
		}
	}
	return nil
}

// othersStderr returns the standard error of programs that this one starts. A terminal is their own: they may ask there for a
// passphrase. Elsewhere what they say has the form that --log-format decides, and ends its lines.
func (p *Program) othersStderr() io.Writer {
	out := console.New(console.Options{LogFormat: p.ending.line.logFormat()}, p.Stdout, p.Stderr)
	if out.Terminal() {
		return p.Stderr
	}
	return &spokenLines{say: out.Note}
}

// errOutput says that standard output did not take what was written to it.
var errOutput = message.New("standard output cannot be written")

// print writes the answer of a command to standard output, and tells where that fails: a pipe that nobody reads, a full disk.
func (p *Program) print(out *console.Console, write func(io.Writer) error) error {
	b := bufio.NewWriter(p.Stdout)
	err := write(b)
	if err == nil {
		err = b.Flush()
	}
	if err != nil {
		err = hint.With(message.Errorf("%w: %w", errOutput, err), "what was printed is not whole: run the same command again")
		out.Fail(err)
	}
	return err
}

// console returns a console on the program's streams. Without a --log-format of its own it has the one of the command line.
func (p *Program) console(o console.Options) *console.Console {
	o.LogFormat = cmp.Or(o.LogFormat, p.ending.line.logFormat())
	out := console.New(o, p.Stdout, p.Stderr)
	out.Version = shortVersion()
	p.ending.speak(out)
	return out
}
