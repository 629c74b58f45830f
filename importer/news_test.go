package importer_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"etelecom-import/apiclient/sandbox"
	"etelecom-import/importer"
	"etelecom-import/importer/cli"
)

// failsOnNew makes the harness run as a crontab does.
func (b *harness) failsOnNew(remind string) {
	b.options.FailOn = importer.FailOnNew
	if err := b.options.Remind.UnmarshalText([]byte(remind)); err != nil {
		b.t.Fatal(err)
	}
}

// night runs, and wants an exit code and how many of the rows that a person has to correct are new, due and known.
func (b *harness) night(what string, code, fresh, due, known int) *importer.Summary {
	b.t.Helper()
	s, err := b.run(context.Background())
	if got := cli.ExitCode(s, err); got != code || s == nil || s.New != fresh || s.Due != due || s.Known != known {
		b.t.Fatalf("%s: exit code %d, %v, %+v", what, got, err, s)
	}
	if s.New+s.Due+s.Known != s.Refusals() {
		b.t.Errorf("%s: %d new, %d due and %d known rows are not %d", what, s.New, s.Due, s.Known, s.Refusals())
	}
	return s
}

// text is the result as it is on the disk.
func (b *harness) text() string {
	text, err := os.ReadFile(b.result)
	if err != nil {
		b.t.Fatal(err)
	}
	return string(text)
}

// A row that is as it was told makes no run fail, until it is told again. Whatever is not exactly the same is new.
//
// rule: known-exactly, remind, told-once
func TestKnownFailures(t *testing.T) {
	in(t, 3, sandbox.Config{}, func(b *harness) {
		good := b.roster
		b.failsOnNew("7d")
		wants := func(another string) { b.roster = strings.Replace(good, fmt.Sprint(extension(1)), another, 1) }
		wants("1301234567890129001") // the tenant has no such extension
		began := time.Now()
		b.night("the first night", 1, 1, 0, 0)
		told := b.lines()[phoneOf(1)].ToldAt
		if at, err := time.Parse(time.RFC3339, told); err != nil || at.Before(began.Truncate(time.Second)) || at.After(time.Now()) {
			t.Errorf("told at %q", told)
		}
		if l := b.lines()[phoneOf(0)]; l.ToldAt != "" {
			t.Errorf("a row that is done was told: %+v", l)
		}
		for range 6 {
			time.Sleep(24*time.Hour - time.Minute)
			before := b.text()
			b.night("another night", 0, 0, 0, 1)
			if b.text() != before {
				t.Errorf("a run that has nothing to tell has changed the result:\n%s", b.text())
			}
		}
		time.Sleep(24*time.Hour + 6*time.Minute - 3*time.Second)
		b.night("just before a week is over", 0, 0, 0, 1)
		time.Sleep(3 * time.Second)
		b.night("a week later", 1, 0, 1, 0)
		if again := b.lines()[phoneOf(1)].ToldAt; again == told {
			t.Error("it was told again, and the result does not say so")
		}
		b.night("the night after", 0, 0, 0, 1)

		wants("1301234567890129002")
		s := b.night("another extension that is not there", 1, 1, 0, 0)
		if len(s.Errors) != 1 || s.Errors[0].New != 1 || s.Errors[0].Known != 0 {
			t.Errorf("%+v", s.Errors)
		}
		wants("13012345678901290xx")
		b.night("another reason", 1, 1, 0, 0)
		s = b.night("and the same again", 0, 0, 0, 1)
		if s.Errors[0].New != 0 || s.Errors[0].Known != 1 || s.Refusals() != 1 {
			t.Errorf("%+v", s)
		}
		b.roster = strings.Replace(b.roster, "Văn 1,", "Thị Một,", 1)
		b.night("another person", 1, 1, 0, 0)

		broken := b.roster
		b.roster = good
		b.night("corrected", 0, 0, 0, 0)
		if l := b.lines()[phoneOf(1)]; l.ToldAt != "" || l.Status != "done" {
			t.Errorf("%+v", l)
		}
		b.roster = broken
		b.night("bad again", 1, 1, 0, 0)
	})
}

// Lines and counts in a message change when rows move; rows without a phone are told apart by what the result shows of them.
func TestRowsThatMove(t *testing.T) {
	in(t, 4, sandbox.Config{}, func(b *harness) {
		b.failsOnNew("7d")
		rows := strings.SplitAfter(strings.TrimPrefix(b.roster, header), "\n")
		nameless := "Nguyễn Thị Lan,0123,pässwörd-x,1301234567890129001,\n"
		b.roster = header + rows[0] + rows[1] + rows[1] + nameless + nameless
		b.night("two rows of one phone, and two without any", 1, 4, 0, 0)
		b.night("the same", 0, 0, 0, 4)
		b.roster = header + nameless + rows[2] + rows[1] + rows[3] + nameless + rows[1] + rows[0]
		b.night("moved", 0, 0, 0, 4)
		b.roster = header + nameless + nameless + nameless + rows[1] + rows[1] + rows[0] + rows[2] + rows[3]
		b.night("one more that looks like two others", 1, 1, 0, 4)
		b.roster = header + nameless + rows[1] + rows[1] + rows[0] + rows[2] + rows[3]
		b.night("two less", 0, 0, 0, 3)
	})
}

// A row that was done, and is wanted with another extension, is known by that extension.
func TestDoneWithAnotherExtension(t *testing.T) {
	in(t, 3, sandbox.Config{}, func(b *harness) {
		b.failsOnNew("7d")
		good := b.roster
		b.night("all is well", 0, 0, 0, 0)
		for _, number := range []string{"1002", "1003", "1777", "1778"} {
			b.roster = strings.Replace(good, "1301234567890123001,", ","+number, 1)
			b.roster = header + strings.SplitAfter(strings.TrimPrefix(b.roster, header), "\n")[0]
			b.night("extension "+number, 1, 1, 0, 0)
			b.night("extension "+number+" again", 0, 0, 0, 1)
		}
	})
}

// A row that is done, and whose other extension was refused, is well again when the old one is put back: nothing is told of it.
func TestPutBack(t *testing.T) {
	in(t, 2, sandbox.Config{}, func(b *harness) {
		b.failsOnNew("7d")
		good := b.roster
		b.must()
		b.roster = strings.Replace(good, fmt.Sprint(extension(1)), "1301234567890129001", 1)
		b.night("another extension", 1, 1, 0, 0)
		b.roster = good
		if s := b.night("put back", 0, 0, 0, 0); len(s.Errors) > 0 || s.Pressing > 0 {
			t.Errorf("%+v", s.Errors)
		}
		if l := b.lines()[phoneOf(1)]; l.ErrorCode != "" || l.Error != "" || l.ToldAt != "" || l.Status != "done" {
			t.Errorf("%+v", l)
		}
	})
}

// Whatever --fail-on says, these are told: a user without an extension, an open outcome, and a run that was stopped.
func TestNeverHidden(t *testing.T) {
	in(t, 2, sandbox.Config{}, func(b *harness) {
		b.failsOnNew("7d")
		w := b.between()
		w.instead = func(call, _ string) *http.Response {
			if call == "AssignUserToExtension" {
				return problem(http.StatusBadRequest, "invalid_argument")
			}
			return nil
		}
		for range 3 {
			if s := b.night("created", 1, 2, 0, 0); s.Status.Created != 2 || s.Pressing != 2 {
				t.Errorf("%+v", s)
			}
		}
	})
	in(t, 1, sandbox.Config{}, func(b *harness) {
		b.failsOnNew("7d")
		b.options.Settle = 0 // it stays unknown
		b.faults("cut-before@create=#1")
		for range 3 {
			if s, err := b.run(context.Background()); cli.ExitCode(s, err) != 3 {
				t.Errorf("exit code %d, %+v", cli.ExitCode(s, err), s)
			}
		}
	})
}

// That a password was replaced is told once, and never again, whatever becomes of the row.
func TestReplacedIsToldOnce(t *testing.T) {
	in(t, 2, sandbox.Config{}, func(b *harness) {
		b.failsOnNew("1h")
		if _, err := b.tenant.AddStranger(phoneOf(0), "was elsewhere before"); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Hour)
		if s := b.night("replaced", 0, 0, 0, 0); s.PasswordReplaced != 1 || s.ReplacedNew != 1 {
			t.Errorf("%+v", s)
		}
		all := b.roster
		b.roster = strings.Join(strings.SplitAfter(all, "\n")[2:], "")
		b.roster = header + b.roster
		time.Sleep(24 * time.Hour)
		if s := b.night("gone", 0, 0, 0, 0); s.Gone != 1 || s.Changes.Gone.Users != 1 {
			t.Errorf("%+v", s)
		}
		b.roster = all
		for range 2 {
			if s := b.night("back", 0, 0, 0, 0); s.PasswordReplaced != 1 || s.ReplacedNew != 0 || s.Gone != 0 {
				t.Errorf("%+v", s)
			}
		}
	})
}

// A result is not said to have told what the caller could not take: a plan that it has refused.
func TestPlanThatCannotBeTaken(t *testing.T) {
	in(t, 2, sandbox.Config{}, func(b *harness) {
		b.failsOnNew("7d")
		b.roster = strings.Replace(b.roster, fmt.Sprint(extension(1)), "1301234567890129001", 1)
		b.night("the first night", 1, 1, 0, 0)
		b.roster = strings.Replace(b.roster, "1301234567890129001", "1301234567890129002", 1)
		before, full := b.text(), errors.New("no space left")
		in := b.input()
		in.Hooks.OnPlan = func(*importer.Plan) error { return full }
		if s, err := importer.Run(context.Background(), in); !errors.Is(err, full) || cli.ExitCode(s, err) != 2 || b.text() != before {
			t.Errorf("%v, %+v\n%s", err, s, b.text())
		}
		b.night("the next night", 1, 1, 0, 0)
	})
}

// A dry run reads when rows were told, and writes nothing.
func TestKnownInADryRun(t *testing.T) {
	in(t, 2, sandbox.Config{}, func(b *harness) {
		b.failsOnNew("7d")
		b.roster = strings.Replace(b.roster, fmt.Sprint(extension(1)), "1301234567890129001", 1)
		b.options.DryRun, b.options.DetailedExitcode = true, true
		b.night("a dry run", 1, 1, 0, 0)
		b.night("another one", 1, 1, 0, 0)
		b.options.DryRun = false
		b.night("a run", 1, 1, 0, 0)
		b.options.DryRun = true
		b.night("nothing would be sent", 0, 0, 0, 1)
		b.roster += fmt.Sprintf("Nguyễn Văn An,%s,pässwörd-9-x,,1001\n", phoneOf(9))
		if _, err := b.tenant.AddExtension(extension(9), "1999"); err != nil {
			t.Fatal(err)
		}
		b.roster = strings.Replace(b.roster, ",,1001\n", ",,1999\n", 1)
		b.night("somebody would be created", 7, 0, 0, 1)
	})
}

func TestPeriod(t *testing.T) {
	for text, want := range map[string]time.Duration{
		"7d": 168 * time.Hour, "36h": 36 * time.Hour, "1d12h": 36 * time.Hour, "1.5d": 36 * time.Hour, " 90m ": 90 * time.Minute, "3650d": 87600 * time.Hour,
		"0": 0, "0d": 0, "": 0, "d": 0, "7": 0, "-1d": 0, "1d-1h": 0, "-2h": 0, "7 days": 0, "1e9d": 0, "NaNd": 0, "999999999999h": 0,
	} {
		var p importer.Period
		if err := p.UnmarshalText([]byte(text)); (err == nil) != (want != 0) || time.Duration(p) != want {
			t.Errorf("%q: %v, %v", text, time.Duration(p), err)
		}
	}
}

// What the result of an older version has counts as new once, as what was never told does.
func TestResultWithoutTimes(t *testing.T) {
	in(t, 2, sandbox.Config{}, func(b *harness) {
		b.failsOnNew("7d")
		b.roster = strings.Replace(b.roster, fmt.Sprint(extension(1)), "1301234567890129001", 1)
		b.night("the first night", 1, 1, 0, 0)
		var old strings.Builder
		for line := range strings.Lines(b.text()) {
			cells := strings.Split(line, ",")
			old.WriteString(strings.Join(cells[:len(cells)-3], ",") + "\n")
		}
		if err := os.WriteFile(b.result, []byte(old.String()), 0o600); err != nil {
			t.Fatal(err)
		}
		b.night("after the update", 1, 1, 0, 0)
		b.night("the same", 0, 0, 0, 1)
	})
}
