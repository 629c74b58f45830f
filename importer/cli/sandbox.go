package cli

import (
	"context"
	"errors"
	"io"
	"net"

	"etelecom-import/apiclient/message"
	"etelecom-import/apiclient/sandbox"
	"etelecom-import/importer/console"
	"etelecom-import/importer/hint"
)

// sandboxCommand serves a practice tenant.
type sandboxCommand struct {
	Tenant        sandbox.Config `embed:""`
	LogFormat     string         `default:"text" enum:"text,json" placeholder:"F" help:"text or json: the form of standard error."`
	ExplainFaults bool           `help:"Say what each fault does, and stop."`
}

// faultsHelp is shown below the flags.
const faultsHelp message.Text = "Faults: --fault NAME[:ARG][@CALL]=WHEN; WHEN is 0.05, 5% or #3 (third call)."

// Help returns what is shown below the flags, in English: the help of all commands is translated later.
func (sandboxCommand) Help() string { return string(faultsHelp) }

// run serves the tenant until a signal comes.
func (c *sandboxCommand) run(ctx context.Context, p *Program) error {
	if c.ExplainFaults {
		_, err := io.WriteString(p.Stdout, sandbox.FaultTable())
		return err
	}
	out := p.console(console.Options{Color: "auto", LogFormat: c.LogFormat})
	ctx, restore := notifyContext(ctx, out.ShowStopping, p.ending.now)
	defer restore()
	if err := c.serve(ctx, out); err != nil {
		out.Fail(err)
		return err
	}
	return nil
}

func (c *sandboxCommand) serve(ctx context.Context, out *console.Console) error {
	t, l, err := sandbox.Listen(c.Tenant)
	if op := new(net.OpError); errors.As(err, &op) {
		return hint.With(err, "name another address with --addr. Port 0 takes any free port")
	}
	if err != nil {
		return err
	}
	defer t.Close()
	out.ShowSandbox(l.Addr().String(), t.BaseURL(), t.Key())
	err = t.Serve(ctx, l)
	out.ShowSandboxEnd(t.Totals().Facts())
	return err
}
