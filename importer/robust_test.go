package importer_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"etelecom-import/apiclient/sandbox"
	"etelecom-import/importer"
	"etelecom-import/importer/ledger"
)

// between stands between the client and the tenant.
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
	if err == nil && w.after != nil {
		w.after(call, resp)
	}
	return resp, err
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

func (b *bench) between() *between {
	w := &between{tenant: b.tenant}
	b.api.Transport = w
	return w
}

func (b *bench) faults(rules ...string) {
	b.t.Helper()
	if err := b.tenant.SetFaults(sandbox.MustParseRules(rules...)...); err != nil {
		b.t.Fatal(err)
	}
}

// done wants all rows done, and each of them created once.
func (b *bench) done(rows int, s *importer.Summary, err error) {
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

// An intent is as old as its question: where fsync takes longer than the settle time, a lost create that was sent after
// it would count as settled at once.
func TestSlowFsyncIsNoYoungIntent(t *testing.T) {
	in(t, 1, sandbox.Config{LateBy: 90 * time.Second, Latency: 10 * time.Millisecond}, func(b *bench) {
		fs := &slowIntent{takes: 10 * time.Minute}
		b.fs = fs
		b.faults("late@create=#1")
		s, err := b.run(context.Background())
		time.Sleep(5 * time.Minute) // all that is late is there
		b.done(1, s, err)
		if fs.slow.Load() != 1 {
			t.Error("no intent was slow")
		}
	})
}

// One server whose clock is ahead answers among the others: a lost create settles no sooner for that.
func TestJumpingDateSettlesNothing(t *testing.T) {
	in(t, 1, sandbox.Config{LateBy: 90 * time.Second, Latency: 10 * time.Millisecond}, func(b *bench) {
		w := b.between()
		var created atomic.Bool
		w.instead = func(call, _ string) *http.Response {
			created.Store(created.Load() || call == "CreateAccountUser")
			return nil
		}
		w.after = func(_ string, r *http.Response) {
			if created.Load() {
				r.Header.Set("Date", time.Now().Add(10*time.Minute).UTC().Format(http.TimeFormat))
			}
		}
		b.faults("late@create=#1")
		s, err := b.run(context.Background())
		time.Sleep(5 * time.Minute) // all that is late is there
		b.done(1, s, err)
	})
}

// The listing is down for good, and the account can be asked for: that is an outage like any other.
func TestListingDownGivesUp(t *testing.T) {
	in(t, 2, sandbox.Config{Latency: 10 * time.Millisecond}, func(b *bench) {
		w := b.between()
		created := false
		w.instead = func(call, _ string) *http.Response {
			created = created || call == "CreateAccountUser"
			if created && call == "GetAccountUsers" {
				return problem(http.StatusServiceUnavailable, "unavailable")
			}
			return nil
		}
		b.faults("cut-after@create=#1")
		ctx, cancel := context.WithTimeout(context.Background(), 24*time.Hour)
		defer cancel()
		began := time.Now()
		s, err := b.run(ctx)
		b.stopped(importer.Unavailable, s, err)
		if took := time.Since(began); took < 5*time.Minute || took > 7*time.Minute || len(w.calls) > 300 {
			t.Errorf("gave up after %v and %d requests", took, len(w.calls))
		}
		w.instead = nil
		b.finish(2)
	})
}

// Two short outages of the listing, longer apart than one may last, are not one long one.
func TestTwoOutagesAreNotOne(t *testing.T) {
	in(t, 1, sandbox.Config{Latency: 10 * time.Millisecond}, func(b *bench) {
		w := b.between()
		var created time.Time
		down := 0
		w.instead = func(call, _ string) *http.Response {
			if call == "CreateAccountUser" && created.IsZero() {
				created = time.Now()
			}
			since := time.Since(created) % (10 * time.Minute)
			if created.IsZero() || call != "GetAccountUsers" || since > time.Minute {
				return nil
			}
			down++
			return problem(http.StatusServiceUnavailable, "unavailable")
		}
		b.options.Settle = 10 * time.Minute
		b.faults("cut-before@create=#1")
		s, err := b.run(context.Background())
		b.done(1, s, err)
		if down < 10 {
			t.Errorf("the listing failed %d times only", down)
		}
	})
}

// The listing works, and asking for one phone is refused: the row stays unknown, the run ends, and nothing is sent blindly.
func TestPhoneFilterRefusedEnds(t *testing.T) {
	in(t, 1, sandbox.Config{Latency: 10 * time.Millisecond}, func(b *bench) {
		w := b.between()
		w.instead = func(call, body string) *http.Response {
			if call == "GetAccountUsers" && strings.Contains(body, `"filter":{"phone"`) {
				return problem(http.StatusBadRequest, "invalid_argument")
			}
			return nil
		}
		b.faults("cut-before@create=#1")
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Minute)
		defer cancel()
		s, err := b.run(ctx)
		if err != nil || s.Status.Unknown != 1 || len(w.calls) > 30 || b.tenant.Totals().Creates != 0 {
			t.Errorf("%v after %d requests: %+v", err, len(w.calls), s)
		}
		if l := b.lines()[phoneOf(0)]; l.ErrorCode != "invalid_argument" {
			t.Errorf("the result does not say why: %+v", l)
		}
		b.kept()
		w.instead = nil
		b.finish(1)
	})
}

// A key that may not list users gets through an outage all the same: that it may not is an answer, too.
func TestProbeWithoutTheRightToList(t *testing.T) {
	in(t, 30, sandbox.Config{Latency: 10 * time.Millisecond}, func(b *bench) {
		w, failures := b.between(), 0
		b.options.Blind = true
		refuse := denied("GetAccountUsers")
		w.instead = func(call, body string) *http.Response {
			if call == "CreateAccountUser" && failures < 12 {
				failures++
				return problem(http.StatusServiceUnavailable, "unavailable")
			}
			return refuse(call, body)
		}
		if s, err := b.run(context.Background()); err != nil || s.Status.Done != 18 || s.Status.Unknown != 12 {
			t.Errorf("%v, %+v", err, s)
		}
		b.kept()
	})
}

// An intent that lies ahead, because the tenant's clock was wrong, settles as if it were made now.
func TestIntentFromTheFuture(t *testing.T) {
	in(t, 1, sandbox.Config{Latency: 10 * time.Millisecond, Skew: 365 * 24 * time.Hour}, func(b *bench) {
		b.faults("cut-before@create=#1")
		b.options.Rounds = 0
		if s, err := b.run(context.Background()); err != nil || s.Status.Unknown != 1 {
			t.Fatalf("%v, %+v", err, s)
		}
		b.options.Rounds = 3
		b.tenant.SetSkew(0)
		ctx, cancel := context.WithTimeout(context.Background(), 24*time.Hour)
		defer cancel()
		began := time.Now()
		s, err := b.run(ctx)
		b.done(1, s, err)
		if took := time.Since(began); took < b.options.Settle || took > 2*b.options.Settle {
			t.Errorf("it took %v", took)
		}
	})
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

// A done row gets another extension: a refusal counts, and an answer that is lost is looked after.
func TestChangedExtensionThatFails(t *testing.T) {
	for fault, refusals := range map[string]int{
		"error:invalid_argument@assign": 1, "cut-after@assign=#1": 0, "cut-before@assign=#1": 0, "updated-0@assign=#1": 0,
	} {
		in(t, 2, sandbox.Config{Latency: 10 * time.Millisecond}, func(b *bench) {
			b.must()
			if err := b.tenant.MoveExtension(extension(0), 0); err != nil {
				t.Fatal(err)
			}
			if _, err := b.tenant.AddExtension(extension(50), "2001"); err != nil {
				t.Fatal(err)
			}
			b.roster = strings.Replace(b.roster, fmt.Sprint(extension(0)), fmt.Sprint(extension(50)), 1)
			b.faults(fault)
			s := b.must()
			l := b.lines()[phoneOf(0)]
			if s.Plan.Assign != 1 || s.Refusals() != refusals || (l.ErrorCode != "") != (refusals > 0) {
				t.Errorf("%s: %d refusals, %+v, line %+v", fault, s.Refusals(), s, l)
			}
			if got := l.ExtensionID == fmt.Sprint(extension(50)); got != (refusals == 0) {
				t.Errorf("%s: line %+v", fault, l)
			}
		})
	}
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
