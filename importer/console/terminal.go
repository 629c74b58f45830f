package console

import (
	"io"
	"os"
)

// terminal is where a person sits, whatever the streams of the program are redirected to. [openTerminal] opens it; tests have
// one in memory.
type terminal interface {
	// Read returns what the person types, in whole lines. Write shows them something.
	io.ReadWriteCloser
	// foreground reports whether the person types for this program. In the background, the shell gets what they type.
	foreground() bool
	// claim takes the terminal for a question, until Close, and reports whether it could: there is one question at a time on a
	// terminal. Else an answer to one could be taken for that of another company.
	claim() bool
	// begin is called before the first question, so that neither a question nor its answer can stop the program when it is
	// in the background. resumed tells that a program that was stopped goes on. end gives the terminal back as it was.
	begin() (resumed <-chan os.Signal, end func())
	// prepare lets the terminal show what is typed, and return it in lines. It discards what was typed before.
	prepare()
	// shows reports whether what is written to a stream appears on this terminal.
	shows(stream io.Writer) bool
	// colors reports whether the terminal can show colors.
	colors() bool
	// width returns how many columns the terminal has.
	width() int
}
