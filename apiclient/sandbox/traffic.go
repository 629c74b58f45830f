package sandbox

import (
	"sync"
	"time"
)

// traffic counts the requests that came and the answers that they got.
type traffic struct {
	mu       sync.Mutex
	requests int64
	badPaths int64 // requests to no call of the API
	followed int64 // requests to where a redirect pointed
	writes   int64 // creates and assigns, whatever happened to them
	byStatus [opCount]map[int]int64
	fired    map[string]map[string]int64 // fault, call -> times
	window   window
}

func newTraffic() *traffic {
	t := &traffic{fired: map[string]map[string]int64{}}
	for i := range t.byStatus {
		t.byStatus[i] = map[int]int64{}
	}
	return t
}

// request counts a request on its arrival. An op of 0 is not a call of the API.
func (t *traffic) request(now time.Time, op Ops, path string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.requests++
	t.window.add(now)
	if op&Writes != 0 {
		t.writes++
	}
	if path == movedPath {
		t.followed++
	}
}

// answer counts an answer by its HTTP status, 0 if the client got none, and the fault that fired, if any.
func (t *traffic) answer(op Ops, status int, fault string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if op == 0 {
		t.badPaths++
	} else {
		t.byStatus[op.index()][status]++
	}
	if fault == "" {
		return
	}
	if t.fired[fault] == nil {
		t.fired[fault] = map[string]int64{}
	}
	t.fired[fault][op.String()]++
}

// window finds the highest number of requests within any second. It is a ring buffer of the times in the last second.
type window struct {
	ring       []time.Time
	head, size int
	most       int
}

func (w *window) add(now time.Time) {
	for w.size > 0 && now.Sub(w.ring[w.head]) >= time.Second {
		w.head = (w.head + 1) % len(w.ring)
		w.size--
	}
	if w.size == len(w.ring) {
		w.grow()
	}
	w.ring[(w.head+w.size)%len(w.ring)] = now
	w.size++
	w.most = max(w.most, w.size)
}

func (w *window) grow() {
	wider := make([]time.Time, max(64, 2*len(w.ring)))
	n := copy(wider, w.ring[w.head:])
	copy(wider[n:], w.ring[:w.head])
	w.ring, w.head = wider, 0
}
