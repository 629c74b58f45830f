package importer_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"etelecom-import/apiclient/sandbox"
	"etelecom-import/importer"
	"etelecom-import/importer/cli"
)

func (b *harness) maxGone(s string) {
	if err := b.options.MaxGone.UnmarshalText([]byte(s)); err != nil {
		b.t.Fatal(err)
	}
}

// only keeps the first rows of a roster.
func only(roster string, n int) string {
	return strings.Join(strings.SplitAfter(roster, "\n")[:1+n], "")
}

// goneNames returns the names of who is gone.
func goneNames(s *importer.Summary) string {
	var names []string
	for _, p := range s.Changes.Gone.Everybody {
		names = append(names, p.Name)
	}
	return strings.Join(names, ", ")
}

// An employee file from which too many people are missing is refused before the first call, and the result stays as it is.
//
// rule: max-gone
func TestTooManyGone(t *testing.T) {
	in(t, 60, sandbox.Config{}, func(b *harness) {
		b.must()
		all, before, requests := b.roster, b.text(), b.tenant.Totals().Requests
		for _, test := range []struct {
			left    int
			maxGone string
			stops   bool
		}{
			{48, "20%", false},
			{47, "20%", true},
			{50, "1%", false},
			{49, "1%", true},
			{57, "2", true},
			{58, "2", false},
			{0, "100%", false},
			{0, "1000", true},
			{0, "99%", true},
			{1, "59", false},
			{1, "58", true},
		} {
			name := fmt.Sprintf("%d of 60 rows are left, with %s", test.left, test.maxGone)
			b.roster = only(all, test.left)
			b.maxGone(test.maxGone)
			b.options.DryRun = true
			s, err := b.run(context.Background())
			stop := new(importer.Stop)
			if stops := errors.As(err, &stop) && stop.Kind == importer.TooManyGone; stops != test.stops {
				t.Errorf("%s: %v", name, err)
			}
			if !test.stops {
				if s == nil || s.Gone != 60-test.left {
					t.Errorf("%s: %+v", name, s)
				}
				requests = b.tenant.Totals().Requests
				continue
			}
			b.options.DryRun = false
			_, err = b.run(context.Background())
			gone := new(importer.GoneError)
			if cli.ExitCode(nil, err) != 4 || !errors.As(err, &gone) || gone.People != 60-test.left || gone.Listed != 60 {
				t.Errorf("%s: exit code %d, %v", name, cli.ExitCode(nil, err), err)
			}
			if b.text() != before || b.tenant.Totals().Requests != requests {
				t.Errorf("%s: something was sent or changed", name)
			}
		}
		// The next run goes on as if nothing had been.
		b.roster = all
		b.maxGone("20%")
		if s := b.must(); s.Gone != 0 || s.Status.Done != 60 {
			t.Errorf("%+v", s)
		}
	})
}

// Those who were gone before do not count again, and come back as they were. Another phone is another person.
func TestGoneBefore(t *testing.T) {
	in(t, 5, sandbox.Config{}, func(b *harness) {
		b.must()
		all := b.roster
		b.roster = only(all, 3)
		if s := b.must(); s.Gone != 2 || s.Changes.Gone.Users != 2 || s.Changes.Gone.Listed != 5 || goneNames(s) != "Nguyễn Văn 3, Nguyễn Văn 4" {
			t.Errorf("%+v", s.Changes)
		}
		b.maxGone("0")
		if s := b.must(); s.Gone != 0 || s.Changes.Gone.Listed != 3 {
			t.Errorf("%+v", s.Changes)
		}
		b.roster = all
		if s := b.must(); s.Gone != 0 || s.Status.Done != 5 || b.tenant.Totals().Creates != 5 {
			t.Errorf("%+v", s)
		}
		b.maxGone("1")
		b.options.DryRun = true
		b.roster = strings.Replace(all, phoneOf(4), phoneOf(8), 1)
		if s := b.must(); s.Gone != 1 || s.Plan.Create+s.Plan.Refuse != 1 {
			t.Errorf("%+v", s)
		}
	})
}
