package importer

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"

	"etelecom-import/apiclient"
	"etelecom-import/importer/ledger"
	"etelecom-import/importer/phone"
)

// pageSize is how many users or extensions one page of a listing holds.
const pageSize = 100

// observer reads the tenant, as far as a plan depends on it.
type observer struct {
	job    *job
	tenant *Tenant

	undecided bool          // some row, or some entry, depends on the tenant
	missing   int           // users who are looked for and were not seen yet, by phone or by id
	again     bool          // the listing of users is read a second time
	usersRead chan struct{} // closed when nothing more comes from the listing of users
	anyUser   bool          // somebody who was looked for may be there, and have an extension; valid once usersRead is closed

	evidence   map[apiclient.ID]string // account ids of all listed extensions; nil: nobody needs to know
	warned     warned
	roles      []*ledger.Entry // of them, those whose users are listed with a role
	renewed    []*ledger.Entry // and those whose extensions are listed as valid
	belongings []Extension     // extensions that have a user and that no row names: the user may be one who is looked for
}

// observe returns what the tenant shows of everybody about whom the roster and the ledger leave a question. An error means
// that the observation is not complete: nothing may be concluded from it. Only a complete listing proves that somebody is
// not there: the API's phone filter does not find everybody.
func (j *job) observe(ctx context.Context) (*Tenant, error) {
	o := &observer{job: j, tenant: newTenant(), usersRead: make(chan struct{})}
	o.want()
	o.warned = warnedOf(j.ledger)
	o.wantEvidence()
	g, reading := errgroup.WithContext(ctx)
	if j.opts.Workers <= 1 {
		g.SetLimit(1) // one request at a time
	}
	defer j.progress.reading()()
	g.Go(o.safely("the listing of users", func() error {
		defer close(o.usersRead)
		return o.listUsers(reading)
	}))
	g.Go(o.safely("the listing of extensions", func() error { return o.listExtensions(reading) }))
	if err := g.Wait(); err != nil {
		return nil, err
	}
	o.finish()
	return o.tenant, nil
}

// safely keeps a panic from ending the process.
func (o *observer) safely(what string, read func() error) func() error {
	return func() (err error) {
		defer func() {
			if v := recover(); v != nil {
				err = o.job.bug(what, v)
			}
		}()
		return read()
	}
}

// want notes whom and what to look for: a phone with the id 0, an id as not present, an extension without data.
func (o *observer) want() {
	t := o.tenant
	for i := range o.job.roster.Rows {
		row := &o.job.roster.Rows[i]
		e := o.job.ledger.Lookup(row.Phone)
		if row.Phone == 0 || decided(e, row.ExtensionID, row.ExtensionNumber) || o.job.roster.Problem(i) != nil {
			continue
		}
		o.undecided = true
		t.users[row.Phone] = 0
		if row.ExtensionID != 0 {
			t.extensions[apiclient.ID(row.ExtensionID)] = Extension{}
		}
		if row.ExtensionNumber != "" {
			t.numbers[row.ExtensionNumber] = 0
		}
	}
	for e := range o.job.ledger.Entries() {
		if e.Open() || e.Spoiled() {
			o.undecided = true
			t.users[e.Phone] = 0
		}
		if _, wanted := t.users[e.Phone]; wanted && e.UserID != 0 {
			t.present[apiclient.ID(e.UserID)], o.anyUser = false, true
		}
	}
	o.missing = len(t.users) + len(t.present)
}

// decided reports whether an entry needs no look at the tenant: it has the row's extension, and its id is known.
func decided(e *ledger.Entry, extension int64, number string) bool {
	return e != nil && e.Status == ledger.Done && e.ExtensionID != 0 && e.HasExtension(extension, number)
}

// wantEvidence has the listed extensions remembered if nothing has shown so far whose account the key is of: those that
// the ledger has worked with can show it.
func (o *observer) wantEvidence() {
	if o.job.plan == nil && !o.job.knownAccount() {
		o.evidence = map[apiclient.ID]string{}
	}
}

// enough reports whether a listing can be left after a whole page, since what is on the others does not matter.
func (o *observer) enough(seen int, looking bool) bool {
	return seen%pageSize == 0 && !looking && o.job.knownAccount()
}

// listUsers reads the listing of users. It stops when everybody who was looked for has been seen: then nobody is to be
// created.
func (o *observer) listUsers(ctx context.Context) error {
	if !o.undecided && o.job.knownAccount() {
		return o.tryKey(ctx)
	}
	o.tenant.Begun = time.Now()
	seen, err := o.readUsers(ctx)
	if err != nil {
		return o.usersFailed(err)
	}
	if o.job.plan == nil && o.missing > 0 && seen > pageSize {
		// Where a page is known by its place in the list, somebody who is removed between two pages shifts one over the edge,
		// unseen. That pages are not made so is not documented: absent is who is absent from two listings.
		o.again = true
		if _, err := o.readUsers(ctx); err != nil {
			return o.usersFailed(err)
		}
	}
	o.tenant.Listed = true
	return nil
}

// readUsers reads the listing of users once, and returns how many it has shown.
func (o *observer) readUsers(ctx context.Context) (seen int, err error) {
	begun, first := time.Now(), apiclient.ID(0)
	for u, err := range o.job.client.GetAccountUsers(ctx, apiclient.UserFilter{}) {
		if err != nil {
			return seen, err
		}
		o.take(u)
		if _, own := o.job.owners[int64(u.UserID)]; !own && first == 0 && !u.Deleted {
			first = u.UserID
		}
		o.job.identity.ListedUser(u.AccountID)
		seen++
		o.job.progress.users.Store(int64(seen))
		if o.enough(seen, o.missing > 0) {
			break
		}
	}
	o.job.views.viewed(begun, first, o.missing > 0)
	return seen, nil
}

// tryKey finds out whether the tenant takes the key, where nothing else has to be asked and no call has shown it: a key that
// was withdrawn must not go unnoticed until the next person is hired.
func (o *observer) tryKey(ctx context.Context) error {
	if o.job.identity.answered || o.job.plan != nil {
		return nil
	}
	if err := o.job.client.Probe(ctx); err != nil {
		return fmt.Errorf("list users: %w", err)
	}
	return nil
}

// usersFailed decides what a failed listing of users means. A key that may not list them ends the run, unless the user
// has said to go on without.
func (o *observer) usersFailed(err error) error {
	if errors.Is(err, apiclient.ErrPermission) && o.job.opts.Blind {
		return nil
	}
	if errors.Is(err, apiclient.ErrPermission) {
		return fmt.Errorf("%w: this key may not list users, so nobody can tell who is there already, and a create would overwrite "+
			"the password of those who are", err)
	}
	return fmt.Errorf("list users: %w", err)
}

// take notes a listed user, if anybody asked for them.
func (o *observer) take(u apiclient.AccountUser) {
	t := o.tenant
	if u.Deleted {
		return
	}
	if u.UserID == 0 {
		o.takeNameless(u)
		return
	}
	if e := o.warned.users[u.UserID]; e != nil && !u.NoRole {
		o.roles = append(o.roles, e)
	}
	there, byID := t.present[u.UserID]
	if byID && !there {
		t.present[u.UserID] = true
		o.missing--
	}
	p := phone.Normalize(u.Phone)
	if !o.again {
		t.listed++
		if p == 0 && u.Phone != "" {
			t.masked.add(u.Phone)
		}
	}
	known, byPhone := t.users[p]
	byPhone = byPhone && p != 0
	if byPhone && known == 0 {
		t.addUser(p, u.UserID)
		o.missing--
	}
	if !byPhone {
		t.others = append(t.others, u.UserID)
	}
	if byID || byPhone {
		o.anyUser = true
		if u.NoRole {
			t.noRole[u.UserID] = true
		}
	}
}

// takeNameless notes a user who is listed without an id. Nobody else depends on them; a row of their phone cannot be created.
func (o *observer) takeNameless(u apiclient.AccountUser) {
	o.tenant.listed++
	if o.job.plan == nil && len(o.tenant.nameless) == 0 {
		o.job.warn(fmt.Sprintf("the tenant lists a user without an id: phone %q, name %q. A row with this phone is refused", u.Phone, u.FullName))
	}
	o.tenant.nameless[phone.Normalize(u.Phone)] = true
}

// userByPhone asks for one phone; 0 if the answer does not show it, which proves nothing: the filter does not find everybody.
// It can answer with other people.
func (j *job) userByPhone(ctx context.Context, p phone.Number) (apiclient.ID, error) {
	for u, err := range j.client.GetAccountUsers(ctx, apiclient.UserFilter{Phone: p.String()}) {
		if err != nil {
			return 0, fmt.Errorf("look up %s: %w", p, err)
		}
		if !u.Deleted && phone.Normalize(u.Phone) == p {
			return u.UserID, nil
		}
	}
	return 0, nil
}

// listExtensions reads the listing of extensions. It stops early when all that was wanted has been seen, if no user is
// there who might have another extension, and if no number has to be proven unique.
func (o *observer) listExtensions(ctx context.Context) error {
	if !o.undecided && o.evidence == nil {
		return nil
	}
	t := o.tenant
	missing := len(t.extensions)
	seen := 0
	now, _ := o.job.client.ServerTime()
	for x, err := range o.job.client.GetExtensions(ctx) {
		if err != nil {
			return o.extensionsFailed(err)
		}
		o.job.identity.ListedExtension(x.AccountID)
		if o.evidence != nil {
			o.evidence[x.ID] = ""
			if isAccountID(x.AccountID) {
				o.evidence[x.ID] = x.AccountID
			}
		}
		if known, wanted := t.extensions[x.ID]; wanted && known.ID == 0 {
			missing--
		}
		o.takeExtension(x, now)
		seen++
		o.job.progress.extensions.Store(int64(seen))
		if o.enough(seen, missing > 0 || o.undecided && len(t.numbers) > 0) && o.nobodyLookedFor() {
			break
		}
	}
	t.ExtensionsListed = true
	return nil
}

// takeExtension notes a listed extension that a row names, or that has a user.
func (o *observer) takeExtension(x apiclient.Extension, now time.Time) {
	if e := o.warned.extensions[x.ID]; e != nil && !x.Expired(now) {
		o.renewed = append(o.renewed, e)
	}
	if x.UserID != 0 {
		o.tenant.owners++
	}
	extension := Extension{x.ID, x.UserID, x.Number, x.Expired(now)}
	_, byID := o.tenant.extensions[x.ID]
	_, byNumber := o.tenant.numbers[x.Number]
	switch {
	case byID || byNumber:
		o.tenant.addExtension(extension)
	case x.UserID != 0 && o.undecided:
		o.belongings = append(o.belongings, extension)
	}
}

// nobodyLookedFor waits until the users are read, and reports whether none of those who were looked for is there.
func (o *observer) nobodyLookedFor() bool {
	<-o.usersRead
	return !o.anyUser
}

// finish puts both listings together.
func (o *observer) finish() {
	t := o.tenant
	slices.Sort(t.others)
	t.others = slices.Compact(t.others)
	for id, x := range t.extensions {
		if x.ID == 0 {
			delete(t.extensions, id)
		}
	}
	for _, x := range o.belongings {
		if _, lookedFor := t.present[x.User]; lookedFor { // whether or not the users' listing shows them
			t.addExtension(x)
		}
	}
	if o.evidence != nil {
		o.job.evidence = o.evidence
	}
	t.mended = map[*ledger.Entry]Warnings{}
	for _, e := range o.roles {
		t.mended[e] |= NoRole
	}
	for _, e := range o.renewed {
		t.mended[e] |= ExtensionExpired
	}
}

func (o *observer) extensionsFailed(err error) error {
	if !errors.Is(err, apiclient.ErrPermission) {
		return fmt.Errorf("list extensions: %w", err)
	}
	o.job.noEvidence.Store(true)
	if o.job.plan == nil { // once is enough
		o.job.warn("this key may not list extensions: whether they exist and are free shows only when they are assigned")
	}
	return nil
}
