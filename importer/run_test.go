package importer_test

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"etelecom-import/apiclient"
	"etelecom-import/apiclient/sandbox"
	"etelecom-import/apiclient/secret"
	"etelecom-import/importer"
	"etelecom-import/importer/ledger"
	"etelecom-import/importer/plan"
	"etelecom-import/importer/roster"
)

// bench is one roster, one practice tenant and one result file.
type bench struct {
	t       *testing.T
	tenant  *sandbox.Tenant
	key     string // of the API; empty: the tenant's
	roster  string
	result  string
	options importer.Options
	fs      ledger.FS
	api     apiclient.Config // of the client, without its key; the tenant itself is the transport
	boot    string           // which boot of the machine it is; "-" where the system does not tell
	booted  time.Time        // when that was
	warned  []string
	plans   []plan.Counts
}

const header = "name,phone,password,extension_id,extension_number\n"

// rows returns a roster of n employees.
func rows(n int) string {
	var b strings.Builder
	b.WriteString(header)
	for i := range n {
		fmt.Fprintf(&b, "Nguyễn Văn %d,09%08d,pässwörd-%d-x,%d,\n", i, 12345670+i, i, extension(i))
	}
	return b.String()
}

func extension(i int) int64 { return 1301234567890123001 + int64(i) }

func newBench(t *testing.T, n int, c sandbox.Config) *bench {
	c.Seed = 7
	b := &bench{t: t, roster: rows(n), result: filepath.Join(t.TempDir(), "staff.result.csv"), fs: ledger.OS{}}
	b.tenant = sandbox.New(c)
	for i := range n {
		if _, err := b.tenant.AddExtension(extension(i), fmt.Sprint(1001+i)); err != nil {
			t.Fatal(err)
		}
	}
	b.api = apiclient.Config{BaseURL: b.tenant.BaseURL(), Timeout: 30 * time.Second, Transport: b.tenant}
	b.boot, b.booted = "a boot", time.Now()
	b.options = importer.Options{Workers: 4, Settle: 2 * time.Minute, Rounds: 3}
	b.maxErrors("100%")
	_ = b.options.MaxReplaced.UnmarshalText([]byte("100%"))
	return b
}

func (b *bench) maxErrors(s string) {
	if err := b.options.MaxErrors.UnmarshalText([]byte(s)); err != nil {
		b.t.Fatal(err)
	}
}

func (b *bench) input() importer.Input {
	r, err := roster.Read(strings.NewReader(b.roster), roster.Options{})
	if err != nil {
		b.t.Fatal(err)
	}
	b.api.Key = secret.New(cmp.Or(b.key, b.tenant.Key()))
	client, err := apiclient.New(b.api)
	if err != nil {
		b.t.Fatal(err)
	}
	b.t.Cleanup(client.CloseIdleConnections)
	return importer.Input{
		Options: b.options, Roster: r, Client: client, BaseURL: b.api.BaseURL, FS: b.fs, Result: b.result,
		Uptime: func() (string, time.Duration) { return strings.TrimPrefix(b.boot, "-"), time.Since(b.booted) },
		Hooks: importer.Hooks{
			Warn:    func(s string) { b.warned = append(b.warned, s) },
			Planned: func(p *importer.Plan) { b.plans = append(b.plans, p.Counts()) },
		},
	}
}

func (b *bench) run(ctx context.Context) (*importer.Summary, error) {
	b.t.Helper()
	return importer.Run(ctx, b.input())
}

// must runs and wants no error.
func (b *bench) must() *importer.Summary {
	b.t.Helper()
	s, err := b.run(context.Background())
	if err != nil {
		b.t.Fatalf("run: %v\n%+v", err, s)
	}
	return s
}

// lines returns the result CSV by phone.
func (b *bench) lines() map[string]ledger.Line {
	b.t.Helper()
	f, err := os.Open(b.result)
	if err != nil {
		b.t.Fatal(err)
	}
	defer f.Close()
	lines := map[string]ledger.Line{}
	if err := ledger.ReadLines(f, func(_ int, l *ledger.Line) error { lines[l.Phone] = *l; return nil }); err != nil {
		b.t.Fatal(err)
	}
	return lines
}

func phoneOf(i int) string { return fmt.Sprintf("09%08d", 12345670+i) }

// in runs f in a bubble, with the tenant made in it.
func in(t *testing.T, n int, c sandbox.Config, f func(b *bench)) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, n, c)
		defer b.tenant.Close()
		f(b)
	})
}

func TestEverybodyGetsUserAndExtension(t *testing.T) {
	in(t, 25, sandbox.Config{}, func(b *bench) {
		s := b.must()
		if s.Status.Done != 25 || s.Plan.Create != 25 || len(s.Errors) != 0 {
			t.Errorf("summary %+v", s)
		}
		r := b.tenant.Record()
		if r.Creates != 25 || r.Overwrites != 0 || r.Assigns != 25 || r.Taken != 0 {
			t.Errorf("tenant %+v", b.tenant.Totals())
		}
		for i := range 25 {
			p, ok := b.tenant.Person(phoneOf(i))
			l := b.lines()[phoneOf(i)]
			if !ok || l.UserID != fmt.Sprint(p.ID) || l.Status != "done" || l.ExtensionID != fmt.Sprint(extension(i)) || l.ExtensionNumber != fmt.Sprint(1001+i) {
				t.Errorf("row %d: %+v, person %+v", i, l, p)
			}
			if !b.tenant.PasswordIs(phoneOf(i), fmt.Sprintf("pässwörd-%d-x", i)) {
				t.Errorf("row %d has another password", i)
			}
		}
		if _, err := os.Stat(b.result + ".journal"); err == nil {
			t.Error("the journal is still there")
		}
		writes := r.Writes
		if s = b.must(); s.Status.Done != 25 || s.Plan.None != 25 || s.Requests > 3 {
			t.Errorf("second run %+v", s)
		}
		if again := b.tenant.Totals(); again.Writes != writes {
			t.Errorf("second run sent %d writes", again.Writes-writes)
		}
	})
}
