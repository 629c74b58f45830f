package cli

import (
	"math"
	"runtime"
	"runtime/debug"
	"testing"
	"time"
)

// TestCollectFor: a run that keeps more than was expected does not collect all the time.
func TestCollectFor(t *testing.T) {
	percent := debug.SetGCPercent(100)
	limit := debug.SetMemoryLimit(math.MaxInt64)
	stop := tuneGCForRun(1000)
	defer func() {
		stop()
		runtime.GC()
		time.Sleep(10 * time.Millisecond) // for a finalizer that was on its way
		debug.SetGCPercent(percent)
		debug.SetMemoryLimit(limit)
	}()
	const piece = 16 << 10
	var kept [][]byte
	for range (192 << 20) / piece {
		kept = append(kept, make([]byte, piece))
	}
	before := collections()
	for range (1 << 30) / piece {
		garbage = make([]byte, piece)
	}
	if n := collections() - before; n > 40 {
		t.Errorf("%d collections for 1 GiB of garbage beside %d MiB that are kept", n, len(kept)*piece>>20)
	}
	runtime.KeepAlive(kept)
}

var garbage []byte

func collections() uint32 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.NumGC
}
