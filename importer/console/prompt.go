package console

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"strings"
)

// prompt asks a person questions. Whether one is asked at all, for example not with --yes, is decided by [New] and [Console.Confirm].
type prompt struct {
	in     io.Reader
	out    page
	screen *screen
	panics *panics
}

// confirm asks a question. answers says what to type. Anything but a clear yes is a no, and so is the end of ctx.
func (p *prompt) confirm(ctx context.Context, question, answers string) bool {
	p.screen.hide()
	defer p.screen.show()
	fmt.Fprintf(p.out, "%s\n%s ", p.out.bold(question), answers)
	answer := make(chan string, 1)
	go func() { // nothing interrupts the read when ctx ends
		defer close(answer) // without an answer it is a no
		defer p.panics.catch("question")
		line, _ := bufio.NewReader(p.in).ReadString('\n')
		answer <- line
	}()
	select {
	case line := <-answer:
		if !strings.HasSuffix(line, "\n") {
			fmt.Fprintln(p.out)
		}
		return isYes(line)
	case <-ctx.Done():
		fmt.Fprintln(p.out)
		return false
	}
}

// isYes takes English and Vietnamese.
func isYes(answer string) bool {
	switch strings.ToLower(strings.TrimSpace(answer)) {
	case "y", "yes", "c", "có", "co":
		return true
	}
	return false
}
