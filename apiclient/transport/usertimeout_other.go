//go:build !linux

package transport

import (
	"syscall"
	"time"
)

// setUserTimeout does nothing: this system has no such option, and abort has to do.
func setUserTimeout(syscall.RawConn, time.Duration) {}
