package secret

import (
	"fmt"
	"strings"
	"sync"
	"testing"
)

// What was added is found, also what comes later, and what is added again and again takes no more memory.
func TestGrowing(t *testing.T) {
	var g Growing
	if got := g.Set().Redact("sip-000001"); got != "sip-000001" {
		t.Error(got)
	}
	const many = 3000
	for round := range 5 {
		var adding sync.WaitGroup
		for worker := range 4 {
			adding.Go(func() {
				for i := worker; i < many; i += 4 {
					g.Add(New(fmt.Sprintf("sip-%06d", i)))
				}
			})
		}
		adding.Wait()
		for _, i := range []int{0, 1, many / 2, many - 1} {
			if got := g.Set().Redact(fmt.Sprintf("wrong: SIP-%06d!", i)); got != "wrong: "+Redacted+"!" {
				t.Errorf("round %d: %s", round, got)
			}
		}
		if n := len(g.all.sorted); n != many {
			t.Errorf("round %d: %d fingerprints of %d secrets", round, n, many)
		}
	}
	g.Add(New("ngắn")) // too short
	g.Add(New("Hoa-sữa-thơm"))
	if got := g.Set().Redact("hoa-sua-thom, ngắn, sip-002999"); got != Redacted+", ngắn, "+Redacted {
		t.Error(got)
	}
	for range 5 * many {
		g.Add(New("sip-000001"))
	}
	if n := len(g.all.sorted); n > 2*many+1<<12+1 {
		t.Errorf("%d fingerprints", n)
	}
	if text := fmt.Sprintf("%v %+v %#v", &g, g.Set(), g.Set()); strings.Contains(text, "sip-0") {
		t.Error(text)
	}
}
