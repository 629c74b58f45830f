package importer

import (
	"context"

	"etelecom-import/apiclient"
	"etelecom-import/apiclient/message"
	"etelecom-import/importer/tenant"
)

// observer reads the tenant for the plans of a run: at its beginning, and again before each later round. On the way, the listings
// tell whose account the key is of, and how young the listing of users is.
type observer struct {
	client    *apiclient.Client
	opts      *Options
	progress  *Progress
	warn      func(string)
	account   *account
	ids       *ids
	freshness *freshness
	breaker   *breaker
	end       *killSwitch
}

// first reads the tenant at the beginning of a run, and refuses a key of another account. It does not wait for an API that is
// down: whoever has just started the run must see why nothing happens.
func (o *observer) first(ctx context.Context, q *tenant.Query) (*tenant.Snapshot, error) {
	s, err := o.observe(ctx, q, true)
	if err != nil {
		return nil, err
	}
	// The listings have told all that they know of the account, and nothing was written yet.
	if err := o.account.check(); err != nil {
		return nil, err
	}
	o.ids.listed(s.IDs())
	return s, nil
}

// again reads the tenant in a later round, and waits for an API that is down.
func (o *observer) again(ctx context.Context, q *tenant.Query) (s *tenant.Snapshot, err error) {
	s, err = o.observe(apiclient.Repeated(ctx), q, false)
	if err != nil && unavailable(err) {
		err = o.breaker.awaitRecovery(ctx, func(ctx context.Context) (err error) {
			s, err = o.observe(ctx, q, false)
			return err
		})
	}
	if err != nil {
		return nil, err
	}
	o.breaker.forget() // the API answers: an outage is over
	o.ids.listed(s.IDs())
	return s, nil
}

// observe reads the tenant, as far as a plan depends on it.
func (o *observer) observe(ctx context.Context, q *tenant.Query, first bool) (*tenant.Snapshot, error) {
	defer o.progress.Reading()()
	allExtensions := first && o.account.wantExtensions()
	toldNameless := false
	s, err := tenant.Observe(ctx, o.client, q, tenant.Options{
		OneByOne:      o.opts.Workers <= 1,
		Blind:         o.opts.Blind,
		Twice:         first,
		Probe:         first && !o.account.identity.answered,
		AllExtensions: allExtensions,
		ReadOn:        func() bool { return !o.account.known() },
		Own:           o.ids.owned,
		Guard:         o.end.guard,
		OnUser: func(u apiclient.AccountUser, seen int) {
			o.account.sawUser(&u)
			o.progress.SawUsers(seen)
			if nameless := u.UserID == 0 && !u.Deleted; nameless && first && !toldNameless {
				toldNameless = true
				o.warn(message.Sprintf("the tenant lists a user without an id: phone %q, name %q. A row with this phone is refused", u.Phone, u.FullName))
			}
		},
		OnExtension: func(x apiclient.Extension, seen int) {
			o.account.sawExtension(&x)
			o.progress.SawExtensions(seen)
		},
		OnExtensionsDenied: func() {
			o.account.extensionsDenied.Store(true)
			if first { // once is enough
				o.warn(message.T("this key may not list extensions: whether they exist and are free shows only when they are assigned"))
			}
		},
	})
	if err != nil {
		return nil, err
	}
	o.account.sawAll()
	o.freshness.observed(s)
	return s, nil
}
