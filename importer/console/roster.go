package console

import (
	"fmt"
	"strings"

	"etelecom-import/apiclient/message"
	"etelecom-import/importer/console/layout"
	"etelecom-import/importer/roster"
)

// rosterView prints what was understood of the employee file.
type rosterView struct {
	out    page
	roster *roster.Roster
}

// print prints what was understood, and which column is which field.
func (v rosterView) print(input string) {
	d := &v.roster.Dialect
	if len(d.Columns) == 0 {
		message.Fprintf(v.out, "%s: the file is empty\n", v.out.bold(layout.OneLine(input)))
		return
	}
	fmt.Fprintf(v.out, "%s: %s, %s, %s\n", v.out.bold(layout.OneLine(input)), message.Count(len(v.roster.Rows), "row", "rows"), d.Encoding, form(d))
	v.printFact("columns", mapping(d))
	v.printFact("ignored", strings.Join(d.Ignored(), ", "))
	if d.Blank > 0 {
		v.printFact("skipped", message.Count(d.Blank, "blank row", "blank rows"))
	}
	if len(d.NotPeople) > 0 {
		v.printFact("skipped", message.Sprintf("not people: %s", lineRanges(d.NotPeople)))
	}
	v.printNotes("repaired", v.roster.Repaired)
	v.printNotes("note", v.roster.Warnings)
}

// judged prints what is odd about names and passwords; with details, also every kind of problem.
func (v rosterView) judged(details bool) {
	v.printNotes("note", v.roster.Doubts)
	if details {
		v.printProblems()
	}
}

// form says how the rows are divided into cells, or of which sheet they are.
func form(d *roster.Dialect) string {
	if d.Sheet != "" {
		return message.Sprintf("sheet %q", layout.OneLine(d.Sheet))
	}
	return delimiterName(d.Delimiter)
}

// delimiterName returns a delimiter as people read it.
func delimiterName(delimiter string) string {
	switch delimiter {
	case "comma":
		return message.T("comma")
	case "semicolon":
		return message.T("semicolon")
	case "tab":
		return message.T("tab")
	case "pipe":
		return message.T("pipe")
	}
	return delimiter
}

// printFact prints one thing that was understood of the file, if there is anything to say.
func (v rosterView) printFact(name message.Text, text string) {
	const nameColumns = 9
	if text != "" {
		v.out.wrapped("  "+layout.PadRight(name.String(), nameColumns)+" ", layout.OneLine(text))
	}
}

func (v rosterView) printNotes(name message.Text, notes []roster.Note) {
	for _, n := range notes {
		if n.Count == 0 { // it is about the whole file
			v.printFact(name, n.Text)
			continue
		}
		v.printFact(name, fmt.Sprintf("%s (%s)", n.Text, lineList(n.Lines, n.Count)))
	}
}

// printProblems prints every kind of problem: how many rows have it, the first of them with what is in the cell, and what to do.
func (v rosterView) printProblems() {
	out := v.out
	kinds, total := problemKinds(v.roster)
	switch {
	case len(v.roster.Rows) == 0:
		message.Fprintf(out, "\nThe file has a header and no employees.\n")
		return
	case total == 0:
		fmt.Fprintf(out, "\n%s\n", out.green(message.T("No row has a problem.")))
		return
	}
	fmt.Fprintf(out, "\n%s\n", out.bold(message.Sprintf("%s, by kind:", message.Count(total, "problem", "problems"))))
	for _, k := range kinds {
		fmt.Fprintf(out, "\n  %s: %s\n", out.red(k.shown[0].Kind), message.Count(k.rows, "row", "rows"))
		hint := k.commonHint()
		for _, p := range k.shown {
			text := p.Words().Message
			if hint != "" { // it follows once, below all of them
				text = p.Words().Description
			}
			out.wrapped("    "+linePrefix(p.Line), layout.OneLine(text))
		}
		if more := k.rows - k.shownRows(); more > 0 {
			message.Fprintf(out, "    also %s\n", lineList(k.moreLines, more))
		}
		if hint != "" {
			printHint(out, layout.OneLine(hint))
		}
	}
}

// withoutPassword says how many rows have no password.
func (v rosterView) withoutPassword() {
	var lines []int
	rows := 0
	for i := range v.roster.Rows {
		if !v.roster.Rows[i].NoPassword {
			continue
		}
		if rows++; len(lines) < fewLines {
			lines = append(lines, v.roster.Rows[i].Line)
		}
	}
	if rows > 0 {
		fmt.Fprintln(v.out)
		v.out.wrapped("", message.Sprintf("%s without a password (%s): refused unless the user exists already. The command passwords makes first passwords for them.",
			message.Count(rows, "row", "rows"), lineList(lines, rows)))
	}
}

// withoutExtension says how many rows get a free extension.
func (v rosterView) withoutExtension() {
	var lines []int
	rows := 0
	for i := range v.roster.Rows {
		if !v.roster.Rows[i].NoExtension || v.roster.Problem(i) != nil {
			continue
		}
		if rows++; len(lines) < fewLines {
			lines = append(lines, v.roster.Rows[i].Line)
		}
	}
	if rows > 0 {
		message.Fprintf(v.out, "\n%s without an extension (%s): which one they have or get shows only in a run that reads the tenant\n",
			message.Count(rows, "row", "rows"), lineList(lines, rows))
	}
}

// mapping says which column is which field.
func mapping(d *roster.Dialect) string {
	var parts []string
	if len(d.Joined) > 0 {
		parts = append(parts, message.Sprintf("%s together are the name", strings.Join(d.Joined, " + ")))
	}
	for _, col := range d.Columns {
		isJoined := len(d.Joined) > 0 && col.Field == "name"
		switch {
		case col.Field == "", isJoined:
		case col.Field == col.Header:
			parts = append(parts, col.Field)
		default:
			parts = append(parts, message.Sprintf("%q is the %s", col.Header, col.Field))
		}
	}
	return strings.Join(parts, ", ")
}

// problemKind is all problems of one kind.
type problemKind struct {
	rows      int
	shown     []roster.Problem // the first; at least one
	moreLines []int            // of the first rows after those
}

// problemKinds groups the problems by kind, in the order in which the kinds first appear. total counts the rows of all kinds.
func problemKinds(r *roster.Roster) (list []*problemKind, total int) {
	byName := map[string]*problemKind{}
	for p := range r.Problems() {
		k := byName[p.Kind]
		if k == nil {
			k = &problemKind{}
			byName[p.Kind] = k
			list = append(list, k)
		}
		k.add(&p)
	}
	for _, k := range list {
		total += k.rows
	}
	return list, total
}

func (k *problemKind) add(p *roster.Problem) {
	if p.Line > 0 { // else it concerns the whole file
		k.rows++
	}
	if len(k.shown) < maxSamples {
		k.shown = append(k.shown, *p)
	} else if len(k.moreLines) < fewLines {
		k.moreLines = append(k.moreLines, p.Line)
	}
}

// shownRows returns how many of the rows are shown.
func (k *problemKind) shownRows() (rows int) {
	for _, p := range k.shown {
		if p.Line > 0 {
			rows++
		}
	}
	return rows
}

// commonHint returns what to do about all problems of the kind; "" if it differs from row to row.
func (k *problemKind) commonHint() string {
	hint := k.shown[0].Words().Hint
	for _, p := range k.shown {
		if p.Words().Hint != hint {
			return ""
		}
	}
	return hint
}

func linePrefix(line int) string {
	if line == 0 {
		return ""
	}
	return message.Sprintf("line %d:", line) + " "
}
