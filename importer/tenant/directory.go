package tenant

import (
	"context"
	"time"

	"etelecom-import/apiclient"
	"etelecom-import/apiclient/message"
	"etelecom-import/importer/phone"
)

// Directory is everybody and everything that the tenant lists, each once. [Observe] keeps less, and is for runs.
type Directory struct {
	// Begun is when the first request was about to be sent, by this process's clock.
	Begun time.Time
	// Users are those who are listed as members, in the tenant's order. Those without an id are all in it.
	Users []apiclient.AccountUser
	// Extensions are in the tenant's order.
	Extensions []apiclient.Extension

	users      map[apiclient.ID]int   // where in Users
	phones     map[phone.Number][]int // likewise
	extensions map[apiclient.ID]int   // where in Extensions
	assigned   map[apiclient.ID][]int // likewise, by user
}

// DirectoryOptions are told what is read. Nil functions are not called.
type DirectoryOptions struct {
	// OnUser is called with every listed user, and how many there were; OnExtension likewise.
	OnUser      func(u apiclient.AccountUser, seen int)
	OnExtension func(x apiclient.Extension, seen int)
}

// ReadDirectory reads both listings to their ends. With an error, nothing may be concluded.
func ReadDirectory(ctx context.Context, c *apiclient.Client, o DirectoryOptions) (*Directory, error) {
	d := &Directory{
		Begun: time.Now(), users: map[apiclient.ID]int{}, phones: map[phone.Number][]int{},
		extensions: map[apiclient.ID]int{}, assigned: map[apiclient.ID][]int{},
	}
	for u, err := range c.GetAccountUsers(ctx, apiclient.UserFilter{}) {
		if err != nil {
			return nil, message.Errorf("list users: %w", err)
		}
		d.addUser(u)
		if o.OnUser != nil {
			o.OnUser(u, len(d.Users))
		}
	}
	for x, err := range c.GetExtensions(ctx) {
		if err != nil {
			return nil, message.Errorf("list extensions: %w", err)
		}
		d.addExtension(x)
		if o.OnExtension != nil {
			o.OnExtension(x, len(d.Extensions))
		}
	}
	for i := range d.Extensions {
		if user := d.Extensions[i].UserID; user != 0 {
			d.assigned[user] = append(d.assigned[user], i)
		}
	}
	return d, nil
}

// addUser takes in one listed user. A listing that changes while it is read can show one twice.
func (d *Directory) addUser(u apiclient.AccountUser) {
	if u.Deleted {
		return
	}
	if _, twice := d.users[u.UserID]; twice && u.UserID != 0 {
		return
	}
	at := len(d.Users)
	d.Users = append(d.Users, u)
	d.users[u.UserID] = at
	if number := phone.Normalize(u.Phone); number != 0 {
		d.phones[number] = append(d.phones[number], at)
	}
}

// addExtension takes in one listed extension. Of one that is listed twice, what was listed last counts.
func (d *Directory) addExtension(x apiclient.Extension) {
	if at, twice := d.extensions[x.ID]; twice {
		d.Extensions[at] = x
		return
	}
	d.extensions[x.ID] = len(d.Extensions)
	d.Extensions = append(d.Extensions, x)
}

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
	for _, at := range d.phones[p] {
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

// ExtensionsOf returns the extensions that a user has, in the tenant's order: there can be several.
func (d *Directory) ExtensionsOf(user apiclient.ID) []*apiclient.Extension {
	var extensions []*apiclient.Extension
	for _, at := range d.assigned[user] {
		extensions = append(extensions, &d.Extensions[at])
	}
	return extensions
}
