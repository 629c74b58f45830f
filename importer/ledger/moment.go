package ledger

import "time"

// Moment is a reading of the clocks that nobody can set. How long ago an earlier run sent something follows from these
// alone: a wall clock, of this machine or of the server, may have been put forward since.
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

// since returns, by this process's clock, when an intent was sent at the latest. Where the clocks do not tell, it is now:
// that the intent was read from a file proves that it is no younger.
func (m Moment) since(i Intent) time.Time {
	if i.Boot == "" || i.Boot != m.Boot {
		return m.Here
	}
	age := m.Up - time.Duration(i.Up)*time.Millisecond
	if age < 0 { // the machine is another one, or its clock was set back all the same
		return m.Here
	}
	return m.Here.Add(-age)
}

// Reckon says what time it is for the ledger, which has just been read: from it follows how long ago the open creates of
// earlier runs were sent.
func (l *Ledger) Reckon(now Moment) {
	l.read = now.Here
	for _, e := range l.entries {
		if !e.Open() {
			continue
		}
		t := e.told()
		t.since = time.Time{}
		for _, i := range t.intents {
			t.since = laterOf(t.since, now.since(i))
		}
		e.tell(t)
	}
}

// Since returns, by this process's clock, from when on the settle time counts for an entry: the newest create of its phone
// was sent, or its user was made, by then at the latest.
func (l *Ledger) Since(e *Entry) time.Time {
	if e.trouble == nil || e.trouble.since.IsZero() {
		return l.read
	}
	return e.trouble.since
}

func laterOf(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
