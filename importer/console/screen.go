package console

import (
	"fmt"
	"io"
	"sync"

	"etelecom-import/importer/console/layout"
)

// screen keeps the progress line and everything else that is printed apart: they share one lock, and the line is taken off the
// terminal while something else is printed.
type screen struct {
	terminal io.Writer
	width    func() int // of the terminal, in columns

	mu     sync.Mutex
	line   string // as it is on the terminal; "" for none
	hidden bool
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

// erase returns what takes the line off the terminal. A terminal that has become narrower since has wrapped the line.
func (s *screen) erase() string {
	if rows := (layout.Width(s.line) - 1) / max(s.width(), 1); rows > 0 {
		return fmt.Sprintf("\x1b[%dA\r\x1b[J", rows)
	}
	return eraseLine
}

// hide takes the progress line off, and keeps it off until show.
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

// print writes whole lines to w, which may be the terminal.
func (s *screen) print(w io.Writer, lines []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.line != "" {
		_, _ = io.WriteString(s.terminal, s.erase())
	}
	_, _ = w.Write(lines)
	if s.line != "" {
		_, _ = io.WriteString(s.terminal, s.line)
	}
}

// lockedWriter writes to a stream that may share the screen with the progress line. It never fails: when nobody reads any more,
// what is written is dropped, and the run continues.
type lockedWriter struct {
	screen *screen
	to     io.Writer
}

// Write prints whole lines.
func (w *lockedWriter) Write(p []byte) (int, error) {
	w.screen.print(w.to, p)
	return len(p), nil
}
