//go:build unix

package console

import "syscall"

// NoCore keeps the system from writing this process's memory, which holds the key and the passwords, to a core file.
func NoCore() { _ = syscall.Setrlimit(syscall.RLIMIT_CORE, &syscall.Rlimit{}) }
