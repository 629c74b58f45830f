package importer

import (
	"sync"

	"etelecom-import/apiclient"
	"etelecom-import/apiclient/message"
	"etelecom-import/importer/hint"
	"etelecom-import/importer/ledger"
	"etelecom-import/importer/reason"
	"etelecom-import/importer/tenant"
)

// hiddenPeople judges whether the listing of users shows everybody. A complete listing that hides somebody lets a create overwrite
// their password. The evidence is a create that is answered with "already in this shop" about somebody whom the listing does
// not show. The ledger keeps it on the person's entry, so that every later run knows it.
type hiddenPeople struct {
	trust bool // --trust-listing
	blind bool // --blind: the listing does not count
	end   *killSwitch
	ramp  *ramp

	mu          sync.Mutex
	met         int            // people whom the listing does not show and who are there, over all runs
	metNow      int            // of them, in this run
	refused     int            // people who are not listed, and whose creates were refused for another reason before the last observation
	shownBefore bool           // the listing shows somebody whom an earlier run has created
	created     bool           // this run has created a new user
	alike       map[string]int // creates of this run that were refused after they may have set a password, by the tenant's words
}

const (
	// maxHidden is how many such people may be met, over all runs, before a person has to look.
	maxHidden = 3
	// maxAlike is how many creates may be refused in the same words after they may have set a password.
	maxAlike = 5
	// minGone is how many people must be missing before a run warns: some leave every month.
	minGone = 3
)

func newHiddenPeople(o *Options, k *killSwitch, r *ramp) *hiddenPeople {
	return &hiddenPeople{trust: o.TrustListing, blind: o.Blind, end: k, ramp: r, alike: map[string]int{}}
}

// learn takes from a complete observation what later decisions need: who was met before and is still not shown, and whether
// the listing shows anybody whom this job has created. It returns what a person should know; "" if nothing.
func (h *hiddenPeople) learn(l *ledger.Ledger, s *tenant.Snapshot, ids *ids) (warning string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.met, h.refused, h.shownBefore = 0, 0, false
	gone, created := 0, 0
	for e := range l.Entries() {
		if code, _ := e.Reason(); e.Exists && s.User(e.Phone) == 0 {
			switch code {
			case reason.AlreadyExists:
				h.met++
			case reason.Precondition:
				h.refused++
			}
		}
		if e.UserID == 0 {
			continue
		}
		if created++; ids.isListed(apiclient.ID(e.UserID)) {
			h.shownBefore = true
		} else {
			gone++
		}
	}
	switch {
	case s.UserCount == 0 && s.ExtensionsInUse == 0: // a new company
		return ""
	case s.UserCount == 0:
		return message.T("the listing of users is empty although extensions have users: it may not show everybody. At first, only one user is created at a time")
	case gone >= minGone && gone*5 > created:
		return message.Sprintf("%d of %d people whom this job has created or found are not in the listing any more", gone, created)
	}
	return ""
}

// check decides, before the first create of a run, whether the listing can be believed.
func (h *hiddenPeople) check(s seen) error {
	if h.blind || h.trust {
		return nil
	}
	if h.met >= maxHidden || h.met > 0 && !h.shownBefore {
		return stopHidden(h.met)
	}
	if s.masks.Many(s.users) {
		return &Stop{
			Kind: ListingDoubted,
			Cause: hint.With(message.Errorf("%w: it masks the phones of %d of %d people, such as %s. Nobody can tell who is there already", errHidden,
				s.masks.People, s.users, s.masks.Example),
				"use a key that may see phones, or ask eTelecom for the right. Or run once with --trust-listing, which sends one create at a time"),
		}
	}
	return nil
}

// createdNew notes that this run has created a new user. Then somebody speaks for the listing, and one person whom it hides
// does not stop the run yet.
func (h *hiddenPeople) createdNew() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.created = true
}

// meet notes a create that was answered with "exists already" about somebody whom the listing does not show.
func (h *hiddenPeople) meet() {
	if h.blind {
		return
	}
	h.ramp.restart()
	h.mu.Lock()
	defer h.mu.Unlock()
	h.met++
	h.metNow++
	// If the listing shows nobody whom this job created, and no create of this run has worked, even the first such answer
	// shows that the listing is wrong.
	proven := !h.shownBefore && !h.created
	unreliable := h.met >= maxHidden || proven
	if h.metNow >= maxHidden || unreliable && !h.trust {
		h.end.pull(stopHidden(h.met))
	}
}

// countAlike counts a create that was refused after it may have set a password. Too many refusals in the same words stop the
// run, because the cause is not in the rows. If earlier runs have left too many already, the first one stops this run: nobody
// has removed the cause. After each refusal, creates are sent one at a time again, because the listing may hide this person.
func (h *hiddenPeople) countAlike(msg string) {
	h.ramp.restart()
	h.mu.Lock()
	defer h.mu.Unlock()
	h.alike[msg]++
	switch {
	case h.refused > maxAlike && !h.trust:
		h.end.pull(stopAlike(message.Errorf("the tenant still refuses creates: %q (in the result already: %d such rows)", msg, h.refused)))
	case h.alike[msg] == maxAlike+1:
		h.end.pull(stopAlike(message.Errorf("the tenant has refused %d creates in the same words: %q", maxAlike+1, msg)))
	}
}

// errHidden says that the listing does not show everybody.
var errHidden = message.New("the listing of users does not show everybody who is there")

const hiddenHint message.Text = "ask eTelecom why the listing does not show them. If it hides nobody else, remove these people from the employee file and delete their lines " +
	"from the result. Or run once with --trust-listing, which sends one create at a time"

// stopHidden ends a run because of people who were met.
func stopHidden(people int) *Stop {
	return &Stop{
		Kind: ListingDoubted,
		Cause: hint.With(message.Errorf("%w: %d creates were answered with \"exists already\" about people whom it does not show. "+
			"Each may have overwritten a password; no more is sent", errHidden, people), hiddenHint.String()),
	}
}

// stopAlike ends a run because of refusals that may have set a password each.
func stopAlike(why error) *Stop {
	return &Stop{Kind: TooManyErrors, Cause: hint.With(why, "ask eTelecom what is missing, and check which of these people have a user there. "+
		"Delete the result lines of those who have none, and run the same command again")}
}
