package importer

import (
	"slices"
	"time"

	"etelecom-import/apiclient"
	"etelecom-import/importer/ledger"
	"etelecom-import/importer/phone"
)

// Tenant is what one observation showed of the users and extensions that the roster and the ledger speak of.
type Tenant struct {
	// Listed says that absence from users means absence from the tenant: the listing was read to its end, or until all who
	// were looked for had been seen. A key that may not list users leaves it false.
	Listed bool
	// Begun is when the first request of the listing was about to be sent, by this process's clock.
	Begun time.Time
	// ExtensionsListed says the same as Listed for the extensions.
	ExtensionsListed bool

	users      map[phone.Number]apiclient.ID
	present    map[apiclient.ID]bool
	extensions map[apiclient.ID]Extension
	numbers    map[string]apiclient.ID         // of the numbers that rows name
	assigned   map[apiclient.ID][]apiclient.ID // user id -> extension ids: a user can have several
	shared     map[string]bool                 // extension numbers that stand for more than one extension
	noRole     map[apiclient.ID]bool           // users who are listed without any role
	others     []apiclient.ID                  // users whom nobody asked for; sorted
	listed     int                             // users in the listing
	owners     int                             // extensions that have a user
	masked     masks                           // users whose phones are shown in part
	nameless   map[phone.Number]bool           // phones of users who are listed without an id
	mended     map[*ledger.Entry]Warnings      // what is over of the warnings of entries that are done
}

// Extension is one extension of the tenant.
type Extension struct {
	ID      apiclient.ID
	User    apiclient.ID // 0: free
	Number  string
	Expired bool // nobody can call with it
}

func newTenant() *Tenant {
	return &Tenant{
		users:      map[phone.Number]apiclient.ID{},
		present:    map[apiclient.ID]bool{},
		extensions: map[apiclient.ID]Extension{},
		numbers:    map[string]apiclient.ID{},
		assigned:   map[apiclient.ID][]apiclient.ID{},
		shared:     map[string]bool{},
		noRole:     map[apiclient.ID]bool{},
		nameless:   map[phone.Number]bool{},
	}
}

// User returns the id of the user who has the phone; 0 if nobody has.
func (t *Tenant) User(p phone.Number) apiclient.ID { return t.users[p] }

// other reports whether the id is of a listed user: no answer to a create may have it.
func (t *Tenant) other(id apiclient.ID) bool {
	_, found := slices.BinarySearch(t.others, id)
	return found || t.present[id]
}

// forget drops what only a plan needs. It is as large as the roster, and a run lasts.
func (t *Tenant) forget() {
	t.users, t.extensions, t.numbers, t.assigned, t.shared, t.noRole = nil, nil, nil, nil, nil, nil
}

// extensionOf returns an extension that the user has; the zero value for none. Of several it is the one with the lowest id.
func (t *Tenant) extensionOf(user apiclient.ID) Extension {
	if has := t.assigned[user]; len(has) > 0 {
		return t.extensions[slices.Min(has)]
	}
	return Extension{}
}

// addUser takes one listed user in.
func (t *Tenant) addUser(p phone.Number, id apiclient.ID) {
	t.users[p] = id
	t.present[id] = true
}

// addExtension takes one listed extension in.
func (t *Tenant) addExtension(x Extension) {
	known, ok := t.extensions[x.ID]
	if ok && known == x {
		return // listed twice
	}
	if known.User != 0 && known.User != x.User { // it changed hands while the listing was read
		t.assigned[known.User] = slices.DeleteFunc(t.assigned[known.User], func(id apiclient.ID) bool { return id == x.ID })
	}
	t.extensions[x.ID] = x
	if x.User != 0 && !slices.Contains(t.assigned[x.User], x.ID) {
		t.assigned[x.User] = append(t.assigned[x.User], x.ID)
	}
	other, wanted := t.numbers[x.Number]
	if !wanted {
		return
	}
	if other != 0 && other != x.ID {
		t.shared[x.Number] = true
	}
	t.numbers[x.Number] = x.ID
}
