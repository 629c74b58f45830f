package message

import (
	"testing"
	"time"
)

// People read the time of their own clock, with the offset, whatever zone a moment comes in.
func TestTime(t *testing.T) {
	defer UseZone(nil)
	moment := time.Date(2026, 11, 26, 18, 15, 4, 999, time.UTC)
	for _, c := range []struct {
		zone                *time.Location
		date, clock, minute string
	}{
		{time.FixedZone("ICT", 7*3600), "2026-11-27 01:15 +07:00", "01:15:04 +07:00", "01:15 +07:00"},
		{time.FixedZone("NST", -12600), "2026-11-26 14:45 -03:30", "14:45:04 -03:30", "14:45 -03:30"},
		{time.UTC, "2026-11-26 18:15 +00:00", "18:15:04 +00:00", "18:15 +00:00"},
	} {
		UseZone(c.zone)
		for _, m := range []time.Time{moment, moment.In(time.FixedZone("", 3600)), moment.Local()} {
			if Time(m) != c.date || Clock(m) != c.clock || Minute(m) != c.minute {
				t.Errorf("in %v: %s, %s, %s; want %s, %s, %s", c.zone, Time(m), Clock(m), Minute(m), c.date, c.clock, c.minute)
			}
		}
	}
}
