package cli

import (
	"cmp"
	"context"
	"net"
	"time"

	"etelecom-import/apiclient"
	"etelecom-import/apiclient/secret"
	"etelecom-import/importer"
	"etelecom-import/importer/check"
	"etelecom-import/importer/console"
)

// checkCommand finds out whether a run can work.
type checkCommand struct {
	Employees string                 `arg:"" optional:"" name:"EMPLOYEES.csv" complete:".csv .xlsx .xlsm .ods" help:"The employee file; - is standard input."`
	Key       keyFlags               `embed:""`
	Account   importer.WantedAccount `placeholder:"ID" help:"The account that the key must belong to."`
	BaseURL   string                 `default:"https://api.etelecom.vn/v1/partner" placeholder:"URL" help:"The API: https, or http to this computer."`
	Service   string                 `default:"Etelecom" placeholder:"NAME" help:"The brand's name of the service (${default})."`
	Timeout   time.Duration          `default:"20s" placeholder:"D" help:"Time limit of one request (${default})."`
	Rate      float64                `default:"10" placeholder:"R" help:"Requests per second at most (${default}). 0: no limit."`
	Reading   readingFlags           `embed:""`
	Free      importer.Numbers       `name:"free-extensions" placeholder:"1000-1999" help:"As run --free-extensions: rows need no extension."`
	Trace     string                 `placeholder:"FILE" help:"Write each request and answer to FILE, with names and phones."`
	JSON      bool                   `help:"Print one JSON object."`
	Form      formFlags              `embed:""`
}

// run checks everything and says what it found. A signal ends it at once, since there is nothing to finish.
func (c *checkCommand) run(ctx context.Context, p *Program) error {
	out := p.console(c.Form.options(c.JSON))
	ctx, restore := notifyContext(ctx, func() {}, p.ending.now)
	defer restore()
	key, err := c.Key.source(p)
	if err != nil {
		out.Fail(err)
		return err
	}
	keyFound, apiKey := inspectKey(ctx, key) // before the function below, which would leave a command behind
	if ctx.Err() != nil {
		out.ShowCheckStopped()
		return context.Cause(ctx)
	}
	defer context.AfterFunc(ctx, func() {
		out.ShowCheckStopped()
		p.ending.now(context.Cause(ctx))
	})()
	in, end, err := c.input(ctx, p, out, apiKey)
	if err != nil {
		out.Fail(err)
		return err
	}
	in.Key = keyFound
	result := check.Run(ctx, in)
	end()
	if err := out.ShowCheckEnd(result); err != nil {
		out.Fail(err)
		return err
	}
	return out.Bug(result.Err())
}

// input looks at the employee file. If there is a usable key, it makes a client for the API. end closes the client.
func (c *checkCommand) input(ctx context.Context, p *Program, out *console.Console, key secret.Text) (in check.Input, end func(), err error) {
	result, err := resultPath(cmp.Or(c.Employees, stdinName), false) // of a run that may be on
	if err != nil {
		result = ""
	}
	if err := checkDistinct(c.Employees, c.Key.File, result, c.Trace); err != nil {
		return in, nil, err
	}
	cfg := apiclient.Config{BaseURL: c.BaseURL, Service: c.Service, Rate: c.Rate, Timeout: c.Timeout}
	cfg.Key = secret.New("none") // never sent: this client only connects
	connector, err := apiclient.New(cfg)
	if err != nil {
		return in, nil, err
	}
	in = check.Input{
		BaseURL: c.BaseURL, Account: string(c.Account), Resolve: net.DefaultResolver.LookupHost, Reach: connector.Reach, Found: out.ShowFinding,
		Progress: &importer.Progress{},
	}
	if c.Employees != "" {
		noteKeyboard(c.Employees, p.Stdin, out)
		in.Employees, cfg.Hidden = inspectEmployees(ctx, c.Employees, p.Stdin, c.Reading.options(false), !c.Free.Empty())
	}
	cfg.OnSetback = out.ShowSetback
	if cfg.Key = key; key.IsZero() {
		return in, func() {}, nil
	}
	client, trace, err := tracedClient(cfg, c.Trace, out)
	if err != nil {
		return in, nil, err
	}
	in.Client = client
	stop := func() {}
	if out.Terminal() {
		stop = out.Watch(in.Progress, client)
	}
	return in, func() {
		stop()
		client.CloseIdleConnections()
		_ = trace.Close()
	}, nil
}
