//go:build !windows

package ledger

import (
	"errors"
	"os"
	"syscall"
)

// isRunning reports whether a process of this number is there.
func isRunning(pid int) bool {
	found, err := os.FindProcess(pid)
	return err == nil && !errors.Is(found.Signal(syscall.Signal(0)), os.ErrProcessDone)
}
