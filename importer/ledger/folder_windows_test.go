package ledger

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"etelecom-import/importer/sharing"
)

// A whole run works from nothing, and over a result and a journal. A result that another program has open is found out when the ledger
// is opened, before the first intent, and at the end. Once it is closed, the next run continues.
func TestReplacingOpenFiles(t *testing.T) {
	path := filepath.Join(t.TempDir(), "nhân viên ă.result.csv")
	for range 2 {
		l, err := Open(OS{}, path, named("a test"))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := job(l, func() {}); err != nil {
			t.Fatal(err)
		}
		if err := l.Close(); err != nil {
			t.Fatal(err)
		}
	}
	elsewhere := func() *os.File { // Go opens files as Excel does: nobody may rename or remove them
		t.Helper()
		f, err := os.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		return f
	}
	refused := func(when string, err error) {
		t.Helper()
		if !errors.Is(err, ErrNotWritable) || !errors.Is(err, sharing.ErrInUse) {
			t.Errorf("open elsewhere %s: %v", when, err)
		}
	}
	f := elsewhere()
	_, err := Open(OS{}, path, named("a test"))
	refused("before the run", err)
	_ = f.Close()
	l, err := Open(OS{}, path, named("a test"))
	if err != nil {
		t.Fatal(err)
	}
	f = elsewhere()
	refused("before the first intent", l.Begin(Owner{ID: account}))
	_ = f.Close()
	if err := l.Begin(Owner{ID: account}); err != nil {
		t.Fatalf("once it is closed: %v", err)
	}
	l.RecordCreated(l.GetOrAdd(person(7)), 777, false, noon)
	f = elsewhere()
	refused("at the end", l.Finish(Owner{ID: account}, lines(l)))
	_ = f.Close()
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	l, err = Open(OS{}, path, named("the next run"))
	if err != nil {
		t.Fatal(err)
	}
	if e := l.Lookup(person(7)); e == nil || e.UserID != 777 {
		t.Errorf("the next run does not know what was done: %+v", e)
	}
	if err := errors.Join(l.Finish(Owner{ID: account}, lines(l)), l.Close()); err != nil {
		t.Error(err)
	}
}
