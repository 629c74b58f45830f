package console

import (
	"fmt"
	"io"
	"os"

	"golang.org/x/term"

	"etelecom-import/importer/console/layout"
)

// page is a stream that people read: long text is wrapped, and colors stress what the words say.
type page struct {
	io.Writer
	colors bool
	width  func() int // of the terminal, in columns
}

// newPage returns a page on w. The flag --color decides whether it has colors; auto looks at NO_COLOR, and at whether w shows them.
func newPage(w io.Writer, color string, shows bool, width func() int) page {
	wanted := os.Getenv("NO_COLOR") == "" && shows
	return page{w, color == "always" || color == "auto" && wanted, width}
}

// wrapped prints text behind a head, in lines that fit the page. Lines after the first begin below the text.
func (p page) wrapped(head, text string) {
	const narrowest, widest = 32, 100 // columns: narrower cannot be read, and neither can wider
	fmt.Fprintln(p, layout.WrapIndented(head, text, max(narrowest, min(p.width(), widest))))
}

func (p page) bold(text string) string   { return p.paint("1", text) }
func (p page) red(text string) string    { return p.paint("31", text) }
func (p page) green(text string) string  { return p.paint("32", text) }
func (p page) yellow(text string) string { return p.paint("33", text) }

func (p page) paint(code, text string) string {
	if !p.colors || text == "" {
		return text
	}
	return "\x1b[" + code + "m" + text + "\x1b[0m"
}

// isTerminal reports whether a stream is a terminal that can move its cursor.
func isTerminal(stream any) bool {
	f, ok := stream.(*os.File)
	if !ok || os.Getenv("TERM") == "dumb" {
		return false
	}
	return term.IsTerminal(int(f.Fd())) && obeysEscapes(f)
}

const defaultColumns = 80

// terminalWidth returns how many columns a terminal has; defaultColumns if the stream is not a terminal.
func terminalWidth(stream any) int {
	if f, ok := stream.(*os.File); ok {
		if width, _, err := term.GetSize(int(f.Fd())); err == nil && width > 0 {
			return width
		}
	}
	return defaultColumns
}
