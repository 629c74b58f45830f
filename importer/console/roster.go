package console

import (
	"fmt"
	"strings"

	"etelecom-import/importer/console/layout"
	"etelecom-import/importer/roster"
)

// Roster says what was understood of the employee file; with details, also every kind of problem that it has.
func (c *Console) Roster(input string, r *roster.Roster, details bool) {
	if !c.speaks() {
		return
	}
	d := &r.Dialect
	fmt.Fprintf(c.out, "%s: %s, %s, %s\n", c.out.bold(layout.OneLine(input)), count(len(r.Rows), "row"), d.Encoding, d.Delimiter)
	if details {
		c.understood("columns", mapping(d))
	}
	c.understood("ignored", strings.Join(d.Ignored(), ", "))
	if d.Blank > 0 {
		c.understood("skipped", count(d.Blank, "blank row"))
	}
	c.notes("repaired", d.Repaired)
	c.notes("note", d.Warnings)
	if details {
		c.problems(r)
	}
}

// understood prints one thing that was understood of the file, if there is anything to say.
func (c *Console) understood(what, text string) {
	if text != "" {
		fmt.Fprintln(c.out, layout.WrapIndented("  "+layout.PadRight(what, 10), layout.OneLine(text), c.columns()))
	}
}

// columns is how wide text is set.
func (c *Console) columns() int { return max(50, min(c.width(), 100)) }

// mapping says which column is which field.
func mapping(d *roster.Dialect) string {
	var parts []string
	for _, col := range d.Columns {
		switch {
		case col.Field == "":
		case col.Field == col.Header:
			parts = append(parts, col.Field)
		default:
			parts = append(parts, fmt.Sprintf("%q is the %s", col.Header, col.Field))
		}
	}
	return strings.Join(parts, ", ")
}

func (c *Console) notes(what string, notes []roster.Note) {
	for _, n := range notes {
		c.understood(what, fmt.Sprintf("%s (%s)", n.Text, lineList(n.Lines, n.Count)))
	}
}

// cause is all problems of one kind.
type cause struct {
	rows  int
	lines []int
	shown []roster.Problem // the first; at least one
}

const shownProblems = 3

// causes groups problems by kind, in the order in which the kinds first appear.
func causes(r *roster.Roster) (list []*cause, total int) {
	byKind := map[string]*cause{}
	for c := range r.Causes() {
		k := byKind[c.Kind]
		if k == nil {
			k = &cause{}
			byKind[c.Kind] = k
			list = append(list, k)
		}
		k.add(&c)
	}
	for _, k := range list {
		total += k.rows
	}
	return list, total
}

func (k *cause) add(c *roster.Cause) {
	if c.Line > 0 { // else it is of the whole file
		k.rows++
	}
	if len(k.shown) < shownProblems {
		k.shown = append(k.shown, c.Problem())
	} else if len(k.lines) < fewLines {
		k.lines = append(k.lines, c.Line)
	}
}

// problems prints every kind of problem: how many, the first of them with what stands in the cell, and how to put it right.
func (c *Console) problems(r *roster.Roster) {
	list, total := causes(r)
	switch {
	case len(r.Rows) == 0:
		fmt.Fprintln(c.out, "\nThe file has a header and no employees.")
		return
	case total == 0:
		fmt.Fprintf(c.out, "\n%s\n", c.out.green("No row has a problem."))
		return
	}
	fmt.Fprintf(c.out, "\n%s\n", c.out.bold(count(total, "problem")+", by kind:"))
	for _, k := range list {
		fmt.Fprintf(c.out, "\n  %s: %s\n", c.out.red(k.shown[0].Kind), count(k.rows, "row"))
		fix := k.fix()
		for _, p := range k.shown {
			text := layout.OneLine(p.Message)
			if fix != "" {
				text = strings.TrimSuffix(text, "; "+layout.OneLine(fix))
			}
			fmt.Fprintln(c.out, layout.WrapIndented("    "+placed(p.Line), text, c.columns()))
		}
		if more := k.rows - k.told(); more > 0 {
			fmt.Fprintf(c.out, "    also %s\n", lineList(k.lines, more))
		}
		if fix != "" {
			fmt.Fprintln(c.out, layout.WrapIndented("    "+c.out.bold("fix:")+" ", layout.OneLine(fix), c.columns()))
		}
	}
}

// told is how many of the rows are shown.
func (k *cause) told() (rows int) {
	for _, p := range k.shown {
		if p.Line > 0 {
			rows++
		}
	}
	return rows
}

// fix is what to do about all problems of the cause; "" if it differs from row to row.
func (k *cause) fix() string {
	for _, p := range k.shown {
		if p.Fix != k.shown[0].Fix {
			return ""
		}
	}
	return k.shown[0].Fix
}

func placed(line int) string {
	if line == 0 {
		return ""
	}
	return fmt.Sprintf("line %d: ", line)
}

// WithoutPassword says how many rows could only be assigned: they have no password to create a user with.
func (c *Console) WithoutPassword(r *roster.Roster) {
	var lines []int
	rows := 0
	for i := range r.Rows {
		if !r.Rows[i].NoPassword {
			continue
		}
		if rows++; len(lines) < fewLines {
			lines = append(lines, r.Rows[i].Line)
		}
	}
	if rows > 0 && c.speaks() {
		fmt.Fprintf(c.out, "\n%s without a password (%s): refused unless the user is there already\n", count(rows, "row"), lineList(lines, rows))
	}
}
