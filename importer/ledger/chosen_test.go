package ledger

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// When an assign of a chosen extension may be sent, a power cut cannot take away which extension it is of. Before a run begins, what was
// chosen becomes durable with the journal.
//
// rule: choice-first
func TestChoiceIsDurable(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		choose := func(n int) int { return rapid.IntRange(0, n-1).Draw(t, "chance") }
		disk := newMemory()
		l, err := Open(disk, resultPath, named("a test"))
		if err != nil {
			t.Fatal(err)
		}
		before := l.GetOrAdd(person(1))
		l.RecordChosen(before, "Đào", 11, "1001", noon)
		if err := l.Begin(Owner{ID: account}); err != nil {
			t.Fatal(err)
		}
		l.RecordCreated(before, 101, false, noon)
		later := l.GetOrAdd(person(2))
		l.RecordCreated(later, 102, false, noon)
		l.RecordChosen(later, "Bình", 12, "1002", noon)
		if err := l.BeginAssign(later); err != nil {
			t.Fatal(err)
		}
		after, err := Read(disk.crashed(choose), resultPath)
		if err != nil {
			t.Fatal(err)
		}
		for i, want := range []int64{11, 12} {
			e := after.Lookup(person(i + 1))
			if e == nil || e.ExtensionID != want || !e.Chosen || !e.HoldsExtension() {
				t.Fatalf("person %d: %+v, want extension %d", i+1, e, want)
			}
		}
	})
}

// That an extension was chosen outlives the journal, a spreadsheet, and a second line of the phone; and ends with the extension.
func TestChosenInTheResult(t *testing.T) {
	line := func(id, number, status, from string) string {
		return "2,A,0901234561," + id + "," + number + ",1301234567890120301," + status + ",,,1,2026-07-01T12:00:00Z," + account + ",,," + from + "\n"
	}
	head := strings.Join(columns, ",") + "\n"
	for _, test := range []struct {
		name, text     string
		holds, chosen  bool
		extension      int64
		writesFreeAlso bool
	}{
		{"done", line("1301234567890123001", "1001", "done", "free"), true, true, 1301234567890123001, true},
		{"created", line("1301234567890123001", "1001", "created", "free"), true, true, 1301234567890123001, true},
		{"a spreadsheet has changed the word", line("1301234567890123001", "1001", "created", "FREE "), true, true, 1301234567890123001, true},
		{"a spreadsheet has rounded the id", line("1.30123E+18", "1001", "created", "free"), true, true, 0, true},
		{"named", line("1301234567890123001", "1001", "created", ""), true, false, 1301234567890123001, false},
		{"none", line("", "", "created", ""), false, false, 0, false},
		{"a line without it above", line("", "", "created", "") + line("1301234567890123001", "1001", "created", "free"), true, true, 1301234567890123001, true},
	} {
		l := mustRead(t, head+test.text)
		e := l.Lookup(person(1))
		if e.HoldsExtension() != test.holds || e.Chosen != test.chosen || e.ExtensionID != test.extension {
			t.Errorf("%s: %+v", test.name, e)
		}
		if written := l.Line(e).ExtensionFrom; (written == FromFree) != test.writesFreeAlso {
			t.Errorf("%s: written as %q", test.name, written)
		}
		l.RecordDone(e, 1301234567890123001, "1001", "", "", noon)
		if e.Chosen != test.chosen {
			t.Errorf("%s: done, and chosen: %v", test.name, e.Chosen)
		}
		if l.RecordDone(e, 5, "105", "", "", noon); e.Chosen {
			t.Errorf("%s: another extension counts as chosen", test.name)
		}
	}
	if !slices.Contains(columns, "extension_from") || slices.Contains(required, "extension_from") {
		t.Error("results of older versions are not read")
	}
}

// An older program must not continue what it cannot read whole.
func TestJournalOfAChoice(t *testing.T) {
	disk := newMemory()
	l, err := Open(disk, resultPath, named("a test"))
	if err != nil {
		t.Fatal(err)
	}
	l.RecordChosen(l.GetOrAdd(person(1)), "Đào", 11, "1001", noon)
	if err := l.Begin(Owner{ID: account}); err != nil {
		t.Fatal(err)
	}
	text := string(disk.now[resultPath+".journal"].data)
	if !strings.Contains(text, `"version":2`) || !strings.Contains(text, `"ext":11,"number":"1001","chosen":true`) {
		t.Error(text)
	}
}
