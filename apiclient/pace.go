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
	overslept = time.Second // a sleep that is longer than it should be by this was the machine's own
)

// pacer hands out the slots in which requests may be sent. One caller at a time holds the turn and waits for the next
// slot; the others wait for the turn. So a lower rate or a pause reaches all of them.
type pacer struct {
	turn    chan struct{}
	limited atomic.Bool // false: there has been neither rate nor pause, and a slot is free at once
	meter   meter

	mu     sync.Mutex
	bucket *rate.Limiter
	search search
	until  time.Time // the end of the pause
	last   time.Time // the last throttling that counted
	streak int       // of these since the last success
}

func newPacer(ceiling float64, burst int) *pacer {
	p := &pacer{
		turn:   make(chan struct{}, 1),
		bucket: rate.NewLimiter(limit(ceiling), burst),
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

// slot waits until a request may be sent, and returns when that was. Only ctx ends the waiting.
func (p *pacer) slot(ctx context.Context) (time.Time, error) {
	if err := stopped(ctx); err != nil || !p.limited.Load() {
		return time.Now(), err
	}
	select {
	case p.turn <- struct{}{}:
		defer func() { <-p.turn }()
	case <-ctx.Done():
		return time.Time{}, stopped(ctx)
	}
	for {
		now := time.Now()
		wait := p.take(now)
		if wait == 0 {
			return now, nil
		}
		if err := sleep(ctx, wait); err != nil {
			return time.Time{}, err
		}
		if woke := time.Now(); woke.Sub(now) > wait+overslept {
			p.drain(woke)
		}
	}
}

// take takes the slot if there is one now; else it returns when to ask again.
func (p *pacer) take(now time.Time) time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	if pause := p.until.Sub(now); pause > 0 {
		return pause
	}
	if p.bucket.AllowN(now, 1) {
		return 0
	}
	missing := (1 - p.bucket.TokensAt(now)) / float64(p.bucket.Limit())
	return max(time.Duration(missing*float64(time.Second)), 1)
}

// drain leaves one slot in the bucket, so that the time till now gives no burst.
func (p *pacer) drain(now time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.drainAt(now)
}

func (p *pacer) drainAt(t time.Time) {
	if tokens := int(p.bucket.TokensAt(t)); p.bucket.Limit() != rate.Inf && tokens > 1 {
		p.bucket.AllowN(t, tokens-1)
	}
}

// throttled takes in that the tenant refused a request, whose slot was granted then, for being one too many. Requests
// that were under way when an earlier refusal came say nothing new, but for how long to wait.
func (p *pacer) throttled(granted, now time.Time, wait time.Duration, asked bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.limited.Store(true)
	news := granted.After(p.last)
	if news {
		p.last = now
		p.streak++
	}
	if !asked || wait == 0 {
		wait = 0
		if news {
			wait = throttleWait(p.streak)
		}
	}
	if news && p.search.lower(now, p.meter.rate(now)) {
		p.bucket.SetLimitAt(now, limit(p.search.rate))
	}
	p.pause(now, wait)
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
	p.drainAt(until)
}

// throttleWait returns how long to wait after so many throttlings in a row: from half of a bound that doubles.
func throttleWait(streak int) time.Duration {
	bound := lastWait
	if streak < 7 {
		bound = min(firstWait<<(streak-1), lastWait)
	}
	return bound/2 + rand.N(bound/2)
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
		p.bucket.SetLimitAt(now, limit(p.search.rate))
	}
}

// state returns the rate that holds, 0 for none, and the end of the pause.
func (p *pacer) state() (float64, time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.search.rate, p.until
}
