package roster

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"fmt"
	"html"
	"io"
	"strings"
	"testing"

	"etelecom-import/importer/hint"
)

// inThreeFormats returns a table, which is given as a CSV, as a CSV, an .xlsx and an .ods.
func inThreeFormats(t *testing.T, text string) map[string][]byte {
	t.Helper()
	r := csv.NewReader(strings.NewReader(strings.ReplaceAll(text, "\n\n", "\n,\n"))) // a csv.Reader skips blank lines
	r.FieldsPerRecord = -1
	records, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	xlsx, ods := "", ""
	for _, cells := range records {
		ods += "<table:table-row>"
		for i, c := range cells {
			c = html.EscapeString(c)
			cells[i] = c
			ods += `<table:table-cell office:value-type="string"><text:p>` + c + `</text:p></table:table-cell>`
		}
		ods += "</table:table-row>"
		xlsx += textRow(cells...)
	}
	return map[string][]byte{"csv": []byte(text), "xlsx": packWorkbook(t, sheetXML{rows: xlsx}), "ods": packODS(t, ods)}
}

// packODS returns an .ods with one sheet.
func packODS(t *testing.T, rows string) []byte {
	t.Helper()
	var file bytes.Buffer
	z := zip.NewWriter(&file)
	for _, part := range [][2]string{
		{"mimetype", "application/vnd.oasis.opendocument.spreadsheet"},
		{"content.xml", `<office:document-content><office:body><office:spreadsheet><table:table table:name="S1">` + rows + `</table:table></office:spreadsheet></office:body></office:document-content>`},
	} {
		w, err := z.Create(part[0])
		if err == nil {
			_, err = io.WriteString(w, part[1])
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return file.Bytes()
}

// formOutcome says in short how a form is read: the lines of people, those with a problem (!), those that are none (-), and those that are
// probably none (?).
func formOutcome(t *testing.T, file []byte) string {
	t.Helper()
	r, err := Read(bytes.NewReader(file), Options{})
	if err != nil {
		if hint.Of(err) == "" {
			t.Errorf("%v has no hint", err)
		}
		return err.Error()
	}
	var out []string
	for i, row := range r.Rows {
		mark := ""
		if r.Problem(i) != nil {
			mark = "!"
		}
		out = append(out, fmt.Sprint(row.Line, mark))
	}
	for _, s := range r.Dialect.Skipped() {
		mark := map[string]string{"not_people": "-", "perhaps_people": "?", "above_header": "^"}[s.Code]
		if s.Rows > 9 {
			out = append(out, fmt.Sprintf("%s%d rows", mark, s.Rows))
			continue
		}
		for _, line := range s.Lines {
			out = append(out, fmt.Sprint(mark, line))
		}
	}
	if text := told(r); strings.Contains(text, "Bien-xanh") {
		t.Errorf("a password is shown: %s", text)
	}
	return strings.Join(out, " ")
}

// TestFormsInAllFormats: what lists have besides people is told to be none, in a CSV as in a workbook, and nobody vanishes.
func TestFormsInAllFormats(t *testing.T) {
	const (
		full  = "STT,Họ và tên,SĐT,Mật khẩu,Máy nhánh,Đã cấp,Phòng ban\n"
		lan   = "1,Nguyễn Thị Lan,0903551200,Bien-xanh-310,1001,TRUE,Kho\n"
		minh  = "2,Trần Văn Minh,0903551201,Bien-xanh-311,1002,TRUE,Kho\n"
		few   = "name,phone,password,ext\n"
		hoa   = "Hoa,0903551202,Bien-xanh-312,1003\n"
		tu    = "Tú,0903551203,Bien-xanh-313,1004\n"
		title = "DANH SÁCH NHÂN VIÊN,,,\n"
	)
	for _, c := range []struct{ name, text, want string }{
		{"numbered ahead", full + lan + strings.Repeat("3,,,,,,\n", 200), "2 -200 rows"},
		{"numbered ahead, then somebody", full + lan + strings.Repeat("3,,,,,,\n", 200) + minh, "2 203 -200 rows"},
		{"numbered ahead, nobody", full + strings.Repeat("3,,,,,,\n", 60), "-60 rows"},
		{"a column filled down", full + lan + strings.Repeat(",,,,,FALSE,Kho\n", 60) + minh, "2 63 -60 rows"},
		{"a column filled down, others", full + lan + ",,,,,,Kho lạnh\n,,,,,,Hoa\n", "2 -3 ?4"},
		{"a total below what is filled down", full + lan + strings.Repeat(",,,,,FALSE,\n", 60) + "Tổng cộng: 1,,,,,,\n,Nguyễn Hoa,,,,,\n", "2 -62 rows"},
		{"numbers with signs", full + lan + "02.,,,,,,\n(3),,,,,,\nA4,,,,,,\nNV0001,,,,,,\n" + minh, "2 7 -3 -4 -5 -6"},
		{"somebody in columns that nobody reads", full + lan + ",,,,,0903551209 ,Bien-xanh-319\n", "2 3!"},
		{"a phone in columns that nobody reads", full + lan + ",,,,,0903551209,\n", "2 ?3"},
		{"somebody in the column of the number", full + lan + "Lê Hoa,,,,,,\n", "2 ?3"},
		{"a phone in the column of the number", full + lan + "0903551209,,,,,,\n", "2 3!"},
		{"departments over all columns", full + "Phòng Kế toán,,,,,,\n" + lan + "Kho,,,,,,\n" + minh, "3 5 -2 -4"},
		{"departments of Roman numbers", full + "I,Kế toán,,,,,\n" + lan + "II,Kho,,,,,\n" + minh, "3 5 -2 -4"},
		{"departments of letters", full + "A.,Kế toán,,,,,\n" + lan + "B.,Kho,,,,,\n" + minh, "3 5 -2 -4"},
		{"departments without a number", full + lan + ",Kho,,,,,\n" + minh, "2 4 ?3"},
		{"somebody without a number", full + lan + ",Lê Văn Hoa,,,,,\n" + minh, "2 3! 4"},
		{"somebody with a Roman number", full + lan + "II,Lê Văn Hoa,,,,,\n" + minh, "2 4 ?3"},
		{"somebody with a number", full + lan + "2,Kho,,,,,\n" + minh, "2 3! 4"},
		{"a department and a phone", full + lan + "II,Kho,0903551209,,,,\n" + minh, "2 3! 4"},
		{"a department and a password", full + lan + "II,Kho,,Bien-xanh-319,,,\n" + minh, "2 3! 4"},
		{"a department and an extension", full + lan + "II,Kho,,,1009,,\n" + minh, "2 3! 4"},
		{"not all have numbers", full + lan + ",Lê Hoa,0903551209,Bien-xanh-319,1009,,\nII,Kho,,,,,\n" + minh, "2 3 4! 5"},
		{"no numbers", few + hoa + "Kho,,,\n" + tu, "2 3! 4"},
		{"a sum among people", few + hoa + "Cộng: 1 người,,,\n" + tu, "2 4 -3"},
		{"a sum among people, in columns", full + lan + ",Cộng,1,,1,,\n" + minh, "2 4 -3"},
		{"a page among people", few + hoa + "Trang 1/2,,,\n" + tu, "2 4 -3"},
		{"a director among people", few + hoa + "Tổng giám đốc,,,\n" + tu, "2 3! 4"},
		{"a sum with a password", few + hoa + "Cộng,,Bien-xanh-319,\n" + tu, "2 3! 4"},
		{"a sum of people", few + hoa + "Tổng cộng,,1 người,\n", "2 -3"},
		{"whom to call", few + hoa + "Hỗ trợ: 0901234567,,,\n", "2 ?3"},
		{"whom to call, in columns", few + hoa + "Hotline hỗ trợ:,0901234567,,\n", "2 ?3"},
		{"notes in the first column", full + lan + "Ghi chú:,,,,,,\n- Mật khẩu đổi sau lần đầu,,,,,,\n- Hỗ trợ: 0901234567,,,,,,\n", "2 -3 -4 ?5"},
		{"a desk to call", few + hoa + "Hotline,0901234567,Bien-xanh-319,1009\n", "2 3"},
		{"a desk to call without an extension", few + hoa + "Hotline,0901234567,,\n", "2 3!"},
		{"whom to call among people", few + hoa + "Hỗ trợ: 0901234567,,,\n" + tu, "2 3! 4"},
		{"titles in two languages", title + few + "Họ tên,SĐT,Mật khẩu,Máy nhánh\n" + hoa, "4 ^1 -3"},
		{"titles in two languages, blank between", title + "\n" + few + "Họ tên,SĐT,Mật khẩu,Máy nhánh\n" + hoa, "5 ^1 -4"},
		{"blocks", "Phòng A,,,\n" + few + hoa + "Phòng B,,,\n" + few + tu, "3 6 ^1 -4 -5"},
		{"blocks of other titles", "KHO A,,,\n" + few + hoa + "KHO B,,,\n" + few + tu, "3 6 ^1 -5 ?4"},
		{"somebody above the next header", "KHO A,,,\n" + few + hoa + "Lê Hoa,,,\n" + few + tu, "3 4! 6 ^1 -5"},
		{"pages", title + few + hoa + few + tu, "3 5 ^1 -4"},
		{"letterhead", "MST,0312345678,,\n" + few + hoa, "3 ^1"},
		{"letterhead, more", "Điện thoại:,02838221234,,\nSố TK,1903551209123,,\nAccount,1133188855605049284,,\nExported at,20261125083000,,\n" + few + hoa, "6 ^1 ^2 ^3 ^4"},
		{"letterhead, two beside each other", "MST:,0312345678,,Hotline:,0901234567\n" + full + lan, "3 ^1"},
		{"what to fill in", full + "Bắt buộc,Bắt buộc,Bắt buộc,(*),Bắt buộc,,Không bắt buộc\n" + lan, "3 -2"},
		{"marks", few + "(*),*,(*),(*)\n" + hoa, "3 -2"},
		{"what to enter, in brackets", full + ",(có dấu),(10 số),(tối thiểu 8 ký tự),(4 số),,\n" + lan, "3 -2"},
		{"examples", few + "VD: Nguyễn Văn A,VD: 0901234567,Ví dụ: Bien-xanh-319,VD: 1009\n" + hoa, "3 -2"},
		{"an example that does not say so everywhere", few + "VD: Nguyễn Văn A,VD: 0901234567,Bien-xanh-319,VD: 1009\n" + hoa, "2! 3"},
		{"blocks of titles in other words", few + hoa + "Họ và tên,SĐT,Mật khẩu,Máy nhánh\n" + tu, "2 4 -3"},
		{"kinds of cells", few + "Text,Text,Text,Number\n" + hoa, "3 -2"},
		{"numbers of columns as a spreadsheet reads them", few + "-1,-2,-3,-4\n" + hoa, "3 -2"},
		{"titles in another order at once", few + "phone,name,password,ext\n" + hoa, "line 2: this is another header, with other columns than the first one"},
		{"what to fill in, on each page", few + "(1),(2),(3),(4)\n*,*,*,*\n" + hoa + few + "(1),(2),(3),(4)\n" + tu, "4 7 -2 -3 -5 -6"},
		{"two lines of titles", "STT,Họ tên,SĐT,Tài khoản,\n,,,Mật khẩu,Ext\n1,Lan,0903551200,Bien-xanh-310,1001\n", "line 1: the header is on this line and the next one"},
		{"a second phone that is empty", "Name,Work Mobile,Work Phone,Password,Ext\nLan,0903551200,,Bien-xanh-310,1001\nHoa,0903551201,  ,Bien-xanh-311,1002\n", "2 3"},
		{"a second phone that is equal", "Name,Di động,Điện thoại,Password,Ext\nLan,0903551200,0903 551 200,Bien-xanh-310,1001\nHoa,0903551201,,Bien-xanh-311,1002\n", "2 3"},
		{"a second phone", "Name,Di động,Điện thoại,Password,Ext\nLan,0903551200,0903551200,Bien-xanh-310,1001\nHoa,0903551201,0903551209,Bien-xanh-311,1002\n", `line 1: the columns 2 ("Di động") and 3 ("Điện thoại") are both the phone`},
		{"a second phone alone", "Name,Di động,Điện thoại,Password,Ext\nLan,0903551200,,Bien-xanh-310,1001\nHoa,,0903551209,Bien-xanh-311,1002\n", `line 1: the columns 2 ("Di động") and 3 ("Điện thoại") are both the phone`},
		{"nothing but a second phone", "Name,Di động,Điện thoại,Password,Ext\nLan,0903551200,,Bien-xanh-310,1001\n,,0903551209,,\n", `line 1: the columns 2 ("Di động") and 3 ("Điện thoại") are both the phone`},
		{"a second phone that there is not", "Name,Di động,Điện thoại,Password,Ext\nLan,0903551200,-,Bien-xanh-310,1001\nHoa,0903551201,không có,Bien-xanh-311,1002\n", "2 3"},
		{"three phones", "Name,Di động,Điện thoại,Số ĐT,Password,Ext\nLan,0903551200,,,Bien-xanh-310,1001\n", "2"},
	} {
		for format, file := range inThreeFormats(t, c.text) {
			got := strings.TrimPrefix(formOutcome(t, file), `sheet "S1", `)
			if got != c.want {
				t.Errorf("%s, %s:\n got %s\nwant %s", c.name, format, got, c.want)
			}
		}
	}
}

// TestPeopleAboveTheHeader: nobody is skipped as a part of a letterhead.
func TestPeopleAboveTheHeader(t *testing.T) {
	const table = "name,phone,password,ext\nHoa,0903551202,Bien-xanh-312,1003\n"
	for _, row := range []string{
		"Minh,0903551201", "Minh,0903551201,Bien-xanh-311,1002", "Hotline,0903551201,Bien-xanh-311,1002", "Hỗ trợ 1,0903551201,,1002", "0903551201,Minh", "Minh,Bien-xanh-311,1133188855605049284",
	} {
		for format, file := range inThreeFormats(t, "TITLE\n"+row+"\n"+table) {
			if _, err := Read(bytes.NewReader(file), Options{}); err == nil || strings.Contains(err.Error()+hint.Of(err), "Bien-xanh") {
				t.Errorf("%s, %s: %v", row, format, err)
			}
		}
	}
}

// TestOneSheetCanBeRead: of several sheets with a header, the one is read that has all columns and people.
func TestOneSheetCanBeRead(t *testing.T) {
	head := textRow("Họ tên", "SĐT", "Mật khẩu", "Máy nhánh")
	lan := textRow("Lan", "0903551200", "Bien-xanh-310", "1001")
	list := sheetXML{rows: head + lan}
	for _, c := range []struct {
		name  string
		other sheetXML
		want  string // "": S1 is read
	}{
		{"a phone book", sheetXML{rows: textRow("Họ tên", "SĐT", "Máy nhánh") + textRow("Lan", "0903551200", "1001")}, ""},
		{"no phones", sheetXML{rows: textRow("Họ tên", "Mật khẩu", "Máy nhánh") + textRow("Lan", "Bien-xanh-310", "1001")}, ""},
		{"no row", sheetXML{rows: textRow("MẪU") + head + textRow("", "", "", "")}, ""},
		{"another list", list, "several sheets"},
		{"a row below blank ones", sheetXML{rows: head + strings.Repeat(textRow(""), 300) + lan}, "several sheets"},
		{"a title with a slip of the pen", sheetXML{rows: textRow("Họ tên", "SĐT", "Mật khẩuu", "Máy nhánh") + lan}, "several sheets"},
		{"a title that may be the extension", sheetXML{rows: textRow("Họ tên", "SĐT", "Mật khẩu", "Number") + lan}, "several sheets"},
		{"no header", sheetXML{rows: textRow("Hướng dẫn")}, "-"},
	} {
		for _, isFirst := range []bool{true, false} {
			sheets := []sheetXML{c.other, list}
			if isFirst {
				sheets = []sheetXML{list, c.other}
			}
			r, err := Read(bytes.NewReader(packWorkbook(t, sheets...)), Options{})
			isTold := err == nil && strings.Contains(told(r), "was read: no other one has all columns that are needed")
			switch {
			case c.want == "several sheets" && (err == nil || !strings.Contains(err.Error(), c.want)),
				c.want != "several sheets" && (err != nil || len(r.Rows) != 1 || isTold != (c.want == "")):
				t.Errorf("%s: %v, %v", c.name, r, err)
			}
		}
	}
}

// TestTrueAndFalse: a spreadsheet's own values in a column that nobody reads.
func TestTrueAndFalse(t *testing.T) {
	no := textRow("", "", "", "", `<c t="b"><v>0</v></c>`)
	file := packWorkbook(t, sheetXML{rows: textRow("Họ tên", "SĐT", "Mật khẩu", "Máy nhánh", "Đã cấp") + textRow("Lan", "0903551200", "Bien-xanh-310", "1001", `<c t="b"><v>1</v></c>`) + strings.Repeat(no, 998)})
	if got := formOutcome(t, file); got != "2 -998 rows" {
		t.Error(got)
	}
}

// TestSecondPhoneIsTold: which column was read, and that the other one was not needed.
func TestSecondPhoneIsTold(t *testing.T) {
	r := read(t, "Name,Di động,Điện thoại,Password,Ext\nLan,0903551200,0903551200,Bien-xanh-310,1001\n", Options{})
	if got := strings.Join(notesOf(r), "; "); got != `"Điện thoại" has no other phone than "Di động" in any row, and was not read` {
		t.Error(got)
	}
	if _, err := Read(strings.NewReader("Name,Di động,Điện thoại,Password,Ext\n"), Options{}); err == nil {
		t.Error("without a row, nothing shows that the second one is not needed")
	}
}

// TestManyRowsThatAreNone: they take no memory but for their lines.
func TestManyRowsThatAreNone(t *testing.T) {
	r := read(t, "STT,name,phone,password,ext\n1,Lan,0903551200,Bien-xanh-310,1001\n"+strings.Repeat("2,,,,\n", 100_000), Options{})
	if len(r.Rows) != 1 || len(r.Dialect.NotPeople) != 100_000 || cap(r.Rows) > 10_000 {
		t.Errorf("%d rows, %d others", len(r.Rows), len(r.Dialect.NotPeople))
	}
}

// TestRecent: what a csv.Reader has read is there, however it is cut into pieces.
func TestRecent(t *testing.T) {
	var text strings.Builder
	for i := range 3000 {
		fmt.Fprintf(&text, "%d,\"a\n%s\",b\n\n", i, strings.Repeat("x", i%700))
	}
	passed := &recent{in: strings.NewReader(text.String())}
	r := csv.NewReader(passed)
	for {
		passed.from = r.InputOffset()
		cells, err := r.Read()
		if err == io.EOF {
			return
		}
		if got := passed.cells(r.InputOffset(), ','); err != nil || strings.Join(got, "|") != strings.Join(cells, "|") {
			t.Fatalf("%q, want %q, %v", got, cells, err)
		}
		if len(passed.text) > 20_000 {
			t.Fatalf("%d bytes are kept", len(passed.text))
		}
	}
}
