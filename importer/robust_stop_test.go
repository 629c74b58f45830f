package importer_test

import (
	"context"
	"net/http"
	"sync/atomic"
	"testing"
	"time"

	"etelecom-import/apiclient/sandbox"
	"etelecom-import/importer"
)

// More rows in trouble than may be, while others wait for the turn in an outage: a look shows that they were created.
func TestTooManyErrorsLooksFirst(t *testing.T) {
	in(t, 40, sandbox.Config{Latency: 10 * time.Millisecond}, func(b *bench) {
		b.options.Workers = 8
		b.maxErrors("20%")
		b.faults("500-after@create=#1-12")
		s, err := b.run(context.Background())
		b.done(40, s, err)
	})
}

// A panic in a row that outlasts the time box is what the run ends with.
func TestBugOutweighsTimeBox(t *testing.T) {
	in(t, 20, sandbox.Config{Latency: 2200 * time.Millisecond}, func(b *bench) {
		box := 8 * time.Second
		b.options.MaxDuration = box
		began := time.Now()
		b.between().after = func(call string, _ *http.Response) {
			if call == "CreateAccountUser" && time.Since(began) > box {
				panic("a bug")
			}
		}
		s, err := b.run(context.Background())
		b.stopped(importer.Bug, s, err)
	})
}

// Creates that are answered with nothing that the API promises are not sent on and on.
func TestAnswersThatMeanNothingAreAnOutage(t *testing.T) {
	for _, fault := range []string{"error-200@create", "html-200@create"} {
		in(t, 300, sandbox.Config{Latency: 10 * time.Millisecond}, func(b *bench) {
			b.options.Workers = 8
			b.maxErrors("20%")
			b.faults(fault)
			s, err := b.run(context.Background())
			b.stopped(importer.Unavailable, s, err)
			if writes := b.tenant.Totals().Writes; writes > 24 {
				t.Errorf("%s: %d creates were sent", fault, writes)
			}
		})
	}
}

func TestWarnsOnce(t *testing.T) {
	in(t, 3, sandbox.Config{Latency: 10 * time.Millisecond}, func(b *bench) {
		w := b.between()
		w.instead = denied("GetExtensions")
		b.faults("cut-after@create=#1-3")
		s, err := b.run(context.Background())
		b.done(3, s, err)
		looks := 0
		for _, call := range w.calls {
			if call == "GetExtensions" {
				looks++
			}
		}
		if len(b.warned) != 1 || looks < 2 {
			t.Errorf("warned in %d looks: %q", looks, b.warned)
		}
	})
}

func TestNoWorkersStillWorks(t *testing.T) {
	in(t, 3, sandbox.Config{Users: 500}, func(b *bench) {
		b.options.Workers = 0
		s, err := b.run(context.Background())
		b.done(3, s, err)
	})
}

// A panic while several phones are looked up ends the run, not the process, and is not quoted.
func TestPanicInLookUp(t *testing.T) {
	in(t, 2, sandbox.Config{Users: 500}, func(b *bench) {
		var listed atomic.Int32
		w := b.between()
		w.after = func(call string, _ *http.Response) {
			if call == "GetAccountUsers" && listed.Add(1) == 5 {
				panic("pässwörd-0-x")
			}
		}
		s, err := b.run(context.Background())
		b.stopped(importer.Bug, s, err)
		if b.tenant.Totals().Writes != 0 {
			t.Error("something was sent")
		}
		w.after = nil
		b.finish(2)
	})
}
