package console_test

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"etelecom-import/apiclient/sandbox"
	"etelecom-import/importer/programtest"
)

// bugs are panics that are put into goroutines of the program: the one that the variable BUG names happens.
var bugs = []struct{ name, file, before string }{
	{"progress", "importer/console/progress.go", "			f := rates.sample("},
	{"signals", "importer/cli/signals.go", "			stop = &importer.Stop{Kind: importer.Interrupted, Cause: SignalError{s}}"},
	{"journal", "importer/ledger/journal/writer.go", "	w.buf = w.buf[:0]\n	start := 0\n"},
}

// broken builds the program with all bugs in it.
func broken(t *testing.T) string {
	t.Helper()
	sources := map[string][]byte{}
	for _, b := range bugs {
		path := filepath.Join("../..", filepath.FromSlash(b.file))
		sources[path] = programtest.Changed(t, path, b.before, fmt.Sprintf("happens(%q)\n", b.name)+b.before)
		dir := filepath.Dir(path)
		sources[filepath.Join(dir, "happens.go")] = []byte("package " + filepath.Base(dir) + `
import "os"
func happens(bug string) {
	if os.Getenv("BUG") == bug {
		panic("the password is Sen-trang-4471")
	}
}
`)
	}
	return buildChanged(t, "broken", sources)
}

// TestBugs: a panic of a goroutine that no row runs in ends with exit code 70, too, and what it holds is not told. What only
// shows how the run goes does not keep the run from being done.
func TestBugs(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("a process cannot be interrupted here")
	}
	binary := broken(t)
	for _, c := range []struct {
		bug     string
		creates int64
	}{{"progress", 4}, {"signals", 0}, {"journal", 0}} {
		t.Run(c.bug, func(t *testing.T) {
			t.Parallel()
			tenant, stop, err := sandbox.Start(sandbox.Config{Addr: "127.0.0.1:0", Extensions: 4, Latency: 250 * time.Millisecond})
			if err != nil {
				t.Fatal(err)
			}
			defer stop()
			dir := t.TempDir()
			roster := "name,phone,password,extension_number\n"
			for i := range 4 {
				roster += fmt.Sprintf("Nguyễn Văn A,09031123%02d,Sen-trang-447%d,%d\n", i+10, i, 1001+i)
			}
			write(t, filepath.Join(dir, "e.csv"), []byte(roster))
			cmd := exec.Command(binary, "run", "--yes", "-j", "1", "--json", "e.csv")
			cmd.Dir = dir
			cmd.Env = append(os.Environ(), "BUG="+c.bug, "ETELECOM_BASE_URL="+tenant.BaseURL(), "ETELECOM_API_KEY="+tenant.Key())
			var stdout, stderr bytes.Buffer
			cmd.Stdout, cmd.Stderr = &stdout, &stderr
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			if c.bug == "signals" {
				for i := 0; i < 1000 && tenant.Totals().Creates == 0; i++ {
					time.Sleep(10 * time.Millisecond)
				}
				_ = cmd.Process.Signal(os.Interrupt)
			}
			_ = cmd.Wait()
			text := stderr.String() + stdout.String()
			if code := cmd.ProcessState.ExitCode(); code != 70 || !strings.Contains(text, "panic of type string") || strings.Contains(text, "Sen-trang") {
				t.Errorf("exit code %d, and:\n%s", code, text)
			}
			if n := strings.Count(text, "panic of type"); n != 2 { // to people, and in the object
				t.Errorf("it is told %d times:\n%s", n, text)
			}
			if err := checkJSON("etelecom-import run --json", stdout.String(), 70); err != nil {
				t.Error(err)
			}
			if c.bug != "signals" && (tenant.Totals().Creates != c.creates || !strings.Contains(text, `"stopped":"bug"`)) {
				t.Errorf("%d creates, and:\n%s", tenant.Totals().Creates, text)
			}
		})
	}
}
