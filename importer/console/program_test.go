package console_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"testing"
	"unicode/utf8"
)

// folder is where binaries are built.
var folder string

func TestMain(m *testing.M) {
	var err error
	if folder, err = os.MkdirTemp("", "console"); err != nil {
		panic(err)
	}
	code := m.Run()
	_ = os.RemoveAll(folder)
	os.Exit(code)
}

// program returns the path of the real binary.
func program(t *testing.T) string {
	t.Helper()
	path, err := build()
	if err != nil {
		t.Fatal(err)
	}
	return path
}

var build = sync.OnceValues(func() (string, error) {
	// That a test depends on these files shows only if it looks at them: without it, old results would be taken as good.
	err := filepath.WalkDir("../..", func(path string, _ os.DirEntry, err error) error {
		if filepath.Ext(path) == ".go" && !strings.HasSuffix(path, "_test.go") {
			_, err = os.Stat(path)
		}
		return err
	})
	if err != nil {
		return "", err
	}
	path := filepath.Join(folder, "etelecom-import"+suffix())
	return path, goBuild("-o", path)
})

// suffix is that of programs.
func suffix() string {
	if runtime.GOOS == "windows" {
		return ".exe"
	}
	return ""
}

// goBuild builds the program, with the race detector if this test has it.
func goBuild(flags ...string) error {
	args := append([]string{"build", "-buildvcs=false"}, flags...)
	info, _ := debug.ReadBuildInfo()
	if slices.Contains(info.Settings, debug.BuildSetting{Key: "-race", Value: "true"}) {
		args = append(args, "-race")
	}
	if out, err := exec.Command("go", append(args, "etelecom-import")...).CombinedOutput(); err != nil {
		return fmt.Errorf("go build: %w\n%s", err, out)
	}
	return nil
}

// TestHelp shows that every help fits a screen, in lines of 80 columns.
func TestHelp(t *testing.T) {
	t.Parallel()
	for command, lines := range map[string]int{"": 20, "run": 45, "check": 30, "status": 20, "sandbox": 45} {
		help, err := exec.Command(program(t), strings.Fields(command+" --help")...).CombinedOutput()
		if err != nil {
			t.Errorf("%s --help: %v", command, err)
		}
		if n := bytes.Count(help, []byte("\n")); n > lines {
			t.Errorf("%s --help has %d lines", command, n)
		}
		for line := range strings.Lines(string(help)) {
			if utf8.RuneCountInString(line) > 81 {
				t.Errorf("%s --help: wider than 80 columns: %s", command, line)
			}
		}
	}
}

// TestPanic shows that a bug has its exit code, and that what the panic holds is not told. It builds a program in which
// the reading of the roster has one.
func TestPanic(t *testing.T) {
	t.Parallel()
	const place = "r, err := readRoster("
	path, err := filepath.Abs("../cli/run.go")
	if err != nil {
		t.Fatal(err)
	}
	source, err := os.ReadFile(path)
	if err != nil || !bytes.Contains(source, []byte(place)) {
		t.Fatalf("run.go does not say %q; %v", place, err)
	}
	dir := t.TempDir()
	broken := filepath.Join(dir, "run.go")
	source = bytes.Replace(source, []byte(place), []byte(`panic("the password is Sen-trang-4471"); `+place), 1)
	write(t, broken, source)
	replaced, _ := json.Marshal(map[string]any{"Replace": map[string]string{path: broken}})
	write(t, filepath.Join(dir, "overlay.json"), replaced)
	binary := filepath.Join(dir, "broken"+suffix())
	if err := goBuild("-overlay", filepath.Join(dir, "overlay.json"), "-o", binary); err != nil {
		t.Fatal(err)
	}
	said, err := exec.Command(binary, "run", "-o", filepath.Join(dir, "r.csv"), "-").CombinedOutput()
	var exit *exec.ExitError
	if !errors.As(err, &exit) || exit.ExitCode() != 70 || !bytes.Contains(said, []byte("panic of type")) || bytes.Contains(said, []byte("Sen-trang")) {
		t.Errorf("%v, and:\n%s", err, said)
	}
}

func write(t *testing.T, path string, text []byte) {
	t.Helper()
	if err := os.WriteFile(path, text, 0o600); err != nil {
		t.Fatal(err)
	}
}
