package cli

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"

	"etelecom-import/apiclient/message"
	"etelecom-import/importer"
	"etelecom-import/importer/hint"
)

// keyCommandLimit is how long a key command may take. A person may have to type a passphrase, or to touch a token.
const keyCommandLimit = 30 * time.Second

// signalGrace is how long a signal is waited for after a command has failed: Ctrl-C at a terminal ends both, the command first.
const signalGrace = 100 * time.Millisecond

// keyCommand is a command that prints the API key, such as "pass show etelecom/key".
type keyCommand struct {
	words  []string
	stdin  io.Reader // given to the command if it is the terminal; it may be the employee file else
	stderr io.Writer // the command's own, where it may ask for a passphrase; or spokenLines
	limit  time.Duration
}

// newKeyCommand makes a command of a command line.
func newKeyCommand(line string, stdin io.Reader, stderr io.Writer) (*keyCommand, error) {
	words, err := splitWords(line, runtime.GOOS != "windows")
	if err != nil {
		return nil, err
	}
	return &keyCommand{words, stdin, stderr, keyCommandLimit}, nil
}

// run returns what the command prints. It and what it has started are killed when ctx ends or the time is over. No error shows
// anything of what it prints.
func (c *keyCommand) run(ctx context.Context) ([]byte, error) {
	out := &firstBytes{most: maxKey + 1, full: make(chan struct{})}
	cmd := exec.Command(c.words[0], c.words[1:]...)
	cmd.Stdout, cmd.Stderr = out, c.stderr
	// An agent that the command has started and left in the background may have its output open for ever.
	cmd.WaitDelay = time.Second
	if in := terminalOf(c.stdin); in != nil {
		cmd.Stdin = in
	}
	tree, err := startTree(cmd)
	if err != nil {
		return nil, c.refused(c.notStarted(err))
	}
	defer tree.release()
	ended := make(chan error, 1)
	go func() {
		err := cmd.Wait()
		if spoken, ok := c.stderr.(*spokenLines); ok {
			spoken.end()
		}
		ended <- err
	}()
	limit := time.NewTimer(c.limit)
	defer limit.Stop()
	select {
	case err = <-ended:
	case <-ctx.Done():
		tree.kill()
		<-ended
		return nil, context.Cause(ctx)
	case <-out.full:
		tree.kill()
		<-ended
		return nil, c.refused(hint.New("--api-key-command prints far more than a key", string(printKey)))
	case <-limit.C:
		tree.kill()
		<-ended
		return nil, c.refused(hint.With(message.Errorf("--api-key-command did not end within %s, and was stopped", c.limit),
			"run that command by itself and see what it waits for, such as a passphrase. Then run this one again"))
	}
	if err != nil && !errors.Is(err, exec.ErrWaitDelay) {
		return nil, c.failed(ctx, cmd, err)
	}
	if len(bytes.TrimSpace(out.text)) == 0 {
		return nil, c.refused(hint.New("--api-key-command has printed nothing", string(printKey)))
	}
	return out.text, nil
}

const printKey message.Text = "run that command by itself: it has to print the key on its standard output, and nothing else"

// refused makes a Stop of what is wrong with a command. Running again does not help.
func (c *keyCommand) refused(err error) error {
	return &importer.Stop{Kind: importer.Refused, Cause: err}
}

// failed returns the error of a command that did not succeed. A command that Ctrl-C has ended is no failure of its own.
func (c *keyCommand) failed(ctx context.Context, cmd *exec.Cmd, err error) error {
	grace := time.NewTimer(signalGrace)
	defer grace.Stop()
	select {
	case <-ctx.Done():
		return context.Cause(ctx)
	case <-grace.C:
	}
	if byInterrupt(cmd.ProcessState) {
		return &importer.Stop{Kind: importer.Interrupted, Cause: SignalError{os.Interrupt}}
	}
	if exit := new(exec.ExitError); errors.As(err, &exit) && exit.ExitCode() >= 0 {
		return c.refused(hint.With(message.Errorf("--api-key-command has failed with exit code %d", exit.ExitCode()), string(c.whatToDo())))
	}
	return c.refused(hint.New("--api-key-command has failed", string(c.whatToDo())))
}

// meantForShell is a word of which a shell makes something else. By itself, at a shell, the same command works.
var meantForShell = regexp.MustCompile(`^~|^\(|\$|&&|\|\||[*?]`)

// whatToDo returns what to do about a command that has failed.
func (c *keyCommand) whatToDo() message.Text {
	if !isShell(c.words[0]) && slices.ContainsFunc(c.words[1:], meantForShell.MatchString) {
		return "no shell runs it, so ~, $, * and such signs are handed over as they are. Write sh -c '...' around the command, or whole paths"
	}
	return printKey
}

var shells = regexp.MustCompile(`^(?:(?:|ba|da|z|k|fi|c|tc)sh|busybox|cmd|powershell|pwsh|env|su|sudo|ssh)$`)

func isShell(program string) bool {
	name := strings.ToLower(program[strings.LastIndexAny(program, `/\`)+1:])
	return shells.MatchString(strings.TrimSuffix(name, ".exe"))
}

// notStarted returns why a command could not be started. The program is named unless it may be a key.
func (c *keyCommand) notStarted(err error) error {
	name := named(c.words[0])
	if showsSecret(c.words[0]) {
		name = message.T("its program")
	}
	switch {
	case strings.HasPrefix(c.words[0], "~"), strings.Contains(c.words[0], "$"), strings.Contains(c.words[0], "%"):
		return hint.With(message.Errorf("--api-key-command: %s was not found", name), "write the whole path: ~ and variables are not replaced here")
	case errors.Is(err, exec.ErrNotFound), errors.Is(err, fs.ErrNotExist):
		return hint.With(message.Errorf("--api-key-command: %s was not found", name),
			"check that it is installed, or write its whole path. A path with spaces needs quotes of its own. Cron and services have a shorter PATH than you")
	case errors.Is(err, exec.ErrDot):
		return hint.With(message.Errorf("--api-key-command: %s is in this folder, and not in PATH", name), "write its whole path")
	case errors.Is(err, fs.ErrPermission):
		return hint.With(message.Errorf("--api-key-command: %s may not be run", name), "check that it is a program, and who may run it")
	}
	return hint.With(message.Errorf("--api-key-command: %s cannot be started", name), string(printKey))
}

// spokenLines says each line that is written to it: what another program says then has the form of standard error, and its last line
// has an end.
type spokenLines struct {
	say  func(line string)
	mu   sync.Mutex // a program that was left behind may still write
	line []byte
}

// longestLine is how much of a line without an end is kept before it is said.
const longestLine = 8 << 10

// Write implements [io.Writer].
func (s *spokenLines) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for rest := p; len(rest) > 0; {
		line, behind, isWhole := bytes.Cut(rest, []byte("\n"))
		s.line, rest = append(s.line, line...), behind
		if isWhole || len(s.line) >= longestLine {
			s.speak()
		}
	}
	return len(p), nil
}

// end says what has no end of line yet.
func (s *spokenLines) end() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.speak()
}

func (s *spokenLines) speak() {
	if line := strings.TrimRight(string(s.line), " \t\r"); line != "" {
		s.say(line)
	}
	s.line = s.line[:0]
}

// firstBytes keeps the beginning of what is written to it, and closes full when there is more.
type firstBytes struct {
	most int
	text []byte
	full chan struct{}
}

// Write implements [io.Writer].
func (f *firstBytes) Write(p []byte) (int, error) {
	if len(f.text) == f.most {
		return len(p), nil
	}
	f.text = append(f.text, p[:min(len(p), f.most-len(f.text))]...)
	if len(f.text) == f.most {
		close(f.full)
	}
	return len(p), nil
}

// forShell is a word with which a shell would do something, or at whose end. Here it would be handed to the program as it is.
var forShell = regexp.MustCompile("^(?:[|&;]+|[0-9]?[<>].*|\\$\\(.*|`.*|.*(;))$")

// splitWords splits a command line into words as a shell does: at spaces that are not in quotes. Nothing in it is replaced. With
// backslashes, one takes the meaning of the character behind it, as a POSIX shell has it. Without, it is an ordinary character, as
// in the paths of Windows, but \" is a quote within double quotes.
func splitWords(line string, backslashes bool) (words []string, err error) {
	var (
		word          strings.Builder
		inWord, plain bool // plain: nothing of the word was in quotes
		quote         rune
		rest          = []rune(line)
	)
	end := func() {
		if inWord {
			words = append(words, word.String())
			if sign := forShell.FindStringSubmatch(word.String()); plain && err == nil && sign != nil {
				err = hint.With(message.Errorf("--api-key-command has %s in it, and no shell runs it", cmp.Or(sign[1], sign[0])),
					"write sh -c '...' around the command, or write it into a script and name that")
			}
		}
		word.Reset()
		inWord, plain = false, true
	}
	end()
	for i := 0; i < len(rest); i++ {
		r := rest[i]
		next := rune(0)
		if i+1 < len(rest) {
			next = rest[i+1]
		}
		switch {
		case r == '\\' && escapes(quote, next, backslashes):
			if next == 0 {
				return nil, hint.New("--api-key-command ends with a backslash", string(quoteRight))
			}
			word.WriteRune(next)
			inWord, plain = true, false
			i++
		case quote == 0 && (r == '"' || r == '\''):
			quote, inWord, plain = r, true, false
		case quote != 0 && r == quote:
			quote = 0
		case quote == 0 && strings.ContainsRune(" \t\r\n", r):
			end()
		default:
			word.WriteRune(r)
			inWord = true
		}
	}
	if quote != 0 {
		return nil, hint.With(message.Errorf("--api-key-command has a quote (%c) that does not end", quote), string(quoteRight))
	}
	end()
	if len(words) == 0 && err == nil {
		err = hint.New("--api-key-command is empty", string(quoteRight))
	}
	return words, err
}

const quoteRight message.Text = "write it as --api-key-command 'pass show etelecom/key', with other quotes inside"

// escapes reports whether a backslash before next takes its meaning, inside the given quote.
func escapes(quote, next rune, backslashes bool) bool {
	switch {
	case quote == '\'':
		return false
	case !backslashes:
		return quote == '"' && next == '"'
	case quote == '"':
		return strings.ContainsRune("\"\\$`", next)
	}
	return true
}
