package importer_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"etelecom-import/apiclient"
	"etelecom-import/apiclient/sandbox"
)

// The server's clock moves between two runs, or is told wrongly or not at all. A create whose answer was lost takes effect
// well within the settle time all the same, and is not sent again before.
func TestClocksThatMove(t *testing.T) {
	const slow, fast = -10 * time.Minute, 10 * time.Minute
	noDate := func(_ string, r *http.Response) { r.Header.Del("Date") }
	years := func(_ string, r *http.Response) {
		r.Header.Set("Date", time.Now().AddDate(10, 0, 0).UTC().Format(http.TimeFormat))
	}
	page := func(call string, r *http.Response) {
		if call == "CurrentShop" {
			setBody(r, "<html>")
		}
	}
	for name, test := range map[string]struct {
		first, second       time.Duration // how far the server's clock is ahead
		firstSees, thenSees func(call string, r *http.Response)
		reboot              bool
	}{
		"slow, then right":                        {first: slow},
		"right, then fast":                        {second: fast},
		"slow throughout, and a page comes first": {first: slow, second: slow, firstSees: page, thenSees: page},
		"a Date at first, and none later":         {first: slow, thenSees: noDate},
		"no Date at first":                        {firstSees: noDate, second: fast},
		"a Date that is years off":                {firstSees: years},
		"years off later":                         {thenSees: years},
		"a machine that was started anew":         {first: slow, reboot: true},
	} {
		in(t, 3, sandbox.Config{LateBy: 15 * time.Second, Latency: 10 * time.Millisecond}, func(b *bench) {
			w := b.between()
			w.after = test.firstSees
			b.tenant.SetSkew(test.first)
			b.faults("late@create")
			b.options.Rounds = 0
			if s := b.must(); s.Status.Unknown != 3 {
				t.Fatalf("%s: %+v", name, s)
			}
			b.faults()
			b.options.Rounds = 3
			if test.reboot {
				b.boot, b.booted = "another boot", time.Now()
			}
			w.after = test.thenSees
			b.tenant.SetSkew(test.second)
			began := time.Now()
			s, err := b.run(context.Background())
			b.done(3, s, err)
			if took := time.Since(began); took > b.options.Settle+10*time.Second {
				t.Errorf("%s: it took %v", name, took)
			}
		})
	}
}

// How old an open create is, a later run of the same boot knows: it waits no longer than it has to. Another boot, or a system
// that does not tell, costs one settle time.
func TestWaitOfALaterRun(t *testing.T) {
	for name, test := range map[string]struct {
		boot string
		gap  time.Duration
		wait time.Duration // at least, and less than 10 s more
	}{
		"at once":                       {"a boot", 0, 2 * time.Minute},
		"after a minute":                {"a boot", time.Minute, time.Minute},
		"after an hour":                 {"a boot", time.Hour, 0},
		"after an hour, started anew":   {"another", time.Hour, 2 * time.Minute},
		"after an hour, and not told":   {"", time.Hour, 2 * time.Minute},
		"after a minute, started anew":  {"another", time.Minute, 2 * time.Minute},
		"the clock was set back by day": {"a boot", -24 * time.Hour, 2 * time.Minute},
	} {
		in(t, 1, sandbox.Config{Latency: 10 * time.Millisecond}, func(b *bench) {
			b.booted = time.Now().Add(-48 * time.Hour)
			b.faults("cut-before@create")
			b.options.Rounds = 0
			b.must()
			b.faults()
			b.options.Rounds = 3
			if b.boot = test.boot; b.boot == "" {
				b.boot = "-"
			}
			if test.gap > 0 {
				time.Sleep(test.gap)
			} else {
				b.booted = b.booted.Add(-test.gap)
			}
			began := time.Now()
			s, err := b.run(context.Background())
			b.done(1, s, err)
			if took := time.Since(began); took < test.wait || took > test.wait+10*time.Second {
				t.Errorf("%s: it took %v, want %v", name, took, test.wait)
			}
		})
	}
}

// An intent can be sent until five seconds after it was taken. The settle time counts from then.
func TestSettleCountsFromTheLatestSending(t *testing.T) {
	in(t, 1, sandbox.Config{LateBy: 2*time.Minute - 500*time.Millisecond, Latency: 10 * time.Millisecond}, func(b *bench) {
		b.fs = &slowIntent{takes: apiclient.IntentTTL - 100*time.Millisecond}
		b.faults("late@create=#1")
		s, err := b.run(context.Background())
		time.Sleep(5 * time.Minute) // all that is late is there
		b.done(1, s, err)
	})
}

// The look before a create is sent again finds somebody whom the listing did not show yet: theirs is the id, and nothing is sent.
func TestFoundBeforeTheSecondCreate(t *testing.T) {
	in(t, 1, sandbox.Config{Latency: 10 * time.Millisecond}, func(b *bench) {
		b.faults("cut-before@create=#1")
		w := b.between()
		w.instead = func(call, body string) *http.Response {
			if call == "GetAccountUsers" && strings.Contains(body, `"filter":{"phone"`) {
				b.members(phoneOf(0))
			}
			return nil
		}
		s, err := b.run(context.Background())
		if err != nil || s.Status.Done != 1 || b.tenant.Totals().Creates != 0 {
			t.Errorf("%v, %+v, %+v", err, s, b.tenant.Totals())
		}
		if p, _ := b.tenant.Person(phoneOf(0)); b.lines()[phoneOf(0)].UserID != fmt.Sprint(p.ID) {
			t.Errorf("%+v", b.lines())
		}
	})
}
