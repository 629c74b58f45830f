package importer

import (
	"testing"

	"etelecom-import/importer/phone"
	"etelecom-import/importer/plan"
	"etelecom-import/importer/reason"
)

func TestTally(t *testing.T) {
	const known, fresh = phone.Number(901234561), phone.Number(901234562)
	var progress Progress
	tl := newTally(5, &progress)
	tl.previous[known] = "invalid_argument"
	tl.maxFailures = 1
	tl.set(0, succeeded)
	tl.fail(1, known, "invalid_argument") // as before: no news
	tl.fail(2, known, "not_updated")
	if tl.exceeded() || tl.of(1) != failedAgain || tl.of(2) != failed {
		t.Errorf("%v, %d failures", tl.outcomes, tl.failures)
	}
	tl.set(3, unknown)
	if !tl.exceeded() {
		t.Error("a failure and an unknown are more than one")
	}
	tl.set(3, succeeded) // it was found
	tl.fail(4, fresh, "invalid_argument")
	if !tl.exceeded() {
		t.Error("two failures are more than one")
	}
	if s := progress.Standing(); s.Done != 2 || s.Failed != 3 || s.Unknown != 0 {
		t.Errorf("%+v", s)
	}
	tl.set(2, notRun)
	if s := progress.Standing(); tl.exceeded() || s.Failed != 2 {
		t.Errorf("%+v, %d failures", s, tl.failures)
	}
}

func TestWhatIsNew(t *testing.T) {
	const p = phone.Number(901234561)
	tl := newTally(1, &Progress{})
	tl.previous[p] = reason.ExtensionExpired
	if tl.isNew(p, reason.ExtensionExpired) || !tl.isNew(p, reason.UserGone) || !tl.isNew(0, "") {
		t.Error("codes")
	}
	if tl.isNewWarning(p, plan.ExtensionExpired) || !tl.isNewWarning(p, plan.NoRole) || !tl.isNewWarning(0, plan.ExtensionExpired) {
		t.Error("warnings")
	}
}
