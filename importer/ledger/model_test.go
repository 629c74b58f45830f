package ledger

import (
	"errors"
	"fmt"
	"slices"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"

	"etelecom-import/importer/phone"
)

const (
	resultPath = "staff.result.csv"
	account    = "1301234567890100001"
)

var noon = time.Date(2026, 7, 1, 12, 0, 0, 0, time.UTC)

func person(i int) phone.Number { return phone.Number(901234560 + i) }

// known is what the steps of one phone allow and demand after a crash.
type known struct {
	answered map[int]bool // attempt -> its own answer was recorded; all attempts that were announced are in it
	owed     map[int]bool // attempts whose intent was durable
	id       int64        // that was recorded; 0: none
	exists   bool         // recorded, and durable then
	done     bool
	idKept   bool // the id was durable once
	doneKept bool
}

// model drives a ledger through any steps and knows what must be left of them.
type model struct {
	t       *rapid.T
	disk    *memory
	ledger  *Ledger
	people  [4]known
	began   bool
	lastID  int64
	minutes int
}

func (m *model) now() time.Time {
	m.minutes++
	return noon.Add(time.Duration(m.minutes) * time.Minute)
}

// durable notes that all that was recorded so far is on the disk.
func (m *model) durable() {
	for i := range m.people {
		k := &m.people[i]
		k.idKept, k.doneKept = k.id != 0, k.done
	}
}

func (m *model) begin() {
	if err := m.ledger.Begin(Owner{ID: account}); err != nil {
		if !errors.Is(err, ErrNotWritable) {
			m.t.Fatalf("begin: %v", err)
		}
		return
	}
	m.began = true
}

func (m *model) step() {
	i := rapid.IntRange(0, len(m.people)-1).Draw(m.t, "person")
	e, k := m.ledger.GetOrAdd(person(i)), &m.people[i]
	e.Name = fmt.Sprint("Nhân viên ", i)
	switch action := rapid.IntRange(0, 5).Draw(m.t, "step"); {
	case action == 0 && e.UserID == 0 && !e.Exists || action == 1 && e.Open() && e.UserID == 0:
		m.create(e, k)
	case action == 2 && e.Open():
		n := e.Intents()[len(e.Intents())-1].Attempt
		k.answered[n] = true
		m.ledger.RecordNotApplied(e, n, Failed, "invalid_argument", "Số điện thoại không hợp lệ", m.now())
	case action == 3 && e.Open():
		n := e.Intents()[len(e.Intents())-1].Attempt
		k.answered[n] = true
		if err := m.ledger.RecordExists(e, n, "failed_precondition", "Người dùng đã tồn tại.", m.now()); err == nil {
			k.exists = true
			m.durable()
		}
	case action == 4 && e.Open():
		m.lastID++
		k.id = 1301234567890123000 + m.lastID
		m.ledger.RecordCreated(e, k.id, false, m.now())
	case action == 5 && e.Status == Created:
		k.done = true
		m.ledger.RecordDone(e, 77, "1001", "", "", m.now())
	}
	synctest.Wait() // the writer has written
}

func (m *model) create(e *Entry, k *known) {
	n := e.Attempts + 1
	if _, ok := k.answered[n]; !ok {
		k.answered[n] = false
	}
	got, err := m.ledger.BeginCreate(e, Moment{}, m.now())
	if err != nil {
		if m.ledger.Err() == nil {
			m.t.Fatalf("an intent failed, and the ledger did not: %v", err)
		}
		return
	}
	if got != n {
		m.t.Fatalf("attempt %d, want %d", got, n)
	}
	k.owed[n] = true
	m.durable()
}

// restart ends the process, in order or by a crash, and opens the ledger again.
func (m *model) restart() {
	how := rapid.SampledFrom([]string{"finish", "killed", "power"}).Draw(m.t, "end")
	if how == "finish" {
		if err := m.ledger.Finish(Owner{ID: account}, lines(m.ledger)); err == nil {
			m.durable()
		}
	}
	var left *memory
	switch how {
	case "power":
		left = m.disk.crashed(func(n int) int { return rapid.IntRange(0, n-1).Draw(m.t, "lost") })
		m.disk.dead = true
	case "killed":
		left = m.disk.killed()
	}
	_ = m.ledger.Close() // of a dead process, this ends the goroutine and no more
	if left != nil {
		m.disk = left
	}
	m.disk.failAt, m.disk.onward, m.disk.locked, m.began = 0, false, false, false
	m.open()
}

func (m *model) open() {
	l, err := Open(m.disk, resultPath, named("a test"))
	if err != nil {
		m.t.Fatalf("open: %v", err)
	}
	m.ledger = l
	for i := range m.people {
		m.check(i)
	}
}

// check compares what is left with what may and must be.
func (m *model) check(i int) {
	k, e := &m.people[i], m.ledger.GetOrAdd(person(i))
	fail := func(format string, args ...any) {
		m.t.Fatalf("person %d: "+format+"\nentry %+v\nknown %+v", append(append([]any{i}, args...), *e, *k)...)
	}
	if e.UserID != 0 && e.UserID != k.id {
		fail("an id that was never recorded")
	}
	if k.idKept && e.UserID == 0 {
		fail("a durable id is gone")
	}
	if e.Status == Done && !k.done || k.doneKept && e.Status != Done {
		fail("done is not what was recorded")
	}
	for _, in := range e.Intents() {
		if _, announced := k.answered[in.Attempt]; !announced {
			fail("an intent that was never taken")
		}
	}
	for n := range k.owed {
		if k.id == 0 && !k.answered[n] && !slices.ContainsFunc(e.Intents(), func(in Intent) bool { return in.Attempt == n }) {
			fail("the intent of attempt %d is gone", n)
		}
	}
	if k.exists && k.id == 0 && !e.Exists {
		fail("the answer \"already exists\" is gone")
	}
	// The next steps start from what was read. It is no more durable than it was.
	k.id, k.done = e.UserID, e.Status == Done
	for _, in := range e.Intents() {
		k.answered[in.Attempt] = false
	}
}

// timeless is a test without a deadline, which a bubble must not ask for.
type timeless struct{ *testing.T }

func (timeless) Deadline() (time.Time, bool) { return time.Time{}, false }

func TestWhateverIsLostThePromisesHold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		rapid.Check(timeless{t}, func(t *rapid.T) {
			m := &model{t: t, disk: newMemory()}
			for i := range m.people {
				m.people[i] = known{answered: map[int]bool{}, owed: map[int]bool{}}
			}
			m.open()
			defer func() { _ = m.ledger.Close() }()
			for range rapid.IntRange(1, 5).Draw(t, "runs") {
				if rapid.Bool().Draw(t, "faults") {
					m.disk.failAt = len(m.disk.ops) + rapid.IntRange(1, 30).Draw(t, "failing operation")
					m.disk.onward = rapid.Bool().Draw(t, "onward")
					m.disk.err = rapid.SampledFrom([]error{syscall.ENOSPC, syscall.EIO}).Draw(t, "error")
				}
				m.begin()
				for range rapid.IntRange(0, 12).Draw(t, "steps") {
					if m.began {
						m.step()
					}
				}
				m.restart()
			}
		})
	})
}
