package console

import (
	"bufio"
	"context"
	"fmt"
	"strings"
)

// agrees asks whether to go on. Whatever is no clear yes is a no; so is the end of ctx.
func (c *Console) agrees(ctx context.Context, question string) bool {
	c.screen.hide()
	defer c.screen.show()
	fmt.Fprintf(c.err, "%s [y/N] ", c.err.bold(question))
	answer := make(chan string, 1)
	go func() {
		defer close(answer) // no answer is a no
		defer c.guard("the question")
		line, _ := bufio.NewReader(c.in).ReadString('\n')
		answer <- line
	}()
	select {
	case line := <-answer:
		if !strings.HasSuffix(line, "\n") {
			fmt.Fprintln(c.err)
		}
		return isYes(line)
	case <-ctx.Done():
		fmt.Fprintln(c.err)
		return false
	}
}

func isYes(answer string) bool {
	switch strings.ToLower(strings.TrimSpace(answer)) {
	case "y", "yes", "c", "có", "co":
		return true
	}
	return false
}
