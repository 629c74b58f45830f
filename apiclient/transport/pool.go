package transport

import (
	"slices"
	"sync"
	"time"
)

// pool has the idle connections. The zero value is ready.
type pool struct {
	mu   sync.Mutex
	idle []*conn // in the order in which they became idle
}

// pop removes and returns the youngest connection; nil: the pool is empty.
func (p *pool) pop() *conn {
	p.mu.Lock()
	defer p.mu.Unlock()
	n := len(p.idle)
	if n == 0 {
		return nil
	}
	c := p.idle[n-1]
	p.idle[n-1] = nil
	p.idle = p.idle[:n-1]
	return c
}

// hasYounger reports whether the youngest connection has not expired for a limit.
func (p *pool) hasYounger(limit time.Duration) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	n := len(p.idle)
	return n > 0 && !p.idle[n-1].expired(limit)
}

// put adds a connection at its place in the order. It closes the oldest one if that has expired for all requests, or if
// there are more than the most to keep.
func (p *pool) put(c *conn, most int) {
	if c.idleSince.IsZero() { // no request has used it
		c.idleSince = c.readySince
	}
	p.mu.Lock()
	i := len(p.idle)
	for i > 0 && p.idle[i-1].idleSince.After(c.idleSince) {
		i--
	}
	p.idle = slices.Insert(p.idle, i, c)
	oldest := p.idle[0]
	remove := len(p.idle) > most || oldest.expired(anyIdleLimit)
	if remove {
		p.idle = append(p.idle[:0], p.idle[1:]...)
	}
	p.mu.Unlock()
	if remove {
		_ = oldest.Close()
	}
}
