package importer

import (
	"context"
	"sync"
)

// ramp limits how many creates are under way at once. It begins with one, and each create that makes a new user allows one
// more: 1, 2, 4, 8, ... If the listing hides people, only a few creates meet them, and not as many as there are workers.
type ramp struct {
	mu       sync.Mutex
	width    int
	underWay int
	narrow   bool          // it stays at one for the whole run
	changed  chan struct{} // closed, and replaced, when somebody may try to enter again
}

func newRamp(narrow bool) *ramp {
	return &ramp{width: 1, narrow: narrow, changed: make(chan struct{})}
}

// enter waits until one more create may be sent. The caller must call leave.
func (r *ramp) enter(ctx context.Context) error {
	for {
		r.mu.Lock()
		if r.underWay < r.width {
			r.underWay++
			r.mu.Unlock()
			return nil
		}
		changed := r.changed
		r.mu.Unlock()
		select {
		case <-changed:
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
}

// leave ends a create. Only one that made a new user widens: a failure of the row's own, or an answer that was lost, shows
// nothing of the listing.
func (r *ramp) leave(madeNew bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.underWay--
	if madeNew && !r.narrow {
		r.width++
	}
	close(r.changed)
	r.changed = make(chan struct{})
}

// restart lets one create go at a time again: somebody was met, or may have been met, whom the listing does not show.
func (r *ramp) restart() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.width = 1
}
