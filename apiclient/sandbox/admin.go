package sandbox

import (
	"time"

	"etelecom-import/apiclient/message"
)

// admin is what administrators and other clients do to the tenant meanwhile, without a call of the API. Its methods
// return an error if they refer to what does not exist, or if the state file cannot be written; then nothing has changed.
type admin struct{ store *store }

// AddUser puts a person into the shop, and onto the platform if they are new there. It returns their id. A member stays
// as they are.
func (a admin) AddUser(phone, name string) (int64, error) {
	return a.addPerson(effect{Do: doUser, Phone: phone, Name: name})
}

// AddStranger puts a person onto the platform but not into the shop. It returns their id. A person who exists stays as
// they are.
func (a admin) AddStranger(phone, name string) (int64, error) {
	return a.addPerson(effect{Do: doStranger, Phone: phone, Name: name})
}

func (a admin) addPerson(e effect) (int64, error) {
	n := parsePhone(e.Phone)
	if n == 0 {
		return 0, message.Errorf("%q is not a Vietnamese phone number", e.Phone)
	}
	s := a.store
	s.mu.Lock()
	defer s.mu.Unlock()
	p := s.people[n]
	if p != nil && (p.member || e.Do == doStranger) {
		return p.id, nil
	}
	e.Phone, e.Digest = n.String(), s.digest(n, "their own password")
	if e.ID = s.newID(e.Phone); p != nil {
		e.ID = p.id
	}
	return e.ID, s.commit(e)
}

// RemoveUser takes a person out of the shop and frees their extensions. With Config.ListDeleted the listing shows them as
// deleted.
func (a admin) RemoveUser(phone string) error { return a.changePerson(phone, effect{Do: doRemove}) }

// PurgeUser takes a person out of the shop and out of its listing, and frees their extensions. The platform still knows
// them.
func (a admin) PurgeUser(phone string) error { return a.changePerson(phone, effect{Do: doPurge}) }

// SetUnsearchable makes the phone filter miss a person from now on. It empties the column that the filter searches, as it
// is for people who joined long ago.
func (a admin) SetUnsearchable(phone string) error { return a.changePerson(phone, effect{Do: doHide}) }

// SetRoles replaces the roles of a person, until they join the shop again.
func (a admin) SetRoles(phone string, roles ...string) error {
	return a.changePerson(phone, effect{Do: doRoles, Roles: roles})
}

func (a admin) changePerson(phone string, e effect) error {
	a.store.mu.Lock()
	defer a.store.mu.Unlock()
	return a.store.commitOn(phone, e)
}

// AddExtension adds a free extension and returns its id. An id of 0 and an empty number are made up. If an extension with
// this id exists, or without an id one with this number, it stays as it is.
func (a admin) AddExtension(id int64, number string) (int64, error) {
	s := a.store
	s.mu.Lock()
	defer s.mu.Unlock()
	if id < 0 {
		return 0, message.Errorf("the extension id %d is not a positive number", id)
	}
	if id != 0 && s.extensions[id] != nil {
		return id, nil
	}
	if ext := s.byNumber[number]; id == 0 && ext != nil {
		return ext.id, nil
	}
	if number == "" {
		number = s.newNumber()
	}
	if id == 0 {
		id = s.newID("extension " + number)
	}
	return id, s.commit(effect{Do: doExtension, ID: id, Number: number})
}

// MoveExtension gives an extension to a person, whoever had it, without the checks of the API. A user of 0 frees it.
func (a admin) MoveExtension(id, user int64) error {
	s := a.store
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.extensions[id] == nil || user != 0 && s.byID[user] == nil {
		return message.Errorf("the extension %d cannot be given to the user %d: one of them does not exist", id, user)
	}
	return s.commit(effect{Do: doMove, ID: id, User: user})
}

// SetHotline moves an extension to another hotline.
func (a admin) SetHotline(id, hotline int64) error {
	s := a.store
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.extensions[id] == nil || hotline <= 0 {
		return message.Errorf("the extension %d does not exist, or %d is not the id of a hotline", id, hotline)
	}
	return s.commit(effect{Do: doHotline, ID: id, Hotline: hotline})
}

// SetExtensionState sets an extension's state, which is Z (new), P (valid) or N (expired), and when it expires; the zero
// time is never. It can be assigned in any state.
func (a admin) SetExtensionState(id int64, state string, expires time.Time) error {
	s := a.store
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.extensions[id] == nil || !isState(state) {
		return message.Errorf("the extension %d does not exist, or its state cannot be %q: use Z, P or N", id, state)
	}
	return s.commit(effect{Do: doState, ID: id, State: state, Expires: expires})
}
