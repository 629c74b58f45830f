package secret

import (
	"slices"
	"sync"
)

// Growing is a [Set] of secrets that are seen one after the other. The zero value is empty. It is safe for concurrent use.
type Growing struct {
	mu     sync.Mutex
	all    *fingerprints // the new ones are at the end, unsorted
	sorted int           // how many fingerprints of all were sorted when the last Set was made
	set    Set           // the last one
}

// Add takes in a secret. It is not kept.
func (g *Growing) Add(t Text) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.all == nil {
		g.all = emptyFingerprints()
	}
	g.all.add(t)
	if len(g.all.sorted) > 2*g.sorted+1<<12 { // a secret that is seen again and again must not take more and more memory
		slices.Sort(g.all.sorted)
		g.all.sorted = slices.Compact(g.all.sorted)
		g.sorted, g.set = len(g.all.sorted), Set{}
	}
}

// Set returns the set of those that were added so far.
func (g *Growing) Set() Set {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.all == nil || len(g.all.sorted) == 0 {
		return Set{}
	}
	if len(g.all.sorted) != g.sorted || g.set.members == nil {
		members := &fingerprints{base: g.all.base, sorted: slices.Clone(g.all.sorted), lengths: slices.Clone(g.all.lengths)}
		members.index()
		g.all.sorted = append(g.all.sorted[:0], members.sorted...)
		g.set, g.sorted = Set{members}, len(g.all.sorted)
	}
	return g.set
}
