package console

import (
	"fmt"
	"io"
	"sync"

	"etelecom-import/importer/console/layout"
)

// screen keeps the progress line and everything else that is printed apart: they share one lock, and the line is taken
// off the terminal while something is printed.
type screen struct {
	mu       sync.Mutex
	terminal io.Writer
	width    func() int // of the terminal, in columns
	line     string     // as it stands on the terminal; "" for none
	hidden   bool
}

const eraseLine = "\r\x1b[2K"

// draw shows the progress line, in place of the one that was there. "" takes it off.
func (s *screen) draw(line string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.hidden {
		return
	}
	if s.line != "" || line != "" {
		_, _ = io.WriteString(s.terminal, s.erase()+line)
	}
	s.line = line
}

// erase returns what takes the line off the terminal. One that has become narrower since has wrapped it.
func (s *screen) erase() string {
	if rows := (layout.Width(s.line) - 1) / max(s.width(), 1); rows > 0 {
		return fmt.Sprintf("\x1b[%dA\r\x1b[J", rows)
	}
	return eraseLine
}

// hide takes the progress line off, and keeps it off until it is shown again.
func (s *screen) hide() {
	s.draw("")
	s.mu.Lock()
	defer s.mu.Unlock()
	s.hidden = true
}

func (s *screen) show() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.hidden = false
}

// behind returns a writer to w that shares the screen. It never fails: when nobody reads any more, what is written is
// dropped, and the work goes on.
func (s *screen) behind(w io.Writer) io.Writer { return &shared{s, w} }

type shared struct {
	screen *screen
	to     io.Writer
}

// Write prints whole lines.
func (w *shared) Write(p []byte) (int, error) {
	s := w.screen
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.line != "" {
		_, _ = io.WriteString(s.terminal, s.erase())
	}
	_, _ = w.to.Write(p)
	if s.line != "" {
		_, _ = io.WriteString(s.terminal, s.line)
	}
	return len(p), nil
}
