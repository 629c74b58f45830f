package console

import (
	"fmt"

	"etelecom-import/apiclient/message"
	"etelecom-import/importer/console/layout"
	"etelecom-import/importer/firstpassword"
	"etelecom-import/importer/passwordslip"
)

// printFilled says what is in a new employee file, and what to do with it. It shows no password.
func printFilled(out page, path string, f *firstpassword.Filled, command string) {
	message.Fprintf(out, "%s is written, for you only: %s\n", out.bold(layout.OneLine(path)), message.Count(f.Rows, "row", "rows"))
	fact := func(text string) { out.wrapped("  ", text) }
	count := func(n int, text string) {
		if n > 0 {
			fact(fmt.Sprintf("%d %s", n, text))
		}
	}
	fact(message.Count(f.Made, "new password", "new passwords"))
	count(f.Kept, message.T("had something in the cell, which stays"))
	count(f.Existing, message.T("with a user, or perhaps with one: the cell stays empty"))
	lines := func(lines []int, text string) {
		if len(lines) > 0 {
			fact(fmt.Sprintf("%s: %s", lineRanges(lines), text))
		}
	}
	lines(f.Shared, message.T("the password of another row with the same phone and name"))
	lines(f.Shifted, message.T("no password, since the cells are in the wrong columns"))
	lines(f.Refused, message.T("a password, but a run refuses the row for another reason"))
	if f.Column {
		fact(message.T("a column for the passwords was added at the end"))
	}
	if f.Sheet != "" {
		fact(message.Sprintf("of the workbook, the cells of the sheet %q were copied as text. Formats, formulas and other sheets are not in the new file", layout.OneLine(f.Sheet)))
	}
	if f.Hidden > 0 {
		fact(message.Sprintf("skipped, and not in the new file: %s", message.Count(f.Hidden, "hidden row", "hidden rows")))
	}
	say := message.T("keep this file: it is the only place of these passwords, and passwords makes other ones the next time. Then see the plan:")
	if f.Made == 0 {
		say = message.T("see the plan:")
	}
	Next{
		Say:     say,
		Command: command,
		Notes:   []string{message.T("After the run, slips prints a slip of paper for each person.")},
	}.print(out)
}

// printSlips says what is in a new page of slips, who is not in it, and what to do with it.
func printSlips(out page, path, employees string, s *passwordslip.Slips) {
	message.Fprintf(out, "%s is written, for you only: %s\n", out.bold(layout.OneLine(path)), message.Count(len(s.Slips), "slip", "slips"))
	printWithoutSlip(out, s)
	out.wrapped("  ", message.T("A password that was changed in the file after the run is printed as it is there now. Nobody can see that it is another one."))
	Next{
		Say: message.Sprintf("open %s in a browser, print it on A4 at 100 %%, and cut it. Then delete it, and the passwords in %s.", Quote(path), Quote(employees)),
	}.print(out)
}

// printWithoutSlip names who gets no slip, by reason.
func printWithoutSlip(out page, s *passwordslip.Slips) {
	const most = 10 // names of one reason: the page has all
	byWhy := map[passwordslip.Why][]passwordslip.Left{}
	var order []passwordslip.Why
	for _, left := range s.Left {
		if byWhy[left.Why] == nil {
			order = append(order, left.Why)
		}
		byWhy[left.Why] = append(byWhy[left.Why], left)
	}
	for _, why := range order {
		people := byWhy[why]
		out.wrapped("  ", message.Sprintf("without a slip: %s; %s", message.Count(len(people), "row", "rows"), why.String()))
		for i, left := range people {
			if i == most {
				out.wrapped("    ", message.Sprintf("and %d more", len(people)-most))
				break
			}
			out.wrapped("    ", message.Sprintf("line %d  %s", left.Line, layout.OneLine(left.Name)))
		}
	}
}
