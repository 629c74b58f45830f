package transport

import (
	"errors"
	"sync"
	"syscall"
)

// room is how many connections the transport can have at once. Nobody knows before the system refuses one more, because the
// process has too many files open. Then the transport does with fewer, so that there is something left for other files. The
// zero value has no bound.
type room struct {
	mu    sync.Mutex
	open  int
	most  int           // 0: no bound is known
	freed chan struct{} // closed when a connection ends or becomes idle; nil: nobody waits
}

// enter takes room for one connection if there is some.
func (r *room) enter() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.most > 0 && r.open >= r.most {
		return false
	}
	r.open++
	return true
}

// leave gives it back.
func (r *room) leave() {
	r.mu.Lock()
	r.open--
	r.mu.Unlock()
	r.signal()
}

// shrink takes in that the system refused another connection. It reports whether waiting for one of ours can help.
func (r *room) shrink() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.open == 0 {
		return false
	}
	r.most = max(r.open*3/4, 1)
	return true
}

// crowded reports whether there are more connections than there should be by now.
func (r *room) crowded() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.most > 0 && r.open > r.most
}

// wait returns a channel that is closed when it is worth looking again.
func (r *room) wait() <-chan struct{} {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.freed == nil {
		r.freed = make(chan struct{})
	}
	return r.freed
}

// signal wakes those who wait.
func (r *room) signal() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.freed != nil {
		close(r.freed)
		r.freed = nil
	}
}

// exhausted reports whether an error says that the process, or the system, has too many files open.
func exhausted(err error) bool {
	const windows = syscall.Errno(10024) // WSAEMFILE
	return errors.Is(err, syscall.EMFILE) || errors.Is(err, syscall.ENFILE) || errors.Is(err, windows)
}
