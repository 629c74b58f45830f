package console

import (
	"context"
	"fmt"
	"strings"
	"time"

	"etelecom-import/importer"
	"etelecom-import/importer/console/layout"
	"etelecom-import/importer/roster"
)

// Planned prints a plan. Rows that the roster itself refuses are part of it unless told already says that they were
// printed before.
func (c *Console) Planned(r *roster.Roster, p *importer.Plan, told bool) {
	if !c.speaks() {
		return
	}
	c.planned(c.out, r, p, told)
}

func (c *Console) planned(w printer, r *roster.Roster, p *importer.Plan, told bool) {
	fmt.Fprintf(w, "\n%s %s\n", w.bold("Plan for "+tenant(p, "the tenant")+":"), planCounts(p))
	for _, doubt := range p.Doubts {
		fmt.Fprintln(w, layout.WrapIndented("  "+w.yellow("look:")+" ", layout.OneLine(doubt), c.columns()))
	}
	if p.Counts().Create > 0 && p.Listed > 0 {
		fmt.Fprintf(w, "  %s on the tenant; the list is read again every %s\n", count(p.Listed, "user"), span(p.Fresh))
	}
	if id := p.Account.ID; c.SuggestAccount && p.Counts().Writes() > 0 && id != "" && !strings.Contains(id, "://") {
		fmt.Fprintf(w, "  to be sure that later runs are for the same company: --account %s\n", Quote(layout.OneLine(id)))
	}
	groups, samples := refusals(r, p, told)
	for _, g := range groups {
		fmt.Fprintf(w, "  %s %s: %s\n", w.red("refused"), layout.OneLine(g.Code), lineList(g.Lines, g.Rows))
		c.samples(w, r, p, samples[g.Code])
		fmt.Fprintln(w, layout.WrapIndented("    "+w.bold("to do:")+" ", g.Hint, c.columns()))
	}
	c.warnings(w, p.Warnings(r))
}

// planCounts says in a line what the plan is.
func planCounts(p *importer.Plan) string {
	n := p.Counts()
	later := laterRows(p)
	var parts []string
	for _, part := range []struct {
		rows int
		text string
	}{
		{n.Create, "create %d"},
		{n.Assign, "assign only %d"},
		{n.None - later, "nothing to do for %d"},
		{n.Wait, "wait for %d"},
		{n.Refuse, "refuse %d"},
		{later, "leave %d for later (--limit)"},
	} {
		if part.rows > 0 {
			parts = append(parts, fmt.Sprintf(part.text, part.rows))
		}
	}
	if len(parts) == 0 {
		return "no rows"
	}
	return strings.Join(parts, ", ")
}

func laterRows(p *importer.Plan) (rows int) {
	for i := range p.Steps {
		if p.Steps[i].Action == importer.Later {
			rows++
		}
	}
	return rows
}

// refusals groups the refused rows by code, with the first rows of each.
func refusals(r *roster.Roster, p *importer.Plan, told bool) ([]importer.Group, map[string][]int) {
	var groups importer.Groups
	samples := map[string][]int{}
	for i := range p.Steps {
		s := &p.Steps[i]
		if s.Action != importer.Refuse || told && r.Problem(i) != nil {
			continue
		}
		groups.Add(s.Code, r.Rows[i].Line, false, s.Why)
		if len(samples[s.Code]) < shownProblems {
			samples[s.Code] = append(samples[s.Code], i)
		}
	}
	return groups.List(), samples
}

const nameColumns = 24

// samples prints who is refused and why.
func (c *Console) samples(w printer, r *roster.Roster, p *importer.Plan, rows []int) {
	names := 0
	for _, i := range rows {
		names = max(names, layout.Width(r.Rows[i].Name))
	}
	for _, i := range rows {
		row := &r.Rows[i]
		name := layout.PadRight(layout.Truncate(layout.OneLine(row.Name), nameColumns), min(names, nameColumns))
		fmt.Fprintf(w, "    line %-5d %s  %s\n", row.Line, name, row.Phone)
		fmt.Fprintln(w, layout.WrapIndented("      ", layout.OneLine(p.Steps[i].Why), c.columns()))
	}
}

// Ask asks whether to carry a plan out. Without a terminal, with --yes, and where nothing would be written, it is a yes.
func (c *Console) Ask(ctx context.Context, r *roster.Roster, p *importer.Plan, baseURL string) bool {
	n := p.Counts()
	if !c.asks || n.Writes() == 0 {
		return true
	}
	c.screen.hide()
	defer c.screen.show()
	if !c.speaks() {
		c.planned(c.err, r, p, false)
	}
	fmt.Fprintln(c.err)
	return c.agrees(ctx, fmt.Sprintf("%s on %s?", intention(n), tenant(p, baseURL)))
}

// AskReplaced asks whether to go on although passwords of people who were on the platform before have been replaced. Without
// somebody who can answer it is a no.
func (c *Console) AskReplaced(ctx context.Context, people int) bool {
	if !c.asks {
		return false
	}
	return c.agrees(ctx, fmt.Sprintf("%s had an eTelecom login before, and the password of the employee file now. Go on?", count(people, "person")))
}

// tenant names whose tenant a plan is for.
func tenant(p *importer.Plan, baseURL string) string {
	switch {
	case p.Account.Name != "":
		return fmt.Sprintf("%q (account %s)", layout.OneLine(p.Account.Name), layout.OneLine(p.Account.ID))
	case p.Account.ID != "" && p.Account.ID != baseURL:
		return "account " + layout.OneLine(p.Account.ID)
	}
	return baseURL
}

func intention(n importer.Counts) string {
	var parts []string
	if n.Create > 0 {
		parts = append(parts, fmt.Sprintf("create and assign %s", count(n.Create, "user")))
	}
	if n.Assign > 0 {
		parts = append(parts, fmt.Sprintf("assign an extension to %s", count(n.Assign, "user")))
	}
	text := strings.Join(parts, " and ")
	return strings.ToUpper(text[:1]) + text[1:]
}

// span writes a duration as people say it: minute, 5 minutes, 90 seconds.
func span(d time.Duration) string {
	switch {
	case d == time.Minute:
		return "minute"
	case d%time.Minute == 0:
		return fmt.Sprintf("%d minutes", d/time.Minute)
	}
	return count(int64(d.Round(time.Second)/time.Second), "second")
}
