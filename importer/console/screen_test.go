package console

import (
	"bytes"
	"fmt"
	"strings"
	"sync"
	"testing"
)

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
