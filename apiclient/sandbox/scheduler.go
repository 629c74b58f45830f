package sandbox

import (
	"context"
	"sync"
	"time"
)

// scheduler does what the tenant does later: it runs effects that are due after a delay, and lets calls wait. When it
// closes, nothing that is pending happens any more. Its time is that of the time package, so that a testing/synctest
// bubble drives it.
type scheduler struct {
	done    chan struct{}  // closed by close
	running sync.WaitGroup // effects that have begun

	mu      sync.Mutex // guards what follows, and that no effect begins once done is closed
	pending map[*pendingEffect]struct{}
}

// pendingEffect is an effect that has not happened yet, or is happening.
type pendingEffect struct{ timer *time.Timer }

func newScheduler() *scheduler {
	return &scheduler{done: make(chan struct{}), pending: map[*pendingEffect]struct{}{}}
}

// Pending is the number of effects that have not happened yet: of late calls, and of calls whose latency is not over.
func (s *scheduler) Pending() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.pending)
}

// after runs do in d, even if the call that asked for it has ended by then. Once the scheduler is closed it does nothing.
func (s *scheduler) after(d time.Duration, do func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed() {
		return
	}
	e := &pendingEffect{}
	e.timer = time.AfterFunc(d, func() {
		if s.begin() {
			do()
			s.end(e)
		}
	})
	s.pending[e] = struct{}{}
}

// begin reports whether a due effect may happen: not if the scheduler was closed since its timer fired.
func (s *scheduler) begin() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed() {
		return false
	}
	s.running.Add(1)
	return true
}

func (s *scheduler) end(e *pendingEffect) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.pending, e)
	s.running.Done()
}

// wait sleeps for d. It reports whether it slept that long: false if ctx ended or the scheduler was closed before.
func (s *scheduler) wait(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
	case <-s.done:
	}
	return false
}

func (s *scheduler) closed() bool {
	select {
	case <-s.done:
		return true
	default:
		return false
	}
}

// close drops all pending effects, ends all waiting, and returns once no effect is running. It reports whether this is
// the first call.
func (s *scheduler) close() bool {
	s.mu.Lock()
	if s.closed() {
		s.mu.Unlock()
		return false
	}
	close(s.done)
	for e := range s.pending {
		e.timer.Stop()
	}
	clear(s.pending)
	s.mu.Unlock()
	s.running.Wait()
	return true
}
