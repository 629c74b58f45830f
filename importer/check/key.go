package check

import (
	"etelecom-import/apiclient"
	"etelecom-import/apiclient/message"
)

// KeyFound is what is in the place of the API key. Nothing in it is secret.
type KeyFound struct {
	Place string  // the file or the variable, as a message names it
	File  *Access // nil: the key is in no file
	Wrong string  // why there is no key that can be used; "": there is one
	Hint  string  // what to do about Wrong
	Note  string  // what was around the key, and was taken off
	Shape apiclient.KeyShape
}

// lookAtKey tells what the key is like without asking anybody. It returns why the API cannot be asked with it; "" if it can.
func lookAtKey(r *Report, in *Input) (barred string) {
	k := &in.Key
	switch {
	case k.Wrong != "":
		r.wrong("key_file", k.Wrong, k.Hint)
	case k.Note != "":
		r.add(Finding{Name: "key_file", Status: Warning, Found: k.Note, Hint: message.T("It works as it is. To end this warning, write the key alone, on one line.")})
	default:
		r.ok("key_file", message.Sprintf("The key is in %s, and is clean.", k.Place))
	}
	lookAtAccess(r, "key_file_access", k.Place, message.Sprintf("Everyone on this computer can read %s, and it contains the API key.", k.Place), k.File)
	if in.Client == nil {
		barred = message.T("There is no key that can be used.")
		r.notKnown("key_shape", barred, "")
		return barred
	}
	size := message.Count(k.Shape.Length, "byte", "bytes")
	switch k.Shape.Kind {
	case apiclient.ShopKey:
		r.ok("key_shape", message.Sprintf("This is a shop_key (%s), as the calls want it.", size))
	case apiclient.PartnerKey:
		r.wrong("key_shape", message.Sprintf("This is a partner's api_key (%s); the calls want the shop_key of the company.", size),
			message.T(`Ask the partner or eTelecom for the shop_key of this company. It begins with "shop".`))
	default:
		r.notKnown("key_shape", message.Sprintf("This key (%s) looks neither like a shop_key nor like a partner's api_key.", size),
			message.T(`A shop_key is the word "shop", 19 digits, a colon and a secret. Check that the whole key was copied.`))
	}
	return ""
}

// Listed returns the things as one text.
func Listed(things []string) string {
	all := things[0]
	for _, thing := range things[1:] {
		all = message.Sprintf("%s, and %s", all, thing)
	}
	return all
}
