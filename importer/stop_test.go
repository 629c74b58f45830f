package importer_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"etelecom-import/apiclient"
	"etelecom-import/apiclient/sandbox"
	"etelecom-import/importer"
	"etelecom-import/importer/programtest"
)

// More rows in trouble than may be, while others wait for the turn in an outage: a look shows that they were created.
func TestTooManyErrorsLooksFirst(t *testing.T) {
	in(t, 40, sandbox.Config{Latency: 10 * time.Millisecond}, func(b *harness) {
		b.options.Workers = 8
		b.maxErrors("20%")
		b.faults("500-after@create=#1-12")
		s, err := b.run(context.Background())
		b.done(40, s, err)
	})
}

// A panic in a row that outlasts the time limit is what the run ends with.
func TestBugOutweighsTimeLimit(t *testing.T) {
	in(t, 20, sandbox.Config{Latency: 2200 * time.Millisecond}, func(b *harness) {
		limit := 8 * time.Second
		b.options.MaxDuration = limit
		began := time.Now()
		b.between().after = func(call string, _ *http.Response) {
			if call == "CreateAccountUser" && time.Since(began) > limit {
				panic("a bug")
			}
		}
		s, err := b.run(context.Background())
		b.stopped(importer.Bug, s, err)
	})
}

// A panic while several phones are looked up ends the run, not the process, and is not quoted.
func TestPanicInLookUp(t *testing.T) {
	in(t, 2, sandbox.Config{Users: 500}, func(b *harness) {
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

// TestKeyRevoked: no new rows at once, what is in flight finishes; a run with a new key of the same account continues.
func TestKeyRevoked(t *testing.T) {
	t.Parallel()
	const rows, workers = 30, 4
	b := newHarness(t, rows, sandbox.Config{Latency: 5 * time.Millisecond, RevokeAfter: 25})
	defer b.tenant.Close()
	defer b.serve()()
	s, err := b.run(context.Background())
	b.stopped(importer.Refused, s, err)
	if !errors.Is(err, apiclient.ErrKey) || s.Status.Unknown != 0 || s.Status.Failed != 0 || s.Status.Done == 0 || s.Status.Pending == 0 {
		t.Errorf("%v, %+v", err, s.Status)
	}
	if refused := b.tenant.Totals().Calls; refused["create"]["401"]+refused["assign"]["401"] > workers {
		t.Errorf("calls with the revoked key: %v", refused)
	}
	b.tenant.SetKey("another-key-of-this-account")
	b.finish(rows)
}

// TestStopsInOrder: a time limit and an interruption end the starting of rows; what is in flight finishes.
func TestStopsInOrder(t *testing.T) {
	t.Parallel()
	const rows = 30
	for _, limited := range []bool{true, false} {
		t.Run(fmt.Sprint("time limit ", limited), func(t *testing.T) {
			b := newHarness(t, rows, sandbox.Config{Latency: 20 * time.Millisecond})
			defer b.tenant.Close()
			defer b.serve()()
			ctx, interrupt := context.WithCancelCause(context.Background())
			defer interrupt(nil)
			kind := importer.Interrupted
			var watching sync.WaitGroup
			if limited {
				b.options.MaxDuration, kind = 150*time.Millisecond, importer.TimeLimit
			} else {
				watching.Go(func() {
					programtest.Until(b.t, "some creates have come", func() bool { return b.tenant.Totals().Creates >= 3 })
					interrupt(&importer.Stop{Kind: importer.Interrupted, Cause: errors.New("a signal")})
				})
			}
			s, err := b.run(ctx)
			watching.Wait()
			b.stopped(kind, s, err)
			if s.Status.Unknown != 0 || s.Status.Failed != 0 || s.Status.Pending == 0 {
				t.Errorf("%+v", s.Status)
			}
			b.options.MaxDuration = 0
			b.finish(rows)
		})
	}
}
