package importer

import (
	"context"
	"errors"
	"testing"

	"etelecom-import/importer/tenant"
)

// judging returns a judge of a listing, and what says how the run was stopped: 0 if it was not.
func judging(o Options) (h *hiddenPeople, stopped func() StopKind) {
	ctx, cancel := context.WithCancelCause(context.Background())
	h = newHiddenPeople(&o, &killSwitch{cancel: cancel}, newRamp(o.TrustListing))
	return h, func() StopKind {
		if stop := new(Stop); errors.As(context.Cause(ctx), &stop) {
			return stop.Kind
		}
		return 0
	}
}

// How many people may be met whom the listing hides depends on whether it has shown anybody of this job's.
func TestPeopleWhoAreMet(t *testing.T) {
	for _, test := range []struct {
		name        string
		o           Options
		metBefore   int
		shownBefore bool
		createdNew  bool
		meets       int // until the run is stopped; 0: it is not, by ten
	}{
		{name: "the first create of all", meets: 1},
		{name: "a create has worked", createdNew: true, meets: maxHidden},
		{name: "the listing has shown somebody", shownBefore: true, meets: maxHidden},
		{name: "earlier runs have met some", shownBefore: true, metBefore: maxHidden - 1, meets: 1},
		{name: "trusted", o: Options{TrustListing: true}, meets: maxHidden},
		{name: "trusted, and earlier runs have met many", o: Options{TrustListing: true}, metBefore: 10, meets: maxHidden},
		{name: "blind", o: Options{Blind: true}},
	} {
		h, stopped := judging(test.o)
		h.met, h.shownBefore = test.metBefore, test.shownBefore
		if test.createdNew {
			h.createdNew()
		}
		got := 0
		for i := range 10 {
			if h.meet(); stopped() != 0 {
				got = i + 1
				break
			}
		}
		if got != test.meets || got != 0 && stopped() != ListingDoubted {
			t.Errorf("%s: stopped after %d, want %d; kind %q", test.name, got, test.meets, stopped())
		}
	}
}

// Refusals in the same words stop the run; in different words they may be the rows' own.
func TestRefusalsInTheSameWords(t *testing.T) {
	h, stopped := judging(Options{})
	for range maxAlike {
		h.countAlike("no such role")
		h.countAlike("no such service")
	}
	if stopped() != 0 {
		t.Fatal("stopped too early")
	}
	if h.countAlike("no such role"); stopped() != TooManyErrors {
		t.Errorf("%q", stopped())
	}
	h, stopped = judging(Options{})
	h.refused = maxAlike + 1 // by earlier runs
	if h.countAlike("no such role"); stopped() != TooManyErrors {
		t.Errorf("nothing has been mended: %q", stopped())
	}
	h, stopped = judging(Options{TrustListing: true})
	h.refused = maxAlike + 1
	if h.countAlike("no such role"); stopped() != 0 {
		t.Errorf("trusted: %q", stopped())
	}
}

// Before the first create, what earlier runs have met decides.
func TestListingBeforeTheFirstCreate(t *testing.T) {
	masked := seen{users: 21, masks: tenant.Masks{People: 21, Example: "0901***567"}}
	for _, test := range []struct {
		name        string
		o           Options
		met         int
		shownBefore bool
		s           seen
		doubted     bool
	}{
		{name: "nothing is known"},
		{name: "one was met, and nobody shown", met: 1, doubted: true},
		{name: "one was met, and somebody shown", met: 1, shownBefore: true},
		{name: "many were met", met: maxHidden, shownBefore: true, doubted: true},
		{name: "many were met, and it is trusted", o: Options{TrustListing: true}, met: maxHidden},
		{name: "phones are masked", s: masked, doubted: true},
		{name: "phones are masked, and it is trusted", o: Options{TrustListing: true}, s: masked},
		{name: "there is no listing", o: Options{Blind: true}, met: maxHidden, s: masked},
	} {
		h, _ := judging(test.o)
		h.met, h.shownBefore = test.met, test.shownBefore
		if err := h.check(test.s); (err != nil) != test.doubted || err != nil && !errors.Is(err, errHidden) {
			t.Errorf("%s: %v", test.name, err)
		}
	}
}

// A yes to replaced passwords holds for the rest of the run; no answer is a no.
func TestReplacedPasswords(t *testing.T) {
	r := &replaced{max: 1}
	r.add()
	if r.exceeded() {
		t.Error("one of one")
	}
	r.add()
	if stop := new(Stop); !r.exceeded() || !errors.As(r.confirm(nil, 100), &stop) || stop.Kind != TooManyReplaced {
		t.Errorf("two of one: %+v", r)
	}
	if err := r.confirm(func(people int) bool { return people == 2 }, 100); err != nil || r.exceeded() {
		t.Errorf("%v, %+v", err, r)
	}
}
