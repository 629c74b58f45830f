package pacer

import (
	"math"
	"time"
)

// The search for the rate that the tenant allows. It halves the rate until requests pass for a while, doubles it
// every few seconds until it meets the limit, and from then on stays a little below the last rate that was refused:
// the curve comes up to it, flattens, waits, and rises again ever faster (the shape is TCP CUBIC's).
const (
	leastRate   = 0.2             // requests per second
	firstRate   = 40              // at least, halved at once, where there was no limit before
	cutEvery    = time.Second     // at most
	passing     = time.Second     // a rate that is refused sooner was far too high
	doubling    = 3 * time.Second // while the limit has not been met
	afterCut    = 0.92            // of the refused rate
	flat        = 0.975           // of the refused rate
	toFlat      = 20 * time.Second
	unusedAbove = 1.5 // times what is answered: a higher rate is not in use, so that its success means nothing
)

// search is a rate under a ceiling, 0 for none of either. It knows no clock and no lock.
type search struct {
	ceiling float64
	rate    float64
	refused float64       // the rate that was refused last; 0 while the limit has not been met
	cut     time.Time     // when the rate was lowered last, moved on by every pause since
	cutWall time.Time     // the same, as it was
	raised  time.Time     // when the rate was raised last
	risen   time.Duration // how long it has been rising since the cut
	early   int           // cuts in a row that came before the rate had been passing for a while
	started bool
}

// lower takes in a refusal while so many requests per second were answered. It reports whether the rate changed.
func (s *search) lower(now time.Time, answered float64) bool {
	if s.started && now.Sub(s.cutWall) < cutEvery {
		return false
	}
	rate := s.rate
	if rate == 0 {
		rate = max(answered, firstRate)
	} else if answered > 0 {
		rate = min(rate, max(answered*1.25, rate/4))
	}
	s.early++
	if s.started && now.Sub(s.cut) >= passing {
		s.early = 0
	}
	switch {
	case !s.started || s.early > 2 || s.early > 0 && s.refused == 0:
		s.refused, rate = 0, rate/2
	case s.early > 0:
		s.refused, rate = rate, rate*0.8
	default:
		s.refused, rate = rate, rate*afterCut
	}
	s.started = true
	s.rate = max(rate, leastRate)
	if s.ceiling > 0 {
		s.rate = min(s.rate, s.ceiling)
	}
	s.cut, s.cutWall, s.raised, s.risen = now, now, now, 0
	return true
}

// raise takes in a success. It reports whether the rate changed.
func (s *search) raise(now time.Time, answered float64) bool {
	step := min(now.Sub(s.raised), time.Second)
	if step <= 0 {
		return false
	}
	s.raised = now
	if answered > 0 && s.rate > unusedAbove*answered+1 {
		return false
	}
	s.risen += step
	if s.refused == 0 {
		s.rate *= math.Exp2(step.Seconds() / doubling.Seconds())
	} else {
		x := s.risen.Seconds()/toFlat.Seconds() - 1
		s.rate = max(s.rate, s.refused*(flat+(flat-afterCut)*x*x*x))
	}
	if s.ceiling > 0 {
		s.rate = min(s.rate, s.ceiling)
	}
	return true
}

// idle takes in that nothing is sent for d from now on.
func (s *search) idle(d time.Duration) {
	s.cut, s.raised = s.cut.Add(d), s.raised.Add(d)
}
