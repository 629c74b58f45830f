package apiclient

import (
	"context"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/time/rate"
)

const (
	maxRate   = 1e6                    // requests per second that can be told from no limit
	firstWait = 500 * time.Millisecond // at most, after a throttling that does not say how long; doubles each time
	lastWait  = 30 * time.Second
	maxDoubt  = 2           // throttlings in a row by which the wait grows, where it may be an outage
	overslept = time.Second // a sleep that is longer than it should be by this was the machine's own
)

// pacer hands out the slots in which requests may be sent. One caller at a time holds the turn and waits for the next
// slot; the others wait for the turn. So a lower rate or a pause reaches all of them.
//
// A machine wakes sleepers late. What one of a queue comes too late, up to one slot, those behind it may make up for;
// after idling, there is the burst and no more.
type pacer struct {
	turn    chan struct{}
	burst   int
	limited atomic.Bool // false: there has been neither rate nor pause, and a slot is free at once
	jitter  func() float64
	meter   meter

	mu     sync.Mutex
	bucket *rate.Limiter // one deeper than the burst
	search search
	until  time.Time // the end of the pause
	strict time.Time // the end of the part of it that holds for probes, too
	last   time.Time // the last throttling that counted
	streak int       // of these since the last success
}

func newPacer(ceiling float64, burst int) *pacer {
	p := &pacer{
		turn:   make(chan struct{}, 1),
		jitter: rand.Float64,
		burst:  burst,
		bucket: rate.NewLimiter(limit(ceiling), burst+1),
		search: search{ceiling: ceiling, rate: ceiling},
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

// slot waits until a request may be sent, and returns when that was. Only ctx ends the waiting. A probe does not queue
// up behind those who wait for the end of a pause that does not hold for it.
func (p *pacer) slot(ctx context.Context) (time.Time, error) {
	if err := stopped(ctx); err != nil || !p.limited.Load() {
		return time.Now(), err
	}
	probe := probing(ctx)
	if !probe {
		if err := p.myTurn(ctx); err != nil {
			return time.Time{}, err
		}
		defer func() { <-p.turn }()
	}
	for {
		now := time.Now()
		wait := p.take(now, probe)
		if wait == 0 {
			return now, nil
		}
		if err := sleep(ctx, wait); err != nil {
			return time.Time{}, err
		}
		if woke := time.Now(); woke.Sub(now) > wait+overslept {
			p.leave(woke, 1)
		}
	}
}

// myTurn waits for the turn. Who needs not wait may come after a time of idling.
func (p *pacer) myTurn(ctx context.Context) error {
	select {
	case p.turn <- struct{}{}:
		p.leave(time.Now(), p.burst)
		return nil
	default:
	}
	select {
	case p.turn <- struct{}{}:
		return nil
	case <-ctx.Done():
		return stopped(ctx)
	}
}

// probeKey is the context key of a probe.
type probeKey struct{}

// Probing returns a context for calls that find out whether the API is back. Their caller decides how often to make them.
// So what HTTP 503 says of one of them does not change the pace, and a pause for which an earlier 503 asked does not hold
// them up.
func Probing(ctx context.Context) context.Context { return context.WithValue(ctx, probeKey{}, true) }

func probing(ctx context.Context) bool { return ctx.Value(probeKey{}) != nil }

// missed reports whether a slot is so long ago that its request would go with the next ones: where what comes between
// slot and request holds several up, they would all be sent at once.
func (p *pacer) missed(granted time.Time) bool {
	if !p.limited.Load() {
		return false
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.search.rate == 0 {
		return false
	}
	return time.Since(granted) > max(time.Duration(float64(time.Second)/p.search.rate), 2*time.Millisecond)
}

// take takes the slot if there is one now; else it returns when to ask again.
func (p *pacer) take(now time.Time, probe bool) time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	until := p.until
	if probe {
		until = p.strict
	}
	if pause := until.Sub(now); pause > 0 {
		return pause
	}
	if p.bucket.AllowN(now, 1) {
		return 0
	}
	missing := (1 - p.bucket.TokensAt(now)) / float64(p.bucket.Limit())
	return max(time.Duration(missing*float64(time.Second)), 1)
}

// leave takes what is more than so many slots out of the bucket.
func (p *pacer) leave(now time.Time, slots int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.leaveLocked(now, slots)
}

func (p *pacer) leaveLocked(now time.Time, slots int) {
	t := p.bucketTime(now)
	if p.bucket.Limit() == rate.Inf {
		return
	}
	p.bucket.SetBurstAt(t, slots) // takes effect when the bucket is looked at next
	p.bucket.SetBurstAt(t, p.burst+1)
}

// throttled takes in that the tenant refused a request, whose slot was granted then, for being one too many. Requests
// that were under way when an earlier refusal came say nothing new, but for how long to wait.
func (p *pacer) throttled(granted, now time.Time, wait time.Duration, asked bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.strict = later(p.strict, now.Add(p.refused(granted, now, wait, asked)))
}

// unavailable takes in a refusal that may be the tenant's rate limit, and may be an outage. A limit lets something pass
// after the pause for which it asked. Where it does not, only a short pause follows, so that the caller soon sees enough
// failures to know it for an outage. The pause does not hold for probes.
func (p *pacer) unavailable(granted, now time.Time, wait time.Duration, asked bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if granted.After(p.last) && p.streak > 0 {
		p.streak, asked = min(p.streak, maxDoubt), false
	}
	p.refused(granted, now, wait, asked)
}

// refused returns how long the pause from now on is.
func (p *pacer) refused(granted, now time.Time, wait time.Duration, asked bool) time.Duration {
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
	if news && p.search.lower(now, p.meter.rate(now)) {
		p.bucket.SetLimitAt(p.bucketTime(now), limit(p.search.rate))
	}
	p.pause(now, wait)
	return wait
}

// pause stops all sending for the wait, and leaves no burst for the end of it.
func (p *pacer) pause(now time.Time, wait time.Duration) {
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
	p.leaveLocked(now, 1)
}

// bucketTime is the time at which the bucket may be changed: not before the end of a pause, up to which it was emptied.
func (p *pacer) bucketTime(now time.Time) time.Time {
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

// succeeded takes in that a request was answered and not throttled.
func (p *pacer) succeeded(granted, now time.Time) {
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
		p.bucket.SetLimitAt(p.bucketTime(now), limit(p.search.rate))
	}
}

// state returns the rate that holds, 0 for none, and the end of the pause.
func (p *pacer) state() (float64, time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.search.rate, p.until
}
