package importer

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"etelecom-import/importer/ledger"
	"etelecom-import/importer/plan"
	"etelecom-import/importer/roster"
)

// selecting returns a selection over so many rows, whose ledger is empty.
func selecting(t *testing.T, rows, rounds int) *selection {
	t.Helper()
	var text strings.Builder
	text.WriteString("name,phone,password,extension_id\n")
	for i := range rows {
		fmt.Fprintf(&text, "Đào,09%08d,a long password,%d\n", 12345670+i, 1301234567890123001+i)
	}
	r, err := roster.Read(strings.NewReader(text.String()), roster.Options{})
	if err != nil {
		t.Fatal(err)
	}
	l, err := ledger.Open(ledger.OS{}, filepath.Join(t.TempDir(), "staff.result.csv"), ledger.Process{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	if err := l.Begin(ledger.Owner{ID: "1301234567890100001"}); err != nil {
		t.Fatal(err)
	}
	return newSelection(r, l, rounds)
}

// try takes an intent for a row, so that it was tried.
func (s *selection) try(t *testing.T, row int) *ledger.Entry {
	t.Helper()
	e := s.ledger.GetOrAdd(s.roster.Rows[row].Phone)
	if _, err := s.ledger.BeginCreate(e, ledger.Moment{Here: time.Now()}, time.Now()); err != nil {
		t.Fatal(err)
	}
	return e
}

func planOf(actions ...plan.Action) *plan.Plan {
	p := plan.Unobserved(len(actions))
	for i, a := range actions {
		p.Steps[i].Action = a
	}
	return p
}

// Rows that no run has tried come first: those that were tried may fail again.
func TestOrder(t *testing.T) {
	s := selecting(t, 5, 3)
	s.try(t, 0)
	p := planOf(plan.Create, plan.Create, plan.NoOp, plan.Assign, plan.Wait)
	if got := s.order(p); !slices.Equal(got, []int{1, 3, 0}) {
		t.Errorf("%v", got)
	}
}

// --limit chooses among what the first plan would do, and in later rounds nothing else is done.
func TestSelectionOfACanary(t *testing.T) {
	s := selecting(t, 5, 3)
	s.try(t, 0)
	s.limit(3, planOf(plan.Create, plan.Create, plan.NoOp, plan.Wait, plan.Create))
	for row, want := range []bool{true, true, false, false, true} {
		if s.allows(row) != want {
			t.Errorf("row %d: %v", row, s.allows(row))
		}
	}
	later := planOf(plan.NoOp, plan.Create, plan.Create, plan.Create, plan.Create)
	later.Defer(s.allows)
	if got := s.order(later); !slices.Equal(got, []int{1, 4}) {
		t.Errorf("%v", got)
	}
	// What waits is chosen, if there is room.
	s = selecting(t, 3, 3)
	s.limit(2, planOf(plan.Wait, plan.Create, plan.Wait))
	if !s.allows(0) || !s.allows(1) || s.allows(2) || !s.mayActLater(planOf(plan.Wait, plan.NoOp, plan.NoOp)) || s.mayActLater(planOf(plan.NoOp, plan.NoOp, plan.Wait)) {
		t.Errorf("%+v", s.within)
	}
}

// A row is tried once, and then as often as --rounds says, unless an answer was final.
func TestTries(t *testing.T) {
	s := selecting(t, 2, 2)
	tries := 0
	for ; s.mayAct(0); tries++ {
		s.tries[0]++
	}
	if tries != 3 {
		t.Errorf("%d tries", tries)
	}
	s.final[1] = true
	if s.mayAct(1) || !slices.Equal(s.untried([]int{0, 1}), nil) {
		t.Error("a row whose answer was final is tried again")
	}
}

func TestUnfinished(t *testing.T) {
	now := time.Now()
	for _, test := range []struct {
		name   string
		before func(s *selection, tl *tally, p *plan.Plan)
		want   bool
	}{
		{"not acted on", func(*selection, *tally, *plan.Plan) {}, true},
		{"an answer that was final", func(s *selection, _ *tally, _ *plan.Plan) { s.final[0] = true }, false},
		{"done", func(s *selection, tl *tally, _ *plan.Plan) { s.tries[0]++; tl.set(0, succeeded) }, false},
		{"unknown", func(s *selection, tl *tally, _ *plan.Plan) { s.tries[0]++; tl.set(0, unknown) }, true},
		{"an open create", func(s *selection, _ *tally, _ *plan.Plan) { s.final[0] = true; s.try(t, 0) }, true},
		{"created", func(s *selection, _ *tally, _ *plan.Plan) {
			s.final[0] = true
			s.ledger.RecordCreated(s.try(t, 0), 1301234567890120301, false, now)
		}, true},
		{"another row waits", func(s *selection, _ *tally, p *plan.Plan) {
			s.final[0], p.Steps[1].Action, p.RetryAt = true, plan.Wait, now
		}, true},
	} {
		s, tl, p := selecting(t, 2, 3), newTally(2, &Progress{}), planOf(plan.Create, plan.NoOp)
		test.before(s, tl, p)
		if got := s.unfinished([]int{0}, p, tl); got != test.want {
			t.Errorf("%s: %v", test.name, got)
		}
	}
}
