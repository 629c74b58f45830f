//go:build unix

// Measure runs a command and writes into a file what it took, its children included: wall-clock seconds, processor
// seconds (user and system) and the largest memory of one process in MB. The exit code is the command's.
//
//	measure FILE COMMAND [ARG]...
package main

import (
	"errors"
	"fmt"
	"log"
	"os"
	"os/exec"
	"runtime"
	"syscall"
	"time"
)

func main() {
	c := exec.Command(os.Args[2], os.Args[3:]...)
	c.Stdin, c.Stdout, c.Stderr = os.Stdin, os.Stdout, os.Stderr
	began := time.Now()
	err := c.Run()
	wall := time.Since(began)
	var failed *exec.ExitError
	if err != nil && !errors.As(err, &failed) {
		log.Fatal(err)
	}
	s := c.ProcessState
	line := fmt.Sprintf("%.4f %.4f %.1f\n", wall.Seconds(), (s.UserTime() + s.SystemTime()).Seconds(), peak(s))
	if err := os.WriteFile(os.Args[1], []byte(line), 0o600); err != nil {
		log.Fatal(err)
	}
	os.Exit(s.ExitCode())
}

// peak returns the largest memory in MB. No process can show less than this one had when it was started, some 10 MB.
func peak(s *os.ProcessState) float64 {
	most := float64(s.SysUsage().(*syscall.Rusage).Maxrss)
	if runtime.GOOS == "darwin" {
		return most / 1e6 // bytes there
	}
	return most * 1024 / 1e6
}
