// Package simulation runs the whole program, unmodified, against a tenant without sockets and a disk in memory, in
// bubbles of fake time: a seed chooses the people, the faults of calls, disk and power, and what others do meanwhile.
// What comes out is compared with the tenant's own record.
//
//	go test ./importer/simulation -seeds 200000        # many
//	go test ./importer/simulation -seed 4711 -v        # one, told step by step
//	go test ./importer/simulation -run Rules -rules -seeds 10000 -v  # what catches the removal of each rule
package simulation

import (
	"flag"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

var (
	seeds = flag.Int("seeds", 300, "how many histories to simulate")
	first = flag.Uint64("first", 1, "the first seed")
	all   = flag.Bool("all", false, "go on after broken promises, and count them")
	one   = flag.Uint64("seed", 0, "simulate this seed alone, and tell what happens")
)

// simulate lives through one history and returns the promises that were broken.
func simulate(t *testing.T, seed uint64, traced bool) (broken []string) {
	var w *world
	synctest.Test(t, func(*testing.T) {
		w = newWorld(seed, traced)
		w.live()
	})
	if traced {
		t.Logf("seed %d:\n%s\n%s", seed, strings.Join(w.trace, "\n"), w.result())
	}
	return w.broken
}

func TestSimulation(t *testing.T) {
	if *one != 0 {
		if broken := simulate(t, *one, true); broken != nil {
			t.Errorf("seed %d: %s", *one, strings.Join(broken, "\n"))
		}
		return
	}
	began, bad := time.Now(), 0
	for seed := *first; seed < *first+uint64(*seeds); seed++ {
		if broken := simulate(t, seed, false); broken != nil {
			bad++
			if bad <= 20 {
				t.Errorf("seed %d: %s", seed, broken[0])
			}
		}
		if bad >= 20 && !*all {
			break
		}
	}
	t.Logf("%d histories in %v, %d broke a promise", *seeds, time.Since(began).Round(time.Millisecond), bad)
}
