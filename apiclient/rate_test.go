package apiclient

import (
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"golang.org/x/time/rate"

	"etelecom-import/apiclient/fakenet"
	"etelecom-import/apiclient/transport"
	"etelecom-import/apiclient/wiretest"
)

// work sends n assigns from so many workers, and returns how long it took.
func work(t *testing.T, c *Client, workers, n int) time.Duration {
	start := time.Now()
	jobs := make(chan int)
	var wg sync.WaitGroup
	for range workers {
		wg.Go(func() {
			for range jobs {
				if err := c.AssignUserToExtension(t.Context(), 1, 2, nil); err != nil {
					t.Error(err)
				}
			}
		})
	}
	for i := range n {
		jobs <- i
	}
	close(jobs)
	wg.Wait()
	return time.Since(start)
}

// allow returns an answer function of a tenant that throttles what exceeds the rate, with this header.
func allow(r float64, burst int, header string) func(*http.Request, string) *http.Response {
	l := rate.NewLimiter(rate.Limit(r), burst)
	return func(*http.Request, string) *http.Response {
		if l.Allow() {
			return say(200, `{"updated":1}`)
		}
		return say(429, `{"code":"resource_exhausted","msg":"Quá nhiều yêu cầu"}`, header)
	}
}

// If the tenant allows 40 requests per second, a run uses at least 85 % of that, and at most 3 % of its requests are throttled:
// whatever burst the tenant allows, and however it asks to wait.
func TestFindsTheTenantsLimit(t *testing.T) {
	for _, ceiling := range []float64{200, 0} {
		for _, burst := range []int{1, 40} {
			for _, header := range []string{"Retry-After: 1", "Retry-After: soon"} {
				for latency, workers := range map[time.Duration]int{5 * time.Millisecond: 8, 50 * time.Millisecond: 32} {
					synctest.Test(t, func(t *testing.T) {
						w := &wire{latency: latency, answer: allow(40, burst, header)}
						took := work(t, newTestClient(t, Config{Rate: ceiling, Transport: w}), workers, 2400)
						use := 2400 / took.Seconds() / 40
						refused := float64(w.statuses[429]) / float64(len(w.arrivals))
						name := fmt.Sprintf("ceiling %v, burst %d, %s, latency %v, %d workers", ceiling, burst, header, latency, workers)
						t.Logf("%s: %.1f %% used, %.2f %% refused", name, 100*use, 100*refused)
						if use < 0.85 || refused > 0.03 {
							t.Errorf("%s: %.1f %% used, %.2f %% refused", name, 100*use, 100*refused)
						}
					})
				}
			}
		}
	}
}

func TestRateHolds(t *testing.T) {
	for _, c := range []struct {
		rate    float64
		burst   int
		latency time.Duration
	}{{50, 1, 0}, {50, 1, 30 * time.Millisecond}, {50, 7, time.Millisecond}, {333, 1, 3 * time.Millisecond}, {0.5, 1, 0}, {3, 2, time.Second}} {
		synctest.Test(t, func(t *testing.T) {
			w := &wire{latency: c.latency, answer: ok}
			n := max(int(20*c.rate), 10)
			took := work(t, newTestClient(t, Config{Rate: c.rate, Burst: c.burst, Transport: w}), 32, n)
			if got := wiretest.MostPerSecond(w.arrivals); float64(got) > c.rate+float64(c.burst)+1 {
				t.Errorf("%+v: %d in one second", c, got)
			}
			if use := float64(n-c.burst) / (took - c.latency).Seconds() / c.rate; use < 0.98 {
				t.Errorf("%+v: %.3f used", c, use)
			}
		})
	}
}

// After a cut, the rate returns to the ceiling, or grows if there is no ceiling.
func TestRateComesBack(t *testing.T) {
	for _, ceiling := range []float64{100, 0} {
		synctest.Test(t, func(t *testing.T) {
			w := &wire{latency: 10 * time.Millisecond, answer: ok}
			c := newTestClient(t, Config{Rate: ceiling, Transport: w})
			work(t, c, 8, 500)
			c.pacer.Throttled(time.Now(), time.Now(), time.Second, true)
			cut := c.Stats().Rate
			work(t, c, 8, 5000)
			back := c.Stats().Rate
			if ceiling > 0 && (cut != 50 || back != 100) || ceiling == 0 && (cut > 410 || back < 800) {
				t.Errorf("ceiling %v: cut to %v, then back to %v", ceiling, cut, back)
			}
		})
	}
}

// Intents that wait for the same fsync are ready all at once. Their requests are not sent at once.
func TestSlowIntentsKeepTheRate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const fsync = 800 * time.Millisecond
		w := &wire{answer: ok}
		c := newTestClient(t, Config{Rate: 10, Burst: 1, Transport: w})
		began := time.Now()
		intent := func() error {
			time.Sleep(fsync - time.Since(began)%fsync)
			return nil
		}
		var wg sync.WaitGroup
		for range 24 {
			wg.Go(func() {
				if err := c.AssignUserToExtension(t.Context(), 1, 2, intent); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if got := wiretest.MostPerSecond(w.arrivals); len(w.arrivals) != 24 || got > 10+1+1 {
			t.Errorf("%d requests, %d in one second", len(w.arrivals), got)
		}
		for i := range w.arrivals[2:] { // a late request and the next one may go together
			if gap := w.arrivals[i+2].Sub(w.arrivals[i]); gap < 90*time.Millisecond {
				t.Errorf("requests %d to %d within %v", i, i+2, gap)
			}
		}
	})
}

// HTTP 503 may be a rate limit: it lowers the pace, and the outcome of the request stays unknown. For a closed account, or in
// answer to a probe, it changes nothing.
func TestUnavailableLowersThePace(t *testing.T) {
	page := say(503, "<html>", "Retry-After: 7")
	closed := say(503, `{"code":"unavailable","msg":"x","meta":{"xcode":"account_closed"}}`, "Retry-After: 7")
	for name, c := range map[string]struct {
		answer *http.Response
		probe  bool
		pause  time.Duration
		rate   float64
	}{
		"page":    {page, false, 7 * time.Second, 5},
		"closed":  {closed, false, 0, 10},
		"a probe": {page, true, 0, 10},
	} {
		synctest.Test(t, func(t *testing.T) {
			w := &wire{answer: func(*http.Request, string) *http.Response { return say(503, bodyOf(c.answer), "Retry-After: 7") }}
			client := newTestClient(t, Config{Rate: 10, Transport: w})
			ctx := t.Context()
			if c.probe {
				ctx = Probing(ctx)
			}
			began := time.Now()
			_, err := client.CreateAccountUser(ctx, person, func() error { return nil })
			var e *Error
			if !errors.As(err, &e) || e.Outcome != Unknown || len(w.arrivals) != 1 {
				t.Errorf("%s: %v after %d requests", name, err, len(w.arrivals))
			}
			if s := client.Stats(); s.Rate != c.rate || max(s.PausedUntil.Sub(began), 0) != c.pause {
				t.Errorf("%s: rate %v, paused for %v", name, s.Rate, s.PausedUntil.Sub(began))
			}
			// The pause holds for all requests except probes.
			for _, probe := range []bool{true, false} {
				ctx, before := t.Context(), time.Now()
				if probe {
					ctx = Probing(ctx)
				}
				time.Sleep(200 * time.Millisecond) // for the rate
				if _, _, err := client.pacer.Slot(ctx, probe, nil); err != nil {
					t.Fatal(err)
				}
				if waited := time.Since(before); (waited > 5*time.Second) != (c.pause > 0 && !probe) {
					t.Errorf("%s: probe %v waited for %v", name, probe, waited)
				}
			}
		})
	}
}

// arrivals are the times at which a server read the first byte of each request.
type arrivals struct {
	mu sync.Mutex
	at []time.Time
}

// noting is a connection of the server that notes when requests begin: with its first read, and with the first after each
// answer.
type noting struct {
	net.Conn
	arrivals *arrivals
	mu       sync.Mutex
	reading  bool // a request
}

func (n *noting) Read(b []byte) (int, error) {
	m, err := n.Conn.Read(b)
	n.mu.Lock()
	defer n.mu.Unlock()
	if m > 0 && !n.reading {
		n.reading = true
		n.arrivals.mu.Lock()
		n.arrivals.at = append(n.arrivals.at, time.Now())
		n.arrivals.mu.Unlock()
	}
	return m, err
}

func (n *noting) Write(b []byte) (int, error) {
	n.mu.Lock()
	n.reading = false
	n.mu.Unlock()
	return n.Conn.Write(b)
}

// stalling accepts connections whose TLS handshakes take a while.
type stalling struct {
	net.Listener
	config   *tls.Config
	arrivals *arrivals
}

func (s *stalling) Accept() (net.Conn, error) {
	c, err := s.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return &noting{Conn: tls.Server(c, s.config), arrivals: s.arrivals}, nil
}

// The rate holds in every second, and is used up, however long it takes to connect, however many calls wait for that, and
// however long the intents take.
//
// rule: slot-at-first-byte
func TestStallsKeepTheRate(t *testing.T) {
	good, roots := certificate(t, time.Now().Add(time.Hour))
	for _, c := range []struct {
		name            string
		stall           time.Duration // of a handshake
		every           int           // one handshake of so many stalls
		once            bool          // the server closes each connection after one answer
		delay           time.Duration // each way
		intent          time.Duration
		workers         int
		rate            float64
		least, requests int // sent per 10 s, once it has begun
	}{
		{"stalls", 4 * time.Second, 1, false, 10 * time.Millisecond, 0, 8, 10, 95, 200},
		{"stalls", 4 * time.Second, 1, false, 10 * time.Millisecond, 0, 64, 10, 95, 300},
		{"stalls, far", 4 * time.Second, 1, false, 300 * time.Millisecond, 0, 64, 10, 85, 300},
		{"some stall", 4 * time.Second, 3, false, 200 * time.Millisecond, 0, 64, 10, 90, 300},
		{"stalls, each", 4 * time.Second, 1, true, 10 * time.Millisecond, 0, 64, 10, 95, 300},
		{"short stalls, each", 150 * time.Millisecond, 1, true, 10 * time.Millisecond, 0, 8, 10, 95, 200},
		{"stalls and slow intents", 4 * time.Second, 1, false, 10 * time.Millisecond, 800 * time.Millisecond, 64, 10, 90, 300},
		{"slow intents", 0, 1, false, 10 * time.Millisecond, 2 * time.Second, 64, 10, 90, 300},
		{"slow", 4 * time.Second, 1, false, 10 * time.Millisecond, 0, 8, 0.5, 4, 20},
	} {
		t.Run(fmt.Sprintf("%s, %d workers", c.name, c.workers), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				network, got := fakenet.New(c.delay), new(arrivals)
				var mu sync.Mutex
				connections := 0
				config := &tls.Config{Certificates: []tls.Certificate{good}, GetConfigForClient: func(*tls.ClientHelloInfo) (*tls.Config, error) {
					mu.Lock()
					connections++
					stall := connections%c.every == 0
					mu.Unlock()
					if stall {
						time.Sleep(c.stall)
					}
					return nil, nil
				}}
				config.Time, config.SessionTicketsDisabled = time.Now, true
				server := &http.Server{ErrorLog: log.New(io.Discard, "", 0), Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					if c.once {
						w.Header().Set("Connection", "close")
					}
					wiretest.Create(w, r)
				})}
				go func() { _ = server.Serve(&stalling{network, config, got}) }()
				defer server.Close()
				trust := &tls.Config{RootCAs: roots, Time: func() time.Time { return time.Now().AddDate(26, 0, 0) }}
				trust.InsecureSkipVerify = true // the bubble's clock is before all certificates
				client := newTestClient(t, Config{BaseURL: "https://127.0.0.1:1/v1/partner", Rate: c.rate, Transport: &transport.Transport{Idle: c.workers, Dial: network.Dial, TLS: trust}})
				defer client.CloseIdleConnections()
				jobs := make(chan int)
				var wg sync.WaitGroup
				for range c.workers {
					wg.Go(func() {
						for range jobs {
							var asked time.Time
							_, err := client.CreateAccountUser(t.Context(), person, func() error {
								asked = time.Now()
								time.Sleep(c.intent)
								return nil
							})
							if took := time.Since(asked); err != nil || took > IntentTTL+time.Second {
								t.Errorf("%v, %v after the intent", err, took)
							}
						}
					})
				}
				began := time.Now()
				for i := range c.requests {
					jobs <- i
				}
				close(jobs)
				wg.Wait()
				took := time.Since(began)
				n := wiretest.MostPerSecond(got.at)
				t.Logf("%d requests over %d connections in %v, at most %d in a second", len(got.at), connections, took, n)
				if len(got.at) != c.requests || n > int(c.rate)+1 {
					t.Errorf("%d requests, %d in one second", len(got.at), n)
				}
				if rest := took - c.stall - c.intent - 4*c.delay; float64(c.requests-1)/rest.Seconds()*10 < float64(c.least) {
					t.Errorf("%d requests took %v", c.requests, took)
				}
			})
		})
	}
}
