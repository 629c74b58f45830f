package ledger

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"
)

// createdHead is the first line of a result that has every column.
var createdHead = strings.Join(columns, ",") + "\n"

// createdLine is a line of a person who is done, with a cell of created_at.
func createdLine(i int, code, cell string) string {
	return fmt.Sprintf("%d,Nhân viên %d,%s,1301234567890123001,1001,%d,done,%s,,2,2026-07-01T12:00:00Z,%s,,"+`"%s"`+",\n", i+1, i, person(i), 1301234567890120300+i, code, account, cell)
}

// Who was created by this job is known of those alone whose create was open when their user was seen.
func TestWhoWasMadeHere(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		disk := newMemory()
		l, err := Open(disk, resultPath, named("a test"))
		if err == nil {
			err = l.Begin(Owner{ID: account})
		}
		if err != nil {
			t.Fatal(err)
		}
		create := func(i int) *Entry {
			e := l.GetOrAdd(person(i))
			if _, err := l.BeginCreate(e, Moment{}, noon); err != nil {
				t.Fatal(err)
			}
			return e
		}
		l.RecordCreated(create(1), 101, false, noon)
		l.RecordCreated(create(2), 102, true, noon)
		late := create(3)
		l.RecordCreated(late, 103, false, noon)
		l.RecordReplaced(late, noon)
		l.RecordCreated(l.GetOrAdd(person(4)), 104, false, noon) // adopted
		again := create(5)
		l.RecordCreated(again, 105, false, noon)
		l.RecordCreated(again, 105, false, noon.Add(time.Hour)) // a damaged id was read again
		for i, e := range []*Entry{again, l.Lookup(person(4)), late} {
			l.RecordDone(e, int64(200+i), "1001", "", "", noon)
		}
		want := "true false false false true"
		check := func(l *Ledger, how string) {
			t.Helper()
			var got []string
			for i := range 5 {
				e := l.Lookup(person(i + 1))
				got = append(got, fmt.Sprint(e.MadeHere()))
				if e.MadeHere() && e.CreatedAt != noon.Unix() {
					t.Errorf("%s: %+v", how, e)
				}
			}
			if s := strings.Join(got, " "); s != want {
				t.Errorf("%s: %s, want %s", how, s, want)
			}
		}
		check(l, "in memory")
		synctest.Wait()
		disk = disk.killed()
		_ = l.Close()
		if l, err = Open(disk, resultPath, named("the second run")); err != nil {
			t.Fatal(err)
		}
		check(l, "in the journal")
		if err := errors.Join(l.Begin(Owner{ID: account}), l.Finish(Owner{ID: account}, lines(l)), l.Close()); err != nil {
			t.Fatal(err)
		}
		finished, err := Read(disk, resultPath)
		if err != nil {
			t.Fatal(err)
		}
		check(finished, "in the result")
	})
}

// Whatever a spreadsheet makes of the time, the user stays one of this job, and what is left of the time is kept.
func TestTimesThatASpreadsheetRewrites(t *testing.T) {
	for cell, want := range map[string]string{
		"":                           "",
		" ":                          "",
		"2026-07-01T12:00:00Z":       "2026-07-01T12:00:00Z",
		"2026-07-01T19:00:00+07:00":  "2026-07-01T12:00:00Z",
		" 2026-07-01 12:00:00":       "2026-07-01T12:00:00Z",
		"01/07/2026 12:00":           "01/07/2026 12:00",
		"7/1/26  12:00 PM":           "7/1/26 12:00 PM",
		"46204.5":                    "46204.5",
		"########":                   "########",
		"yes":                        "yes",
		"0":                          "0",
		"1970-01-01T00:00:00Z":       "1970-01-01T00:00:00Z",
		"=NOW()":                     "=NOW()",
		strings.Repeat("ă", 1000):    strings.Repeat("ă", longestTime),
		"01/07/2026\n12:00":          "01/07/2026 12:00",
		"Thứ tư, 1 tháng 7 năm 2026": "Thứ tư, 1 tháng 7 năm 2026",
	} {
		l := mustRead(t, createdHead+createdLine(1, "", cell))
		for range 2 { // and what is written is read as the same
			e := l.Lookup(person(1))
			line := l.Line(e)
			if e.MadeHere() != (want != "") || line.CreatedAt != want {
				t.Errorf("%q: made here %v, %q", cell, e.MadeHere(), line.CreatedAt)
			}
			var b strings.Builder
			line.AccountID = account
			if err := WriteLines(&b, func(yield func(*Line) bool) { yield(&line) }); err != nil {
				t.Fatal(err)
			}
			l = mustRead(t, b.String())
		}
	}
}

// That a password was replaced is in the result whatever keeps the row from being done, and also if nothing does.
func TestReplacedIsKept(t *testing.T) {
	for _, status := range []string{"created", "done"} {
		for _, code := range []string{"", "unavailable"} {
			text := strings.Replace(createdLine(1, JoinCodes(code, "password_replaced"), ""), ",done,", ","+status+",", 1)
			text = strings.Replace(text, "unavailable, password_replaced", `"unavailable, password_replaced"`, 1)
			e := mustRead(t, createdHead+text).Lookup(person(1))
			line := lineOf(e)
			if got, _ := e.Reason(); !e.Replaced || !HasCode(line.ErrorCode, "password_replaced") || status == "created" && got != code {
				t.Errorf("%s: %+v, %q", text, line, got)
			}
		}
	}
}

// A row that never had a user was not created, whatever its cell says, and a create that replaced a password made nobody.
func TestTimesOfUsersWhoWereNotMade(t *testing.T) {
	for _, text := range []string{
		createdLine(1, "password_replaced", "2026-07-01T12:00:00Z"),
		strings.NewReplacer(",done,", ",failed,", "1301234567890120301", "").Replace(createdLine(1, "", "2026-07-01T12:00:00Z")),
	} {
		if e := mustRead(t, createdHead+text).Lookup(person(1)); e.MadeHere() {
			t.Errorf("%s: %+v", text, e)
		}
	}
}

// Of two lines of one phone, either may know.
func TestCreatesOfTwoLinesAreMerged(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		cells := []string{"", "2026-07-01T12:00:00Z", "yes"}
		codes := []string{"", "password_replaced"}
		var text strings.Builder
		made, replaced := false, false
		for range rapid.IntRange(1, 3).Draw(t, "lines") {
			cell, code := rapid.SampledFrom(cells).Draw(t, "cell"), rapid.SampledFrom(codes).Draw(t, "code")
			line := createdLine(1, code, cell)
			if rapid.Bool().Draw(t, "created") {
				line = strings.Replace(line, ",done,", ",created,", 1)
			}
			text.WriteString(line)
			made, replaced = made || cell != "" && code == "", replaced || code != ""
		}
		l, err := read(createdHead + text.String())
		if err != nil {
			t.Fatal(err)
		}
		if e := l.Lookup(person(1)); e.MadeHere() != (made && !replaced) || e.Replaced != replaced {
			t.Fatalf("%s%+v", text.String(), e)
		}
	})
}
