package transport

import (
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"etelecom-import/apiclient/wiretest"
)

// If the server closes idle connections, at most one write is lost, whatever the gap between the writes. The transport learns
// from that one.
func TestIdleLimitIsLearnt(t *testing.T) {
	for _, idle := range []time.Duration{100 * time.Millisecond, 300 * time.Millisecond, time.Second} {
		for _, gap := range []time.Duration{110, 118, 125, 130, 319, 990, 1010, 1018} {
			synctest.Test(t, func(t *testing.T) {
				c, _ := far(t, 10*time.Millisecond, &http.Server{Handler: http.HandlerFunc(wiretest.Create), IdleTimeout: idle})
				lost := 0
				tick := time.NewTicker(gap * time.Millisecond)
				defer tick.Stop()
				for range 60 {
					<-tick.C
					if _, err := c.write(t); IsUnsent(err) {
						t.Error(err)
					} else if err != nil {
						lost++
					}
				}
				if lost > 1 {
					t.Errorf("idle timeout %v, a create each %v ms: %d lost", idle, int(gap), lost)
				}
			})
		}
	}
}

// The rules of the limit, without a network.
func TestIdleLimit(t *testing.T) {
	const ms = time.Millisecond
	var l idleLimit
	expect := func(when string, want time.Duration) {
		t.Helper()
		if got := l.of(true); got != want {
			t.Errorf("%s: %v, want %v", when, got, want)
		}
	}
	expect("at first", 500*ms)
	l.died(15 * time.Second)
	expect("after a death that 500 ms would have avoided", 500*ms)
	l.died(10 * ms)
	expect("after the death of one that was hardly idle", 500*ms)
	l.died(300 * ms)
	expect("after a death at 300 ms", 150*ms)
	l.died(400 * ms)
	expect("after a death at 400 ms", 150*ms)
	l.died(60 * ms)
	expect("at the floor", 50*ms)
	for range goodReuses - 1 {
		l.survived()
	}
	expect("after 99 good reuses", 50*ms)
	l.survived()
	expect("after 100 good reuses", 100*ms)
	for range 10 * goodReuses {
		l.survived()
	}
	expect("after many good reuses", 500*ms)
}

// A write takes no connection that was idle for longer than 500 ms, or for half of what the server promises. A read does.
func TestWriteWantsAYoungConnection(t *testing.T) {
	for _, c := range []struct {
		promise     string
		pause       time.Duration
		connections int64 // after three creates, with a pause before the second, and a read before the third
	}{
		{"", 400 * time.Millisecond, 1},
		{"", 600 * time.Millisecond, 2},
		{"timeout=5, max=100", 400 * time.Millisecond, 1},
		{"timeout=1", 600 * time.Millisecond, 3}, // a promise is for reads, too
		{"timeout=0", time.Millisecond, 4},
		{"max=7", 400 * time.Millisecond, 1},
	} {
		synctest.Test(t, func(t *testing.T) {
			caller, opened := far(t, time.Millisecond, &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if c.promise != "" {
					w.Header().Set("Keep-Alive", c.promise)
				}
				wiretest.Create(w, r)
			})})
			add := func() {
				if _, err := caller.write(t); err != nil {
					t.Errorf("%+v: %v", c, err)
				}
			}
			add()
			time.Sleep(c.pause)
			add()
			time.Sleep(c.pause)
			if _, err := caller.read(t); err != nil {
				t.Errorf("%+v: %v", c, err)
			}
			add()
			if opened.Load() != c.connections {
				t.Errorf("%+v: %d connections", c, opened.Load())
			}
		})
	}
}

// The header may have other parameters, and any case.
func TestKeepAliveHeader(t *testing.T) {
	for value, want := range map[string]time.Duration{
		"timeout=5": 5 * time.Second, "timeout=5, max=1000": 5 * time.Second, "max=1000, Timeout=72": 72 * time.Second, "timeout=0": 1,
		"": 0, "max=5": 0, "timeout=soon": 0, "timeout": 0, "timeout=-1": 0, "timeout=99999999999999999999": 0,
	} {
		if got := keepAlive(http.Header{"Keep-Alive": {value}}); got != want {
			t.Errorf("%q: %v, want %v", value, got, want)
		}
	}
}
