package console

import (
	"fmt"
	"strings"

	"etelecom-import/importer"
	"etelecom-import/importer/console/layout"
)

// How wide the status and the name of a finding are set.
const (
	statusWidth  = len("not known  ")
	findingWidth = len("right to create  ")
)

// Found says what a check found of one thing, and what to do about it. As JSON, all is printed at the end.
func (c *Console) Found(f importer.Finding) {
	if c.opts.JSON {
		return
	}
	head := layout.PadRight(c.painted(f.Status, f.Status.String()), statusWidth) + layout.PadRight(label(f.Name)+"  ", findingWidth)
	fmt.Fprintln(c.out, layout.WrapIndented(head, layout.OneLine(f.Found), c.columns()))
	if f.Todo == "" {
		return
	}
	text, command, _ := strings.Cut(f.Todo, "\n")
	head = layout.PadRight("", statusWidth) + c.out.bold("to do:") + " "
	fmt.Fprintln(c.out, layout.WrapIndented(head, layout.OneLine(text), c.columns()))
	if command != "" { // in one line, to be pasted
		fmt.Fprintln(c.out, layout.PadRight("", layout.Width(head))+strings.Map(layout.Printable, command))
	}
}

// label is the name of a finding as people read it.
func label(name string) string {
	if name == "tls" {
		return "TLS"
	}
	return strings.ReplaceAll(name, "_", " ")
}

// Checked ends a check: as JSON with all that was found, else with how it went as a whole.
func (c *Console) Checked(r *importer.CheckReport) {
	if c.opts.JSON {
		c.printJSON(r)
		return
	}
	var parts []string
	for _, s := range []importer.CheckStatus{importer.CheckOK, importer.CheckWrong, importer.CheckNotKnown} {
		if n := r.Count(s); n > 0 {
			parts = append(parts, c.painted(s, fmt.Sprintf("%d %s", n, s)))
		}
	}
	fmt.Fprintf(c.out, "\n%s. Nothing was changed.\n", strings.Join(parts, ", "))
}

// painted gives text the colour of a status.
func (c *Console) painted(s importer.CheckStatus, text string) string {
	switch s {
	case importer.CheckOK:
		return c.out.green(text)
	case importer.CheckWrong:
		return c.out.red(text)
	}
	return c.out.yellow(text)
}

// CheckStopped says that a signal has ended a check.
func (c *Console) CheckStopped() {
	c.screen.hide()
	fmt.Fprintln(c.err, "Stopped. Nothing was changed.")
}
