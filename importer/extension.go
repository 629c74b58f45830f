package importer

import (
	"fmt"

	"etelecom-import/apiclient"
	"etelecom-import/importer/roster"
)

// resolve finds the extension that a row names by id, by number or by both. Where it cannot be used, the step says why.
// Without a listing, an id is taken as it is: the assign's own answer tells.
func (p *planner) resolve(row *roster.Row) (Extension, *Step) {
	x := Extension{ID: apiclient.ID(row.ExtensionID), Number: row.ExtensionNumber}
	if !p.tenant.ExtensionsListed {
		return unlisted(x)
	}
	if x.Number != "" && p.tenant.shared[x.Number] && x.ID == 0 {
		return x, because(codeBadExtension, "extension number %s stands for more than one extension: give the extension_id", x.Number)
	}
	id := x.ID
	if id == 0 {
		id = p.tenant.numbers[x.Number]
	}
	known, ok := p.tenant.extensions[id]
	switch {
	case !ok || id == 0:
		return x, because(codeExtensionMissing, "the tenant has no %s: check it, or have it made", p.masked(x))
	case x.Number != "" && x.Number != known.Number:
		return x, because(codeBadExtension, "extension_id %s has the number %s, not %s: correct one of them", x.ID, known.Number, p.number(x.Number))
	}
	return known, nil
}

func unlisted(x Extension) (Extension, *Step) {
	if x.ID == 0 {
		return x, because(codeExtensionMissing, "extension number %s cannot be looked up, since the key may not list extensions: give the extension_id", roster.Masked(x.Number))
	}
	return x, nil
}

func because(code, format string, args ...any) *Step {
	s := refuse(code, format, args...)
	return &s
}

func taken(x Extension) Step {
	return refuse(codeExtensionTaken, "%s belongs to user %s: free it on the tenant, or give this row another", wanted(x), x.User)
}

// wanted names an extension in a message.
func wanted(x Extension) string { return extensionText(int64(x.ID), x.Number) }

// masked names an extension of which nobody knows whether the tenant has it.
func (p *planner) masked(x Extension) string {
	id := ""
	if x.ID != 0 {
		id = x.ID.String()
		if _, known := p.tenant.extensions[x.ID]; !known {
			id = roster.Masked(id)
		}
	}
	switch number := p.number(x.Number); {
	case id == "" && number == "":
		return extensionText(0, "")
	case id == "":
		return "extension number " + number
	case number == "":
		return "extension " + id
	default:
		return fmt.Sprintf("extension %s (%s)", id, number)
	}
}

// number returns an extension's number, masked unless the tenant has it.
func (p *planner) number(number string) string {
	if p.tenant.numbers[number] != 0 {
		return number
	}
	return roster.Masked(number)
}

func extensionText(id int64, number string) string {
	switch {
	case id == 0 && number == "":
		return "an extension that is not known"
	case id == 0:
		return "extension number " + number
	case number == "":
		return fmt.Sprintf("extension %d", id)
	}
	return fmt.Sprintf("extension %d (%s)", id, number)
}

// shown names a user in a message.
func shown(id apiclient.ID) string {
	if id == 0 {
		return "(id not known)"
	}
	return fmt.Sprint(int64(id))
}
