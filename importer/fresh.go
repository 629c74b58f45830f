package importer

import (
	"context"
	"slices"
	"sync/atomic"
	"time"

	"etelecom-import/apiclient"
	"etelecom-import/apiclient/message"
	"etelecom-import/importer/phone"
	"etelecom-import/importer/tenant"
)

// defaultFresh is how old the listing may be that a create relies on.
const defaultFresh = time.Minute

// errOld says that the listing is too old for another create.
var errOld = message.New("the listing of users is too old for another create")

// freshness keeps the listing of users young enough for a create to rely on it.
type freshness struct {
	client   *apiclient.Client
	progress *Progress
	ids      *ids
	maxAge   time.Duration // --fresh; 0: the default
	settle   time.Duration // --settle

	usersKnown bool          // the last observation had a listing
	begun      time.Time     // when the newest reading of it began
	took       time.Duration // how long the last reading of the whole listing took
	readings   []tenant.Reading
	answered   time.Time   // when a person has answered a question
	stale      atomic.Bool // a create was held back, since the listing is too old
}

// observed takes in a new observation.
func (f *freshness) observed(s *tenant.Snapshot) {
	f.usersKnown = s.UsersKnown
	for _, r := range s.Readings {
		f.add(r)
	}
}

func (f *freshness) add(r tenant.Reading) {
	f.begun = r.Begun
	f.readings = append(f.readings, r)
	if r.Took > 0 {
		f.took = r.Took
	}
}

// limit returns how old the listing may be.
func (f *freshness) limit() time.Duration {
	fresh := f.maxAge
	if fresh <= 0 {
		fresh = defaultFresh
	}
	return max(fresh, f.pause())
}

// pause returns how old the listing must be to be read again: a list that takes long to read is not read without end.
func (f *freshness) pause() time.Duration { return 3 * f.took }

// tooOld reports whether the listing is too old for another create. While a person thinks about a question, others may create the same
// people. So a listing from before the answer is read again as soon as it may be.
func (f *freshness) tooOld() bool {
	allowed := f.limit()
	if f.begun.Before(f.answered) {
		allowed = f.pause()
	}
	return f.usersKnown && time.Since(f.begun) > allowed
}

// known returns the user at whom a reading from the newest may stop; 0 if the listing must be read to its end. It is the newest
// user of a reading that began at least the settle time before the last one: whoever joined before that reading was in the
// last one.
func (f *freshness) known() apiclient.ID {
	for _, r := range slices.Backward(f.readings) {
		if r.Newest != 0 && !r.Begun.After(f.begun.Add(-f.settle)) {
			return r.Newest
		}
	}
	return 0
}

// readNewest reads the listing from its newest user on, until everybody below was in an earlier reading, and reports whether
// nobody has joined who has one of the phones, which are sorted. That the newest come first is not documented, so the users
// whom this run has created must show it: they are above the others then.
func (f *freshness) readNewest(ctx context.Context, phones []phone.Number) (nobodyJoined bool, err error) {
	defer f.progress.Reading()()
	reading, stop := tenant.Reading{Begun: time.Now()}, f.known()
	seen, ownAbove, whole := 0, false, true
	nobodyJoined = true
	for u, err := range f.client.GetAccountUsers(ctx, apiclient.UserFilter{}) {
		if err != nil {
			return false, message.Errorf("list users: %w", err)
		}
		seen++
		f.progress.SawUsers(seen)
		// Everybody from here on was in an earlier reading, provided that the order is as it seems: then those whom this run has
		// created are above.
		if u.UserID == stop && stop != 0 && ownAbove {
			whole = false
			break
		}
		if u.Deleted || u.UserID == 0 {
			continue
		}
		own := f.ids.owned(u.UserID)
		_, wanted := slices.BinarySearch(phones, phone.Normalize(u.Phone))
		if wanted && !own { // a create would overwrite their password
			nobodyJoined = false
		}
		ownAbove = ownAbove || own
		f.ids.join(u.UserID)
		if !own && reading.Newest == 0 {
			reading.Newest = u.UserID
		}
	}
	if whole {
		reading.Took = time.Since(reading.Begun)
	}
	f.add(reading)
	return nobodyJoined, nil
}
