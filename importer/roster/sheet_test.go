package roster

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"etelecom-import/importer/hint"
	"etelecom-import/importer/workbook"
)

// TestWorkbooks reads the workbooks that LibreOffice has made of one table: the same is understood of each.
func TestWorkbooks(t *testing.T) {
	const golden = "testdata/workbook.txt"
	for _, name := range []string{"employees.xlsx", "employees.xlsm", "employees.ods"} {
		got := outcome(filepath.Join("../workbook/testdata", name), Options{HiddenRows: workbook.ReadHidden})
		if *update && name == "employees.xlsx" {
			if err := os.WriteFile(golden, got, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		if want, err := os.ReadFile(golden); err != nil || !bytes.Equal(got, want) {
			t.Errorf("%s: %v; got\n%s", name, err, got)
		}
	}
}

// TestWorkbooksThatAreRefused: what is wrong with the file as a whole, and what to do.
func TestWorkbooksThatAreRefused(t *testing.T) {
	for _, c := range []struct {
		file          string
		o             Options
		problem, hint string
	}{
		{"employees.xlsx", Options{}, "2 hidden rows, perhaps by a filter: 7, 8", "--hidden-rows skip"},
		{"employees.xlsx", Options{Sheet: "Khác"}, `no sheet "Khác"; its sheets are`, "--sheet"},
		{"employees.xls", Options{}, ".xls", "save"},
		{"employees.html", Options{}, "web page", "save"},
		{"employees.fods", Options{}, "fods", "save"},
	} {
		_, err := ReadFile(filepath.Join("../workbook/testdata", c.file), c.o)
		if err == nil || !strings.Contains(err.Error(), c.problem) || !strings.Contains(strings.ToLower(hint.Of(err)), c.hint) {
			t.Errorf("%s: %v; hint: %s", c.file, err, hint.Of(err))
		}
	}
}

// TestWorkbookFromAPipe: a workbook is known by its content, and can come from anywhere.
func TestWorkbookFromAPipe(t *testing.T) {
	file, err := os.Open("../workbook/testdata/employees.xlsx")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	r, err := Read(struct{ io.Reader }{file}, Options{HiddenRows: workbook.SkipHidden})
	if err != nil || len(r.Rows) != 5 || r.Dialect.Sheet != "Nhân viên" {
		t.Errorf("%+v, %v", r, err)
	}
}
