package console_test

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"testing"
	"unicode/utf8"

	"etelecom-import/importer/programtest"
)

func TestMain(m *testing.M) { os.Exit(programtest.Main(m)) }

// program returns the path of the real binary.
func program(t *testing.T) string {
	t.Helper()
	path, err := build()
	if err != nil {
		t.Fatal(err)
	}
	return path
}

var build = sync.OnceValues(func() (string, error) { return programtest.Build("etelecom-import", race()...) })

// race returns the flag for the race detector if this test has it.
func race() []string {
	info, _ := debug.ReadBuildInfo()
	if slices.Contains(info.Settings, debug.BuildSetting{Key: "-race", Value: "true"}) {
		return []string{"-race"}
	}
	return nil
}

// buildChanged builds the program with these sources in place of the files.
func buildChanged(t *testing.T, name string, sources map[string][]byte) (path string) {
	t.Helper()
	path, err := programtest.Build(name, append(race(), "-overlay", programtest.Overlay(t, sources))...)
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// TestHelp shows that every help fits a screen, in lines of 80 columns.
func TestHelp(t *testing.T) {
	t.Parallel()
	for command, lines := range map[string]int{"": 28, "run": 24, "run --help-all": 62, "check": 30, "status": 20, "report": 45, "passwords": 35, "slips": 35, "template": 20, "sandbox": 45, "completion": 20, "man": 20} {
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
	const file, place = "../cli/run.go", "r, err := readWithoutColumn("
	binary := buildChanged(t, "panics", map[string][]byte{
		file: programtest.Changed(t, file, place, `panic("the password is Sen-trang-4471"); `+place),
	})
	said, err := exec.Command(binary, "run", "--yes", "-o", filepath.Join(t.TempDir(), "r.csv"), "-").CombinedOutput()
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
