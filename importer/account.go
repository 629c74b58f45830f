package importer

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"etelecom-import/apiclient"
)

// identify asks for the account. It refuses the ledger of another one before anything else is read or sent.
func (j *job) identify(ctx context.Context) (err error) {
	j.account, err = j.client.CurrentAccount(ctx)
	if err != nil && !lives(err) {
		return j.ended(ctx, err)
	}
	j.accountKnown = j.account.ID != ""
	if j.accountKnown {
		return j.checkAccount(j.account.ID)
	}
	return nil
}

// lives reports whether a run can do without the account's name: the call failed in a way that says nothing of the others.
func lives(err error) bool {
	var e *apiclient.Error
	return errors.As(err, &e) && (errors.Is(err, apiclient.ErrPermission) || e.Code == "unimplemented" || e.Code == "not_found")
}

// checkAccount refuses a ledger that is of none of the accounts by which this tenant may be known.
func (j *job) checkAccount(ids ...string) error {
	if slices.ContainsFunc(ids, j.ledger.IsOf) {
		return nil
	}
	return &Stop{Refused, fmt.Errorf("%w: %s is of account %s, and the key is of account %s. Use the other key, or another result file (-o)",
		ErrOtherAccount, j.ledger.Path(), j.ledger.Account(), ids[0])}
}

// noteAccount takes in the account id of one listed user.
func (j *job) noteAccount(id string) {
	if j.sharedID == "" {
		j.sharedID = id
	}
	if j.sharedID != id {
		j.sharedID = "-"
	}
}

// settleAccount decides, after the first listing, what the account is called where it does not tell its own id.
func (j *job) settleAccount() error {
	if j.accountKnown || j.account.ID != "" {
		return nil
	}
	j.account.ID = j.baseURL
	if j.sharedID != "" && j.sharedID != "-" {
		j.account.ID = j.sharedID
	}
	return j.checkAccount(j.account.ID, j.baseURL)
}
