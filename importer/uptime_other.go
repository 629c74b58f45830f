//go:build !linux && !crashtest

package importer

import "time"

// uptime says that this system does not tell which boot it is: then only what this process has seen counts.
func uptime() (boot string, up time.Duration) { return "", 0 }
