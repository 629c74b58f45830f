//go:build unix

package cli

import (
	"os"
	"os/exec"
	"syscall"
	"testing"
	"time"
)

func interruptItself() {
	_ = syscall.Kill(os.Getpid(), syscall.SIGINT)
	time.Sleep(time.Minute) // it does not come to that
}

// Ctrl-C at a terminal ends the command, too, and perhaps before the program knows.
func TestKeyCommandEndedByCtrlC(t *testing.T) {
	if _, err := command("interrupted").run(t.Context()); ExitCode(nil, err) != 130 {
		t.Errorf("code %d: %v", ExitCode(nil, err), err)
	}
}

// At a terminal the command is in the program's own process group, and is killed with its descendants one by one.
func TestKillWithoutGroup(t *testing.T) {
	if _, err := exec.LookPath("ps"); err != nil {
		t.Skip("there is no ps")
	}
	address, connected, gone := lives(t)
	cmd := exec.Command(os.Args[0], asKeyCommand, "parent", address)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	conn := <-connected
	(&processTree{cmd.Process, false}).kill()
	_ = cmd.Wait()
	gone(conn)
}
