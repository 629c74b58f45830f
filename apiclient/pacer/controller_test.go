package pacer

import (
	"math"
	"testing"
	"time"
)

// climb reports a success every 10 ms for so long, and returns the time after that.
func climb(c *controller, now time.Time, d time.Duration) time.Time {
	for end := now.Add(d); now.Before(end); {
		now = now.Add(10 * time.Millisecond)
		c.onSuccess(now, c.rate)
	}
	return now
}

func near(got, want float64) bool { return math.Abs(got-want) < 0.02*want }

// The first cuts halve the rate, and until the limit is known it doubles every three seconds.
func TestControllerBeforeTheLimitIsKnown(t *testing.T) {
	for _, c := range []struct {
		ceiling, measured, first float64
	}{
		{0, 10, 20},    // there was no rate: half of the least to begin with
		{0, 600, 300},  // half of what was answered
		{10, 10, 5},    // half of the ceiling
		{200, 10, 25},  // a ceiling that was not in use: half of a quarter
		{0.3, 0.3, .2}, // not below the least rate
	} {
		s := controller{ceiling: c.ceiling, rate: c.ceiling}
		now := time.Unix(1, 0)
		if !s.onThrottle(now, c.measured) || !near(s.rate, c.first) {
			t.Errorf("%+v: cut to %v", c, s.rate)
		}
		if s.onThrottle(now.Add(minCutGap-1), c.measured) {
			t.Errorf("%+v: cut twice within %v", c, minCutGap)
		}
		want := 2 * s.rate
		if c.ceiling > 0 {
			want = min(want, c.ceiling)
		}
		if climb(&s, now, doublingTime); !near(s.rate, want) {
			t.Errorf("%+v: %v after %v, want %v", c, s.rate, doublingTime, want)
		}
	}
}

// Once a stable rate was throttled, the rate returns to a plateau below it in 20 s, and goes beyond it after 40 s.
func TestControllerNearTheLimit(t *testing.T) {
	s := controller{rate: 50}
	now := time.Unix(1, 0)
	s.onThrottle(now, 50)
	now = climb(&s, now, 2*doublingTime) // to 100
	limit := s.rate
	if s.onThrottle(now, limit); !near(s.rate, afterCut*limit) {
		t.Errorf("cut from %v to %v", limit, s.rate)
	}
	if now = climb(&s, now, toPlateau); !near(s.rate, plateau*limit) || s.rate > limit {
		t.Errorf("on the plateau below %v: %v", limit, s.rate)
	}
	if now = climb(&s, now, toPlateau); s.rate <= limit || s.rate > 1.05*limit {
		t.Errorf("in search of a limit above %v: %v", limit, s.rate)
	}
	// The tenant allows less than before: one cut too early is a fifth, and three show that the limit is not known.
	for i, want := range []float64{afterCut, 0.8, 0.8, 0.5} {
		before := s.rate
		s.onThrottle(now, before)
		if s.lastCut = now.Add(-stableAfter + 1); !near(s.rate, want*before) {
			t.Errorf("cut %d: from %v to %v, want %v of it", i, before, s.rate, want)
		}
		s.lastCutReal = now.Add(-minCutGap)
	}
}

// A rate that is not in use is not raised, and time without requests does not count.
func TestControllerRaisesWhatIsInUse(t *testing.T) {
	s := controller{ceiling: 100, rate: 100}
	now := time.Unix(1, 0)
	s.onThrottle(now, 100)
	if s.onSuccess(now.Add(time.Second), 10) || s.rate != 50 {
		t.Errorf("raised to %v, with 10 a second in use", s.rate)
	}
	if !s.onSuccess(now.Add(time.Hour), 50) || !near(s.rate, 50*math.Exp2(1.0/3)) {
		t.Errorf("after an hour: %v", s.rate)
	}
}
