//go:build !linux

package transport

import "time"

// setUserTimeout does nothing: this system has no such option, and abort has to do.
func (c *conn) setUserTimeout(time.Duration) error { return nil }
