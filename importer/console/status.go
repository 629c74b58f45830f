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
	result := out.bold(layout.OneLine(s.Result))
	if account := layout.OneLine(s.Account.ID); account != "" {
		message.Fprintf(out, "%s: account %s\n", result, account)
	} else { // before anything was written, no file knows
		message.Fprintf(out, "%s: nothing is written yet\n", result)
	}
	by := layout.OneLine(s.Holder.String())
	switch s.Run {
	case report.RunOn:
		fmt.Fprintln(out, out.yellow(message.T("A run is on:")), by)
	case report.RunInterrupted:
		fmt.Fprintln(out, out.yellow(message.Sprintf("The last run was cut off (%s).", by)), message.T("Run the same command again to continue."))
	case report.RunOver:
	}
	rows, counts := out.bold(message.Count(s.Rows, "row", "rows")), statusCounts(out, s.Status)
	if s.Run == report.RunOver {
		fmt.Fprintf(out, "%s: %s\n", rows, counts)
	} else {
		message.Fprintf(out, "%s so far: %s\n", rows, counts)
	}
	printErrors(out, s.Errors)
	printWarnings(out, s.Warnings)
	printReplaced(out, s.PasswordReplaced, s.Replaced, s.PasswordReplaced)
	people := message.Count(s.Open, "person", "people")
	switch {
	case s.Open == 0:
	case s.CannotLook:
		message.Fprintf(out, "\n%s may or may not have been created. This key may not list users: run again with a key that may, or look at eTelecom.\n", people)
	default:
		message.Fprintf(out, "\n%s may or may not have been created. Run again: the tool checks first.\n", people)
	}
}
