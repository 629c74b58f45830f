// Package console is what a person sees of a run: what was read, the plan, the question, the progress, and how it ended.
// What a command is asked for goes to standard output, all other talk to standard error. No password is shown: nothing
// here ever gets one.
package console

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"strings"
	"sync/atomic"

	"golang.org/x/term"

	"etelecom-import/importer"
	"etelecom-import/importer/console/layout"
)

// Options say how a run talks. The zero value asks nothing of anybody, without colour. The tags are those of the command line.
type Options struct {
	Yes       bool   `short:"y" help:"Do not ask before the first write."`
	Quiet     bool   `short:"q" help:"Without trouble, say nothing."`
	JSON      bool   `help:"Print the summary as one JSON object, alone."`
	LogFormat string `default:"text" enum:"text,json" placeholder:"F" help:"text or json: the lines on standard error."`
	Color     string `default:"auto" enum:"auto,always,never" placeholder:"C" help:"auto, always or never."`
}

// Console talks to whoever started the program.
type Console struct {
	// SuggestAccount says that a plan shows how to have later runs make sure of the account.
	SuggestAccount bool

	opts   Options
	in     io.Reader
	screen screen
	out    printer // standard output
	err    printer // standard error
	log    *slog.Logger
	// terminal says that somebody watches standard error, asks that they can answer too.
	terminal, asks bool
	width          func() int                    // of the terminal, in columns
	bug            atomic.Pointer[importer.Stop] // the first panic of a goroutine of the console
}

// New returns a console on the three streams. It looks at the environment for NO_COLOR and TERM.
func New(o Options, stdin io.Reader, stdout, stderr io.Writer) *Console {
	c := &Console{opts: o, in: stdin, width: func() int { return columns(stderr) }}
	c.terminal = isTerminal(stderr)
	c.asks = c.terminal && isTerminal(stdin) && !o.Yes
	c.screen.terminal, c.screen.width = stderr, c.width
	c.out = printer{c.screen.behind(stdout), colour(o.Color, stdout)}
	c.err = printer{c.screen.behind(stderr), colour(o.Color, stderr)}
	c.log = logger(c.err, o.LogFormat)
	return c
}

func logger(w io.Writer, format string) *slog.Logger {
	if format == "json" {
		return slog.New(slog.NewJSONHandler(w, nil))
	}
	return slog.New(slog.NewTextHandler(w, nil))
}

// Terminal reports whether somebody watches.
func (c *Console) Terminal() bool { return c.terminal }

// isTerminal reports whether a stream is a terminal that can move its cursor.
func isTerminal(stream any) bool {
	f, ok := stream.(*os.File)
	return ok && term.IsTerminal(int(f.Fd())) && os.Getenv("TERM") != "dumb"
}

const defaultColumns = 80

func columns(stream any) int {
	if f, ok := stream.(*os.File); ok {
		if width, _, err := term.GetSize(int(f.Fd())); err == nil && width > 0 {
			return width
		}
	}
	return defaultColumns
}

// Warn says what people should know although the run goes on.
func (c *Console) Warn(text string) {
	if c.plain() {
		fmt.Fprintln(c.err, c.err.yellow("warning:"), strings.Map(layout.Printable, text))
		return
	}
	c.log.Warn(text)
}

// Note says what is good to know. Quiet keeps it.
func (c *Console) Note(text string) {
	switch {
	case c.opts.Quiet:
	case c.plain():
		fmt.Fprintln(c.err, strings.Map(layout.Printable, text))
	default:
		c.log.Info(text)
	}
}

// Stopping says that a signal has come and what follows.
func (c *Console) Stopping() {
	c.Note("stopping: the calls in flight are finishing; the same signal once more leaves at once")
}

// plain reports whether talk is for a person, and not for a log.
func (c *Console) plain() bool { return c.terminal && c.opts.LogFormat != "json" }

// Fail says in two lines what is wrong and what to do.
func (c *Console) Fail(err error) {
	wrong, todo := explain(err)
	if trace := stack(err); trace != nil {
		_, _ = c.err.Write(trace)
	}
	if c.opts.LogFormat == "json" {
		c.log.Error(wrong, "hint", todo)
		return
	}
	fmt.Fprintf(c.err, "%s %s\n%s %s\n", c.err.red("etelecom-import:"), wrong, c.err.bold("hint:"), todo)
}

// guard keeps a panic of what only shows from ending the process: the run goes on. It is told at once; Bug has it for the end.
func (c *Console) guard(where string) {
	if v := recover(); v != nil {
		bug := importer.Panicked(where, v)
		c.bug.CompareAndSwap(nil, bug)
		c.Fail(bug)
	}
}

// Bug returns err, and with it the panic of something that shows, if there was one.
func (c *Console) Bug(err error) error {
	if bug := c.bug.Load(); bug != nil {
		return errors.Join(bug, err)
	}
	return err
}

// speaks reports whether standard output is for people to read.
func (c *Console) speaks() bool { return !c.opts.Quiet && !c.opts.JSON }

// printJSON prints v alone in a line.
func (c *Console) printJSON(v any) {
	text, err := json.Marshal(v)
	if err != nil {
		panic(err) // structs of strings and numbers always have a JSON form
	}
	fmt.Fprintln(c.out, string(text))
}
