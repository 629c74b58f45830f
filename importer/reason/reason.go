// Package reason knows every error code that a row of the result can have: what is wrong, what to do, and whether a person has
// to do that. Its hints are those of a group of rows. What a refused row says for itself, and what to do about that row alone, is where
// it is refused: in the cases of plan/decide.go.
package reason

import "etelecom-import/apiclient/message"

// The codes. Rows have them in the column error_code of the result; they are an interface.
const (
	// Of the employee file.
	MalformedRow       = "malformed_row"
	MissingValue       = "missing_value"
	BadPhone           = "bad_phone"
	BadExtension       = "bad_extension"
	DuplicatePhone     = "duplicate_phone"
	DuplicateExtension = "duplicate_extension"

	// Of the plan, which compares the employee file and the result with the tenant.
	UserExists       = "user_exists"
	UserMasked       = "user_masked"
	ExtensionMissing = "extension_missing"
	ExtensionTaken   = "extension_taken"
	UserHasExtension = "user_has_extension"
	ExtensionChanged = "extension_changed"
	UserGone         = "user_gone"
	CannotLook       = "cannot_look"

	// Of rows that name no extension.
	NoFreeExtension      = "no_free_extension"
	ExtensionUnconfirmed = "extension_unconfirmed"

	// Of calls. All but the first two are the API's own; it has more of them.
	NotUpdated        = "not_updated"
	Unavailable       = "unavailable"
	Precondition      = "failed_precondition"
	AlreadyExists     = "already_exists"
	NotFound          = "not_found"
	InvalidArgument   = "invalid_argument"
	PermissionDenied  = "permission_denied"
	Unauthenticated   = "unauthenticated"
	ResourceExhausted = "resource_exhausted"

	// Of rows that are done.
	PasswordReplaced = "password_replaced"
	ExtensionExpired = "extension_expired"
	ShortPassword    = "short_password"
	NoRole           = "no_role"

	// Of a comparison of the result with the tenant: package verify has them beside some of those above.
	NotDone           = "not_done"
	PhoneChanged      = "phone_changed"
	PhoneTaken        = "phone_taken"
	ExtensionFree     = "extension_free"
	ExtensionMoved    = "extension_moved"
	NumberChanged     = "number_changed"
	CannotCompare     = "cannot_compare"
	DoneByHand        = "done_by_hand"
	NameDiffers       = "name_differs"
	SeveralExtensions = "several_extensions"
)

// Kind says what a code means for its row. The zero value is Failure.
type Kind uint8

// The kinds.
const (
	Failure Kind = iota // the row is not done
	Note                // the row is done, and somebody must be told something
	Warning             // nothing keeps the row from being done, and the employee perhaps from calling
)

// Reason is one code with all that is said about it. Each text is whole, and is listed after or before others, with a semicolon
// or a colon between them. So it begins with a small letter and ends without a full stop.
type Reason struct {
	Code string
	Kind Kind
	// Problem says what is wrong with a row.
	Problem message.Text
	// Hint says what to do about all rows that have the code.
	Hint message.Text
	// Cell says what to correct in the employee file, in a word or a few; "" if nothing there is wrong.
	Cell message.Text
	// Decision says that nothing is wrong that could be corrected: a person decides what shall be.
	Decision bool
	// Person says that a person has to do something. If not, it is enough to run the same command again.
	Person bool
	// OfAPI says that the code is the API's own. The API has other codes too, which are not in the list.
	OfAPI bool
}

// otherHint is the hint of a code that is not in the list.
const otherHint message.Text = "run again: the tool first looks up what is not known, then tries the rest once more"

// doNotResend is the hint of a refusal that may have set a password.
const doNotResend message.Text = "look for these people on the tenant, and ask them whether their password still works. They are not created again. Delete a line from the result only if you are sure that the person is not there"

var list = []Reason{
	{
		Code: MalformedRow, Person: true, Cell: "cells",
		Problem: "cells are missing, in the wrong column, or cannot be used",
		Hint:    "correct the line in the employee file as its message says",
	},
	{
		Code: MissingValue, Person: true, Cell: "empty cell",
		Problem: "a cell is empty",
		Hint:    "fill in the cell that the message names",
	},
	{
		Code: BadPhone, Person: true, Cell: "phone",
		Problem: "the phone is not a Vietnamese phone number",
		Hint:    "correct the phone as its message says",
	},
	{
		Code: BadExtension, Person: true, Cell: "extension",
		Problem: "the extension is not an extension id or number",
		Hint:    "correct the extension as its message says. In a spreadsheet, format id columns as text before you paste",
	},
	{
		Code: DuplicatePhone, Person: true, Cell: "same phone",
		Problem: "several rows have the same phone",
		Hint:    "keep one row for each phone",
	},
	{
		Code: DuplicateExtension, Person: true, Cell: "same extension",
		Problem: "several rows have the same extension",
		Hint:    "give each row its own extension",
	},
	{
		Code: UserExists, Person: true, Decision: true,
		Problem: "this phone already has a user. Nothing was changed, unless the row's message says otherwise",
		Hint:    "to give these users their extensions, use --adopt. It changes no password. Otherwise delete the rows",
	},
	{
		Code: UserMasked, Person: true, Decision: true,
		Problem: "the tenant lists a user with a masked phone. They may be this person",
		Hint:    "look on the tenant whether these people already have a user. If not, use --trust-listing to create them",
	},
	{
		Code: ExtensionMissing, Person: true,
		Problem: "the tenant has no such extension",
		Hint:    "check the extension on the tenant, or ask eTelecom to create it",
	},
	{
		Code: ExtensionTaken, Person: true,
		Problem: "another user has the extension",
		Hint:    "free the extension on the tenant, or give the row another one",
	},
	{
		Code: UserHasExtension, Person: true,
		Problem: "the user has another extension",
		Hint:    "free the extension that the user has now, or put it in the employee file",
	},
	{
		Code: ExtensionChanged, Person: true,
		Problem: "the row was done with another extension",
		Hint:    "change the extension on the tenant by hand, or put the old one back in the employee file",
	},
	{
		Code: UserGone, Person: true, Decision: true,
		Problem: "this tool created the user, who is no longer on the tenant",
		Hint:    "to create the user again, delete the line from the result",
	},
	{
		Code: CannotLook, Person: true, Decision: true,
		Problem: "a create was not answered, and the key may not list users. So the tool cannot look whether the user is there",
		Hint:    "run with a key that may list users, or look at eTelecom whether these people have a user. Until then nobody is created again",
	},
	{
		Code: NoFreeExtension, Person: true,
		Problem: "the row names no extension, and none of the range is free",
		Hint:    "free extensions on the tenant, ask eTelecom for more, or name another range with --free-extensions",
	},
	{
		Code:    ExtensionUnconfirmed,
		Problem: "the API has assigned a free extension. No listing has shown yet that the user has it",
		Hint:    "run again: the tool looks whether the user has the extension, and gives another one if somebody else has it",
	},
	{
		Code:    NotUpdated,
		Problem: "the API says that it did not assign the extension",
		Hint:    "run again: the tool first looks at the tenant",
	},
	{
		Code:    Unavailable,
		Problem: "no usable answer came",
		Hint:    "run again: the tool first looks up what the calls have done",
	},
	{
		Code: Precondition, OfAPI: true, Person: true, Decision: true,
		Problem: "the tenant refused the create, and may have set the password of a user who was there before",
		Hint:    doNotResend,
	},
	{
		Code: AlreadyExists, OfAPI: true, Person: true, Decision: true,
		Problem: "the tenant says that the user already exists, and may have set their password",
		Hint:    doNotResend,
	},
	{
		Code: NotFound, OfAPI: true,
		Problem: "the tenant does not know the user or the extension",
		Hint:    otherHint,
	},
	{
		Code: InvalidArgument, OfAPI: true, Person: true, Cell: "refused by the API",
		Problem: "the API refused the row",
		Hint:    "correct the row as the API's message says",
	},
	{
		Code: PermissionDenied, OfAPI: true, Person: true,
		Problem: "the key lacks a right",
		Hint:    "the key lacks a right: use the shop_key of the company",
	},
	{
		Code: Unauthenticated, OfAPI: true, Person: true,
		Problem: "the key is no longer valid",
		Hint:    "the key is no longer valid: get a new one of the same company",
	},
	{
		Code: ResourceExhausted, OfAPI: true,
		Problem: "the tenant got too many requests",
		Hint:    "the tenant got too many requests: run again with a lower --rate",
	},
	{
		Code: PasswordReplaced, Kind: Note, Person: true,
		Problem: "this person already had an eTelecom login. Their password is now the one in your file. Tell them",
		Hint:    "these people already had an eTelecom login. Their password is now the one in your file. Tell them",
	},
	{
		Code: ExtensionExpired, Kind: Warning, Person: true,
		Problem: "the extension has expired, and nobody can call with it: have it renewed",
		Hint:    "ask eTelecom to renew these extensions",
	},
	{
		Code: ShortPassword, Kind: Warning, Person: true,
		Problem: "the password is shorter than 8 bytes: eTelecom's own registration does not accept it",
		Hint:    "give these people a password of 8 or more characters",
	},
	{
		Code: NoRole, Kind: Warning, Person: true,
		Problem: "the tenant lists this user without any role: they may not see their extension or their calls",
		Hint:    "give these users a role on the tenant, such as the one that the other employees have",
	},
	{
		Code:    NotDone,
		Problem: "the row is not done yet",
		Hint:    "run again: the tool continues where it stopped",
	},
	{
		Code: PhoneChanged, Person: true,
		Problem: "the user is on the tenant with another phone",
		Hint:    "ask who has changed the phone. If it is right, correct it in the employee file, and delete the old line from the result",
	},
	{
		Code: PhoneTaken, Person: true, Decision: true,
		Problem: "the user is no longer on the tenant, and another user has the phone",
		Hint:    "find out whose phone it is. To start again with it, delete the line from the result",
	},
	{
		Code: ExtensionFree, Person: true,
		Problem: "nobody has the extension any more",
		Hint:    "ask who has taken it away. If it was a mistake, give the user the extension again on the tenant",
	},
	{
		Code: ExtensionMoved, Person: true,
		Problem: "another user has the extension now",
		Hint:    "ask who has moved it. If it was a mistake, give it back on the tenant. Calls to the number reach the other person",
	},
	{
		Code: NumberChanged, Person: true,
		Problem: "the extension has another number now",
		Hint:    "ask who has changed the number, and tell these people their new one",
	},
	{
		Code: CannotCompare, Person: true,
		Problem: "the tenant does not show enough to compare this row",
		Hint:    "use a key that may list users and extensions with their phones, or look at eTelecom",
	},
	{
		Code: DoneByHand, Kind: Note,
		Problem: "the row is not done, but the person has the extension on the tenant: somebody has done it by hand",
		Hint:    "run again: the tool notes in the result that these people have their extension",
	},
	{
		Code: NameDiffers, Kind: Note,
		Problem: "the tenant has another name for this user",
		Hint:    "nothing is wrong if it is the same person: people can change their own name at eTelecom",
	},
	{
		Code: SeveralExtensions, Kind: Note,
		Problem: "the user has further extensions",
		Hint:    "look on the tenant whether these people need them all",
	},
}

var byCode = func() map[string]*Reason {
	index := make(map[string]*Reason, len(list))
	for i := range list {
		index[list[i].Code] = &list[i]
	}
	return index
}()

// All returns every known reason: those of the employee file first, then those of the plan, of calls, and of done rows.
func All() []Reason { return append([]Reason(nil), list...) }

// Of returns the reason of a code. A code that is not in the list is the API's: of its reason only the hint is known.
func Of(code string) Reason {
	if r := byCode[code]; r != nil {
		return *r
	}
	return Reason{Code: code, Hint: otherHint, OfAPI: true}
}

// Hint returns the hint of a code.
func Hint(code string) string { return Of(code).Hint.String() }
