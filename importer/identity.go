package importer

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"

	"etelecom-import/apiclient"
	"etelecom-import/apiclient/message"
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

var sourceNames = [...]message.Text{apiclient.OpCurrentAccount, apiclient.OpCurrentShop, "listed extensions", "listed users", "the key's prefix"}

// String names the source in a message.
func (s Source) String() string { return sourceNames[s].String() }

// recorded returns what the ledger calls the source: the English name, whatever the language. Later runs compare it.
func (s Source) recorded() string { return string(sourceNames[s]) }

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
	extensions, users commonID
}

// Identify makes the calls that tell whose the key is, each once, except those that the key's shape rules out. If they fail,
// that is no error: the work itself shows whether the key is good.
func Identify(ctx context.Context, c *apiclient.Client) *Identity {
	known := &Identity{}
	shape := c.Key()
	if shape.Kind != apiclient.ShopKey {
		account, err := c.CurrentAccount(ctx)
		known.add(account, err, FromAccountCall)
	}
	if shape.Kind != apiclient.PartnerKey {
		shop, err := c.CurrentShop(ctx)
		known.add(shop, err, FromShopCall)
	}
	if shape.AccountID != "" {
		known.asked = append(known.asked, AccountID{shape.AccountID, FromKey})
	}
	return known
}

// add takes in the answer of one call.
func (i *Identity) add(a apiclient.Account, err error, from Source) {
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

// ListedExtension takes in the account_id of one listed extension.
func (i *Identity) ListedExtension(id string) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.extensions.add(id)
}

// ListedUser takes in the account_id of one listed user.
func (i *Identity) ListedUser(id string) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.users.add(id)
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

// Check returns the Stop of a command whose key is not shown to be of the account that is wanted; nil if it is, or if none is wanted. It
// is called once the listings have told what they know, and before anything is written.
func (i *Identity) Check(wanted string) error {
	switch {
	case wanted == "" || i.Is(wanted):
		return nil
	case len(i.IDs()) == 0:
		return refused(message.Errorf("that the key is of account %s cannot be checked: the tenant does not tell its id", wanted),
			"make sure in another way that it is the right company, and do not use --account")
	}
	return refused(message.Errorf("this key is of %s, not of %s", i, wanted), "use the key of the other company, or correct --account")
}

// String names the account in a message.
func (i *Identity) String() string {
	var ids []string
	for _, id := range i.IDs() {
		ids = append(ids, id.ID)
	}
	switch list := strings.Join(ids, ", "); {
	case list == "":
		return message.T("an account that the tenant does not name")
	case i.Name != "":
		return fmt.Sprintf("%q (%s)", i.Name, list)
	default:
		return message.Sprintf("account %s", list)
	}
}

// Mixed reports which of the listings have entries of more than one account.
func (i *Identity) Mixed() (extensions, users bool) {
	i.mu.Lock()
	defer i.mu.Unlock()
	return i.extensions.mixed, i.users.mixed
}

// Doubts returns what does not fit together, a sentence each.
func (i *Identity) Doubts() (doubts []string) {
	if ids := i.IDs(); len(ids) > 1 {
		var told []string
		for _, id := range ids {
			told = append(told, fmt.Sprintf("%s (%s)", id.ID, id.From))
		}
		doubts = append(doubts, message.Sprintf("the account has different ids: %s", strings.Join(told, ", ")))
	}
	extensions, users := i.Mixed()
	if extensions {
		doubts = append(doubts, message.T("the listed extensions belong to more than one account"))
	}
	if users {
		doubts = append(doubts, message.T("the listed users belong to more than one account"))
	}
	return doubts
}

// commonID is the account id that all entries of a listing share. If they differ, nobody can tell which of them is the key's.
type commonID struct {
	id    string // of the first entry that has one; "" if none has
	mixed bool   // another entry has another id
}

// add takes in the id of one entry.
func (c *commonID) add(id string) {
	switch {
	case !isAccountID(id):
	case c.id == "":
		c.id = id
	case c.id != id:
		c.mixed = true
	}
}

// isAccountID reports whether a text can be the id of an account. A tenant that does not know its id may answer 0.
func isAccountID(id string) bool {
	_, ok := apiclient.ParseID(id)
	return ok
}
