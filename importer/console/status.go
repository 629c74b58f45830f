package console

import (
	"fmt"

	"etelecom-import/apiclient/message"
	"etelecom-import/importer/console/layout"
	"etelecom-import/importer/report"
)

// statusView prints what result and journal say.
type statusView struct {
	out    page
	status *report.Status
}

func (v statusView) print() {
	out, s := v.out, v.status
	message.Fprintf(out, "%s: account %s\n", out.bold(layout.OneLine(s.Result)), layout.OneLine(s.Account.ID))
	by, soFar := layout.OneLine(s.By), " so far"
	switch s.Run {
	case report.RunOn:
		fmt.Fprintf(out, "%s: %s\n", out.yellow("a run is on"), by)
	case report.RunInterrupted:
		message.Fprintf(out, "%s (%s): run the same command again to go on\n", out.yellow("the last run did not end in order"), by)
	case report.RunOver:
		soFar = ""
	}
	fmt.Fprintf(out, "%s%s: %s\n", out.bold(count(s.Rows, "row")), soFar, statusCounts(out, s.Status))
	printErrors(out, s.Errors)
	printWarnings(out, s.Warnings)
	printReplaced(out, s.PasswordReplaced, s.Replaced)
	if s.Open > 0 {
		next := "the next run looks for the user before it does anything else"
		if s.CannotLook {
			next = "a run with a key that may list users looks for the user first; otherwise only a person who looks at eTelecom can tell"
		}
		message.Fprintf(out, "\n%s whose outcome is not known: %s\n", count(s.Open, "create"), next)
	}
}
