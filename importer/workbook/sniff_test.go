package workbook

import (
	"strings"
	"testing"
)

// TestOtherFiles: a file that is no workbook is named as what it is, with how to save it.
func TestOtherFiles(t *testing.T) {
	for name, want := range map[string]string{
		"employees.xls":  "this is an old Excel file (.xls); in Excel: File, Save As, Excel Workbook (.xlsx)",
		"employees.html": "this is a web page (HTML), whatever its name is; open it in Excel; then File, Save As, Excel Workbook (.xlsx)",
		"employees.fods": "this is a flat XML spreadsheet (.fods); in LibreOffice: File, Save As, Excel 2007-365 (.xlsx)",
	} {
		if got := refused(t, testdata(t, name), Options{}); got != want {
			t.Errorf("%s: %s", name, got)
		}
	}
}

func TestHiddenRows(t *testing.T) {
	for _, name := range []string{"employees.xlsx", "employees.ods"} {
		file := testdata(t, name)
		if got := refused(t, file, Options{Header: isList}); !strings.Contains(got, "2 rows are hidden, perhaps by a filter: 7, 8; add --hidden-rows skip") {
			t.Errorf("%s: %s", name, got)
		}
		r := open(t, file, Options{Header: isList, HiddenRows: SkipHidden})
		rows, err := r.ReadAll()
		if len(rows) != 7 || err != nil || len(r.Hidden()) != 2 || r.Blank() != 2 {
			t.Errorf("%s: %d rows, %v, hidden %v, %d blank", name, len(rows), err, r.Hidden(), r.Blank())
		}
	}
}
