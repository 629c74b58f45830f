package console

import (
	"os"

	"golang.org/x/sys/windows"
)

// obeysEscapes asks a console to obey the codes of colors and of the cursor. Those of Windows before 10 print them.
func obeysEscapes(f *os.File) bool {
	console := windows.Handle(f.Fd())
	var mode uint32
	return windows.GetConsoleMode(console, &mode) == nil && windows.SetConsoleMode(console, mode|windows.ENABLE_VIRTUAL_TERMINAL_PROCESSING) == nil
}
