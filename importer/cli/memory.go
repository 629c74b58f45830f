package cli

import (
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"sync/atomic"
)

// tuneGCForReading keeps memory low while the employee file is read. Reading makes little garbage and keeps much.
func tuneGCForReading() { debug.SetGCPercent(50) }

// tuneGCForListing keeps memory low while a whole tenant is read: what is kept grows slowly, and the network takes most of the time.
func tuneGCForListing() { debug.SetGCPercent(20) }

// tuneGCForRun makes the collector run only when memory is short, which is seldom for a small roster. A run keeps about 360 bytes
// for each row. With a limit below one and a half times that, the collector would run all the time. If a run keeps more, such as
// the messages of many failed rows, the limit grows after each collection, until stop is called.
func tuneGCForRun(rows int) (stop func()) {
	debug.SetGCPercent(400)
	c := &collection{least: max(96<<20, int64(rows)*540), stopped: new(atomic.Bool)}
	c.over()
	return func() { c.stopped.Store(true) }
}

// collection is garbage from the start: its finalizer runs when a collection is over.
type collection struct {
	least   int64
	stopped *atomic.Bool
}

// over sets the memory limit for the next collection.
func (c *collection) over() {
	if c.stopped.Load() {
		return
	}
	live := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	metrics.Read(live)
	const room = 8 << 20 // for stacks and the runtime's own
	debug.SetMemoryLimit(max(c.least, int64(live[0].Value.Uint64())/4*5+room))
	runtime.SetFinalizer(&collection{c.least, c.stopped}, (*collection).over)
}
