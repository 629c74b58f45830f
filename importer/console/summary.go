package console

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"etelecom-import/importer"
	"etelecom-import/importer/console/layout"
	"etelecom-import/importer/ledger"
)

// End says how a run ended, or that it could not begin: then the summary is nil. next is the command that goes on.
func (c *Console) End(s *importer.Summary, err error, next string) {
	if err != nil {
		c.Fail(err)
	}
	if s != nil {
		c.unrecorded(s.Unrecorded)
	}
	switch {
	case c.opts.JSON && s == nil:
		c.printJSON(notBegun(err))
	case c.opts.JSON:
		c.printJSON(s)
	case s == nil, c.opts.Quiet && !troubled(s):
	default:
		c.summary(s, next)
	}
}

// notBegun is the summary of a run that could not begin.
func notBegun(err error) *importer.Summary {
	s := &importer.Summary{Errors: []importer.Group{}, Warnings: []importer.Group{}, Stopped: "not_begun"}
	var stop *importer.Stop
	if errors.As(err, &stop) {
		s.Stopped = stop.Kind.String()
	}
	return s
}

func (c *Console) summary(s *importer.Summary, next string) {
	if !s.DryRun {
		c.counts(s)
		c.groups(c.out, s.Errors)
		c.warnings(c.out, s.Warnings)
	}
	c.replaced(s.PasswordReplaced, s.Replaced)
	if s.GoneUnknown > 0 {
		next := "the next run looks for them"
		if s.CannotLook {
			next = "this key may not list users, so only a run with a key that may, or a person who looks at eTelecom, can tell"
		}
		fmt.Fprintf(c.out, "\n%s, not in the employee file any more: whether a user was created is not known; %s\n", count(s.GoneUnknown, "further person"), next)
	}
	c.tail(s, next)
}

// tail names the result and the command to go on with.
func (c *Console) tail(s *importer.Summary, next string) {
	var lines []string
	if s.Written {
		lines = append(lines, "result: "+layout.OneLine(s.Result))
	}
	if goesOn(s) {
		lines = append(lines, c.out.bold(nextLabel(s))+" "+strings.Map(layout.Printable, next))
	}
	if len(lines) > 0 {
		fmt.Fprintf(c.out, "\n%s\n", strings.Join(lines, "\n"))
	}
}

// goesOn reports whether another run has something to do, by itself or once people have done their part.
func goesOn(s *importer.Summary) bool {
	if s.DryRun {
		return s.Plan.Writes()+s.Plan.Wait > 0 || s.Result == "" && s.Status.Pending > 0
	}
	return s.Status.Done < s.Rows || s.GoneUnknown > 0 || s.Stopped != ""
}

func nextLabel(s *importer.Summary) string {
	if s.DryRun {
		return "to carry it out:"
	}
	return "to go on:"
}

// troubled reports whether a run left something to a person.
func troubled(s *importer.Summary) bool {
	newWarning := slices.ContainsFunc(s.Warnings, func(g importer.Group) bool { return g.New > 0 })
	return newWarning || len(s.Errors) > 0 || s.PasswordReplaced > 0 || s.GoneUnknown > 0 || s.Stopped != "" || s.Status.Unknown > 0
}

func (c *Console) counts(s *importer.Summary) {
	if s.Plan.Create+s.Plan.Assign+s.Plan.Wait == 0 && s.Stopped == "" {
		fmt.Fprintf(c.out, "\n%s ", c.out.bold("Nothing to do."))
	} else {
		fmt.Fprintln(c.out)
	}
	fmt.Fprintf(c.out, "%s: %s; %s in %s\n", c.out.bold(count(s.Rows, "row")), c.statuses(s.Status), count(s.Requests, "request"), seconds(s.Seconds))
	if s.Later > 0 {
		fmt.Fprintf(c.out, "%s left for later by --limit\n", count(s.Later, "row"))
	}
}

// statuses lists the statuses that occur.
func (c *Console) statuses(n importer.StatusCounts) string {
	var parts []string
	for _, s := range []struct {
		rows  int
		name  string
		paint func(string) string
	}{
		{n.Done, "done", c.out.green},
		{n.Created, "created", c.out.yellow},
		{n.Failed, "failed", c.out.red},
		{n.Unknown, "unknown", c.out.yellow},
		{n.Invalid, "invalid", c.out.red},
		{n.Pending, "pending", c.out.bold},
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

// groups prints what keeps rows from being done, cause by cause.
func (c *Console) groups(w printer, groups []importer.Group) {
	for _, g := range groups {
		fresh := ""
		if g.New > 0 && g.New < g.Rows {
			fresh = fmt.Sprintf(", %d of them new", g.New)
		}
		fmt.Fprintf(w, "\n  %s: %s (%s%s)\n", w.red(layout.OneLine(g.Code)), count(g.Rows, "row"), lineList(g.Lines, g.Rows), fresh)
		if g.Example != "" {
			fmt.Fprintln(w, layout.WrapIndented("    such as: ", layout.OneLine(g.Example), c.columns()))
		}
		fmt.Fprintln(w, layout.WrapIndented("    "+w.bold("to do:")+" ", g.Hint, c.columns()))
	}
}

// warnings prints what may keep employees from calling, cause by cause.
func (c *Console) warnings(w printer, groups []importer.Group) {
	for _, g := range groups {
		fmt.Fprintf(w, "\n  %s %s: %s\n", w.yellow("warning"), layout.OneLine(g.Code), lineList(g.Lines, g.Rows))
		fmt.Fprintln(w, layout.WrapIndented("    ", layout.OneLine(g.Example), c.columns()))
		fmt.Fprintln(w, layout.WrapIndented("    "+w.bold("to do:")+" ", g.Hint, c.columns()))
	}
}

// replaced names the rows whose users were there before and now have another password.
func (c *Console) replaced(rows int, lines []int) {
	if rows > 0 {
		head := c.out.yellow(count(rows, "password")+" replaced") + " (" + lineList(lines, rows) + "): "
		fmt.Fprintln(c.out, "\n"+layout.WrapIndented(head, "these people were on the platform before, and the API set their password to the one in the employee file: tell them", c.columns()))
	}
}

// unrecorded tells the ids that stand in no file because the ledger could not be written.
func (c *Console) unrecorded(entries []*ledger.Entry) {
	for _, e := range entries {
		if e.UserID == 0 && e.Status != ledger.Done {
			continue
		}
		if c.plain() {
			fmt.Fprintf(c.err, "%s phone %s has user id %d (%s)\n", c.err.red("not recorded:"), e.Phone, e.UserID, e.Status)
		} else {
			c.log.Error("not recorded", "phone", e.Phone.String(), "user_id", e.UserID, "status", e.Status.String())
		}
	}
}

func seconds(s float64) string { return fmt.Sprintf("%.1f s", s) }
