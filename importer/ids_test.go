package importer

import (
	"testing"

	"etelecom-import/apiclient"
	"etelecom-import/importer/phone"
	"etelecom-import/importer/tenant"
)

// idsOf returns the ids of an observation that has shown these users.
func idsOf(users ...apiclient.ID) tenant.IDs {
	s := tenant.New(&tenant.Query{})
	for i, id := range users {
		s.AddUser(phone.Number(901234560+i), id)
	}
	return s.IDs()
}

// No id gets on two rows, and no answer may have the id of somebody whom the tenant lists.
func TestIDs(t *testing.T) {
	s := newIDs()
	for range 2 {
		if !s.claim(7, 901234561) {
			t.Error("its own phone may not have it")
		}
	}
	if s.claim(7, 901234562) || !s.owned(7) || s.owned(8) {
		t.Errorf("%+v", s.owners)
	}
	s.listed(idsOf(8))
	s.join(9)
	if !s.isListed(8) || !s.isListed(9) || s.isListed(7) {
		t.Error("listed users")
	}
	s.listed(idsOf()) // a newer observation
	if s.isListed(8) || s.isListed(9) {
		t.Error("an older observation counts")
	}
}
