package roster

import (
	"bytes"
	"errors"
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

// TestRowsAboveTheHeaderOfASheet: a person above the header is not skipped as a title.
func TestRowsAboveTheHeaderOfASheet(t *testing.T) {
	const head, lan = "name,phone,password,extension_number", "Lan,0903551200,Xanh-310,1001"
	for text, want := range map[string]string{
		"CÔNG TY HOA SEN|" + head + "|" + lan:                "",
		"Hotline:,0903551201|" + head + "|" + lan:            "",
		"Minh,0903551201|" + head + "|" + lan:                "row 1: the header is on row 2, and this row above it seems to belong below it",
		"TITLE|0903 551 201|" + head + "|" + lan:             "row 2: the header is on row 3",
		strings.Repeat("Dòng|", 26) + head + "|" + lan:       "the header seems to be on row 27; only the first 20 rows are searched for it",
		strings.Repeat("Dòng|", 26) + "x,y,z,1|" + lan + "|": "line 1: this line has 1 cell and is not a header",
	} {
		rows := strings.Split(text, "|")
		var file bytes.Buffer
		columns := make([]workbook.Column, 4)
		for i, title := range strings.Split(rows[0], ",") {
			columns[i].Title = title
		}
		w := workbook.NewWriter(&file, workbook.Sheet{Name: "x", Columns: columns})
		for _, row := range rows[1:] {
			if err := w.Write(strings.Split(row, ",")...); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		r, err := Read(bytes.NewReader(file.Bytes()), Options{})
		switch {
		case err != nil && (want == "" || !strings.Contains(err.Error(), want) || hint.Of(err) == ""):
			t.Errorf("%s: %v, want %s", text, err, want)
		case err == nil && (want != "" || len(r.Rows) != 1 || len(r.Dialect.Above) != 1):
			t.Errorf("%s: %+v, want %s", text, r.Dialect, want)
		}
	}
}

// TestRowsThatASheetHides: a program that reads a CSV with a stray quote has put rows into a cell.
func TestRowsThatASheetHides(t *testing.T) {
	minh := "Minh,0903551201,Xuan-9182,1002"
	for note, want := range map[string]string{
		"mới": "", "a;b;c;d": "", "gọi 0901234567; hết giờ, sau 5 giờ, hay là mai": "", "12 Lê Lợi, Quận 1,\nHà Nội, 0901234567": "",
		"mới\n" + minh:                         "a whole row in one cell",
		strings.ReplaceAll(minh, ",", ";"):     "a whole row in one cell",
		"x\r\n" + minh + ",\r\n" + minh + ",y": "a whole row in one cell",
	} {
		var file bytes.Buffer
		titles := []workbook.Column{{Title: "name"}, {Title: "phone"}, {Title: "password"}, {Title: "extension_number"}, {Title: "ghi chú"}}
		w := workbook.NewWriter(&file, workbook.Sheet{Name: "x", Columns: titles})
		if err := errors.Join(w.Write("Lan", "0903551200", "Xanh-310", "1001", note), w.Write("Hoa", "0903551202", "Xanh-312", "1003", ""), w.Close()); err != nil {
			t.Fatal(err)
		}
		r, err := Read(bytes.NewReader(file.Bytes()), Options{})
		if err != nil || len(r.Rows) != 2 {
			t.Fatalf("%s: %v", note, err)
		}
		if got := strings.Join(kindsOf(r), ","); got != want || strings.Contains(told(r), "9182") {
			t.Errorf("%s: %s, want %s", note, told(r), want)
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
