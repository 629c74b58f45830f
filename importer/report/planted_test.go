package report

import (
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"etelecom-import/importer/hint"
	"etelecom-import/importer/roster"
	"etelecom-import/importer/spreadsheet"
)

// A link that somebody else has put where a report goes is refused, and so is a chain that has one. One's own is followed.
func TestPlantedLinks(t *testing.T) {
	if os.Geteuid() != 0 || runtime.GOOS == "windows" {
		t.Skip("only an administrator can make files for others")
	}
	dir := t.TempDir()
	path := func(name string) string { return filepath.Join(dir, name) }
	const stranger = 12345
	if err := os.WriteFile(path("passwd"), []byte("as it was"), 0o644); err != nil {
		t.Fatal(err)
	}
	for name, to := range map[string]string{"planted": path("passwd"), "own": "passwd", "chain": "planted", "dangling": path("new")} {
		if err := os.Symlink(to, path(name)); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"planted", "dangling"} {
		if err := os.Lchown(path(name), stranger, stranger); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"planted", "chain", "dangling"} {
		failed := []error{
			CheckLinks("", path(name)),
			WriteMetrics(path(name), &Run{}),
			WriteProblems(path(name), &roster.Roster{}, nil),
		}
		for i, err := range failed {
			if hint.Of(err) == "" || !strings.Contains(err.Error(), "belongs to another user") {
				t.Errorf("%s, %d: %v", name, i, err)
			}
		}
	}
	if text, _ := os.ReadFile(path("passwd")); string(text) != "as it was" {
		t.Errorf("it was written to: %s", text)
	}
	if _, err := os.Lstat(path("new")); err == nil {
		t.Error("a file was made")
	}
	err := replaceFile(path("own"), 0o600, func(w io.Writer) error { _, err := io.WriteString(w, "new"); return err })
	if text, _ := os.ReadFile(path("passwd")); err != nil || string(text) != "new" {
		t.Errorf("%v; %s", err, text)
	}
}

// A cell of the list of problems is no formula, whatever a spreadsheet takes for the separator.
func TestProblemsAreNoFormulas(t *testing.T) {
	for cell, want := range map[string]string{
		"": "", "0865 979 17": "0865 979 17", "=1": "'=1", "+84": "'+84", "'a": "''a", "a;=cmd|'/c calc'!A1": "a;'=cmd|'/c calc'!A1", "a;\"=1": "a;'\"=1",
	} {
		if got := spreadsheet.DisplayText(cell); got != want {
			t.Errorf("%q: %q, want %q", cell, got, want)
		}
	}
}
