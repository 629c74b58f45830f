// Package reason knows every error code that a row of the result can have: what it means, what to do about it, and whether
// a person has to do that. Its texts are for a group of rows. What is special to one row is in that row's error.
package reason

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
)

// Kind says what a code means for its row. The zero value is Failure.
type Kind uint8

// The kinds.
const (
	Failure Kind = iota // the row is not done
	Note                // the row is done, and somebody must be told something
	Warning             // nothing keeps the row from being done, and the employee perhaps from calling
)

// Reason is one code with all that is said about it. The texts are for a group of rows.
type Reason struct {
	Code string
	Kind Kind
	// Problem says what is wrong.
	Problem string
	// Hint says what to do.
	Hint string
	// Person says that a person has to do something. If not, it is enough to run the same command again.
	Person bool
	// OfAPI says that the code is the API's own. A row can have others of the API, which are not in the list.
	OfAPI bool
}

// otherHint is what to do about a code that is not in the list.
const otherHint = "run again: what is open is looked up first, and the rest is tried once more"

// doNotResend is what to do about a refusal that may have set a password.
const doNotResend = "look for these people on the tenant, and ask them whether their password still works. They are not sent again: " +
	"delete a line from the result only if you are sure that the person is not there"

var list = []Reason{
	{
		Code: MalformedRow, Person: true,
		Problem: "cells are missing, shifted or cannot be used",
		Hint:    "correct the line in the employee file as its message says",
	},
	{
		Code: MissingValue, Person: true,
		Problem: "a cell is empty",
		Hint:    "fill in the cell that is named",
	},
	{
		Code: BadPhone, Person: true,
		Problem: "the phone is no Vietnamese phone number",
		Hint:    "correct the phone as its message says",
	},
	{
		Code: BadExtension, Person: true,
		Problem: "the extension is no extension id or number",
		Hint:    "correct the extension as its message says; format id columns as text before pasting",
	},
	{
		Code: DuplicatePhone, Person: true,
		Problem: "several rows have the same phone",
		Hint:    "keep one row for each phone",
	},
	{
		Code: DuplicateExtension, Person: true,
		Problem: "several rows have the same extension",
		Hint:    "give each row an extension of its own",
	},
	{
		Code: UserExists, Person: true,
		Problem: "the person is on the tenant already, and was left as they are",
		Hint:    "these people are there already; --adopt gives them their extensions without touching the password",
	},
	{
		Code: UserMasked, Person: true,
		Problem: "the listing shows a user whose phone is masked and who may be this person",
		Hint:    "look on the tenant whether these people are there already; --trust-listing creates them all the same",
	},
	{
		Code: ExtensionMissing, Person: true,
		Problem: "the tenant has no such extension",
		Hint:    "check the extension on the tenant, or have it made",
	},
	{
		Code: ExtensionTaken, Person: true,
		Problem: "another user has the extension",
		Hint:    "free the extension on the tenant, or give the row another",
	},
	{
		Code: UserHasExtension, Person: true,
		Problem: "the user has another extension",
		Hint:    "free the user's present extension on the tenant, or put it in the employee file",
	},
	{
		Code: ExtensionChanged, Person: true,
		Problem: "the row was done with another extension",
		Hint:    "change the extension on the tenant by hand, or put the old one back in the employee file",
	},
	{
		Code: UserGone, Person: true,
		Problem: "the user whom this job created is not on the tenant any more",
		Hint:    "the user was removed from the tenant; delete the line from the result to create them anew",
	},
	{
		Code: CannotLook, Person: true,
		Problem: "the answer to a create was lost, and the key may not list users: nobody can look whether the user is there",
		Hint: "this key may not list users: a run with a key that may, or a person who looks at eTelecom, can tell whether these people have a user; " +
			"nobody is created again",
	},
	{
		Code:    NotUpdated,
		Problem: "the API says that it did not assign the extension",
		Hint:    "run again: the tenant is looked at first",
	},
	{
		Code:    Unavailable,
		Problem: "no usable answer came",
		Hint:    "run again: what the calls have done is looked up first",
	},
	{
		Code: Precondition, OfAPI: true, Person: true,
		Problem: "the tenant refused the create, and may have set the password of somebody who is there",
		Hint:    doNotResend,
	},
	{
		Code: AlreadyExists, OfAPI: true, Person: true,
		Problem: "the tenant says that the user exists already, and may have set their password",
		Hint:    doNotResend,
	},
	{
		Code: NotFound, OfAPI: true,
		Problem: "the tenant does not know the user or the extension",
		Hint:    otherHint,
	},
	{
		Code: InvalidArgument, OfAPI: true, Person: true,
		Problem: "the API refused the row",
		Hint:    "the API refuses the row: its message says why",
	},
	{
		Code: PermissionDenied, OfAPI: true, Person: true,
		Problem: "the key lacks a right",
		Hint:    "the key lacks a right: use the shop_key of the company",
	},
	{
		Code: Unauthenticated, OfAPI: true, Person: true,
		Problem: "the key is not valid any more",
		Hint:    "the key is not valid any more: get a new one of the same company",
	},
	{
		Code: ResourceExhausted, OfAPI: true,
		Problem: "the tenant got too many requests",
		Hint:    "the tenant's rate limit holds: run again, with a lower --rate",
	},
	{
		Code: PasswordReplaced, Kind: Note, Person: true,
		Problem: "this person was on the platform before, and the API set their password to the one in the employee file: tell them",
		Hint:    "these people were on the platform before, and the API set their password to the employee file's: tell them",
	},
	{
		Code: ExtensionExpired, Kind: Warning, Person: true,
		Problem: "the extension has expired, and nobody can call with it: have it renewed",
		Hint:    "have these extensions renewed by eTelecom",
	},
	{
		Code: ShortPassword, Kind: Warning, Person: true,
		Problem: "the password is shorter than 8 bytes: the platform's own registration does not take such a one",
		Hint:    "give these people a password of 8 or more characters",
	},
	{
		Code: NoRole, Kind: Warning, Person: true,
		Problem: "the tenant lists this user without any role: they may not see their extension or their calls",
		Hint:    "give these users a role on the tenant, such as the one that the other employees have",
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

// Of returns the reason of a code. Of one that is not in the list, which is the API's, it is only known what to do.
func Of(code string) Reason {
	if r := byCode[code]; r != nil {
		return *r
	}
	return Reason{Code: code, Hint: otherHint, OfAPI: true}
}

// Hint returns what to do about a code.
func Hint(code string) string { return Of(code).Hint }
