package check

import (
	"context"
	"errors"
	"iter"
	"time"

	"etelecom-import/apiclient"
	"etelecom-import/apiclient/message"
	"etelecom-import/importer"
)

// listing is what reading one listing to its end has shown.
type listing struct {
	name string // of the finding
	err  error
	// skipped says that the listing was not asked for.
	skipped bool
	// shown tells what a listing has shown that was read to its end.
	shown string
	// begun tells how far a listing was read that failed; "" if it showed nothing.
	begun string
	// denied is what it means that the key may not read the listing, by what the API answers.
	denied func(answer string) (found, hint string)
}

// tell adds what the listing has shown. throttled says that the API has asked to wait.
func (l *listing) tell(r *Report, throttled bool) {
	switch {
	case l.skipped:
		r.notKnown(l.name, message.T("Not asked, since the API did not answer the call before."), message.T("Run this check again later."))
	case l.err == nil:
		r.ok(l.name, l.shown)
	case errors.Is(l.err, errSlow) && throttled:
		r.wrong(l.name, message.T("The API has too many requests and asks to wait (HTTP 429)."), message.T("Run this check again later."))
	default:
		found, hint := l.explain()
		found = sentences(l.begun, found)
		if before := r.Checks[len(r.Checks)-1]; found == before.Found && hint == before.Hint { // of the users
			hint = message.T("Do the same as for users.")
		}
		r.wrong(l.name, found, hint)
	}
}

// explain says what the failed call means for a run, and what to do.
func (l *listing) explain() (found, hint string) {
	api := new(apiclient.Error)
	errors.As(l.err, &api)
	answer := Answer(l.err)
	switch {
	case errors.Is(l.err, apiclient.ErrKey) && api.Key.Kind == apiclient.PartnerKey:
		return message.Sprintf("The API does not take this key (%s).", answer), message.T("Use the shop_key of the company in place of the partner's api_key.")
	case errors.Is(l.err, apiclient.ErrKey):
		return message.Sprintf("The API does not take this key (%s).", answer),
			message.T("Check that the whole key was copied, and that --base-url is the address that the key is for. Otherwise ask eTelecom for a new shop_key.")
	case errors.Is(l.err, apiclient.ErrPermission):
		return l.denied(answer)
	case errors.Is(l.err, apiclient.ErrClosed):
		return message.Sprintf("The account is closed (%s).", answer), message.T("Ask eTelecom to open the account. Waiting does not help.")
	case errors.Is(l.err, apiclient.ErrAddress) && api.Status/100 == 3:
		return message.Sprintf("The server sends the call to another address (%s).", answer), Sentence(Advice(apiclient.WrongServer))
	case errors.Is(l.err, apiclient.ErrAddress):
		return message.Sprintf("This address has no such call (%s).", answer),
			message.T("Check --base-url (https://api.etelecom.vn/v1/partner). For another brand than eTelecom, check --service too.")
	case errors.Is(l.err, apiclient.ErrCertificate):
		return notTrusted(l.err), advise(l.err)
	case api.WebPage():
		return message.Sprintf("A web page came in place of an answer of the API (%s).", answer), advise(l.err)
	case errors.Is(l.err, errSlow):
		return message.Sprintf("No usable answer came within %.0f seconds.", answerWithin.Seconds()), message.T("Run this check again later.")
	case api.Unavailable():
		return message.Sprintf("The API does not answer properly now (%s).", answer), sentences(message.T("Run this check again later."), advise(l.err))
	}
	return message.Sprintf("The answer cannot be used (%s).", answer), message.T("Run this check again. If it says the same, ask eTelecom.")
}

func listUsers(ctx context.Context, in *Input, known *importer.Identity) *listing {
	l := &listing{name: "users", denied: func(answer string) (found, hint string) {
		return message.Sprintf("This key may not list users (%s).", answer), message.T("Ask eTelecom to give this key the right to list users.")
	}}
	seen := map[apiclient.ID]bool{}
	noRole := 0
	all := func(ctx context.Context) iter.Seq2[apiclient.AccountUser, error] {
		return in.Client.GetAccountUsers(ctx, apiclient.UserFilter{})
	}
	l.err = whole(ctx, all, func(u apiclient.AccountUser) {
		if u.Deleted || seen[u.UserID] {
			return
		}
		seen[u.UserID] = true
		known.ListedUser(u.AccountID)
		if u.NoRole {
			noRole++
		}
		in.Progress.SawUsers(len(seen))
	})
	switch {
	case len(seen) == 0:
		l.shown = message.T("This key may list users. There are none.")
		return l
	case noRole == 0:
		l.shown = message.Sprintf("This key may list users. There are %d.", len(seen))
	default:
		l.shown = message.Sprintf("This key may list users. There are %d, of whom %d without a role: they may not see their extension.", len(seen), noRole)
	}
	l.begun = message.Sprintf("After %s the listing failed.", message.Count(len(seen), "user", "users"))
	return l
}

// listExtensions is not tried where the listing of users got no answer at all: it would take as long.
func listExtensions(ctx context.Context, in *Input, known *importer.Identity, before error) *listing {
	l := &listing{name: "extensions", denied: func(answer string) (found, hint string) {
		return message.Sprintf("This key may not list extensions (%s).", answer), message.T("Ask eTelecom to give this key the right to list extensions.")
	}}
	if _, answered := in.Client.Skew(); before != nil && (!answered || errors.Is(before, errSlow)) {
		l.skipped, l.err = true, before
		return l
	}
	now, _ := in.Client.ServerTime()
	seen := map[apiclient.ID]bool{}
	free, inUse, expired := 0, 0, 0
	l.err = whole(ctx, in.Client.GetExtensions, func(x apiclient.Extension) {
		if seen[x.ID] {
			return
		}
		seen[x.ID] = true
		known.ListedExtension(x.AccountID)
		switch {
		case x.Expired(now):
			expired++
		case x.UserID == 0:
			free++
		default:
			inUse++
		}
		in.Progress.SawExtensions(len(seen))
	})
	if len(seen) == 0 {
		l.shown = message.T("This key may list extensions. There are none.")
		return l
	}
	l.shown = message.Sprintf("This key may list extensions. There are %d: %d free, %d in use, %d expired.", len(seen), free, inUse, expired)
	l.begun = message.Sprintf("After %s the listing failed.", message.Count(len(seen), "extension", "extensions"))
	return l
}

// whole reads a listing to its end. Only its first page has a time limit: a large listing takes its time, and a tenant that asks
// for pauses gets them.
func whole[T any](ctx context.Context, pages func(context.Context) iter.Seq2[T, error], take func(T)) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	slow := time.AfterFunc(answerWithin, func() { cancel(errSlow) })
	defer slow.Stop()
	for item, err := range pages(ctx) {
		if err != nil {
			return err
		}
		slow.Stop()
		take(item)
	}
	return nil
}
