package report

import (
	"bytes"
	"encoding/csv"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"etelecom-import/importer/roster"
	"etelecom-import/importer/workbook"
)

// TestProblemsInBothFiles: the CSV and the workbook say the same of each problem. The workbook has every cell as it is; the CSV has
// an apostrophe before what a spreadsheet would take for a formula.
func TestProblemsInBothFiles(t *testing.T) {
	r, err := roster.Read(strings.NewReader("name,phone,password,extension_number\nAn,+84901,Bien-xanh-310,1001\nBình,8.49E+10,Bien-xanh-311,1002\n,,,1003\n"), roster.Options{})
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	list, book := filepath.Join(dir, "p.csv"), filepath.Join(dir, "p.XLSX")
	for _, path := range []string{list, book} {
		if err := WriteProblems(path, r, nil); err != nil {
			t.Fatal(err)
		}
	}
	text, err := os.ReadFile(list)
	if err != nil {
		t.Fatal(err)
	}
	bare, marked := bytes.CutPrefix(text, []byte("\uFEFF"))
	if !marked {
		t.Errorf("the CSV has no byte order mark: %.20q", text)
	}
	want, err := csv.NewReader(bytes.NewReader(bare)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	file, err := os.ReadFile(book)
	if err != nil {
		t.Fatal(err)
	}
	w, err := workbook.Open(bytes.NewReader(file), int64(len(file)), workbook.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	got, err := w.ReadAll()
	if err != nil || len(got) != 5 {
		t.Fatalf("%q, %v", got, err)
	}
	if want[1][3] != "'+84901" || got[1][3] != "+84901" {
		t.Errorf("a formula: %q in the CSV, %q in the workbook", want[1][3], got[1][3])
	}
	want[1][3] = got[1][3]
	for i := range want {
		if !slices.Equal(got[i], want[i]) {
			t.Errorf("%q, want %q", got[i], want[i])
		}
	}
}
