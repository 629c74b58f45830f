package importer

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"etelecom-import/apiclient"
	"etelecom-import/importer/phone"
	"etelecom-import/importer/plan"
	"etelecom-import/importer/tenant"
)

// defaultFresh is how old the listing may be that a create rests on.
const defaultFresh = time.Minute

// errOld says that the listing is too old for another create.
var errOld = errors.New("the listing of users is too old for another create")

// views are the looks at the list of users that this run has taken.
type views struct {
	last  time.Time     // when the newest began
	whole time.Duration // how long the last one of the whole list took
	tops  []top
}

// top is the newest user of a listing whom this job has not made. Whoever is listed below them was there before.
type top struct {
	begun time.Time
	user  apiclient.ID // 0: there was none
}

// limit returns how old the listing may be that a create rests on. A list that takes long to read is not read without end.
func (j *job) limit() time.Duration {
	fresh := j.opts.Fresh
	if fresh <= 0 {
		fresh = defaultFresh
	}
	return max(fresh, 3*j.views.whole)
}

// old reports whether the listing is too old for another create.
func (j *job) old() bool {
	return j.seen.usersKnown && time.Since(j.views.last) > j.limit()
}

// viewed notes a look at the list.
func (v *views) viewed(r tenant.Reading) {
	v.last = r.Begun
	v.tops = append(v.tops, top{r.Begun, r.Newest})
	if r.Took > 0 {
		v.whole = r.Took
	}
}

// known returns the user at whom a look from the top may stop: the newest of a listing that began so long before the last
// one that everybody who joined before it was in the last one. 0: there is none, and the list is read to its end.
func (v *views) known(settle time.Duration) apiclient.ID {
	for _, t := range slices.Backward(v.tops) {
		if t.user != 0 && !t.begun.After(v.last.Add(-settle)) {
			return t.user
		}
	}
	return 0
}

// refresh looks who has joined since the listing that the plan rests on. It reports whether the plan still holds: nobody
// whom it would create is there. Otherwise all is to be looked at anew.
func (j *job) refresh(ctx context.Context) (holds bool, err error) {
	holds, err = j.readNewest(apiclient.Repeated(ctx))
	if err != nil && unavailable(err) {
		err = j.breaker.awaitRecovery(ctx, func(ctx context.Context) (err error) {
			holds, err = j.readNewest(ctx)
			return err
		})
	}
	return holds, err
}

// readNewest reads the list from its newest user on, until everybody below was in an earlier listing. That the newest come
// first is not documented, so the users whom this run has made must show it, by standing above.
func (j *job) readNewest(ctx context.Context) (holds bool, err error) {
	defer j.progress.reading()()
	wanted := j.toCreate()
	begun, stop := time.Now(), j.views.known(j.opts.Settle)
	first, seen, ownAbove, whole := apiclient.ID(0), 0, false, true
	holds = true
	for u, err := range j.client.GetAccountUsers(ctx, apiclient.UserFilter{}) {
		if err != nil {
			return false, fmt.Errorf("list users: %w", err)
		}
		seen++
		j.progress.users.Store(int64(seen))
		if u.UserID == stop && stop != 0 && ownAbove {
			whole = false
			break
		}
		if u.Deleted || u.UserID == 0 {
			continue
		}
		number := phone.Normalize(u.Phone)
		own := j.ids.owned(u.UserID)
		_, wants := slices.BinarySearch(wanted, number)
		ownAbove = ownAbove || own
		holds = holds && (own || !wants)
		j.ids.join(u.UserID)
		if !own && first == 0 {
			first = u.UserID
		}
	}
	reading := tenant.Reading{Begun: begun, Newest: first}
	if whole {
		reading.Took = time.Since(begun)
	}
	j.views.viewed(reading)
	return holds, nil
}

// toCreate returns the phones of the rows that the plan would create, sorted.
func (j *job) toCreate() []phone.Number {
	var phones []phone.Number
	for i := range j.plan.Steps {
		if j.plan.Steps[i].Action == plan.Create {
			phones = append(phones, j.roster.Rows[i].Phone)
		}
	}
	slices.Sort(phones)
	return phones
}

// untouched returns those of the rows that this run has not acted on.
func (j *job) untouched(rows []int) []int {
	return slices.DeleteFunc(slices.Clone(rows), func(i int) bool { return j.acted[i] > 0 || j.answered[i] })
}
