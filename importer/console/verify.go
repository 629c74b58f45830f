package console

import (
	"cmp"
	"fmt"
	"strings"

	"etelecom-import/apiclient/message"
	"etelecom-import/importer/console/layout"
	"etelecom-import/importer/reason"
	"etelecom-import/importer/report"
	"etelecom-import/importer/verify"
)

// verifyView prints what the comparison of a result with the tenant has found.
type verifyView struct {
	out    page
	result string
	found  *verify.Verification
}

func (v verifyView) print() {
	out, found := v.out, v.found
	of := message.Sprintf("account %s", layout.OneLine(found.Account.ID))
	if found.Account.Name != "" {
		of = layout.OneLine(fmt.Sprintf("%q (%s)", found.Account.Name, found.Account.ID))
	}
	message.Fprintf(out, "%s: compared with %s, as it was on %s\n", out.bold(layout.OneLine(v.result)), of, message.Time(found.At))
	by := layout.OneLine(found.Holder.String())
	switch report.VerifiedRun(found) {
	case report.RunOn:
		fmt.Fprintln(out, out.yellow(message.T("A run is on:")), by+".", message.T("Rows can change after they were compared."))
	case report.RunInterrupted:
		cut := message.T("The last run was cut off.")
		if by != "" {
			cut = message.Sprintf("The last run was cut off (%s).", by)
		}
		fmt.Fprintln(out, out.yellow(cut), message.T("What its journal knows counts, too."))
	case report.RunOver:
	}
	if found.MayMissRows() {
		out.wrapped("", message.T("Rows that the run has not reached may be missing here. Compare again when a run has come to its end."))
	}
	for _, doubt := range found.Doubts {
		out.wrapped(out.yellow(message.T("look:"))+" ", layout.OneLine(doubt))
	}
	out.wrapped("", v.answer())
	if counts := v.counts(); counts != "" {
		out.wrapped("", counts)
	}
	for _, g := range report.GroupFindings(found) {
		v.group(&g)
	}
	if gone := v.gone(); gone != "" {
		fmt.Fprintln(out)
		out.wrapped("", gone)
	}
}

// answer answers the question whether everybody has their user and their extension.
func (v verifyView) answer() string {
	f := v.found
	people := f.Rows()
	if f.OnlyDone {
		people -= f.NotDone
	}
	all := message.Count(people, "person", "people")
	switch {
	case people == 0 && f.MayMissRows():
		return v.out.yellow(message.T("Not certain.")) + " " + message.T("There is nobody to compare yet.")
	case people == 0:
		return v.out.bold(message.T("There is nobody to compare."))
	case f.Differing > 0, f.NotDone > 0 && !f.OnlyDone:
		return v.out.red(message.T("No.")) + " " + message.Sprintf("%d of %s have their user and their extension as the result says.", f.Confirmed, all)
	case f.CannotTell > 0, f.MayMissRows():
		return v.out.yellow(message.T("Not certain.")) + " " + message.Sprintf("%d of %s have their user and their extension as the result says.", f.Confirmed, all)
	case people == 1:
		return v.out.green(message.T("Yes.")) + " " + message.T("1 person has their user and their extension as the result says.")
	}
	return v.out.green(message.T("Yes.")) + " " + message.Sprintf("All %s have their user and their extension as the result says.", all)
}

// counts says what is so of the others; "" if there are none.
func (v verifyView) counts() string {
	f := v.found
	var parts []string
	if f.Differing > 0 {
		parts = append(parts, v.out.red(message.Sprintf("%d different on the tenant", f.Differing)))
	}
	if f.NotDone > 0 && !f.OnlyDone {
		parts = append(parts, v.out.red(message.Sprintf("%d not done", f.NotDone)))
	}
	if f.CannotTell > 0 {
		parts = append(parts, v.out.yellow(message.Sprintf("%d cannot be said", f.CannotTell)))
	}
	text := strings.Join(parts, ", ")
	if text != "" {
		text = message.Sprintf("The others: %s.", text)
	}
	if f.OnlyDone && f.NotDone > 0 {
		left := message.Sprintf("%s not done and left out (--only-done).", message.Count(f.NotDone, "row is", "rows are"))
		text = strings.TrimSpace(text + " " + left)
	}
	return text
}

// group prints the rows that have one finding.
func (v verifyView) group(g *report.FindingGroup) {
	out, code := v.out, layout.OneLine(g.Code)
	switch g.Example.Kind {
	case verify.NotDone, verify.Difference:
		code = out.red(code)
	case verify.CannotTell:
		code = out.yellow(code)
	case verify.Told:
		word := message.T("note")
		if reason.Of(g.Code).Kind == reason.Warning {
			word = message.T("warning")
		}
		code = out.yellow(word) + " " + code
	}
	fmt.Fprintf(out, "\n  %s: %s (%s)\n", code, message.Count(g.Rows, "row", "rows"), lineList(g.Lines, g.Rows))
	who := cmp.Or(g.Example.Name, g.Example.Phone.String())
	why := g.Example.Why
	if who != "" {
		why = who + ": " + why
	}
	out.wrapped("    "+message.T("such as:")+" ", layout.OneLine(why))
	printHint(out, g.Hint)
}

// gone says what is so of the people who are not in the employee file any more; "" if there are none.
func (v verifyView) gone() string {
	g := v.found.Gone
	if g.People == 0 {
		return ""
	}
	text := message.Sprintf("%d people of the result are not in the employee file any more, and do not count.", g.People)
	if g.People == 1 {
		text = message.T("1 person of the result is not in the employee file any more, and does not count.")
	}
	if g.Users > 0 {
		text += " " + message.Sprintf("Still on the tenant: %s, %s.", message.Count(g.Users, "user", "users"), message.Count(g.Extensions, "with an extension", "with an extension"))
	}
	return text
}
