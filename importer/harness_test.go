package importer_test

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"etelecom-import/apiclient"
	"etelecom-import/apiclient/sandbox"
	"etelecom-import/apiclient/secret"
	"etelecom-import/importer"
	"etelecom-import/importer/ledger"
	"etelecom-import/importer/plan"
	"etelecom-import/importer/programtest"
	"etelecom-import/importer/roster"
)

// harness is one roster, one practice tenant and one result file.
type harness struct {
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

func newHarness(t *testing.T, n int, c sandbox.Config) *harness {
	c.Seed = 7
	b := &harness{t: t, roster: rows(n), result: filepath.Join(t.TempDir(), "staff.result.csv"), fs: ledger.OS{}}
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
	_ = b.options.MaxGone.UnmarshalText([]byte("100%"))
	return b
}

// serve puts the tenant behind a real socket, until the test or the returned function ends it.
func (b *harness) serve() (stop func()) {
	b.api.BaseURL, stop = programtest.Serve(b.t, b.tenant, programtest.AnyPort)
	b.api.Transport = nil
	return stop
}

// spy is the machine's file system; it keeps what is written.
type spy struct {
	ledger.OS
	mu      sync.Mutex
	written []byte
}

// Create implements [ledger.FS].
func (s *spy) Create(name string) (ledger.File, error) {
	f, err := s.OS.Create(name)
	if err != nil {
		return nil, err
	}
	return spied{f, s}, nil
}

// Append implements [ledger.FS].
func (s *spy) Append(name string, content io.Writer) (ledger.File, error) {
	f, err := s.OS.Append(name, content)
	if err != nil {
		return nil, err
	}
	return spied{f, s}, nil
}

type spied struct {
	ledger.File
	by *spy
}

func (f spied) Write(b []byte) (int, error) {
	f.by.mu.Lock()
	defer f.by.mu.Unlock()
	f.by.written = append(f.by.written, b...)
	return f.File.Write(b)
}

// passwords finds one of the roster's passwords, also escaped or in part.
var passwords = regexp.MustCompile(`pässw|ssw\\u00f6rd|wörd-|rd-\d+-x`)

// secretive checks that nothing that left the program holds a password or the key.
func (b *harness) secretive(s *importer.Summary, err error) {
	b.t.Helper()
	texts := append([]string{fmt.Sprintf("%+v %v", s, err)}, b.warned...)
	if f, ok := b.fs.(*spy); ok {
		texts = append(texts, string(f.written))
	}
	files, _ := filepath.Glob(filepath.Join(filepath.Dir(b.result), "*"))
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			b.t.Fatal(err)
		}
		texts = append(texts, string(text))
	}
	for _, text := range texts {
		programtest.NoSecret(b.t, "what was written or said", text, passwords, b.api.Key.Reveal())
	}
}

// kept checks the promises against the tenant's own record and the result, however the run ended.
func (b *harness) kept() {
	b.t.Helper()
	programtest.Unharmed(b.t, b.tenant.Record())
	if _, err := os.Stat(b.result); err != nil {
		return // the run ended before it had anything to say
	}
	lines := b.lines()
	if want := strings.Count(b.roster, "\n") - 1; len(lines) != want {
		b.t.Errorf("%d of %d rows in the result", len(lines), want)
	}
	for number, l := range lines {
		b.lineTrue(number, l)
	}
}

// lineTrue checks one line of the result.
func (b *harness) lineTrue(number string, l ledger.Line) {
	b.t.Helper()
	p, there := b.tenant.Person(number)
	if l.UserID != "" && (!there || l.UserID != fmt.Sprint(p.ID)) {
		b.t.Errorf("%s has the id %s in the result, and is %d", number, l.UserID, p.ID)
	}
	if l.Status == "done" && (len(p.Extensions) != 1 || p.Extensions[0] != l.ExtensionID) {
		b.t.Errorf("%s is done with extension %s, and has %v", number, l.ExtensionID, p.Extensions)
	}
	refused := l.ErrorCode == "failed_precondition" || l.ErrorCode == "user_exists" && strings.Contains(l.Error, "refused to create them")
	if p.Creates > 0 && l.UserID == "" && l.Status != "unknown" && !refused { // who was created in spite of a refusal, nobody can know
		b.t.Errorf("%s was created, and its id is lost: %+v", number, l)
	}
	if l.Status != "done" && l.Error == "" || (l.Status == "failed" || l.Status == "invalid") && l.ErrorCode == "" {
		b.t.Errorf("%s is %s without a reason", number, l.Status)
	}
}

// settled makes the machine run an hour longer: whatever was sent before is over by its clock. Effects that are still to
// come come first, as the promises assume.
func (b *harness) settled() {
	programtest.Until(b.t, "the late effects are there", func() bool { return b.tenant.Pending() == 0 })
	b.booted = b.booted.Add(-time.Hour)
}

// stopped wants the run to have been stopped for this reason, and the promises to be kept.
func (b *harness) stopped(kind importer.StopKind, s *importer.Summary, err error) {
	b.t.Helper()
	var stop *importer.Stop
	if !errors.As(err, &stop) || stop.Kind != kind {
		b.t.Errorf("the run ended with %v, want %v", err, kind)
	}
	b.kept()
	b.secretive(s, err)
}

// finish runs again, without faults and once all is settled, and wants everybody done.
func (b *harness) finish(rows int) {
	b.t.Helper()
	if err := b.tenant.SetFaults(); err != nil {
		b.t.Fatal(err)
	}
	b.settled()
	b.options.Settle = time.Minute
	s, err := b.run(context.Background())
	if err != nil || s.Status.Done != rows {
		b.t.Errorf("the run that was to finish: %v, %+v", err, s)
	}
	if r := b.tenant.Totals(); r.Creates != int64(rows) || r.Assigns != int64(rows) {
		b.t.Errorf("%d creates and %d assigns took effect", r.Creates, r.Assigns)
	}
	b.kept()
	b.secretive(s, err)
}

func (b *harness) maxErrors(s string) {
	if err := b.options.MaxErrors.UnmarshalText([]byte(s)); err != nil {
		b.t.Fatal(err)
	}
}

func (b *harness) input() importer.Input {
	r, err := roster.Read(strings.NewReader(b.roster), roster.Options{FreeExtensions: !strings.Contains(b.roster, "extension")})
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
			OnWarning: func(s string) { b.warned = append(b.warned, s) },
			OnPlan:    func(p *importer.Plan) error { b.plans = append(b.plans, p.Counts()); return nil },
		},
	}
}

func (b *harness) run(ctx context.Context) (*importer.Summary, error) {
	b.t.Helper()
	return importer.Run(ctx, b.input())
}

// must runs and wants no error.
func (b *harness) must() *importer.Summary {
	b.t.Helper()
	s, err := b.run(context.Background())
	if err != nil {
		b.t.Fatalf("run: %v\n%+v", err, s)
	}
	return s
}

// lines returns the result CSV by phone.
func (b *harness) lines() map[string]ledger.Line {
	b.t.Helper()
	return programtest.Lines(b.t, b.result)
}

func phoneOf(i int) string { return fmt.Sprintf("09%08d", 12345670+i) }

// in runs f in a bubble, with the tenant made in it.
func in(t *testing.T, n int, c sandbox.Config, f func(b *harness)) {
	synctest.Test(t, func(t *testing.T) {
		b := newHarness(t, n, c)
		defer b.tenant.Close()
		f(b)
	})
}

// between is between the client and the tenant.
type between struct {
	tenant  http.RoundTripper
	instead func(call, body string) *http.Response // answers in the tenant's place, unless it returns nil
	after   func(call string, r *http.Response)    // sees what the tenant answers

	mu    sync.Mutex
	calls []string
}

// RoundTrip implements [http.RoundTripper].
func (w *between) RoundTrip(r *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	call := r.URL.Path[strings.LastIndexByte(r.URL.Path, '/')+1:]
	if resp := w.intercept(call, string(body)); resp != nil {
		return resp, nil
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	resp, err := w.tenant.RoundTrip(r)
	if err == nil {
		w.see(call, resp)
	}
	return resp, err
}

func (w *between) see(call string, r *http.Response) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.after != nil {
		w.after(call, r)
	}
}

func (w *between) intercept(call, body string) *http.Response {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.calls = append(w.calls, call)
	if w.instead == nil {
		return nil
	}
	return w.instead(call, body)
}

// problem is an answer of the API's with an error.
func problem(status int, code string) *http.Response {
	return &http.Response{
		StatusCode: status, Body: io.NopCloser(strings.NewReader(fmt.Sprintf(`{"code":%q,"msg":"x"}`, code))),
		Header: http.Header{"Content-Type": {"application/json"}, "Date": {time.Now().UTC().Format(http.TimeFormat)}},
	}
}

// denied is a key that may not make the call.
func denied(which string) func(call, body string) *http.Response {
	return func(call, _ string) *http.Response {
		if call == which {
			return problem(http.StatusForbidden, "permission_denied")
		}
		return nil
	}
}

func (b *harness) between() *between {
	w := &between{tenant: b.tenant}
	b.api.Transport = w
	return w
}

func (b *harness) faults(rules ...string) {
	b.t.Helper()
	if err := b.tenant.SetFaults(sandbox.MustParseRules(rules...)...); err != nil {
		b.t.Fatal(err)
	}
}

// done wants all rows done, and each of them created once.
func (b *harness) done(rows int, s *importer.Summary, err error) {
	b.t.Helper()
	if err != nil || s.Status.Done != rows {
		b.t.Errorf("%v, %+v", err, s)
	}
	if r := b.tenant.Totals(); r.Creates != int64(rows) {
		b.t.Errorf("%d creates took effect", r.Creates)
	}
	b.kept()
	b.secretive(s, err)
}

// slowIntent is a file system that takes long to make the first intent durable.
type slowIntent struct {
	ledger.OS
	takes time.Duration
	slow  atomic.Int32 // how many intents were
}

type slowFile struct {
	ledger.File
	fs     *slowIntent
	intent *atomic.Bool // one was written since the last fsync
}

// Create implements [ledger.FS].
func (s *slowIntent) Create(name string) (ledger.File, error) {
	f, err := s.OS.Create(name)
	return slowFile{f, s, new(atomic.Bool)}, err
}

// Append implements [ledger.FS].
func (s *slowIntent) Append(name string, content io.Writer) (ledger.File, error) {
	f, err := s.OS.Append(name, content)
	return slowFile{f, s, new(atomic.Bool)}, err
}

func (f slowFile) Write(b []byte) (int, error) {
	if bytes.Contains(b, []byte(`"creating"`)) {
		f.intent.Store(true)
	}
	return f.File.Write(b)
}

func (f slowFile) Sync() error {
	if f.intent.Swap(false) && f.fs.slow.CompareAndSwap(0, 1) {
		time.Sleep(f.fs.takes)
	}
	return f.File.Sync()
}

// noResult is a file system on which no result can be written: the journal stays, as after kill -9.
type noResult struct{ ledger.OS }

// Rename implements [ledger.FS].
func (noResult) Rename(old, new string) error {
	if strings.HasSuffix(new, ".result.csv") {
		return errors.New("no space left")
	}
	return ledger.OS{}.Rename(old, new)
}

func readAll(t *testing.T, r *http.Response) string {
	t.Helper()
	b, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func setBody(r *http.Response, body string) {
	r.Body, r.ContentLength = io.NopCloser(strings.NewReader(body)), int64(len(body))
	r.Header.Del("Content-Length")
}

// look is a dry run.
func (b *harness) look() *importer.Summary {
	b.t.Helper()
	b.options.DryRun = true
	defer func() { b.options.DryRun = false }()
	return b.must()
}

// calls returns how many of a call were answered with 200.
func (b *harness) calls(name string) int { return b.tenant.Totals().Calls[name]["200"] }

func (b *harness) members(phones ...string) {
	b.t.Helper()
	for _, p := range phones {
		if _, err := b.tenant.AddUser(p, "Có Sẵn"); err != nil {
			b.t.Fatal(err)
		}
	}
}
