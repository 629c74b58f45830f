package console

import (
	"fmt"
	"strings"

	"etelecom-import/apiclient/message"
	"etelecom-import/importer/check"
	"etelecom-import/importer/console/layout"
)

// The columns of a finding.
const (
	statusWidth  = len("not known  ")
	findingWidth = len("right to create  ")
)

// printFinding prints what a check found of one thing, and what to do about it.
func printFinding(out page, f check.Finding) {
	out.wrapped(layout.PadRight(checkColor(out, f.Status, f.Status.String()), statusWidth)+layout.PadRight(label(f.Name)+"  ", findingWidth), layout.OneLine(f.Found))
	if f.Hint == "" {
		return
	}
	head := layout.PadRight("", statusWidth) + out.bold("to do:") + " "
	out.wrapped(head, layout.OneLine(f.Hint))
	if f.Command != "" { // in one line, to be pasted
		fmt.Fprintln(out, layout.PadRight("", layout.Width(head))+strings.Map(layout.Printable, f.Command))
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
func printCheckEnd(out page, r *check.Report) {
	var parts []string
	for _, s := range []check.Status{check.OK, check.Wrong, check.NotKnown} {
		if n := r.Count(s); n > 0 {
			parts = append(parts, checkColor(out, s, fmt.Sprintf("%d %s", n, s)))
		}
	}
	message.Fprintf(out, "\n%s. Nothing was changed.\n", strings.Join(parts, ", "))
}

// checkColor gives text the color of a status.
func checkColor(out page, s check.Status, text string) string {
	switch s {
	case check.OK:
		return out.green(text)
	case check.Wrong:
		return out.red(text)
	}
	return out.yellow(text)
}
