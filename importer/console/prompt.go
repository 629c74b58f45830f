package console

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"etelecom-import/apiclient/message"
)

// answerTime is how long a question waits for its answer.
const answerTime = 10 * time.Minute

// hangUpTime is how long the signal of a terminal that hangs up may take. What is read there ends before the signal comes. On
// Windows it is the same with Ctrl-C.
const hangUpTime = time.Second

// prompt asks a person questions at their terminal. Whether one is asked at all, for example not with --yes, is decided by
// [Console].
type prompt struct {
	terminal terminal
	out      page // on the terminal
	panics   *panics
	resumed  <-chan os.Signal
	end      func()
}

// close gives the terminal back.
func (p *prompt) close() {
	p.end()
	_ = p.terminal.Close()
}

// claimEvery is how often a question looks whether another one at the same terminal is over.
const claimEvery = 200 * time.Millisecond

// claim waits until no other run asks at the terminal. Without an error the question may be asked now. waited says that the other
// run has written to the terminal meanwhile.
func (p *prompt) claim(ctx context.Context) (waited bool, err error) {
	if p.terminal.claim() {
		return false, nil
	}
	fmt.Fprintln(p.out, message.T("Another run has asked a question in this terminal, and gets the answer. This run asks after it."))
	limit := time.NewTimer(answerTime)
	defer limit.Stop()
	look := time.NewTicker(claimEvery)
	defer look.Stop()
	for {
		select {
		case <-look.C:
			switch {
			case !p.terminal.foreground():
				return true, errBackground
			case p.terminal.claim():
				return true, nil
			}
		case <-limit.C:
			return true, errNoAnswer()
		case <-ctx.Done():
			return true, errNo
		}
	}
}

// Why nobody has agreed.
var (
	errNo         = message.New("the answer is no")
	errBackground = message.New("the run is in the background now, where nobody can answer")
)

func errNoAnswer() error { return message.Errorf("nobody has answered in %s", span(answerTime)) }

// confirm asks a question. answers says what to type. Nil is a clear yes; the error says why there is none. The end of ctx is a no.
func (p *prompt) confirm(ctx context.Context, question string, answers message.Text) error {
	ask := func() {
		p.terminal.prepare() // an answer from before the question is none
		fmt.Fprintf(p.out, "%s\n%s ", p.out.bold(question), answers)
	}
	ask()
	limit := time.NewTimer(answerTime)
	defer limit.Stop()
	typed := make(chan string, 1)
	go func() { // nothing interrupts the read when ctx ends
		defer close(typed) // without an answer it is a no
		defer p.panics.catch("question")
		line, _ := bufio.NewReader(p.terminal).ReadString('\n')
		typed <- line
	}()
	for {
		select {
		case line := <-typed:
			return p.judge(ctx, line, answers)
		case <-p.resumed: // after Ctrl-Z: the shell has written below the question
			if !p.terminal.foreground() {
				return errBackground
			}
			ask()
		case <-limit.C:
			fmt.Fprintln(p.out)
			return errNoAnswer()
		case <-ctx.Done():
			fmt.Fprintln(p.out)
			return errNo
		}
	}
}

// judge returns nil if a line is a clear yes. A line without an end is no answer: the person has ended it with Ctrl-D, or the
// terminal is gone.
func (p *prompt) judge(ctx context.Context, line string, answers message.Text) error {
	answer, whole := strings.CutSuffix(line, "\n")
	switch {
	case whole && isYes(answer, answers):
		return nil
	case whole:
		return errNo
	case !p.terminal.foreground():
		return errBackground
	}
	fmt.Fprintln(p.out)
	select {
	case <-ctx.Done():
	case <-time.After(hangUpTime):
	}
	return errNo
}

// yesWords are what agrees. A translation lists the words of its language, such as "c có co".
const yesWords message.Text = "y yes"

// isYes reports whether an answer agrees. y and yes always do. Other words do only where the person was asked in their language:
// in English, c reads as cancel.
func isYes(answer string, answers message.Text) bool {
	words := []string{"y", "yes"}
	if answers.String() != string(answers) {
		words = append(words, strings.Fields(yesWords.String())...)
	}
	return slices.Contains(words, strings.ToLower(strings.TrimSpace(answer)))
}
