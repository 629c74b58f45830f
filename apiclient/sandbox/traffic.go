package sandbox

import "time"

// traffic counts what came and what was answered.
type traffic struct {
	requests int64
	lost     int64 // to no call of the API
	followed int64 // to where a redirect pointed
	writes   int64 // creates and assigns, whatever became of them
	byStatus [opCount]map[int]int64
	fired    map[string]map[string]int64 // fault, call -> times
	window   window
}

func (t *traffic) init() {
	for i := range t.byStatus {
		t.byStatus[i] = map[int]int64{}
	}
	t.fired = map[string]map[string]int64{}
}

func (t *traffic) arrive(now time.Time, op Ops, path string) {
	t.requests++
	t.window.arrive(now)
	if op&Writes != 0 {
		t.writes++
	}
	if path == movedPath {
		t.followed++
	}
}

func (t *traffic) count(op Ops, status int) {
	if op == 0 {
		t.lost++
		return
	}
	t.byStatus[op.index()][status]++
}

func (t *traffic) fire(fault string, op Ops) {
	if t.fired[fault] == nil {
		t.fired[fault] = map[string]int64{}
	}
	t.fired[fault][op.String()]++
}

// window finds the most arrivals in any second: it holds those of the last second in a ring.
type window struct {
	ring       []time.Time
	head, size int
	most       int
}

func (w *window) arrive(now time.Time) {
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
