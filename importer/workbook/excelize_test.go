package workbook

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
	"pgregory.net/rapid"
)

// Excelize is another reader and writer of workbooks. It is not a part of the program: it takes four times as long, and ten times
// the memory. What the two agree on is more certain.

// excelized returns a workbook that excelize writes.
func excelized(t testing.TB, f *excelize.File, o ...excelize.Options) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := f.Write(&b, o...); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// excelizeRows reads a sheet by excelize, as it is kept.
func excelizeRows(t testing.TB, file []byte, sheet string) [][]string {
	t.Helper()
	f, err := excelize.OpenReader(bytes.NewReader(file), excelize.Options{RawCellValue: true})
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := f.GetRows(sheet)
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

// filledRows drops what is no matter of the cells: empty rows, and empty cells at the end.
func filledRows(rows [][]string) (list []string) {
	for _, cells := range rows {
		if text := strings.TrimRight(strings.Join(cells, "\x00"), "\x00"); strings.Trim(text, "\x00 \t\r\n") != "" {
			list = append(list, text)
		}
	}
	return list
}

// TestExcelizeWrites: the texts and whole numbers of a workbook that excelize has written are read as they are.
func TestExcelizeWrites(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		f := excelize.NewFile()
		defer f.Close()
		rows := make([][]string, rapid.IntRange(1, 8).Draw(rt, "rows"))
		for r := range rows {
			rows[r] = make([]string, rapid.IntRange(0, 5).Draw(rt, "cells"))
			for c := range rows[r] {
				cell, _ := excelize.CoordinatesToCellName(c+1, r+1)
				if rapid.Bool().Draw(rt, "is a number") {
					n := rapid.Int64Range(0, 1e15-1).Draw(rt, "number")
					rows[r][c] = fmt.Sprint(n)
					_ = f.SetCellValue("Sheet1", cell, n)
					continue
				}
				rows[r][c] = rapid.StringMatching(`[ a-zA-Zễ<>&"'=_;\n]{0,8}`).Draw(rt, "text")
				_ = f.SetCellValue("Sheet1", cell, rows[r][c])
			}
		}
		file := excelized(t, f)
		if len(filledRows(rows)) == 0 {
			return
		}
		got, err := open(t, file, Options{}).ReadAll()
		if want := filledRows(rows); err != nil || strings.Join(filledRows(got), "\n") != strings.Join(want, "\n") {
			rt.Fatalf("%q, %v, want %q", got, err, want)
		}
	})
}

// TestExcelizeReads: excelize reads what a Writer has written.
func TestExcelizeReads(t *testing.T) {
	rows := [][]string{{"Nguyễn Thị Lan", "0903551200"}, {"=1+1", "1.30E+18"}, {"_x000D_ \x01", " 01/02/1990 "}, {"<b>&amp;</b>\n", `"`}}
	file := write(t, rows...)
	got := excelizeRows(t, file, "Danh sách")
	want := append([][]string{{"Họ và tên", "SĐT <&>"}}, rows...)
	if strings.Join(filledRows(got), "\n") != strings.Join(filledRows(want), "\n") {
		t.Errorf("%q", got)
	}
	f, err := excelize.OpenReader(bytes.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	style, _ := f.GetCellStyle("Danh sách", "B2")
	if s, err := f.GetStyle(style); err != nil || s.NumFmt != 49 {
		t.Errorf("a cell is not formatted as text: %v, %v", s, err)
	}
	if width, _ := f.GetColWidth("Danh sách", "A"); width != 30 {
		t.Errorf("the width %v", width)
	}
	if panes, err := f.GetPanes("Danh sách"); err != nil || !panes.Freeze || panes.YSplit != 1 {
		t.Errorf("the titles do not stay: %v, %v", panes, err)
	}
}

// TestExcelizeAgrees about what LibreOffice has written: the texts are the same.
func TestExcelizeAgrees(t *testing.T) {
	file := testdata(t, "employees.xlsx")
	r := open(t, file, Options{Sheet: "Nhân viên", HiddenRows: ReadHidden})
	other := excelizeRows(t, file, "Nhân viên")
	texts := 0
	for {
		cells, err := r.Read()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		for i, text := range cells {
			if r.Kind(i) != Text {
				continue
			}
			texts++
			if want := other[r.Row()-1][i]; text != want {
				t.Errorf("row %d: %q, want %q", r.Row(), text, want)
			}
		}
	}
	if texts < 20 {
		t.Errorf("%d texts", texts)
	}
}

// TestPassword: an encrypted workbook is told from an old one, although both are compound files.
func TestPassword(t *testing.T) {
	f := excelize.NewFile()
	defer f.Close()
	for _, rows := range []int{1, 50_000} {
		for r := range rows {
			_ = f.SetCellValue("Sheet1", fmt.Sprintf("A%d", r+1), r)
		}
		file := excelized(t, f, excelize.Options{Password: "x"})
		if got := refused(t, file, Options{}); !strings.HasPrefix(got, "this Excel workbook has a password; remove the password in Excel") {
			t.Errorf("%d bytes: %s", len(file), got)
		}
	}
}
