package transport

import (
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"
)

const (
	writeIdle  = 500 * time.Millisecond
	leastIdle  = 50 * time.Millisecond
	goodReuses = 100 // after which a lower limit is doubled
)

// lull is how long a connection may have been idle to be used for a write. A server closes what is idle for too long, and
// a write that crosses the close on its way is lost: nothing tells that it had no effect. Nobody says how long is too
// long, so that the limit is learnt. The zero value is ready.
type lull struct {
	mu   sync.Mutex
	less time.Duration // the limit, if it is lower than writeIdle
	good int           // connections since the last change that lived
}

func (l *lull) limit() time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.current()
}

func (l *lull) current() time.Duration {
	if l.less == 0 {
		return writeIdle
	}
	return l.less
}

// died takes in that a connection which had been idle for so long was closed. The close of one that was hardly idle has
// another reason.
func (l *lull) died(age time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if age < leastIdle {
		return
	}
	l.good = 0
	l.less = min(l.current(), max(age/2, leastIdle))
}

// lived takes in that a connection was good for another request, or too old for a write and would have been good.
func (l *lull) lived() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.less == 0 {
		return
	}
	if l.good++; l.good >= goodReuses {
		l.good = 0
		if l.less *= 2; l.less >= writeIdle {
			l.less = 0
		}
	}
}

// keepAlive returns how long the server says that it keeps an idle connection; 0: it does not say. A server that keeps it
// for no time at all gets the least there is.
func keepAlive(h http.Header) time.Duration {
	for _, value := range h["Keep-Alive"] {
		for parameter := range strings.SplitSeq(value, ",") {
			name, n, _ := strings.Cut(strings.TrimSpace(parameter), "=")
			if seconds, err := strconv.ParseUint(n, 10, 31); err == nil && strings.EqualFold(name, "timeout") {
				return max(time.Duration(seconds)*time.Second, 1)
			}
		}
	}
	return 0
}
