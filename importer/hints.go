package importer

// hints say what to do about each error code. They are for a group of rows; what is special to one row stands in its error.
var hints = map[string]string{
	"malformed_row":       "correct the line in the employee file as its message says",
	"missing_value":       "fill in the cell that is named",
	"bad_phone":           "correct the phone as its message says",
	"bad_extension":       "correct the extension as its message says; format id columns as text before pasting",
	"duplicate_phone":     "keep one row for each phone",
	"duplicate_extension": "give each row an extension of its own",
	"user_exists":         "these people are there already; --adopt gives them their extensions without touching the password",
	"user_masked":         "look on the tenant whether these people are there already; --trust-listing creates them all the same",
	"extension_missing":   "check the extension on the tenant, or have it made",
	"extension_taken":     "free the extension on the tenant, or give the row another",
	"user_has_extension":  "free the user's present extension on the tenant, or put it in the employee file",
	"extension_changed":   "change the extension on the tenant by hand, or put the old one back in the employee file",
	"user_gone":           "the user was removed from the tenant; delete the line from the result to create them anew",
	"not_updated":         "run again: the tenant is looked at first",
	"unavailable":         "run again: what the calls have done is looked up first",
	"cannot_look":         "this key may not list users: a run with a key that may, or a person who looks at eTelecom, can tell whether these people have a user; nobody is created again",
	"failed_precondition": "look for these people on the tenant, and ask them whether their password still works. They are not sent again: delete a line from the result only if you are sure that the person is not there",
	"already_exists":      "look for these people on the tenant, and ask them whether their password still works. They are not sent again: delete a line from the result only if you are sure that the person is not there",
	"invalid_argument":    "the API refuses the row: its message says why",
	"permission_denied":   "the key lacks a right: use the shop_key of the company",
	"unauthenticated":     "the key is not valid any more: get a new one of the same company",
	"resource_exhausted":  "the tenant's rate limit holds: run again, with a lower --rate",
	"extension_expired":   "have these extensions renewed by eTelecom",
	"short_password":      "give these people a password of 8 or more characters",
	"no_role":             "give these users a role on the tenant, such as the one that the other employees have",
	"password_replaced":   "these people were on the platform before, and the API set their password to the roster's: tell them",
}

// hint returns what to do about an error code.
func hint(code string) string {
	if h := hints[code]; h != "" {
		return h
	}
	return "run again: what is open is looked up first, and the rest is tried once more"
}
