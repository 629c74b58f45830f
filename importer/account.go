package importer

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"
	"sync/atomic"

	"etelecom-import/apiclient"
	"etelecom-import/apiclient/message"
	"etelecom-import/importer/hint"
	"etelecom-import/importer/ledger"
)

// account decides whether the key is of the account that the user and the ledger want.
type account struct {
	client   *apiclient.Client
	ledger   *ledger.Ledger
	wanted   WantedAccount
	baseURL  string
	file     string // the employee file
	identity *Identity
	// fingerprint is the key's. It is made once, since each has a salt of its own.
	fingerprint string

	// extensionsDenied says that the key may not list extensions.
	extensionsDenied atomic.Bool
	// extensions are the account ids of all listed extensions, "" for those that have none; nil: nobody needs to know.
	extensions map[apiclient.ID]string
	// reading becomes extensions: the listings are read at the same time, and both ask what is known.
	reading map[apiclient.ID]string
	// named is what the result calls the account; zero before check.
	named apiclient.Account
}

// newAccount asks the tenant whose the key is.
func newAccount(ctx context.Context, client *apiclient.Client, baseURL string, l *ledger.Ledger, wanted WantedAccount) *account {
	return &account{
		client: client, ledger: l, wanted: wanted, baseURL: baseURL,
		identity: Identify(ctx, client), fingerprint: client.Fingerprint(),
	}
}

// wantExtensions makes the account remember the extensions that the tenant lists, if nothing has shown yet whose account the key is of:
// those that the ledger has worked with can show it. wanted says whether it does.
func (a *account) wantExtensions() (wanted bool) {
	if wanted = !a.known(); wanted {
		a.reading = map[apiclient.ID]string{}
	}
	return wanted
}

// sawUser takes in a listed user.
func (a *account) sawUser(u *apiclient.AccountUser) { a.identity.ListedUser(u.AccountID) }

// sawExtension takes in a listed extension.
func (a *account) sawExtension(x *apiclient.Extension) {
	a.identity.ListedExtension(x.AccountID)
	if a.reading == nil {
		return
	}
	a.reading[x.ID] = ""
	if isAccountID(x.AccountID) {
		a.reading[x.ID] = x.AccountID
	}
}

// sawAll says that the listings were read, so that what they have shown counts.
func (a *account) sawAll() {
	if a.reading != nil {
		a.extensions, a.reading = a.reading, nil
	}
}

// check is called once the listings have told what they know, and before anything is written.
func (a *account) check() error {
	a.named = apiclient.Account{ID: a.id(), Name: a.identity.Name}
	if err := a.identity.Check(string(a.wanted)); err != nil {
		return err
	}
	for _, o := range a.ledger.Origins() {
		// rule: own-account
		if !a.belongs(&o) {
			return a.refuse(&o)
		}
	}
	return nil
}

// refuse refuses a part of the ledger.
func (a *account) refuse(o *ledger.Origin) error {
	ids := strings.Join(o.IDs(), ", ")
	switch {
	case ids != "":
		return refused(&accountError{message.Sprintf("%s is of account %s, and the key is of %s", o.Path, ids, a.identity)},
			"use the key of that account, or another result file (-o)")
	case len(a.identity.IDs()) == 0:
		return refused(&accountError{message.Sprintf("%s does not say of which account it is, and the tenant does not tell its own id", o.Path)},
			"use the key with which it was made")
	}
	return refused(&accountError{message.Sprintf("nothing shows that %s is of the key's account, %s", o.Path, a.identity)},
		"use the key with which it was made. If you know that it is of this company, use --account with the company's id")
}

// refused returns the Stop of a run whose key is not shown to be of the right account.
func refused(why error, whatToDo message.Text) error {
	return &Stop{Kind: Refused, Cause: hint.With(why, whatToDo.String())}
}

// known reports whether enough is known of whose account the key is.
func (a *account) known() bool {
	if wanted := string(a.wanted); wanted != "" && !a.identity.Is(wanted) {
		return false
	}
	for _, o := range a.ledger.Origins() {
		if !a.belongs(&o) {
			return false
		}
	}
	return true
}

// decisive are the sources whose ids can contradict a result's, the most certain first: the documentation has account_id in
// both listings, and a key's prefix is known from published source. What a call answers that only tells who we are can be
// the same for several companies.
var decisive = []Source{FromExtensions, FromUsers, FromKey}

// belongs reports whether a part of the ledger is of the key's account. The first rule that applies decides.
func (a *account) belongs(o *ledger.Origin) bool {
	told := a.identity.Told()
	// An extension belongs to one company: if the tenant lists one that this part has worked with, it is of this account.
	shown, worked := a.listedHere(o)
	if shown {
		return true
	}
	// The most certain source that told an id both then and now decides, in either direction.
	for _, source := range decisive {
		at := slices.IndexFunc(told, func(id AccountID) bool { return id.From == source })
		if before := o.Told[source.recorded()]; before != "" && at >= 0 {
			return before == told[at].ID
		}
	}
	// No source told an id both times, but a certain one tells an id now that the ledger has from another, or the key is the same.
	certain := func(id AccountID) bool { return slices.Contains(decisive, id.From) && o.Is(id.ID) }
	if slices.ContainsFunc(told, certain) || a.client.HasFingerprint(o.Key) {
		return true
	}
	// An extension that this part has assigned would have to be on the tenant. It was not shown, perhaps only not yet.
	if worked && !a.extensionsDenied.Load() {
		return false
	}
	// Nothing was assigned, or extensions may not be listed. If the ledger names no id, the user can vouch for the account.
	if len(o.IDs()) == 0 {
		return a.wanted != "" && a.identity.Is(string(a.wanted))
	}
	// There remain the ids that less certain sources tell.
	return slices.ContainsFunc(told, func(id AccountID) bool { return o.Is(id.ID) })
}

// listedHere compares the extensions that this part of the ledger has worked with to those that the tenant lists. shown says that
// one of them is listed, and none under another account. worked says that this part has assigned one, which the tenant would have
// to list. Extensions belong to one company. User ids prove nothing: a person can be in two companies.
func (a *account) listedHere(o *ledger.Origin) (shown, worked bool) {
	for id, assigned := range o.Extensions() {
		worked = worked || assigned
		of, listed := a.extensions[apiclient.ID(id)]
		if listed && of != "" && !a.identity.Is(of) {
			return false, true
		}
		shown = shown || listed
	}
	return shown, worked
}

// id returns the id that the result names: the one that it has already, if that is the account's; else the best.
func (a *account) id() string {
	ids := a.identity.IDs()
	if len(ids) == 0 {
		return a.baseURL
	}
	// The result keeps the id that it has, if that is one of the account's: it is compared with by later runs and by people.
	for _, o := range a.ledger.Origins() {
		at := slices.IndexFunc(ids, func(id AccountID) bool { return (&ledger.Owner{ID: o.ID}).Is(id.ID) })
		if at >= 0 {
			return ids[at].ID
		}
	}
	return ids[0].ID
}

// owner returns what the ledger is to keep of the account: everything that was ever known.
func (a *account) owner() ledger.Owner {
	owner := ledger.Owner{ID: a.named.ID, Told: map[string]string{}, Input: cmp.Or(a.file, a.ledger.Input())}
	for _, o := range a.ledger.Origins() {
		maps.Copy(owner.Told, o.Told)
	}
	for _, id := range a.identity.Told() {
		owner.Add(id.ID)
		owner.Told[id.From.recorded()] = id.ID
	}
	for _, o := range a.ledger.Origins() {
		owner.Add(append([]string{o.ID}, o.Others...)...)
		if owner.Key == "" && a.client.HasFingerprint(o.Key) {
			owner.Key = o.Key
		}
	}
	if owner.Key == "" {
		owner.Key = a.fingerprint
	}
	return owner
}

// accountError says in its own words that a part of the ledger is not taken for the key's account.
type accountError struct{ text string }

func (e *accountError) Error() string { return e.text }

// Is makes it an ErrOtherAccount.
func (e *accountError) Is(target error) bool { return target == ErrOtherAccount }

// ErrOtherAccount says that the result CSV is of another account than the key, or that nothing shows that it is not.
var ErrOtherAccount = message.New("the result is of another account")

// WantedAccount is the id of the account that a key must be of; empty for any.
type WantedAccount string

// UnmarshalText reads an id. An empty one is an error: it would let every key pass.
func (a *WantedAccount) UnmarshalText(text []byte) error {
	id := strings.TrimSpace(string(text))
	if id == "" {
		return message.New("it is empty, and would let every key pass: give the account's id")
	}
	*a = WantedAccount(id)
	return nil
}
