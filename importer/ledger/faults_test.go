package ledger

import (
	"errors"
	"fmt"
	"slices"
	"syscall"
	"testing"
	"testing/synctest"
	"time"
)

// job is a run of its own: two people from nothing to done, a third whose create stays open, the result.
// It returns who could be sent, and the errors. After each step that nobody waits for, it calls wait.
func job(l *Ledger, wait func()) (sent []*Entry, err error) {
	if err := l.Begin(Owner{ID: account}); err != nil {
		return nil, err
	}
	var failed error
	for i := range 3 {
		e := l.GetOrAdd(person(i))
		if _, err := l.BeginCreate(e, Moment{Here: noon}, noon); err != nil {
			failed = err
			continue
		}
		sent = append(sent, e)
		if i == 2 {
			break // its answer is lost
		}
		l.RecordCreated(e, int64(100+i), false, noon)
		wait()
		if failed = errors.Join(failed, l.BeginAssign(e)); failed == nil {
			l.RecordDone(e, int64(200+i), fmt.Sprint(1000+i), "", "", noon)
			wait()
		}
	}
	return sent, errors.Join(failed, l.Finish(Owner{ID: account}, lines(l)))
}

// TestEveryOperationFails lets the nth operation on the disk fail, once or from then on, in each way, with an old result
// there or not, and then looks what the next run finds.
func TestEveryOperationFails(t *testing.T) { synctest.Test(t, everyOperationFails) }

func everyOperationFails(t *testing.T) {
	old := head + "2,Z,0909999999,,,1301234567890120999,created,,,1,2026-07-01T12:00:00Z," + account + "\n"
	for _, result := range []string{"", old} {
		clean := newMemory()
		runOn(t, clean, result)
		for n := 1; n <= len(clean.ops); n++ {
			for _, onward := range []bool{false, true} {
				for _, errno := range []error{syscall.ENOSPC, syscall.EIO, syscall.EROFS} {
					disk := newMemory()
					disk.failAt, disk.onward, disk.err = n, onward, errno
					failing(t, disk, result, fmt.Sprintf("%s at %d (%s), onward %v, result %v", errno, n, clean.ops[n-1], onward, result != ""))
				}
			}
		}
	}
}

func runOn(t *testing.T, disk *memory, result string) {
	if result != "" {
		disk.now[resultPath] = &node{data: []byte(result), durable: []byte(result), clean: len(result)}
		disk.durable[resultPath] = disk.now[resultPath]
	}
	l, err := Open(disk, resultPath, named("a test"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := job(l, synctest.Wait); err != nil || l.Close() != nil {
		t.Fatal(err)
	}
}

func failing(t *testing.T, disk *memory, result, how string) {
	if result != "" {
		disk.now[resultPath] = &node{data: []byte(result), durable: []byte(result), clean: len(result)}
		disk.durable[resultPath] = disk.now[resultPath]
	}
	var sent []*Entry
	l, err := Open(disk, resultPath, named("a test"))
	if err == nil {
		sent, err = job(l, synctest.Wait)
		if len(disk.ops) < disk.failAt {
			t.Errorf("%s: the operation was never reached", how)
		}
		_ = l.Close()
	}
	if err != nil && (!errors.Is(err, ErrNotWritable) || !errors.Is(err, disk.err)) {
		t.Errorf("%s: %v", how, err)
	}
	if disk.locked {
		t.Errorf("%s: the lock is still held", how)
	}
	disk.failAt = 0
	for _, after := range []*memory{disk.crashed(func(int) int { return 0 }), disk.crashed(func(n int) int { return n - 1 }), disk} {
		found(t, after, how, result, sent)
	}
}

// found checks what the next run finds: whoever was sent is known to have been; and only known ids.
func found(t *testing.T, disk *memory, how, result string, sent []*Entry) {
	t.Helper()
	l, err := Open(disk, resultPath, named("the next run"))
	if err != nil {
		t.Errorf("%s: the next run: %v", how, err)
		return
	}
	defer l.Close()
	if e := l.Lookup(909999999); result != "" && (e == nil || e.UserID != 1301234567890120999) {
		t.Errorf("%s: the old result is lost: %+v", how, e)
	}
	for i, e := range sent {
		now := l.GetOrAdd(e.Phone)
		if now.UserID == 0 && !now.Open() {
			t.Errorf("%s: person %d was sent, and nobody knows: %+v", how, i, now)
		}
		if now.UserID != 0 && now.UserID != e.UserID {
			t.Errorf("%s: person %d has the id %d", how, i, now.UserID)
		}
	}
}

// From the first failed fsync on, no intent is taken, and nothing that comes later counts as recorded.
//
// rule: intent-first
func TestAfterAFailedFsync(t *testing.T) { synctest.Test(t, afterAFailedFsync) }

func afterAFailedFsync(t *testing.T) {
	disk := newMemory()
	l, err := Open(disk, resultPath, named("a test"))
	if err != nil {
		t.Fatal(err)
	}
	if err := l.Begin(Owner{ID: account}); err != nil {
		t.Fatal(err)
	}
	a, b, c := l.GetOrAdd(person(1)), l.GetOrAdd(person(2)), l.GetOrAdd(person(3))
	if _, err := l.BeginCreate(a, Moment{Here: noon}, noon); err != nil {
		t.Fatal(err)
	}
	l.RecordCreated(a, 100, false, noon) // rides on the next fsync
	synctest.Wait()
	disk.failAt, disk.err = len(disk.ops)+2, syscall.EIO
	if _, err := l.BeginCreate(b, Moment{Here: noon}, noon); !errors.Is(err, syscall.EIO) || disk.ops[len(disk.ops)-1] != "sync" {
		t.Fatalf("%v, %v", err, disk.ops)
	}
	if !errors.Is(l.Err(), syscall.EIO) || !errors.Is(l.Err(), ErrNotWritable) {
		t.Fatalf("Err: %v", l.Err())
	}
	for range 3 {
		if _, err := l.BeginCreate(c, Moment{Here: noon}, noon); !errors.Is(err, syscall.EIO) {
			t.Errorf("an intent after the failed fsync: %v", err)
		}
		if err := l.BeginAssign(a); !errors.Is(err, syscall.EIO) {
			t.Errorf("an assign after the failed fsync: %v", err)
		}
	}
	if err := l.RecordExists(a, 1, "already_exists", "", noon); !errors.Is(err, syscall.EIO) {
		t.Errorf("an answer after the failed fsync: %v", err)
	}
	l.RecordCreated(a, 100, false, noon)
	synctest.Wait()
	disk.failAt, disk.onward = len(disk.ops)+1, true
	if err := l.Finish(Owner{ID: account}, lines(l)); !errors.Is(err, ErrNotWritable) || !errors.Is(err, syscall.EIO) {
		t.Errorf("Finish: %v", err)
	}
	if lost := l.Unpersisted(); !slices.Equal(lost, []*Entry{a}) {
		t.Errorf("Unrecorded: %v", lost)
	}
	disk.failAt = 0
	if err := l.Finish(Owner{ID: account}, lines(l)); err != nil || l.Unpersisted() != nil {
		t.Errorf("Finish again: %v", err)
	}
	if err := l.Close(); err != nil || disk.locked {
		t.Errorf("Close: %v", err)
	}
	if e := mustRead(t, string(disk.now[resultPath].data)).Lookup(person(1)); e.UserID != 100 {
		t.Errorf("in the result: %+v", e)
	}
}

// What was written and not synced becomes durable when the ledger is closed without a result.
func TestCloseSyncs(t *testing.T) { synctest.Test(t, closeSyncs) }

func closeSyncs(t *testing.T) {
	disk := newMemory()
	l, err := Open(disk, resultPath, named("a test"))
	if err != nil {
		t.Fatal(err)
	}
	if err := l.Begin(Owner{ID: account}); err != nil {
		t.Fatal(err)
	}
	if _, err := l.BeginCreate(l.GetOrAdd(person(1)), Moment{Here: noon}, noon); err != nil {
		t.Fatal(err)
	}
	l.RecordCreated(l.GetOrAdd(person(1)), 100, false, noon)
	synctest.Wait() // it is written
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	after := disk.crashed(func(int) int { return 0 })
	if l, err = Read(after, resultPath); err != nil || l.GetOrAdd(person(1)).UserID != 100 {
		t.Errorf("%v, %+v", err, l.GetOrAdd(person(1)))
	}
}

func TestAfterTheEnd(t *testing.T) {
	disk := newMemory()
	l, err := Open(disk, resultPath, named("a test"))
	if err != nil {
		t.Fatal(err)
	}
	if err := l.Begin(Owner{ID: account}); err != nil {
		t.Fatal(err)
	}
	if err := l.journal.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := l.BeginCreate(l.GetOrAdd(person(1)), Moment{Here: noon}, noon); !errors.Is(err, ErrNotWritable) {
		t.Errorf("an intent after the end: %v", err)
	}
	if err := errors.Join(l.Close(), l.Close()); err != nil {
		t.Error(err)
	}
}

// A journal whose name a power failure can still undo was found after a kill: the lock file must not speak of it yet.
//
// rule: found-durable
func TestLockSpeaksOfDurableJournalsOnly(t *testing.T) {
	disk := newMemory()
	l, err := Open(disk, resultPath, named("a test"))
	if err != nil {
		t.Fatal(err)
	}
	disk.failAt = len(disk.ops) + 5 // create, write, sync, rename, syncdir
	if err := l.Begin(Owner{ID: account}); !errors.Is(err, ErrNotWritable) || disk.ops[disk.failAt-1] != "syncdir" {
		t.Fatalf("%v, %v", err, disk.ops)
	}
	disk = disk.killed()
	_ = l.Close()
	if l, err = Open(disk, resultPath, named("the second run")); err != nil || !l.hasJournal {
		t.Fatalf("%v", err)
	}
	after := disk.crashed(func(int) int { return 0 })
	disk.dead = true
	_ = l.Close()
	if _, err = Open(after, resultPath, named("the third run")); err != nil {
		t.Errorf("%v", err)
	}
}

// Without its journal, an unknown row of the result CSV must not look older than its create.
func TestResultKeepsTheTimeOfAnOpenIntent(t *testing.T) {
	disk := newMemory()
	l, err := Open(disk, resultPath, named("a test"))
	if err != nil {
		t.Fatal(err)
	}
	if err := l.Begin(Owner{ID: account}); err != nil {
		t.Fatal(err)
	}
	e := l.GetOrAdd(person(1))
	if _, err := l.BeginCreate(e, Moment{Here: noon}, noon); err != nil {
		t.Fatal(err)
	}
	l.SetReason(e, "unavailable", "by a clock that may be behind", noon.Add(-7*time.Second))
	if err := errors.Join(l.Finish(Owner{ID: account}, lines(l)), l.Close()); err != nil {
		t.Fatal(err)
	}
	delete(disk.now, resultPath+".journal")
	if l, err = Read(disk, resultPath); err != nil || len(l.GetOrAdd(person(1)).Intents()) == 0 || l.GetOrAdd(person(1)).Intents()[0].At < noon.Unix() {
		t.Errorf("%v, open %v", err, l.GetOrAdd(person(1)).Intents())
	}
}
