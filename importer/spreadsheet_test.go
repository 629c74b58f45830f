package importer_test

import (
	"context"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"etelecom-import/apiclient/sandbox"
	"etelecom-import/importer"
)

var longNumber = regexp.MustCompile(`\b\d{19}\b`)

// resave does to a result what LibreOffice 7.4 does to one that it has opened with the numbers taken for numbers: ids
// are rounded, phones lose their 0, and the delimiter is another.
func (b *harness) resave() {
	b.t.Helper()
	text, err := os.ReadFile(b.result)
	if err != nil {
		b.t.Fatal(err)
	}
	spoiled := longNumber.ReplaceAllStringFunc(string(text), func(id string) string {
		f, _ := strconv.ParseFloat(id, 64)
		return strings.Replace(strconv.FormatFloat(f, 'E', 14, 64), "E+", "E+0", 1)
	})
	spoiled = strings.ReplaceAll(strings.ReplaceAll(spoiled, ",09", ",9"), ",", ";")
	if err := os.WriteFile(b.result, []byte(spoiled), 0o600); err != nil {
		b.t.Fatal(err)
	}
}

// TestResultSavedByASpreadsheet: nothing is done again, every id is read again, and that is told once.
func TestResultSavedByASpreadsheet(t *testing.T) {
	for _, by := range []string{"id", "number", "both"} {
		t.Run("extensions by "+by, func(t *testing.T) {
			in(t, 5, sandbox.Config{}, func(b *harness) {
				for i := range 5 {
					id, number := strconv.FormatInt(extension(i), 10), strconv.Itoa(1001+i)
					cells := map[string]string{"id": "," + id + ",", "number": ",," + number, "both": "," + id + "," + number}[by]
					b.roster = strings.Replace(b.roster, ","+id+",", cells, 1)
				}
				b.must()
				before := b.lines()
				b.resave()
				s := b.must()
				if r := b.tenant.Totals(); s.Status.Done != 5 || s.Plan.None != 5 || r.Writes != 10 {
					t.Errorf("%+v after %d writes", s, r.Writes)
				}
				if len(b.warned) != 1 || !strings.Contains(b.warned[0], "a spreadsheet has rounded ids") {
					t.Errorf("told: %q", b.warned)
				}
				for phone, line := range b.lines() {
					if line.UpdatedAt = before[phone].UpdatedAt; line != before[phone] {
						t.Errorf("was %+v\nis  %+v", before[phone], line)
					}
				}
				if s = b.must(); s.Requests > 3 || len(b.warned) != 1 {
					t.Errorf("a third run: %d requests, told %q", s.Requests, b.warned)
				}
			})
		})
	}
}

// TestRosterChangedAfterTheResultWasSpoiled: what is left of an id does not make another extension with the same beginning
// the one that somebody has.
func TestRosterChangedAfterTheResultWasSpoiled(t *testing.T) {
	for name, edit := range map[string]func(string) string{
		"another that begins so":   func(r string) string { return strings.Replace(r, "123001,", "123002,", 1) },
		"one that is not there":    func(r string) string { return strings.Replace(r, "123001,", "123999,", 1) },
		"by another's number":      func(r string) string { return strings.Replace(r, "1301234567890123001,", ",1002", 1) },
		"a number with the id":     func(r string) string { return strings.Replace(r, "123001,", "123001,1002", 1) },
		"a zero before the number": func(r string) string { return strings.Replace(r, "1301234567890123001,", ",01001", 1) },
		"the other's, and the other": func(r string) string {
			return strings.NewReplacer("123001,", "123002,", "123002,", "123001,").Replace(r)
		},
	} {
		t.Run(name, func(t *testing.T) {
			in(t, 2, sandbox.Config{}, func(b *harness) {
				b.must()
				b.resave()
				b.roster = edit(b.roster)
				s := b.must()
				l := b.lines()[phoneOf(0)]
				if l.ErrorCode == "" || l.Status != "done" || s.DoneRefused == 0 || b.tenant.Totals().Writes != 4 {
					t.Errorf("%+v, %+v", l, s)
				}
				if l.ExtensionID != strconv.FormatInt(extension(0), 10) || l.ExtensionNumber != "1001" {
					t.Errorf("not what they have: %+v", l)
				}
			})
		})
	}
}

// TestSpoiledLineWithoutARow: who is not in the roster any more gets their ids back, too.
func TestSpoiledLineWithoutARow(t *testing.T) {
	in(t, 2, sandbox.Config{}, func(b *harness) {
		b.must()
		before := b.lines()[phoneOf(1)]
		b.resave()
		b.roster = strings.Join(strings.SplitAfter(b.roster, "\n")[:2], "")
		b.must()
		after := b.lines()[phoneOf(1)]
		if after.ExtensionID != before.ExtensionID || after.UserID != before.UserID {
			t.Errorf("was %+v\nis  %+v", before, after)
		}
	})
}

// TestRowDoubledWhileAnotherIsGone: a row that is there twice does not make up for one that is missing.
func TestRowDoubledWhileAnotherIsGone(t *testing.T) {
	in(t, 2, sandbox.Config{}, func(b *harness) {
		b.must()
		all := b.roster
		lines := strings.SplitAfter(all, "\n")
		b.roster = lines[0] + lines[1] + lines[1]
		b.must()
		if l := b.lines()[phoneOf(1)]; l.UserID == "" || l.Status != "done" {
			t.Errorf("the second employee is forgotten: %+v", l)
		}
		b.roster = all
		if b.must(); b.tenant.Totals().Creates != 2 {
			t.Errorf("%d creates", b.tenant.Totals().Creates)
		}
	})
}

// TestResultTouchedMeanwhile: a run that changes nothing writes the result nevertheless, if somebody has changed it.
func TestResultTouchedMeanwhile(t *testing.T) {
	for name, touch := range map[string]func(path string) error{
		"removed": os.Remove,
		"cut":     func(path string) error { return os.Truncate(path, 200) },
	} {
		t.Run(name, func(t *testing.T) {
			in(t, 3, sandbox.Config{}, func(b *harness) {
				b.must()
				before, err := os.ReadFile(b.result)
				if err != nil {
					t.Fatal(err)
				}
				input := b.input()
				input.Hooks.OnPlan = func(*importer.Plan) error { return touch(b.result) }
				if _, err := importer.Run(context.Background(), input); err != nil {
					t.Error(err)
				}
				if after, err := os.ReadFile(b.result); string(after) != string(before) {
					t.Errorf("%v: %s", err, after)
				}
			})
		})
	}
}

// TestResultNamesTheIDOfANumber: also on rows that are refused, and on those whose create is open.
func TestResultNamesTheIDOfANumber(t *testing.T) {
	in(t, 4, sandbox.Config{}, func(b *harness) {
		b.roster = header + "A,0912345670,pw-1-x,,1001\nB,0912345671,pw-2-x,,1002\nC,0912345672,pw-3-x," + strconv.FormatInt(extension(1), 10) + ",\nD,0912345673,pw-4-x,,1004\n"
		stranger, err := b.tenant.AddUser("0987654321", "E")
		if err == nil {
			err = b.tenant.MoveExtension(extension(3), stranger)
		}
		if err == nil {
			err = b.tenant.SetFaults(sandbox.MustParseRules("cut-before@create")...)
		}
		if err != nil {
			b.t.Fatal(err)
		}
		b.options.Settle = 0
		if _, err := b.run(context.Background()); err != nil {
			b.t.Log(err)
		}
		for i, want := range []struct {
			status, code string
			extension    int
		}{{"unknown", "", 0}, {"invalid", "duplicate_extension", 1}, {"invalid", "duplicate_extension", 1}, {"failed", "extension_taken", 3}} {
			l := b.lines()[phoneOf(i)]
			if l.Status != want.status || want.code != "" && l.ErrorCode != want.code || l.ExtensionID != strconv.FormatInt(extension(want.extension), 10) {
				t.Errorf("row %d: %+v", i, l)
			}
		}
	})
}

// TestExtensionIDThatCannotBeReadAgain: what is left of it stays in the result.
func TestExtensionIDThatCannotBeReadAgain(t *testing.T) {
	in(t, 1, sandbox.Config{}, func(b *harness) {
		b.roster = strings.Replace(b.roster, ","+strconv.FormatInt(extension(0), 10)+",", ",,1001", 1)
		b.must()
		b.resave()
		if err := b.tenant.SetFaults(sandbox.MustParseRules("denied@extensions")...); err != nil {
			b.t.Fatal(err)
		}
		if s := b.must(); s.Status.Done != 1 || s.Plan.None != 1 {
			t.Errorf("%+v", s)
		}
		if l := b.lines()[phoneOf(0)]; l.ExtensionID != "1.30123456789012E+018" {
			t.Errorf("what was left of the id is gone: %+v", l)
		}
	})
}
