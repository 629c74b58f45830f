package importer

import (
	"sync"

	"etelecom-import/apiclient"
	"etelecom-import/importer/phone"
	"etelecom-import/importer/tenant"
)

// ids knows whose each user id is, so that no id gets on two rows. Workers use it at the same time.
type ids struct {
	mu     sync.Mutex
	owners map[apiclient.ID]phone.Number // of the users whom this job has created or found
	others tenant.IDs                    // everybody whom the last observation has shown
	joined map[apiclient.ID]bool         // and whom a look at the newest users has shown since
}

func newIDs() *ids { return &ids{owners: map[apiclient.ID]phone.Number{}} }

// listed takes in a new observation.
func (s *ids) listed(all tenant.IDs) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.others, s.joined = all, map[apiclient.ID]bool{}
}

// join takes in a user who was seen after the observation.
func (s *ids) join(id apiclient.ID) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.joined[id] = true
}

// isListed reports whether the id is of a user whom the tenant lists. No answer to a create may have it.
func (s *ids) isListed(id apiclient.ID) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.others.Has(id) || s.joined[id]
}

// claim notes whose an id is. It is false if another phone has it.
func (s *ids) claim(id apiclient.ID, p phone.Number) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	owner, ok := s.owners[id]
	if !ok {
		s.owners[id] = p
	}
	return !ok || owner == p
}

// owned reports whether the id is of a user whom this job has created or found.
func (s *ids) owned(id apiclient.ID) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	_, owned := s.owners[id]
	return owned
}
