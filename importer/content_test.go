package importer_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"etelecom-import/apiclient/sandbox"
	"etelecom-import/importer"
	"etelecom-import/importer/cli"
	"etelecom-import/importer/hint"
	"etelecom-import/importer/roster"
)

// ruined are what programs make of a name.
var ruined = []string{"Nguyá»…n VÄƒn", "Nguy?n V?n", "Nguy\uFFFDn V\uFFFDn", "Nguy&#7877;n V&#259;n", "Nguy%E1%BB%85n V%C4%83n", "N\aguyễn Văn", "\u202eNguyễn Văn"}

// callThem gives the nth person of the roster the nth name.
func (b *harness) callThem(names ...string) {
	b.t.Helper()
	rows := strings.SplitAfter(b.roster, "\n")
	for i, name := range names {
		_, rest, _ := strings.Cut(rows[i+1], ",")
		rows[i+1] = name + "," + rest
	}
	b.roster = strings.Join(rows, "")
}

// A created name cannot be changed.
// rule: ruined-name
func TestRuinedNamesAreNotSent(t *testing.T) {
	in(t, len(ruined)+1, sandbox.Config{}, func(b *harness) {
		b.callThem(ruined...)
		s := b.must()
		if s.Status.Invalid != len(ruined) || s.Status.Done != 1 || cli.ExitCode(s, nil) != 1 {
			t.Errorf("%+v", s)
		}
		for i := range ruined {
			if _, there := b.tenant.Person(phoneOf(i)); there {
				t.Errorf("%q was created", ruined[i])
			}
			if l := b.lines()[phoneOf(i)]; l.Status != "invalid" || l.ErrorCode != "malformed_row" || l.Error == "" {
				t.Errorf("%q: %+v", ruined[i], l)
			}
		}
		b.kept()
	})
}

// rule: lost-password
func TestLostPasswordsAreNotSent(t *testing.T) {
	lost := []string{"#N/A", "********", "#REF!", "[object Object]", "2.50919E+11", "250919.0", "null"}
	in(t, len(lost)+1, sandbox.Config{}, func(b *harness) {
		for i, password := range lost {
			b.roster = strings.Replace(b.roster, fmt.Sprintf("pässwörd-%d-x", i), password, 1)
		}
		s := b.must()
		if s.Status.Invalid != len(lost) || s.Status.Done != 1 || cli.ExitCode(s, nil) != 1 {
			t.Errorf("%+v", s)
		}
		for i, password := range lost {
			if _, there := b.tenant.Person(phoneOf(i)); there {
				t.Errorf("somebody was created with %q", password)
			}
			if l := b.lines()[phoneOf(i)]; l.Error == "" || strings.Contains(l.Error, "E+11") || strings.Contains(l.Error, "250919") {
				t.Errorf("%q: %+v", password, l)
			}
		}
	})
}

// Whoever was created keeps their name, whatever a program does to the employee file later.
// rule: done-not-judged, found-not-judged
func TestWhoHasAUserIsNotJudged(t *testing.T) {
	in(t, len(ruined), sandbox.Config{Lag: time.Minute}, func(b *harness) {
		b.faults("500-after@create=#1") // this one is found by the next run
		b.options.Rounds = 0
		_, _ = b.run(context.Background())
		before := b.lines()[phoneOf(0)]
		b.faults()
		b.callThem(ruined...)
		b.options.Strict = true
		time.Sleep(2 * time.Minute) // now the listing shows them
		i := b.input()
		i.Hooks.OnJudged = func(r *roster.Roster) {
			for p := range r.Problems() {
				if p.Line > 2 { // nothing is said of those who are done
					t.Errorf("line %d: %s", p.Line, p.Words().Message)
				}
			}
		}
		s, err := importer.Run(context.Background(), i)
		if err != nil || before.Status != "unknown" || s.Status.Done != len(ruined) || cli.ExitCode(s, nil) != 0 {
			t.Errorf("before: %+v, now: %+v", before, s)
		}
		b.done(len(ruined), s, err)
	})
}

// Two lists whose names lead to one result would take each other's rows out of it.
// rule: same-list
func TestAnotherList(t *testing.T) {
	for _, interrupted := range []bool{false, true} {
		in(t, 12, sandbox.Config{}, func(b *harness) {
			all := b.roster
			keep := func(from, to int) {
				rows := strings.SplitAfter(all, "\n")
				b.roster = header + strings.Join(rows[1+from:1+to], "")
			}
			run := func(file string) (*importer.Summary, error) {
				i := b.input()
				i.EmployeeFile = file
				return importer.Run(context.Background(), i)
			}
			keep(0, 4)
			fs := b.fs
			if interrupted {
				b.fs = noResult{} // nothing but the journal is left
			}
			if s, err := run("staff.csv"); s == nil || (err != nil) != interrupted {
				t.Fatalf("%+v, %v", s, err)
			}
			b.fs = fs
			writes := b.tenant.Totals().Writes
			keep(3, 8)
			s, err := run("staff.xlsx")
			if cli.ExitCode(s, err) != 2 || !strings.Contains(hint.Of(err), "-o FILE") || b.tenant.Totals().Writes != writes {
				t.Errorf("interrupted %v: another list: %+v, %v", interrupted, s, err)
			}
			if interrupted {
				keep(0, 12) // four of the twelve were begun with
				i := b.input()
				i.EmployeeFile, i.Options.DryRun = "staff.xlsx", true
				if _, err := importer.Run(context.Background(), i); err != nil {
					t.Errorf("all of the journal and more: %v", err)
				}
			}
			keep(2, 6)
			b.roster += strings.Repeat(strings.SplitAfter(b.roster, "\n")[4], 5) // one person in many rows is one person
			if s, err := run("staff.xlsx"); err != nil || s.Status.Done != 3 {
				t.Errorf("interrupted %v: half of the people: %+v, %v", interrupted, s, err)
			}
			keep(7, 8)
			if s, err := run("staff.xlsx"); err != nil || s.Status.Done != 1 {
				t.Errorf("interrupted %v: the same name: %+v, %v", interrupted, s, err)
			}
		})
	}
}

// A result of rows without a phone has nobody to lose.
func TestListOfNobody(t *testing.T) {
	in(t, 1, sandbox.Config{}, func(b *harness) {
		good := b.roster
		b.roster = header + "Lan,0123,pässwörd-0-x,1301234567890123001,\n"
		run := func(file string) (*importer.Summary, error) {
			i := b.input()
			i.EmployeeFile = file
			return importer.Run(context.Background(), i)
		}
		if s, err := run("staff.csv"); err != nil || s.Status.Invalid != 1 {
			t.Fatalf("%+v, %v", s, err)
		}
		b.roster = good
		s, err := run("staff.xlsx")
		b.done(1, s, err)
	})
}
