// Package pacer says when a request may be sent: it keeps a rate, finds out which rate the tenant allows, and pauses when
// the tenant asks for it.
package pacer

import (
	"context"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/time/rate"

	"etelecom-import/apiclient/wait"
)

// MaxRate is how many requests per second can be told from no limit.
const MaxRate = 1e6

const (
	firstWait = 500 * time.Millisecond // at most, after a throttling that does not say how long; doubles each time
	lastWait  = 30 * time.Second
	maxDoubt  = 2                     // throttlings in a row by which the wait grows and the rate falls, where it may be an outage
	overslept = 50 * time.Millisecond // by which a sleep may be too long and is made up for
)

// Pacer hands out the slots in which requests may be sent. A call passes two lanes. It enters by the first, then gets its
// connection and its intent ready, which can take long, and leaves by the second with its first byte. So calls get ready
// side by side, no more of them than the rate wants, and however many are ready at once, they are not sent at once.
type Pacer struct {
	entry, exit *lane
	burst       int
	limited     atomic.Bool  // false: there has been neither rate nor pause, and a slot is free at once
	ready       atomic.Int64 // calls that wait at the exit
	jitter      func() float64
	meter       meter

	mu     sync.Mutex // also of the lanes' buckets
	search search
	until  time.Time // the end of the pause
	strict time.Time // the end of the part of it that holds for probes, too
	last   time.Time // the last throttling that counted
	streak int       // of these since the last success
}

// lane is a queue before a bucket. One caller at a time holds the turn and waits for the next slot; the others wait for the
// turn. So a lower rate or a pause reaches all of them.
//
// A machine wakes sleepers late. What one of a queue comes too late, up to one slot, those behind it may make up for;
// after idling, there is the burst and no more.
type lane struct {
	turn   chan struct{}
	bucket *rate.Limiter // one deeper than the burst
}

// New returns a pacer of at most ceiling requests per second, 0 for no limit, with a burst of at least 1 after idling. jitter
// spreads the pauses, with numbers in [0, 1); nil: chance.
func New(ceiling float64, burst int, jitter func() float64) *Pacer {
	if jitter == nil {
		jitter = rand.Float64
	}
	p := &Pacer{
		jitter: jitter,
		burst:  burst,
		search: search{ceiling: ceiling, rate: ceiling},
	}
	for _, l := range []**lane{&p.entry, &p.exit} {
		*l = &lane{make(chan struct{}, 1), rate.NewLimiter(limit(ceiling), burst+1)}
	}
	p.limited.Store(ceiling > 0)
	return p
}

func limit(r float64) rate.Limit {
	if r == 0 {
		return rate.Inf
	}
	return rate.Limit(r)
}

// Enter waits until a call may get ready. Only ctx ends the waiting.
func (p *Pacer) Enter(ctx context.Context, probe bool) error {
	if err := wait.Err(ctx); err != nil || !p.limited.Load() {
		return err
	}
	_, _, err := p.pass(ctx, p.entry, probe, nil)
	return err
}

// Slot waits until a request may be sent, and returns when that was. It asks at that moment whether the request still can
// be; if not, it takes no slot. Only ctx ends the waiting.
func (p *Pacer) Slot(ctx context.Context, probe bool, usable func() bool) (at time.Time, ok bool, err error) {
	if err := wait.Err(ctx); err != nil || !p.limited.Load() {
		return time.Now(), err == nil && (usable == nil || usable()), err
	}
	p.ready.Add(1)
	defer p.ready.Add(-1)
	return p.pass(ctx, p.exit, probe, usable)
}

// pass waits for a slot of the lane. A probe does not queue up behind those who wait for the end of a pause that does not
// hold for it.
func (p *Pacer) pass(ctx context.Context, l *lane, probe bool, usable func() bool) (at time.Time, ok bool, err error) {
	if !probe {
		if err := p.myTurn(ctx, l); err != nil {
			return time.Time{}, false, err
		}
		defer func() { <-l.turn }()
	}
	for {
		now := time.Now()
		left := p.due(l, now, probe)
		if left == 0 {
			if usable != nil && !usable() {
				return now, false, nil
			}
			if p.take(l, now) {
				return now, true, nil
			}
			continue // a probe was faster
		}
		if err := wait.For(ctx, left); err != nil {
			return time.Time{}, false, err
		}
		if woke := time.Now(); woke.Sub(now) > left+overslept {
			p.leave(l, woke, 1)
		}
	}
}

// myTurn waits for the turn. Who needs not wait may come after a time of idling.
func (p *Pacer) myTurn(ctx context.Context, l *lane) error {
	select {
	case l.turn <- struct{}{}:
		p.leave(l, time.Now(), p.burst)
		return nil
	default:
	}
	select {
	case l.turn <- struct{}{}:
		return nil
	case <-ctx.Done():
		return wait.Err(ctx)
	}
}

// due returns how long it is until there may be a slot; 0: there is one now. Nobody enters while so many are ready that
// they will take a second to leave: their connections and intents would grow old.
func (p *Pacer) due(l *lane, now time.Time, probe bool) time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	until := p.until
	if probe {
		until = p.strict
	}
	if pause := until.Sub(now); pause > 0 {
		return pause
	}
	perSecond := float64(l.bucket.Limit())
	if l == p.entry && float64(p.ready.Load()) > max(perSecond, 1) {
		return max(time.Duration(float64(time.Second)/perSecond), time.Millisecond)
	}
	missing := (1 - l.bucket.TokensAt(now)) / perSecond
	if missing <= 0 {
		return 0
	}
	return max(time.Duration(missing*float64(time.Second)), 1)
}

// take takes the slot if there still is one.
func (p *Pacer) take(l *lane, now time.Time) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return l.bucket.AllowN(now, 1)
}

// leave takes what is more than so many slots out of the lane's bucket.
func (p *Pacer) leave(l *lane, now time.Time, slots int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.leaveLocked(l, now, slots)
}

func (p *Pacer) leaveLocked(l *lane, now time.Time, slots int) {
	t := p.bucketTime(now)
	if l.bucket.Limit() == rate.Inf {
		return
	}
	l.bucket.SetBurstAt(t, slots) // takes effect when the bucket is looked at next
	l.bucket.SetBurstAt(t, p.burst+1)
}

// setRate makes the rate of the search that of both lanes.
func (p *Pacer) setRate(now time.Time) {
	p.entry.bucket.SetLimitAt(p.bucketTime(now), limit(p.search.rate))
	p.exit.bucket.SetLimitAt(p.bucketTime(now), limit(p.search.rate))
}

// Throttled takes in that the tenant refused a request, whose slot was granted then, for being one too many. Requests
// that were under way when an earlier refusal came say nothing new, but for how long to wait.
func (p *Pacer) Throttled(granted, now time.Time, wait time.Duration, asked bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if strict := now.Add(p.refused(granted, now, wait, asked, true)); strict.After(p.strict) {
		p.strict = strict
	}
}

// Unavailable takes in a refusal that may be the tenant's rate limit, and may be an outage. A limit lets something pass
// after the pause for which it asked. Where it does not, only a short pause follows, so that the caller soon sees enough
// failures to know it for an outage. The pause does not hold for probes.
func (p *Pacer) Unavailable(granted, now time.Time, wait time.Duration, asked bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	limit := p.streak < maxDoubt
	if granted.After(p.last) && p.streak > 0 {
		p.streak, asked = min(p.streak, maxDoubt-1), false // it is counted once more
	}
	p.refused(granted, now, wait, asked, limit)
}

// refused returns how long the pause from now on is. A refusal that tells of a limit lowers the rate, too.
func (p *Pacer) refused(granted, now time.Time, wait time.Duration, asked, limit bool) time.Duration {
	p.limited.Store(true)
	news := granted.After(p.last)
	if news {
		p.last = now
		p.streak++
	}
	if !asked || wait == 0 {
		wait = 0
		if news {
			wait = throttleWait(p.streak, p.jitter())
		}
	}
	if news && limit && p.search.lower(now, p.meter.rate(now)) {
		p.setRate(now)
	}
	p.pause(now, wait)
	return wait
}

// pause stops all sending for the wait, and leaves no burst for the end of it.
func (p *Pacer) pause(now time.Time, wait time.Duration) {
	until := now.Add(wait)
	if !until.After(p.until) {
		return
	}
	from := now
	if p.until.After(now) {
		from = p.until
	}
	p.search.idle(until.Sub(from))
	p.meter.idle(until.Sub(from))
	p.until = until
	p.leaveLocked(p.entry, now, 1)
	p.leaveLocked(p.exit, now, 1)
}

// bucketTime is the time at which the bucket may be changed: not before the end of a pause, up to which it was emptied.
func (p *Pacer) bucketTime(now time.Time) time.Time {
	if now.Before(p.until) {
		return p.until
	}
	return now
}

// throttleWait returns how long to wait after so many throttlings in a row: between half and all of a bound that
// doubles, as the jitter in [0, 1) wants.
func throttleWait(streak int, jitter float64) time.Duration {
	bound := lastWait
	if streak < 7 {
		bound = min(firstWait<<(streak-1), lastWait)
	}
	return bound/2 + time.Duration(jitter*float64(bound/2))
}

// Succeeded takes in that a request was answered and not throttled.
func (p *Pacer) Succeeded(granted, now time.Time) {
	p.meter.count(now)
	if !p.limited.Load() {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.search.rate == p.search.ceiling {
		return
	}
	if granted.After(p.last) {
		p.streak = 0
	}
	if p.search.raise(now, p.meter.rate(now)) {
		p.setRate(now)
	}
}

// State returns the rate that holds, 0 for none, and the end of the pause.
func (p *Pacer) State() (float64, time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.search.rate, p.until
}
