package check

import (
	"strings"

	"etelecom-import/apiclient"
	"etelecom-import/apiclient/message"
	"etelecom-import/importer"
)

// lookAtAccount tells by which ids the account is known. listed says that a listing was read, which proves that the tenant takes
// the key.
func lookAtAccount(r *Report, in *Input, known *importer.Identity, listed bool) {
	var (
		wanted = in.Account
		ids    = known.IDs()
		told   = named(known)
		doubts = contradictions(known)
	)
	switch {
	case in.Key.Shape.Kind == apiclient.PartnerKey:
		r.notKnown("account", message.T("This is a partner's key. It is of no company."), message.T("Use the shop_key of the company; this check then tells its account."))
	case wanted != "" && len(ids) == 0:
		r.wrong("account", message.Sprintf("Whether the key is of account %s cannot be checked: the tenant does not tell its id.", wanted),
			message.T("Do not use --account. Before you run, make sure that this is the key of the right company."))
	case wanted != "" && !known.Is(wanted):
		r.wrong("account", sentences(message.Sprintf("This key is not of account %s.", wanted), told, doubts), message.T("Use the key of that company, or correct --account."))
	case len(ids) == 0 && !listed:
		r.notKnown("account", message.T("No answer of the API tells it."), "")
	case len(ids) == 0:
		r.notKnown("account", message.T("The tenant does not tell its id."), message.T("Before you run, make sure that this is the key of the right company."))
	case !listed && ids[0].From == importer.FromKey:
		r.notKnown("account", sentences(told, message.T("The tenant did not confirm it.")), "")
	case doubts != "" && wanted == "":
		r.notKnown("account", sentences(told, doubts), message.T("Ask eTelecom which id is the company's. Then add it as --account=ID."))
	default:
		r.ok("account", sentences(told, doubts))
	}
}

// named names the account with every id, in a form to copy, and with all that tell it.
func named(known *importer.Identity) string {
	list := ""
	for _, id := range known.IDs() {
		var from []string
		for _, t := range known.Told() {
			if t.ID == id.ID {
				from = append(from, t.From.String())
			}
		}
		one := message.Sprintf("--account=%s (told by %s)", id.ID, strings.Join(from, ", "))
		if list == "" {
			list = one
		} else {
			list = message.Sprintf("%s and %s", list, one)
		}
	}
	switch {
	case list == "":
		return ""
	case known.Name == "":
		return message.Sprintf("The key's account: %s.", list)
	}
	return message.Sprintf("The key is of %q: %s.", known.Name, list)
}

// contradictions tells what does not fit together; "" if all does.
func contradictions(known *importer.Identity) string {
	var texts []string
	if len(known.IDs()) > 1 {
		texts = append(texts, message.T("These ids should be one."))
	}
	extensions, users := known.Mixed()
	if extensions {
		texts = append(texts, message.T("The listed extensions belong to more than one account."))
	}
	if users {
		texts = append(texts, message.T("The listed users belong to more than one account."))
	}
	return strings.Join(texts, " ")
}
