package console

import (
	"errors"
	"io"
	"os"

	"golang.org/x/sys/windows"
	"golang.org/x/term"
)

// osTerminal is the console of the process.
type osTerminal struct {
	in, out *os.File
	// found is the mode before prepare has changed it; nil: it has not.
	found *uint32
}

// openTerminal opens the console of the process. It fails if there is none, as in a service.
func openTerminal() (terminal, error) {
	in, err := os.OpenFile("CONIN$", os.O_RDWR, 0)
	if err != nil {
		return nil, err
	}
	out, err := os.OpenFile("CONOUT$", os.O_RDWR, 0)
	if err != nil {
		return nil, errors.Join(err, in.Close())
	}
	return &osTerminal{in: in, out: out}, nil
}

func (t *osTerminal) Read(p []byte) (int, error)  { return t.in.Read(p) }
func (t *osTerminal) Write(p []byte) (int, error) { return t.out.Write(p) }
func (t *osTerminal) Close() error                { return errors.Join(t.in.Close(), t.out.Close()) }

// foreground implements [terminal]. All programs of a console may read from it.
func (t *osTerminal) foreground() bool { return true }

// claim implements [terminal]. Programs that share a console are not told apart.
func (t *osTerminal) claim() bool { return true }

// begin implements [terminal]. Windows stops no program for its console.
func (t *osTerminal) begin() (resumed <-chan os.Signal, end func()) {
	return nil, func() {
		if t.found != nil {
			_ = windows.SetConsoleMode(windows.Handle(t.in.Fd()), *t.found)
		}
	}
}

func (t *osTerminal) prepare() {
	console := windows.Handle(t.in.Fd())
	var mode uint32
	if windows.GetConsoleMode(console, &mode) != nil {
		return
	}
	if sane := mode | windows.ENABLE_PROCESSED_INPUT | windows.ENABLE_LINE_INPUT | windows.ENABLE_ECHO_INPUT; sane != mode {
		if t.found == nil {
			t.found = &mode
		}
		_ = windows.SetConsoleMode(console, sane)
	}
	_ = windows.FlushConsoleInputBuffer(console)
}

// shows implements [terminal]. A process has one console.
func (t *osTerminal) shows(stream io.Writer) bool {
	f, ok := stream.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

func (t *osTerminal) colors() bool { return obeysEscapes(t.out) }

func (t *osTerminal) width() int { return terminalWidth(t.out) }
