//go:build unix

package cli

import "syscall"

// DisableCoreDumps keeps the system from writing this process's memory, which holds the key and the passwords, to a core file.
func DisableCoreDumps() { _ = syscall.Setrlimit(syscall.RLIMIT_CORE, &syscall.Rlimit{}) }
