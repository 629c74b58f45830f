package importer

import (
	"context"

	"etelecom-import/apiclient"
	"etelecom-import/importer/ledger"
)

// Ownership finds out for a command that only reads whether a key is of the account that a ledger is of, by the rules of a run. The
// listings tell it what they show; then [Ownership.Check] decides.
type Ownership struct{ account *account }

// AskOwnership asks the tenant whose the key is. wanted may be empty.
func AskOwnership(ctx context.Context, client *apiclient.Client, baseURL string, l *ledger.Ledger, wanted WantedAccount) *Ownership {
	a := newAccount(ctx, client, baseURL, l, wanted)
	a.wantExtensions()
	return &Ownership{a}
}

// SawUser takes in a listed user.
func (o *Ownership) SawUser(u *apiclient.AccountUser) { o.account.sawUser(u) }

// SawExtension takes in a listed extension.
func (o *Ownership) SawExtension(x *apiclient.Extension) { o.account.sawExtension(x) }

// ExtensionsDenied says that the key may not list extensions.
func (o *Ownership) ExtensionsDenied() { o.account.extensionsDenied.Store(true) }

// Doubts returns what does not fit together in what the tenant tells of the account, a sentence each.
func (o *Ownership) Doubts() []string { return o.account.identity.Doubts() }

// Check returns the account. The error is a [Stop] that refuses the key.
func (o *Ownership) Check() (AccountSummary, error) {
	o.account.sawAll()
	if err := o.account.check(); err != nil {
		return AccountSummary{}, err
	}
	return AccountSummary{o.account.named.ID, o.account.named.Name}, nil
}
