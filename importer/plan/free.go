package plan

import (
	"slices"
	"strings"

	"etelecom-import/apiclient"
	"etelecom-import/apiclient/message"
	"etelecom-import/importer/ledger"
	"etelecom-import/importer/reason"
	"etelecom-import/importer/roster"
	"etelecom-import/importer/tenant"
)

// Free says which extensions may be given to rows that name none. The zero value gives none.
type Free struct {
	Numbers tenant.Numbers
	Hotline apiclient.ID // 0: any, if all extensions with such numbers have the same
}

// giver finds the extensions of rows that name none.
type giver struct {
	roster *roster.Roster
	tenant *tenant.Snapshot
	free   Free
	named  *named // by the rows; nil before somebody asks
}

// give finds the extension of a row that names none: the one that its user has, else the one that the ledger holds for it, else a free
// one, which is chosen later.
func (g *giver) give(f *facts) {
	e := f.entry
	switch {
	case f.has.ID != 0:
		f.extension = f.has
		for _, id := range g.tenant.ExtensionsOf(f.user) { // of several, the one that was chosen
			if x, _ := g.tenant.Extension(id); int64(x.ID) == e.ExtensionID {
				f.extension = x
			}
		}
		f.chosen = e.Chosen && int64(f.extension.ID) == e.ExtensionID
	case e.HoldsExtension():
		g.hold(f)
	default:
		g.chooseFor(f, &Refusal{reason.MissingValue, message.T("the row names no extension"), nameOrFree.String()})
	}
}

// nameOrFree is the hint of a row that has no extension.
const nameOrFree message.Text = "name an extension in the employee file, or use --free-extensions, which gives free ones"

// chooseFor leaves the choice to [Plan.Choose]. otherwise is why the row is refused if no range is given to choose from.
func (g *giver) chooseFor(f *facts, otherwise *Refusal) {
	f.choose = !g.free.Numbers.Empty()
	if !f.choose {
		f.unusable = otherwise
	}
}

// hold finds the extension that the ledger holds for a row that names none. The row keeps it, also if an assign of it had no usable answer.
// Another one is chosen only once a complete listing shows that this one is somebody else's; or if nothing was sent yet for the row,
// and the extension is not as it was when it was chosen.
func (g *giver) hold(f *facts) {
	e := f.entry
	held := extensionLabel(e.ExtensionID, e.ExtensionNumber)
	f.extension, f.chosen = tenant.Extension{ID: apiclient.ID(e.ExtensionID), Number: e.ExtensionNumber}, true
	if !g.tenant.ExtensionsKnown {
		f.unusable = &Refusal{
			reason.ExtensionUnconfirmed,
			message.Sprintf("the row was given %s, and this key may not list extensions to see whether it is theirs", held),
			message.T("use a key that may list extensions"),
		}
		return
	}
	x, ok := g.heldExtension(e)
	isRenumbered := e.ExtensionNumber != "" && x.Number != e.ExtensionNumber
	isUnfit := x.Expired || isRenumbered || g.isNamed(x)
	mayChoose := !e.HasUser() && !g.free.Numbers.Empty() // without a user, no assign was sent
	switch {
	// rule: keep-chosen
	case ok && x.User != 0:
		f.chosen = false
		g.chooseFor(f, &Refusal{reason.ExtensionTaken, message.Sprintf("the row was given %s, and it belongs to user %s now", held, x.User), nameOrFree.String()})
	case mayChoose && (!ok || isUnfit):
		f.chosen = false
		g.chooseFor(f, nil)
	case !ok:
		f.unusable = &Refusal{
			reason.ExtensionMissing, message.Sprintf("the row was given %s, and the tenant does not list it any more", held),
			message.T("look on the tenant what became of it. Then name an extension for this row in the employee file"),
		}
	default:
		f.extension = x
	}
	if f.choose {
		f.extension = tenant.Extension{}
	}
}

// heldExtension returns the extension that the ledger holds, as the tenant lists it. If a spreadsheet has damaged the id, the number tells
// which one it is.
func (g *giver) heldExtension(e *ledger.Entry) (x tenant.Extension, ok bool) {
	if e.ExtensionID != 0 {
		return g.tenant.Extension(apiclient.ID(e.ExtensionID))
	}
	number := e.ExtensionNumber
	if number == "" || g.tenant.Ambiguous(number) {
		return x, false
	}
	x, ok = g.tenant.Extension(g.tenant.ByNumber(number))
	return x, ok && e.HasExtension(int64(x.ID), "")
}

// isNamed reports whether a row of the file names the extension, by its id or its number.
func (g *giver) isNamed(x tenant.Extension) bool {
	if g.named == nil {
		g.named = namedBy(g.roster)
	}
	return g.named.has(x)
}

// chooser chooses among the free extensions of the tenant.
type chooser struct {
	roster *roster.Roster
	ledger *ledger.Ledger
	tenant *tenant.Snapshot
	free   Free

	steps []int              // that need one, by row
	left  []tenant.Extension // that nobody has and nobody is to get, by number
}

// check reports why nothing can be chosen; nil if something can.
func (c *chooser) check() *Refusal {
	if !c.tenant.ExtensionsKnown {
		return &Refusal{
			reason.PermissionDenied, message.T("this key may not list extensions, so nobody can tell which of them are free"),
			message.T("use a key that may list extensions, or name each extension in the employee file"),
		}
	}
	if c.free.Hotline != 0 {
		return nil
	}
	var hotlines []apiclient.ID
	for _, x := range c.tenant.InRange() {
		if hotline := c.tenant.HotlineOf(x.ID); !slices.Contains(hotlines, hotline) {
			hotlines = append(hotlines, hotline)
		}
	}
	if len(hotlines) < 2 {
		return nil
	}
	slices.Sort(hotlines)
	return &Refusal{
		reason.NoFreeExtension, message.Sprintf("the extensions %s belong to several hotlines (%s)", c.free.Numbers, hotlineList(hotlines)),
		message.Sprintf("say which one, such as: --hotline %s", hotlines[len(hotlines)-1]),
	}
}

// hotlineList names hotlines, the first of many.
func hotlineList(hotlines []apiclient.ID) string {
	const most = 5
	var names []string
	for i, id := range hotlines {
		switch {
		case i == most:
			return strings.Join(names, ", ") + ", " + message.Sprintf("and %d more", len(hotlines)-most)
		case id == 0:
			names = append(names, message.T("none"))
		default:
			names = append(names, id.String())
		}
	}
	return strings.Join(names, ", ")
}

// choose gives the steps that need one the next extension.
func (c *chooser) choose(steps []Step) {
	c.collect(steps)
	for _, i := range c.steps {
		step := &steps[i]
		if x, ok := c.next(); ok {
			step.Extension, step.Chosen = x, true
			continue
		}
		refused := refuse(reason.NoFreeExtension, c.nothingLeft(), message.T("free extensions on the tenant, ask eTelecom for more, or name another range with --free-extensions"))
		refused.Primary = step.Primary
		*step = refused
	}
}

// collect finds the extensions that are left to choose from.
func (c *chooser) collect(steps []Step) {
	all, taken, several := c.tenant.InRange(), namedBy(c.roster), map[string]int{}
	for _, x := range all {
		several[x.Number]++
	}
	for i := range steps {
		taken.add(int64(steps[i].Extension.ID), "")
	}
	for e := range c.ledger.Entries() { // also of people who are gone from the file
		if e.ExtensionID != 0 {
			taken.add(e.ExtensionID, "")
		} else {
			taken.add(0, e.ExtensionNumber)
		}
	}
	for _, x := range all {
		// rule: free-only
		isFree := x.User == 0 && !x.Expired && !taken.has(x)
		isOurs := c.free.Hotline == 0 || c.tenant.HotlineOf(x.ID) == c.free.Hotline
		if isFree && isOurs && several[x.Number] == 1 {
			c.left = append(c.left, x)
		}
	}
}

// next takes the next extension; false if none is left.
func (c *chooser) next() (x tenant.Extension, ok bool) {
	if len(c.left) == 0 {
		return x, false
	}
	x, c.left = c.left[0], c.left[1:]
	return x, true
}

// nothingLeft says what is wrong with a row that gets none.
func (c *chooser) nothingLeft() string {
	if c.free.Hotline != 0 {
		return message.Sprintf("no extension of %s and of hotline %s is free for this row", c.free.Numbers, c.free.Hotline)
	}
	return message.Sprintf("no extension of %s is free for this row", c.free.Numbers)
}

// named are the extensions that rows of the employee file name.
type named struct {
	ids     map[apiclient.ID]bool
	numbers map[string]bool // without zeros at their front, which a spreadsheet removes
}

// namedBy returns what the rows name, also those that are refused: they can be corrected.
func namedBy(r *roster.Roster) *named {
	n := &named{map[apiclient.ID]bool{}, map[string]bool{}}
	for i := range r.Rows {
		n.add(r.Rows[i].ExtensionID, r.Rows[i].ExtensionNumber)
	}
	return n
}

// add adds an extension; 0 and "" are none.
func (n *named) add(id int64, number string) {
	if id != 0 {
		n.ids[apiclient.ID(id)] = true
	}
	if number != "" {
		n.numbers[plainNumber(number)] = true
	}
}

func (n *named) has(x tenant.Extension) bool { return n.ids[x.ID] || n.numbers[plainNumber(x.Number)] }

// plainNumber returns a number without the zeros at its front, which a spreadsheet removes: what names 101 may mean 0101.
func plainNumber(number string) string {
	if plain := strings.TrimLeft(number, "0"); plain != "" {
		return plain
	}
	return "0"
}
