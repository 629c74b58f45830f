package pacer

import (
	"math"
	"time"
)

const (
	minRate         = 0.2             // requests per second
	firstRate       = 40              // the least rate to begin with where there was no limit; it is halved at once
	minCutGap       = time.Second     // between two cuts
	stableAfter     = time.Second     // a rate that is throttled sooner was far too high
	doublingTime    = 3 * time.Second // while the tenant's limit is not known
	afterCut        = 0.92            // of the throttled rate
	plateau         = 0.975           // of the throttled rate: where the curve is flat
	toPlateau       = 20 * time.Second
	maxOverMeasured = 1.5 // times the measured rate; see onSuccess
)

// controller searches for the rate that the tenant allows. It halves the rate until requests succeed for a while, and doubles it
// every few seconds until the tenant throttles again. From then on it knows the limit and stays a little below: after each cut
// the rate climbs to a plateau, waits there, and then rises ever faster. The shape of the curve is that of TCP CUBIC.
//
// It has no clock and no lock: callers tell it the time and hold one.
type controller struct {
	ceiling float64 // requests per second; 0: none
	rate    float64 // requests per second; 0: no limit

	throttledAt float64       // the rate at the last cut; 0: the tenant's limit is not known
	started     bool          // there has been a cut
	lastCut     time.Time     // of sending time: idle moves it on by each pause, so now.Sub(lastCut) is time without pauses
	lastCutReal time.Time     // the same cut in real time, for minCutGap
	lastRaise   time.Time     // of sending time, like lastCut
	rising      time.Duration // how long the rate has been rising since the cut
	earlyCuts   int           // in a row: cuts before the rate was stable
}

// onThrottle takes in that the tenant throttles, at a measured rate of answers per second. It reports whether the rate changed.
// Which answers count as throttling is decided in apiclient/call.go, reportToPacer.
func (c *controller) onThrottle(now time.Time, measured float64) bool {
	if c.started && now.Sub(c.lastCutReal) < minCutGap {
		return false
	}
	rate := c.rate
	if rate == 0 {
		rate = max(measured, firstRate)
	} else if measured > 0 {
		// A rate that was not in use says nothing about the limit: begin near the measured one.
		rate = min(rate, max(measured*1.25, rate/4))
	}
	c.earlyCuts++
	if c.started && now.Sub(c.lastCut) >= stableAfter {
		c.earlyCuts = 0
	}
	switch {
	case !c.started, c.earlyCuts > 2, c.earlyCuts > 0 && c.throttledAt == 0:
		// The limit is not known, or is far below what was known.
		c.throttledAt, rate = 0, rate/2
	case c.earlyCuts > 0:
		// The limit has fallen a little.
		c.throttledAt, rate = rate, rate*0.8
	default:
		// The rate was stable and has just met the limit.
		c.throttledAt, rate = rate, rate*afterCut
	}
	c.started = true
	c.rate = c.belowCeiling(max(rate, minRate))
	c.lastCut, c.lastCutReal, c.lastRaise, c.rising = now, now, now, 0
	return true
}

// onSuccess takes in that a request succeeded, at a measured rate of answers per second. It reports whether the rate changed.
func (c *controller) onSuccess(now time.Time, measured float64) bool {
	step := min(now.Sub(c.lastRaise), time.Second) // after idle time, no leap
	if step <= 0 {
		return false
	}
	c.lastRaise = now
	// The rate is far above what is in use, so it is not the bottleneck: success does not show that the tenant allows it.
	if measured > 0 && c.rate > maxOverMeasured*measured+1 {
		return false
	}
	c.rising += step
	if c.throttledAt == 0 {
		c.rate *= math.Exp2(step.Seconds() / doublingTime.Seconds())
	} else {
		x := c.rising.Seconds()/toPlateau.Seconds() - 1
		c.rate = max(c.rate, c.throttledAt*(plateau+(plateau-afterCut)*x*x*x))
	}
	c.rate = c.belowCeiling(c.rate)
	return true
}

func (c *controller) belowCeiling(rate float64) float64 {
	if c.ceiling > 0 {
		return min(rate, c.ceiling)
	}
	return rate
}

// idle takes in that a pause begins, or becomes longer by d. It moves lastCut and lastRaise forward by d: how long a rate was
// stable, and how far it may rise, depends on the time in which requests were sent.
func (c *controller) idle(d time.Duration) {
	c.lastCut, c.lastRaise = c.lastCut.Add(d), c.lastRaise.Add(d)
}
