package importer

import (
	"context"
	"errors"
	"fmt"
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
	Name  string // empty: not told
	asked []AccountID

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
	case id == "":
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

func (i *Identity) told(a apiclient.Account, err error, from Source) {
	if err != nil || a.ID == "" {
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
	if wanted := j.opts.Account; wanted != "" && !j.identity.Is(wanted) {
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

// otherAccount refuses a part of the ledger. Where nothing shows that it is of another account, the user may vouch for it.
func (j *job) otherAccount(o *ledger.Origin) error {
	ids, sameKey := j.identity.IDs(), j.client.HasFingerprint(o.Key)
	if len(o.IDs()) == 0 || sameKey {
		if len(ids) == 0 {
			return &Stop{Kind: Refused, Cause: fmt.Errorf("%w: %s does not say of which account it is, and the tenant does not tell its own id. Use another result file (-o)",
				ErrOtherAccount, o.Path)}
		}
		return &Stop{Kind: Refused, Cause: fmt.Errorf("%w: nothing shows that %s (%s) is of %s. If you know that it is, add --account %s; else use another result file (-o)",
			ErrOtherAccount, o.Path, o.ID, j.identity, ids[0].ID)}
	}
	return &Stop{Kind: Refused, Cause: fmt.Errorf("%w: %s is of account %s, and the key is of %s. Use the other key, or another result file (-o)",
		ErrOtherAccount, o.Path, strings.Join(o.IDs(), ", "), j.identity)}
}

// knownAccount reports whether nothing more has to be found out of whose account the key is.
func (j *job) knownAccount() bool {
	if j.opts.Account != "" && !j.identity.Is(j.opts.Account) {
		return false
	}
	for _, o := range j.ledger.Origins() {
		if !j.belongs(&o) {
			return false
		}
	}
	return true
}

// belongs reports whether a part of the ledger is of the key's account.
func (j *job) belongs(o *ledger.Origin) bool {
	ids := j.identity.IDs()
	if slices.ContainsFunc(ids, func(id AccountID) bool { return o.Is(id.ID) }) {
		return true
	}
	sameKey := j.client.HasFingerprint(o.Key) // of key and address
	if (len(o.IDs()) == 0 || sameKey) && j.opts.Account != "" && j.identity.Is(j.opts.Account) {
		return true // the user vouches for it
	}
	if len(o.IDs()) == 0 && sameKey {
		return true
	}
	return j.listedHere(o)
}

// listedHere reports whether the tenant lists an extension that this part of the ledger has worked with, and none of them
// under another account. Extensions belong to one company. User ids prove nothing: a person can be in two.
func (j *job) listedHere(o *ledger.Origin) bool {
	account, found := "", false
	for id := range o.Extensions() {
		owner, listed := j.evidence[apiclient.ID(id)]
		switch {
		case !listed:
			continue
		case found && owner != account:
			return false
		}
		account, found = owner, true
	}
	return found && (account == "" || j.identity.Is(account))
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
	owner := ledger.Owner{ID: j.account.ID}
	for _, id := range j.identity.IDs() {
		owner.Add(id.ID)
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
