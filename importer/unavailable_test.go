package importer_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"etelecom-import/apiclient"
	"etelecom-import/apiclient/sandbox"
	"etelecom-import/apiclient/transport"
	"etelecom-import/importer"
	"etelecom-import/importer/programtest"
)

// limiter is before the tenant and answers what is too much for it as nginx does unless told otherwise: with a 503 and
// a page. One request in each interval passes, and a few at once.
type limiter struct {
	next       http.RoundTripper
	interval   time.Duration
	burst      int
	retryAfter string

	mu      sync.Mutex
	due     time.Time // when a request is no more than its share
	asked   time.Time // nothing may come before
	refused int
	early   int // requests that came before they were asked for
}

func (l *limiter) RoundTrip(r *http.Request) (*http.Response, error) {
	l.mu.Lock()
	now := time.Now()
	if now.Before(l.asked) {
		l.early++
	}
	pass := !l.due.After(now.Add(time.Duration(l.burst) * l.interval))
	if pass {
		l.due = time.Unix(0, max(l.due.UnixNano(), now.UnixNano())).Add(l.interval)
	} else {
		l.refused++
		if s, err := time.ParseDuration(l.retryAfter + "s"); err == nil {
			l.asked = now.Add(s)
		}
	}
	l.mu.Unlock()
	if pass {
		return l.next.RoundTrip(r)
	}
	r.Body.Close()
	h := http.Header{"Content-Type": {"text/html"}, "Server": {"nginx"}}
	if l.retryAfter != "" {
		h.Set("Retry-After", l.retryAfter)
	}
	return &http.Response{
		StatusCode: http.StatusServiceUnavailable, Header: h, Request: r,
		Body: io.NopCloser(strings.NewReader("<html><h1>503 Service Temporarily Unavailable</h1></html>")),
	}, nil
}

// set sets when the next request passes.
func (l *limiter) set(due time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.due = due
}

// The listing is down for good, and the account can be asked for: that is an outage like any other.
func TestListingDownGivesUp(t *testing.T) {
	in(t, 2, sandbox.Config{Latency: 10 * time.Millisecond}, func(b *harness) {
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
	in(t, 1, sandbox.Config{Latency: 10 * time.Millisecond}, func(b *harness) {
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

// A key that may not list users gets through an outage all the same: that it may not is an answer, too.
func TestProbeWithoutTheRightToList(t *testing.T) {
	in(t, 30, sandbox.Config{Latency: 10 * time.Millisecond}, func(b *harness) {
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

// Creates that are answered with nothing that the API promises are not sent on and on.
func TestAnswersThatMeanNothingAreAnOutage(t *testing.T) {
	for _, fault := range []string{"error-200@create", "html-200@create"} {
		in(t, 300, sandbox.Config{Latency: 10 * time.Millisecond}, func(b *harness) {
			b.options.Workers = 8
			b.maxErrors("20%")
			b.faults(fault)
			s, err := b.run(context.Background())
			b.stopped(importer.Unavailable, s, err)
			if writes := b.tenant.Totals().Writes; writes > 24 {
				t.Errorf("%s: %d creates were sent", fault, writes)
			}
		})
	}
}

// TestProxyRefusesForAWhile: no byte was sent, so that the creates are tried again at once, in the same run.
func TestProxyRefusesForAWhile(t *testing.T) {
	t.Parallel()
	b := newHarness(t, 12, sandbox.Config{})
	defer b.tenant.Close()
	server := httptest.NewTLSServer(b.tenant)
	defer server.Close()
	p := &tunnel{}
	p.from.Store(6) // the fourth and later writes
	p.to.Store(20)
	proxy := httptest.NewServer(p)
	defer proxy.Close()
	u, err := url.Parse(proxy.URL)
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AddCert(server.Certificate())
	b.api = apiclient.Config{BaseURL: server.URL + sandbox.BasePath, Transport: &transport.Transport{Proxy: http.ProxyURL(u), TLS: &tls.Config{RootCAs: roots}}}
	b.options.Settle = 0
	s := b.must()
	if s.Status.Done != 12 || p.count.Load() < 20 {
		t.Errorf("%+v after %d CONNECTs", s, p.count.Load())
	}
	if r := b.tenant.Totals(); r.Writes != 24 {
		t.Errorf("%d writes arrived, for 12 rows", r.Writes)
	}
	b.kept()
}

// TestTenantGoneAndBack: an outage in the middle is waited for.
func TestTenantGoneAndBack(t *testing.T) {
	t.Parallel()
	const rows = 40
	b := newHarness(t, rows, sandbox.Config{Latency: 2 * time.Millisecond})
	defer b.tenant.Close()
	stop := b.serve()
	address := strings.TrimSuffix(strings.TrimPrefix(b.api.BaseURL, "http://"), sandbox.BasePath)
	b.options.Settle = 0
	var progress importer.Progress
	input := b.input()
	input.Progress = &progress
	var s *importer.Summary
	var err error
	var running sync.WaitGroup
	running.Go(func() { s, err = importer.Run(context.Background(), input) })
	programtest.Until(b.t, "some rows are done", func() bool { return b.tenant.Totals().Assigns > 5 })
	stop()
	programtest.Until(b.t, "the run waits for the API", func() bool { return progress.Standing().Waiting != importer.Waiting{} })
	_, stop = programtest.Serve(t, b.tenant, address)
	defer stop()
	running.Wait()
	// Eight failures in a row are an outage. Until then, each that was sent when the socket closed may be unknown, and so may
	// be what the other workers had under way.
	if err != nil || s.Status.Done+s.Status.Unknown != rows || s.Status.Unknown > 8+b.options.Workers {
		t.Errorf("%v, %+v", err, s)
	}
	b.kept()
	b.finish(rows)
}

// TestGoneForGood: over no socket, since it takes minutes.
func TestGoneForGood(t *testing.T) {
	for _, rule := range []string{"refuse=#12-", "html-200=#12-", "502-html=#12-", "cut-before=#12-"} {
		t.Run(rule, func(t *testing.T) {
			in(t, 30, sandbox.Config{Latency: time.Second}, func(b *harness) {
				if err := b.tenant.SetFaults(sandbox.MustParseRules(rule)...); err != nil {
					t.Fatal(err)
				}
				began := time.Now()
				s, err := b.run(context.Background())
				b.stopped(importer.Unavailable, s, err)
				if s.Status.Pending < 10 || s.Status.Failed != 0 || time.Since(began) > 20*time.Minute {
					t.Errorf("after %v: %+v", time.Since(began), s.Status)
				}
				b.finish(30)
			})
		})
	}
}

// TestLimitByUnavailable: a limit below --rate that is answered with 503 slows the run down, and does not end it.
func TestLimitByUnavailable(t *testing.T) {
	const rows = 200
	for _, retryAfter := range []string{"", "2"} {
		for _, burst := range []int{0, 2} {
			t.Run(fmt.Sprintf("burst %d, Retry-After %q", burst, retryAfter), func(t *testing.T) {
				in(t, rows, sandbox.Config{Latency: 20 * time.Millisecond}, func(b *harness) {
					limit := &limiter{next: b.tenant, interval: time.Second / 5, burst: burst, retryAfter: retryAfter}
					b.api.Transport, b.api.Rate = limit, 10
					b.options.Workers = 8
					b.maxErrors("20%")
					began := time.Now()
					s := b.must()
					t.Logf("%v, %d refused, %d in a pause", time.Since(began), limit.refused, limit.early)
					if s.Status.Done != rows || b.tenant.Record().Overwrites != 0 {
						t.Errorf("%+v", s.Status)
					}
					if took := time.Since(began); took > 6*time.Minute || limit.refused > rows/5 || limit.early > 8 {
						t.Errorf("after %v: %d refused, %d sent in a pause", took, limit.refused, limit.early)
					}
				})
			})
		}
	}
}

// TestUnavailableIsAnOutageToo: a server that asks to wait for 200 s gets that once. When nothing passes after it, it is an
// outage, and the probes come as often as the breaker wants.
func TestUnavailableIsAnOutageToo(t *testing.T) {
	for _, fresh := range []time.Duration{0, time.Hour} { // what fails then is the listing, and creates
		in(t, 30, sandbox.Config{Latency: 20 * time.Millisecond}, func(b *harness) {
			b.options.Fresh = fresh
			down := &limiter{next: b.tenant, retryAfter: "200"}
			b.api.Transport, b.api.Rate = down, 10
			b.options.Workers = 8
			var progress importer.Progress
			input := b.input()
			input.Progress = &progress
			time.AfterFunc(1500*time.Millisecond, func() { down.set(time.Now().Add(time.Hour)) })
			time.AfterFunc(260*time.Second, func() { down.set(time.Time{}) })
			began := time.Now()
			var s *importer.Summary
			var err error
			var running sync.WaitGroup
			running.Go(func() { s, err = importer.Run(context.Background(), input) })
			when := func(waiting bool) time.Duration {
				for (progress.Standing().Waiting != importer.Waiting{}) != waiting && time.Since(began) < time.Hour {
					time.Sleep(10 * time.Millisecond)
				}
				return time.Since(began).Round(10 * time.Millisecond)
			}
			known, over := when(true), when(false)
			running.Wait()
			t.Logf("known after %v, over after %v, all done after %v", known, over, time.Since(began))
			if err != nil || s.Status.Done != 30 || known > 208*time.Second || over < 260*time.Second || over > 300*time.Second ||
				time.Since(began) > over+90*time.Second { // the outage has left no low rate behind; creates whose answer was lost settle first
				t.Errorf("%v, %+v; known after %v, over after %v", err, s, known, over)
			}
		})
	}
}
