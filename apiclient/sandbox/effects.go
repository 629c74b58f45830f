package sandbox

import (
	"fmt"
	"time"
)

// effect is one change of the tenant: what the state file holds a line of, and what a replay does again.
type effect struct {
	Do     verb   `json:"do"`
	ID     int64  `json:"id,omitempty,string"` // of the person or the extension
	Phone  string `json:"phone,omitempty"`
	Name   string `json:"name,omitempty"`
	Number string `json:"number,omitempty"` // of the extension
	Digest string `json:"digest,omitempty"` // of the password
	User   int64  `json:"user,omitempty,string"`
	At     int64  `json:"at"`               // Unix time in ms, by the tenant's clock
	Listed int64  `json:"listed,omitempty"` // the same by this machine's clock: when the listing begins to show it; 0: at once

	Roles   []string  `json:"roles,omitempty"`
	NoRoles bool      `json:"no_roles,omitempty"` // of a create: the one who joins gets none
	State   string    `json:"state,omitempty"`    // of the extension
	Expires time.Time `json:"expires,omitzero"`   // the extension; zero: never
}

type verb string

const (
	doCreate    verb = "create"   // a create of the API: makes the person or sets their password, and joins them
	doAssign    verb = "assign"   // an assign of the API
	doStranger  verb = "stranger" // the rest is administrators' work
	doUser      verb = "user"
	doExtension verb = "extension"
	doMove      verb = "move"
	doRemove    verb = "remove"
	doPurge     verb = "forget"
	doHide      verb = "hide"  // empties the person's column of the phone filter
	doRoles     verb = "roles" // sets a member's roles
	doState     verb = "state" // sets an extension's state and when it expires
)

// commit writes e to the state and carries it out. With an error nothing has happened. The lock is held.
func (t *Tenant) commit(e effect) error {
	if e.At == 0 {
		e.At = t.now().UnixMilli()
	}
	if err := t.state.append(e); err != nil {
		return err
	}
	return t.store.apply(e)
}

// apply carries out e, as it happens or as it is read back. It gives an error for one that does not fit what is there.
func (s *store) apply(e effect) error {
	switch e.Do {
	case doExtension:
		s.addExtension(newExtension(e.ID, e.Number))
		return nil
	case doState:
		return s.applyState(e)
	case doAssign, doMove:
		return s.applyHold(e)
	case doCreate, doStranger, doUser, doRemove, doPurge, doHide, doRoles:
		return s.applyPerson(e)
	}
	return fmt.Errorf("no effect is called %q", e.Do)
}

func (s *store) applyPerson(e effect) error {
	phone := parsePhone(e.Phone)
	if phone == 0 {
		return fmt.Errorf("%s: no phone", e.Do)
	}
	p := s.people[phone]
	switch {
	case e.Do == doCreate:
		s.applyCreate(p, phone, e)
	case p == nil && (e.Do == doUser || e.Do == doStranger):
		p = &person{id: e.ID, phone: phone, name: e.Name, created: e.At / 1000, digest: e.Digest, before: true}
		s.addPerson(p)
	case p == nil:
		return fmt.Errorf("%s: nobody has the phone %s", e.Do, e.Phone)
	}
	switch e.Do {
	case doUser:
		s.join(p, 0)
	case doRemove, doPurge:
		s.leave(p, e.Do == doPurge)
	case doHide:
		p.hidden = true
	case doRoles:
		p.roles = e.Roles
	}
	return nil
}

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

func (s *store) applyState(e effect) error {
	ext := s.extensions[e.ID]
	if ext == nil || !isState(e.State) {
		return fmt.Errorf("%s: no such extension or state", e.Do)
	}
	ext.state, ext.expires = e.State, e.Expires
	return nil
}

func (s *store) applyHold(e effect) error {
	ext, p := s.extensions[e.ID], s.byID[e.User]
	if ext == nil || p == nil && e.User != 0 {
		return fmt.Errorf("%s: no such extension or person", e.Do)
	}
	if e.Do == doAssign {
		ext.count++
		if ext.holder != nil && ext.holder != p {
			ext.taken++
			s.taken++
		}
		s.assigns = append(s.assigns, assignment{ext.id, e.User, e.At})
	}
	s.hold(ext, p)
	return nil
}
