package sandbox

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strconv"
	"sync"
	"time"

	"etelecom-import/apiclient/message"
)

// store is the tenant's data: people, extensions, and who has which. It changes by effects only: commit writes an effect
// to the state file and applies it, and opening the state file applies it again.
//
// Cursors are indexes into members and inOrder, so these only grow. Whoever leaves members leaves a nil.
type store struct {
	seed  uint64
	salt  string // of digests and SIP secrets
	clock *clock

	mu    sync.Mutex // guards everything below; callers of unexported methods hold it
	state *stateFile // nil: the tenant is in memory only

	people     map[number]*person
	byID       map[int64]*person
	members    []*person            // in the order of joining; nil: left
	byPrefix   map[number][]*person // who is or was a member, by the part of the phone that the phone filter looks at
	extensions map[int64]*extension
	byNumber   map[string]*extension
	inOrder    []*extension
	assigns    []assignment

	creates, overwrites, taken int64 // sums over people and extensions
}

// person is somebody on the platform.
type person struct {
	id      int64
	phone   number
	name    string
	created int64 // Unix time
	digest  string

	slot         int   // index in members; -1: not in it
	member       bool  // is in the shop
	listed       int64 // Unix time in ms from which the listing shows them
	deleted      bool  // was removed from the shop; Config.ListDeleted still lists them
	roles        []string
	unsearchable bool         // the column that the phone filter searches is empty
	extensions   []*extension // one, or several if assigns raced
	hadExtension bool         // has or had an extension: the filter has_extension looks at this

	before     bool  // was on the platform before any create of the API
	creates    int32 // creates of the API that took effect
	overwrites int32 // those of them that set the password of a person who existed
}

// hasExtension reports whether the extension with this number is one of theirs.
func (p *person) hasExtension(number string) bool {
	return slices.ContainsFunc(p.extensions, func(ext *extension) bool { return ext.number == number })
}

// extension is a telephone extension of the shop.
type extension struct {
	id      int64
	number  string
	state   string    // Z new, P valid, N expired
	expires time.Time // zero: never
	hotline int64
	holder  *person // nil: free
	taken   int32   // assigns of the API that took it from another person
	assigns int32   // assigns of the API that took effect
}

func isState(s string) bool { return s == "Z" || s == "P" || s == "N" }

// farExpiry is when an extension expires that does at all. The real platform has such odd times.
var farExpiry = time.Date(2099, 12, 31, 23, 59, 59, 123_456_000, hanoi)

// firstHotline is the hotline of every extension that nobody has moved to another one.
const firstHotline = 1101234567890123457

// newExtension makes a valid extension. Its id decides whether it expires far in the future or never.
func newExtension(id int64, number string) *extension {
	ext := &extension{id: id, number: number, state: "P", hotline: firstHotline}
	if id/2%2 == 0 {
		ext.expires = farExpiry
	}
	return ext
}

// assignment is one assign of the API that took effect.
type assignment struct {
	extension, user, at int64 // ids; Unix time in ms
}

// effect is one change of the store, and a line of the state file.
type effect struct {
	Do     verb   `json:"do"`
	ID     int64  `json:"id,omitempty,string"` // of the person or the extension
	Phone  string `json:"phone,omitempty"`
	Name   string `json:"name,omitempty"`
	Number string `json:"number,omitempty"` // of the extension
	Digest string `json:"digest,omitempty"` // of the password
	User   int64  `json:"user,omitempty,string"`
	At     int64  `json:"at"`               // Unix time in ms, by the tenant's clock
	Listed int64  `json:"listed,omitempty"` // Unix time in ms, by this machine's clock, from which the listing shows it; 0: at once

	Roles   []string  `json:"roles,omitempty"`
	NoRoles bool      `json:"no_roles,omitempty"` // of a create: the person gets no role on joining
	State   string    `json:"state,omitempty"`    // of the extension
	Expires time.Time `json:"expires,omitzero"`   // of the extension; zero: never
	Hotline int64     `json:"hotline,omitempty,string"`
}

// verb says what an effect does. Its texts are part of the state file's format.
type verb string

const (
	doCreate    verb = "create"   // a create of the API: makes the person or sets their password, and adds them to the shop
	doAssign    verb = "assign"   // an assign of the API
	doStranger  verb = "stranger" // this and all others are administrators' work
	doUser      verb = "user"
	doExtension verb = "extension"
	doMove      verb = "move"
	doRemove    verb = "remove"
	doPurge     verb = "forget"
	doHide      verb = "hide"  // makes the person unsearchable
	doRoles     verb = "roles" // sets a member's roles
	doState     verb = "state" // sets an extension's state and when it expires
	doHotline   verb = "hotline"
)

func newStore(seed uint64, clock *clock) *store {
	return &store{
		seed: seed, clock: clock,
		people: map[number]*person{}, byID: map[int64]*person{}, byPrefix: map[number][]*person{},
		extensions: map[int64]*extension{}, byNumber: map[string]*extension{},
	}
}

// commit writes e to the state file and applies it. If it returns an error of the file, nothing has changed.
func (s *store) commit(e effect) error {
	if e.At == 0 {
		e.At = s.clock.now().UnixMilli()
	}
	if err := s.state.append(e); err != nil {
		return err
	}
	return s.apply(e)
}

// commitOn commits an effect on a person whom the platform must know.
func (s *store) commitOn(phone string, e effect) error {
	n := parsePhone(phone)
	if s.people[n] == nil {
		return message.Errorf("%s: nobody has the phone %s", e.Do, phone)
	}
	e.Phone = n.String()
	return s.commit(e)
}

// apply changes the data as e says. It returns an error if e refers to what does not exist.
func (s *store) apply(e effect) error {
	switch e.Do {
	case doExtension:
		ext := newExtension(e.ID, e.Number)
		s.extensions[ext.id] = ext
		s.byNumber[ext.number] = ext
		s.inOrder = append(s.inOrder, ext)
		return nil
	case doState:
		ext := s.extensions[e.ID]
		if ext == nil || !isState(e.State) {
			return message.Errorf("%s: there is no such extension or state", e.Do)
		}
		ext.state, ext.expires = e.State, e.Expires
		return nil
	case doHotline:
		ext := s.extensions[e.ID]
		if ext == nil || e.Hotline <= 0 {
			return message.Errorf("%s: there is no such extension or hotline", e.Do)
		}
		ext.hotline = e.Hotline
		return nil
	case doAssign, doMove:
		return s.applyHolder(e)
	case doCreate, doStranger, doUser, doRemove, doPurge, doHide, doRoles:
		return s.applyPerson(e)
	}
	return message.Errorf("there is no effect %q", e.Do)
}

func (s *store) applyPerson(e effect) error {
	phone := parsePhone(e.Phone)
	if phone == 0 {
		return message.Errorf("%s: there is no phone", e.Do)
	}
	p := s.people[phone]
	switch {
	case e.Do == doCreate:
		s.applyCreate(p, phone, e)
	case p == nil && (e.Do == doUser || e.Do == doStranger):
		p = &person{id: e.ID, phone: phone, name: e.Name, created: e.At / 1000, digest: e.Digest, before: true}
		s.addPerson(p)
	case p == nil:
		return message.Errorf("%s: nobody has the phone %s", e.Do, e.Phone)
	}
	switch e.Do {
	case doUser:
		s.join(p, 0)
	case doRemove, doPurge:
		s.leave(p, e.Do == doPurge)
	case doHide:
		p.unsearchable = true
	case doRoles:
		p.roles = e.Roles
	}
	return nil
}

// applyCreate applies a create of the API. It sets the password of a person who exists (p is not nil), even of a member.
func (s *store) applyCreate(p *person, phone number, e effect) {
	if p == nil {
		p = &person{id: e.ID, phone: phone, name: e.Name, created: e.At / 1000}
		s.addPerson(p)
	} else {
		p.overwrites++
		s.overwrites++
	}
	p.creates++
	s.creates++
	p.digest = e.Digest
	if !p.member {
		s.join(p, e.Listed)
		if e.NoRoles {
			p.roles = nil
		}
	}
}

func (s *store) applyHolder(e effect) error {
	ext, p := s.extensions[e.ID], s.byID[e.User]
	if ext == nil || p == nil && e.User != 0 {
		return message.Errorf("%s: there is no such extension or person", e.Do)
	}
	if e.Do == doAssign {
		ext.assigns++
		if ext.holder != nil && ext.holder != p {
			ext.taken++
			s.taken++
		}
		s.assigns = append(s.assigns, assignment{ext.id, e.User, e.At})
	}
	s.setHolder(ext, p)
	return nil
}

func (s *store) addPerson(p *person) {
	p.slot = -1
	s.people[p.phone] = p
	s.byID[p.id] = p
}

// firstRoles are the roles of a new member.
var firstRoles = []string{"telecom_customerservice"}

// join makes p a member whom the listing shows from the given Unix time in ms on.
func (s *store) join(p *person, listed int64) {
	if p.slot >= 0 {
		s.members[p.slot] = nil
	}
	prefix := p.phone.searched()
	if !slices.Contains(s.byPrefix[prefix], p) {
		s.byPrefix[prefix] = append(s.byPrefix[prefix], p)
	}
	p.slot, p.member, p.deleted, p.listed, p.roles = len(s.members), true, false, listed, firstRoles
	s.members = append(s.members, p)
}

// leave takes p out of the shop and frees their extensions. Unless purge is set, a listing of deleted members continues to
// show them.
func (s *store) leave(p *person, purge bool) {
	for len(p.extensions) > 0 {
		s.setHolder(p.extensions[0], nil)
	}
	p.member, p.deleted = false, !purge
	if purge && p.slot >= 0 {
		s.members[p.slot] = nil
		p.slot = -1
	}
}

// setHolder gives ext to p, whoever had it. A nil p frees it.
func (s *store) setHolder(ext *extension, p *person) {
	if old := ext.holder; old != nil {
		old.extensions = slices.DeleteFunc(old.extensions, func(other *extension) bool { return other == ext })
	}
	ext.holder = p
	if p != nil {
		p.extensions, p.hadExtension = append(p.extensions, ext), true
	}
}

// newID returns the id that belongs to name, or the next free one. It depends on the seed and not on what was made
// before, so that calls in another order get the same ids.
func (s *store) newID(name string) int64 {
	for n := hash64(s.seed, name); ; n++ {
		if id := makeID(n); s.byID[id] == nil && s.extensions[id] == nil {
			return id
		}
	}
}

// newNumber is the next extension number. Numbers go up from 1001.
func (s *store) newNumber() string {
	for n := 1001 + len(s.inOrder); ; n++ {
		if text := strconv.Itoa(n); s.byNumber[text] == nil {
			return text
		}
	}
}

// digest is what the tenant keeps of a password. 16 bits tell passwords apart well enough for a test, and are too few to
// guess the password from. It needs no lock.
func (s *store) digest(phone number, password string) string {
	sum := sha256.Sum256([]byte(s.salt + phone.String() + "\x00" + password))
	return hex.EncodeToString(sum[:2])
}

// sipSecret is the password of an extension, computed each time. It needs no lock.
func (s *store) sipSecret(id int64) string {
	n := hash64(0, s.salt+"sip"+strconv.FormatInt(id, 10))
	return "sip" + strconv.FormatUint(n, 36)
}
