// Package secondtenant is a second, small practice tenant: several shops of one partner behind one address.
//
// It was written from the description of the API alone, without reading the importer or apiclient/sandbox, so that it does
// not share their assumptions about the platform. Keep it that way: do not change either tenant because the other differs.
// Only tests import it.
//
// Words: a user belongs to the whole platform and is known by their phone. A member is a user in a shop. A shop has
// extensions. The record says what was done to each phone. The zero Config follows the description; each field changes one
// thing that the description leaves open, or makes one thing go wrong.
package secondtenant

import (
	"cmp"
	"fmt"
	"maps"
	"math/rand"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"
)

// NeverExpires is the time that the platform shows for an extension that never expires.
const NeverExpires = "0001-01-01T00:00:00Z"

// Config says how the platform behaves. The zero value follows the description of the API.
type Config struct {
	Seed    int64  // of ids and keys; 0 is 20
	Service string // the name of the Etelecom service in paths; empty is Etelecom

	Skew     time.Duration // how far the platform's clock (created_at) is ahead of this machine's
	DateSkew time.Duration // how far Date is ahead of the platform's clock
	Date     string        // which answers carry a Date header: "" all, "none", "pages" web pages only, "json" all others
	East     bool          // times are written with +07:00 and microseconds
	AnyKey   bool          // with one shop: the partner's key and the shop's key are both good for every call

	// Identity has the answers to calls that only say who the caller is, by path, such as "Misc/CurrentAccount". An answer is
	// a JSON object, "null", or a status, code or "html" as in Rule.Answer. Every key gets it.
	Identity map[string]string
	// UsersAccount and ExtensionsAccount replace account_id in the listings; "-" leaves it out.
	UsersAccount, ExtensionsAccount string

	NullLists   bool          // an empty list is null, not []
	LastPage    bool          // next is empty on the last page that is not empty
	OldestFirst bool          // the oldest come first
	ByPlace     bool          // a cursor is an index into the list, not an entry
	StuckAfter  int           // from this page on, next is always the same; 0: never
	LoopAfter   int           // after this page, next leads to the first page again; 0: never
	ListLag     time.Duration // from a create until the listing shows the user
	NumberIDs   bool          // ids are JSON numbers
	FilterDeaf  bool          // the phone filter finds nobody
	NoPhones    bool          // the listing shows nobody's phone

	NoRoles       bool   // users who join by a create have no role
	ExistsCode    string // the code that answers a create of a member; empty: failed_precondition
	ExistsMessage string // its message; empty: the platform's own
	ExistsXcode   string // its meta.xcode; empty: no meta
	AnswerNoPhone bool   // the answer to a create shows no phone
	Several       bool   // a second extension can be assigned to a user

	Latency time.Duration // of each call; the effect comes after half of it
	Rules   []Rule        // the first that matches a call decides its effect and its answer
}

// Rule changes what some calls do, what they answer, or both. An empty field matches every call.
type Rule struct {
	Call        string // "create", "assign", "users", "extensions", or a path such as "Shop/CurrentShop"
	Shop        string // the name of a shop
	Phone       string // a normalized phone; only creates have one
	First, Last int    // which of the matching calls, counted from 1. First 0: all. Last 0: only First
	// Effect says when the call takes effect: "" and "now" are as usual, "none" is never, "late" is after Late.
	Effect string
	Late   time.Duration
	// Answer is one of these:
	//
	//	""           the true answer; after "none" and "late" it is "cut"
	//	cut          the connection breaks without an answer
	//	half         the connection breaks after half of the true answer
	//	hang         no answer until the caller gives up
	//	previous     the answer to the call before
	//	html         status 200 with a web page
	//	502          this status with a web page; any status can be given
	//	internal     an error with this code; any code can be given
	//	CODE|MESSAGE|XCODE  such an error with a message and an xcode
	Answer string

	seen int
}

// Shop is one account of the partner. Its exported fields are set before AddShop, and later by Change.
type Shop struct {
	Name    string
	Account string // account_id
	KeyID   string // the digits in the key's prefix; empty: Account
	ShopID  string // the id of CurrentShop; empty: Account
	OwnerID string // owner_id of GetTenant; empty: AddShop makes one
	Key     string // the shop_key; empty: AddShop makes one

	Closed bool     // every call is answered with account_closed
	Gone   bool     // the key is no longer valid
	Deny   []string // calls that the key may not make, named as in Rule.Call

	members    []*member
	extensions []*Extension
}

// User is a person on the platform.
type User struct {
	ID, Phone, Name, Password string
	Created                   time.Time
}

// Extension is a telephone line of a shop.
type Extension struct {
	ID, Number, UserID, State, Expires string
	Hotline                            string // OneHotline for those that AddExtension adds
	Created                            time.Time
}

// OneHotline is the hotline of every extension that belongs to no other one.
const OneHotline = "1101234567890123457"

// member is a user in a shop.
type member struct {
	user         *User
	joined       time.Time // by the platform's clock
	created      time.Time // by this machine's clock; zero for those whom AddUser added
	roles        []string
	hidden       bool // the listing does not show them
	masked       bool // the listing shows their phone in part
	unfindable   bool // the phone filter does not find them
	hadExtension bool // they have or had an extension
	removed      bool
}

// PhoneRecord is what was done to one phone.
type PhoneRecord struct {
	Before      bool           // the person was on the platform before any create
	InShop      []string       // the shops in which the person was before any create
	Asked       int            // creates that arrived
	Made        int            // creates that made the user
	Overwritten int            // creates that set the password of a user who existed
	Changed     int            // overwrites that set a different password
	Joined      map[string]int // by shop: creates that made the person a member
	Assigned    int            // assigns that took effect
}

// Request is one call, as it arrived.
type Request struct {
	At           time.Time // by this machine's clock
	Call, Shop   string
	Phone, After string
	Page         int // the limit in paging
	Write        bool
	Status       int    // of the answer; 0: no answer
	Effect       string // of the rule that matched
}

// Record says what has happened so far.
type Record struct {
	Phones   map[string]PhoneRecord
	Requests []Request
	Writes   int
	Pending  int // late effects that have not happened yet
}

// Twice lists the phones to which a client did what it must not do: more than one of its creates took effect, or a create
// overwrote the password of somebody who was in a shop before.
func (r Record) Twice() []string {
	var out []string
	for p, x := range r.Phones {
		if x.Made+x.Overwritten > 1 || x.Overwritten > 0 && len(x.InShop) > 0 {
			out = append(out, p)
		}
	}
	slices.Sort(out)
	return out
}

// Tenant is the platform. It is an http.Handler and an http.RoundTripper, and safe for concurrent use.
type Tenant struct {
	Partner string // the partner's api_key

	mu       sync.Mutex
	cfg      Config
	random   *rand.Rand
	shops    []*Shop
	users    map[string]*User
	phones   map[string]*PhoneRecord
	requests []Request
	pending  int
	last     map[string][]byte // the last answer to each call
}

// New returns a platform without shops.
func New(cfg Config) *Tenant {
	t := &Tenant{
		cfg: cfg, random: rand.New(rand.NewSource(cmp.Or(cfg.Seed, 20))),
		users: map[string]*User{}, phones: map[string]*PhoneRecord{}, last: map[string][]byte{},
	}
	t.Partner = t.id() + ":" + t.secret()
	return t
}

func (t *Tenant) id() string { return fmt.Sprint(1_000_000_000_000_000_000 + t.random.Int63n(5e17)) }

func (t *Tenant) secret() string {
	return fmt.Sprintf("%016x%016x", t.random.Uint64(), t.random.Uint64())
}

// Configure changes the configuration while the platform runs.
func (t *Tenant) Configure(change func(*Config)) {
	t.mu.Lock()
	defer t.mu.Unlock()
	change(&t.cfg)
}

// AddShop adds an account, and fills in its empty ids and key.
func (t *Tenant) AddShop(s *Shop) *Shop {
	t.mu.Lock()
	defer t.mu.Unlock()
	s.Account = cmp.Or(s.Account, t.id())
	s.OwnerID = cmp.Or(s.OwnerID, t.id())
	s.Key = cmp.Or(s.Key, "shop"+cmp.Or(s.KeyID, s.Account)+":"+t.secret())
	t.shops = append(t.shops, s)
	return s
}

// Shop returns the shop with this name, or the first shop for "".
func (t *Tenant) Shop(name string) *Shop {
	for _, s := range t.shops {
		if s.Name == name || name == "" {
			return s
		}
	}
	return nil
}

func (t *Tenant) now() time.Time { return time.Now().Add(t.cfg.Skew) }

func (t *Tenant) phone(p string) *PhoneRecord {
	if t.phones[p] == nil {
		t.phones[p] = &PhoneRecord{Joined: map[string]int{}}
	}
	return t.phones[p]
}

// AddUser adds a person who joined this long ago. With a nil shop they are on the platform but in no shop.
func (t *Tenant) AddUser(s *Shop, phone, name, password string, ago time.Duration) *User {
	t.mu.Lock()
	defer t.mu.Unlock()
	u := t.users[phone]
	if u == nil {
		u = &User{t.id(), phone, name, password, t.now().Add(-ago)}
		t.users[phone] = u
	}
	p := t.phone(phone)
	p.Before = p.Made == 0
	if s != nil {
		s.members = append(s.members, &member{user: u, joined: t.now().Add(-ago), roles: []string{"staff"}})
		p.InShop = append(p.InShop, s.Name)
	}
	return u
}

// AddExtension adds an extension to a shop. A nil user leaves it free, an empty state is "P", and an empty expires is never.
func (t *Tenant) AddExtension(s *Shop, number string, user *User, state, expires string, ago time.Duration) *Extension {
	t.mu.Lock()
	defer t.mu.Unlock()
	e := &Extension{ID: t.id(), Number: number, State: cmp.Or(state, "P"), Expires: cmp.Or(expires, NeverExpires), Hotline: OneHotline, Created: t.now().Add(-ago)}
	if user != nil {
		e.UserID = user.ID
	}
	s.extensions = append(s.extensions, e)
	return e
}

// change changes a member, and reports whether the shop has one with this phone.
func (t *Tenant) change(s *Shop, phone string, f func(*member)) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, m := range s.members {
		if m.user.Phone == phone && !m.removed {
			f(m)
			return true
		}
	}
	return false
}

// Remove removes a person from the shop, and frees their extensions.
func (t *Tenant) Remove(s *Shop, phone string) bool {
	return t.change(s, phone, func(m *member) {
		m.removed = true
		for _, e := range s.extensions {
			if e.UserID == m.user.ID {
				e.UserID = ""
			}
		}
	})
}

// Hide hides a person from the listing, or shows them again.
func (t *Tenant) Hide(s *Shop, phone string, on bool) bool {
	return t.change(s, phone, func(m *member) { m.hidden = on })
}

// Unfindable hides a person from the phone filter alone, or lets it find them again.
func (t *Tenant) Unfindable(s *Shop, phone string, on bool) bool {
	return t.change(s, phone, func(m *member) { m.unfindable = on })
}

// Mask makes the listing show a phone as 0901***567, or in full again.
func (t *Tenant) Mask(s *Shop, phone string, on bool) bool {
	return t.change(s, phone, func(m *member) { m.masked = on })
}

// SetRoles gives a member these roles.
func (t *Tenant) SetRoles(s *Shop, phone string, roles ...string) bool {
	return t.change(s, phone, func(m *member) { m.roles = roles })
}

// Move gives the extension with this number to the user with this id; "" frees it.
func (t *Tenant) Move(s *Shop, number, userID string) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, e := range s.extensions {
		if e.Number == number {
			e.UserID = userID
			return true
		}
	}
	return false
}

// User returns the person with this phone, or the zero User.
func (t *Tenant) User(phone string) User {
	t.mu.Lock()
	defer t.mu.Unlock()
	if u := t.users[phone]; u != nil {
		return *u
	}
	return User{}
}

// Extensions returns the extensions of a shop.
func (t *Tenant) Extensions(s *Shop) []Extension {
	t.mu.Lock()
	defer t.mu.Unlock()
	var out []Extension
	for _, e := range s.extensions {
		out = append(out, *e)
	}
	return out
}

// Change changes a shop's fields while the platform runs.
func (t *Tenant) Change(s *Shop, change func(*Shop)) {
	t.mu.Lock()
	defer t.mu.Unlock()
	change(s)
}

// Record returns what has happened so far.
func (t *Tenant) Record() Record {
	t.mu.Lock()
	defer t.mu.Unlock()
	r := Record{Phones: map[string]PhoneRecord{}, Requests: slices.Clone(t.requests), Pending: t.pending}
	for p, x := range t.phones {
		c := *x
		c.Joined, c.InShop = maps.Clone(x.Joined), slices.Clone(x.InShop)
		r.Phones[p] = c
	}
	for _, q := range r.Requests {
		if q.Write {
			r.Writes++
		}
	}
	return r
}

// Normalize returns the national form of a phone as the platform reads it; "" if the platform refuses it.
func Normalize(p string) string {
	var d strings.Builder
	p = strings.TrimSpace(p)
	for i, c := range p {
		if c >= '0' && c <= '9' {
			d.WriteRune(c)
		} else if !strings.ContainsRune(" .-()", c) && (c != '+' || i > 0) {
			break
		}
	}
	s := d.String()
	if rest, ok := strings.CutPrefix(s, "84"); ok {
		s = "0" + rest
	} else if strings.HasPrefix(s, "0084") {
		s = s[1:]
	}
	if len(s) < 10 || len(s) > 12 {
		return ""
	}
	return s
}

func masked(p string) string { return p[:4] + "***" + p[len(p)-3:] }

var (
	_ http.Handler      = (*Tenant)(nil)
	_ http.RoundTripper = (*Tenant)(nil)
)
