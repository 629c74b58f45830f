package ledger

import (
	"errors"
	"syscall"
)

// isRunning reports whether a process of this number is there. One that has ended can be opened while somebody has it open still, and
// that of another user cannot be opened although it runs.
func isRunning(pid int) bool {
	h, err := syscall.OpenProcess(syscall.SYNCHRONIZE, false, uint32(pid))
	if err != nil {
		return errors.Is(err, syscall.ERROR_ACCESS_DENIED)
	}
	defer syscall.CloseHandle(h)
	waited, err := syscall.WaitForSingleObject(h, 0)
	return err == nil && waited == syscall.WAIT_TIMEOUT
}
