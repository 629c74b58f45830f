package sandbox

import (
	"fmt"
	"strconv"
)

// populate adds the people and extensions that c asks for. What it makes up, it makes up only once in a tenant's life:
// not if the state file already had the tenant.
func populate(a admin, c *Config, existed bool) error {
	if err := addPeople(a, doUser, c.UserPhones); err != nil {
		return err
	}
	if err := addPeople(a, doStranger, c.StrangerPhones); err != nil {
		return err
	}
	if existed {
		return nil
	}
	users := newPhones(a.store, c.Users, "user")
	if err := addPeople(a, doUser, users); err != nil {
		return err
	}
	for _, phone := range users[:max(0, min(c.Unsearchable, len(users)))] {
		if err := a.SetUnsearchable(phone); err != nil {
			return err
		}
	}
	if err := addPeople(a, doStranger, newPhones(a.store, c.Strangers, "stranger")); err != nil {
		return err
	}
	for i := range c.Extensions {
		id, err := a.AddExtension(0, "")
		if err == nil && i < c.Expired {
			err = expire(a, id, i%2 == 0)
		}
		if err == nil && c.Hotlines > 1 {
			err = a.SetHotline(id, firstHotline+int64(i%c.Hotlines))
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// addPeople adds people who joined a year ago.
func addPeople(a admin, do verb, phones []string) error {
	yearAgo := a.store.clock.now().AddDate(-1, 0, 0).UnixMilli()
	for i, phone := range phones {
		e := effect{Do: do, Phone: phone, Name: fmt.Sprintf("Người Có Sẵn %d", i+1), At: yearAgo}
		if _, err := a.addPerson(e); err != nil {
			return err
		}
	}
	return nil
}

// newPhones returns phones that nobody on the platform has. The seed decides which.
func newPhones(s *store, count int, kind string) []string {
	const first, many = 900_000_000, 100_000_000
	phones := make([]string, count)
	used := map[number]bool{}
	for i := range phones {
		n := number(first + hash64(s.seed, kind+strconv.Itoa(i))%many)
		for used[n] || s.people[n] != nil {
			n = first + (n+1)%many
		}
		used[n] = true
		phones[i] = n.String()
	}
	return phones
}

// expire makes an extension an expired one: either by its state alone, or by its time alone.
func expire(a admin, id int64, byState bool) error {
	if byState {
		return a.SetExtensionState(id, "N", a.store.extensions[id].expires)
	}
	return a.SetExtensionState(id, "P", a.store.clock.now().AddDate(0, -1, 0))
}
