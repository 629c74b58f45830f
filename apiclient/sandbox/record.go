package sandbox

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Record is what the tenant knows about what was done to it. It holds no password, key or SIP secret.
// What concerns people and extensions outlives the process in the state file; what concerns requests does not.
type Record struct {
	AccountID string `json:"account_id"`

	Requests     int64                       `json:"requests"`       // all, also those to no call of the API
	BadPaths     int64                       `json:"bad_paths"`      // those
	Followed     int64                       `json:"followed"`       // those to where a redirect pointed
	Calls        map[string]map[string]int   `json:"calls"`          // call -> HTTP status -> number; status 0: cut off without one
	Writes       int64                       `json:"writes"`         // creates and assigns that came in, whatever became of them
	MaxPerSecond int                         `json:"max_per_second"` // most requests in any window of 1 s
	Faults       map[string]map[string]int64 `json:"faults"`         // fault -> call -> how often it fired
	Pending      int                         `json:"pending"`        // effects that are still to come

	Creates    int64 `json:"creates"`    // creates that took effect: made a person or set a password
	Overwrites int64 `json:"overwrites"` // those of them that set the password of a person who was there
	Assigns    int64 `json:"assigns"`    // assigns that took effect
	Taken      int64 `json:"taken"`      // those of them that took the extension from another person

	People      []Person     `json:"people,omitempty"`      // everybody who is a member, or met a create; by phone
	Lines       []Line       `json:"extensions,omitempty"`  // every extension
	Assignments []Assignment `json:"assignments,omitempty"` // the assigns that took effect, in their order
}

// Person is a user in the record.
type Person struct {
	ID           int64     `json:"id,string"`
	Phone        string    `json:"phone"`
	Name         string    `json:"full_name"`
	CreatedAt    time.Time `json:"created_at"`
	Before       bool      `json:"before,omitempty"`     // was on the platform before any create of the API
	Member       bool      `json:"member,omitempty"`     // is in the shop
	Creates      int       `json:"creates,omitempty"`    // creates of this phone that took effect
	Overwrites   int       `json:"overwrites,omitempty"` // those of them that met a person who was there
	Extensions   []string  `json:"extensions,omitempty"` // ids
	Roles        []string  `json:"roles,omitempty"`
	Unsearchable bool      `json:"unsearchable,omitempty"` // the phone filter misses them
}

// Line is an extension in the record.
type Line struct {
	ID      int64  `json:"id,string"`
	Number  string `json:"extension_number"`
	User    int64  `json:"user_id,string"`    // 0: free
	Assigns int    `json:"assigns,omitempty"` // that took effect
	Taken   int    `json:"taken,omitempty"`   // those of them that took it from another person

	State     string    `json:"state"`               // Z new, P valid, N expired
	ExpiresAt time.Time `json:"expires_at,omitzero"` // zero: never
}

// Assignment is an assign that took effect.
type Assignment struct {
	Extension int64     `json:"extension_id,string"`
	User      int64     `json:"user_id,string"`
	At        time.Time `json:"at"`
}

// Fired is how often a fault fired, in all calls.
func (r Record) Fired(fault string) (times int64) {
	for _, n := range r.Faults[fault] {
		times += n
	}
	return times
}

// Facts says in sentences what was done to the tenant: requests, effects, and the faults that fired.
func (r Record) Facts() []string {
	facts := []string{
		fmt.Sprintf("%d requests, at most %d in one second", r.Requests, r.MaxPerSecond),
		fmt.Sprintf("%d creates took effect, %d of them overwrote the password of somebody who was there", r.Creates, r.Overwrites),
		fmt.Sprintf("%d assigns took effect, %d of them took the extension from somebody else", r.Assigns, r.Taken),
	}
	for _, fault := range FaultNames() {
		if n := r.Fired(fault); n > 0 {
			facts = append(facts, fmt.Sprintf("fault %s fired: %d", fault, n))
		}
	}
	return facts
}

// Record returns the whole record. It is O(people + extensions).
func (t *Tenant) Record() Record {
	t.mu.Lock()
	defer t.mu.Unlock()
	r := t.totals()
	for _, p := range t.store.people {
		if p.member || p.creates > 0 {
			r.People = append(r.People, p.public())
		}
	}
	slices.SortFunc(r.People, func(a, b Person) int { return strings.Compare(a.Phone, b.Phone) })
	for _, ext := range t.store.inOrder {
		r.Lines = append(r.Lines, ext.public())
	}
	for _, a := range t.store.assigns {
		r.Assignments = append(r.Assignments, Assignment{a.extension, a.user, time.UnixMilli(a.at).UTC()})
	}
	return r
}

// Totals returns the record without its lists.
func (t *Tenant) Totals() Record {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.totals()
}

func (t *Tenant) totals() Record {
	r := Record{
		AccountID: t.account.id, Requests: t.traffic.requests, BadPaths: t.traffic.lost, Followed: t.traffic.followed,
		MaxPerSecond: t.traffic.window.most, Pending: len(t.pending), Assigns: int64(len(t.store.assigns)),
		Creates: t.store.creates, Overwrites: t.store.overwrites, Taken: t.store.taken,
		Calls: map[string]map[string]int{}, Faults: map[string]map[string]int64{}, Writes: t.traffic.writes,
	}
	r.addTraffic(&t.traffic)
	return r
}

func (r *Record) addTraffic(t *traffic) {
	for i, statuses := range t.byStatus {
		name := Ops(1 << i).String()
		for status, n := range statuses {
			if r.Calls[name] == nil {
				r.Calls[name] = map[string]int{}
			}
			r.Calls[name][strconv.Itoa(status)] = int(n)
		}
	}
	for fault, calls := range t.fired {
		r.Faults[fault] = map[string]int64{}
		for call, n := range calls {
			r.Faults[fault][call] = n
		}
	}
}

// Person looks up a phone, in any spelling that the API takes.
func (t *Tenant) Person(phone string) (Person, bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	p := t.store.people[parsePhone(phone)]
	if p == nil {
		return Person{}, false
	}
	return p.public(), true
}

// Line looks up an extension.
func (t *Tenant) Line(id int64) (Line, bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	ext := t.store.extensions[id]
	if ext == nil {
		return Line{}, false
	}
	return ext.public(), true
}

// PasswordIs reports whether the person's password is the given one, with a chance of 1 in 65,536 to be wrong.
func (t *Tenant) PasswordIs(phone, password string) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	n := parsePhone(phone)
	p := t.store.people[n]
	return p != nil && p.digest == t.digest(n, password)
}

func (p *person) public() Person {
	q := Person{
		ID: p.id, Phone: p.phone.String(), Name: p.name, CreatedAt: time.Unix(p.created, 0).UTC(), Before: p.before, Member: p.member,
		Creates: int(p.creates), Overwrites: int(p.overwrites), Roles: p.roles, Unsearchable: p.hidden,
	}
	for _, ext := range p.extensions {
		q.Extensions = append(q.Extensions, strconv.FormatInt(ext.id, 10))
	}
	return q
}

func (ext *extension) public() Line {
	q := Line{ID: ext.id, Number: ext.number, Assigns: int(ext.count), Taken: int(ext.taken), State: ext.state, ExpiresAt: ext.expires}
	if ext.holder != nil {
		q.User = ext.holder.id
	}
	return q
}

// serveRecord answers GET /record; with ?totals without the lists.
func (t *Tenant) serveRecord(w http.ResponseWriter, r *http.Request) {
	record := t.Totals
	if !r.URL.Query().Has("totals") {
		record = t.Record
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(record())
}
