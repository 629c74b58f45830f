package apiclient

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"
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

// A tenant that allows 40 requests per second, whatever burst it allows and however it asks to wait: 1,200 rows use 85 %
// of that, and 3 % of the requests are one too many.
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

func ok(*http.Request, string) *http.Response { return say(200, `{"updated":1}`) }

// most returns how many of the arrivals fall into one window of a second.
func most(arrivals []time.Time) (n int) {
	slices.SortFunc(arrivals, time.Time.Compare)
	for i, from := 0, 0; i < len(arrivals); i++ {
		for arrivals[i].Sub(arrivals[from]) > time.Second {
			from++
		}
		n = max(n, i-from+1)
	}
	return n
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
			if got := most(w.arrivals); float64(got) > c.rate+float64(c.burst)+1 {
				t.Errorf("%+v: %d in one second", c, got)
			}
			if use := float64(n-c.burst) / (took - c.latency).Seconds() / c.rate; use < 0.98 {
				t.Errorf("%+v: %.3f used", c, use)
			}
		})
	}
}

// The rate comes back to the ceiling, also to none.
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

// Intents that wait for the same fsync are ready all at once; their requests are not sent so.
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
		if got := most(w.arrivals); len(w.arrivals) != 24 || got > 10+1+1 {
			t.Errorf("%d requests, %d in one second", len(w.arrivals), got)
		}
		for i := range w.arrivals[2:] { // a slot that is just not missed may go with the next
			if gap := w.arrivals[i+2].Sub(w.arrivals[i]); gap < 90*time.Millisecond {
				t.Errorf("requests %d to %d within %v", i, i+2, gap)
			}
		}
	})
}

// A 503 may be a limit: it lowers the pace, and what it did stays unknown. That of a closed account is none, and that to a
// probe changes nothing.
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
			// The pause holds for all but probes.
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
