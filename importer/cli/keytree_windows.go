package cli

import (
	"io"
	"os"
	"os/exec"

	"golang.org/x/sys/windows"
)

// processTree is a command that is running, with what it has started: a job object holds all of them.
type processTree struct {
	process *os.Process
	job     windows.Handle // 0: the system made none
}

// startTree starts a command. It stays in the program's console, so that it can ask there for a passphrase and gets Ctrl-C.
func startTree(cmd *exec.Cmd) (*processTree, error) {
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	t := &processTree{process: cmd.Process}
	job, err := windows.CreateJobObject(nil, nil)
	if err != nil {
		return t, nil // the command itself can be killed all the same
	}
	process, err := windows.OpenProcess(windows.PROCESS_SET_QUOTA|windows.PROCESS_TERMINATE, false, uint32(cmd.Process.Pid))
	if err == nil {
		err = windows.AssignProcessToJobObject(job, process)
		_ = windows.CloseHandle(process)
	}
	if err != nil {
		_ = windows.CloseHandle(job)
		return t, nil
	}
	t.job = job
	return t, nil
}

// kill ends the command and what it has started.
func (t *processTree) kill() {
	if t.job != 0 {
		_ = windows.TerminateJobObject(t.job, 1)
	}
	_ = t.process.Kill()
}

// release is called when the command has ended by itself or was killed. What it has left running, such as an agent, continues.
func (t *processTree) release() {
	if t.job != 0 {
		_ = windows.CloseHandle(t.job)
	}
}

// terminalOf returns a stream if it is a console; nil else.
func terminalOf(stream io.Reader) *os.File {
	var mode uint32
	if f, ok := stream.(*os.File); ok && windows.GetConsoleMode(windows.Handle(f.Fd()), &mode) == nil {
		return f
	}
	return nil
}

// byInterrupt reports whether Ctrl-C has ended a process.
func byInterrupt(s *os.ProcessState) bool {
	const controlCExit = 0xC000013A
	return uint32(s.ExitCode()) == controlCExit
}
