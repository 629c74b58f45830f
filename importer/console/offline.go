package console

import (
	"etelecom-import/importer"
	"etelecom-import/importer/roster"
)

// Offline returns the summary of a look at the employee file alone.
func Offline(r *roster.Roster) *importer.Summary {
	var groups importer.Groups
	s := &importer.Summary{DryRun: true, Rows: len(r.Rows)}
	for i := range r.Rows {
		p := r.Problem(i)
		if p == nil {
			s.Status.Pending++
			continue
		}
		s.Status.Invalid++
		s.Plan.Refuse++
		groups.Add(p.Code, p.Line, true, p.Message)
	}
	s.Errors = groups.List()
	return s
}
