// Package programtest has what the tests share that run the program, or a whole job of it: they build the program, perhaps with a
// fault in its source, and check the promises afterwards.
package programtest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// Folder is where [Build] puts programs, while [Main] runs.
var Folder string

// Main runs the tests of a package that builds programs. Afterwards it removes them. It returns the exit code.
func Main(m *testing.M) (code int) {
	var err error
	if Folder, err = os.MkdirTemp("", "programtest"); err != nil {
		panic(err)
	}
	defer os.RemoveAll(Folder)
	return m.Run()
}

// Build builds the program with these flags of go build, and returns its path. It is for tests two folders below the module's.
func Build(name string, flags ...string) (path string, err error) {
	if err := lookAtSources(); err != nil {
		return "", err
	}
	if runtime.GOOS == "windows" {
		name += ".exe"
	}
	path = filepath.Join(Folder, name)
	args := append([]string{"build", "-buildvcs=false", "-o", path}, flags...)
	if out, err := exec.Command("go", append(args, "etelecom-import")...).CombinedOutput(); err != nil {
		return "", fmt.Errorf("go build: %w\n%s", err, out)
	}
	return path, nil
}

// lookAtSources makes the test depend on the program's source: go test takes an old result for good if nothing that the test has
// looked at has changed.
func lookAtSources() error {
	return filepath.WalkDir("../..", func(path string, _ os.DirEntry, err error) error {
		if filepath.Ext(path) == ".go" && !strings.HasSuffix(path, "_test.go") {
			_, err = os.Stat(path)
		}
		return err
	})
}

// Changed returns the source of a file with one text, which it has once, replaced by another.
func Changed(t testing.TB, file, old, changed string) []byte {
	t.Helper()
	source, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if n := bytes.Count(source, []byte(old)); n != 1 {
		t.Fatalf("%s has %q %d times, not once", file, old, n)
	}
	return bytes.Replace(source, []byte(old), []byte(changed), 1)
}

// Overlay returns the value of the flag -overlay with which go build and go test take these sources in place of the files. The
// files are not touched, and need not exist.
func Overlay(t testing.TB, sources map[string][]byte) (path string) {
	t.Helper()
	dir, replace := t.TempDir(), map[string]string{}
	for file, source := range sources {
		file, err := filepath.Abs(file)
		if err != nil {
			t.Fatal(err)
		}
		replace[file] = filepath.Join(dir, fmt.Sprintf("%d.go", len(replace)))
		write(t, replace[file], source)
	}
	index, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		t.Fatal(err)
	}
	path = filepath.Join(dir, "overlay.json")
	write(t, path, index)
	return path
}

func write(t testing.TB, path string, text []byte) {
	t.Helper()
	if err := os.WriteFile(path, text, 0o600); err != nil {
		t.Fatal(err)
	}
}
