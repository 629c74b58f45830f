package sandbox

import (
	"sync/atomic"
	"time"
)

// clock is the tenant's clock: it dates answers, people and effects. Waiting and rate limits use this machine's clock.
// The zero value shows this machine's time.
type clock struct{ skew atomic.Int64 } // ns

// SetSkew sets how far the tenant's clock is ahead of this machine's. A negative d is how far it is behind.
func (c *clock) SetSkew(d time.Duration) { c.skew.Store(int64(d)) }

func (c *clock) skewed() bool { return c.skew.Load() != 0 }

func (c *clock) now() time.Time { return time.Now().Add(time.Duration(c.skew.Load())) }
