package ledger

import (
	"errors"
	"io/fs"
	"slices"
	"syscall"
	"testing"
	"time"
)

// What is in the result twice is known twice, and not a third time. Lines and counts do not matter; whatever else people are told does.
func TestReported(t *testing.T) {
	const told = "2026-11-20T01:02:03Z"
	of := func(change func(*Line)) Line {
		l := Line{Line: "3", Name: "Lê C", Phone: "0901234563", ExtensionNumber: "101", Status: "failed", ErrorCode: "x", Error: "as on line 7; id 1234567", AccountID: account, ToldAt: told}
		change(&l)
		return l
	}
	same := func(*Line) {}
	nobody := func(l *Line) { l.Phone = "" }
	later := func(l *Line) { l.Phone, l.ToldAt = "", "2026-11-21T01:02:03Z" }
	all := []Line{
		of(same), of(later), of(nobody),
		of(func(l *Line) { l.Phone, l.Status = "0901234564", "done" }),
		of(func(l *Line) { l.Phone, l.Status, l.ErrorCode = "0901234565", "done", "duplicate_phone" }),
		of(func(l *Line) { l.Phone, l.ToldAt = "0901234566", "" }),
		of(func(l *Line) { l.Phone, l.ToldAt = "0901234567", "46346,0431" }),
		of(func(l *Line) {
			l.Phone, l.Status, l.ErrorCode, l.Attempts = "0901234568", "done", "password_replaced, no_role", "2"
		}),
		of(func(l *Line) { l.Phone, l.Name, l.Error = "0901234569", "=1+1", "\r@x" }),
		of(func(l *Line) { l.Phone, l.Error = "0901234570", `"09012" is also on line 3` }),
	}
	disk := newMemory()
	write(t, disk, all)
	l, err := Read(disk, resultPath)
	if err != nil {
		t.Fatal(err)
	}
	type want struct {
		what   string
		change func(*Line)
		found  bool
		told   string
	}
	for _, test := range [][]want{
		{{"the same", same, true, told}, {"a second time", same, false, ""}},
		{{"another line", func(l *Line) { l.Line, l.Error = "9", "as on line 123456; id 1234567" }, true, told}},
		{{"the same value of a cell, another line", func(l *Line) { l.Phone, l.Error = "0901234570", `"09012" is also on line 12` }, true, told}},
		{{"another value of a cell", func(l *Line) { l.Phone, l.Error = "0901234570", `"09013" is also on line 3` }, false, ""}},
		{{"another id", func(l *Line) { l.Error = "as on line 7; id 1234568" }, false, ""}},
		{{"another text", func(l *Line) { l.Error = "as in line 7; id 1234567" }, false, ""}},
		{{"another code", func(l *Line) { l.ErrorCode = "y" }, false, ""}},
		{{"another status", func(l *Line) { l.Status = "invalid" }, false, ""}},
		{{"another extension", func(l *Line) { l.ExtensionNumber = "102" }, false, ""}},
		{{"another id of the extension", func(l *Line) { l.ExtensionID = "1301234567890123001" }, false, ""}},
		{{"another name", func(l *Line) { l.Name = "Lê D" }, false, ""}},
		{{"another phone", func(l *Line) { l.Phone = "0901234569" }, false, ""}},
		{{"the first of two", nobody, true, told}, {"the second", nobody, true, "2026-11-21T01:02:03Z"}, {"a third", nobody, false, ""}},
		{{"done, and as it was", func(l *Line) { l.Phone, l.Status = "0901234564", "done" }, true, told}},
		{{"done, and another number is wanted", func(l *Line) { l.Phone, l.Status, l.Error = "0901234564", "done", "as on line 8; id 1234567" }, false, ""}},
		{{"done, and another line has the phone", func(l *Line) {
			l.Phone, l.Status, l.ErrorCode, l.Error = "0901234565", "done", "duplicate_phone", "as on line 8; id 1234567"
		}, true, told}},
		{{"never told", func(l *Line) { l.Phone = "0901234566" }, true, ""}},
		{{"a time that a spreadsheet has rewritten", func(l *Line) { l.Phone = "0901234567" }, true, ""}},
		{{"replaced, and other warnings", func(l *Line) { l.Phone, l.Status, l.ErrorCode, l.Error = "0901234568", "done", "password_replaced", "" }, true, told}},
		{{"replaced, and a failure", func(l *Line) {
			l.Phone, l.Status, l.ErrorCode = "0901234568", "done", "password_replaced, extension_taken"
		}, false, ""}},
		{{"texts that are escaped", func(l *Line) { l.Phone, l.Name, l.Error = "0901234569", "=1+1", "\r@x" }, true, told}},
	} {
		r := l.Reported()
		for _, step := range test {
			line := of(step.change)
			at, found := r.Take(l.Fingerprint(&line))
			text := ""
			if !at.IsZero() {
				text = at.UTC().Format(time.RFC3339)
			}
			if found != step.found || text != step.told {
				t.Errorf("%s: %v, told at %q", step.what, found, text)
			}
		}
	}
}

// write writes a result.
func write(t *testing.T, disk *memory, all []Line) {
	t.Helper()
	l, err := Open(disk, resultPath, Process{})
	if err != nil {
		t.Fatal(err)
	}
	lines := func(yield func(*Line) bool) {
		for i := range all {
			if !yield(&all[i]) {
				return
			}
		}
	}
	if err := errors.Join(l.Finish(Owner{ID: account}, lines), l.Close()); err != nil {
		t.Fatal(err)
	}
}

// Who had a row is what the result says, also if a run was cut off since: people were shown the result.
func TestListed(t *testing.T) {
	disk := newMemory()
	write(t, disk, []Line{
		{Line: "2", Phone: person(1).String(), Status: "failed", AccountID: account},
		{Phone: person(2).String(), Status: "failed", AccountID: account},
	})
	l, err := Open(disk, resultPath, Process{})
	if err == nil {
		err = l.Begin(Owner{ID: account})
	}
	for i := 1; i <= 3 && err == nil; i++ {
		_, err = l.BeginCreate(l.GetOrAdd(person(i)), Moment{Here: noon}, noon)
		l.RecordCreated(l.Lookup(person(i)), int64(1301234567890120300+i), false, noon)
	}
	if err = errors.Join(err, l.Close()); err != nil {
		t.Fatal(err)
	}
	if l, err = Read(disk, resultPath); err != nil {
		t.Fatal(err)
	}
	var listed []bool
	for i := 1; i <= 3; i++ {
		listed = append(listed, l.Lookup(person(i)).Listed())
	}
	if !l.HasJournal() || !slices.Equal(listed, []bool{true, false, false}) {
		t.Errorf("%v", listed)
	}
}

// A place that can never hold the result is told from one that can later.
func TestWrongPlaces(t *testing.T) {
	for _, test := range []struct {
		err     error
		lasting bool
	}{
		{fs.ErrNotExist, true}, {fs.ErrPermission, true}, {syscall.ENOSPC, false}, {syscall.EIO, false},
	} {
		f := &folder{result: resultPath}
		err := f.unusable(&fs.PathError{Op: "open", Path: resultPath, Err: test.err})
		if !errors.Is(err, ErrNotWritable) || errors.Is(err, ErrWrongPlace) != test.lasting || !errors.Is(err, test.err) {
			t.Errorf("%v: %v", test.err, err)
		}
		if errors.Is(f.notWritable(test.err), ErrWrongPlace) {
			t.Errorf("%v during a run: it may be over", test.err)
		}
	}
}
