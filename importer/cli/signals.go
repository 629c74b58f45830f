package cli

import (
	"context"
	"os"
	"os/signal"
	"syscall"
	"time"

	"etelecom-import/apiclient/message"
	"etelecom-import/importer"
)

// SignalError is the signal that ended a run.
type SignalError struct{ os.Signal }

func (e SignalError) Error() string { return message.Sprintf("stopped by a signal (%s)", e.Signal) }

// signalDebounce is the time in which several signals count as one: timeout(1), for example, sends each signal twice.
const signalDebounce = 300 * time.Millisecond

// endingSignals end a run. At the last two the Go runtime would print stacks and exit with 2, which would say that nothing was sent.
var endingSignals = []os.Signal{os.Interrupt, syscall.SIGTERM, syscall.SIGHUP, syscall.SIGQUIT, syscall.SIGABRT}

// notifyContext returns a context that the first signal ends; then it calls first. The context's cause is an [importer.Stop] whose
// cause is a [SignalError]. A second signal calls exit with such an error, and so does a panic in here. restore ends all that. It
// leaves ignored the signals at which the runtime would print stacks.
func notifyContext(ctx context.Context, first func(), exit func(error)) (_ context.Context, restore func()) {
	ctx, cancel := context.WithCancelCause(ctx)
	signals := make(chan os.Signal, 2)
	for _, s := range endingSignals {
		if !signal.Ignored(s) { // nohup, for example, ignores SIGHUP
			signal.Notify(signals, s)
		}
	}
	go func() {
		defer func() {
			if v := recover(); v != nil {
				exit(importer.Panicked("signals", v))
			}
		}()
		var began time.Time
		for s := range signals {
			stop := &importer.Stop{Kind: importer.Interrupted, Cause: SignalError{s}}
			switch {
			case ctx.Err() == nil:
				began = time.Now()
				cancel(stop)
				first()
			case time.Since(began) > signalDebounce:
				exit(stop)
			}
		}
	}()
	return ctx, func() {
		signal.Ignore(syscall.SIGQUIT, syscall.SIGABRT) // before Stop gives them back to the runtime
		signal.Stop(signals)
		close(signals)
		cancel(nil)
	}
}
