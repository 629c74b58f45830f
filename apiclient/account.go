package apiclient

import "context"

// Account is the account that the key belongs to. What the API does not tell is empty.
type Account struct {
	ID   string
	Name string
}

// CurrentAccount returns the key's account.
func (c *Client) CurrentAccount(ctx context.Context) (Account, error) {
	var answer struct {
		problem
		ID   text `json:"id"`
		Name text `json:"name"`
	}
	err := c.do(ctx, &call{
		op:     currentAccount,
		body:   []byte("{}"),
		decode: func(body []byte) error { return decode(body, &answer) },
	})
	if err != nil {
		return Account{}, err
	}
	return Account{ID: string(answer.ID), Name: string(answer.Name)}, nil
}
