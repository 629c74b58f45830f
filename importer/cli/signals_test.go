package cli

import (
	"maps"
	"os"
	"slices"
	"syscall"
	"testing"
	"testing/synctest"
	"time"
)

// The first signal lets the run end, a second one ends it at once, and so does the end of the time that the system gives.
func TestHandleSignals(t *testing.T) {
	const closing = 4 * time.Second
	limited := func(s os.Signal) time.Duration {
		if s == syscall.SIGTERM {
			return closing
		}
		return 0
	}
	type at map[time.Duration]os.Signal
	for name, test := range map[string]struct {
		signals at
		ends    time.Duration // when the run has ended by itself
		exits   []time.Duration
	}{
		"one":                      {at{0: os.Interrupt}, time.Minute, nil},
		"its echo":                 {at{0: os.Interrupt, 100 * time.Millisecond: os.Interrupt}, time.Minute, nil},
		"a second":                 {at{0: os.Interrupt, time.Second: os.Interrupt}, time.Minute, []time.Duration{time.Second}},
		"a window closed":          {at{0: syscall.SIGTERM}, time.Minute, []time.Duration{closing}},
		"a window closed, in time": {at{0: syscall.SIGTERM}, 3 * time.Second, nil},
		"Ctrl-C, then the window":  {at{0: os.Interrupt, time.Second: syscall.SIGTERM}, time.Minute, []time.Duration{time.Second, time.Second + closing}},
	} {
		synctest.Test(t, func(t *testing.T) {
			began := time.Now()
			signals, firsts := make(chan os.Signal, 2), 0
			var exits []time.Duration
			go handle(signals, limited, func(error) { firsts++ }, func(stop error) {
				if ExitCode(nil, stop) == 0 {
					t.Errorf("%s: exit code 0 for %v", name, stop)
				}
				exits = append(exits, time.Since(began))
			})
			for _, after := range slices.Sorted(maps.Keys(test.signals)) {
				time.Sleep(after - time.Since(began))
				signals <- test.signals[after]
			}
			time.Sleep(test.ends - time.Since(began))
			close(signals)
			synctest.Wait()
			if firsts != 1 || !slices.Equal(exits, test.exits) {
				t.Errorf("%s: %d times the first, exits at %v", name, firsts, exits)
			}
		})
	}
}
