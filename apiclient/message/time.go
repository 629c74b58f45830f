package message

import (
	"sync/atomic"
	"time"
)

// zone is where people are; nil: where the computer is.
var zone atomic.Pointer[time.Location]

// UseZone sets the time zone of the whole process, as people read it. Nil is that of the computer, which is also the zone until the
// first call.
func UseZone(of *time.Location) { zone.Store(of) }

// Local returns a moment as the clock of the people shows it.
func Local(t time.Time) time.Time {
	if of := zone.Load(); of != nil {
		return t.In(of)
	}
	return t.Local()
}

// Time returns a moment as people read it: by the clock of this computer, and how far that is from UTC. What programs read, such as the
// result and JSON, has UTC.
func Time(t time.Time) string { return Local(t).Format("2006-01-02 15:04 -07:00") }

// Minute returns the time of day of a moment that is near, without its seconds.
func Minute(t time.Time) string { return Local(t).Format("15:04 -07:00") }

// Clock returns the time of day of a moment that is near, as [Time] has it.
func Clock(t time.Time) string { return Local(t).Format("15:04:05 -07:00") }
