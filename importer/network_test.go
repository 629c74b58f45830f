package importer_test

import (
	"context"
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
			in(t, 3, sandbox.Config{}, func(b *harness) {
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
	b := newHarness(t, 3, sandbox.Config{})
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
			b := newHarness(t, 4, sandbox.Config{})
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

func TestCaptivePortal(t *testing.T) {
	in(t, 3, sandbox.Config{}, func(b *harness) {
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
			in(t, 6, sandbox.Config{}, func(b *harness) {
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

// TestShortKeepAlive: a server that closes what is idle for 100 ms, 10 ms away. Requests cross its closes; few creates may
// be lost over that, at rates whose gaps are just as long, too.
func TestShortKeepAlive(t *testing.T) {
	for _, c := range []struct {
		rate          float64
		workers, lost int
	}{{8, 1, 1}, {8.3, 1, 1}, {9.5, 1, 1}, {10, 1, 1}, {10, 8, 8}, {0, 8, 8}} {
		t.Run(fmt.Sprintf("rate %v, %d workers", c.rate, c.workers), func(t *testing.T) {
			in(t, 60, sandbox.Config{}, func(b *harness) {
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
