package sandbox

import (
	"fmt"
	"strconv"
	"time"
)

// AddUser puts a person into the shop, as another administrator would: onto the platform first if they are new there.
// It returns their id.
func (t *Tenant) AddUser(phone, name string) (int64, error) {
	return t.addPerson(effect{Do: doUser, Phone: phone, Name: name})
}

// AddStranger puts a person onto the platform and not into the shop. It returns their id.
func (t *Tenant) AddStranger(phone, name string) (int64, error) {
	return t.addPerson(effect{Do: doStranger, Phone: phone, Name: name})
}

func (t *Tenant) addPerson(e effect) (int64, error) {
	n := parsePhone(e.Phone)
	if n == 0 {
		return 0, fmt.Errorf("%q is not a Vietnamese phone number", e.Phone)
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	p := t.store.people[n]
	if p != nil && (p.member || e.Do == doStranger) {
		return p.id, nil
	}
	e.Phone, e.Digest = n.String(), t.digest(n, "their own password")
	if e.ID = t.freshID(e.Phone); p != nil {
		e.ID = p.id
	}
	return e.ID, t.commit(e)
}

// RemoveUser takes a person out of the shop and frees their extensions; with Config.ListDeleted the listing shows them as
// deleted.
func (t *Tenant) RemoveUser(phone string) error { return t.dropPerson(doRemove, phone) }

// PurgeUser takes a person out of the shop and of its listing, and frees their extensions. The platform still knows
// them.
func (t *Tenant) PurgeUser(phone string) error { return t.dropPerson(doPurge, phone) }

func (t *Tenant) dropPerson(do verb, phone string) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.commitKnown(parsePhone(phone), effect{Do: do, Phone: phone})
}

func (t *Tenant) commitKnown(n number, e effect) error {
	if t.store.people[n] == nil {
		return fmt.Errorf("%s: nobody has the phone %s", e.Do, e.Phone)
	}
	e.Phone = n.String()
	return t.commit(e)
}

// SetUnsearchable empties the column that the phone filter looks at, as it is for people who joined long ago: from now on
// the filter misses this person.
func (t *Tenant) SetUnsearchable(phone string) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.commitKnown(parsePhone(phone), effect{Do: doHide, Phone: phone})
}

// SetRoles makes roles the only ones of a person, until they join the shop again.
func (t *Tenant) SetRoles(phone string, roles ...string) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.commitKnown(parsePhone(phone), effect{Do: doRoles, Phone: phone, Roles: roles})
}

// AddExtension adds a free extension. An id of 0 and an empty number are made up. One that is there already, with this
// id, or with this number if no id is given, stays as it is. It returns the id.
func (t *Tenant) AddExtension(id int64, number string) (int64, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if id < 0 {
		return 0, fmt.Errorf("extension id %d: want a positive number", id)
	}
	if id != 0 && t.store.extensions[id] != nil {
		return id, nil
	}
	if ext := t.store.byNumber[number]; id == 0 && ext != nil {
		return ext.id, nil
	}
	if number == "" {
		number = t.freeNumber()
	}
	if id == 0 {
		id = t.freshID("extension " + number)
	}
	return id, t.commit(effect{Do: doExtension, ID: id, Number: number})
}

// freeNumber is the next extension number: they go up from 1001.
func (t *Tenant) freeNumber() string {
	for n := 1001 + len(t.store.inOrder); ; n++ {
		if s := strconv.Itoa(n); t.store.byNumber[s] == nil {
			return s
		}
	}
}

// MoveExtension gives an extension to a person, whoever had it, without the checks of the API. A user of 0 frees it.
func (t *Tenant) MoveExtension(id, user int64) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.store.extensions[id] == nil || user != 0 && t.store.byID[user] == nil {
		return fmt.Errorf("move extension %d to user %d: one of them does not exist", id, user)
	}
	return t.commit(effect{Do: doMove, ID: id, User: user})
}

// SetExtensionState sets an extension's state, which is Z (new), P (valid) or N (expired), and when it expires; the zero
// time is never. Neither keeps it from being assigned.
func (t *Tenant) SetExtensionState(id int64, state string, expires time.Time) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.store.extensions[id] == nil || !isState(state) {
		return fmt.Errorf("state %q of extension %d: there is no such extension, or the state is not Z, P or N", state, id)
	}
	return t.commit(effect{Do: doState, ID: id, State: state, Expires: expires})
}

// populate makes what the configuration asks for: people who have been there for a year, and extensions. Those whom it
// makes up are made once in a tenant's life.
func (t *Tenant) populate(c Config) error {
	if err := t.addPeople(doUser, c.UserPhones); err != nil {
		return err
	}
	if err := t.addPeople(doStranger, c.StrangerPhones); err != nil {
		return err
	}
	if t.state.old() {
		return nil
	}
	users := t.madeUpPhones(c.Users, "user")
	if err := t.addPeople(doUser, users); err != nil {
		return err
	}
	for _, phone := range users[:max(0, min(c.Unsearchable, len(users)))] {
		if err := t.SetUnsearchable(phone); err != nil {
			return err
		}
	}
	if err := t.addPeople(doStranger, t.madeUpPhones(c.Strangers, "stranger")); err != nil {
		return err
	}
	for i := range c.Extensions {
		id, err := t.AddExtension(0, "")
		if err == nil && i < c.Expired {
			err = t.expire(id, i%2 == 0)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// expire makes an extension an expired one: by its state alone, or by its time alone.
func (t *Tenant) expire(id int64, byState bool) error {
	if byState {
		return t.SetExtensionState(id, "N", t.store.extensions[id].expires)
	}
	return t.SetExtensionState(id, "P", t.now().AddDate(0, -1, 0))
}

func (t *Tenant) addPeople(do verb, phones []string) error {
	yearAgo := t.now().AddDate(-1, 0, 0).UnixMilli()
	for i, phone := range phones {
		if _, err := t.addPerson(effect{Do: do, Phone: phone, Name: fmt.Sprintf("Người Có Sẵn %d", i+1), At: yearAgo}); err != nil {
			return err
		}
	}
	return nil
}

// madeUpPhones are phones that nobody on the platform has yet.
func (t *Tenant) madeUpPhones(count int, kind string) []string {
	phones := make([]string, count)
	taken := map[number]bool{}
	for i := range phones {
		n := number(900_000_000 + hash64(t.seed, kind+strconv.Itoa(i))%100_000_000)
		for taken[n] || t.store.people[n] != nil {
			n = 900_000_000 + (n+1)%100_000_000
		}
		taken[n] = true
		phones[i] = n.String()
	}
	return phones
}
