package report

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"etelecom-import/importer"
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

func TestMetrics(t *testing.T) {
	path := filepath.Join(t.TempDir(), "m.prom")
	at := time.Unix(1_700_000_000, 0)
	s := &importer.Summary{Requests: 7, Status: importer.StatusCounts{Done: 3}}
	if err := WriteMetrics(path, s, 0, at.Add(-2*time.Second), at); err != nil {
		t.Fatal(err)
	}
	if err := WriteMetrics(path, nil, 5, at, at.Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	text, _ := os.ReadFile(path)
	for _, want := range []string{
		"\netelecom_import_last_success_timestamp_seconds 1700000000\n", "\netelecom_import_last_run_timestamp_seconds 1700003600\n", "\netelecom_import_exit_code 5\n",
	} {
		if !strings.Contains("\n"+string(text), want) {
			t.Errorf("%q is not in\n%s", want, text)
		}
	}
}
