package sandbox

import (
	"cmp"
	"crypto/rand"
	"encoding/binary"
	"fmt"
	"time"

	"etelecom-import/apiclient/message"
)

// Config says what a tenant is like. The zero value is an empty tenant in memory that never fails and behaves as the API
// does by all that is known. Some fields choose the older picture: what was assumed of the API before, and could still be
// so in places. The tags bind the fields to command line flags.
type Config struct {
	Addr       string `default:"127.0.0.1:8080" placeholder:"HOST:PORT" help:"Address to serve on (${default})."`
	Extensions int    `default:"100" placeholder:"N" help:"Free extensions, numbered from 1001 (${default})."`
	Expired    int    `placeholder:"N" help:"How many of these extensions are expired."`
	Hotlines   int    `hidden:"" placeholder:"N" help:"To how many hotlines these extensions belong, in turn."`

	Users          int      `placeholder:"N" help:"How many invented people are in the shop at first."`
	UserPhones     []string `name:"user" placeholder:"PHONE" help:"A person who is in the shop (repeatable)."`
	Unsearchable   int      `placeholder:"N" help:"How many of these people the phone filter misses."`
	Strangers      int      `placeholder:"N" help:"How many people are only on the platform."`
	StrangerPhones []string `name:"stranger" placeholder:"PHONE" help:"A person who is only on the platform (repeatable)."`
	NoRoles        bool     `help:"New users get no role."`

	Latency    time.Duration `placeholder:"D" help:"How long each call takes."`
	Limit      float64       `placeholder:"R" help:"Requests allowed per second; 0 is no limit."`
	LimitBurst int           `placeholder:"N" help:"Requests allowed at once (those of one second)."`
	RetryAfter string        `placeholder:"WHEN" help:"On a 429: seconds, date, past, years, garbage."`
	Lag        time.Duration `placeholder:"D" help:"Time until a new user is listed."`

	Faults      []Rule        `name:"fault" sep:"none" placeholder:"F=WHEN" help:"Let calls fail (repeatable; see below)."`
	LateBy      time.Duration `placeholder:"D" help:"Delay of late effects (1m)."`
	Deny        []Ops         `placeholder:"CALL" help:"Refuse a call or set: create, users, identity."`
	RevokeAfter int           `placeholder:"N" help:"Revoke the shop's key after N calls."`
	Closed      bool          `help:"The account is closed: every call gets 503."`

	PagesByPlace bool   `help:"List the oldest first; no next on the last page."`
	ListDeleted  bool   `help:"List removed users, marked as deleted."`
	EmptyList    string `placeholder:"JSON" help:"How an empty list is written: [] or null."`
	AnyKey       bool   `help:"Accept both keys for every call."`
	Service      string `default:"Etelecom" placeholder:"NAME" help:"The service's name in paths (${default})."`

	Seed        uint64        `placeholder:"N" help:"Repeat ids, people and chance of an earlier run."`
	State       string        `placeholder:"FILE" help:"Keep the tenant in this file, without passwords."`
	Key         string        `placeholder:"TEXT" help:"The shop's API key (made from the seed)."`
	PartnerKey  string        `placeholder:"TEXT" help:"The partner's API key (made from the seed)."`
	AccountID   string        `placeholder:"ID" help:"The account's id (from the key or the seed)."`
	AccountName string        `placeholder:"TEXT" help:"The account's name."`
	ShopID      string        `placeholder:"ID" help:"The id in CurrentShop, - for none (the account's)."`
	ListedID    string        `placeholder:"ID" help:"account_id in lists, - for none (the account's)."`
	Skew        time.Duration `placeholder:"D" help:"How far the tenant's clock is ahead."`
}

// withDefaults returns c with its empty fields filled in, except for the keys: they are made of the account's id, which
// a state file can replace.
func (c Config) withDefaults() (Config, error) {
	if c.Seed == 0 {
		c.Seed = randomSeed()
	}
	switch c.EmptyList {
	case "[]", "null":
	case "":
		c.EmptyList = "[]"
		if !c.PagesByPlace && hash64(c.Seed, "empty list")&1 == 1 { // in the older picture a list was never null
			c.EmptyList = "null"
		}
	default:
		return c, message.Errorf("an empty list cannot be %q: use [] or null", c.EmptyList)
	}
	c.LateBy = cmp.Or(c.LateBy, time.Minute)
	c.Service = cmp.Or(c.Service, "Etelecom")
	c.AccountID = cmp.Or(c.AccountID, accountOf(c.Key), fmt.Sprint(makeID(hash64(c.Seed, "account"))))
	c.AccountName = cmp.Or(c.AccountName, "Practice tenant")
	return c, nil
}

func (c *Config) denied() (ops Ops) {
	for _, op := range c.Deny {
		ops |= op
	}
	return ops
}

func randomSeed() uint64 {
	var b [8]byte
	_, _ = rand.Read(b[:]) // never fails
	return binary.BigEndian.Uint64(b[:]) | 1
}
