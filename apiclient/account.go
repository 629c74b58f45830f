package apiclient

import "context"

// Account is the account that the key belongs to. What the API does not tell is empty.
type Account struct {
	ID   string
	Name string
}

// CurrentAccount returns the key's account.
func (c *Client) CurrentAccount(ctx context.Context) (Account, error) {
	var account Account
	err := c.do(ctx, &call{op: currentAccount, body: []byte("{}"), decode: func(body []byte) (err error) {
		account, err = accountOf(body)
		return err
	}})
	return account, err
}

func accountOf(body []byte) (Account, error) {
	var a struct {
		problem
		ID   text `json:"id"`
		Name text `json:"name"`
	}
	if err := decode(body, &a); err != nil {
		return Account{}, err
	}
	return Account{ID: string(a.ID), Name: string(a.Name)}, nil
}
