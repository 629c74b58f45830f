package sandbox

import (
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"etelecom-import/apiclient/message"
)

// Record is what the tenant knows about what was done to it. It has no password, key or SIP secret.
// The state file keeps what concerns people and extensions; what concerns requests is of this process only.
type Record struct {
	AccountID string `json:"account_id"`

	Requests     int64                       `json:"requests"`       // all requests, also to paths that are not a call of the API
	BadPaths     int64                       `json:"bad_paths"`      // requests to such paths
	Followed     int64                       `json:"followed"`       // requests to where a redirect pointed
	Calls        map[string]map[string]int   `json:"calls"`          // call -> HTTP status -> number; status 0: the client got none
	Writes       int64                       `json:"writes"`         // creates and assigns that came in, whatever happened to them
	MaxPerSecond int                         `json:"max_per_second"` // most requests in any window of 1 s
	Faults       map[string]map[string]int64 `json:"faults"`         // fault -> call -> how often it fired
	Pending      int                         `json:"pending"`        // effects that have not happened yet

	Creates    int64 `json:"creates"`    // creates that took effect: made a person or set a password
	Overwrites int64 `json:"overwrites"` // those of them that set the password of a person who existed
	Assigns    int64 `json:"assigns"`    // assigns that took effect
	Taken      int64 `json:"taken"`      // those of them that took the extension from another person

	People      []Person     `json:"people,omitempty"`      // everybody who is a member or whose phone was in a create; by phone
	Lines       []Line       `json:"extensions,omitempty"`  // every extension
	Assignments []Assignment `json:"assignments,omitempty"` // the assigns that took effect, in their order
}

// Person is a person in the record.
type Person struct {
	ID           int64     `json:"id,string"`
	Phone        string    `json:"phone"`
	Name         string    `json:"full_name"`
	CreatedAt    time.Time `json:"created_at"`
	Before       bool      `json:"before,omitempty"`     // was on the platform before any create of the API
	Member       bool      `json:"member,omitempty"`     // is in the shop
	Creates      int       `json:"creates,omitempty"`    // creates of this phone that took effect
	Overwrites   int       `json:"overwrites,omitempty"` // those of them that set the password of a person who existed
	Extensions   []string  `json:"extensions,omitempty"` // ids
	Roles        []string  `json:"roles,omitempty"`
	Unsearchable bool      `json:"unsearchable,omitempty"` // the phone filter misses them
}

// Line is an extension in the record.
type Line struct {
	ID      int64  `json:"id,string"`
	Number  string `json:"extension_number"`
	User    int64  `json:"user_id,string"`    // 0: free
	Assigns int    `json:"assigns,omitempty"` // assigns that took effect
	Taken   int    `json:"taken,omitempty"`   // those of them that took it from another person

	Hotline   int64     `json:"hotline_id,string"`
	State     string    `json:"state"`               // Z new, P valid, N expired
	ExpiresAt time.Time `json:"expires_at,omitzero"` // zero: never
}

// Assignment is an assign that took effect.
type Assignment struct {
	Extension int64     `json:"extension_id,string"`
	User      int64     `json:"user_id,string"`
	At        time.Time `json:"at"`
}

// Fired is how often a fault fired in calls of all kinds.
func (r Record) Fired(fault string) (times int64) {
	for _, n := range r.Faults[fault] {
		times += n
	}
	return times
}

// Facts describes in sentences what was done to the tenant: requests, effects, and the faults that fired.
func (r Record) Facts() []string {
	facts := []string{
		message.Sprintf("%s came, at most %d in one second", message.Count(r.Requests, "request", "requests"), r.MaxPerSecond),
		message.Sprintf("%s took effect, and %d of them replaced the password of an existing person",
			message.Count(r.Creates, "create", "creates"), r.Overwrites),
		message.Sprintf("%s took effect, and %d of them took the extension from another person",
			message.Count(r.Assigns, "assign", "assigns"), r.Taken),
	}
	for _, fault := range FaultNames() {
		if n := r.Fired(fault); n > 0 {
			facts = append(facts, message.Sprintf("fault %s happened: %d", fault, n))
		}
	}
	return facts
}

// addTraffic adds what is known about requests.
func (r *Record) addTraffic(t *traffic) {
	t.mu.Lock()
	defer t.mu.Unlock()
	r.Requests, r.BadPaths, r.Followed, r.Writes, r.MaxPerSecond = t.requests, t.badPaths, t.followed, t.writes, t.window.most
	r.Calls, r.Faults = map[string]map[string]int{}, map[string]map[string]int64{}
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
		r.Faults[fault] = maps.Clone(calls)
	}
}

// addStore adds the sums of what is known about people and extensions, and, if lists is set, each of them.
func (r *Record) addStore(s *store, lists bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	r.Creates, r.Overwrites, r.Assigns, r.Taken = s.creates, s.overwrites, int64(len(s.assigns)), s.taken
	if !lists {
		return
	}
	for _, p := range s.people {
		if p.member || p.creates > 0 {
			r.People = append(r.People, recordOfPerson(p))
		}
	}
	slices.SortFunc(r.People, func(a, b Person) int { return strings.Compare(a.Phone, b.Phone) })
	for _, ext := range s.inOrder {
		r.Lines = append(r.Lines, recordOfExtension(ext))
	}
	for _, a := range s.assigns {
		r.Assignments = append(r.Assignments, Assignment{a.extension, a.user, time.UnixMilli(a.at).UTC()})
	}
}

func recordOfPerson(p *person) Person {
	q := Person{
		ID: p.id, Phone: p.phone.String(), Name: p.name, CreatedAt: time.Unix(p.created, 0).UTC(), Before: p.before, Member: p.member,
		Creates: int(p.creates), Overwrites: int(p.overwrites), Roles: p.roles, Unsearchable: p.unsearchable,
	}
	for _, ext := range p.extensions {
		q.Extensions = append(q.Extensions, strconv.FormatInt(ext.id, 10))
	}
	return q
}

func recordOfExtension(ext *extension) Line {
	q := Line{ID: ext.id, Number: ext.number, Hotline: ext.hotline, Assigns: int(ext.assigns), Taken: int(ext.taken), State: ext.state, ExpiresAt: ext.expires}
	if ext.holder != nil {
		q.User = ext.holder.id
	}
	return q
}
