package crash

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"etelecom-import/apiclient/sandbox"
)

var stormRows = flag.Int("storm-rows", 25, "TestStorm: rows of the roster")

// storm is what goes wrong with the calls: each fault with one call in twenty, and a few effects that come late, but within
// the settle time.
var storm = []string{
	"cut-before=0.05", "cut-after=0.05", "500-before=0.05", "500-after=0.05", "half-body=0.05", "html-200=0.05",
	"updated-0=0.05", "late:500ms@create=0.01", "late-504:500ms@create=0.01",
}

func newStorm(t *testing.T) *office {
	o := newOffice(t, *stormRows, sandbox.Config{Seed: *seed, Latency: 20 * time.Millisecond})
	o.settle = time.Second
	if err := o.tenant.SetFaults(sandbox.MustParseRules(storm...)...); err != nil {
		t.Fatal(err)
	}
	return o
}

// TestStorm: at most three runs bring everybody through, whatever the calls meet. The waiting is real.
func TestStorm(t *testing.T) {
	t.Parallel()
	o := newStorm(t)
	began := time.Now()
	f := figures{codes: map[int]int{}}
	for code := -1; code != 0 && !t.Failed(); {
		var said string
		code, said = o.run()
		f.codes[code]++
		if code != 0 {
			t.Logf("run %d after %v: exit %d\n%s", o.runs, time.Since(began).Round(time.Second), code, said)
		}
		if o.runs == 3 && code != 0 {
			t.Errorf("not through after three runs: exit %d\n%s", code, said)
		}
	}
	o.finished()
	f.add(o)
	t.Logf("%v after %v\n%s", &f, time.Since(began).Round(time.Second), o.fired())
}

// TestStormKilled: the same, and kill -9 every 0.2 to 2 s until it is through.
func TestStormKilled(t *testing.T) {
	if *stormRows < 100 {
		t.Skip("it takes a minute; see -storm-rows. TestKills is the short form")
	}
	t.Parallel()
	o := newStorm(t)
	dice := rand.New(rand.NewPCG(*seed, 3))
	f := figures{codes: map[int]int{}}
	began := time.Now()
	for code := -1; code != 0 && !t.Failed(); {
		var said string
		if code, said = o.killAfter(200*time.Millisecond + time.Duration(dice.Int64N(int64(1800*time.Millisecond)))); code == killed {
			f.kills++
		} else {
			f.codes[code]++
		}
		if time.Since(began) > 5*time.Minute {
			t.Fatalf("still not through: exit %d\n%s", code, said)
		}
		o.unharmed()
	}
	o.finished()
	f.add(o)
	t.Logf("%v after %v\n%s", &f, time.Since(began).Round(time.Second), o.fired())
}

// fired says how often each fault has happened.
func (o *office) fired() (text string) {
	r := o.tenant.Totals()
	for _, name := range sandbox.FaultNames() {
		if n := r.Fired(name); n > 0 {
			text += fmt.Sprintf("%s %d, ", name, n)
		}
	}
	return text + fmt.Sprintf("%d requests", r.Requests)
}
