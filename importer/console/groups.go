package console

import (
	"fmt"
	"strconv"
	"strings"

	"etelecom-import/apiclient/message"
	"etelecom-import/importer"
	"etelecom-import/importer/console/layout"
)

// Summary, status and plan have the parts below in common.

// printErrors prints what keeps rows from being done, cause by cause.
func printErrors(out page, groups []importer.Group) {
	for _, g := range groups {
		fresh := ""
		if g.New > 0 && g.New < g.Rows {
			fresh = message.Sprintf(", %d of them new", g.New)
		}
		fmt.Fprintf(out, "\n  %s: %s (%s%s)\n", out.red(layout.OneLine(g.Code)), count(g.Rows, "row"), lineList(g.Lines, g.Rows), fresh)
		if g.Example != "" {
			out.wrapped("    such as: ", layout.OneLine(g.Example))
		}
		printToDo(out, g.Hint)
	}
}

// printWarnings prints what may keep employees from calling, cause by cause.
func printWarnings(out page, groups []importer.Group) {
	for _, g := range groups {
		fmt.Fprintf(out, "\n  %s %s: %s\n", out.yellow("warning"), layout.OneLine(g.Code), lineList(g.Lines, g.Rows))
		out.wrapped("    ", layout.OneLine(g.Example))
		printToDo(out, g.Hint)
	}
}

// printToDo prints what to do about a group.
func printToDo(out page, hint string) { out.wrapped("    "+out.bold("to do:")+" ", hint) }

// printReplaced names the rows whose users were there before and have another password now. lines are the first of their lines.
func printReplaced(out page, rows int, lines []int) {
	if rows > 0 {
		head := out.yellow(count(rows, "password")+" replaced") + " (" + lineList(lines, rows) + "): "
		fmt.Fprintln(out)
		out.wrapped(head, "these people were on the platform before, and the API set their password to the one in the employee file: tell them")
	}
}

// statusCounts lists the statuses that occur.
func statusCounts(out page, n importer.StatusCounts) string {
	var parts []string
	for _, s := range []struct {
		rows  int
		name  string
		paint func(string) string
	}{
		{n.Done, "done", out.green},
		{n.Created, "created", out.yellow},
		{n.Failed, "failed", out.red},
		{n.Unknown, "unknown", out.yellow},
		{n.Invalid, "invalid", out.red},
		{n.Pending, "pending", out.bold},
	} {
		if s.rows > 0 {
			parts = append(parts, s.paint(fmt.Sprintf("%d %s", s.rows, s.name)))
		}
	}
	if len(parts) == 0 {
		return "none"
	}
	return strings.Join(parts, ", ")
}

const fewLines = 5

// lineList names the first lines of several rows: "lines 17, 18, 40 and 12 more". Rows whose line is 0 are only counted.
func lineList(lines []int, rows int) string {
	var named []string
	for _, n := range lines {
		if n > 0 && len(named) < fewLines {
			named = append(named, strconv.Itoa(n))
		}
	}
	more := rows - len(named)
	switch {
	case len(named) == 0:
		return count(rows, "row")
	case rows == 1:
		return "line " + named[0]
	case more == 0:
		last := len(named) - 1
		return "lines " + strings.Join(named[:last], ", ") + " and " + named[last]
	}
	return message.Sprintf("lines %s and %d more", strings.Join(named, ", "), more)
}

// count returns "1 row" or "2 rows".
func count[N int | int64](n N, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}
