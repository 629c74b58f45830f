package importer

import (
	"context"
	"errors"
	"fmt"
	"slices"

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

	// mustList says that looking single phones up will not do: the absence of a user is to be concluded, or their presence
	// is asked for by id.
	mustList bool
	// undecided is whether any row depends on the tenant at all.
	undecided bool
}

// observe returns what the tenant shows of everybody about whom the roster and the ledger leave a question. An error means
// that the observation is not complete: nothing may be concluded from it.
func (j *job) observe(ctx context.Context) (*Tenant, error) {
	o := &observer{job: j, tenant: newTenant()}
	o.want()
	if err := o.listUsers(ctx); err != nil {
		return nil, err
	}
	slices.Sort(o.tenant.others)
	if err := o.listExtensions(ctx); err != nil {
		return nil, err
	}
	return o.tenant, nil
}

func newTenant() *Tenant {
	return &Tenant{
		users:      map[phone.Number]apiclient.ID{},
		present:    map[apiclient.ID]bool{},
		extensions: map[apiclient.ID]Extension{},
		numbers:    map[string]apiclient.ID{},
		assigned:   map[apiclient.ID]apiclient.ID{},
		shared:     map[string]bool{},
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
		o.wantEntry(e)
	}
}

// wantEntry notes the user of an entry that is to be planned.
func (o *observer) wantEntry(e *ledger.Entry) {
	if _, wanted := o.tenant.users[e.Phone]; !wanted {
		return
	}
	if e.UserID != 0 {
		o.tenant.present[apiclient.ID(e.UserID)] = false
	}
	o.mustList = o.mustList || e.UserID != 0 || e.Open() || e.Exists
}

// decided reports whether an entry needs no look at the tenant: it has the row's extension, and its id is known.
func decided(e *ledger.Entry, extension int64, number string) bool {
	return e != nil && e.Status == ledger.Done && e.ExtensionID != 0 && e.HasExtension(extension, number)
}

// listUsers reads the listing of users, or, where that costs less, looks the wanted phones up one by one.
func (o *observer) listUsers(ctx context.Context) error {
	if !o.undecided && o.job.accountKnown {
		return nil
	}
	o.tenant.Asked, _ = o.job.client.ServerTime()
	seen := 0
	for u, err := range o.job.client.GetAccountUsers(ctx, apiclient.UserFilter{}) {
		if err != nil {
			return o.usersFailed(err)
		}
		o.take(u)
		o.job.noteAccount(u.AccountID)
		seen++
		if !o.undecided && seen == pageSize {
			return nil // only whose tenant it is was asked
		}
		if o.mustList || seen%pageSize != 0 || seen/pageSize < len(o.tenant.users) {
			continue
		}
		if o.filterWorks(ctx, u) {
			return o.lookUp(ctx)
		}
		o.mustList = true
	}
	o.tenant.Listed, o.tenant.Complete = true, true
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
	if u.Deleted || u.UserID == 0 {
		return
	}
	if _, wanted := o.tenant.present[u.UserID]; wanted {
		o.tenant.present[u.UserID] = true
	}
	p := phone.Normalize(u.Phone)
	known, wanted := o.tenant.users[p]
	switch {
	case !wanted || p == 0:
		o.tenant.others = append(o.tenant.others, u.UserID)
	case known == 0:
		o.tenant.addUser(p, u.UserID)
	}
}

// filterWorks reports whether the phone filter finds a user who is known to be there. Only then does its silence about
// another phone mean anything.
func (o *observer) filterWorks(ctx context.Context, known apiclient.AccountUser) bool {
	p := phone.Normalize(known.Phone)
	if p == 0 || known.Deleted {
		return false
	}
	id, err := o.job.userByPhone(ctx, p)
	return err == nil && id == known.UserID
}

// lookUp asks for each wanted phone that the listing has not shown so far.
func (o *observer) lookUp(ctx context.Context) error {
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(max(o.job.opts.Workers, 1))
	found := make(chan Found, len(o.tenant.users))
	for p, id := range o.tenant.users {
		if id != 0 {
			continue
		}
		g.Go(func() (err error) {
			defer func() {
				if v := recover(); v != nil {
					err = o.job.bug("looking up a phone", v)
				}
			}()
			id, err := o.job.userByPhone(ctx, p)
			if id != 0 {
				found <- Found{p, id}
			}
			return err
		})
	}
	err := g.Wait()
	close(found)
	for f := range found {
		o.tenant.addUser(f.Phone, f.User)
	}
	o.tenant.Listed = err == nil
	return err
}

// userByPhone asks for one phone; 0 if nobody has it. The filter is a full-text one: it can answer with other people.
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
	if !o.undecided {
		return nil
	}
	t := o.tenant
	missing := len(t.extensions)
	early := len(t.numbers) == 0 && !o.anyUser()
	for x, err := range o.job.client.GetExtensions(ctx) {
		if err != nil {
			return o.extensionsFailed(err)
		}
		if !o.wantsExtension(x) {
			continue
		}
		if t.extensions[x.ID].ID == 0 {
			missing--
		}
		t.addExtension(Extension{x.ID, x.UserID, x.Number})
		if early && missing == 0 {
			break
		}
	}
	t.ExtensionsListed = true
	for id, x := range t.extensions {
		if x.ID == 0 {
			delete(t.extensions, id)
		}
	}
	return nil
}

func (o *observer) anyUser() bool {
	for _, there := range o.tenant.present {
		if there {
			return true
		}
	}
	return false
}

func (o *observer) wantsExtension(x apiclient.Extension) bool {
	_, byID := o.tenant.extensions[x.ID]
	_, byNumber := o.tenant.numbers[x.Number]
	return byID || byNumber || x.UserID != 0 && o.tenant.present[x.UserID]
}

func (o *observer) extensionsFailed(err error) error {
	if !errors.Is(err, apiclient.ErrPermission) {
		return fmt.Errorf("list extensions: %w", err)
	}
	if o.job.plan == nil { // once is enough
		o.job.warn("this key may not list extensions: whether they exist and are free shows only when they are assigned")
	}
	return nil
}
