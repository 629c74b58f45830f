package console

import (
	"fmt"
	"strings"

	"etelecom-import/apiclient/message"
	"etelecom-import/importer/check"
	"etelecom-import/importer/console/layout"
)

// checkStatuses are the statuses of findings, in the order of the last line.
var checkStatuses = []check.Status{check.OK, check.Wrong, check.Warning, check.NotKnown}

// findingNames are the names of findings as people read them. One that is missing is printed as JSON has it.
var findingNames = map[string]message.Text{
	"key_file":             "key file",
	"key_file_access":      "key file access",
	"key_shape":            "key shape",
	"proxy":                "proxy",
	"name":                 "name",
	"connection":           "connection",
	"tls":                  "TLS",
	"users":                "users",
	"extensions":           "extensions",
	"right_to_create":      "right to create",
	"clock":                "clock",
	"account":              "account",
	"switchboard":          "switchboard",
	"employee_file":        "employee file",
	"employee_file_access": "employee file access",
}

// findingName returns the name of a finding as people read it.
func findingName(name string) string {
	if text, ok := findingNames[name]; ok {
		return text.String()
	}
	return layout.OneLine(name)
}

// printFinding prints one finding of a check, with its hint.
func printFinding(out page, f check.Finding) {
	const between = 2
	statusWidth := 0
	for _, s := range checkStatuses {
		statusWidth = max(statusWidth, layout.Width(s.String())+between)
	}
	nameWidth := max(layout.Width(findingName("right_to_create")), layout.Width(findingName(f.Name))) + between // longer names are rare
	status := checkColor(out, f.Status, f.Status.String())
	out.wrapped(layout.PadRight(status, statusWidth)+layout.PadRight(findingName(f.Name), nameWidth), layout.OneLine(f.Found))
	if f.Hint == "" {
		return
	}
	head := layout.PadRight("", statusWidth) + out.bold(message.T("hint:")) + " "
	out.wrapped(head, layout.OneLine(f.Hint))
	if f.Command != "" { // in one line, to be pasted
		fmt.Fprintln(out, layout.PadRight("", layout.Width(head))+strings.Map(layout.Printable, f.Command))
	}
}

// printCheckEnd prints how many findings have each status.
func printCheckEnd(out page, r *check.Report) {
	var parts []string
	for _, s := range checkStatuses {
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
