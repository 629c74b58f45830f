package importer_test

import (
	"context"
	"net/http"
	"sync/atomic"
	"testing"
	"time"

	"etelecom-import/apiclient"
	"etelecom-import/apiclient/sandbox"
	"etelecom-import/importer/ledger"
	"etelecom-import/importer/phone"
)

// An intent is as old as its question: where fsync takes longer than the settle time, a lost create that was sent after
// it would count as settled at once.
func TestSlowFsyncIsNoYoungIntent(t *testing.T) {
	in(t, 1, sandbox.Config{LateBy: 90 * time.Second, Latency: 10 * time.Millisecond}, func(b *harness) {
		fs := &slowIntent{takes: 10 * time.Minute}
		b.fs = fs
		b.faults("late@create=#1")
		s, err := b.run(context.Background())
		time.Sleep(5 * time.Minute) // all that is late is there
		b.done(1, s, err)
		if fs.slow.Load() != 1 {
			t.Error("no intent was slow")
		}
	})
}

// One server whose clock is ahead answers among the others: a lost create settles no sooner for that.
func TestJumpingDateSettlesNothing(t *testing.T) {
	in(t, 1, sandbox.Config{LateBy: 90 * time.Second, Latency: 10 * time.Millisecond}, func(b *harness) {
		w := b.between()
		var created atomic.Bool
		w.instead = func(call, _ string) *http.Response {
			created.Store(created.Load() || call == "CreateAccountUser")
			return nil
		}
		w.after = func(_ string, r *http.Response) {
			if created.Load() {
				r.Header.Set("Date", time.Now().Add(10*time.Minute).UTC().Format(http.TimeFormat))
			}
		}
		b.faults("late@create=#1")
		s, err := b.run(context.Background())
		time.Sleep(5 * time.Minute) // all that is late is there
		b.done(1, s, err)
	})
}

// An intent that lies ahead, because the tenant's clock was wrong, settles as if it were made now.
func TestIntentFromTheFuture(t *testing.T) {
	in(t, 1, sandbox.Config{Latency: 10 * time.Millisecond, Skew: 365 * 24 * time.Hour}, func(b *harness) {
		b.faults("cut-before@create=#1")
		b.options.Rounds = 0
		if s, err := b.run(context.Background()); err != nil || s.Status.Unknown != 1 {
			t.Fatalf("%v, %+v", err, s)
		}
		b.options.Rounds = 3
		b.tenant.SetSkew(0)
		ctx, cancel := context.WithTimeout(context.Background(), 24*time.Hour)
		defer cancel()
		began := time.Now()
		s, err := b.run(ctx)
		b.done(1, s, err)
		if took := time.Since(began); took < b.options.Settle || took > 2*b.options.Settle {
			t.Errorf("it took %v", took)
		}
	})
}

// TestWaitsForEverybody: rows that wait for the settle time are not forgotten over others that have work to do meanwhile.
func TestWaitsForEverybody(t *testing.T) {
	in(t, 8, sandbox.Config{Latency: 3 * time.Second}, func(b *harness) {
		b.options.Workers = 1 // so that they settle one after the other
		if err := b.tenant.SetFaults(sandbox.MustParseRules("500-before@create=#1", "cut-before@create=#3", "updated-0@assign=#4")...); err != nil {
			t.Fatal(err)
		}
		if s := b.must(); s.Status.Done != 8 {
			t.Errorf("%+v", s.Status)
		}
		b.finish(8)
	})
}

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
		"a machine that was started again":        {first: slow, reboot: true},
	} {
		in(t, 3, sandbox.Config{LateBy: 15 * time.Second, Latency: 10 * time.Millisecond}, func(b *harness) {
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
		"after an hour, started again":  {"another", time.Hour, 2 * time.Minute},
		"after an hour, and not told":   {"", time.Hour, 2 * time.Minute},
		"after a minute, started again": {"another", time.Minute, 2 * time.Minute},
		"the clock was set back by day": {"a boot", -24 * time.Hour, 2 * time.Minute},
	} {
		in(t, 1, sandbox.Config{Latency: 10 * time.Millisecond}, func(b *harness) {
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
	in(t, 1, sandbox.Config{LateBy: 2*time.Minute - 500*time.Millisecond, Latency: 10 * time.Millisecond}, func(b *harness) {
		b.fs = &slowIntent{takes: apiclient.IntentTTL - 100*time.Millisecond}
		b.faults("late@create=#1")
		s, err := b.run(context.Background())
		time.Sleep(5 * time.Minute) // all that is late is there
		b.done(1, s, err)
	})
}

// An intent names the latest moment at which its create can be sent, by both clocks, however long it takes to make the
// intent durable.
func TestIntentIsNoOlderThanItsCreate(t *testing.T) {
	in(t, 1, sandbox.Config{Latency: 10 * time.Millisecond}, func(b *harness) {
		b.fs = &slowIntent{takes: 4 * time.Second} // a create is still sent after that
		var sent time.Time
		b.between().instead = func(call, _ string) *http.Response {
			if call != "CreateAccountUser" {
				return nil
			}
			sent = time.Now()
			return problem(http.StatusInternalServerError, "internal")
		}
		b.options.Rounds = 0
		if s, err := b.run(context.Background()); err != nil || s.Status.Unknown != 1 || sent.IsZero() {
			t.Fatalf("%v, %+v", err, s)
		}
		l, err := ledger.Read(ledger.OS{}, b.result)
		if err != nil {
			t.Fatal(err)
		}
		for _, i := range l.GetOrAdd(phone.Normalize(phoneOf(0))).Intents() {
			if up := time.Duration(i.Up) * time.Millisecond; i.Boot != b.boot || up < sent.Sub(b.booted) || up > sent.Sub(b.booted)+5*time.Second {
				t.Errorf("sent %v after the boot, and the intent says %v", sent.Sub(b.booted), up)
			}
			if i.At < sent.Unix() || i.At > sent.Unix()+10 {
				t.Errorf("sent at %v, and the intent says %v", sent, time.Unix(i.At, 0))
			}
		}
	})
}
