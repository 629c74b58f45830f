package importer

import (
	"slices"

	"etelecom-import/importer/ledger"
	"etelecom-import/importer/plan"
	"etelecom-import/importer/roster"
)

// selection knows which rows this run may still act on: --limit allows some rows only, --rounds allows each so many tries,
// and an answer that is final ends them.
type selection struct {
	roster *roster.Roster
	ledger *ledger.Ledger
	rounds int
	within map[int]bool // --limit: these rows; nil: all

	// By row. The worker who acts on a row changes them.
	tries []int32
	final []bool // it got an answer that no further try of this run would change
}

func newSelection(r *roster.Roster, l *ledger.Ledger, rounds int) *selection {
	return &selection{roster: r, ledger: l, rounds: rounds, tries: make([]int32, len(r.Rows)), final: make([]bool, len(r.Rows))}
}

// limit fixes which rows are acted on in all rounds: n of the first plan's, those that wait for a create to settle last.
func (s *selection) limit(n int, p *plan.Plan) {
	rows := s.order(p)
	for i := range p.Steps {
		if p.Steps[i].Action == plan.Wait {
			rows = append(rows, i)
		}
	}
	s.within = map[int]bool{}
	for _, i := range rows[:min(n, len(rows))] {
		s.within[i] = true
	}
}

// allows reports whether --limit allows the row.
func (s *selection) allows(row int) bool { return s.within == nil || s.within[row] }

// mayAct reports whether the row can still be acted on in this run.
func (s *selection) mayAct(row int) bool {
	return int(s.tries[row]) <= s.rounds && !s.final[row] && s.allows(row)
}

// mayActLater reports whether some row waits for a create to settle and can be acted on then.
func (s *selection) mayActLater(p *plan.Plan) bool {
	for i := range p.Steps {
		if p.Steps[i].Action == plan.Wait && s.mayAct(i) {
			return true
		}
	}
	return false
}

// order returns the rows to act on: those that were never tried first, each part in the order of the roster.
func (s *selection) order(p *plan.Plan) []int {
	var fresh, tried []int
	for i := range p.Steps {
		if a := p.Steps[i].Action; a != plan.Create && a != plan.Assign || !s.mayAct(i) {
			continue
		}
		// What was tried may fail again, and end the run: what was not comes first.
		if e := s.entry(i); e != nil && e.Attempts > 0 {
			tried = append(tried, i)
		} else {
			fresh = append(fresh, i)
		}
	}
	return append(fresh, tried...)
}

// untried returns those of the rows that this run has not acted on.
func (s *selection) untried(rows []int) []int {
	return slices.DeleteFunc(slices.Clone(rows), s.acted)
}

// unfinished reports whether another round is worth it after one that was to act on the given rows: some row was not acted on,
// or is not done yet, or what became of it may be found out.
func (s *selection) unfinished(rows []int, p *plan.Plan, t *tally) bool {
	if !p.RetryAt.IsZero() && s.mayActLater(p) {
		return true
	}
	return slices.ContainsFunc(rows, func(i int) bool {
		e := s.entry(i)
		halfway := e != nil && (e.Open() || e.Status == ledger.Created)
		return halfway || !s.acted(i) || t.of(i) == unknown
	})
}

func (s *selection) acted(row int) bool { return s.tries[row] > 0 || s.final[row] }

// entry returns what the ledger knows of the row's phone; nil if it knows nothing.
func (s *selection) entry(row int) *ledger.Entry { return s.ledger.Lookup(s.roster.Rows[row].Phone) }
