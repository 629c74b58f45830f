//go:build crashtest

package importer

import (
	"os"
	"time"
)

// uptime of a program that was built for the crash tests is the wall clock and what they add to it, so that an intent can
// grow old at once.
func uptime() (boot string, up time.Duration) {
	added, _ := time.ParseDuration(os.Getenv("CRASHTEST_UPTIME"))
	return "crashtest", time.Since(time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)) + added
}
