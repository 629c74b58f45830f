package importer_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"etelecom-import/apiclient"
	"etelecom-import/apiclient/fakenet"
	"etelecom-import/apiclient/sandbox"
	"etelecom-import/apiclient/transport"
	"etelecom-import/importer"
)

// refusingProxy answers every CONNECT with the status.
func refusingProxy(t *testing.T, status int) *url.URL {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(status) }))
	t.Cleanup(s.Close)
	u, err := url.Parse(s.URL)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

// closedPort is an address of this machine where nobody listens.
func closedPort(t *testing.T) string {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// nowhere is a network that knows no names.
type nowhere struct{}

func (nowhere) RoundTrip(r *http.Request) (*http.Response, error) {
	return nil, &transport.Unsent{Err: &net.DNSError{Err: "no such host", Name: r.URL.Hostname(), IsNotFound: true}}
}

// TestNoWayToTheAPI: nothing gets through from the start. The sockets are real; the waiting is in fake time.
func TestNoWayToTheAPI(t *testing.T) {
	refused, denied, broken := closedPort(t), refusingProxy(t, http.StatusProxyAuthRequired), refusingProxy(t, http.StatusBadGateway)
	ftp := &url.URL{Scheme: "ftp", Host: "127.0.0.1:1"}
	// What nobody heals by waiting is refused.
	refusals := map[string]error{"proxy says 407": apiclient.ErrProxy, "no proxy for this": apiclient.ErrProxy}
	for name, config := range map[string]apiclient.Config{
		"connection refused": {BaseURL: "http://" + refused + sandbox.BasePath},
		"no such host":       {BaseURL: "https://api.invalid/v1/partner", Transport: nowhere{}},
		"no proxy for this":  {BaseURL: "https://api.invalid/v1/partner", Transport: &transport.Transport{Proxy: http.ProxyURL(ftp)}},
		"proxy says 407":     {BaseURL: "https://api.invalid/v1/partner", Transport: &transport.Transport{Proxy: http.ProxyURL(denied)}},
		"proxy says 502":     {BaseURL: "https://api.invalid/v1/partner", Transport: &transport.Transport{Proxy: http.ProxyURL(broken)}},
	} {
		t.Run(name, func(t *testing.T) {
			in(t, 3, sandbox.Config{}, func(b *bench) {
				b.api = config
				s, err := b.run(context.Background())
				if why := refusals[name]; why == nil {
					b.stopped(importer.Unavailable, s, err)
				} else if b.stopped(importer.Refused, s, err); !errors.Is(err, why) {
					t.Errorf("%v, want %v", err, why)
				}
				if _, err := os.Stat(b.result); err == nil {
					t.Error("a result was written")
				}
				b.api = apiclient.Config{BaseURL: b.tenant.BaseURL(), Transport: b.tenant}
				b.must()
			})
		})
	}
}

func TestUnknownCertificate(t *testing.T) {
	b := newBench(t, 3, sandbox.Config{})
	defer b.tenant.Close()
	server := httptest.NewUnstartedServer(b.tenant)
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.StartTLS()
	defer server.Close()
	b.api = apiclient.Config{BaseURL: server.URL + sandbox.BasePath}
	s, err := b.run(context.Background())
	b.stopped(importer.Refused, s, err)
	if !errors.Is(err, apiclient.ErrCertificate) || b.tenant.Totals().Requests != 0 {
		t.Errorf("%v; %d requests", err, b.tenant.Totals().Requests)
	}
}

// TestRedirects: to another host, at each call. Nobody goes there, and nothing is delivered there.
func TestRedirects(t *testing.T) {
	t.Parallel()
	var hits atomic.Int64
	trap := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { hits.Add(1) }))
	defer trap.Close()
	for _, call := range []string{"shop", "users", "extensions", "create=#2", "assign=#2"} {
		t.Run(call, func(t *testing.T) {
			b := newBench(t, 4, sandbox.Config{})
			defer b.tenant.Close()
			defer b.serve()()
			call, when, _ := strings.Cut(call, "=")
			rule := fmt.Sprintf("redirect:%s/v1@%s=%s", trap.URL, call, when)
			if err := b.tenant.SetFaults(sandbox.MustParseRules(strings.TrimSuffix(rule, "="))...); err != nil {
				t.Fatal(err)
			}
			s, err := b.run(context.Background())
			if call == "shop" { // it only tells who we are
				b.done(4, s, err)
				return
			}
			b.stopped(importer.Refused, s, err)
			if !errors.Is(err, apiclient.ErrAddress) || b.tenant.Totals().Fired("redirect") == 0 {
				t.Errorf("%v", err)
			}
			b.finish(4)
		})
	}
	if hits.Load() != 0 {
		t.Errorf("%d requests arrived where the redirect pointed", hits.Load())
	}
}

// tunnel is a proxy that refuses some CONNECTs and passes the others on.
type tunnel struct{ count, from, to atomic.Int64 }

func (p *tunnel) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if n := p.count.Add(1); n >= p.from.Load() && n < p.to.Load() {
		w.WriteHeader(http.StatusBadGateway)
		return
	}
	server, err := net.Dial("tcp", r.Host)
	if err != nil {
		w.WriteHeader(http.StatusBadGateway)
		return
	}
	client, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(err)
	}
	fmt.Fprint(client, "HTTP/1.1 200 OK\r\n\r\n")
	go func() { _, _ = io.Copy(server, client); server.Close() }()
	_, _ = io.Copy(client, server)
	client.Close()
}

// TestProxyRefusesForAWhile: no byte was sent, so that the creates are tried again at once, in the same run.
func TestProxyRefusesForAWhile(t *testing.T) {
	t.Parallel()
	b := newBench(t, 12, sandbox.Config{})
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

// TestKeyRevoked: no new rows at once, what is in flight finishes; a new key of the same account goes on.
func TestKeyRevoked(t *testing.T) {
	t.Parallel()
	const rows, workers = 30, 4
	b := newBench(t, rows, sandbox.Config{Latency: 5 * time.Millisecond, RevokeAfter: 25})
	defer b.tenant.Close()
	defer b.serve()()
	s, err := b.run(context.Background())
	b.stopped(importer.Refused, s, err)
	if !errors.Is(err, apiclient.ErrKey) || s.Status.Unknown != 0 || s.Status.Failed != 0 || s.Status.Done == 0 || s.Status.Pending == 0 {
		t.Errorf("%v, %+v", err, s.Status)
	}
	if refused := b.tenant.Totals().Calls; refused["create"]["401"]+refused["assign"]["401"] > workers {
		t.Errorf("calls with the revoked key: %v", refused)
	}
	b.tenant.SetKey("another-key-of-this-account")
	b.finish(rows)
}

// TestTenantGoneAndBack: an outage in the middle is waited for.
func TestTenantGoneAndBack(t *testing.T) {
	t.Parallel()
	const rows = 40
	b := newBench(t, rows, sandbox.Config{Latency: 2 * time.Millisecond})
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
	b.until("some rows are done", func() bool { return b.tenant.Totals().Assigns > 5 })
	stop()
	b.until("the run waits for the API", func() bool { return progress.Standing().Waiting != importer.Waiting{} })
	l, listenErr := net.Listen("tcp", address)
	if listenErr != nil {
		t.Fatal(listenErr)
	}
	defer b.serveOn(l)()
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
			in(t, 30, sandbox.Config{Latency: time.Second}, func(b *bench) {
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

func TestCaptivePortal(t *testing.T) {
	in(t, 3, sandbox.Config{}, func(b *bench) {
		if err := b.tenant.SetFaults(sandbox.MustParseRules("html-200")...); err != nil {
			t.Fatal(err)
		}
		s, err := b.run(context.Background())
		b.stopped(importer.Unavailable, s, err)
		if b.tenant.Totals().Writes != 0 {
			t.Error("a write was sent")
		}
		if !strings.Contains(err.Error(), "a web page") {
			t.Errorf("nobody understands %q", err)
		}
		b.finish(3)
	})
}

func TestRetryAfter(t *testing.T) {
	for form, least := range map[string]time.Duration{
		"7": 7 * time.Second, "date": time.Second, "past": 0, "years": 5 * time.Minute, "99999999999999999999": 5 * time.Minute,
		"garbage": 0, "none": 0, "-3": 0, "1.5": 0,
	} {
		t.Run(form, func(t *testing.T) {
			in(t, 6, sandbox.Config{}, func(b *bench) {
				if err := b.tenant.SetFaults(sandbox.MustParseRules("429:"+form+"@create=#2-3", "429:"+form+"@users=#1", "429:"+form+"@assign=#1")...); err != nil {
					t.Fatal(err)
				}
				began := time.Now()
				s := b.must()
				took := time.Since(began)
				if s.Status.Done != 6 || b.tenant.Totals().Fired("429") != 4 || took < least || took > 4*least+time.Minute {
					t.Errorf("after %v: %+v, 429 %d times", took, s.Status, b.tenant.Totals().Fired("429"))
				}
				b.finish(6)
			})
		})
	}
}

// TestStopsInOrder: a time box and an interruption end the starting of rows; what is in flight finishes.
func TestStopsInOrder(t *testing.T) {
	t.Parallel()
	const rows = 30
	for _, boxed := range []bool{true, false} {
		t.Run(fmt.Sprint("time box ", boxed), func(t *testing.T) {
			b := newBench(t, rows, sandbox.Config{Latency: 20 * time.Millisecond})
			defer b.tenant.Close()
			defer b.serve()()
			ctx, interrupt := context.WithCancelCause(context.Background())
			defer interrupt(nil)
			kind := importer.Interrupted
			var watching sync.WaitGroup
			if boxed {
				b.options.MaxDuration, kind = 150*time.Millisecond, importer.TimeBox
			} else {
				watching.Go(func() {
					b.until("some creates have come", func() bool { return b.tenant.Totals().Creates >= 3 })
					interrupt(&importer.Stop{Kind: importer.Interrupted, Cause: errors.New("a signal")})
				})
			}
			s, err := b.run(ctx)
			watching.Wait()
			b.stopped(kind, s, err)
			if s.Status.Unknown != 0 || s.Status.Failed != 0 || s.Status.Pending == 0 {
				t.Errorf("%+v", s.Status)
			}
			b.options.MaxDuration = 0
			b.finish(rows)
		})
	}
}

// TestWaitsForEverybody: rows that wait for the settle time are not forgotten over others that have work to do meanwhile.
func TestWaitsForEverybody(t *testing.T) {
	in(t, 8, sandbox.Config{Latency: 3 * time.Second}, func(b *bench) {
		b.options.Workers = 1 // so that they settle one after the other
		if err := b.tenant.SetFaults(sandbox.MustParseRules("500-before@create=#1", "cut-before@create=#3", "updated-0@assign=#4")...); err != nil {
			t.Fatal(err)
		}
		if s := b.must(); s.Status.Done != 8 {
			t.Errorf("%+v", s.Status)
		}
		b.finish(8)
	})
}

// limiter stands before the tenant and answers what is too much for it as nginx does unless told otherwise: with a 503 and
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

// TestLimitByUnavailable: a limit below --rate that is answered with 503 slows the run down, and does not end it.
func TestLimitByUnavailable(t *testing.T) {
	const rows = 200
	for _, retryAfter := range []string{"", "2"} {
		for _, burst := range []int{0, 2} {
			t.Run(fmt.Sprintf("burst %d, Retry-After %q", burst, retryAfter), func(t *testing.T) {
				in(t, rows, sandbox.Config{Latency: 20 * time.Millisecond}, func(b *bench) {
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
		in(t, 30, sandbox.Config{Latency: 20 * time.Millisecond}, func(b *bench) {
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

// set sets when the next request passes.
func (l *limiter) set(due time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.due = due
}

// TestShortKeepAlive: a server that closes what is idle for 100 ms, 10 ms away. Requests cross its closes; few creates may
// be lost over that, at rates whose gaps are just as long, too.
func TestShortKeepAlive(t *testing.T) {
	for _, c := range []struct {
		rate          float64
		workers, lost int
	}{{8, 1, 1}, {8.3, 1, 1}, {9.5, 1, 1}, {10, 1, 1}, {10, 8, 8}, {0, 8, 8}} {
		t.Run(fmt.Sprintf("rate %v, %d workers", c.rate, c.workers), func(t *testing.T) {
			in(t, 60, sandbox.Config{}, func(b *bench) {
				network := fakenet.New(10 * time.Millisecond)
				server := &http.Server{Handler: b.tenant, IdleTimeout: 100 * time.Millisecond}
				var serving sync.WaitGroup
				serving.Go(func() { _ = server.Serve(network) })
				own := &transport.Transport{Idle: c.workers, Dial: network.Dial}
				defer serving.Wait()
				defer server.Close()
				defer own.CloseIdleConnections()
				var mu sync.Mutex
				unknown := 0
				b.api = apiclient.Config{BaseURL: "http://127.0.0.1:1" + sandbox.BasePath, Rate: c.rate, Workers: c.workers, Transport: own}
				b.api.Transport = roundTripper(func(r *http.Request) (*http.Response, error) {
					resp, err := own.RoundTrip(r)
					if err != nil && !transport.IsUnsent(err) && strings.HasSuffix(r.URL.Path, apiclient.OpCreateAccountUser) {
						mu.Lock()
						defer mu.Unlock()
						unknown++
					}
					return resp, err
				})
				b.options.Workers = c.workers
				b.maxErrors("20%")
				began := time.Now()
				s := b.must()
				t.Logf("%d creates lost, %v", unknown, time.Since(began))
				if s.Status.Done != 60 || unknown > c.lost {
					t.Errorf("%d creates lost; %+v", unknown, s.Status)
				}
			})
		})
	}
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }
