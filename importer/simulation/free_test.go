package simulation

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"etelecom-import/apiclient"
	"etelecom-import/importer"
	"etelecom-import/importer/ledger"
	"etelecom-import/importer/plan"
	"etelecom-import/importer/reason"
	"etelecom-import/importer/tenant"
)

// giving is what is so of a world in which rows name no extension and get a free one. In a world without it, every row names its own.
type giving struct {
	dice     *rand.Rand
	noColumn bool                 // the file has no column for extensions at all
	given    []plan.Free          // what any run was told to choose from
	touched  map[string]bool      // extensions that somebody else has changed
	lastly   map[string]time.Time // when that was last
	named    map[string]bool      // phones whose rows have ever named one
	kept     map[string]string    // by phone: what the last result has chosen for somebody with a user
}

const (
	firstFree = 100 // of the extensions that may be given: number 201
	mostFree  = 9
	hotline   = 1101234567890123457
)

// freeRanges are what a run may be told. Some have numbers that rows name, some have none at all.
var freeRanges = []string{"201-209", "201-209", "201-209", "101-299", "203-206", "105-108,204-299", "900-999"}

// settleGiving decides whether rows of this world get free extensions, and makes these.
func (w *world) settleGiving() {
	dice := rand.New(rand.NewPCG(w.seed, 5))
	if dice.IntN(3) != 0 {
		return
	}
	g := &giving{dice: dice, touched: map[string]bool{}, lastly: map[string]time.Time{}, named: map[string]bool{}, kept: map[string]string{}}
	w.giving, g.noColumn = g, dice.IntN(3) == 0
	for i := range 2 + dice.IntN(mostFree-1) {
		id := extensionID(firstFree + i)
		w.must(w.tenant.AddExtension(id, numberOf(fmt.Sprint(id))))
		w.must(w.other.AddExtension(id+1_000_000, numberOf(fmt.Sprint(id))))
		switch dice.IntN(12) {
		case 0:
			w.must(0, w.tenant.SetExtensionState(id, "N", time.Time{}))
		case 1, 2:
			w.must(0, w.tenant.SetHotline(id, hotline+1))
		case 3:
			w.must(0, w.tenant.MoveExtension(id, w.neighbour()))
		case 4:
			w.must(w.tenant.AddExtension(id+1, numberOf(fmt.Sprint(id)))) // a second one with this number
		}
	}
	for i := range w.staff {
		w.forget(&w.staff[i])
	}
}

// neighbour is somebody who gets extensions from another program.
func (w *world) neighbour() int64 {
	id, err := w.tenant.AddUser(fmt.Sprintf("09876543%02d", w.giving.dice.IntN(3)), "of another program")
	w.must(0, err)
	return id
}

// forget makes an employee's row name no extension, perhaps.
func (w *world) forget(e *employee) {
	g := w.giving
	if g == nil {
		return
	}
	if g.noColumn || g.dice.IntN(2) == 0 {
		e.extension, e.byNumber = "", false
		return
	}
	g.named[e.phone] = true
}

// allow chooses what the next run may give.
func (w *world) allow(faulty bool) {
	g := w.giving
	if g == nil {
		return
	}
	w.options.FreeExtensions = tenant.Numbers{}
	if faulty && g.dice.IntN(6) == 0 {
		w.note("no extensions are to be given")
		return
	}
	text := freeRanges[0]
	if g.dice.IntN(3) == 0 {
		text = freeRanges[g.dice.IntN(len(freeRanges))]
	}
	if err := w.options.FreeExtensions.UnmarshalText([]byte(text)); err != nil {
		panic(err)
	}
	if g.dice.IntN(6) == 0 {
		w.options.Hotline = importer.HotlineID(hotline + g.dice.IntN(2))
	}
	g.given = append(g.given, plan.Free{Numbers: w.options.FreeExtensions, Hotline: apiclient.ID(w.options.Hotline)})
	w.note("%s may be given, of hotline %d", text, w.options.Hotline)
}

// decideHotline is what a person does who is asked for the hotline.
func (w *world) decideHotline(err error) {
	if w.giving == nil || !errors.Is(err, importer.ErrNoChoice) {
		return
	}
	w.note("the hotline is to be named: %v", err)
	if w.options.Hotline != 0 {
		w.broke("the hotline is named, and nothing can be chosen: %v", err)
	}
	w.options.Hotline = hotline
}

// meddleFree is what the account's other administrators, and another program of this kind, do with the extensions that may be given: they
// take them, also just after they were given, and free them again.
func (w *world) meddleFree() {
	g := w.giving
	if g == nil {
		return
	}
	for i := range mostFree {
		id := extensionID(firstFree + i)
		line, ok := w.tenant.Line(id)
		if !ok {
			continue
		}
		switch g.dice.IntN(14) {
		case 0:
			w.touch(id)
			to := w.neighbour()
			w.note("another program: takes %d for %d", id, to)
			w.must(0, w.tenant.MoveExtension(id, to))
			w.oracle.moved(id, to)
		case 1:
			if line.User != 0 {
				w.touch(id)
				w.note("administrator: frees %d", id)
				w.must(0, w.tenant.MoveExtension(id, 0))
			}
		case 2:
			if g.dice.IntN(4) == 0 {
				w.touch(id)
				state := []string{"N", "P"}[g.dice.IntN(2)]
				w.note("administrator: the state of %d is %s", id, state)
				w.must(0, w.tenant.SetExtensionState(id, state, time.Time{}))
			}
		}
	}
}

// touch notes that somebody else has changed an extension: from then on it may be another one's.
func (w *world) touch(id int64) {
	if w.giving != nil {
		w.giving.touched[fmt.Sprint(id)] = true
		w.giving.lastly[fmt.Sprint(id)] = time.Now()
	}
}

// mayGive reports whether any run was told to give the extension.
func (g *giving) mayGive(l *ledger.Line, hotlineOf int64) bool {
	return slices.ContainsFunc(g.given, func(f plan.Free) bool {
		return f.Numbers.Has(numberOf(l.ExtensionID)) && (f.Hotline == 0 || int64(f.Hotline) == hotlineOf)
	})
}

// free checks what was given to rows that name no extension: nobody gets two, none is given to two, none is taken from anybody, a row
// keeps what it was given, and only what may be given is.
func (o *oracle) free() {
	g := o.w.giving
	if g == nil {
		return
	}
	r := o.w.tenant.Record()
	phones, left := map[int64]string{}, map[string]bool{} // left: users whom an administrator has removed at some time
	for _, p := range r.People {
		phones[p.ID] = p.Phone
		left[p.Phone] = o.removed[p.Phone] > 0
	}
	users, extensions := map[int64][]int64{}, map[int64][]int64{}
	for _, a := range r.Assignments {
		phone, id := phones[a.User], fmt.Sprint(a.Extension)
		if !slices.Contains(users[a.User], a.Extension) {
			users[a.User] = append(users[a.User], a.Extension)
		}
		if !slices.Contains(extensions[a.Extension], a.User) {
			extensions[a.Extension] = append(extensions[a.Extension], a.User)
		}
		line, _ := o.w.tenant.Line(a.Extension)
		isKnown := phone != "" && !g.named[phone] // who was removed, and never created, is not in the record
		if isKnown && !g.mayGive(&ledger.Line{ExtensionID: id}, line.Hotline) {
			o.w.broke("%s was given extension %s, which nobody may give", phone, id)
		}
	}
	for _, p := range r.People {
		all := users[p.ID]
		if len(all) == 0 || g.named[p.Phone] || left[p.Phone] {
			continue
		}
		for _, earlier := range all[:max(0, len(all)-1)] {
			if !g.touched[fmt.Sprint(earlier)] {
				o.w.broke("%s was given %v, one after the other, and nobody has touched %d", p.Phone, all, earlier)
			}
		}
		has := slices.DeleteFunc(slices.Clone(p.Extensions), func(id string) bool { return g.touched[id] })
		if len(has) > 1 {
			o.w.broke("%s has %v", p.Phone, has)
		}
	}
	for id, all := range extensions {
		someLeft := slices.ContainsFunc(all, func(user int64) bool { return left[phones[user]] })
		if len(all) > 1 && !g.touched[fmt.Sprint(id)] && !someLeft {
			o.w.broke("extension %d was given to %v", id, all)
		}
	}
	for _, l := range r.Lines {
		if l.Taken > 0 && !g.touched[fmt.Sprint(l.ID)] {
			o.w.broke("extension %d was taken from somebody", l.ID)
		}
	}
}

// freeLine checks the line of somebody for whom an extension was chosen.
func (o *oracle) freeLine(l *ledger.Line) {
	g := o.w.giving
	if g == nil || o.removed[l.Phone] > 0 || g.named[l.Phone] {
		return
	}
	before, untouched := g.kept[l.Phone], !g.touched[l.ExtensionID]
	isAnother := before != "" && before != l.ExtensionID && l.UserID != ""
	if isAnother && !g.touched[before] && untouched {
		o.w.broke("%s had been given %s, and has now: %+v", l.Phone, before, *l)
	}
	delete(g.kept, l.Phone)
	if l.ExtensionFrom == "" {
		return
	}
	if l.UserID != "" {
		g.kept[l.Phone] = l.ExtensionID
	}
	var id, user int64
	_, _ = fmt.Sscan(l.ExtensionID, &id)
	_, _ = fmt.Sscan(l.UserID, &user)
	line, ok := o.w.tenant.Line(id)
	switch {
	case !ok:
		o.w.broke("%s was given an extension that is none: %+v", l.Phone, *l)
	case !g.mayGive(l, line.Hotline):
		o.w.broke("%s is to have an extension that nobody may give: %+v", l.Phone, *l)
	case l.Status == "done" && untouched && line.User != user:
		o.w.broke("%s is done, and the extension is that of %d: %+v", l.Phone, line.User, *l)
	}
}

// seen checks that whoever has become done in a run had their extension when a listing began that came after the assign.
func (o *oracle) seen(e *evening, p *process) {
	g := o.w.giving
	if g == nil || len(p.listings) == 0 || e.begun {
		return
	}
	last := p.listings[len(p.listings)-1]
	before := map[string]bool{} // phones of rows that were done
	for i := range e.lines {
		before[e.lines[i].Phone] = before[e.lines[i].Phone] || e.lines[i].Status == "done"
	}
	for i := range o.lines {
		l := &o.lines[i]
		isNew := l.Status == "done" && l.ExtensionFrom != "" && !before[l.Phone]
		if isNew && p.assignedAt[l.ExtensionID] > last.answers {
			o.w.broke("%s is done, and nobody has looked after the assign: %+v", l.Phone, *l)
		}
		// Somebody else may have changed the extension after a listing that has shown it as theirs: a row that is done is not looked at again.
		shown := slices.ContainsFunc(p.listings, func(of listing) bool {
			return of.answers >= p.assignedAt[l.ExtensionID] && !of.begun.After(g.lastly[l.ExtensionID])
		})
		if !isNew || o.removed[l.Phone] > 0 || shown {
			continue
		}
		var id int64
		_, _ = fmt.Sscan(l.ExtensionID, &id)
		if line, _ := o.w.tenant.Line(id); fmt.Sprint(line.User) != l.UserID {
			o.w.broke("%s is done, and extension %d was that of %d before the last listing began: %+v", l.Phone, id, line.User, *l)
		}
	}
}

// unconfirmed reports whether the newest result has a row of which nobody has looked whether it has what it was given.
func (o *oracle) unconfirmed() bool {
	return slices.ContainsFunc(o.lines, func(l ledger.Line) bool {
		return l.Line != "" && ledger.FirstCode(l.ErrorCode) == reason.ExtensionUnconfirmed
	})
}
