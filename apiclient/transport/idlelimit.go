package transport

import (
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"
)

const (
	anyIdleLimit   = 20 * time.Second       // for all requests: less than the usual 60-75 s of servers
	writeIdleLimit = 500 * time.Millisecond // below the idle timeouts of nearly all servers
	minIdleLimit   = 50 * time.Millisecond
	goodReuses     = 100 // in a row, after which a lowered limit is doubled
)

// idleLimit decides how long a connection may have been idle and still be used for a request. For a read, that is always the
// same; a write wants a younger one, since it may not be sent again. A server closes connections that are idle for too long. It
// does not say how long that is, and a write that meets the close on its way is lost. So the limit falls with each such close,
// and rises again slowly. The zero value is ready.
type idleLimit struct {
	mu    sync.Mutex
	lower time.Duration // the limit for a write, if it is below writeIdleLimit; else 0
	good  int           // connections since the last change that were still open
}

// of returns the limit for a request. [conn.expired] compares a connection with it.
func (l *idleLimit) of(write bool) time.Duration {
	if !write {
		return anyIdleLimit
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.current()
}

func (l *idleLimit) current() time.Duration {
	if l.lower == 0 {
		return writeIdleLimit
	}
	return l.lower
}

// died records that the server has closed a connection which had been idle for so long. It ignores one that was hardly idle:
// that close had another reason.
func (l *idleLimit) died(idle time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if idle < minIdleLimit {
		return
	}
	l.good = 0
	l.lower = min(l.current(), max(idle/2, minIdleLimit))
}

// survived records that an idle connection was good for another request, or would have been if it had not been too old for a
// write.
func (l *idleLimit) survived() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.lower == 0 {
		return
	}
	if l.good++; l.good >= goodReuses {
		l.good = 0
		if l.lower *= 2; l.lower >= writeIdleLimit {
			l.lower = 0
		}
	}
}

// keepAlive returns how long the server says that it keeps an idle connection; 0: it does not say. A server that says 0
// seconds gets the shortest time that is not 0.
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
