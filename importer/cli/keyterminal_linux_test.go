package cli

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"
)

// inTerminal runs a command line of the program, which is this test binary, in a terminal of its own. Once it has printed "passphrase",
// the keys are typed. It returns how the program ended and what the terminal showed.
func inTerminal(t *testing.T, keys string, args ...string) (code int, shown string) {
	t.Helper()
	master, err := os.OpenFile("/dev/ptmx", os.O_RDWR|syscall.O_NOCTTY, 0)
	if err != nil {
		t.Skip("there are no terminals here")
	}
	defer master.Close()
	fd := int(master.Fd())
	number, err := unix.IoctlGetInt(fd, unix.TIOCGPTN)
	if err == nil {
		err = unix.IoctlSetPointerInt(fd, unix.TIOCSPTLCK, 0)
	}
	if err != nil {
		t.Skip("there are no terminals here")
	}
	terminal, err := os.OpenFile(fmt.Sprint("/dev/pts/", number), os.O_RDWR|syscall.O_NOCTTY, 0)
	if err != nil {
		t.Skip("there are no terminals here")
	}
	cmd := exec.Command(os.Args[0], append([]string{asKeyCommand, "program"}, args...)...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = terminal, terminal, terminal
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	terminal.Close()
	var all strings.Builder
	typed, buffer := false, make([]byte, 4096)
	for { // the end of the last process that has the terminal is an error here
		n, err := master.Read(buffer)
		all.Write(buffer[:n])
		if err != nil {
			break
		}
		if !typed && strings.Contains(all.String(), "passphrase") {
			typed = true
			_, _ = io.WriteString(master, keys)
		}
	}
	_ = cmd.Wait()
	return cmd.ProcessState.ExitCode(), all.String()
}

// At a terminal a key command can ask for a passphrase, by its standard input as by the terminal, and Ctrl-C ends it and the program,
// whatever the command makes of it.
func TestKeyCommandAtTerminal(t *testing.T) {
	withoutVariables(t)
	employees := filepath.Join(t.TempDir(), "e.csv")
	if err := os.WriteFile(employees, []byte("name,phone,password,extension_number\nLan,0903112351,Sen-trang-4471,1001\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"run", "check"} {
		for _, ask := range []string{"ask-terminal", "ask-input", "ask-stubborn"} {
			args := []string{
				name, "--base-url", "http://127.0.0.1:1/v1", "--account", "12", "--timeout", "1s",
				"--api-key-command", fmt.Sprintf(`"%s" %s %s`, os.Args[0], asKeyCommand, ask), employees,
			}
			if code, shown := inTerminal(t, "\x03", args...); code != 130 {
				t.Errorf("%s, %s, Ctrl-C: code %d, %s", name, ask, code, shown)
			}
			if name == "run" {
				continue // it waits for the API, which is not there
			}
			code, shown := inTerminal(t, testKey+"\n", args...)
			if code != 5 || !strings.Contains(shown, "This is a shop_key") {
				t.Errorf("%s, %s: code %d, %s", name, ask, code, shown)
			}
		}
	}
}
