package console

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"etelecom-import/apiclient/message"
	"etelecom-import/importer"
	"etelecom-import/importer/console/layout"
	"etelecom-import/importer/plan"
	"etelecom-import/importer/roster"
)

// planView prints a plan.
type planView struct {
	out            page
	roster         *roster.Roster
	plan           *importer.Plan
	suggestAccount bool
	everybody      bool // all people who would be created, and all who differ from the last result, are named, not only some
}

// print prints the plan. told says that the rows that the roster itself refuses were printed before.
func (v planView) print(told bool) {
	out, p := v.out, v.plan
	fmt.Fprintf(out, "\n%s %s\n", out.bold(message.Sprintf("Plan for %s:", tenantName(p, message.T("the tenant")))), v.counts())
	v.people()
	if v.replacesPasswords() {
		out.wrapped("  "+out.red(message.T("danger:"))+" ", message.T("the list of users is not read (--blind). Whoever is there already gets the password of the employee file"))
	}
	for _, doubt := range p.Doubts {
		out.wrapped("  "+out.yellow(message.T("look:"))+" ", layout.OneLine(doubt))
	}
	if p.Counts().Create > 0 && p.Listed > 0 {
		message.Fprintf(out, "  The tenant has %s. The list is read again after %s.\n", message.Count(p.Listed, "user", "users"), span(p.Fresh))
	}
	if v.suggestAccount && p.Counts().Writes() > 0 && isAccountID(p.Account.ID) {
		message.Fprintf(out, "  To make sure that later runs are for the same company: --account %s\n", Quote(layout.OneLine(p.Account.ID)))
	}
	if !p.RetryAt.IsZero() {
		message.Fprintf(out, "  Creates of an earlier run had no answer (rows: %d). Each is sent again only if the user is not there.\n", p.Counts().Wait)
	}
	changesView{out, &p.Changes, "  ", v.everybody}.print()
	groups, samples := v.refusals(told)
	for _, g := range groups {
		fmt.Fprintf(out, "  %s %s: %s\n", out.red(message.T("refused")), layout.OneLine(g.Code), lineList(g.Lines, g.Rows))
		v.samples(samples[g.Code])
		printHint(out, g.Hint)
	}
	printWarnings(out, p.Warnings(v.roster))
}

// replacesPasswords reports whether the plan may overwrite the passwords of people who are there: nobody has looked for them.
func (v planView) replacesPasswords() bool { return v.plan.Blind && v.plan.Counts().Create > 0 }

const firstPeople = 3

// people shows who will be created, perhaps after a wait, and which existing users get an extension, so that a ruined or shifted file is
// seen before anything is sent.
func (v planView) people() {
	var created, assigned, createdFree, assignedFree []int
	for i := range v.plan.Steps {
		step := &v.plan.Steps[i]
		isCreated := step.Action == plan.Create || step.Action == plan.Wait && !v.plan.RetryAt.IsZero()
		switch isAssigned := step.Action == plan.Assign; {
		case isCreated && step.Chosen:
			createdFree = append(createdFree, i)
		case isCreated:
			created = append(created, i)
		case isAssigned && step.Chosen:
			assignedFree = append(assignedFree, i)
		case isAssigned:
			assigned = append(assigned, i)
		}
	}
	v.list(created)
	if len(assigned) > 0 {
		message.Fprintf(v.out, "  To existing users, only an extension:\n")
		v.list(assigned)
	}
	v.chosen(message.T("With a free extension, which the file does not name:"), createdFree)
	v.chosen(message.T("To existing users, only a free extension, which the file does not name:"), assignedFree)
}

// chosen shows all rows for which an extension was chosen: nobody can agree to what they do not see.
func (v planView) chosen(title string, rows []int) {
	if len(rows) > 0 {
		fmt.Fprintf(v.out, "  %s\n", title)
		v.everybody = true
		v.list(rows)
	}
}

// list shows the first rows and the last one.
func (v planView) list(rows []int) {
	more := 0
	if !v.everybody && len(rows) > firstPeople+1 {
		more = len(rows) - firstPeople - 1
		rows = append(rows[:firstPeople:firstPeople], rows[len(rows)-1])
	}
	names := v.nameColumns(rows)
	for n, i := range rows {
		if more > 0 && n == firstPeople {
			message.Fprintf(v.out, "  ... %d more, then the last one:\n", more)
		}
		row := &v.roster.Rows[i]
		fmt.Fprintf(v.out, "  %s  %s  %s\n", layout.PadRight(layout.Truncate(layout.OneLine(row.Name), maxNameColumns), names), row.Phone, v.extension(i))
	}
}

// extension returns the extension of a row as the file has it. One that the tenant is not known to have may be a password.
func (v planView) extension(i int) string {
	row := &v.roster.Rows[i]
	if v.plan.Steps[i].Chosen { // the tenant has it
		return v.plan.Steps[i].Extension.Number
	}
	text := row.ExtensionNumber
	if text == "" {
		text = strconv.FormatInt(row.ExtensionID, 10)
	}
	if v.plan.Steps[i].Extension.ID == 0 {
		return roster.Masked(text)
	}
	return text
}

// nameColumns returns how wide the names of some rows are, at most maxNameColumns.
func (v planView) nameColumns(rows []int) (columns int) {
	for _, i := range rows {
		columns = max(columns, min(layout.Width(v.roster.Rows[i].Name), maxNameColumns))
	}
	return columns
}

// counts says in a line what the plan is.
func (v planView) counts() string {
	n, deferred := v.plan.Counts(), 0
	for i := range v.plan.Steps {
		if v.plan.Steps[i].Action == plan.Deferred {
			deferred++
		}
	}
	var parts []string
	for _, part := range []struct {
		rows int
		text message.Text
	}{
		{n.Create, "create %d"},
		{n.Assign, "assign only %d"},
		{n.None - deferred, "nothing to do for %d"},
		{n.Wait, "wait for %d"},
		{n.Refuse, "refuse %d"},
		{deferred, "leave %d for later (--limit)"},
	} {
		if part.rows > 0 {
			parts = append(parts, fmt.Sprintf(part.text.String(), part.rows))
		}
	}
	if len(parts) == 0 {
		return message.T("no rows")
	}
	return strings.Join(parts, ", ")
}

const maxSamples = 3

// refusals groups the refused rows by code, with the first rows of each.
func (v planView) refusals(told bool) (groups []importer.Group, samples map[string][]int) {
	var byCode importer.Groups
	samples = map[string][]int{}
	for i := range v.plan.Steps {
		s := &v.plan.Steps[i]
		if s.Action != plan.Refuse || told && v.roster.Problem(i) != nil {
			continue
		}
		byCode.Add(s.Code, v.roster.Rows[i].Line, false, s.Why())
		if len(samples[s.Code]) < maxSamples {
			samples[s.Code] = append(samples[s.Code], i)
		}
	}
	return byCode.List(), samples
}

const maxNameColumns = 24

// samples prints who is refused and why.
func (v planView) samples(rows []int) {
	names := v.nameColumns(rows)
	for _, i := range rows {
		row := &v.roster.Rows[i]
		name := layout.PadRight(layout.Truncate(layout.OneLine(row.Name), maxNameColumns), names)
		message.Fprintf(v.out, "    line %-5d %s  %s\n", row.Line, name, row.Phone)
		v.out.wrapped("      ", layout.OneLine(v.plan.Steps[i].Why()))
	}
}

// tenantName names the tenant that a plan is for: by its account, or as otherwise says if the account is not known.
func tenantName(p *importer.Plan, otherwise string) string {
	switch named := p.Account.Name != ""; {
	case named && !isAccountID(p.Account.ID): // what is in its place is the address
		return message.Sprintf("%q (%s)", layout.OneLine(p.Account.Name), layout.OneLine(p.Account.ID))
	case named:
		return message.Sprintf("%q (account %s)", layout.OneLine(p.Account.Name), layout.OneLine(p.Account.ID))
	case isAccountID(p.Account.ID):
		return message.Sprintf("account %s", layout.OneLine(p.Account.ID))
	}
	return otherwise
}

// isAccountID is false for the address that is in the place of an id if the tenant does not tell one.
func isAccountID(id string) bool { return id != "" && !strings.Contains(id, "://") }

// question asks whether to do what a plan says. The plan may write.
func question(p *importer.Plan, baseURL string) string {
	ask := questionOfSteps(p, baseURL)
	if (planView{plan: p}).replacesPasswords() {
		return message.Sprintf("Passwords of people who are there already will be replaced. %s", ask)
	}
	return ask
}

func questionOfSteps(p *importer.Plan, baseURL string) string {
	n, tenant := p.Counts(), tenantName(p, baseURL)
	assign := message.Count(n.Assign, "existing user", "existing users")
	if !p.RetryAt.IsZero() { // a row that waits is created, unless its user turns out to be there
		create := message.Count(n.Create+n.Wait, "user", "users")
		if n.Assign == 0 {
			return message.Sprintf("Create and assign up to %s on %s?", create, tenant)
		}
		return message.Sprintf("Create and assign up to %s and assign an extension to %s on %s?", create, assign, tenant)
	}
	create := message.Count(n.Create, "user", "users")
	switch {
	case n.Assign == 0:
		return message.Sprintf("Create and assign %s on %s?", create, tenant)
	case n.Create == 0:
		return message.Sprintf("Assign an extension to %s on %s?", assign, tenant)
	}
	return message.Sprintf("Create and assign %s and assign an extension to %s on %s?", create, assign, tenant)
}

// span writes a duration as people say it: 1 minute, 5 minutes, 90 seconds.
func span(d time.Duration) string {
	if d%time.Minute == 0 {
		return message.Count(int64(d/time.Minute), "minute", "minutes")
	}
	return message.Count(int64(d.Round(time.Second)/time.Second), "second", "seconds")
}
