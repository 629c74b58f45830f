// Package pacer says when a request may be sent. It keeps a rate below a ceiling, finds out which rate the tenant allows, and
// pauses when the tenant asks for it.
//
// A call passes it twice. [Pacer.Enter] lets the call begin to get its connection and its intent ready, which can take long.
// [Pacer.Slot] lets it send its first byte. So calls get ready side by side, no more of them than the rate needs, and
// however many are ready at once, they are not sent at once.
//
// The caller reports how the tenant answered each request: [Pacer.Succeeded], [Pacer.Throttled] or [Pacer.MaybeThrottled].
// Throttled requests lower the rate and start a pause; requests that succeed raise the rate again, up to the ceiling.
//
// Which answers slow it down is decided in one place, reportToPacer in apiclient/call.go: HTTP 429 and the code
// resource_exhausted are Throttled; HTTP 503 is MaybeThrottled, unless it says that the account is closed or answers a probe. No
// other answer or failure lowers the rate.
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

// MaxRate is the highest ceiling that makes sense, in requests per second.
const MaxRate = 1e6

const (
	minBackoff = 500 * time.Millisecond // the longest first pause if the tenant asks for none; it doubles each time
	maxBackoff = 30 * time.Second
	maxDoubt   = 2                     // so many refusals in a row lower the rate although they may be an outage
	sleepSlack = 50 * time.Millisecond // how late a timer may fire and the callers behind still make up for it
)

// Pacer hands out slots. It is safe for concurrent use.
type Pacer struct {
	entry, exit *lane
	burst       int
	limited     atomic.Bool  // false: there has been neither rate nor pause, and all slots are free at once
	ready       atomic.Int64 // calls that wait at the exit
	jitter      func() float64
	meter       meter

	mu            sync.Mutex // also of the lanes' buckets
	controller    controller
	pausedUntil   time.Time
	strictUntil   time.Time // the end of the part of the pause that probes keep, too
	lastThrottled time.Time // of those that counted
	streak        int       // throttlings in a row that counted
}

// lane is a queue in front of a token bucket. The one that has the turn waits for the next token, and the others wait for the
// turn. So a lower rate or a new pause reaches all of them.
//
// Timers fire late. A caller that wakes up to sleepSlack late leaves the tokens that have come meanwhile to those behind it,
// so that the average rate holds. After idle time only the burst is there.
type lane struct {
	turn   chan struct{}
	bucket *rate.Limiter // for one token more than the burst: the one that came while the timer was late
}

// New returns a pacer of at most ceiling requests per second; 0: no limit. After idling, burst requests, at least 1, may go at
// once. jitter spreads the pauses, with numbers in [0, 1); nil: chance.
func New(ceiling float64, burst int, jitter func() float64) *Pacer {
	if jitter == nil {
		jitter = rand.Float64
	}
	p := &Pacer{
		jitter:     jitter,
		burst:      burst,
		controller: controller{ceiling: ceiling, rate: ceiling},
	}
	for _, l := range []**lane{&p.entry, &p.exit} {
		*l = &lane{make(chan struct{}, 1), rate.NewLimiter(limit(ceiling), burst+1)}
	}
	p.limited.Store(ceiling > 0)
	return p
}

// limit returns a rate as the bucket has it.
func limit(r float64) rate.Limit {
	if r == 0 {
		return rate.Inf
	}
	return rate.Limit(r)
}

// Enter waits until a call may get ready. Its error is that of ctx. A probe finds out whether an outage is over: the pauses
// that [Pacer.MaybeThrottled] starts do not hold for it.
func (p *Pacer) Enter(ctx context.Context, probe bool) error {
	if err := wait.Err(ctx); err != nil || !p.limited.Load() {
		return err
	}
	_, _, err := p.pass(ctx, p.entry, probe, nil)
	return err
}

// Slot waits until a request may be sent, and returns that time. At that moment it calls usable, which may be nil and says
// whether the request can still be sent. If not, ok is false, and the slot is left to others. The error is that of ctx.
func (p *Pacer) Slot(ctx context.Context, probe bool, usable func() bool) (at time.Time, ok bool, err error) {
	if err := wait.Err(ctx); err != nil || !p.limited.Load() {
		return time.Now(), err == nil && (usable == nil || usable()), err
	}
	p.ready.Add(1)
	defer p.ready.Add(-1)
	return p.pass(ctx, p.exit, probe, usable)
}

// pass waits for a token of a lane.
func (p *Pacer) pass(ctx context.Context, l *lane, probe bool, usable func() bool) (at time.Time, ok bool, err error) {
	if !probe { // a probe would wait behind those whose pause does not hold for it
		if err := p.acquire(ctx, l); err != nil {
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
		if woke := time.Now(); woke.Sub(now) > left+sleepSlack { // the machine was asleep, too busy or stopped
			p.drain(l, woke, 1)
		}
	}
}

// acquire waits for the turn.
func (p *Pacer) acquire(ctx context.Context, l *lane) error {
	select {
	case l.turn <- struct{}{}:
		// Nobody waited here, so the lane may have been idle: the bucket can be fuller than the burst.
		p.drain(l, time.Now(), p.burst)
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

// due returns how long it is until there may be a token; 0: there is one now.
func (p *Pacer) due(l *lane, now time.Time, probe bool) time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	until := p.pausedUntil
	if probe {
		until = p.strictUntil
	}
	if pause := until.Sub(now); pause > 0 {
		return pause
	}
	perSecond := float64(l.bucket.Limit())
	// Those who are ready will take more than a second to leave. The connection and the intent of one more would grow old.
	if l == p.entry && float64(p.ready.Load()) > max(perSecond, 1) {
		return max(time.Duration(float64(time.Second)/perSecond), time.Millisecond)
	}
	missing := (1 - l.bucket.TokensAt(now)) / perSecond
	if missing <= 0 {
		return 0
	}
	return max(time.Duration(missing*float64(time.Second)), 1)
}

// take takes a token of a lane if there still is one.
func (p *Pacer) take(l *lane, now time.Time) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return l.bucket.AllowN(now, 1)
}

// drain leaves at most n tokens in the bucket of a lane.
func (p *Pacer) drain(l *lane, now time.Time, n int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.drainLocked(l, now, n)
}

func (p *Pacer) drainLocked(l *lane, now time.Time, n int) {
	if l.bucket.Limit() == rate.Inf {
		return
	}
	// The limiter has no method for this. With a smaller burst it forgets the tokens that are too many.
	t := p.notBefore(now)
	l.bucket.SetBurstAt(t, n)
	l.bucket.SetBurstAt(t, p.burst+1)
}

// notBefore returns the time at which a bucket may be changed: now, or the end of a pause, up to which the bucket was drained.
// An earlier time would fill it again.
func (p *Pacer) notBefore(now time.Time) time.Time {
	if now.Before(p.pausedUntil) {
		return p.pausedUntil
	}
	return now
}

// setRate makes the rate of the controller that of both lanes.
func (p *Pacer) setRate(now time.Time) {
	p.entry.bucket.SetLimitAt(p.notBefore(now), limit(p.controller.rate))
	p.exit.bucket.SetLimitAt(p.notBefore(now), limit(p.controller.rate))
}

// Throttled records that the tenant has refused a request for being one too many. The request got its slot at granted. wait is
// how long the tenant asked to wait, and asked whether it did. The pause holds for probes, too.
func (p *Pacer) Throttled(granted, now time.Time, wait time.Duration, asked bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if strict := now.Add(p.slowDown(granted, now, wait, asked, true)); strict.After(p.strictUntil) {
		p.strictUntil = strict
	}
}

// MaybeThrottled records a refusal that may come from the tenant's rate limit or from an outage. The arguments are those of
// Throttled. The pause does not hold for probes.
//
// A rate limit lets something pass after the pause for which it asked. So the first refusal is treated as in Throttled. If a
// request that was sent after it is refused as well, and nothing has succeeded in between, this looks like an outage. From then
// on all pauses are short, whatever the answers ask for, and after maxDoubt refusals in a row the rate stays as it is. So the
// caller soon sees enough failures to stop.
func (p *Pacer) MaybeThrottled(granted, now time.Time, wait time.Duration, asked bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	mayBeLimit := p.streak < maxDoubt
	if granted.After(p.lastThrottled) && p.streak > 0 { // it looks like an outage
		asked = false                        // the length of the pause comes from the streak
		p.streak = min(p.streak, maxDoubt-1) // slowDown adds this refusal: a streak of maxDoubt at most makes a short pause
	}
	p.slowDown(granted, now, wait, asked, mayBeLimit)
}

// slowDown starts a pause and returns its length from now on. If the refusal comes from a rate limit, it lowers the rate, too.
func (p *Pacer) slowDown(granted, now time.Time, wait time.Duration, asked, throttled bool) time.Duration {
	p.limited.Store(true)
	// A request that was under way at the last refusal was sent at the old rate. It says nothing new, but for the wait.
	isNew := granted.After(p.lastThrottled)
	if isNew {
		p.lastThrottled = now
		p.streak++
	}
	if !asked || wait == 0 {
		wait = 0
		if isNew {
			wait = backoff(p.streak, p.jitter())
		}
	}
	if isNew && throttled && p.controller.onThrottle(now, p.meter.rate(now)) {
		p.setRate(now)
	}
	p.pause(now, wait)
	return wait
}

// pause stops all sending for a while. It does not shorten a pause.
func (p *Pacer) pause(now time.Time, wait time.Duration) {
	until := now.Add(wait)
	if !until.After(p.pausedUntil) {
		return
	}
	from := now
	if p.pausedUntil.After(now) { // the time up to there is part of the pause already
		from = p.pausedUntil
	}
	p.controller.idle(until.Sub(from))
	p.meter.idle(until.Sub(from))
	p.pausedUntil = until
	// All workers are waiting at the end of the pause. A burst would go out at once.
	p.drainLocked(p.entry, now, 1)
	p.drainLocked(p.exit, now, 1)
}

// backoff returns the pause after so many throttlings in a row: between half and all of a bound that doubles, by the jitter in
// [0, 1).
func backoff(streak int, jitter float64) time.Duration {
	bound := maxBackoff
	if streak < 7 {
		bound = min(minBackoff<<(streak-1), maxBackoff)
	}
	return bound/2 + time.Duration(jitter*float64(bound/2))
}

// Succeeded records that a request was answered and not throttled. The request got its slot at granted.
func (p *Pacer) Succeeded(granted, now time.Time) {
	p.meter.count(now)
	if !p.limited.Load() {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.controller.rate == p.controller.ceiling {
		return
	}
	if granted.After(p.lastThrottled) {
		p.streak = 0
	}
	if p.controller.onSuccess(now, p.meter.rate(now)) {
		p.setRate(now)
	}
}

// State returns the current rate in requests per second, 0 for no limit, and the end of the pause, which may be in the past.
func (p *Pacer) State() (rate float64, pausedUntil time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.controller.rate, p.pausedUntil
}
