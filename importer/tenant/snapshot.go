package tenant

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"time"

	"etelecom-import/apiclient"
	"etelecom-import/importer/phone"
)

// Snapshot is what one observation showed of the users and extensions that its query asked for. Nothing changes it once it
// is complete.
type Snapshot struct {
	// UsersKnown says that whoever User does not show is not on the tenant: the listing was read to its end, or until all who
	// were looked for had been seen. A key that may not list users leaves it false.
	UsersKnown bool
	// ExtensionsKnown says the same of the extensions.
	ExtensionsKnown bool
	// AsOf is when the first request of the listing of users was about to be sent, by this process's clock; zero if it was not
	// read.
	AsOf time.Time
	// UserCount is how many users the listing has, as far as it was read.
	UserCount int
	// ExtensionsInUse is how many listed extensions have a user.
	ExtensionsInUse int
	// Readings are the passes over the listing of users, in their order. There are two with [Options.Twice] if the first did not
	// show everybody who was looked for.
	Readings []Reading
	// WithRole are users of [Query.WithoutRole] who are listed with a role, and Valid are extensions of [Query.Expired] that
	// are listed as valid.
	WithRole, Valid []apiclient.ID
	// Masks are the users whose phones are shown in part only.
	Masks Masks

	users       map[phone.Number]apiclient.ID   // of the phones that were asked for; 0: not seen
	listed      map[apiclient.ID]bool           // whether the users who were asked for, by phone or by id, were seen
	otherIDs    []apiclient.ID                  // users whom nobody asked for; sorted
	nameless    map[phone.Number]bool           // phones of users who are listed without an id
	withoutRole map[apiclient.ID]bool           // users who are listed without any role
	extensions  map[apiclient.ID]Extension      // that were asked for, or whose user was; the zero value: not seen
	numbers     map[string]apiclient.ID         // extensions of the numbers that were asked for; 0: not seen
	assigned    map[apiclient.ID][]apiclient.ID // user id -> extension ids: a user can have several
	ambiguous   map[string]bool                 // numbers that more than one extension has
	free        Numbers                         // of the query
	inRange     map[apiclient.ID]Extension      // extensions with such numbers
	hotlines    map[apiclient.ID]apiclient.ID   // of these; 0: not told
}

// Extension is one extension of the tenant. The zero value means no extension.
type Extension struct {
	ID      apiclient.ID
	User    apiclient.ID // 0: free
	Number  string
	Expired bool // nobody can call with it
}

// Reading is one pass over the listing of users.
type Reading struct {
	Begun time.Time
	// Newest is the newest user who was not created by the caller: the listing begins with the newest, and [Options.Own] tells
	// whose they are. It is 0 if there was none. Package importer reads the listing again up to this user (fresh.go).
	Newest apiclient.ID
	// Took is how long it took to read the whole listing; 0 if the reading ended early.
	Took time.Duration
}

// New returns a snapshot for a query, before anything was seen of the tenant.
func New(q *Query) *Snapshot {
	s := &Snapshot{
		users:       make(map[phone.Number]apiclient.ID, len(q.Phones)),
		listed:      make(map[apiclient.ID]bool, len(q.Users)),
		nameless:    map[phone.Number]bool{},
		withoutRole: map[apiclient.ID]bool{},
		extensions:  make(map[apiclient.ID]Extension, len(q.Extensions)),
		numbers:     make(map[string]apiclient.ID, len(q.Numbers)),
		assigned:    map[apiclient.ID][]apiclient.ID{},
		ambiguous:   map[string]bool{},
		free:        q.Free,
		inRange:     map[apiclient.ID]Extension{},
		hotlines:    map[apiclient.ID]apiclient.ID{},
	}
	for _, p := range q.Phones {
		s.users[p] = 0
	}
	for _, id := range q.Users {
		s.listed[id] = false
	}
	for _, id := range q.Extensions {
		s.extensions[id] = Extension{}
	}
	for _, number := range q.Numbers {
		s.numbers[number] = 0
	}
	return s
}

// AddUser takes in one listed user. Whoever observes the tenant calls it, before anybody reads the snapshot.
func (s *Snapshot) AddUser(p phone.Number, id apiclient.ID) {
	s.users[p] = id
	s.listed[id] = true
}

// AddExtension takes in one listed extension. Whoever observes the tenant calls it, before anybody reads the snapshot.
func (s *Snapshot) AddExtension(x Extension) {
	s.addInRange(x)
	known, ok := s.extensions[x.ID]
	if ok && known == x {
		return // listed twice
	}
	if known.User != 0 && known.User != x.User { // it changed hands while the listing was read
		s.assigned[known.User] = slices.DeleteFunc(s.assigned[known.User], func(id apiclient.ID) bool { return id == x.ID })
	}
	s.extensions[x.ID] = x
	if x.User != 0 && !slices.Contains(s.assigned[x.User], x.ID) {
		s.assigned[x.User] = append(s.assigned[x.User], x.ID)
	}
	other, wanted := s.numbers[x.Number]
	if !wanted {
		return
	}
	if other != 0 && other != x.ID {
		s.ambiguous[x.Number] = true
	}
	s.numbers[x.Number] = x.ID
}

// addInRange takes in one listed extension if its number is in a range of the query. One that changes hands while the listing is read is
// not free.
func (s *Snapshot) addInRange(x Extension) {
	if !s.free.Has(x.Number) {
		return
	}
	if known := s.inRange[x.ID]; x.User == 0 {
		x.User = known.User
	}
	s.inRange[x.ID] = x
}

// AddHotline takes in the hotline of a listed extension, if its number is in a range of the query.
func (s *Snapshot) AddHotline(x Extension, hotline apiclient.ID) {
	if s.free.Has(x.Number) {
		s.hotlines[x.ID] = hotline
	}
}

// HotlineOf returns the hotline of an extension of [Snapshot.InRange]; 0 if it was not told.
func (s *Snapshot) HotlineOf(extension apiclient.ID) apiclient.ID { return s.hotlines[extension] }

// InRange returns every listed extension whose number is in a range of the query, free or not, by number.
func (s *Snapshot) InRange() []Extension {
	all := slices.Collect(maps.Values(s.inRange))
	slices.SortFunc(all, func(a, b Extension) int {
		return cmp.Or(CompareNumbers(a.Number, b.Number), cmp.Compare(a.ID, b.ID))
	})
	return all
}

// CompareNumbers orders numbers of extensions, which are digits, as people count: 99 is before 101. Of two texts of one value, the shorter
// one comes first.
func CompareNumbers(a, b string) int {
	short, long := strings.TrimLeft(a, "0"), strings.TrimLeft(b, "0")
	return cmp.Or(cmp.Compare(len(short), len(long)), cmp.Compare(short, long), cmp.Compare(len(a), len(b)))
}

// AskedForUsers reports whether the query asked for any user.
func (s *Snapshot) AskedForUsers() bool { return len(s.users) > 0 }

// User returns the id of the user who has the phone; 0 if nobody has, or nobody asked.
func (s *Snapshot) User(p phone.Number) apiclient.ID { return s.users[p] }

// Listed reports whether a user who was asked for is in the listing.
func (s *Snapshot) Listed(user apiclient.ID) bool { return s.listed[user] }

// Nameless reports whether the listing shows a user with this phone and without an id.
func (s *Snapshot) Nameless(p phone.Number) bool { return s.nameless[p] }

// WithoutRole reports whether a user who was asked for is listed without any role.
func (s *Snapshot) WithoutRole(user apiclient.ID) bool { return s.withoutRole[user] }

// Extension returns an extension by its id; false if it was not seen.
func (s *Snapshot) Extension(id apiclient.ID) (Extension, bool) {
	x := s.extensions[id]
	return x, x.ID != 0
}

// ByNumber returns the id of the extension with this number; 0 if none was seen.
func (s *Snapshot) ByNumber(number string) apiclient.ID { return s.numbers[number] }

// Ambiguous reports whether more than one extension has this number.
func (s *Snapshot) Ambiguous(number string) bool { return s.ambiguous[number] }

// ExtensionOf returns an extension that the user has; the zero value for none. Of several it is the one with the lowest id.
func (s *Snapshot) ExtensionOf(user apiclient.ID) Extension {
	if has := s.assigned[user]; len(has) > 0 {
		return s.extensions[slices.Min(has)]
	}
	return Extension{}
}

// ExtensionsOf returns the ids of all extensions that the user has.
func (s *Snapshot) ExtensionsOf(user apiclient.ID) []apiclient.ID { return s.assigned[user] }

// IDs returns the ids of all listed users. They can be kept after the snapshot is dropped, which is as large as the roster.
func (s *Snapshot) IDs() IDs { return IDs{s.otherIDs, s.listed} }

// IDs are the ids of listed users. The zero value has none.
type IDs struct {
	others []apiclient.ID
	listed map[apiclient.ID]bool
}

// Has reports whether a listed user has the id.
func (ids IDs) Has(id apiclient.ID) bool {
	_, found := slices.BinarySearch(ids.others, id)
	return found || ids.listed[id]
}
