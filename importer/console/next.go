package console

import (
	"fmt"
	"strings"

	"etelecom-import/apiclient/message"
	"etelecom-import/importer/console/layout"
)

// Next is what is useful to do after a run. The zero value is nothing.
type Next struct {
	// Say says what to correct first, if anything, and what the command is for, in sentences. It ends with a colon if there is a command.
	Say string
	// Command is ready to be pasted into a shell; "" for none.
	Command string
	// Notes are said after the command, a sentence each.
	Notes []string
}

// print prints what to do. The command has a line of its own, however long it is.
func (n Next) print(out page) {
	if n.Say == "" && len(n.Notes) == 0 {
		return
	}
	fmt.Fprintln(out)
	if n.Say != "" {
		out.wrapped(out.bold(message.T("Next:"))+" ", layout.OneLine(n.Say))
	}
	if n.Command != "" {
		fmt.Fprintf(out, "  %s\n", strings.Map(layout.Printable, n.Command))
	}
	for _, note := range n.Notes {
		out.wrapped("", layout.OneLine(note))
	}
}
