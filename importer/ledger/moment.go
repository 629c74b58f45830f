package ledger

import "time"

// Moment is a reading of the clocks that nobody can set. Only these tell how long ago an earlier run sent something: a wall
// clock, of this machine or of the server, may have been set since.
type Moment struct {
	// Boot names the boot of the machine; empty where the system does not tell.
	Boot string
	// Up is the time since that boot, sleep included.
	Up time.Duration
	// Here is the moment by this process's own clock.
	Here time.Time
}

// Later returns the moment d later.
func (m Moment) Later(d time.Duration) Moment {
	return Moment{m.Boot, m.Up + d, m.Here.Add(d)}
}

// since returns the latest time, by this process's clock, at which an intent was sent. Where the clocks do not tell, it is now:
// the intent was read from a file, so it is no younger.
func (m Moment) since(i Intent) time.Time {
	if i.Boot == "" || i.Boot != m.Boot {
		return m.Here
	}
	age := m.Up - time.Duration(i.Up)*time.Millisecond
	if age < 0 { // the machine is another one, or its clock was set back all the same
		return m.Here
	}
	// rule: no-wall-clock
	return m.Here.Add(-age)
}

func laterOf(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
