package importer

import (
	"errors"
	"fmt"

	"etelecom-import/apiclient"
	"etelecom-import/importer/reason"
	"etelecom-import/importer/tenant"
)

// A complete listing that does not show somebody who is there lets a create overwrite their password. The evidence is a
// create that is answered with "already in this shop" about somebody whom the listing does not show. It stays in the ledger,
// on the person's entry, so that every later run knows it.

// maxHidden is how many such people may be met, over all runs, before a person has to look.
const maxHidden = 3

// errHidden says that the listing does not show everybody.
var errHidden = errors.New("the listing of users does not show everybody who is there")

const hiddenTodo = "ask eTelecom why the listing does not show them. If only these people are concerned, take them out of the employee file and delete their lines " +
	"from the result; or add --trust-listing, which goes on for one run, one create at a time"

// hidden stops the run because of people who were met.
func hidden(people int) *Stop {
	return &Stop{
		Kind: ListingDoubted, Todo: hiddenTodo,
		Cause: fmt.Errorf("%w: %d creates were answered with \"exists already\" about people whom it does not show. Each may have overwritten a password; no more is sent", errHidden, people),
	}
}

// doubt decides, before the first create, whether the listing can be believed. Only a run that would create depends on it.
func (j *job) doubt() error {
	if j.plan.Counts().Create == 0 || j.opts.Blind {
		return nil
	}
	if !j.opts.TrustListing && (j.met >= maxHidden || j.met > 0 && !j.shownBefore) {
		return hidden(j.met)
	}
	if s := j.seen; !j.opts.TrustListing && s.masks.Many(s.users) {
		return &Stop{
			Kind: ListingDoubted,
			Cause: fmt.Errorf("%w: it masks the phones of %d of %d people, such as %s: who is there already cannot be told", errHidden,
				s.masks.People, s.users, s.masks.Example),
			Todo: "use a key that may see phones, or ask eTelecom for the right; or add --trust-listing, which goes on for one run, one create at a time",
		}
	}
	return nil
}

// learn takes from a complete observation what later decisions need: who was met before and is still not shown, and whether
// the listing shows anybody whom this job has made.
func (j *job) learn(s *tenant.Snapshot) {
	j.met, j.refused, j.shownBefore = 0, 0, false
	gone, done := 0, 0
	for e := range j.ledger.Entries() {
		if code, _ := e.Reason(); e.Exists && s.User(e.Phone) == 0 {
			switch code {
			case reason.AlreadyExists:
				j.met++
			case reason.Precondition:
				j.refused++
			}
		}
		if e.UserID == 0 {
			continue
		}
		if done++; j.ids.isListed(apiclient.ID(e.UserID)) {
			j.shownBefore = true
		} else {
			gone++
		}
	}
	switch {
	case j.plan != nil || s.UserCount == 0 && s.ExtensionsInUse == 0:
	case s.UserCount == 0:
		j.warn("the listing of users is empty, and extensions have users: people who are there may be hidden. One create goes at a time at first")
	case gone >= minGone && gone*5 > done:
		j.warn(fmt.Sprintf("%d of %d people whom this job has brought in are not in the listing any more", gone, done))
	}
}

// minGone is how many people must be gone before that is worth a word: some leave every month.
const minGone = 3

// meet notes a create that was answered with "exists already" about somebody whom the listing does not show.
func (j *job) meet() {
	if j.opts.Blind {
		return
	}
	j.ramp.restart()
	j.mu.Lock()
	defer j.mu.Unlock()
	j.met++
	j.metNow++
	seen := j.shownBefore || j.madeNew
	if j.metNow >= maxHidden || !j.opts.TrustListing && (j.met >= maxHidden || !seen) {
		j.stop(hidden(j.met))
	}
}

// replaced notes a create whose user was on the platform before, and has this row's password now. That is ordinary: users
// belong to the platform, and staff of a sister company or people who come back are there. But it cannot be undone, so
// somebody is to agree before there are many.
func (j *job) replaced() {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.replacedNow++
}

// tooManyReplaced reports whether somebody has to agree before more passwords are replaced.
func (j *job) tooManyReplaced() bool {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.replacedNow > j.maxReplaced
}

// agreeReplaced asks whether to go on. A yes holds for the rest of the run.
func (j *job) agreeReplaced() error {
	if j.hooks.AgreedReplaced != nil && j.hooks.AgreedReplaced(j.replacedNow) {
		j.maxReplaced = len(j.roster.Rows)
		return nil
	}
	return &Stop{
		Kind:  TooManyReplaced,
		Cause: fmt.Errorf("%d people whom this run has created were on the platform before, and have the password of the employee file now (--max-replaced)", j.replacedNow),
		Todo:  "tell these people. If more of them are to be expected, run the same command again, with --max-replaced 100% to do it in one go",
	}
}

// noteLate records those of whom it has turned out later that they were on the platform before.
func (j *job) noteLate() {
	now, _ := j.client.ServerTime()
	for _, e := range j.ages.takeLate() {
		j.ledger.Replaced(e, now)
		j.replaced()
	}
}
