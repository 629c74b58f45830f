package console

import (
	"context"
	"os"
	"os/signal"
	"syscall"
	"time"

	"etelecom-import/importer"
)

// Caught is the signal that ended a run.
type Caught struct{ os.Signal }

func (c Caught) Error() string { return "stopped by a signal (" + c.String() + ")" }

// oneAct is how far apart signals are that are meant as one: timeout(1), for one, sends each twice.
const oneAct = 300 * time.Millisecond

// ending are the signals that end a run. The last two would have the Go runtime print stacks and exit with 2, which says that
// nothing was sent.
var ending = []os.Signal{os.Interrupt, syscall.SIGTERM, syscall.SIGHUP, syscall.SIGQUIT, syscall.SIGABRT}

// UntilSignal returns a context that the first signal ends, and a function that puts things back; only what would have the
// runtime print stacks is ignored from then on. The context's cause is an [importer.Stop] whose cause is [Caught]. first is
// called then, and leave, with the same error, for every signal that is another act. A panic here leaves, too.
func UntilSignal(ctx context.Context, first func(), leave func(error)) (context.Context, func()) {
	ctx, cancel := context.WithCancelCause(ctx)
	signals := make(chan os.Signal, 2)
	for _, s := range ending {
		if !signal.Ignored(s) { // as under nohup
			signal.Notify(signals, s)
		}
	}
	go func() {
		defer func() {
			if v := recover(); v != nil {
				leave(importer.Panicked("signals", v))
			}
		}()
		var began time.Time
		for s := range signals {
			stop := &importer.Stop{Kind: importer.Interrupted, Cause: Caught{s}}
			switch {
			case ctx.Err() == nil:
				began = time.Now()
				cancel(stop)
				first()
			case time.Since(began) > oneAct:
				leave(stop)
			}
		}
	}()
	return ctx, func() {
		signal.Ignore(syscall.SIGQUIT, syscall.SIGABRT) // before the next line lets them through
		signal.Stop(signals)
		close(signals)
		cancel(nil)
	}
}
