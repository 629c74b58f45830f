// Package tenant reads what the company's account at eTelecom shows: its users and extensions. A run gets a [Snapshot] of what its
// [Query] asks for ([Observe]), since it has to be small and fresh. Commands that only read get a [Directory] of everybody and everything
// ([ReadDirectory]). The package knows nothing of roster, ledger and plan, and changes nothing on the tenant.
package tenant

import (
	"context"
	"errors"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"

	"etelecom-import/apiclient"
	"etelecom-import/apiclient/message"
	"etelecom-import/importer/phone"
)

// PageSize is how many users or extensions one page of a listing holds.
const PageSize = 100

// Options say how to observe. The zero value reads what the query asks for, both listings at the same time. The functions are
// called from the goroutine that reads the listing which they are about; nil ones are not called.
type Options struct {
	// OneByOne sends one request at a time.
	OneByOne bool
	// Blind continues without the users if the key may not list them. Otherwise that is an error.
	Blind bool
	// Twice reads the listing of users a second time if it has several pages and somebody is missing.
	Twice bool
	// Probe makes one call, if the query asks for nothing, to find out whether the tenant takes the key.
	Probe bool
	// AllExtensions reads the listing of extensions although the query may ask for none.
	AllExtensions bool
	// ReadOn reports whether the listings must be read on although all that the query asks for has been seen.
	ReadOn func() bool
	// Own reports whether a user was created by the caller.
	Own func(apiclient.ID) bool
	// OnUser is called with every listed user, and how many this reading has shown.
	OnUser func(u apiclient.AccountUser, seen int)
	// OnExtension is called with every listed extension, and how many there were.
	OnExtension func(x apiclient.Extension, seen int)
	// OnExtensionsDenied is called if the key may not list extensions. That is no error.
	OnExtensionsDenied func()
	// Guard runs the reading of a listing. It may turn a panic into an error.
	Guard func(what string, read func() error) error
}

func (o *Options) readOn() bool { return o.ReadOn != nil && o.ReadOn() }

func (o *Options) own(id apiclient.ID) bool { return o.Own != nil && o.Own(id) }

func (o *Options) guard(what string, read func() error) func() error {
	if o.Guard == nil {
		return read
	}
	return func() error { return o.Guard(what, read) }
}

// Observe returns what the tenant shows of everybody and everything that the query asks for. An error means that the
// observation is not complete: nothing may be concluded from it. Only a complete listing proves that somebody is not there:
// the API's phone filter does not find everybody.
func Observe(ctx context.Context, c *apiclient.Client, q *Query, opts Options) (*Snapshot, error) {
	o := &observer{
		client: c, opts: &opts, snapshot: New(q), asked: !q.Empty(), usersRead: make(chan struct{}),
		withoutRole: setOf(q.WithoutRole), expired: setOf(q.Expired),
	}
	o.missing = len(o.snapshot.users) + len(o.snapshot.listed)
	o.mayOwn = len(o.snapshot.listed) > 0
	g, reading := errgroup.WithContext(ctx)
	if opts.OneByOne {
		g.SetLimit(1)
	}
	g.Go(opts.guard(message.T("the listing of users"), func() error {
		defer close(o.usersRead)
		return o.readUsers(reading)
	}))
	g.Go(opts.guard(message.T("the listing of extensions"), func() error { return o.readExtensions(reading) }))
	if err := g.Wait(); err != nil {
		return nil, err
	}
	o.complete()
	return o.snapshot, nil
}

// observer is one observation under way. Two goroutines read the two listings; each changes its own part of the snapshot.
type observer struct {
	client   *apiclient.Client
	opts     *Options
	snapshot *Snapshot
	asked    bool // the query asks for somebody

	withoutRole, expired map[apiclient.ID]bool // of the query

	missing   int           // users who are looked for and were not seen yet, by phone or by id
	again     bool          // the listing of users is read a second time
	usersRead chan struct{} // closed when nothing more comes from the listing of users
	mayOwn    bool          // somebody who was looked for may be there, and have an extension; valid once usersRead is closed

	unclaimed []Extension // in use, and not asked for: their users may turn out to be looked for
}

// mayStop reports whether a reading can end after a whole page, since what is on the others does not matter.
func (o *observer) mayStop(seen int, looking bool) bool {
	return seen%PageSize == 0 && !looking && !o.opts.readOn()
}

// readUsers reads the listing of users. It stops when everybody who was looked for has been seen: then nobody is to be
// created.
func (o *observer) readUsers(ctx context.Context) error {
	if !o.asked && !o.opts.readOn() {
		return o.probe(ctx)
	}
	o.snapshot.AsOf = time.Now()
	seen, err := o.readUsersOnce(ctx)
	if err != nil {
		return o.usersFailed(err)
	}
	if o.opts.Twice && o.missing > 0 && seen > PageSize {
		// The documentation does not say how pages are made. If they go by position, and a user is removed while the pages are
		// read, another user moves to a page that was read already, and is missed. So only a user who is missing from two
		// readings counts as missing.
		o.again = true
		if _, err := o.readUsersOnce(ctx); err != nil {
			return o.usersFailed(err)
		}
	}
	o.snapshot.UsersKnown = true
	return nil
}

// readUsersOnce returns how many users the listing has shown.
func (o *observer) readUsersOnce(ctx context.Context) (seen int, err error) {
	reading := Reading{Begun: time.Now()}
	for u, err := range o.client.GetAccountUsers(ctx, apiclient.UserFilter{}) {
		if err != nil {
			return seen, err
		}
		o.addUser(u)
		if reading.Newest == 0 && !u.Deleted && !o.opts.own(u.UserID) {
			reading.Newest = u.UserID
		}
		seen++
		if o.opts.OnUser != nil {
			o.opts.OnUser(u, seen)
		}
		// rule: complete-listing
		if o.mayStop(seen, o.missing > 0) {
			break
		}
	}
	if o.missing > 0 {
		reading.Took = time.Since(reading.Begun)
	}
	o.snapshot.Readings = append(o.snapshot.Readings, reading)
	return seen, nil
}

// probe finds out whether the tenant accepts the key, for a query that asks for nothing. Otherwise a withdrawn key would be
// noticed only when the next person is hired.
func (o *observer) probe(ctx context.Context) error {
	if !o.opts.Probe {
		return nil
	}
	if err := o.client.Probe(ctx); err != nil {
		return message.Errorf("list users: %w", err)
	}
	return nil
}

// usersFailed decides what a failed listing of users means.
func (o *observer) usersFailed(err error) error {
	switch {
	case errors.Is(err, apiclient.ErrPermission) && o.opts.Blind:
		return nil
	case errors.Is(err, apiclient.ErrPermission):
		return message.Errorf("%w: this key may not list users, so nobody can tell who is there already, and a create would overwrite "+
			"the password of those who are", err)
	}
	return message.Errorf("list users: %w", err)
}

// addUser takes in one listed user.
func (o *observer) addUser(u apiclient.AccountUser) {
	s := o.snapshot
	if u.Deleted {
		return
	}
	number := phone.Normalize(u.Phone)
	if u.UserID == 0 {
		// Nobody else depends on a user without an id. A row with this phone cannot be created.
		if !o.again {
			s.UserCount++
		}
		s.nameless[number] = true
		return
	}
	// An earlier run warned that this user has no role. Now they have one, so the warning no longer applies.
	if o.withoutRole[u.UserID] && !u.NoRole {
		s.WithRole = append(s.WithRole, u.UserID)
	}
	seen, byID := s.listed[u.UserID]
	if byID && !seen {
		s.listed[u.UserID] = true
		o.missing--
	}
	if !o.again {
		s.UserCount++
		if number == 0 && u.Phone != "" {
			s.Masks.add(u.Phone)
		}
	}
	// Of two users with one phone, the one that is listed first counts.
	known, byPhone := s.users[number]
	byPhone = byPhone && number != 0
	// rule: list-first
	if byPhone && known == 0 {
		s.AddUser(number, u.UserID)
		o.missing--
	}
	if !byPhone {
		s.otherIDs = append(s.otherIDs, u.UserID)
	}
	// Somebody who was looked for is there, so that the listing of extensions must be read to its end: they may have one.
	if byID || byPhone {
		o.mayOwn = true
		if u.NoRole {
			s.withoutRole[u.UserID] = true
		}
	}
}

// readExtensions reads the listing of extensions. It stops early when all that was asked for has been seen, if no user is
// there who might have another extension, and if no number has to be proven unique.
func (o *observer) readExtensions(ctx context.Context) error {
	if !o.asked && !o.opts.AllExtensions {
		return nil
	}
	s := o.snapshot
	missing, seen := len(s.extensions), 0
	now, _ := o.client.ServerTime()
	for x, err := range o.client.GetExtensions(ctx) {
		if err != nil {
			return o.extensionsFailed(ctx, err)
		}
		if known, wanted := s.extensions[x.ID]; wanted && known.ID == 0 {
			missing--
		}
		o.addExtension(x, now)
		seen++
		if o.opts.OnExtension != nil {
			o.opts.OnExtension(x, seen)
		}
		// rule: free-complete
		if o.mayStop(seen, missing > 0 || len(s.numbers) > 0 || !s.free.Empty()) && o.nobodyMayOwn() {
			break
		}
	}
	s.ExtensionsKnown = true
	return nil
}

// addExtension takes in a listed extension if it was asked for, or has a user.
func (o *observer) addExtension(x apiclient.Extension, now time.Time) {
	s := o.snapshot
	if o.expired[x.ID] && !x.Expired(now) {
		s.Valid = append(s.Valid, x.ID)
	}
	if x.UserID != 0 {
		s.ExtensionsInUse++
	}
	extension := Extension{x.ID, x.UserID, x.Number, x.Expired(now)}
	s.addInRange(extension)
	s.AddHotline(extension, x.HotlineID)
	_, byID := s.extensions[x.ID]
	_, byNumber := s.numbers[x.Number]
	switch {
	case byID || byNumber:
		s.AddExtension(extension)
	case x.UserID != 0 && o.asked:
		o.unclaimed = append(o.unclaimed, extension)
	}
}

// nobodyMayOwn waits until the users are read, and reports whether none of those who were looked for is there.
func (o *observer) nobodyMayOwn() bool {
	<-o.usersRead
	return !o.mayOwn
}

// extensionsFailed decides what a failed listing of extensions means. One that was cut off since the other listing was denied is not denied.
func (o *observer) extensionsFailed(ctx context.Context, err error) error {
	if ctx.Err() != nil || !errors.Is(err, apiclient.ErrPermission) {
		return message.Errorf("list extensions: %w", err)
	}
	if o.opts.OnExtensionsDenied != nil {
		o.opts.OnExtensionsDenied()
	}
	return nil
}

// complete puts both listings together.
func (o *observer) complete() {
	s := o.snapshot
	slices.Sort(s.otherIDs)
	s.otherIDs = slices.Compact(s.otherIDs)
	for _, x := range o.unclaimed {
		if _, lookedFor := s.listed[x.User]; lookedFor { // whether or not the listing of users shows them
			s.AddExtension(x)
		}
	}
}

// FindUser asks for the user of one phone. It returns 0 if the answer does not show one. That proves nothing: the API's filter does
// not find everybody. The answer can show other people, too.
func FindUser(ctx context.Context, c *apiclient.Client, p phone.Number) (apiclient.ID, error) {
	for u, err := range c.GetAccountUsers(ctx, apiclient.UserFilter{Phone: p.String()}) {
		if err != nil {
			return 0, message.Errorf("look up %s: %w", p, err)
		}
		// rule: exact-phone
		if !u.Deleted && phone.Normalize(u.Phone) == p {
			return u.UserID, nil
		}
	}
	return 0, nil
}

func setOf(ids []apiclient.ID) map[apiclient.ID]bool {
	set := make(map[apiclient.ID]bool, len(ids))
	for _, id := range ids {
		set[id] = true
	}
	return set
}
