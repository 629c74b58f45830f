package message

import "time"

// Time returns a moment as people read it: by the clock of this computer, and how far that is from UTC. What programs read, such as the
// result and JSON, has UTC.
func Time(t time.Time) string { return t.Local().Format("2006-01-02 15:04 -07:00") }

// Minute returns the time of day of a moment that is near, without its seconds.
func Minute(t time.Time) string { return t.Local().Format("15:04 -07:00") }

// Clock returns the time of day of a moment that is near, as [Time] has it.
func Clock(t time.Time) string { return t.Local().Format("15:04:05 -07:00") }
