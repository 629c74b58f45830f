package console

import (
	"testing"
	"time"

	"etelecom-import/apiclient"
	"etelecom-import/importer"
)

func TestRates(t *testing.T) {
	var p rates
	now := time.Unix(0, 0)
	p.sample(now, importer.Standing{}, apiclient.Stats{Requests: 500})
	p.sample(now.Add(10*time.Second), importer.Standing{Total: 100}, apiclient.Stats{Requests: 500})
	v := p.sample(now.Add(20*time.Second), importer.Standing{Total: 100, Done: 18, Failed: 2, Unknown: 5}, apiclient.Stats{Requests: 550})
	if v.Rate != 5 || v.Left != 40*time.Second {
		t.Errorf("rate %v, left %v; want 5 requests/s and 40 s for the 80 rows still to do", v.Rate, v.Left)
	}
	v = p.sample(now.Add(21*time.Second), importer.Standing{Total: 100}, apiclient.Stats{PausedUntil: now.Add(30 * time.Second)})
	if v.Waiting == "" || v.wait() != 9*time.Second {
		t.Errorf("waiting %q for %v", v.Waiting, v.wait())
	}
}
