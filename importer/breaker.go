package importer

import (
	"context"
	"errors"
	"math/rand/v2"
	"sync/atomic"
	"time"

	"etelecom-import/apiclient"
	"etelecom-import/apiclient/message"
)

// breaker is the circuit breaker between the workers and an API that is down. While it is closed, all rows pass. After
// tripAfter failures in a row it opens, and nobody passes. One worker at a time then waits, probes with a read and, if that
// succeeds, carries out a single row: the breaker is half-open. If that row succeeds too, the breaker closes.
type breaker struct {
	probe     func(context.Context) error
	waiting   func(why string, until time.Time)
	jitter    func() float64
	maxOutage time.Duration // how long an outage may last, however many probes that are; 0: until --max-duration ends the context

	failures atomic.Int32 // in a row, while it is closed
	open     atomic.Bool
	halfOpen chan struct{} // holds one token: of the worker who waits, probes, and carries out a row

	// Of the holder of the token:
	since      time.Time // when the outage was noticed; zero: there is none
	tries      int       // failed probes and failed single rows in a row
	failedRows int       // the failed single rows among them
}

const (
	// tripAfter is how many failures in a row are an outage.
	tripAfter = 8
	// maxHalfOpenFailures is how many single rows in a row may fail while reads succeed, before the run gives up: each of them
	// may have taken effect.
	maxHalfOpenFailures = 5
	// defaultMaxOutage is how long a run without --max-duration waits for the API.
	defaultMaxOutage = 5 * time.Minute
	minBackoff       = time.Second
	maxBackoff       = 30 * time.Second
)

func newBreaker(maxOutage time.Duration, probe func(context.Context) error, waiting func(string, time.Time)) *breaker {
	return &breaker{probe: probe, waiting: waiting, maxOutage: maxOutage, jitter: rand.Float64, halfOpen: make(chan struct{}, 1)}
}

// errOutage says that the API was down for too long.
var errOutage = message.New("the API is not available")

// Allow lets one row pass: at once while the breaker is closed, else after the API has answered a probe. The caller must call
// done with how the row went.
func (b *breaker) Allow(ctx context.Context) (done func(ok bool), err error) {
	if !b.open.Load() {
		return b.record, nil
	}
	select {
	case b.halfOpen <- struct{}{}:
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
	if !b.open.Load() { // the worker who had the token has closed it
		<-b.halfOpen
		return b.record, nil
	}
	if err := b.awaitRecovery(ctx, b.probe); err != nil {
		<-b.halfOpen
		return nil, err
	}
	return b.recordHalfOpen, nil
}

// record counts the result of a row that passed while the breaker was closed. Such a row may end, and be counted, after the
// breaker has opened.
func (b *breaker) record(ok bool) {
	if ok {
		b.failures.Store(0)
		return
	}
	if b.failures.Add(1) == tripAfter {
		b.open.Store(true)
	}
}

// recordHalfOpen ends the single row of the holder of the token, and gives the token back.
func (b *breaker) recordHalfOpen(ok bool) {
	if ok {
		b.since, b.tries, b.failedRows = time.Time{}, 0, 0
		b.failures.Store(0)
		b.open.Store(false)
	} else {
		b.tries++
		b.failedRows++
	}
	<-b.halfOpen
}

// forget ends an outage of reads: an observation has succeeded. Nobody holds the token then.
func (b *breaker) forget() { b.since, b.tries = time.Time{}, 0 }

// awaitRecovery waits until the probe succeeds. It gives up when the outage lasts too long, or too many single rows have
// failed.
func (b *breaker) awaitRecovery(ctx context.Context, probe func(context.Context) error) error {
	if b.since.IsZero() {
		b.since = time.Now()
	}
	if b.failedRows >= maxHalfOpenFailures {
		return message.Errorf("%w: reads succeed, but %d writes in a row, sent one at a time, have failed", errOutage, b.failedRows)
	}
	defer b.waiting("", time.Time{}) // the probe is part of the waiting
	for {
		if err := b.pause(ctx); err != nil {
			return err
		}
		err := probe(apiclient.Probing(ctx)) // a few attempts, a few seconds apart
		down := unavailable(err) && !webPage(err)
		if err == nil || ctx.Err() != nil || !down {
			return err
		}
		b.tries++
		if b.maxOutage > 0 && time.Since(b.since) > b.maxOutage {
			return message.Errorf("%w: every attempt has failed for %v: %w", errOutage, b.maxOutage, err)
		}
	}
}

func (b *breaker) pause(ctx context.Context) error {
	d := backoff(b.tries, b.jitter())
	b.waiting(message.T("the API is not available; trying again"), time.Now().Add(d))
	return sleep(ctx, d)
}

// unavailable reports whether the network or the server are to blame for a failed call.
func unavailable(err error) bool {
	var api *apiclient.Error
	return errors.As(err, &api) && (api.Unavailable() || api.WebPage())
}

// webPage reports whether the API's address answers with a web page: no outage, but a captive portal or a wrong address.
func webPage(err error) bool {
	var api *apiclient.Error
	return errors.As(err, &api) && api.WebPage()
}

// backoff returns how long to wait after a number of failed tries: full jitter over a doubling span, with a floor.
func backoff(tries int, jitter float64) time.Duration {
	span := maxBackoff
	if tries < 5 {
		span = minBackoff << tries
	}
	return minBackoff/4 + time.Duration(jitter*float64(span))
}

// sleep waits for d or the end of the context, whose cause it returns.
func sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}
