package ledger

import (
	"errors"
	"fmt"
	"io"
	"os"
	"syscall"
)

// Held says who has the lock of the ledger's result CSV, or had it when the machine or the process went down; "" if the last
// run ended in order. It takes no lock. running says that a process of that number is there; of another machine that
// cannot be told, and it is false.
func (l *Ledger) Held() (by string, running bool) {
	f, err := l.fs.Open(l.lockPath())
	if err != nil {
		return "", false
	}
	defer f.Close()
	text, err := io.ReadAll(f)
	if err != nil || len(text) == 0 {
		return "", false
	}
	by = holderName(string(text))
	return by, alive(by)
}

func alive(holder string) bool {
	var pid int
	var host, since string
	here, _ := os.Hostname()
	if n, _ := fmt.Sscanf(holder, "process %d on %s since %s", &pid, &host, &since); n < 2 || host != here {
		return false
	}
	p, err := os.FindProcess(pid)
	return err == nil && !errors.Is(p.Signal(syscall.Signal(0)), os.ErrProcessDone)
}
