package console_test

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/windows"

	"etelecom-import/apiclient/sandbox"
	"etelecom-import/importer/programtest"
)

// Ctrl-Break ends a run as Ctrl-C does: what was sent is waited for and is in the result, and the next run does the rest.
func TestCtrlBreak(t *testing.T) {
	t.Parallel()
	tenant, stop, err := sandbox.Start(sandbox.Config{Addr: "127.0.0.1:0", Extensions: 6, Latency: 200 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	defer stop()
	dir := t.TempDir()
	roster := "name,phone,password,extension_number\n"
	for i := range 6 {
		roster += fmt.Sprintf("Nguyễn Văn A,09031123%02d,Sen-trang-447%d,%d\n", i+10, i, 1001+i)
	}
	write(t, filepath.Join(dir, "e.csv"), []byte(roster))
	command := func() *exec.Cmd {
		cmd := exec.Command(program(t), "run", "--yes", "--rate", "0", "-j", "1", "e.csv")
		cmd.Dir = dir
		cmd.Env = append(os.Environ(), "ETELECOM_BASE_URL="+tenant.BaseURL(), "ETELECOM_API_KEY="+tenant.Key())
		return cmd
	}
	cmd := command()
	cmd.SysProcAttr = &syscall.SysProcAttr{CreationFlags: syscall.CREATE_NEW_PROCESS_GROUP} // else the event is this test's, too
	said := filepath.Join(dir, "said")
	if cmd.Stderr, err = os.Create(said); err != nil {
		t.Fatal(err)
	}
	defer cmd.Stderr.(*os.File).Close()
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	programtest.Until(t, "somebody is created", func() bool { return tenant.Totals().Creates > 0 })
	if err := windows.GenerateConsoleCtrlEvent(windows.CTRL_BREAK_EVENT, uint32(cmd.Process.Pid)); err != nil {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
		t.Skipf("there is no console: %v", err)
	}
	var exit *exec.ExitError
	if err := cmd.Wait(); !errors.As(err, &exit) || exit.ExitCode() != 130 {
		text, _ := os.ReadFile(said)
		t.Fatalf("%v\n%s", err, text)
	}
	created := tenant.Totals().Creates
	if created == 6 {
		t.Error("it did not end early")
	}
	if text, err := command().CombinedOutput(); err != nil {
		t.Fatalf("the next run: %v\n%s", err, text)
	}
	if r := tenant.Totals(); r.Creates != 6 || r.Overwrites != 0 {
		t.Errorf("creates %d, overwrites %d", r.Creates, r.Overwrites)
	}
}
