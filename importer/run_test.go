package importer_test

import (
	"context"
	"fmt"
	"os"
	"testing"

	"etelecom-import/apiclient/sandbox"
)

func TestEverybodyGetsUserAndExtension(t *testing.T) {
	in(t, 25, sandbox.Config{}, func(b *harness) {
		s := b.must()
		if s.Status.Done != 25 || s.Plan.Create != 25 || len(s.Errors) != 0 {
			t.Errorf("summary %+v", s)
		}
		r := b.tenant.Record()
		if r.Creates != 25 || r.Overwrites != 0 || r.Assigns != 25 || r.Taken != 0 {
			t.Errorf("tenant %+v", b.tenant.Totals())
		}
		for i := range 25 {
			p, ok := b.tenant.Person(phoneOf(i))
			l := b.lines()[phoneOf(i)]
			if !ok || l.UserID != fmt.Sprint(p.ID) || l.Status != "done" || l.ExtensionID != fmt.Sprint(extension(i)) || l.ExtensionNumber != fmt.Sprint(1001+i) {
				t.Errorf("row %d: %+v, person %+v", i, l, p)
			}
			if !b.tenant.PasswordIs(phoneOf(i), fmt.Sprintf("pässwörd-%d-x", i)) {
				t.Errorf("row %d has another password", i)
			}
		}
		if _, err := os.Stat(b.result + ".journal"); err == nil {
			t.Error("the journal is still there")
		}
		writes := r.Writes
		if s = b.must(); s.Status.Done != 25 || s.Plan.None != 25 || s.Requests > 3 {
			t.Errorf("second run %+v", s)
		}
		if again := b.tenant.Totals(); again.Writes != writes {
			t.Errorf("second run sent %d writes", again.Writes-writes)
		}
	})
}

func TestNoWorkersStillWorks(t *testing.T) {
	in(t, 3, sandbox.Config{Users: 500}, func(b *harness) {
		b.options.Workers = 0
		s, err := b.run(context.Background())
		b.done(3, s, err)
	})
}
