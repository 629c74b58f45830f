//go:build !linux

package transport

import "time"

// giveUpAfter does nothing: this system has no such option. The reset of the connection has to do.
func (c *conn) giveUpAfter(time.Duration) error { return nil }
