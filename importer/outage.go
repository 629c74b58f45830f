package importer

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync/atomic"
	"time"

	"etelecom-import/apiclient"
)

// outage is the breaker between the workers and an API that is down. After several failures in a row nobody passes; one
// worker at a time waits, probes with a read, and when the read succeeds carries out a single row. If that goes well too,
// all go on.
type outage struct {
	probe    func(context.Context) error
	waiting  func(why string, until time.Time)
	jitter   func() float64
	patience time.Duration // how long an outage may last; 0: as long as the context does

	failures atomic.Int32
	down     atomic.Bool
	turn     chan struct{} // the one worker who waits and probes holds it

	// Of the holder of the turn:
	since time.Time
	tries int // failed probes and failed single rows in a row
	rows  int // the failed single rows among them
}

const (
	// tripAfter is how many failures in a row are an outage.
	tripAfter = 8
	// trialRows is how many rows in a row may fail while reads succeed, before the run gives up: each of them may have
	// taken effect.
	trialRows = 5
	// outagePatience is how long a run without a time box waits for the API.
	outagePatience = 5 * time.Minute
	minBackoff     = time.Second
	maxBackoff     = 30 * time.Second
)

func newOutage(patience time.Duration, probe func(context.Context) error, waiting func(string, time.Time)) *outage {
	return &outage{probe: probe, waiting: waiting, patience: patience, jitter: rand.Float64, turn: make(chan struct{}, 1)}
}

// errOutage says that the API was down for too long.
var errOutage = errors.New("the API is not available")

// enter lets one row pass, at once as long as all is well. The caller must report how the row went.
func (o *outage) enter(ctx context.Context) (report func(ok bool), err error) {
	if !o.down.Load() {
		return o.note, nil
	}
	select {
	case o.turn <- struct{}{}:
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
	if !o.down.Load() {
		<-o.turn
		return o.note, nil
	}
	if err := o.recover(ctx, o.probe); err != nil {
		<-o.turn
		return nil, err
	}
	return o.trial, nil
}

func (o *outage) note(ok bool) {
	if ok {
		o.failures.Store(0)
		return
	}
	if o.failures.Add(1) == tripAfter {
		o.down.Store(true)
	}
}

// trial ends the single row of the holder of the turn.
func (o *outage) trial(ok bool) {
	if ok {
		o.since, o.tries, o.rows = time.Time{}, 0, 0
		o.failures.Store(0)
		o.down.Store(false)
	} else {
		o.tries++
		o.rows++
	}
	<-o.turn
}

// ended forgets an outage that a look at the tenant has got past.
func (o *outage) ended() { o.since, o.tries = time.Time{}, 0 }

// recover waits until the probe succeeds. It gives up when the outage, or the row of failed trials, is too long.
func (o *outage) recover(ctx context.Context, probe func(context.Context) error) error {
	if o.since.IsZero() {
		o.since = time.Now()
	}
	if o.rows >= trialRows {
		return fmt.Errorf("%w: reads succeed, but %d writes in a row, sent one at a time, have failed", errOutage, o.rows)
	}
	defer o.waiting("", time.Time{}) // the probe is part of the waiting
	for {
		if err := o.pause(ctx); err != nil {
			return err
		}
		err := probe(apiclient.Probing(ctx)) // what was just waited is all the waiting there is
		if err == nil || ctx.Err() != nil || !unavailable(err) || webPage(err) {
			return err
		}
		o.tries++
		if o.patience > 0 && time.Since(o.since) > o.patience {
			return fmt.Errorf("%w: nothing but failures for %v: %w", errOutage, o.patience, err)
		}
	}
}

// webPage reports whether the API's address answers with a web page: no outage, but a captive portal or a wrong address.
func webPage(err error) bool {
	var api *apiclient.Error
	return errors.As(err, &api) && api.WebPage()
}

func (o *outage) pause(ctx context.Context) error {
	d := backoff(o.tries, o.jitter())
	o.waiting("the API is not available; trying again", time.Now().Add(d))
	return sleep(ctx, d)
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
