package cli

import (
	"context"
	"os"
	"os/signal"
	"runtime"
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

// closingTime returns how long the program has after a signal before the system ends it; 0 for as long as it needs. Windows ends a program
// five seconds after its window was closed, or the user has logged off, which Go makes a SIGTERM of.
func closingTime(s os.Signal) time.Duration {
	if runtime.GOOS == "windows" && s == syscall.SIGTERM {
		return windowsGrants - time.Second // to say what is so, and with an exit code
	}
	return 0
}

// windowsGrants is the shortest time that Windows gives a program whose window is closed.
const windowsGrants = 5 * time.Second

// notifyContext returns a context that the first signal ends; then it calls first. The context's cause is an [importer.Stop] whose
// cause is a [SignalError]. A second signal calls exit with such an error, and so does a panic in here, and the end of the [closingTime].
// restore ends all that. It leaves ignored the signals at which the runtime would print stacks.
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
		handle(signals, closingTime, func(stop error) {
			cancel(stop)
			first()
		}, exit)
	}()
	return ctx, func() {
		signal.Ignore(syscall.SIGQUIT, syscall.SIGABRT) // before Stop gives them back to the runtime
		signal.Stop(signals)
		close(signals)
		cancel(nil)
	}
}

// handle calls first for the first signal, and exit for a second one that is not an echo of it, or once the closing time is over: what
// was sent is in the journal. It returns when signals is closed.
func handle(signals <-chan os.Signal, closing func(os.Signal) time.Duration, first, exit func(stop error)) {
	var (
		began time.Time
		over  <-chan time.Time
		stop  *importer.Stop
	)
	for {
		select {
		case s, open := <-signals:
			if !open {
				return
			}
			again := stop != nil
			stop = &importer.Stop{Kind: importer.Interrupted, Cause: SignalError{s}}
			switch {
			case !again:
				began = time.Now()
				first(stop)
			case time.Since(began) > signalDebounce:
				exit(stop)
			}
			if d := closing(s); d > 0 && over == nil {
				over = time.After(d)
			}
		case <-over:
			exit(stop)
		}
	}
}
