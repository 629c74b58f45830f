package importer

import (
	"testing"
	"testing/synctest"
	"time"

	"etelecom-import/importer/tenant"
)

func TestHowOldAListingMayBe(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &freshness{ids: newIDs()}
		if f.tooOld() {
			t.Error("there is no listing that could be too old")
		}
		f.observed(&tenant.Snapshot{UsersKnown: true, Readings: []tenant.Reading{{Begun: time.Now(), Took: time.Second}}})
		if time.Sleep(defaultFresh); f.tooOld() {
			t.Error("it is not too old yet")
		}
		if time.Sleep(time.Millisecond); !f.tooOld() {
			t.Error("it is too old")
		}
		// A listing that takes long to read is read again less often.
		f.observed(&tenant.Snapshot{UsersKnown: true, Readings: []tenant.Reading{{Begun: time.Now(), Took: time.Hour}}})
		if f.limit() != 3*time.Hour {
			t.Errorf("%v", f.limit())
		}
		// A reading that ended early does not tell how long all takes.
		f.add(tenant.Reading{Begun: time.Now()})
		if f.limit() != 3*time.Hour {
			t.Errorf("%v", f.limit())
		}
		if f.maxAge = 24 * time.Hour; f.limit() != 24*time.Hour {
			t.Errorf("%v", f.limit())
		}
	})
}

// A reading from the newest may stop at somebody of whom it is certain that everybody below was seen.
func TestWhereAReadingMayStop(t *testing.T) {
	began := time.Now()
	f := &freshness{settle: time.Minute}
	if f.known() != 0 {
		t.Error("nobody was read")
	}
	for i, r := range []tenant.Reading{{Newest: 1}, {Newest: 0}, {Newest: 3}, {Newest: 4}} {
		r.Begun = began.Add(time.Duration(i) * 40 * time.Second)
		f.add(r)
	}
	// The last reading began after 120 s: of those that began by 60 s, the second had nobody.
	if got := f.known(); got != 1 {
		t.Errorf("%v", got)
	}
	f.add(tenant.Reading{Newest: 5, Begun: began.Add(140 * time.Second)})
	if got := f.known(); got != 3 {
		t.Errorf("%v", got)
	}
}
