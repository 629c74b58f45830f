package transport

import (
	"errors"
	"sync"
	"syscall"
)

// capacity is how many connections there may be at once. It has no bound until the system refuses a connection because the
// process has too many files open. From then on the bound is below that number, so that some files are left for others. The
// zero value is ready.
type capacity struct {
	mu      sync.Mutex
	open    int
	bound   int           // 0: none is known
	waiting chan struct{} // closed when a connection ends or becomes idle; nil: nobody waits
}

// acquire takes a place for one connection, and reports whether there was one.
func (c *capacity) acquire() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.bound > 0 && c.open >= c.bound {
		return false
	}
	c.open++
	return true
}

// release gives a place back.
func (c *capacity) release() {
	c.mu.Lock()
	c.open--
	c.mu.Unlock()
	c.notify()
}

// lower records that the system has refused a connection. It reports whether it helps to wait for one of the open ones: without
// any, others have all the files.
func (c *capacity) lower() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.open == 0 {
		return false
	}
	c.bound = max(c.open*3/4, 1)
	return true
}

// exceeded reports whether more connections are open than the bound allows, since it was lowered meanwhile.
func (c *capacity) exceeded() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.bound > 0 && c.open > c.bound
}

// freed returns a channel that is closed at the next notice.
func (c *capacity) freed() <-chan struct{} {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.waiting == nil {
		c.waiting = make(chan struct{})
	}
	return c.waiting
}

// notify wakes all who wait for a connection.
func (c *capacity) notify() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.waiting != nil {
		close(c.waiting)
		c.waiting = nil
	}
}

// isExhausted reports whether an error says that the process, or the system, has too many files open.
func isExhausted(err error) bool {
	const windows = syscall.Errno(10024) // WSAEMFILE
	return errors.Is(err, syscall.EMFILE) || errors.Is(err, syscall.ENFILE) || errors.Is(err, windows)
}
