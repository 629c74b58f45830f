package importer

import (
	"os"
	"strings"
	"sync"
	"time"

	"golang.org/x/sys/unix"
)

// uptime returns which boot of the machine this is and how long ago it was, sleep included. Nobody can set this clock.
func uptime() (boot string, up time.Duration) {
	var since unix.Timespec
	if boot = bootID(); boot == "" || unix.ClockGettime(unix.CLOCK_BOOTTIME, &since) != nil {
		return "", 0
	}
	return boot, time.Duration(since.Nano())
}

var bootID = sync.OnceValue(func() string {
	id, err := os.ReadFile("/proc/sys/kernel/random/boot_id")
	if err != nil {
		return ""
	}
	return strings.ReplaceAll(strings.TrimSpace(string(id)), "-", "")
})
