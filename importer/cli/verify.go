package cli

import (
	"context"
	"sync/atomic"
	"time"

	"etelecom-import/apiclient/secret"
	"etelecom-import/importer/console"
	"etelecom-import/importer/report"
	"etelecom-import/importer/verify"
)

// verifyCommand compares a result with the tenant.
type verifyCommand struct {
	Result   string        `arg:"" name:"RESULT.csv" complete:".csv" help:"The result CSV of a run."`
	Tenant   tenantFlags   `embed:""`
	OnlyDone bool          `help:"Leave out rows that are not done."`
	Settle   time.Duration `default:"2m" placeholder:"D" help:"Wait before what was just done counts as missing (${default})."`
	Metrics  string        `placeholder:"FILE" help:"Write Prometheus text to FILE, not that of run."`
	Quiet    bool          `short:"q" help:"Say nothing unless something needs a person."`
	JSON     bool          `help:"Print one JSON object."`
	Form     formFlags     `embed:""`

	found  atomic.Pointer[verified] // once the rows are compared
	usable bool                     // Metrics can be written
}

// verified is what was found, and how many requests that took.
type verified struct {
	*verify.Verification
	requests int64
}

func (c *verifyCommand) run(ctx context.Context, p *Program) error {
	o := c.Form.options(c.JSON)
	o.Quiet = c.Quiet
	out := p.console(o)
	p.ending.verify = c
	ctx, restore := notifyContext(ctx, func() {}, p.ending.now)
	defer restore()
	err := signalOr(ctx, c.compare(ctx, p, out))
	if err != nil {
		out.Fail(err)
		return out.Bug(err)
	}
	found := c.found.Load().Verification
	out.ShowVerification(c.Result, found)
	return out.Bug(found.Err())
}

// compare compares the result with the tenant.
func (c *verifyCommand) compare(ctx context.Context, p *Program, out *console.Console) error {
	if err := checkDistinct("", c.Tenant.Key.File, c.Result, c.Metrics, c.Tenant.Trace); err != nil {
		return coded(report.Usage, err)
	}
	if err := checkSettle(c.Settle); err != nil {
		return coded(report.Usage, err)
	}
	if c.Metrics != "" {
		if err := report.ProbeVerifyMetrics(c.Metrics); err != nil {
			return coded(report.UnwritableReport, err)
		}
		c.usable = true
	}
	// The result comes before the key: whoever has misspelt it should not be asked for a passphrase.
	if _, err := report.ReadStatus(c.Result); err != nil {
		return coded(report.UnusableResult, explainResult(c.Result, err))
	}
	tuneGCForReading()
	found, requests, err := c.Tenant.compare(ctx, p, out, secret.Set{}, verify.Input{Result: c.Result, OnlyDone: c.OnlyDone, Settle: c.Settle})
	if err != nil {
		return err
	}
	c.found.Store(&verified{found, requests})
	return nil
}
