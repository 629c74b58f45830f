// Package sandbox is a practice tenant: the eTelecom API as far as it is known, with state, and with faults on demand.
//
// It speaks the real protocol with structs of its own, so that it is a second opinion on the client and not its mirror:
// the order of checks, the password that a create overwrites, the messages, the phone filter that can miss somebody, the
// pages of 100, the newest first, and the missing lock of the assign are those of the platform.
//
// A [Tenant] is an [http.Handler] for real sockets and an [http.RoundTripper] that needs none: without sockets it runs
// in a testing/synctest bubble, where its latency and its late effects follow the bubble's clock (if it is made there).
//
// Words: the shop is the account that the tenant is; the partner is the integrator who acts for it, with a key of its own.
// A person is somebody whom the platform knows by a phone; a member is a person who is in the shop; a stranger is one
// who is not. An effect is a change of the tenant. A fault is a way in which a call goes wrong; a [Rule] says
// when. The record is what the tenant knows about what was done to it.
package sandbox

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"
	"time"
)

// BasePath is the path of the API on the tenant's server; a call's path follows it after a dot.
const BasePath = "/v1/partner"

// Config says what a tenant is like. The zero value is an empty tenant in memory that never fails and behaves as the API
// does by all that is known. Where the API could be otherwise, a field gives the older picture of it.
// The tags bind the fields to command line flags.
type Config struct {
	Addr       string `default:"127.0.0.1:8080" placeholder:"HOST:PORT" help:"Address to serve on (${default})."`
	Extensions int    `default:"100" placeholder:"N" help:"Free extensions, numbered from 1001 (${default})."`
	Expired    int    `placeholder:"N" help:"How many of them are expired."`

	Users          int      `placeholder:"N" help:"Made-up people who are in the shop from the start."`
	UserPhones     []string `name:"user" placeholder:"PHONE" help:"A person who is in the shop (repeatable)."`
	Unsearchable   int      `placeholder:"N" help:"How many made-up users the phone filter misses."`
	Strangers      int      `placeholder:"N" help:"People on the platform who are not in the shop."`
	StrangerPhones []string `name:"stranger" placeholder:"PHONE" help:"One who is not: a create replaces their password."`
	NoRoles        bool     `help:"Users whom creates make have no role."`

	Latency    time.Duration `placeholder:"D" help:"Of every call; the effect comes half-way."`
	Limit      float64       `placeholder:"R" help:"Requests per second; the others get 429. 0: no limit."`
	LimitBurst int           `placeholder:"N" help:"How many may come at once (one second's worth)."`
	RetryAfter string        `placeholder:"WHEN" help:"Of those 429: seconds, date, past, years, garbage."`
	Lag        time.Duration `placeholder:"D" help:"Time from a create to the user's being listed."`

	Faults      []Rule        `name:"fault" sep:"none" placeholder:"F=WHEN" help:"A fault (repeatable; see below)."`
	LateBy      time.Duration `placeholder:"D" help:"When a late effect happens (1m)."`
	Deny        []Ops         `placeholder:"CALL" help:"Refuse a call or set: create, users, identity."`
	RevokeAfter int           `placeholder:"N" help:"Revoke the shop's key after N calls."`
	Closed      bool          `help:"The account is closed: every call gets 503."`

	PagesByPlace bool   `help:"List the oldest first; no next on the last page."`
	ListDeleted  bool   `help:"List removed users, marked as deleted."`
	EmptyList    string `placeholder:"JSON" help:"An empty list: [] or null (the seed decides)."`
	AnyKey       bool   `help:"Both keys are good for every call."`
	Service      string `default:"Etelecom" placeholder:"NAME" help:"The service's name in paths (${default})."`

	Seed        uint64        `placeholder:"N" help:"Makes ids, people and dice repeatable."`
	State       string        `placeholder:"FILE" help:"Keep the tenant in this file; no password is in it."`
	Key         string        `placeholder:"TEXT" help:"The shop's API key (made from the seed)."`
	PartnerKey  string        `placeholder:"TEXT" help:"The partner's API key (made from the seed)."`
	AccountID   string        `placeholder:"ID" help:"The account's id (the key's, or from the seed)."`
	AccountName string        `placeholder:"TEXT" help:"The account's name."`
	ShopID      string        `placeholder:"ID" help:"The id in CurrentShop, - for none (the account's)."`
	ListedID    string        `placeholder:"ID" help:"account_id in lists, - for none (the account's)."`
	Skew        time.Duration `placeholder:"D" help:"How far the tenant's clock is ahead."`
}

// Tenant is a practice tenant. It is safe for concurrent use.
type Tenant struct {
	latency     time.Duration
	lag         time.Duration
	lateBy      time.Duration
	skew        atomic.Int64 // ns
	denied      Ops
	service     string
	shut        bool // the account is closed
	oldestFirst bool // listings go by place
	listDeleted bool
	nullLists   bool // an empty list is null
	noRoles     bool // for users whom creates make

	mu        sync.Mutex // guards everything below; held for one look or one change, never while waiting
	addr      string
	keys      keyring
	account   account // the shop
	partner   account // who acts for the shop
	shopID    string  // as Config.ShopID
	listedID  string  // as Config.ListedID
	pbxStatus string
	salt      string
	seed      uint64
	store     store
	state     *stateFile // nil: the tenant lives in memory alone
	faults    faultBox
	traffic   traffic
	limit     bucket
	dead      bool
	pending   map[*pendingEffect]struct{}

	running sync.WaitGroup // effects that run on timers
	closed  chan struct{}
}

type account struct{ id, name string }

// pendingEffect is an effect that is still to come.
type pendingEffect struct{ timer *time.Timer }

var (
	_ http.Handler      = (*Tenant)(nil)
	_ http.RoundTripper = (*Tenant)(nil)
)

// New is [Open] for configurations that are known to be right, as in tests. It panics where Open gives an error.
func New(c Config) *Tenant {
	t, err := Open(c)
	if err != nil {
		panic(err)
	}
	return t
}

// Open returns the tenant that c describes, with everything that its state file knows. An error names the field or the
// file that is wrong.
func Open(c Config) (*Tenant, error) {
	if c.Seed == 0 {
		c.Seed = randomSeed()
	}
	if c.EmptyList != "" && c.EmptyList != "[]" && c.EmptyList != "null" {
		return nil, fmt.Errorf("practice tenant: an empty list is [] or null, not %q", c.EmptyList)
	}
	t := fresh(c)
	if err := t.SetFaults(c.Faults...); err != nil {
		return nil, err
	}
	if err := t.openState(c.State); err != nil {
		return nil, fmt.Errorf("practice tenant's state: %w", err)
	}
	t.makeKeys()
	if err := t.populate(c); err != nil {
		t.Close()
		return nil, fmt.Errorf("practice tenant: %w", err)
	}
	return t, nil
}

func fresh(c Config) *Tenant {
	t := &Tenant{
		latency: c.Latency, lag: c.Lag, lateBy: cmp.Or(c.LateBy, time.Minute),
		service: cmp.Or(c.Service, "Etelecom"), shut: c.Closed, noRoles: c.NoRoles,
		oldestFirst: c.PagesByPlace, listDeleted: c.ListDeleted, nullLists: c.nullLists(),
		addr: c.Addr, seed: c.Seed, pbxStatus: "P",
		keys: keyring{shop: c.Key, partner: c.PartnerKey, any: c.AnyKey, revokeAfter: c.RevokeAfter},
		account: account{
			cmp.Or(c.AccountID, accountOf(c.Key), fmt.Sprint(makeID(hash64(c.Seed, "account")))),
			cmp.Or(c.AccountName, "Practice tenant"),
		},
		partner: account{cmp.Or(accountOf(c.PartnerKey), fmt.Sprint(makeID(hash64(c.Seed, "partner")))), "Practice partner"},
		shopID:  c.ShopID, listedID: c.ListedID,
		salt:    hex.EncodeToString(binary.BigEndian.AppendUint64(nil, hash64(c.Seed, "salt"))),
		store:   newStore(),
		limit:   newBucket(c.Limit, c.LimitBurst, c.RetryAfter),
		pending: map[*pendingEffect]struct{}{},
		closed:  make(chan struct{}),
	}
	t.SetSkew(c.Skew)
	for _, op := range c.Deny {
		t.denied |= op
	}
	t.traffic.init()
	return t
}

// nullLists reports whether an empty list is null. The older picture had no reason for one.
func (c *Config) nullLists() bool {
	if c.EmptyList != "" || c.PagesByPlace {
		return c.EmptyList == "null"
	}
	return hash64(c.Seed, "empty list")&1 == 1
}

func randomSeed() uint64 {
	var b [8]byte
	_, _ = rand.Read(b[:]) // never fails
	return binary.BigEndian.Uint64(b[:]) | 1
}

// BaseURL is what a client takes as the API's address. Before [Tenant.Serve] it is made from Config.Addr.
func (t *Tenant) BaseURL() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.addr == "" {
		return "http://127.0.0.1" + BasePath
	}
	return "http://" + t.addr + BasePath
}

// Close ends the tenant: effects that were still to come never happen, calls that wait are cut off, later calls are
// refused. No goroutine of the tenant is left when it returns. The record stays readable.
func (t *Tenant) Close() {
	t.mu.Lock()
	if t.dead {
		t.mu.Unlock()
		return
	}
	t.dead = true
	close(t.closed)
	for c := range t.pending {
		c.timer.Stop()
	}
	clear(t.pending)
	t.mu.Unlock()
	t.running.Wait()
	t.mu.Lock()
	defer t.mu.Unlock()
	t.state.close()
}

// Pending is the number of effects that are still to come: of late calls, and of calls whose latency is not over.
func (t *Tenant) Pending() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return len(t.pending)
}

// SetSkew sets how far the tenant's clock is ahead of this machine's; less than 0: behind.
func (t *Tenant) SetSkew(d time.Duration) { t.skew.Store(int64(d)) }

// now is the tenant's clock: of its Date headers and of what it creates. How long something takes is not its matter.
func (t *Tenant) now() time.Time { return time.Now().Add(time.Duration(t.skew.Load())) }

// wait sleeps for d and reports whether it could: false if ctx or the tenant ended before.
func (t *Tenant) wait(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
	case <-t.closed:
	}
	return false
}

// later runs do after d, whatever becomes of the call that asked for it.
func (t *Tenant) later(d time.Duration, do func()) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.dead {
		return
	}
	c := &pendingEffect{}
	c.timer = time.AfterFunc(d, func() {
		if t.begin() {
			do()
			t.end(c)
		}
	})
	t.pending[c] = struct{}{}
}

// begin lets an effect happen, unless the tenant was closed first.
func (t *Tenant) begin() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.dead {
		return false
	}
	t.running.Add(1)
	return true
}

// end takes an effect that has happened off those to come.
func (t *Tenant) end(c *pendingEffect) {
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.pending, c)
	t.running.Done()
}
