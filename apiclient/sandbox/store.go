package sandbox

import (
	"slices"
	"time"
)

// store is the tenant's data. Its slices only grow, and what leaves them leaves a hole, so that a cursor, which is an
// index, stays good.
type store struct {
	people     map[number]*person
	byID       map[int64]*person
	members    []*person            // in the order of joining; nil: a hole
	byPrefix   map[number][]*person // people who were members, by the beginning of their phones, for the phone filter
	extensions map[int64]*extension
	byNumber   map[string]*extension
	inOrder    []*extension
	assigns    []assignment

	creates, overwrites, taken int64 // sums over people and lines
}

// person is somebody on the platform.
type person struct {
	id      int64
	phone   number
	name    string
	created int64 // Unix time
	digest  string

	slot         int   // place among the members; -1: never was one
	member       bool  // is in the shop
	listed       int64 // Unix time in ms when the listing begins to show them
	deleted      bool  // removed from the shop, and listed as that
	roles        []string
	hidden       bool         // the phone filter's column is empty
	extensions   []*extension // their extensions: one, or more when assigns raced
	hadExtension bool         // had an extension once: what the filter has_extension goes by

	before     bool  // was on the platform before a create of the API
	creates    int32 // creates of the API that took effect
	overwrites int32 // those of them that set the password of a person who was there
}

// extension is an extension.
type extension struct {
	id      int64
	number  string
	state   string    // Z new, P valid, N expired
	expires time.Time // zero: never
	holder  *person   // nil: free
	taken   int32     // assigns of the API that took it from another person
	count   int32     // assigns of the API that took effect
}

func isState(s string) bool { return s == "Z" || s == "P" || s == "N" }

// far is when an extension expires that does at all. It is as odd as a time in the field.
var far = time.Date(2099, 12, 31, 23, 59, 59, 123_456_000, hanoi)

// newExtension makes an extension that is valid: for a long time or, by its id, for ever.
func newExtension(id int64, number string) *extension {
	ext := &extension{id: id, number: number, state: "P"}
	if id/2%2 == 0 {
		ext.expires = far
	}
	return ext
}

// assignment is one assign of the API that took effect.
type assignment struct {
	extension, user, at int64
}

func newStore() store {
	return store{
		people: map[number]*person{}, byID: map[int64]*person{}, byPrefix: map[number][]*person{},
		extensions: map[int64]*extension{}, byNumber: map[string]*extension{},
	}
}

func (s *store) addPerson(p *person) {
	p.slot = -1
	s.people[p.phone] = p
	s.byID[p.id] = p
}

// firstRoles are the roles of a new member.
var firstRoles = []string{"telecom_customerservice"}

// join makes p a member who is listed from then on.
func (s *store) join(p *person, listed int64) {
	if p.slot >= 0 {
		s.members[p.slot] = nil
	}
	head := p.phone.head()
	if !slices.Contains(s.byPrefix[head], p) {
		s.byPrefix[head] = append(s.byPrefix[head], p)
	}
	p.slot, p.member, p.deleted, p.listed, p.roles = len(s.members), true, false, listed, firstRoles
	s.members = append(s.members, p)
}

// leave takes p out of the shop; a listing of deleted members goes on to show them, unless they are to be gone from it.
func (s *store) leave(p *person, gone bool) {
	for len(p.extensions) > 0 {
		s.hold(p.extensions[0], nil)
	}
	p.member, p.deleted = false, !gone
	if gone && p.slot >= 0 {
		s.members[p.slot] = nil
		p.slot = -1
	}
}

func (s *store) addExtension(ext *extension) {
	s.extensions[ext.id] = ext
	s.byNumber[ext.number] = ext
	s.inOrder = append(s.inOrder, ext)
}

// hold makes p the holder of ext, whoever had it; nil frees it.
func (s *store) hold(ext *extension, p *person) {
	if old := ext.holder; old != nil {
		old.extensions = slices.DeleteFunc(old.extensions, func(other *extension) bool { return other == ext })
	}
	ext.holder = p
	if p != nil {
		p.extensions, p.hadExtension = append(p.extensions, ext), true
	}
}
