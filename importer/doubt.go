package importer

import (
	"errors"
	"fmt"
	"strings"

	"etelecom-import/apiclient"
	"etelecom-import/importer/phone"
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
	if t := j.tenant; !j.opts.TrustListing && t.masked.many(t.listed) {
		return &Stop{
			Kind: ListingDoubted,
			Cause: fmt.Errorf("%w: it masks the phones of %d of %d people, such as %s: who is there already cannot be told", errHidden,
				t.masked.people, t.listed, t.masked.example),
			Todo: "use a key that may see phones, or ask eTelecom for the right; or add --trust-listing, which goes on for one run, one create at a time",
		}
	}
	return nil
}

// learn takes from a complete observation what later decisions need: who was met before and is still not shown, and whether
// the listing shows anybody whom this job has made.
func (j *job) learn(t *Tenant) {
	j.met, j.refused, j.shownBefore = 0, 0, false
	gone, done := 0, 0
	for e := range j.ledger.Entries() {
		if code, _ := e.Reason(); e.Exists && t.User(e.Phone) == 0 {
			switch code {
			case codeAlreadyExists:
				j.met++
			case codePrecondition:
				j.refused++
			}
		}
		if e.UserID == 0 {
			continue
		}
		if done++; t.other(apiclient.ID(e.UserID)) {
			j.shownBefore = true
		} else {
			gone++
		}
	}
	switch {
	case j.plan != nil || t.listed == 0 && t.owners == 0:
	case t.listed == 0:
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

// masks are people whose phones the listing shows in part only.
type masks struct {
	people   int
	example  string
	patterns []string // of those that show enough digits to be compared
}

// minVisible is how many digits of a masked phone must be visible before a row can be compared with it.
const minVisible = 4

// starRunes hide a digit, or several: one of them is a mask. Of maskRunes, which occur elsewhere too, it takes two.
const (
	starRunes = "*•●∗"
	maskRunes = "xX#_?"
)

// add takes in a listed phone that is no number, if it is a masked one. People without a phone, or with a foreign one, are
// ordinary.
func (m *masks) add(text string) {
	pattern := make([]byte, 0, len(text))
	hidden, visible := 0, 0
	for _, r := range text {
		switch {
		case r >= '0' && r <= '9':
			pattern = append(pattern, byte(r))
			visible++
		case strings.ContainsRune(starRunes, r):
			pattern = append(pattern, '*')
			hidden += 2
		case strings.ContainsRune(maskRunes, r):
			pattern = append(pattern, '*')
			hidden++
		case strings.ContainsRune(" .-()+", r):
		default:
			return
		}
	}
	if hidden < 2 {
		return
	}
	if m.people++; m.example == "" {
		m.example = text
	}
	if visible >= minVisible {
		m.patterns = append(m.patterns, string(pattern))
	}
}

// many reports whether so many phones are masked that nobody can tell who is there.
func (m *masks) many(listed int) bool { return m.people >= 3 && m.people*20 > listed }

// fits returns the masked phone that the number may be behind; "" if there is none.
func (m *masks) fits(p phone.Number) string {
	for _, pattern := range m.patterns {
		if fitsMask(pattern, p.String()) || fitsMask(pattern, "84"+p.String()[1:]) {
			return pattern
		}
	}
	return ""
}

// fitsMask compares digit by digit where a mask has the number's length, and else what stands before and after the mask.
func fitsMask(pattern, number string) bool {
	if len(pattern) == len(number) {
		for i := range len(number) {
			if pattern[i] != '*' && pattern[i] != number[i] {
				return false
			}
		}
		return true
	}
	first, last := strings.IndexByte(pattern, '*'), strings.LastIndexByte(pattern, '*')
	return strings.HasPrefix(number, pattern[:first]) && strings.HasSuffix(number, pattern[last+1:]) && len(pattern)-(last-first+1) < len(number)
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
