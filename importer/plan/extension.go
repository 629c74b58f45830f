package plan

import (
	"fmt"

	"etelecom-import/apiclient"
	"etelecom-import/apiclient/message"
	"etelecom-import/importer/reason"
	"etelecom-import/importer/roster"
	"etelecom-import/importer/tenant"
)

// resolve finds the extension that a row names by id, by number or by both. If it cannot be assigned, the refusal says why.
// Without a listing, an id is taken as it is: the answer to the assign tells.
func resolve(s *tenant.Snapshot, row *roster.Row) (tenant.Extension, *Refusal) {
	x := tenant.Extension{ID: apiclient.ID(row.ExtensionID), Number: row.ExtensionNumber}
	unusable := func(code, problem, hint string) (tenant.Extension, *Refusal) { return x, &Refusal{code, problem, hint} }
	switch {
	case !s.ExtensionsKnown && x.ID == 0:
		return unusable(reason.ExtensionMissing,
			message.Sprintf("extension number %s cannot be looked up, since the key may not list extensions", roster.Masked(x.Number)),
			message.T("give the extension_id"))
	case !s.ExtensionsKnown:
		return x, nil
	case x.ID == 0 && x.Number != "" && s.Ambiguous(x.Number):
		return unusable(reason.BadExtension, message.Sprintf("several extensions have the number %s", x.Number), message.T("give the extension_id"))
	}
	id := x.ID
	if id == 0 {
		id = s.ByNumber(x.Number)
	}
	known, ok := s.Extension(id)
	switch {
	case !ok:
		return unusable(reason.ExtensionMissing, message.Sprintf("the tenant has no %s", label(s, x)), message.T("check it, or ask eTelecom to create it"))
	case x.Number != "" && x.Number != known.Number:
		return unusable(reason.BadExtension,
			message.Sprintf("extension_id %s has the number %s, not %s", x.ID, known.Number, shownNumber(s, x.Number)), message.T("correct one of them"))
	}
	return known, nil
}

// label names an extension in a message. What the tenant does not have may be a password that slipped into the wrong column,
// and is masked.
func label(s *tenant.Snapshot, x tenant.Extension) string {
	id := ""
	if x.ID != 0 {
		id = x.ID.String()
		if _, known := s.Extension(x.ID); !known {
			id = roster.Masked(id)
		}
	}
	switch number := shownNumber(s, x.Number); {
	case id == "" && number == "":
		return extensionLabel(0, "")
	case id == "":
		return message.Sprintf("extension number %s", number)
	case number == "":
		return message.Sprintf("extension %s", id)
	default:
		return message.Sprintf("extension %s (%s)", id, number)
	}
}

// shownNumber returns the number of an extension, masked unless the tenant has it.
func shownNumber(s *tenant.Snapshot, number string) string {
	if s.ByNumber(number) != 0 {
		return number
	}
	return roster.Masked(number)
}

// extensionLabel names an extension of the tenant in a message.
func extensionLabel(id int64, number string) string {
	switch {
	case id == 0 && number == "":
		return message.T("an unknown extension")
	case id == 0:
		return message.Sprintf("extension number %s", number)
	case number == "":
		return message.Sprintf("extension %d", id)
	}
	return message.Sprintf("extension %d (%s)", id, number)
}

// userLabel names a user in a message.
func userLabel(id apiclient.ID) string {
	if id == 0 {
		return message.T("(id not known)")
	}
	return fmt.Sprint(int64(id))
}
