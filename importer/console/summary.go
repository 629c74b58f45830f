package console

import (
	"fmt"
	"slices"
	"strings"

	"etelecom-import/apiclient/message"
	"etelecom-import/importer"
	"etelecom-import/importer/console/layout"
	"etelecom-import/importer/ledger"
)

// summaryView prints how a run ended.
type summaryView struct {
	out     page
	summary *importer.Summary
}

// print prints the summary. next is the command that goes on.
func (v summaryView) print(next string) {
	out, s := v.out, v.summary
	if !s.DryRun { // else the plan has said all this
		v.counts()
		printErrors(out, s.Errors)
		printWarnings(out, s.Warnings)
	}
	printReplaced(out, s.PasswordReplaced, s.Replaced)
	if s.GoneUnknown > 0 {
		todo := "the next run looks for them"
		if s.CannotLook {
			todo = "this key may not list users, so only a run with a key that may, or a person who looks at eTelecom, can tell"
		}
		message.Fprintf(out, "\n%s, not in the employee file any more: whether a user was created is not known; %s\n", count(s.GoneUnknown, "further person"), todo)
	}
	v.footer(next)
}

func (v summaryView) counts() {
	out, s := v.out, v.summary
	if s.Plan.Create+s.Plan.Assign+s.Plan.Wait == 0 && s.Stopped == "" {
		fmt.Fprintf(out, "\n%s ", out.bold("Nothing to do."))
	} else {
		fmt.Fprintln(out)
	}
	message.Fprintf(out, "%s: %s; %s in %.1f s\n", out.bold(count(s.Rows, "row")), statusCounts(out, s.Status), count(s.Requests, "request"), s.Seconds)
	if s.Later > 0 {
		message.Fprintf(out, "%s left for later by --limit\n", count(s.Later, "row"))
	}
}

// footer names the result and the command to go on with.
func (v summaryView) footer(next string) {
	var lines []string
	if v.summary.Written {
		lines = append(lines, "result: "+layout.OneLine(v.summary.Result))
	}
	if unfinished(v.summary) {
		label := "to go on:"
		if v.summary.DryRun {
			label = "to carry it out:"
		}
		lines = append(lines, v.out.bold(label)+" "+strings.Map(layout.Printable, next))
	}
	if len(lines) > 0 {
		fmt.Fprintf(v.out, "\n%s\n", strings.Join(lines, "\n"))
	}
}

// unfinished reports whether another run has something to do, by itself or once people have done their part.
func unfinished(s *importer.Summary) bool {
	if s.DryRun {
		unasked := s.Result == "" // with --offline there is no plan
		return s.Plan.Writes()+s.Plan.Wait > 0 || unasked && s.Status.Pending > 0
	}
	return s.Status.Done < s.Rows || s.GoneUnknown > 0 || s.Stopped != ""
}

// needsAttention reports whether a run has something to say to a person, even with --quiet.
func needsAttention(s *importer.Summary) bool {
	news := s.PasswordReplaced > 0 || slices.ContainsFunc(s.Warnings, func(g importer.Group) bool { return g.New > 0 })
	unclear := s.GoneUnknown > 0 || s.Status.Unknown > 0
	failed := len(s.Errors) > 0 || s.Stopped != ""
	return news || unclear || failed
}

// unrecorded returns the entries that no file has and that somebody must know of: those with a user.
func unrecorded(s *importer.Summary) []*ledger.Entry {
	return slices.DeleteFunc(slices.Clone(s.Unrecorded), func(e *ledger.Entry) bool { return e.UserID == 0 && e.Status != ledger.Done })
}
