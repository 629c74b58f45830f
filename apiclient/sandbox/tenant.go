// Package sandbox is a practice tenant: the eTelecom API as far as it is known, with state, and with faults on demand.
//
// It speaks the real protocol with its own structs, so that it is a second opinion on the client and not a copy of it. It
// copies the platform in the order of checks, the messages, the pages of 100 with the newest first, and also in what goes
// wrong: a create overwrites a password, the phone filter can miss people, and two assigns can race.
//
// A [Tenant] is an [http.Handler] for real sockets and an [http.RoundTripper] that needs none. Without sockets it runs in a
// testing/synctest bubble: if it is made there, its latency and its late effects follow the bubble's clock.
//
// Words: the shop is the account that the tenant plays. The partner is the integrator who acts for the shop, and has a key
// too. A person is known to the platform by a phone; a member is a person in the shop; a stranger is a person who is not in
// it. An effect is a change of the tenant. A fault is a way in which a call goes wrong; a [Rule] says when. The record is
// what the tenant knows about what was done to it.
package sandbox

import (
	"context"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"sync"
	"time"

	"etelecom-import/apiclient/message"
)

// BasePath is the path of the API on the tenant's server. The path of a call is BasePath, a dot and the call's name.
const BasePath = "/v1/partner"

// Tenant is a practice tenant. It is safe for concurrent use. Each of its parts has a lock of its own, held for one look
// or one change and never while waiting.
type Tenant struct {
	config Config // with its defaults; it never changes
	denied Ops    // all of config.Deny

	// How a call gets in: its key, the rate limit, the fault that happens to it.
	*keyring  // Key, PartnerKey, SetKey
	*limiter  // SetLimit
	*injector // SetFaults

	// What it finds and changes.
	*identity // Account, SetIdentity, SetPBXStatus
	admin     // AddUser, RemoveUser, AddExtension, MoveExtension and others
	store     *store

	// When it is answered.
	*clock     // SetSkew
	*scheduler // Pending

	traffic *traffic

	mu   sync.Mutex
	addr string // of Serve's listener
}

var (
	_ http.Handler      = (*Tenant)(nil)
	_ http.RoundTripper = (*Tenant)(nil)
)

// New is [Open] for configurations that are known to be right, as in tests. It panics where Open returns an error.
func New(c Config) *Tenant {
	t, err := Open(c)
	if err != nil {
		panic(err)
	}
	return t
}

// Open returns the tenant that c describes, with everything that its state file has. An error names the field or the
// file that is wrong. The caller closes the tenant.
func Open(c Config) (*Tenant, error) {
	c, err := c.withDefaults()
	if err != nil {
		return nil, message.Errorf("practice tenant: %w", err)
	}
	faults := &injector{seed: c.Seed}
	if err := faults.SetFaults(c.Faults...); err != nil {
		return nil, err
	}
	now := &clock{}
	now.SetSkew(c.Skew)
	data := newStore(c.Seed, now)
	salt := binary.BigEndian.AppendUint64(nil, hash64(c.Seed, "salt"))
	h := header{Version: 1, Account: c.AccountID, Name: c.AccountName, Salt: hex.EncodeToString(salt), Partner: partnerID(&c)}
	state, existed, err := openState(c.State, &h, data.apply)
	if err != nil {
		return nil, message.Errorf("the practice tenant's state cannot be used: %w", err)
	}
	data.state, data.salt = state, h.Salt
	t := &Tenant{
		config: c, denied: c.denied(), addr: c.Addr,
		keyring: newKeyring(&c, h.Account, h.Partner), limiter: newLimiter(&c), injector: faults,
		identity: newIdentity(&c, &h), admin: admin{data}, store: data,
		clock: now, scheduler: newScheduler(), traffic: newTraffic(),
	}
	if err := populate(t.admin, &c, existed); err != nil {
		t.Close()
		return nil, message.Errorf("practice tenant: %w", err)
	}
	return t, nil
}

// Start opens a tenant and serves it at c.Addr until stop is called. stop gives running answers 2 s, and closes the
// tenant.
func Start(c Config) (t *Tenant, stop func(), err error) {
	t, l, err := Listen(c)
	if err != nil {
		return nil, nil, err
	}
	ctx, cancel := context.WithCancel(context.Background())
	var serving sync.WaitGroup
	serving.Go(func() { _ = t.Serve(ctx, l) })
	return t, func() {
		cancel()
		serving.Wait()
		t.Close()
	}, nil
}

// Listen opens a tenant and, before that, its address. A [net.OpError] says that c.Addr is not available.
func Listen(c Config) (*Tenant, net.Listener, error) {
	l, err := net.Listen("tcp", c.Addr)
	if err != nil {
		return nil, nil, err
	}
	c.Addr = l.Addr().String()
	t, err := Open(c)
	if err != nil {
		return nil, nil, errors.Join(err, l.Close())
	}
	return t, l, nil
}

// shutdownGrace is how long running answers may take when serving ends.
const shutdownGrace = 2 * time.Second

// Serve answers calls on l until ctx ends; [Tenant.BaseURL] becomes l's address. At the end it gives running answers 2 s,
// cuts off the rest, and returns nil. It closes l but not the tenant.
func (t *Tenant) Serve(ctx context.Context, l net.Listener) error {
	t.mu.Lock()
	t.addr = l.Addr().String()
	t.mu.Unlock()
	server := &http.Server{
		Handler: t, ReadHeaderTimeout: time.Minute,
		ErrorLog: log.New(io.Discard, "", 0), // dropped connections are not worth a line: the tenant exists for them
	}
	stopped := make(chan struct{})
	stop := context.AfterFunc(ctx, func() {
		defer close(stopped)
		grace, cancel := context.WithTimeout(context.Background(), shutdownGrace)
		defer cancel()
		if server.Shutdown(grace) != nil {
			_ = server.Close() // some calls are never answered
		}
	})
	err := server.Serve(l)
	if stop() || !errors.Is(err, http.ErrServerClosed) { // the listener failed, not ctx
		return errors.Join(err, server.Close())
	}
	<-stopped
	return nil
}

// BaseURL is what a client takes as the API's address. Before [Tenant.Serve] it is made of Config.Addr.
func (t *Tenant) BaseURL() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.addr == "" {
		return "http://127.0.0.1" + BasePath
	}
	return "http://" + t.addr + BasePath
}

// Close ends the tenant: pending effects never happen, calls that wait are cut off, and later calls are refused. No
// goroutine of the tenant is left when it returns. The record stays readable.
func (t *Tenant) Close() {
	if !t.scheduler.close() {
		return
	}
	t.store.mu.Lock()
	defer t.store.mu.Unlock()
	t.store.state.close()
}

// ServeHTTP answers a call of the API over a socket. It answers GET /record with the record, and GET /record?totals with
// the record without its lists.
func (t *Tenant) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path == "/record" && r.Method == http.MethodGet {
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(t.record(!r.URL.Query().Has("totals")))
		return
	}
	body, err := receive(w, r)
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	a := answer(r.Context(), t, request{
		method: r.Method, path: r.URL.Path, contentType: r.Header.Get("Content-Type"),
		authorization: r.Header.Get("Authorization"), body: body,
	})
	(&socket{t.clock, t.scheduler, w, r}).deliver(a)
}

// RoundTrip answers req without a socket, as [http.Transport] would: a fault of the connection is its error, which has the
// method Unsent if it happened before the first byte was written; and a compressed answer is unpacked. It waits by the time
// package, so that a testing/synctest bubble's clock drives it. When req's context ends it returns at once; the call can
// still take effect.
func (t *Tenant) RoundTrip(req *http.Request) (*http.Response, error) {
	body, err := readBody(req)
	if err != nil {
		return nil, err
	}
	a := answer(req.Context(), t, request{
		method: req.Method, path: req.URL.Path, contentType: req.Header.Get("Content-Type"),
		authorization: req.Header.Get("Authorization"), body: body,
	})
	return (&roundTrip{t.clock, t.scheduler, req}).response(a)
}

// Record returns the whole record. It takes time in proportion to the number of people and extensions.
func (t *Tenant) Record() Record { return t.record(true) }

// Totals returns the record without its lists.
func (t *Tenant) Totals() Record { return t.record(false) }

func (t *Tenant) record(lists bool) Record {
	r := Record{Pending: t.scheduler.Pending()} // first: what is not pending any more, the store below shows
	r.AccountID, _ = t.Account()
	r.addTraffic(t.traffic)
	r.addStore(t.store, lists)
	return r
}

// Person looks up the person who has a phone, in any spelling that the API takes.
func (t *Tenant) Person(phone string) (p Person, found bool) {
	t.store.mu.Lock()
	defer t.store.mu.Unlock()
	if known := t.store.people[parsePhone(phone)]; known != nil {
		return recordOfPerson(known), true
	}
	return Person{}, false
}

// Line looks up an extension.
func (t *Tenant) Line(id int64) (l Line, found bool) {
	t.store.mu.Lock()
	defer t.store.mu.Unlock()
	if ext := t.store.extensions[id]; ext != nil {
		return recordOfExtension(ext), true
	}
	return Line{}, false
}

// PasswordIs reports whether the person who has the phone has the password. It is wrong with a probability of 1 in 65,536.
func (t *Tenant) PasswordIs(phone, password string) bool {
	t.store.mu.Lock()
	defer t.store.mu.Unlock()
	n := parsePhone(phone)
	p := t.store.people[n]
	return p != nil && p.digest == t.store.digest(n, password)
}
