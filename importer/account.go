package importer

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	"etelecom-import/apiclient"
	"etelecom-import/importer/ledger"
)

// Source says where an id of the account comes from. A lower one is nearer to the API's word on whose the key is.
type Source uint8

// The sources.
const (
	FromAccountCall Source = iota // CurrentAccount
	FromShopCall                  // CurrentShop
	FromExtensions                // the account_id that all listed extensions share
	FromUsers                     // the account_id that all listed users share
	FromKey                       // the digits in the key's prefix
)

// String names the source in a message.
func (s Source) String() string {
	return [...]string{apiclient.OpCurrentAccount, apiclient.OpCurrentShop, "listed extensions", "listed users", "the key's prefix"}[s]
}

// AccountID is one id by which the account is known.
type AccountID struct {
	ID   string
	From Source
}

// Identity is what is known of whose account a key is of. That the sources agree is documented nowhere, so all of them
// are kept. The zero value knows nothing.
type Identity struct {
	Name     string // empty: not told
	asked    []AccountID
	answered bool // one of the calls was: the tenant takes the key

	mu                sync.Mutex // guards the rest: the two listings are read at the same time
	extensions, users tally
}

// tally holds the account id that all entries of a listing share. Where they differ, none of them is the key's for sure.
type tally struct {
	id    string
	mixed bool
}

// ListedExtension takes in the account_id of one listed extension.
func (i *Identity) ListedExtension(id string) { i.listed(&i.extensions, id) }

// ListedUser takes in the account_id of one listed user.
func (i *Identity) ListedUser(id string) { i.listed(&i.users, id) }

func (i *Identity) listed(t *tally, id string) {
	i.mu.Lock()
	defer i.mu.Unlock()
	switch {
	case !isAccountID(id):
	case t.id == "":
		t.id = id
	case t.id != id:
		t.mixed = true
	}
}

// Identify asks the calls that tell whose the key is, each once; those that the key's shape rules out are left out. No
// answer of theirs is an error: whether the key is good shows the work itself.
func Identify(ctx context.Context, c *apiclient.Client) *Identity {
	known := &Identity{}
	shape := c.Key()
	if shape.Kind != apiclient.ShopKey {
		account, err := c.CurrentAccount(ctx)
		known.told(account, err, FromAccountCall)
	}
	if shape.Kind != apiclient.PartnerKey {
		shop, err := c.CurrentShop(ctx)
		known.told(shop, err, FromShopCall)
	}
	if shape.AccountID != "" {
		known.asked = append(known.asked, AccountID{shape.AccountID, FromKey})
	}
	return known
}

// isAccountID reports whether a text is an id that can be an account's. A tenant that has none to tell may answer 0.
func isAccountID(id string) bool {
	_, ok := apiclient.ParseID(id)
	return ok
}

func (i *Identity) told(a apiclient.Account, err error, from Source) {
	if err != nil {
		return
	}
	i.answered = true
	if !isAccountID(a.ID) {
		return
	}
	i.asked = append(i.asked, AccountID{a.ID, from})
	if i.Name == "" {
		i.Name = a.Name
	}
}

// Told returns every id of the account with every source that tells it, those from the better source first.
func (i *Identity) Told() []AccountID {
	all := slices.Clone(i.asked)
	i.mu.Lock()
	defer i.mu.Unlock()
	if t := i.extensions; t.id != "" && !t.mixed {
		all = append(all, AccountID{t.id, FromExtensions})
	}
	if t := i.users; t.id != "" && !t.mixed {
		all = append(all, AccountID{t.id, FromUsers})
	}
	slices.SortStableFunc(all, func(a, b AccountID) int { return int(a.From) - int(b.From) })
	return all
}

// IDs returns the ids of the account, each once, those from the better source first.
func (i *Identity) IDs() []AccountID {
	var ids []AccountID
	for _, id := range i.Told() {
		if !slices.ContainsFunc(ids, func(known AccountID) bool { return known.ID == id.ID }) {
			ids = append(ids, id)
		}
	}
	return ids
}

// Is reports whether the account is known by this id.
func (i *Identity) Is(id string) bool {
	return slices.ContainsFunc(i.IDs(), func(known AccountID) bool { return known.ID == id })
}

// String names the account in a message.
func (i *Identity) String() string {
	var ids []string
	for _, id := range i.IDs() {
		ids = append(ids, id.ID)
	}
	switch list := strings.Join(ids, ", "); {
	case list == "":
		return "an account that the tenant does not name"
	case i.Name != "":
		return fmt.Sprintf("%q (%s)", i.Name, list)
	default:
		return "account " + list
	}
}

// Doubts returns what does not fit together, a sentence each.
func (i *Identity) Doubts() (doubts []string) {
	if ids := i.IDs(); len(ids) > 1 {
		var told []string
		for _, id := range ids {
			told = append(told, fmt.Sprintf("%s (%s)", id.ID, id.From))
		}
		doubts = append(doubts, "the account is told by different ids: "+strings.Join(told, ", "))
	}
	if i.extensions.mixed {
		doubts = append(doubts, "the listed extensions belong to more than one account")
	}
	if i.users.mixed {
		doubts = append(doubts, "the listed users belong to more than one account")
	}
	return doubts
}

// checkAccount decides, once the listings have told what they know, whether the key is of the account that the user and
// the ledger want. Nothing was written before.
func (j *job) checkAccount() error {
	j.account = apiclient.Account{ID: j.accountID(), Name: j.identity.Name}
	if wanted := string(j.opts.Account); wanted != "" && !j.identity.Is(wanted) {
		if len(j.identity.IDs()) == 0 {
			return &Stop{
				Kind: Refused, Cause: fmt.Errorf("that the key is of account %s cannot be checked: the tenant does not tell its id", wanted),
				Todo: "make sure of the company in another way, and leave --account out",
			}
		}
		return &Stop{
			Kind: Refused, Cause: fmt.Errorf("this key is of %s, not of %s", j.identity, wanted),
			Todo: "use the key of the other company, or correct --account",
		}
	}
	for _, o := range j.ledger.Origins() {
		if !j.belongs(&o) {
			return j.otherAccount(&o)
		}
	}
	return nil
}

// accountError says in its own words that a part of the ledger is not taken for the key's account.
type accountError struct{ text string }

func (e *accountError) Error() string { return e.text }

// Is makes it an ErrOtherAccount.
func (e *accountError) Is(target error) bool { return target == ErrOtherAccount }

// otherAccount refuses a part of the ledger.
func (j *job) otherAccount(o *ledger.Origin) error {
	ids := strings.Join(o.IDs(), ", ")
	switch {
	case ids != "":
		return &Stop{
			Kind: Refused, Cause: &accountError{fmt.Sprintf("%s is of account %s, and the key is of %s", o.Path, ids, j.identity)},
			Todo: "use the key of that account, or another result file (-o)",
		}
	case len(j.identity.IDs()) == 0:
		return &Stop{
			Kind: Refused, Cause: &accountError{o.Path + " does not say of which account it is, and the tenant does not tell its own id"},
			Todo: "use the key with which it was made",
		}
	}
	return &Stop{
		Kind: Refused, Cause: &accountError{fmt.Sprintf("nothing shows that %s is of the key's account, %s", o.Path, j.identity)},
		Todo: "use the key with which it was made; or, if you know that it is of this company, say so with --account and the company's id",
	}
}

// knownAccount reports whether nothing more has to be found out of whose account the key is.
func (j *job) knownAccount() bool {
	if wanted := string(j.opts.Account); wanted != "" && !j.identity.Is(wanted) {
		return false
	}
	for _, o := range j.ledger.Origins() {
		if !j.belongs(&o) {
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
func (j *job) belongs(o *ledger.Origin) bool {
	told := j.identity.Told()
	shown, worked := j.listedHere(o)
	if shown {
		return true // an extension that it has worked with is this account's
	}
	for _, source := range decisive {
		at := slices.IndexFunc(told, func(id AccountID) bool { return id.From == source })
		if before := o.Told[source.String()]; before != "" && at >= 0 {
			return before == told[at].ID
		}
	}
	certain := func(id AccountID) bool { return slices.Contains(decisive, id.From) && o.Is(id.ID) }
	if slices.ContainsFunc(told, certain) || j.client.HasFingerprint(o.Key) {
		return true
	}
	if worked && !j.noEvidence.Load() {
		return false // the tenant has to show an extension, and may not have been asked yet
	}
	if len(o.IDs()) == 0 { // then its user can vouch for it
		return j.opts.Account != "" && j.identity.Is(string(j.opts.Account))
	}
	return slices.ContainsFunc(told, func(id AccountID) bool { return o.Is(id.ID) })
}

// listedHere reports whether the tenant lists an extension that this part of the ledger has worked with, and none of them
// under another account; and whether there is any that it has assigned, and that would have to be here. Extensions belong to one company. User ids prove
// nothing: a person can be in two.
func (j *job) listedHere(o *ledger.Origin) (shown, worked bool) {
	for id, assigned := range o.Extensions() {
		worked = worked || assigned
		account, listed := j.evidence[apiclient.ID(id)]
		if listed && account != "" && !j.identity.Is(account) {
			return false, true
		}
		shown = shown || listed
	}
	return shown, worked
}

// accountID returns the id that the result names: the one that it has already, if that is the account's; else the best.
func (j *job) accountID() string {
	ids := j.identity.IDs()
	if len(ids) == 0 {
		return j.baseURL
	}
	for _, o := range j.ledger.Origins() {
		at := slices.IndexFunc(ids, func(id AccountID) bool { return (&ledger.Owner{ID: o.ID}).Is(id.ID) })
		if at >= 0 {
			return ids[at].ID
		}
	}
	return ids[0].ID
}

// owner returns what the ledger is to keep of the account: everything that was ever known.
func (j *job) owner() ledger.Owner {
	owner := ledger.Owner{ID: j.account.ID, Told: map[string]string{}}
	for _, o := range j.ledger.Origins() {
		maps.Copy(owner.Told, o.Told)
	}
	for _, id := range j.identity.Told() {
		owner.Add(id.ID)
		owner.Told[id.From.String()] = id.ID
	}
	for _, o := range j.ledger.Origins() {
		owner.Add(append([]string{o.ID}, o.Others...)...)
		if owner.Key == "" && j.client.HasFingerprint(o.Key) {
			owner.Key = o.Key
		}
	}
	if owner.Key == "" {
		owner.Key = j.fingerprint
	}
	return owner
}

// ErrOtherAccount says that the result CSV is of another account than the key, or that nothing shows that it is not.
var ErrOtherAccount = errors.New("the result is of another account")

// WantedAccount is the id of the account that a key must be of; empty for any.
type WantedAccount string

// UnmarshalText reads an id. An empty one is an error: it would let every key pass.
func (a *WantedAccount) UnmarshalText(text []byte) error {
	id := strings.TrimSpace(string(text))
	if id == "" {
		return errors.New("it is empty, and would let every key pass: give the account's id")
	}
	*a = WantedAccount(id)
	return nil
}
