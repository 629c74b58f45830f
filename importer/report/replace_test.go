package report

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"
)

// A file that is replaced is there whole, before and after, and nothing else is left behind.
func TestReplaceFile(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "m.prom")
	write := func(text string, failure error) error {
		return replaceFile(path, 0o644, func(w io.Writer) error {
			_, err := io.WriteString(w, text)
			return errors.Join(err, failure)
		})
	}
	if err := write("one", nil); err != nil {
		t.Fatal(err)
	}
	if err := write("two", errors.New("full")); err == nil {
		t.Error("no error")
	}
	text, _ := os.ReadFile(path)
	entries, _ := os.ReadDir(dir)
	if string(text) != "one" || len(entries) != 1 {
		t.Errorf("%q, and %d files", text, len(entries))
	}
	if replaceFile(dir, 0o644, nil) == nil {
		t.Error("a folder is written to")
	}
}
