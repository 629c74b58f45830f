package cli

import (
	"context"
	"time"

	"etelecom-import/apiclient"
	"etelecom-import/apiclient/message"
	"etelecom-import/apiclient/secret"
	"etelecom-import/importer"
	"etelecom-import/importer/console"
	"etelecom-import/importer/hint"
	"etelecom-import/importer/ledger"
	"etelecom-import/importer/report"
	"etelecom-import/importer/tenant"
	"etelecom-import/importer/verify"
)

// tenantFlags say which tenant a command reads that changes nothing there, and how.
type tenantFlags struct {
	Key     keyFlags               `embed:""`
	Account importer.WantedAccount `placeholder:"ID" help:"The account that the key must belong to."`
	BaseURL string                 `default:"https://api.etelecom.vn/v1/partner" placeholder:"URL" help:"The API: https, or http to this computer."`
	Service string                 `default:"Etelecom" placeholder:"NAME" help:"The brand's name of the service (${default})."`
	Timeout time.Duration          `default:"30s" placeholder:"D" help:"Time limit of one request (${default})."`
	Rate    float64                `default:"10" placeholder:"R" help:"Requests per second at most (${default}). 0: no limit."`
	Trace   string                 `placeholder:"FILE" help:"Write each request and answer to FILE, with names and phones."`
}

// connect reads the key and returns a client for the tenant. At a terminal, the progress is shown until end is called, which also
// closes the client. hidden are passwords that nothing from the tenant may show.
func (f *tenantFlags) connect(ctx context.Context, p *Program, out *console.Console, hidden secret.Set, progress *importer.Progress) (client *apiclient.Client, end func(), err error) {
	source, err := f.Key.source(p)
	if err != nil {
		return nil, nil, coded(report.UnusableKey, err)
	}
	cfg := apiclient.Config{BaseURL: f.BaseURL, Service: f.Service, Rate: f.Rate, Timeout: f.Timeout, Hidden: hidden}
	cfg.OnSetback = func(b apiclient.Setback) {
		if ctx.Err() == nil { // a call that a signal has ended is no outage
			out.ShowSetback(b)
		}
	}
	if cfg.Key, err = readKey(ctx, source, out); err != nil {
		return nil, nil, coded(report.UnusableKey, err)
	}
	client, trace, err := tracedClient(cfg, f.Trace, out)
	if err != nil {
		return nil, nil, err
	}
	stop := out.Watch(progress, client)
	return client, func() {
		stop()
		client.CloseIdleConnections()
		_ = trace.Close()
	}, nil
}

// compare compares a result with the tenant. in says which one, and how; the rest of it is filled in here. hidden is as in connect.
// requests says how many that took.
func (f *tenantFlags) compare(ctx context.Context, p *Program, out *console.Console, hidden secret.Set, in verify.Input) (found *verify.Verification, requests int64, err error) {
	in.Progress = &importer.Progress{}
	client, end, err := f.connect(ctx, p, out, hidden, in.Progress)
	if err != nil {
		return nil, 0, err
	}
	defer end()
	in.Client, in.BaseURL, in.Account, in.FS = client, f.BaseURL, f.Account, ledger.OS{}
	found, err = verify.Run(ctx, in)
	return found, client.Stats().Requests, coded(report.UnusableResult, err) // a Stop has its own word
}

// checkSettle refuses a --settle that cannot be.
func checkSettle(d time.Duration) error {
	if d < 0 {
		return hint.New("--settle is less than 0", "give a duration such as 2m, or 0")
	}
	return nil
}

// directory reads the whole tenant, and refuses one that is not of the account that is wanted. What the tenant tells of itself is said.
// now is the tenant's time.
func (f *tenantFlags) directory(ctx context.Context, p *Program, out *console.Console) (d *tenant.Directory, now time.Time, err error) {
	progress := &importer.Progress{}
	client, end, err := f.connect(ctx, p, out, secret.Set{}, progress)
	if err != nil {
		return nil, now, err
	}
	defer end()
	defer progress.Reading()()
	identity := importer.Identify(ctx, client)
	d, err = tenant.ReadDirectory(ctx, client, tenant.DirectoryOptions{
		OnUser: func(u apiclient.AccountUser, seen int) {
			identity.ListedUser(u.AccountID)
			progress.SawUsers(seen)
		},
		OnExtension: func(x apiclient.Extension, seen int) {
			identity.ListedExtension(x.AccountID)
			progress.SawExtensions(seen)
		},
	})
	if err == nil {
		err = identity.Check(string(f.Account))
	}
	if err != nil {
		return nil, now, importer.EndedReading(ctx, err)
	}
	out.Note(message.Sprintf("the key is of %s", identity))
	for _, doubt := range identity.Doubts() {
		out.Warn(doubt)
	}
	now, _ = client.ServerTime()
	return d, now, nil
}
