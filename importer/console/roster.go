package console

import (
	"fmt"
	"strings"

	"etelecom-import/importer/roster"
)

// Roster says what was understood of the employee file; with details, also every kind of problem that it has.
func (c *Console) Roster(input string, r *roster.Roster, details bool) {
	if !c.speaks() {
		return
	}
	d := &r.Dialect
	fmt.Fprintf(c.out, "%s: %s, %s, %s\n", c.out.bold(oneLine(input)), count(len(r.Rows), "row"), d.Encoding, d.Delimiter)
	if details {
		c.columns(d)
	}
	if ignored := d.Ignored(); len(ignored) > 0 {
		fmt.Fprintf(c.out, "  ignored   %s\n", wrap(strings.Join(ignored, ", "), c.room(), indent))
	}
	if d.Blank > 0 {
		fmt.Fprintf(c.out, "  skipped   %s\n", count(d.Blank, "blank row"))
	}
	c.notes("repaired", d.Repaired)
	c.notes("note", d.Warnings)
	if details {
		c.problems(r)
	}
}

const indent = "            "

// room is how many columns text may take.
func (c *Console) room() int { return max(40, min(c.width(), 100)) - len(indent) }

func (c *Console) columns(d *roster.Dialect) {
	for _, col := range d.Columns {
		if col.Field != "" {
			fmt.Fprintf(c.out, "  column    %q is the %s\n", oneLine(col.Header), col.Field)
		}
	}
}

func (c *Console) notes(what string, notes []roster.Note) {
	for _, n := range notes {
		text := fmt.Sprintf("%s (%s)", oneLine(n.Text), lineList(n.Lines, n.Count))
		fmt.Fprintf(c.out, "  %s %s\n", pad(what, 9), wrap(text, c.room(), indent))
	}
}

// cause is all problems of one kind.
type cause struct {
	first roster.Problem
	rows  int
	lines []int
	shown []roster.Problem
}

const shownProblems = 3

// causes groups problems by kind, in the order in which the kinds first appear.
func causes(r *roster.Roster) (list []*cause, total int) {
	byKind := map[string]*cause{}
	for p := range r.Problems() {
		k := byKind[p.Kind]
		if k == nil {
			k = &cause{first: p}
			byKind[p.Kind] = k
			list = append(list, k)
		}
		k.add(p)
		total++
	}
	return list, total
}

func (k *cause) add(p roster.Problem) {
	k.rows++
	if len(k.shown) < shownProblems {
		k.shown = append(k.shown, p)
	} else if len(k.lines) < fewLines {
		k.lines = append(k.lines, p.Line)
	}
}

// problems prints every kind of problem: how many, the first of them with what stands in the cell, and how to put it right.
func (c *Console) problems(r *roster.Roster) {
	list, total := causes(r)
	if total == 0 {
		fmt.Fprintf(c.out, "\n%s\n", c.out.green("No row has a problem."))
		return
	}
	fmt.Fprintf(c.out, "\n%s\n", c.out.bold(count(total, "problem")+", by kind:"))
	for _, k := range list {
		fmt.Fprintf(c.out, "\n  %s: %s\n", c.out.red(k.first.Kind), count(k.rows, "row"))
		for _, p := range k.shown {
			fmt.Fprintf(c.out, "    %s\n", wrap(place(p), c.room(), indent))
		}
		if more := k.rows - len(k.shown); more > 0 {
			fmt.Fprintf(c.out, "    also %s\n", lineList(k.lines, more))
		}
		fmt.Fprintf(c.out, "    %s %s\n", c.out.bold("fix:"), wrap(k.first.Fix, c.room(), indent))
	}
}

// place says where a problem is and what is wrong there.
func place(p roster.Problem) string {
	var b strings.Builder
	if p.Line > 0 {
		fmt.Fprintf(&b, "line %d: ", p.Line)
	}
	if p.Column != "" {
		b.WriteString(p.Column + " ")
	}
	if p.Value != "" {
		fmt.Fprintf(&b, "%q: ", p.Value)
	}
	b.WriteString(p.Wrong)
	return oneLine(b.String())
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
