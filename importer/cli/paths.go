package cli

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"

	"etelecom-import/apiclient/message"
	"etelecom-import/importer/check"
	"etelecom-import/importer/console"
	"etelecom-import/importer/console/layout"
	"etelecom-import/importer/hint"
	"etelecom-import/importer/ledger"
	"etelecom-import/importer/sharing"
)

// stdinName is the argument that means standard input instead of a file.
const stdinName = "-"

// resultEnding ends the name of a result CSV that no flag names.
const resultEnding = ".result.csv"

// resultPath returns where the result CSV goes if no flag says so: beside the employee file, under its name with another ending.
func resultPath(employees string, sandbox bool) (string, error) {
	if employees == stdinName {
		return "", hint.New("the result file needs a name, because standard input has none", "name the result CSV with -o FILE")
	}
	if dir := filepath.ToSlash(filepath.Dir(employees)); dir == "/dev/fd" || strings.HasPrefix(dir, "/proc/") {
		return "", hint.With(message.Errorf("the result file needs a name, because %s has none", employees), "name the result CSV with -o FILE")
	}
	ending := resultEnding
	if sandbox {
		ending = ".sandbox" + ending
	}
	return strings.TrimSuffix(employees, filepath.Ext(employees)) + ending, nil
}

// checkDistinct refuses paths of which two lead to the same file: one would overwrite the other, or a file that belongs to the
// result. Paths that are not in use are empty.
func checkDistinct(employees, key, result string, reports ...string) error {
	kept := []string{employees, key}
	for i, path := range append([]string{result}, reports...) {
		for _, other := range kept {
			inUse := path != "" && other != "" && other != stdinName
			if inUse && same(path, other) {
				if path == other {
					return hint.With(message.Errorf("%s is named for two things, and one would overwrite the other", path), "name another file")
				}
				return hint.With(message.Errorf("%s would overwrite %s", path, other), "name another file")
			}
		}
		if kept = append(kept, path); i == 0 {
			kept = append(kept, ownedFiles(result)...)
		}
	}
	return nil
}

// ownedFiles returns the files beside a result CSV that belong to it, and beside the file that it is a link to.
func ownedFiles(result string) (files []string) {
	if result == "" {
		return nil
	}
	paths := []string{result}
	if target, err := filepath.EvalSymlinks(result); err == nil {
		paths = append(paths, target)
	}
	for _, path := range paths {
		files = append(files, ledger.SidecarFiles(path)...)
		files = append(files, sandboxState(path), sandboxLock(path))
	}
	return files
}

// same reports whether two paths lead to one file. A device, such as /dev/null or NUL, keeps nothing that could be overwritten.
func same(a, b string) bool {
	infoA, err := os.Stat(a)
	switch {
	case err == nil && infoA.Mode()&os.ModeDevice != 0:
		return false
	case filepath.Clean(a) == filepath.Clean(b):
		return true
	case err != nil:
		return false
	}
	infoB, err := os.Stat(b)
	return err == nil && os.SameFile(infoA, infoB)
}

// readableMatters is false on Windows, where a file's mode does not tell who may read it.
const readableMatters = runtime.GOOS != "windows"

// others is the bit of a file's mode that lets everybody on this computer read it.
const others = 0o004

// access returns who can read a file; nil where its mode does not tell.
func access(path string, info os.FileInfo) *check.Access {
	if !info.Mode().IsRegular() || !readableMatters {
		return nil
	}
	return &check.Access{Everybody: info.Mode().Perm()&others != 0, Command: "chmod 600 " + console.Quote(path)}
}

// warnOpenInLibreOffice warns of files that a run will write and that LibreOffice seems to have open. It is no reason to end the run: what
// tells so stays behind after a crash. Empty paths are skipped.
func warnOpenInLibreOffice(out *console.Console, paths ...string) {
	for _, path := range paths {
		if path == "" {
			continue
		}
		written := path
		if target, err := filepath.EvalSymlinks(path); err == nil { // as the ledger and LibreOffice do
			written = target
		}
		lock, err := ledger.OS{}.Open(sharing.LibreOfficeLock(written))
		if err != nil {
			continue // there is none, or it is no file
		}
		user, host := sharing.ReadLibreOfficeLock(lock)
		_ = lock.Close()
		if user == "" || host == "" {
			user, host = message.T("somebody"), message.T("some computer")
		}
		out.Warn(message.Sprintf("%s seems to be open in LibreOffice (%s on %s): close it before saving there, or what this run writes is overwritten", path, user, host))
	}
}

// named returns a path as it is named in a sentence.
func named(path string) string { return strconv.Quote(layout.OneLine(path)) }

// The warnings about a file with secrets. The verbs are the path and, quoted for a shell, the path again.
const (
	keyReadable       message.Text = "Everyone on this computer can read %s, and it contains the API key. To fix: chmod 600 %s"
	passwordsReadable message.Text = "Everyone on this computer can read %s, and it contains passwords. To fix: chmod 600 %s"
)

// warnReadable warns where others on this computer can read a file with secrets.
func warnReadable(out *console.Console, path string, warning message.Text) {
	info, err := os.Stat(path) // without opening it: a pipe can be opened once
	if err != nil {
		return // whoever opens it says so
	}
	if a := access(path, info); a != nil && a.Everybody {
		out.Warn(fmt.Sprintf(warning.String(), path, console.Quote(path)))
	}
}
