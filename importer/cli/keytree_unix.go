//go:build unix

package cli

import (
	"io"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"
)

// processTree is a command that is running, with what it has started.
type processTree struct {
	process *os.Process
	own     bool // it has a process group of its own
}

// startTree starts a command. At a terminal it stays in the program's process group, since another one may neither ask there for a
// passphrase nor gets Ctrl-C. Elsewhere it gets a group of its own, which can be killed as a whole.
func startTree(cmd *exec.Cmd) (*processTree, error) {
	own := !atTerminal()
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: own}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	return &processTree{cmd.Process, own}, nil
}

// kill ends the command and what it has started.
func (t *processTree) kill() {
	pid := t.process.Pid
	if t.own {
		_ = syscall.Kill(-pid, syscall.SIGKILL)
		return
	}
	started := descendants(pid) // before their parent is gone
	_ = t.process.Kill()
	for _, pid := range started {
		_ = syscall.Kill(pid, syscall.SIGKILL)
	}
}

// release is called when the command has ended by itself or was killed.
func (t *processTree) release() {}

// descendants returns the processes that a process has started, and those that these have started, as ps tells them.
func descendants(pid int) (all []int) {
	table, err := exec.Command("ps", "-A", "-o", "pid=,ppid=").Output()
	if err != nil {
		return nil
	}
	children := map[int][]int{}
	for line := range strings.Lines(string(table)) {
		if fields := strings.Fields(line); len(fields) == 2 {
			child, _ := strconv.Atoi(fields[0])
			parent, _ := strconv.Atoi(fields[1])
			children[parent] = append(children[parent], child)
		}
	}
	for todo := []int{pid}; len(todo) > 0; todo = todo[1:] {
		all = append(all, children[todo[0]]...)
		todo = append(todo, children[todo[0]]...)
	}
	return all
}

// atTerminal reports whether the program has a terminal and is in its foreground.
func atTerminal() bool {
	terminal, err := os.OpenFile("/dev/tty", os.O_RDWR, 0)
	if err != nil {
		return false
	}
	defer terminal.Close()
	return inForeground(terminal)
}

func inForeground(terminal *os.File) bool {
	group, err := unix.IoctlGetInt(int(terminal.Fd()), unix.TIOCGPGRP)
	return err == nil && group == unix.Getpgrp()
}

// terminalOf returns a stream if it is the terminal in whose foreground the program is; nil else.
func terminalOf(stream io.Reader) *os.File {
	if f, ok := stream.(*os.File); ok && inForeground(f) {
		return f
	}
	return nil
}

// byInterrupt reports whether Ctrl-C has ended a process.
func byInterrupt(s *os.ProcessState) bool {
	status, ok := s.Sys().(syscall.WaitStatus)
	return ok && status.Signaled() && status.Signal() == syscall.SIGINT
}
