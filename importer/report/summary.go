package report

import (
	"etelecom-import/importer"
	"etelecom-import/importer/roster"
)

// Offline returns the summary of a look at the employee file alone. A row counts with its first problem.
func Offline(r *roster.Roster) *importer.Summary {
	var groups importer.Groups
	s := &importer.Summary{DryRun: true, Rows: len(r.Rows), Skipped: r.Dialect.Skipped()}
	last := 0 // a problem of the whole file has no line, and counts for no row
	for p := range r.Problems() {
		if p.Line == last {
			continue
		}
		last = p.Line
		s.Plan.Refuse++
		why := "" // only the first of a group is shown, and putting a problem in words takes time
		if !groups.Has(p.Code) {
			why = p.Words().Message
		}
		groups.Add(p.Code, p.Line, true, why)
	}
	s.Status.Invalid, s.Status.Pending = s.Plan.Refuse, s.Rows-s.Plan.Refuse
	s.Errors, s.Warnings = groups.List(), []importer.Group{}
	return s
}
