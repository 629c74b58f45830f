package ledger

import (
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"etelecom-import/importer/ledger/journal"
)

// What Created makes of an entry, whatever was known before: the newest id holds, and nothing of the doubt stays.
func TestCreatedSettlesAll(t *testing.T) {
	open := func(e *Entry) *Entry {
		e.Status = Unknown
		e.addIntent(Intent{Attempt: 1})
		e.addIntent(Intent{Attempt: 2})
		return e
	}
	for name, test := range map[string]struct {
		before Entry
		status Status
	}{
		"two open creates":           {*open(&Entry{Attempts: 2}), Created},
		"another id":                 {Entry{UserID: 7, Status: Created}, Created}, // the user was removed, and created again
		"an id that was spoiled":     {Entry{damagedUser: true, Status: Done}, Done},
		"refused as one who exists":  {Entry{Exists: true, Status: Failed}, Created},
		"one whose password was set": {Entry{Replaced: true, Status: Created}, Created},
	} {
		disk := newMemory()
		l, err := Open(disk, resultPath, named("a test"))
		if err != nil {
			t.Fatal(err)
		}
		if err := l.Begin(Owner{ID: account}); err != nil {
			t.Fatal(err)
		}
		e := l.GetOrAdd(person(1))
		*e = test.before
		e.Phone = person(1)
		l.RecordCreated(e, 100, false, noon)
		checked := func(where string, e *Entry) {
			if e.UserID != 100 || e.damagedUser || e.Open() || e.Exists || e.Status != test.status || e.Replaced != test.before.Replaced {
				t.Errorf("%s, %s: %+v", name, where, e)
			}
		}
		checked("at once", e)
		if err := l.Close(); err != nil {
			t.Fatal(err)
		}
		if l, err = Read(disk, resultPath); err != nil {
			t.Fatal(err)
		}
		checked("in the journal", l.GetOrAdd(person(1)))
	}
}

// The settle time counts from the newest of what may have happened to a phone: a create, or an answer that says something.
func TestSettlesFrom(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		started := time.Now()
		l, err := Open(newMemory(), resultPath, named("a test"))
		if err == nil {
			err = l.Begin(Owner{ID: account})
		}
		if err != nil {
			t.Fatal(err)
		}
		defer l.Close()
		is := func(when string, e *Entry, want time.Time) {
			t.Helper()
			if got := l.SettlesFrom(e); !got.Equal(want) {
				t.Errorf("%s: %v, want %v", when, got.Sub(started), want.Sub(started))
			}
		}
		create := func(e *Entry, here time.Time) {
			t.Helper()
			if _, err := l.BeginCreate(e, Moment{Here: here}, noon); err != nil {
				t.Fatal(err)
			}
		}
		e := l.GetOrAdd(person(1))
		is("a new entry", e, started)
		create(e, started.Add(5*time.Second))
		is("the first create", e, started.Add(5*time.Second))
		create(e, started.Add(time.Minute))
		is("the second create", e, started.Add(time.Minute))
		create(e, started.Add(time.Second)) // by a clock that was set back
		is("a create that seems older", e, started.Add(time.Minute))
		time.Sleep(2 * time.Minute)
		l.RecordNotApplied(e, 3, Failed, "invalid_argument", "", noon)
		is("an answer that settles another create", e, started.Add(time.Minute))
		if err := l.RecordExists(e, 2, "failed_precondition", "", noon); err != nil {
			t.Fatal(err)
		}
		is("an answer that may have set the password", e, time.Now())
		time.Sleep(time.Minute)
		l.RecordCreated(e, 100, false, noon)
		is("an id", e, time.Now())
	})
}

// Of the creates of earlier runs, the newest counts; one whose clock does not tell was sent when it was read, at the latest.
//
// rule: no-wall-clock
func TestReckon(t *testing.T) {
	at := func(n int, boot string, up time.Duration) Intent {
		return Intent{n, noon.Unix(), boot, up.Milliseconds()}
	}
	now := Moment{Boot: "a boot", Up: time.Hour, Here: noon}
	for name, test := range map[string]struct {
		intents []Intent
		age     time.Duration
	}{
		"one":                             {[]Intent{at(1, "a boot", time.Minute)}, 59 * time.Minute},
		"the newest is last":              {[]Intent{at(1, "a boot", time.Minute), at(2, "a boot", 10*time.Minute)}, 50 * time.Minute},
		"the newest is first":             {[]Intent{at(1, "a boot", 10*time.Minute), at(2, "a boot", time.Minute)}, 50 * time.Minute},
		"the second is of another boot":   {[]Intent{at(1, "a boot", time.Minute), at(2, "another", time.Minute)}, 0},
		"the first is of no known boot":   {[]Intent{at(1, "", 0), at(2, "a boot", time.Minute)}, 0},
		"one of a moment that is to come": {[]Intent{at(1, "a boot", 2*time.Hour)}, 0},
	} {
		data, _ := written([]record{
			{Run: &headerRecord{Version: journalVersion, Account: account}},
			{Entry: recordOf(&Entry{Phone: person(1), Status: Unknown, Attempts: 2, rare: &detail{intents: test.intents}})},
		})
		l, err := readJournalOf(data)
		if err != nil {
			t.Fatal(err)
		}
		l.Reckon(now)
		if got := noon.Sub(l.SettlesFrom(l.GetOrAdd(person(1)))); got != test.age {
			t.Errorf("%s: %v old, want %v", name, got, test.age)
		}
	}
}

// An intent never looks older than it is: what is less than its unit is rounded up.
func TestIntentsAreRoundedUp(t *testing.T) {
	l, err := Open(newMemory(), resultPath, named("a test"))
	if err == nil {
		err = l.Begin(Owner{ID: account})
	}
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	e := l.GetOrAdd(person(1))
	if _, err := l.BeginCreate(e, Moment{Boot: "a boot", Up: time.Millisecond + 1}, noon.Add(1)); err != nil {
		t.Fatal(err)
	}
	if got, want := e.Intents()[0], (Intent{1, noon.Unix() + 1, "a boot", 2}); got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
}

// After the end, the journal holds the open creates and nothing that the result has.
//
// rule: keep-open
func TestJournalAfterTheEnd(t *testing.T) {
	disk := newMemory()
	l, err := Open(disk, resultPath, named("a test"))
	if err == nil {
		_, err = job(l, func() {})
	}
	if err != nil {
		t.Fatal(err)
	}
	var d decoder
	r, _ := disk.Open(resultPath + ".journal")
	records, err := journal.Replay(r, func(data []byte) error {
		r, err := d.decode(data)
		if r.Entry != nil && r.Entry.Phone != person(2) {
			t.Errorf("%+v", r.Entry)
		}
		return err
	})
	if err = errors.Join(err, l.Close()); err != nil || records != 2 {
		t.Errorf("%v, %d records", err, records)
	}
}
