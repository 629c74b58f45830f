package console

import (
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"sync/atomic"
)

// CollectFor lets garbage be: it is collected when memory is short and not before, which for a small roster is seldom. What a
// run keeps is about 360 bytes for each row; below one and a half times that, it would do nothing but collect. Where a run keeps
// more than that, as the messages of many rows that failed, the limit follows after each collection, until stop is called.
func CollectFor(rows int) (stop func()) {
	debug.SetGCPercent(400)
	c := &collection{least: max(96<<20, int64(rows)*540), stopped: new(atomic.Bool)}
	c.over()
	return func() { c.stopped.Store(true) }
}

// collection is garbage: its finalizer tells that a collection is over.
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
	debug.SetMemoryLimit(max(c.least, int64(live[0].Value.Uint64())/3*4+room))
	runtime.SetFinalizer(&collection{c.least, c.stopped}, (*collection).over)
}
