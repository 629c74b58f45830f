package console

import (
	"cmp"
	"fmt"
	"strings"

	"etelecom-import/apiclient/message"
	"etelecom-import/importer"
	"etelecom-import/importer/console/layout"
)

// changesView prints how the employee file differs from the last result.
type changesView struct {
	out       page
	changes   *importer.Changes
	indent    string
	everybody bool // all people are named, not only the first of each kind
}

// differentPerson is a person with what is to be said of them.
type differentPerson struct {
	importer.Person
	what string
}

// print prints the changes; nothing if there is none.
func (v changesView) print() {
	d := v.changes
	if d.IsEmpty() {
		return
	}
	message.Fprintf(v.out, "%sSince the last result: %s\n", v.indent, v.counts())
	kinds := []struct {
		label  message.Text
		people int
		person func(i int) differentPerson
	}{
		{"added", len(d.Added), func(i int) differentPerson {
			return differentPerson{d.Added[i], message.Sprintf("line %d", d.Added[i].Line)}
		}},
		{"changed", len(d.Changed), func(i int) differentPerson { return differentPerson{d.Changed[i].Person, whatChanged(&d.Changed[i])} }},
		{"new phone", len(d.NewPhones), func(i int) differentPerson {
			return differentPerson{d.NewPhones[i].Person, message.Sprintf("line %d; the phone was %s", d.NewPhones[i].Line, d.NewPhones[i].OldPhone)}
		}},
		{"gone", len(d.Gone.Everybody), func(i int) differentPerson { return differentPerson{Person: d.Gone.Everybody[i]} }},
	}
	labels, names := 0, 0
	for _, k := range kinds {
		if k.people > 0 {
			labels = max(labels, layout.Width(k.label.String()))
		}
		for i := range v.shown(k.people) {
			names = max(names, layout.Width(shownName(k.person(i).Name)))
		}
	}
	for _, k := range kinds {
		shown := v.shown(k.people)
		for i := range shown {
			p := k.person(i)
			head := fmt.Sprintf("%s  %s  %s  %s", v.indent, layout.PadRight(k.label.String(), labels), layout.PadRight(shownName(p.Name), names), p.Phone)
			if p.what == "" {
				fmt.Fprintln(v.out, head)
				continue
			}
			v.out.wrapped(head+"  ", p.what)
		}
		if more := k.people - shown; more > 0 {
			message.Fprintf(v.out, "%s  %s  ... %d more\n", v.indent, layout.PadRight("", labels), more)
		}
	}
	for _, note := range v.notes() {
		v.out.wrapped(v.indent+"  ", note)
	}
}

// shown returns how many of some people are named.
func (v changesView) shown(people int) int {
	if v.everybody || people == firstPeople+1 { // one more takes no more room than saying so
		return people
	}
	return min(people, firstPeople)
}

func shownName(name string) string { return layout.Truncate(layout.OneLine(name), maxNameColumns) }

// counts says how many differ, in which ways.
func (v changesView) counts() string {
	d := v.changes
	var parts []string
	for _, part := range []struct {
		people int
		text   message.Text
	}{
		{len(d.Added), "%d added"},
		{len(d.Changed), "%d changed"},
		{d.Gone.People, "%d gone from the file"},
		{len(d.NewPhones), "%d may have a new phone"},
	} {
		if part.people > 0 {
			parts = append(parts, fmt.Sprintf(part.text.String(), part.people))
		}
	}
	return strings.Join(parts, ", ")
}

// whatChanged says what is different in the row of a person.
func whatChanged(c *importer.Change) string {
	old := layout.OneLine(c.OldName)
	switch {
	case c.OldExtension == "":
		return message.Sprintf("line %d; the name was %q", c.Line, old)
	case c.OldName == "":
		return message.Sprintf("line %d; extension %s, was %s", c.Line, c.Extension, c.OldExtension)
	}
	return message.Sprintf("line %d; the name was %q; extension %s, was %s", c.Line, old, c.Extension, c.OldExtension)
}

// notes say what the tool does not do about the changes.
func (v changesView) notes() (notes []string) {
	renamed := 0
	for i := range v.changes.Changed {
		if c := &v.changes.Changed[i]; c.OldName != "" && c.HasUser {
			renamed++
		}
	}
	if renamed > 0 {
		notes = append(notes, message.T("Whoever has a user keeps the old name at eTelecom: this tool cannot change it."))
	}
	if len(v.changes.NewPhones) > 0 {
		notes = append(notes, newPhoneNote())
	}
	if v.changes.Gone.Users > 0 {
		notes = append(notes, message.T("Whoever is gone and has a user at eTelecom can still log in."))
	}
	return notes
}

func newPhoneNote() string {
	return message.T("Another phone counts as another person, who gets a second user. The first one stays. If it is the same person, put the old phone back.")
}

// printPressing prints in a line or two what a person has to know even with --quiet: who is gone can still log in, and perhaps has a
// second user. Nobody has to do anything about the others.
func (v changesView) printPressing() {
	if gone := goneLine(v.changes.Gone); gone != "" {
		fmt.Fprintln(v.out, gone)
	}
	if found := v.changes.NewPhones; len(found) > 0 {
		first := &found[0]
		text := message.Sprintf("%s may have a new phone, such as line %d (%s, before %s).", message.Count(len(found), "person", "people"), first.Line, first.Phone, first.OldPhone)
		fmt.Fprintln(v.out, layout.OneLine(text+" "+newPhoneNote()))
	}
}

// goneLine says who is not in the employee file any more; "" for nobody.
func goneLine(g importer.Gone) string {
	if g.People == 0 {
		return ""
	}
	var names []string
	for i := range g.Everybody[:min(firstPeople, g.People)] {
		p := &g.Everybody[i]
		names = append(names, cmp.Or(p.Name, p.Phone.String()))
	}
	who := strings.Join(names, ", ")
	if more := g.People - len(names); more > 0 {
		who = message.Sprintf("%s and %d more", who, more)
	}
	text := message.Sprintf("%d people of the result are not in this file any more: %s.", g.People, who)
	if g.People == 1 {
		text = message.Sprintf("1 person of the result is not in this file any more: %s.", who)
	}
	if g.Users > 0 {
		text += " " + message.T("Whoever has a user at eTelecom can still log in.")
	}
	return layout.OneLine(text)
}
