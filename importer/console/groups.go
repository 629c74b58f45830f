package console

import (
	"fmt"
	"strconv"
	"strings"

	"etelecom-import/apiclient/message"
	"etelecom-import/importer"
	"etelecom-import/importer/console/layout"
	"etelecom-import/importer/reason"
)

// The summary, the status and the plan share the parts below.

// printErrors prints why rows are not done, by cause.
func printErrors(out page, groups []importer.Group) {
	for _, g := range groups {
		fmt.Fprintf(out, "\n  %s: %s (%s)%s\n", out.red(layout.OneLine(g.Code)), message.Count(g.Rows, "row", "rows"),
			linesAndNew(g.Lines, g.Rows, g.New), toldBefore(g.Known == g.Rows))
		if g.Example != "" {
			out.wrapped("    "+message.T("such as:")+" ", layout.OneLine(g.Example))
		}
		printHint(out, g.Hint)
	}
}

// printWarnings prints what may keep employees from calling, by cause.
func printWarnings(out page, groups []importer.Group) {
	for _, g := range groups {
		fmt.Fprintf(out, "\n  %s %s: %s\n", out.yellow(message.T("warning")), layout.OneLine(g.Code), lineList(g.Lines, g.Rows))
		out.wrapped("    ", layout.OneLine(g.Example))
		printHint(out, g.Hint)
	}
}

// printHint prints the hint of a group of rows.
func printHint(out page, hint string) { out.wrapped("    "+out.bold(message.T("hint:"))+" ", hint) }

// printReplaced names the rows whose users were there before and have another password now. lines are the first of their lines, and
// fresh is how many of them people were not told of.
func printReplaced(out page, rows int, lines []int, fresh int) {
	if rows == 0 {
		return
	}
	head := message.Sprintf("%s replaced (%s)%s:", message.Count(rows, "password", "passwords"), linesAndNew(lines, rows, fresh), toldBefore(fresh == 0))
	fmt.Fprintln(out)
	out.wrapped(out.yellow(head)+" ", reason.Hint(reason.PasswordReplaced))
}

// linesAndNew returns a list of lines, and how many of these are new if that is neither all nor none.
func linesAndNew(lines []int, rows, fresh int) string {
	list := lineList(lines, rows)
	if fresh > 0 && fresh < rows {
		return message.Sprintf("%s, %d of them new", list, fresh)
	}
	return list
}

// toldBefore returns the mark of rows that people know; "" for others.
func toldBefore(known bool) string {
	if !known {
		return ""
	}
	return ", " + message.T("told before")
}

// statusCounts lists the statuses that occur.
func statusCounts(out page, n importer.StatusCounts) string {
	var parts []string
	for _, s := range []struct {
		rows  int
		text  message.Text
		paint func(string) string
	}{
		{n.Done, "%d done", out.green},
		{n.Created, "%d created", out.yellow},
		{n.Failed, "%d failed", out.red},
		{n.Unknown, "%d unknown", out.yellow},
		{n.Invalid, "%d invalid", out.red},
		{n.Pending, "%d not started", out.bold},
	} {
		if s.rows > 0 {
			parts = append(parts, s.paint(fmt.Sprintf(s.text.String(), s.rows)))
		}
	}
	if len(parts) == 0 {
		return message.T("none")
	}
	return strings.Join(parts, ", ")
}

const fewLines = 5

// LineList names the first of several lines: "line 9", "lines 17, 18, 40 and 12 more".
func LineList(lines []int, rows int) string { return lineList(lines, rows) }

// lineList names the first lines of several rows: "lines 17, 18, 40 and 12 more". A row whose line is 0 is counted and not named.
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
		return message.Count(rows, "row", "rows")
	case rows == 1:
		return message.Sprintf("line %s", named[0])
	case more == 0:
		last := len(named) - 1
		return message.Sprintf("lines %s and %s", strings.Join(named[:last], ", "), named[last])
	}
	return message.Sprintf("lines %s and %d more", strings.Join(named, ", "), more)
}

// lineRanges names lines by their numbers: "lines 2 and 14-17". Of many it names the first.
func lineRanges(lines []int) string {
	var ranges []string
	rest := 0
	for i := 0; i < len(lines); {
		last := i
		for last+1 < len(lines) && lines[last+1] == lines[last]+1 {
			last++
		}
		switch {
		case len(ranges) == fewLines:
			rest += last - i + 1
		case last == i:
			ranges = append(ranges, strconv.Itoa(lines[i]))
		default:
			ranges = append(ranges, fmt.Sprintf("%d-%d", lines[i], lines[last]))
		}
		i = last + 1
	}
	switch {
	case len(lines) == 1:
		return message.Sprintf("line %s", ranges[0])
	case rest > 0:
		return message.Sprintf("lines %s and %d more", strings.Join(ranges, ", "), rest)
	}
	return message.Sprintf("lines %s", strings.Join(ranges, ", "))
}
