package ledger

import (
	"cmp"
	"iter"
	"slices"
	"strings"

	"etelecom-import/apiclient/message"
	"etelecom-import/importer/hint"
	"etelecom-import/importer/phone"
)

// entries holds the entries of all phones.
type entries struct {
	byPhone map[phone.Number]*Entry
	free    []Entry // allocated together, and not in use yet
	// overtaken has the entries of the result CSV over which the journal says something newer, as the result has them.
	overtaken map[phone.Number]*Entry
}

// entriesTogether is how many entries are allocated at once: there are as many as people, by the hundred thousand.
const entriesTogether = 1024

func newEntries() *entries { return &entries{byPhone: map[phone.Number]*Entry{}} }

// lookup returns the entry of a phone, or nil.
func (s *entries) lookup(p phone.Number) *Entry { return s.byPhone[p] }

// getOrAdd returns the entry of a phone, a new one if there was none.
func (s *entries) getOrAdd(p phone.Number) *Entry {
	if e := s.byPhone[p]; e != nil {
		return e
	}
	return s.add(Entry{Phone: p})
}

// add adds the entry of a phone that has none.
func (s *entries) add(e Entry) *Entry {
	if len(s.free) == 0 {
		s.free = make([]Entry, entriesTogether)
	}
	added := &s.free[0]
	s.free = s.free[1:]
	*added = e
	s.byPhone[e.Phone] = added
	return added
}

// overtake keeps a copy of an entry as the result CSV has it. It is called before the journal says something newer.
func (s *entries) overtake(e *Entry) {
	if _, kept := s.overtaken[e.Phone]; kept || !e.listed {
		return
	}
	if s.overtaken == nil {
		s.overtaken = map[phone.Number]*Entry{}
	}
	s.overtaken[e.Phone] = new(*e)
}

// all yields all entries, in no particular order.
func (s *entries) all() iter.Seq[*Entry] {
	return func(yield func(*Entry) bool) {
		for _, e := range s.byPhone {
			if !yield(e) {
				return
			}
		}
	}
}

// open returns how many entries have a create whose outcome is not known.
func (s *entries) open() (n int) {
	for _, e := range s.byPhone {
		if e.Open() {
			n++
		}
	}
	return n
}

// carried returns what a new journal has to hold: the entries that are not in the result CSV yet, and those with an open
// create, whose intents no result CSV can hold.
func (s *entries) carried() []*Entry {
	var carried []*Entry
	for _, e := range s.byPhone {
		// rule: keep-open
		if e.unsaved || e.Open() {
			carried = append(carried, e)
		}
	}
	slices.SortFunc(carried, byPhone)
	return carried
}

func byPhone(a, b *Entry) int { return cmp.Compare(a.Phone, b.Phone) }

// markSaved notes that the result CSV holds the state of every entry.
func (s *entries) markSaved() {
	for _, e := range s.byPhone {
		e.unsaved = false
	}
}

// reopenUnknown adds an intent of unknown time to each entry that the result CSV calls unknown and that no journal explains.
func (s *entries) reopenUnknown() {
	for _, e := range s.byPhone {
		if e.Status == Unknown && !e.Open() {
			e.addIntent(Intent{Attempt: e.Attempts, At: e.Updated})
		}
	}
}

// checkUniqueIDs refuses a ledger that has one user id on two phones: one of them is wrong, and nobody can tell which.
func (s *entries) checkUniqueIDs() error {
	owners := make(map[int64]phone.Number, len(s.byPhone))
	for _, e := range s.byPhone {
		if e.UserID == 0 {
			continue
		}
		if other, ok := owners[e.UserID]; ok {
			return hint.With(message.Errorf("%w: user id %d is on the phones %s and %s", ErrRefused, e.UserID, min(e.Phone, other), max(e.Phone, other)),
				message.T("find out whose it is, and clear it on the other line"))
		}
		owners[e.UserID] = e.Phone
	}
	return nil
}

// interner keeps one copy of each of the texts that many entries share.
type interner map[string]string

// mostShared is how many texts are remembered. A text with an id or a name in it is shared by nobody.
const mostShared = 1 << 12

// one returns the copy of a text.
func (known interner) one(s string) string {
	if s == "" {
		return ""
	}
	if first, ok := known[s]; ok {
		return first
	}
	s = strings.Clone(s)
	if len(known) < mostShared {
		known[s] = s
	}
	return s
}
