package importer

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"etelecom-import/apiclient"
	"etelecom-import/apiclient/secret"
	"etelecom-import/apiclient/transport"
)

// api is an API that is up or down, and workers who send it rows through the breaker.
type api struct {
	up      atomic.Bool
	err     error // of a probe while it is down
	writes  bool  // writes fail though reads succeed
	probes  atomic.Int32
	probing atomic.Int32
	rows    atomic.Int32
	most    atomic.Int32 // probes at once
	told    atomic.Int32 // waiting times that were shown
}

// refusing is a network that gets no connection.
type refusing struct{}

func (refusing) RoundTrip(*http.Request) (*http.Response, error) {
	return nil, &transport.Unsent{Err: syscall.ECONNREFUSED}
}

// failure returns the error of a call that got through the network in this way.
func failure(t *testing.T, network http.RoundTripper) error {
	t.Helper()
	c, err := apiclient.New(apiclient.Config{BaseURL: "http://127.0.0.1/v1", Key: secret.New("key"), Timeout: time.Second, Transport: network})
	if err != nil {
		t.Fatal(err)
	}
	if _, err = c.CurrentAccount(context.Background()); err == nil {
		t.Fatal("it got through")
	}
	return err
}

func (a *api) probe(ctx context.Context) error {
	a.most.Store(max(a.most.Load(), a.probing.Add(1)))
	defer a.probing.Add(-1)
	a.probes.Add(1)
	if err := sleep(ctx, 100*time.Millisecond); err != nil {
		return err
	}
	if !a.up.Load() {
		return a.err
	}
	return nil
}

// work sends rows with several workers until each row got through, or the breaker gives up. It returns the first error.
func (a *api) work(ctx context.Context, br *breaker, workers, rows int) error {
	var g sync.WaitGroup
	var left atomic.Int32
	left.Store(int32(rows))
	errs := make(chan error, workers)
	for range workers {
		g.Go(func() {
			for left.Add(-1) >= 0 {
				for ok := false; !ok; {
					done, err := br.Allow(ctx)
					if err != nil {
						errs <- err
						return
					}
					a.rows.Add(1)
					time.Sleep(50 * time.Millisecond)
					ok = a.up.Load() && !a.writes
					done(ok)
				}
			}
		})
	}
	g.Wait()
	close(errs)
	return <-errs
}

// withBreaker runs f with an API and a breaker in a bubble.
func withBreaker(t *testing.T, maxOutage time.Duration, f func(t *testing.T, a *api, br *breaker)) {
	synctest.Test(t, func(t *testing.T) {
		a := &api{err: failure(t, refusing{})}
		a.up.Store(true)
		br := newBreaker(maxOutage, a.probe, func(why string, _ time.Time) {
			if why != "" {
				a.told.Add(1)
			}
		})
		f(t, a, br)
	})
}

func TestBreakerLetsAllThroughWhileAllIsWell(t *testing.T) {
	withBreaker(t, time.Minute, func(t *testing.T, a *api, br *breaker) {
		began := time.Now()
		if err := a.work(t.Context(), br, 8, 800); err != nil {
			t.Fatal(err)
		}
		if d := time.Since(began); d != 5*time.Second || a.probes.Load() != 0 {
			t.Errorf("took %v, %d probes", d, a.probes.Load())
		}
	})
}

func TestFewFailuresAreNoOutage(t *testing.T) {
	br := newBreaker(time.Minute, nil, nil)
	for range 10 {
		for range tripAfter - 1 {
			br.record(false)
		}
		br.record(true)
	}
	if br.open.Load() {
		t.Error("failures that are not in a row have tripped it")
	}
}

func TestOutageAndRecovery(t *testing.T) {
	withBreaker(t, defaultMaxOutage, func(t *testing.T, a *api, br *breaker) {
		a.up.Store(false)
		time.AfterFunc(2*time.Minute, func() { a.up.Store(true) })
		began := time.Now()
		if err := a.work(t.Context(), br, 8, 100); err != nil {
			t.Fatal(err)
		}
		if burnt := a.rows.Load() - 100; burnt > tripAfter+7 {
			t.Errorf("%d rows were sent in vain", burnt)
		}
		if a.most.Load() != 1 {
			t.Errorf("%d probes at once", a.most.Load())
		}
		if n := a.probes.Load(); n < 5 || n > 40 || a.told.Load() != n {
			t.Errorf("%d probes in 2 minutes, %d waiting times shown", n, a.told.Load())
		}
		if d := time.Since(began); d > 2*time.Minute+maxBackoff+5*time.Second {
			t.Errorf("through after %v", d)
		}
		if br.open.Load() || br.tries != 0 || !br.since.IsZero() {
			t.Error("the outage is over, and is still remembered")
		}
	})
}

func TestOutageThatLastsTooLong(t *testing.T) {
	withBreaker(t, defaultMaxOutage, func(t *testing.T, a *api, br *breaker) {
		a.up.Store(false)
		began := time.Now()
		ctx, cancel := context.WithCancelCause(t.Context())
		defer cancel(nil)
		err := a.work(ctx, br, 1, 10)
		if d := time.Since(began); !errors.Is(err, errOutage) || d < defaultMaxOutage || d > defaultMaxOutage+maxBackoff+5*time.Second {
			t.Errorf("after %v: %v", d, err)
		}
		if a.rows.Load() != tripAfter {
			t.Errorf("%d rows were sent", a.rows.Load())
		}
	})
}

// With a time limit, it is the limit that ends the waiting.
func TestOutageWithoutEnd(t *testing.T) {
	withBreaker(t, 0, func(t *testing.T, a *api, br *breaker) {
		a.up.Store(false)
		over := errors.New("the time limit is over")
		ctx, cancel := context.WithTimeoutCause(t.Context(), 3*time.Hour, over)
		defer cancel()
		began := time.Now()
		if err := a.work(ctx, br, 8, 10); !errors.Is(err, over) || time.Since(began) != 3*time.Hour {
			t.Errorf("after %v: %v", time.Since(began), err)
		}
	})
}

func TestReadsSucceedAndWritesFail(t *testing.T) {
	withBreaker(t, defaultMaxOutage, func(t *testing.T, a *api, br *breaker) {
		a.writes = true
		err := a.work(t.Context(), br, 1, 1000)
		if !errors.Is(err, errOutage) || !strings.Contains(err.Error(), "reads succeed") {
			t.Errorf("%v", err)
		}
		if n := a.rows.Load(); n > tripAfter+maxHalfOpenFailures {
			t.Errorf("%d rows were sent", n)
		}
	})
}

// An observation that succeeds ends an outage of reads; the next outage is a new one, however much later it comes.
func TestOutageThatAnObservationHasEnded(t *testing.T) {
	withBreaker(t, defaultMaxOutage, func(t *testing.T, a *api, br *breaker) {
		for range 3 {
			a.up.Store(false)
			time.AfterFunc(3*time.Second, func() { a.up.Store(true) })
			if err := br.awaitRecovery(t.Context(), a.probe); err != nil {
				t.Fatal(err)
			}
			br.forget()
			time.Sleep(4 * defaultMaxOutage)
		}
	})
}

// An answer that says something of the whole run ends the waiting at once; so does a web page in place of the API.
func TestProbeThatIsRefused(t *testing.T) {
	for status, want := range map[int]string{http.StatusUnauthorized: "key", http.StatusOK: "web page"} {
		withBreaker(t, defaultMaxOutage, func(t *testing.T, a *api, br *breaker) {
			a.up.Store(false)
			a.err = failure(t, page(status))
			began := time.Now()
			err := a.work(t.Context(), br, 1, 10)
			if !errors.Is(err, a.err) || errors.Is(err, errOutage) || time.Since(began) > 10*time.Second {
				t.Errorf("%s: after %v: %v", want, time.Since(began), err)
			}
		})
	}
}

// page answers with a web page.
type page int

func (p page) RoundTrip(req *http.Request) (*http.Response, error) {
	return &http.Response{
		StatusCode: int(p), Request: req, Header: http.Header{"Content-Type": {"text/html"}},
		Body: io.NopCloser(strings.NewReader("<html>Sign in</html>")),
	}, nil
}

func TestBackoff(t *testing.T) {
	for tries := range 70 {
		least, most := backoff(tries, 0), backoff(tries, 1)
		if least != minBackoff/4 || most > maxBackoff+minBackoff/4 || tries > 0 && most < backoff(tries-1, 1) {
			t.Errorf("after %d tries: %v to %v", tries, least, most)
		}
	}
}
