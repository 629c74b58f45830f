package console

import (
	"io"
	"os"
)

// printer is a stream that may have colours. Colours only stress what the words say.
type printer struct {
	io.Writer
	colours bool
}

// colour decides whether a stream has colours, by the flag, the environment and what the stream is.
func colour(flag string, stream any) bool {
	switch flag {
	case "always":
		return true
	case "auto":
		return os.Getenv("NO_COLOR") == "" && isTerminal(stream)
	}
	return false
}

func (p printer) paint(code, text string) string {
	if !p.colours || text == "" {
		return text
	}
	return "\x1b[" + code + "m" + text + "\x1b[0m"
}

func (p printer) bold(text string) string   { return p.paint("1", text) }
func (p printer) red(text string) string    { return p.paint("31", text) }
func (p printer) green(text string) string  { return p.paint("32", text) }
func (p printer) yellow(text string) string { return p.paint("33", text) }
