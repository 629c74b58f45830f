package console

import (
	"fmt"
	"strings"

	"etelecom-import/apiclient/message"
	"etelecom-import/importer"
	"etelecom-import/importer/console/layout"
)

// checkStatuses are the statuses of findings as people read them.
var checkStatuses = map[importer.CheckStatus]message.Text{
	importer.CheckOK: "ok", importer.CheckWrong: "wrong", importer.CheckNotKnown: "not known",
}

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
func printFinding(out page, f importer.Finding) {
	const between = 2
	statusWidth := 0
	for _, text := range checkStatuses {
		statusWidth = max(statusWidth, layout.Width(text.String())+between)
	}
	nameWidth := max(layout.Width(findingName("right_to_create")), layout.Width(findingName(f.Name))) + between // longer names are rare
	status := checkColor(out, f.Status, checkStatuses[f.Status].String())
	out.wrapped(layout.PadRight(status, statusWidth)+layout.PadRight(findingName(f.Name), nameWidth), layout.OneLine(f.Found))
	if f.Todo == "" {
		return
	}
	text, command, _ := strings.Cut(f.Todo, "\n")
	head := layout.PadRight("", statusWidth) + out.bold(message.T("hint:")) + " "
	out.wrapped(head, layout.OneLine(text))
	if command != "" { // in one line, to be pasted
		fmt.Fprintln(out, layout.PadRight("", layout.Width(head))+strings.Map(layout.Printable, command))
	}
}

// printCheckEnd prints how many findings have each status.
func printCheckEnd(out page, r *importer.CheckReport) {
	var parts []string
	for _, s := range []importer.CheckStatus{importer.CheckOK, importer.CheckWrong, importer.CheckNotKnown} {
		if n := r.Count(s); n > 0 {
			parts = append(parts, checkColor(out, s, fmt.Sprintf("%d %s", n, checkStatuses[s])))
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
