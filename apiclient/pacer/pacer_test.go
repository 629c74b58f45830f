package pacer

import (
	"context"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"

	"etelecom-import/apiclient/wiretest"
)

// No second has more requests than the rate and the burst, whatever the callers do.
func TestRateHoldsForAll(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		limit := rapid.Float64Range(0.3, 300).Draw(r, "rate")
		burst := rapid.IntRange(1, 20).Draw(r, "burst")
		pauses := rapid.SliceOfN(rapid.IntRange(0, 3000), 1, 60).Draw(r, "pauses in ms")
		synctest.Test(t, func(t *testing.T) {
			p := New(limit, burst, nil)
			var got []time.Time
			for i, ms := range pauses {
				if i%3 == 0 {
					time.Sleep(time.Duration(ms) * time.Millisecond)
				}
				if ms%17 == 0 {
					p.Throttled(time.Now(), time.Now(), time.Duration(ms)*time.Millisecond, true)
				}
				at, _, err := p.Slot(t.Context(), false, nil)
				if err != nil {
					t.Fatal(err)
				}
				got = append(got, at)
				p.Succeeded(at, time.Now())
			}
			if n := wiretest.MostPerSecond(got); float64(n) > limit+float64(burst)+1 {
				t.Errorf("%d in one second", n)
			}
		})
	})
}

func slots(t *testing.T, p *Pacer, n int) (at []time.Duration) {
	start := time.Now()
	for range n {
		if _, _, err := p.Slot(t.Context(), false, nil); err != nil {
			t.Fatal(err)
		}
		at = append(at, time.Since(start).Round(time.Microsecond))
	}
	return at
}

func TestSlots(t *testing.T) {
	const ms = time.Millisecond
	synctest.Test(t, func(t *testing.T) {
		p := New(10, 3, nil)
		if got, want := slots(t, p, 6), []time.Duration{0, 0, 0, 100 * ms, 200 * ms, 300 * ms}; !slices.Equal(got, want) {
			t.Errorf("a full bucket: %v", got)
		}
		time.Sleep(250 * ms)
		if got, want := slots(t, p, 4), []time.Duration{0, 0, 50 * ms, 150 * ms}; !slices.Equal(got, want) {
			t.Errorf("after 250 ms: %v", got)
		}
		time.Sleep(130 * ms)
		if got, want := slots(t, p, 2), []time.Duration{0, 70 * ms}; !slices.Equal(got, want) {
			t.Errorf("after 130 ms: %v", got)
		}
		time.Sleep(time.Hour)
		if got, want := slots(t, p, 4), []time.Duration{0, 0, 0, 100 * ms}; !slices.Equal(got, want) {
			t.Errorf("after an hour: %v", got)
		}
		// No slots add up in a pause, and the rate is lower after it.
		time.Sleep(time.Hour)
		p.Throttled(time.Now(), time.Now(), 7*time.Second, true)
		rate, until := p.State()
		if rate != 5 || time.Until(until) != 7*time.Second {
			t.Errorf("rate %v, paused for %v", rate, time.Until(until))
		}
		if got, want := slots(t, p, 3), []time.Duration{7000 * ms, 7200 * ms, 7400 * ms}; !slices.Equal(got, want) {
			t.Errorf("after the pause: %v", got)
		}
	})
}

// A pause and a lower rate hold for callers who are waiting already.
func TestPauseReachesWaiters(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := New(10, 1, nil)
		slots(t, p, 1)
		start := time.Now()
		got := make([]time.Duration, 3)
		var wg sync.WaitGroup
		for i := range got {
			wg.Go(func() {
				at, _, _ := p.Slot(t.Context(), false, nil)
				got[i] = at.Sub(start).Round(time.Microsecond)
			})
		}
		time.Sleep(50 * time.Millisecond)
		p.Throttled(time.Now(), time.Now(), 2*time.Second, true)
		wg.Wait()
		slices.Sort(got)
		const ms = time.Millisecond
		if want := []time.Duration{2050 * ms, 2250 * ms, 2450 * ms}; !slices.Equal(got, want) {
			t.Errorf("slots at %v, want %v", got, want)
		}
	})
}

func TestSlotEndsWithContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := New(0, 1, nil)
		p.Throttled(time.Now(), time.Now(), time.Minute, true)
		start := time.Now()
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		var wg sync.WaitGroup
		for range 3 { // one has the turn, two wait for it
			wg.Go(func() {
				if _, _, err := p.Slot(ctx, false, nil); err == nil || time.Since(start) != time.Second {
					t.Errorf("%v after %v", err, time.Since(start))
				}
			})
		}
		wg.Wait()
		if got := slots(t, p, 1); got[0] < 59*time.Second {
			t.Errorf("the pause ended after %v", got)
		}
	})
}

// If the tenant asks for no wait, the pause grows with each throttling in a row. Requests that were under way together count
// once.
func TestBackoff(t *testing.T) {
	for streak := 1; streak < 100; streak++ {
		bound := 30 * time.Second
		if streak < 7 {
			bound = min(bound, 500*time.Millisecond<<(streak-1))
		}
		if got := backoff(streak, rand.Float64()); got < bound/2 || got >= bound {
			t.Errorf("%d: %v, want %v to %v", streak, got, bound/2, bound)
		}
	}
	synctest.Test(t, func(t *testing.T) {
		p := New(100, 1, nil)
		granted := time.Now()
		time.Sleep(time.Millisecond)
		for range 50 {
			p.Throttled(granted, time.Now(), 0, false)
		}
		rate, until := p.State()
		if time.Until(until) >= 500*time.Millisecond || rate != 50 {
			t.Errorf("50 refusals at once: rate %v, paused for %v", rate, time.Until(until))
		}
	})
}

func BenchmarkSlot(b *testing.B) {
	p := New(0, 1, nil)
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			at, _, _ := p.Slot(b.Context(), false, nil)
			p.Succeeded(at, at)
		}
	})
}
