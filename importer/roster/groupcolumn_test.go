package roster_test

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/unicode/norm"

	"etelecom-import/importer/hint"
	"etelecom-import/importer/roster"
	"etelecom-import/importer/workbook"
)

const grouped = `STT,Họ tên,Số điện thoại,Mật khẩu,Máy nhánh,Phòng ban,Mật khẩu wifi,Tổ
1,Nguyễn Thị Lan,0903112351,Sen-trang-4471,1001,Kinh doanh,abc,Tổ 1
2,Trần Quốc Toản,0903112352,Sen-trang-4472,1002,  Kinh   doanh ,abc,
,Phòng Kế toán,,,,,,
3,Lê Thị Hạnh,0903112353,Sen-trang-4473,1003,Kế toán,abc,Tổ 2
4,Lý Thị Mai,0903112354,1004,Sen-trang-4474,Sen-trang-4474,abc,Tổ 2
`

// asWorkbook returns a CSV without quotes as a workbook.
func asWorkbook(t *testing.T, text string) string {
	t.Helper()
	rows := strings.Split(strings.TrimSpace(text), "\n")
	sheet := workbook.Sheet{Name: "Sheet1"}
	for _, title := range strings.Split(rows[0], ",") {
		sheet.Columns = append(sheet.Columns, workbook.Column{Title: title, Width: 20})
	}
	var b bytes.Buffer
	w := workbook.NewWriter(&b, sheet)
	for _, row := range rows[1:] {
		if err := w.Write(strings.Split(row, ",")...); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// A column is found by its title as people type it, and its cells are read beside the rows, which are read as ever.
func TestGroups(t *testing.T) {
	for form, text := range map[string]string{"csv": grouped, "xlsx": asWorkbook(t, grouped)} {
		plain, err := roster.Read(strings.NewReader(text), roster.Options{})
		if err != nil {
			t.Fatal(err)
		}
		for _, title := range []string{"Phòng ban", norm.NFD.String("PHÒNG  BAN "), "phong ban", "phòng_ban"} {
			r, err := roster.Read(strings.NewReader(text), roster.Options{GroupBy: title})
			if err != nil {
				t.Errorf("%s: %q: %v", form, title, err)
				continue
			}
			var groups []string
			for i := range r.Rows {
				groups = append(groups, r.Group(i))
			}
			// The last row has its cells in the wrong columns: the password, which nobody read, is in this one.
			if want := []string{"Kinh doanh", "Kinh doanh", "Kế toán", ""}; !slices.Equal(groups, want) {
				t.Errorf("%s: %q: %q, want %q", form, title, groups, want)
			}
			if len(r.Rows) != len(plain.Rows) || !slices.Equal(r.Dialect.NotPeople, plain.Dialect.NotPeople) {
				t.Errorf("%s: the rows are read in another way", form)
			}
		}
		if plain.Group(0) != "" {
			t.Error("a group that nobody asked for")
		}
	}
}

// A department that is written once, in cells that are merged beside its people, is that of all of them.
func TestMergedGroups(t *testing.T) {
	f := excelize.NewFile()
	for cell, text := range map[string]string{
		"A1": "Phòng ban", "B1": "Họ tên", "C1": "Số điện thoại", "D1": "Mật khẩu", "E1": "Máy nhánh", "A2": "Kế toán", "A4": "Kho", "A5": "cũ", "A6": "'@Bảo vệ",
	} {
		_ = f.SetCellStr("Sheet1", cell, text)
	}
	for i := range 5 {
		for column, text := range map[string]string{"B": "Nguyễn Văn Bình", "C": fmt.Sprintf("09031123%02d", 51+i), "D": fmt.Sprintf("Sen-trang-447%d", i), "E": fmt.Sprint(1001 + i)} {
			_ = f.SetCellStr("Sheet1", fmt.Sprint(column, i+2), text)
		}
	}
	_ = f.MergeCell("Sheet1", "A2", "A3")
	_ = f.MergeCell("Sheet1", "A4", "A5")
	var file bytes.Buffer
	if err := f.Write(&file); err != nil {
		t.Fatal(err)
	}
	r, err := roster.Read(bytes.NewReader(file.Bytes()), roster.Options{GroupBy: "phòng ban"})
	if err != nil {
		t.Fatal(err)
	}
	var groups []string
	for i := range r.Rows {
		groups = append(groups, r.Group(i))
	}
	if want := []string{"Kế toán", "Kế toán", "Kho", "Kho", "@Bảo vệ"}; !slices.Equal(groups, want) {
		t.Errorf("%q, want %q", groups, want)
	}
}

// No password can be a group, and no title that may be one is shown.
func TestGroupsRefused(t *testing.T) {
	const head = "Họ tên,Số điện thoại,Mật khẩu,Máy nhánh,"
	file := func(title, password, value string) string {
		return head + title + "\nNguyễn Thị Lan,0903112351,Sen-trang-4471,1001,Kho\nTrần Quốc Toản,0903112352," + password + ",1002," + value + "\n"
	}
	for _, c := range []struct {
		name, text, by, want string
	}{
		{"not there", file("Chi nhánh Bắc,Zx9-Hanoi", "x", "Kho,1"), "Phòng ban", `the columns are "Chi nhánh Bắc", column 6`},
		{"twice", file("Tổ,tổ ", "x", "Kho,1"), "TỔ", "the columns 5 and 6 both have"},
		{"twice, but not by accents", file("Ban,Bàn", "x", "Kho,1"), "ban", ""},
		{"the password", file("Tổ", "x", "Kho"), "mat khau", "has passwords"},
		{"another password", file("Mật khẩu wifi", "x", "Kho"), "Mật khẩu wifi", "has passwords"},
		{"the phone", file("Tổ", "x", "Kho"), "Số điện thoại", "groups nobody"},
		{"equal", file("Tổ", "Hoa-mai-77", "Hoa-mai-77"), "Tổ", "password of the file"},
		{"somebody else's", file("Tổ", "Hoa-mai-77", "Sen-trang-4471"), "Tổ", "password of the file"},
		{"inside", file("Tổ", "Hoa-mai-77", "KhoHoa-mai-77b"), "Tổ", "password of the file"},
		{"in other letters", file("Tổ", "Hoà-mai-77", "kho HOA - MAI - 77"), "Tổ", "password of the file"},
		{"short, equal", file("Tổ", "it1", "IT1"), "Tổ", "password of the file"},
		{"short, a word", file("Tổ", "5", "Tổ 5"), "Tổ", "password of the file"},
		{"short, between signs", file("Tổ", "k7", "Kho (K7)"), "Tổ", "password of the file"},
		{"short, in a word", file("Tổ", "kh", "Kho"), "Tổ", ""},
		{"with signs", file("Tổ", "12345678", "12.345.678"), "Tổ", "password of the file"},
		{"as money", file("Tổ", "12345678", "12'345'678 đ"), "Tổ", "password of the file"},
		{"as a large number", file("Tổ", "12345678", "1.2345678E+07"), "Tổ", "password of the file"},
		{"as a day", file("Tổ", "26112026", "2026-11-26"), "Tổ", "password of the file"},
		{"as a day, the year first", file("Tổ", "20261126", "2026-11-26"), "Tổ", "password of the file"},
		{"as a day of people", file("Tổ", "20261126", "26/11/2026"), "Tổ", "password of the file"},
		{"letter by letter", file("Tổ", "Matkhau77", "M-a-t-k-h-a-u-7-7"), "Tổ", "password of the file"},
		{"signs alone", file("Tổ", "!@#$%^&*", "Kho !@#$%^&*"), "Tổ", "password of the file"},
		{"pass wifi", file("Pass wifi", "x", "Kho"), "Pass wifi", "has passwords"},
		{"mk", file("MK ĐN", "x", "Kho"), "MK ĐN", "has passwords"},
		{"said, with the column emptied", file("Tổ", "", "mk: Hoa77"), "Tổ", "looks like one"},
		{"said in words", file("Tổ", "", "Mật khẩu là Hoamai77"), "Tổ", "looks like one"},
		{"said without a sign", file("Tổ", "", "pass Hoamai77"), "Tổ", "looks like one"},
		{"a key", file("Tổ", "", "shop1319018772084244922:fb069a72Zx9"), "Tổ", "looks like one"},
		{"marketing", file("Tổ", "", "Phòng MK 1"), "Tổ", ""},
		{"a department of passengers", file("Tổ", "", "Passenger service 2026"), "Tổ", ""},
		{"no password", file("Tổ", "", "Kho"), "Tổ", ""},
		{"a sign for none", file("Tổ", "-", "Kho - Đông"), "Tổ", ""},
		{"a word for none", file("Tổ", "null", "null"), "Tổ", ""},
	} {
		for form, text := range map[string]string{"csv": c.text, "xlsx": asWorkbook(t, c.text)} {
			_, err := roster.Read(strings.NewReader(text), roster.Options{GroupBy: c.by, ValidateOnly: true})
			if c.want == "" {
				if err != nil {
					t.Errorf("%s, %s: %v", c.name, form, err)
				}
				continue
			}
			shown := fmt.Sprint(err, hint.Of(err))
			if err == nil || !strings.Contains(shown, c.want) || hint.Of(err) == "" {
				t.Errorf("%s, %s: %v, want %q", c.name, form, err, c.want)
			}
			for _, secret := range []string{"Hoa-mai", "HOA", "4471", "Zx9", "it1", "k7"} {
				if strings.Contains(shown, secret) {
					t.Errorf("%s, %s: shows %q: %s", c.name, form, secret, shown)
				}
			}
		}
	}
}
