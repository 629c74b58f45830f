package ledger

import (
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"etelecom-import/importer/sharing"
)

// A result that another program has open, as Excel does on Windows, is found out when the ledger is opened, and nothing is written.
func TestResultThatIsOpenElsewhere(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		disk := newMemory()
		disk.now[resultPath] = &node{data: []byte(saved)}
		disk.inUse.Store(resultPath, nil)
		_, err := Open(disk, resultPath, named("a test"))
		want := resultPath + " is open in another program. Close it and run the same command again; nothing is lost."
		if !errors.Is(err, ErrNotWritable) || !errors.Is(err, sharing.ErrInUse) || err.Error() != want {
			t.Errorf("%v", err)
		}
		if disk.locked || string(disk.now[resultPath].data) != saved || len(disk.now[resultPath+lockSuffix].data) > 0 {
			t.Errorf("something is left: %+v", disk.now)
		}
		time.AfterFunc(time.Second, func() { disk.inUse.Delete(resultPath) }) // a scanner is done with it
		l, err := Open(disk, resultPath, named("a test"))
		if err != nil {
			t.Fatalf("open for a moment: %v", err)
		}
		disk.inUse.Store(resultPath, nil)
		if err := l.Begin(Owner{ID: account}); !errors.Is(err, ErrNotWritable) || err.Error() != want || l.journal != nil {
			t.Errorf("opened before the first intent: %v", err)
		}
		if err := l.Close(); err != nil {
			t.Error(err)
		}
	})
}

// A result that somebody opens during a run is waited for, and not for ever. Then the journal has everything, and the next run continues.
func TestResultThatIsOpenedDuringARun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for _, closed := range []time.Duration{time.Second, time.Hour} {
			disk := newMemory()
			disk.now[resultPath] = &node{data: []byte(saved)}
			l, err := Open(disk, resultPath, named("a test"))
			if err == nil {
				err = l.Begin(Owner{ID: account})
			}
			if err != nil {
				t.Fatal(err)
			}
			e := l.GetOrAdd(person(7))
			if _, err := l.BeginCreate(e, Moment{Here: noon}, noon); err != nil {
				t.Fatal(err)
			}
			l.RecordCreated(e, 100, false, noon)
			disk.inUse.Store(resultPath, nil)
			time.AfterFunc(closed, func() { disk.inUse.Delete(resultPath) })
			began := time.Now()
			err = l.Finish(Owner{ID: account}, lines(l))
			if waited := time.Since(began); waited > 10*time.Second {
				t.Errorf("closed after %v: the run waited %v", closed, waited)
			}
			if isClosed := closed == time.Second; isClosed != (err == nil) || !isClosed && !errors.Is(err, sharing.ErrInUse) {
				t.Errorf("closed after %v: %v", closed, err)
			}
			if err := l.Close(); err != nil {
				t.Error(err)
			}
			time.Sleep(closed)
			if l, err = Open(disk, resultPath, named("the next run")); err != nil {
				t.Fatal(err)
			}
			if e := l.Lookup(person(7)); e == nil || e.UserID != 100 || e.Open() {
				t.Errorf("closed after %v: the next run knows %+v", closed, e)
			}
			if err := errors.Join(l.Finish(Owner{ID: account}, lines(l)), l.Close()); err != nil {
				t.Error(err)
			}
			if l, err = Read(disk, resultPath); err != nil || l.Lookup(person(7)).UserID != 100 {
				t.Errorf("closed after %v: in the end %v", closed, err)
			}
		}
	})
}

// The file system of these tests refuses what Windows refuses, so that no test passes in which an open file is renamed or removed.
func TestOpenFilesAreNeitherRenamedNorRemoved(t *testing.T) {
	disk := newMemory()
	f, err := disk.Create("a")
	if err != nil {
		t.Fatal(err)
	}
	disk.now["b"] = &node{}
	reader, err := disk.Open("b")
	if err != nil {
		t.Fatal(err)
	}
	disk.now["c"] = &node{}
	_, created := disk.Create("b")
	for what, err := range map[string]error{
		"renamed": disk.Rename("a", "d"), "replaced": disk.Rename("c", "b"), "removed": disk.Remove("a"), "created anew": created,
	} {
		if !errors.Is(err, errOpen) {
			t.Errorf("an open file is %s: %v", what, err)
		}
	}
	if err := errors.Join(f.Close(), reader.Close(), disk.Rename("a", "b"), disk.Remove("b")); err != nil {
		t.Errorf("once they are closed: %v", err)
	}
}
