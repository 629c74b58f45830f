package apiclient

import (
	"context"
	"time"
)

// identityTimeout bounds a call that only tells whose account it is: a run can do without its answer.
const identityTimeout = 5 * time.Second

// Account is a company as one call shows it, its name without secrets: it is in the plan, the question and the JSON. What the API
// does not tell is empty.
type Account struct {
	ID   string
	Name string
}

// PBX is the switchboard of a shop, as GetTenant shows it, without secrets. What the API does not tell is empty.
type PBX struct {
	ID, Name, Domain string
	// Status is "Z" (new), "P" (enabled) or "N" (disabled).
	Status string
}

// CurrentAccount returns the account of a partner's api_key. The API answers a shop_key with 401, as it answers a wrong key
// (published source of the platform), so an error says nothing about the key. The client sends the call once, and once more
// only if its connection broke.
func (c *Client) CurrentAccount(ctx context.Context) (Account, error) {
	return c.account(ctx, currentAccount)
}

// CurrentShop returns the shop of a shop_key (published source of the platform). The call is not documented, so an error says
// nothing about the key. The client sends the call once, and once more only if its connection broke.
func (c *Client) CurrentShop(ctx context.Context) (Account, error) {
	return c.account(ctx, currentShop)
}

func (c *Client) account(ctx context.Context, op operation) (Account, error) {
	var a struct {
		problem
		ID   lenientString `json:"id"`
		Name lenientString `json:"name"`
	}
	err := c.do(ctx, &call{op: op, once: true, body: []byte("{}"), decode: func(body []byte) error { return decode(body, &a) }})
	if err != nil {
		return Account{}, err
	}
	return Account{ID: string(a.ID), Name: c.shown(a.Name)}, nil
}

// GetTenant returns the shop's switchboard (documented for a shop_key). The client sends the call once, and once more only if its
// connection broke.
func (c *Client) GetTenant(ctx context.Context) (PBX, error) {
	var a struct {
		problem
		ID     lenientString `json:"id"`
		Name   lenientString `json:"name"`
		Domain lenientString `json:"domain"`
		Status lenientString `json:"status"`
	}
	err := c.do(ctx, &call{op: getTenant, once: true, body: []byte("{}"), decode: func(body []byte) error { return decode(body, &a) }})
	if err != nil {
		return PBX{}, err
	}
	return PBX{string(a.ID), c.shown(a.Name), c.shown(a.Domain), c.shown(a.Status)}, nil
}
