package console

import (
	"fmt"
	"slices"

	"etelecom-import/apiclient/message"
	"etelecom-import/importer"
	"etelecom-import/importer/console/layout"
	"etelecom-import/importer/ledger"
	"etelecom-import/importer/roster"
)

// summaryView prints how a run ended.
type summaryView struct {
	out     page
	summary *importer.Summary
	alone   bool // nothing was printed before
}

// print prints the summary, and what to do next.
func (v summaryView) print(next Next) {
	out, s := v.out, v.summary
	if !s.DryRun { // else the plan has said all this
		v.counts()
		v.otherNumbers()
		printErrors(out, s.Errors)
		printWarnings(out, s.Warnings)
	}
	if v.alone {
		v.skipped()
	}
	if d := &s.Changes; !d.IsEmpty() && (v.alone || !s.DryRun) {
		fmt.Fprintln(out)
		changesView{out: out, changes: d}.print()
	}
	printReplaced(out, s.PasswordReplaced, s.Replaced, s.ReplacedNew)
	people := message.Count(s.GoneUnknown, "person", "people")
	switch {
	case s.GoneUnknown == 0:
	case s.CannotLook:
		message.Fprintf(out, "\n%s no longer in the employee file may or may not have been created. "+
			"This key may not list users: run again with a key that may, or look at eTelecom.\n", people)
	default:
		message.Fprintf(out, "\n%s no longer in the employee file may or may not have been created. Run again: the tool checks first.\n", people)
	}
	v.footer(next)
}

func (v summaryView) counts() {
	out, s := v.out, v.summary
	if s.Plan.Create+s.Plan.Assign+s.Plan.Wait == 0 && s.Stopped == "" {
		fmt.Fprintf(out, "\n%s ", out.bold(message.T("Nothing to do.")))
	} else {
		fmt.Fprintln(out)
	}
	message.Fprintf(out, "%s: %s; %s in %.1f s\n", out.bold(message.Count(s.Rows, "row", "rows")), statusCounts(out, s.Status), message.Count(s.Requests, "request", "requests"), s.Seconds)
	if s.Later > 0 {
		message.Fprintf(out, "%s left for later by --limit\n", message.Count(s.Later, "row", "rows"))
	}
}

// otherNumbers names rows that have another free extension than the one to which a person has agreed in the plan.
func (v summaryView) otherNumbers() {
	const most = 20
	rows := 0
	for _, g := range v.summary.FreeExtensions {
		if g.Instead == "" {
			continue
		}
		if rows++; rows <= most {
			message.Fprintf(v.out, "  line %d: %s has extension %s. The plan had %s, and somebody else has it or it was changed\n", g.Line, g.Name, g.Instead, g.Number)
		}
	}
	if rows > most {
		message.Fprintf(v.out, "  ... and %d more with another extension than the plan had\n", rows-most)
	}
}

// skipped names the rows of the employee file that are in no count.
func (v summaryView) skipped() {
	for _, s := range v.summary.Skipped {
		switch lines := lineList(s.Lines, s.Rows); s.Code {
		case "above_header":
			message.Fprintf(v.out, "  skipped: above the header (%s)\n", lines)
		case "not_people":
			message.Fprintf(v.out, "  skipped: not people (%s)\n", lines)
		case "perhaps_people":
			message.Fprintf(v.out, "  skipped: a text, and no phone, password and extension. Make sure that it is not a person (%s)\n", lines)
		case "hidden":
			message.Fprintf(v.out, "  skipped: hidden rows (%s)\n", lines)
		}
	}
}

// footer names the result, and says what to do next.
func (v summaryView) footer(next Next) {
	if v.summary.Written {
		message.Fprintf(v.out, "\nresult: %s\n", layout.OneLine(v.summary.Result))
	}
	next.print(v.out)
}

// needsAttention reports whether a run has something to say to a person, even with --quiet.
func needsAttention(s *importer.Summary) bool {
	replaced, pressing := s.PasswordReplaced, len(s.Errors)+s.Failures()
	if s.FailOn == importer.FailOnNew { // what people know is no news
		replaced, pressing = s.ReplacedNew, s.Pressing+s.Failures()
	}
	news := replaced > 0 || slices.ContainsFunc(s.Warnings, func(g importer.Group) bool { return g.New > 0 })
	unclear := s.GoneUnknown > 0 || s.Status.Unknown > 0
	failed := pressing > 0 || s.Stopped != ""
	return news || unclear || failed
}

// hasSkipped reports whether a person has to know what was skipped: it may have been somebody, or others of the file are created. A
// total that is always there is no news every night.
func hasSkipped(s *importer.Summary) bool {
	isDoubtful := slices.ContainsFunc(s.Skipped, func(s roster.Skipped) bool { return s.Code == "perhaps_people" })
	return isDoubtful || len(s.Skipped) > 0 && s.Plan.Create > 0
}

// unrecorded returns the entries that no file has and that somebody must know of: those with a user.
func unrecorded(s *importer.Summary) []*ledger.Entry {
	return slices.DeleteFunc(slices.Clone(s.Unrecorded), func(e *ledger.Entry) bool { return e.UserID == 0 && e.Status != ledger.Done })
}
