package console

import (
	"fmt"
	"io"
	"sync"

	"etelecom-import/importer/console/layout"
)

// screen keeps the progress line apart from everything else that is printed. Both take one lock, and the line is removed from the
// terminal while something else is printed.
type screen struct {
	terminal io.Writer
	width    func() int // of the terminal, in columns

	mu     sync.Mutex
	line   string // as it is on the terminal; "" for none
	hidden bool
}

const eraseLine = "\r\x1b[2K"

// draw replaces the progress line. "" removes it.
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

// erase returns what removes the line from the terminal. The line has wrapped if the terminal has become narrower since.
func (s *screen) erase() string {
	if rows := (layout.Width(s.line) - 1) / max(s.width(), 1); rows > 0 {
		return fmt.Sprintf("\x1b[%dA\r\x1b[J", rows)
	}
	return eraseLine
}

// hide removes the progress line until show is called.
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

// isHidden reports whether no progress may be shown: a question is on the terminal, and standard error may lead there too.
func (s *screen) isHidden() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.hidden
}

// print writes whole lines to w, which may be the terminal.
func (s *screen) print(w io.Writer, lines []byte) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.line != "" {
		_, _ = io.WriteString(s.terminal, s.erase())
	}
	_, err := w.Write(lines)
	if s.line != "" {
		_, _ = io.WriteString(s.terminal, s.line)
	}
	return err
}

// lockedWriter writes to a stream that may share the screen with the progress line. It never fails: if nobody reads any more,
// the output is dropped, and the run continues.
type lockedWriter struct {
	screen *screen
	to     io.Writer
}

// Write prints whole lines.
func (w *lockedWriter) Write(p []byte) (int, error) {
	_ = w.screen.print(w.to, p)
	return len(p), nil
}
