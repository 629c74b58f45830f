//go:build unix

package report

import (
	"os"
	"syscall"
)

// foreign reports whether a file belongs to another user who is not the administrator.
func foreign(info os.FileInfo) bool {
	stat, ok := info.Sys().(*syscall.Stat_t)
	return ok && stat.Uid != 0 && int(stat.Uid) != os.Geteuid()
}
