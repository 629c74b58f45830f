package tenant

import (
	"cmp"
	"context"
	"errors"
	"iter"
	"slices"
	"time"

	"etelecom-import/apiclient"
	"etelecom-import/apiclient/message"
	"etelecom-import/importer/phone"
)

// Directory is everybody and everything that the tenant lists, each once. [Observe] keeps less, and is for runs.
//
// The documentation does not say how pages are made. If they go by position, and an entry is removed while the pages are read,
// another one moves to a page that was read already, and is missed. So a listing of several pages is read again, until two readings
// in a row show the same, or [MostReadings] times. What either of the last two readings has shown is in the directory: whoever is not in it is
// missing from two readings. A listing of one page is one answer, and is read again only if an extension has a user whom nobody lists.
type Directory struct {
	// Begun is when the first request was about to be sent, by this process's clock.
	Begun time.Time
	// Users are those who are listed as members, in the tenant's order. Those without an id are all in it, at the end.
	Users []apiclient.AccountUser
	// Extensions are in the tenant's order.
	Extensions []apiclient.Extension
	// Readings says how many times the listings were read. Moving says that the last two readings have shown different things: others
	// work on the tenant at this time.
	Readings int
	Moving   bool
	// UsersDenied and ExtensionsDenied say that the key may not read that listing: see [DirectoryOptions.Partly].
	UsersDenied, ExtensionsDenied bool

	users      map[apiclient.ID]int  // where in Users
	doubled    map[apiclient.ID]bool // users and extensions that the last reading has shown twice, with another phone or another user
	extensions map[apiclient.ID]int  // where in Extensions
	phones     chains[phone.Number]  // likewise in Users
	assigned   chains[apiclient.ID]  // likewise in Extensions, by user
}

// chains have the places of several entries for a key. Nearly all keys have one, so there is no slice for each.
type chains[K comparable] struct {
	first map[K]int32
	next  []int32 // the place behind each place; -1 for none
}

// newChains returns the chains of so many entries, by their keys. Entries with the zero key are in none.
func newChains[K comparable](entries int, key func(i int) K) chains[K] {
	c := chains[K]{first: make(map[K]int32, entries), next: make([]int32, entries)}
	var none K
	for i := entries - 1; i >= 0; i-- { // so that the first entry comes first
		k := key(i)
		if k == none {
			continue
		}
		c.next[i] = -1
		if behind, ok := c.first[k]; ok {
			c.next[i] = behind
		}
		c.first[k] = int32(i)
	}
	return c
}

// of returns the places of a key, in the order of the entries.
func (c *chains[K]) of(k K) iter.Seq[int] {
	return func(yield func(int) bool) {
		at, ok := c.first[k]
		for ok && at >= 0 && yield(int(at)) {
			at = c.next[at]
		}
	}
}

// MostReadings is how often listings are read at most that differ each time.
const MostReadings = 4

// DirectoryOptions are told what is read. Nil functions are not called.
type DirectoryOptions struct {
	// Partly accepts that the key may not read one of the listings: then nothing of it is known. Otherwise that is an error, as it is if
	// the key may read neither.
	Partly bool
	// OnUser is called with every listed user, and how many this reading has shown; OnExtension likewise. The account that an entry
	// names is told here alone: the directory does not keep it.
	OnUser      func(u apiclient.AccountUser, seen int)
	OnExtension func(x apiclient.Extension, seen int)
}

// ReadDirectory reads both listings to their ends. With an error, nothing may be concluded.
func ReadDirectory(ctx context.Context, c *apiclient.Client, o DirectoryOptions) (*Directory, error) {
	r := directoryReader{
		client: c, opts: &o, Directory: &Directory{Begun: time.Now(), users: map[apiclient.ID]int{}, extensions: map[apiclient.ID]int{}},
	}
	for r.Readings < MostReadings {
		if err := r.read(ctx); err != nil {
			return nil, err
		}
		again := r.Moving
		if r.Readings == 1 {
			again = r.pages > 1 || !r.UsersDenied && r.hasStrangers()
		}
		if !again {
			break
		}
	}
	r.finish()
	return r.Directory, nil
}

// directoryReader is a directory that is being read.
type directoryReader struct {
	*Directory
	client *apiclient.Client
	opts   *DirectoryOptions

	pages          int     // of the longer listing
	lastUser       []uint8 // the reading that has shown Users[i] last
	lastExtension  []uint8 // likewise
	nameless       []apiclient.AccountUser
	namelessBefore []apiclient.AccountUser // those of the reading before
}

// read reads both listings once.
func (r *directoryReader) read(ctx context.Context) error {
	r.Readings++
	r.Moving = false
	r.doubled = nil
	r.nameless, r.namelessBefore = nil, r.nameless
	seen := 0
	for u, err := range r.client.GetAccountUsers(ctx, apiclient.UserFilter{}) {
		if r.UsersDenied = r.mayLack(err); r.UsersDenied {
			break
		}
		if err != nil {
			return message.Errorf("list users: %w", err)
		}
		seen++
		if r.opts.OnUser != nil {
			r.opts.OnUser(u, seen)
		}
		r.addUser(u)
	}
	r.pages = max(r.pages, (seen+PageSize-1)/PageSize)
	seen = 0
	for x, err := range r.client.GetExtensions(ctx) {
		if r.ExtensionsDenied = !r.UsersDenied && r.mayLack(err); r.ExtensionsDenied {
			break
		}
		if err != nil {
			return message.Errorf("list extensions: %w", err)
		}
		seen++
		if r.opts.OnExtension != nil {
			r.opts.OnExtension(x, seen)
		}
		r.addExtension(x)
	}
	r.pages = max(r.pages, (seen+PageSize-1)/PageSize)
	isMissed := func(last uint8) bool { return int(last) == r.Readings-1 }
	missed := slices.ContainsFunc(r.lastUser, isMissed) || slices.ContainsFunc(r.lastExtension, isMissed)
	differs := r.Moving || missed || len(r.nameless) != len(r.namelessBefore)
	r.Moving = differs && r.Readings > 1
	return nil
}

// mayLack reports whether the error says that the key may not read a listing, and that is accepted.
func (r *directoryReader) mayLack(err error) bool {
	return r.opts.Partly && errors.Is(err, apiclient.ErrPermission)
}

// addUser takes in one listed user. Of one who is listed twice, what was listed last counts.
func (r *directoryReader) addUser(u apiclient.AccountUser) {
	if u.Deleted {
		return
	}
	u.AccountID = ""
	if u.UserID == 0 {
		r.nameless = append(r.nameless, u)
		return
	}
	at, known := r.users[u.UserID]
	if !known {
		at = len(r.Users)
		r.users[u.UserID] = at
		r.Users, r.lastUser = append(r.Users, u), append(r.lastUser, 0)
	}
	if int(r.lastUser[at]) == r.Readings && r.Users[at].Phone != u.Phone {
		r.double(u.UserID)
	}
	r.Moving = r.Moving || r.Users[at] != u || int(r.lastUser[at]) < r.Readings-1
	r.Users[at], r.lastUser[at] = u, uint8(r.Readings)
}

// addExtension takes in one listed extension. Of one that is listed twice, what was listed last counts.
func (r *directoryReader) addExtension(x apiclient.Extension) {
	x.AccountID = ""
	at, known := r.extensions[x.ID]
	if !known {
		at = len(r.Extensions)
		r.extensions[x.ID] = at
		r.Extensions, r.lastExtension = append(r.Extensions, x), append(r.lastExtension, 0)
	}
	if int(r.lastExtension[at]) == r.Readings && r.Extensions[at].UserID != x.UserID {
		r.double(x.ID)
	}
	r.Moving = r.Moving || r.Extensions[at].UserID != x.UserID || int(r.lastExtension[at]) < r.Readings-1
	r.Extensions[at], r.lastExtension[at] = x, uint8(r.Readings)
}

// double notes that one reading has shown an entry twice, and differently.
func (r *directoryReader) double(id apiclient.ID) {
	if r.doubled == nil {
		r.doubled = map[apiclient.ID]bool{}
	}
	r.doubled[id] = true
}

// hasStrangers reports whether a listed extension has a user who is not listed.
func (r *directoryReader) hasStrangers() bool {
	return slices.ContainsFunc(r.Extensions, func(x apiclient.Extension) bool { return x.UserID != 0 && r.User(x.UserID) == nil })
}

// finish drops what the last two readings have not shown, and makes the lookups.
func (r *directoryReader) finish() {
	d := r.Directory
	d.Users = slices.Grow(keepShown(d.Users, r.lastUser, r.Readings), len(r.nameless))
	d.Users = append(d.Users, r.nameless...)
	d.Extensions = keepShown(d.Extensions, r.lastExtension, r.Readings)
	clear(d.users)
	clear(d.extensions)
	for i := range d.Users {
		if id := d.Users[i].UserID; id != 0 {
			d.users[id] = i
		}
	}
	for i := range d.Extensions {
		d.extensions[d.Extensions[i].ID] = i
	}
	d.phones = newChains(len(d.Users), func(i int) phone.Number { return phone.Normalize(d.Users[i].Phone) })
	d.assigned = newChains(len(d.Extensions), func(i int) apiclient.ID { return d.Extensions[i].UserID })
}

// keepShown returns the entries that one of the last two readings has shown.
func keepShown[T any](entries []T, last []uint8, readings int) []T {
	kept := entries[:0]
	for i := range entries {
		if int(last[i]) >= readings-1 {
			kept = append(kept, entries[i])
		}
	}
	return kept
}

// Doubled reports whether the last reading has shown this user twice, with two phones, or this extension twice, with two users: nobody can
// tell which is right.
func (d *Directory) Doubled(id apiclient.ID) bool { return d.doubled[id] }

// User returns a listed user by their id; nil if they are not listed.
func (d *Directory) User(id apiclient.ID) *apiclient.AccountUser {
	if at, ok := d.users[id]; ok && id != 0 {
		return &d.Users[at]
	}
	return nil
}

// UsersOf returns the listed users who have a phone: more than one only if the tenant contradicts itself.
func (d *Directory) UsersOf(p phone.Number) []*apiclient.AccountUser {
	var users []*apiclient.AccountUser
	for at := range d.phones.of(p) {
		users = append(users, &d.Users[at])
	}
	return users
}

// Extension returns a listed extension by its id; nil if it is not listed.
func (d *Directory) Extension(id apiclient.ID) *apiclient.Extension {
	if at, ok := d.extensions[id]; ok {
		return &d.Extensions[at]
	}
	return nil
}

// ExtensionsOf returns the extensions that a user has, by id: there can be several. The first is the one that counts where one has to,
// as in [Snapshot.ExtensionOf].
func (d *Directory) ExtensionsOf(user apiclient.ID) []*apiclient.Extension {
	var extensions []*apiclient.Extension
	for at := range d.assigned.of(user) {
		extensions = append(extensions, &d.Extensions[at])
	}
	slices.SortFunc(extensions, func(a, b *apiclient.Extension) int { return cmp.Compare(a.ID, b.ID) })
	return extensions
}
