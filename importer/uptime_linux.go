//go:build linux && !crashtest

package importer

import (
	"os"
	"strings"
	"sync"
	"time"

	"golang.org/x/sys/unix"
)

// uptime returns which boot of the machine this is and how long ago it was, sleep included. Nobody can set this clock; a
// time namespace can show another one, and counts as another boot.
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
	boot := strings.ReplaceAll(strings.TrimSpace(string(id)), "-", "")
	namespace, err := os.Readlink("/proc/self/ns/time") // none in older kernels
	if err == nil {
		boot += "." + strings.Trim(namespace, "time:[]")
	}
	return boot
})
