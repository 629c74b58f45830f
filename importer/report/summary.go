package report

import (
	"errors"

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

// NotBegun returns the summary of a run that could not begin because of err. It has no rows.
func NotBegun(err error) *importer.Summary {
	s := &importer.Summary{Errors: []importer.Group{}, Warnings: []importer.Group{}, Skipped: []roster.Skipped{}, Stopped: "not_begun"}
	var stop *importer.Stop
	if errors.As(err, &stop) {
		s.Stopped = stop.Kind.String()
	}
	if gone, ok := errors.AsType[*importer.GoneError](err); ok {
		s.Gone, s.GonePeople = gone.People, gone.Gone
	}
	return s
}
