package console

import (
	"fmt"
	"strings"

	"etelecom-import/apiclient/message"
	"etelecom-import/importer"
	"etelecom-import/importer/console/layout"
)

// The columns of a finding.
const (
	statusWidth  = len("not known  ")
	findingWidth = len("right to create  ")
)

// printFinding prints what a check found of one thing, and what to do about it.
func printFinding(out page, f importer.Finding) {
	out.wrapped(layout.PadRight(checkColor(out, f.Status, f.Status.String()), statusWidth)+layout.PadRight(label(f.Name)+"  ", findingWidth), layout.OneLine(f.Found))
	if f.Todo == "" {
		return
	}
	text, command, _ := strings.Cut(f.Todo, "\n")
	head := layout.PadRight("", statusWidth) + out.bold("to do:") + " "
	out.wrapped(head, layout.OneLine(text))
	if command != "" { // in one line, to be pasted
		fmt.Fprintln(out, layout.PadRight("", layout.Width(head))+strings.Map(layout.Printable, command))
	}
}

// label returns the name of a finding as people read it.
func label(name string) string {
	if name == "tls" {
		return "TLS"
	}
	return strings.ReplaceAll(name, "_", " ")
}

// printCheckEnd prints how a check went as a whole.
func printCheckEnd(out page, r *importer.CheckReport) {
	var parts []string
	for _, s := range []importer.CheckStatus{importer.CheckOK, importer.CheckWrong, importer.CheckNotKnown} {
		if n := r.Count(s); n > 0 {
			parts = append(parts, checkColor(out, s, fmt.Sprintf("%d %s", n, s)))
		}
	}
	message.Fprintf(out, "\n%s. Nothing was changed.\n", strings.Join(parts, ", "))
}

// checkColor gives text the color of a status.
func checkColor(out page, s importer.CheckStatus, text string) string {
	switch s {
	case importer.CheckOK:
		return out.green(text)
	case importer.CheckWrong:
		return out.red(text)
	}
	return out.yellow(text)
}
