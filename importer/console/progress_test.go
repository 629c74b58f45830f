package console

import (
	"bytes"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"etelecom-import/apiclient"
	"etelecom-import/importer"
	"etelecom-import/importer/console/layout"
)

func TestLine(t *testing.T) {
	working := frame{Standing: importer.Standing{Total: 300, Done: 62, Failed: 2, Unknown: 1}, Rate: 9.84, Limit: 10, Left: 25 * time.Second}
	waiting := working
	waiting.Waiting, waiting.Wait = "the API asks for a pause", 12*time.Second
	for _, c := range []struct {
		frame   frame
		columns int
		want    string
	}{
		{frame{Requests: 12}, 79, "looking at the tenant (12 requests)"},
		{frame{Standing: importer.Standing{Listing: true, Users: 2301, Extensions: 900}}, 79, "reading the tenant: 2,301 users, 900 extensions, page 24"},
		{frame{Standing: importer.Standing{Listing: true, Users: 1234567}}, 79, "reading the tenant: 1,234,567 users, page 12346"},
		{working, 100, "21% |████                  | 62 of 300 done, 2 failed, 1 unknown, 0:25 left, 9.8 of 10 requests/s"},
		{working, 79, "62 of 300 done, 2 failed, 1 unknown, 0:25 left, 9.8 of 10 requests/s"},
		{working, 30, "62 of 300 done, 2 failed, 1 u…"},
		{waiting, 79, "62 of 300 done, 2 failed, 1 unknown, waiting 0:12: the API asks for a pause"},
		{frame{Standing: importer.Standing{Total: 3, Done: 3}}, 50, "100% |███████████████| 3 of 3 done, 0 requests/s"},
	} {
		if got := c.frame.line(c.columns); got != c.want {
			t.Errorf("at %d columns:\n got %q\nwant %q", c.columns, got, c.want)
		}
	}
}

// The line fits every terminal, however narrow.
func TestLineFits(t *testing.T) {
	for columns := range 200 {
		for done := int64(0); done <= 1000; done += 125 {
			v := frame{Standing: importer.Standing{Total: 1000, Done: done, Unknown: 7}, Rate: 1234.5, Limit: 5000, Left: time.Hour}
			if got := v.line(max(columns, 1)); layout.Width(got) > max(columns, 1) {
				t.Fatalf("%d columns, and %d in %q", columns, layout.Width(got), got)
			}
		}
	}
}

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
	if v.Waiting == "" || v.Wait != 9*time.Second {
		t.Errorf("waiting %q for %v", v.Waiting, v.Wait)
	}
}

// Lines and bar share the screen: after all is printed, what a terminal shows is whole lines, then the bar.
func TestScreen(t *testing.T) {
	var terminal bytes.Buffer
	s := screen{terminal: &terminal, width: func() int { return 80 }}
	w := &lockedWriter{&s, &terminal}
	var all sync.WaitGroup
	for worker := range 4 {
		all.Go(func() {
			for i := range 50 {
				fmt.Fprintf(w, "line %d of %d\n", i, worker)
				s.draw(fmt.Sprintf("bar %d", i))
			}
		})
	}
	all.Wait()
	s.draw("last bar")
	lines := strings.Split(shown(terminal.String()), "\n")
	for _, text := range lines[:len(lines)-1] {
		if !strings.HasPrefix(text, "line ") || strings.Contains(text, "bar") {
			t.Fatalf("garbled: %q", text)
		}
	}
	if len(lines) != 201 || lines[200] != "last bar" {
		t.Errorf("%d lines, the last %q", len(lines), lines[len(lines)-1])
	}
	s.hide()
	s.draw("hidden")
	if lines := strings.Split(shown(terminal.String()), "\n"); lines[len(lines)-1] != "" {
		t.Errorf("a hidden bar shows: %q", lines[len(lines)-1])
	}
}

// A line that the terminal has wrapped, since it became narrower, is taken off whole.
func TestScreenNarrows(t *testing.T) {
	var terminal bytes.Buffer
	columns := 140
	s := screen{terminal: &terminal, width: func() int { return columns }}
	s.draw(strings.Repeat("x", 139))
	columns = 50
	terminal.Reset()
	s.draw("short")
	if got := terminal.String(); got != "\x1b[2A\r\x1b[Jshort" {
		t.Errorf("got %q", got)
	}
}

// shown is what a terminal shows after what was written to it.
func shown(written string) string {
	var lines []string
	for line := range strings.SplitSeq(written, "\n") {
		parts := strings.Split(line, eraseLine)
		lines = append(lines, parts[len(parts)-1])
	}
	return strings.Join(lines, "\n")
}
