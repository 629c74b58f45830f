package roster

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"etelecom-import/importer/hint"
	"etelecom-import/importer/workbook"
)

// TestWorkbooks reads the workbooks that LibreOffice has made of one table: the same is understood of each.
func TestWorkbooks(t *testing.T) {
	for golden, names := range map[string][]string{
		"testdata/workbook.txt":        {"employees.xlsx", "employees.xlsm", "employees.ods"},
		"testdata/workbook-merged.txt": {"merged.xlsx", "merged.ods"},
		"testdata/workbook-forms.txt":  {"forms.xlsx", "forms.ods"},
	} {
		for i, name := range names {
			got := outcome(filepath.Join("../workbook/testdata", name), Options{HiddenRows: workbook.ReadHidden})
			if *update && i == 0 {
				if err := os.WriteFile(golden, got, 0o600); err != nil {
					t.Fatal(err)
				}
			}
			if want, err := os.ReadFile(golden); err != nil || !bytes.Equal(got, want) {
				t.Errorf("%s: %v; got\n%s", name, err, got)
			}
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

// sheetXML is a sheet of a workbook in a test: what is before its rows, the rows, and what is behind them.
type sheetXML struct{ state, before, rows, behind string }

// packWorkbook returns an Excel workbook. A cell of style 1 to 4 has a format: ;;; "0"0 0, and "0"@.
func packWorkbook(t *testing.T, sheets ...sheetXML) []byte {
	t.Helper()
	var file bytes.Buffer
	z := zip.NewWriter(&file)
	part := func(name, content string) {
		w, err := z.Create(name)
		if err == nil {
			_, err = io.WriteString(w, content)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	const kind = `Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/`
	list, relations := "", `<Relationship Id="s" `+kind+`styles" Target="styles.xml"/>`
	for i, s := range sheets {
		list += fmt.Sprintf(`<sheet name="S%d" state="%s" r:id="r%[1]d"/>`, i+1, s.state)
		relations += fmt.Sprintf(`<Relationship Id="r%d" %sworksheet" Target="s%[1]d.xml"/>`, i+1, kind)
		part(fmt.Sprintf("xl/s%d.xml", i+1), "<worksheet>"+s.before+"<sheetData>"+s.rows+"</sheetData>"+s.behind+"</worksheet>")
	}
	part("_rels/.rels", `<Relationships><Relationship Id="r" `+kind+`officeDocument" Target="xl/workbook.xml"/></Relationships>`)
	part("xl/workbook.xml", `<workbook xmlns:r="r"><sheets>`+list+`</sheets></workbook>`)
	part("xl/_rels/workbook.xml.rels", "<Relationships>"+relations+"</Relationships>")
	part("xl/styles.xml", `<styleSheet><numFmts><numFmt numFmtId="164" formatCode=";;;"/><numFmt numFmtId="165" formatCode="&quot;0&quot;0"/>`+
		`<numFmt numFmtId="166" formatCode="0,"/><numFmt numFmtId="167" formatCode="&quot;0&quot;@"/></numFmts>`+
		`<cellXfs><xf numFmtId="0"/><xf numFmtId="164"/><xf numFmtId="165"/><xf numFmtId="166"/><xf numFmtId="167"/></cellXfs></styleSheet>`)
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return file.Bytes()
}

// textRow returns a row of text cells. A cell that begins with < is taken as it is.
func textRow(cells ...string) string {
	row := "<row>"
	for _, c := range cells {
		switch {
		case c == "":
			row += "<c/>"
		case c[0] == '<':
			row += c
		default:
			row += `<c t="inlineStr"><is><t>` + c + `</t></is></c>`
		}
	}
	return row + "</row>"
}

// TestSheetsAsTheyAreSeen: what a person does not see in a workbook is not read in silence.
func TestSheetsAsTheyAreSeen(t *testing.T) {
	header := textRow("Họ và tên", "SĐT", "Mật khẩu", "Máy nhánh")
	person := func(i int) string {
		return textRow("Lê Hoa", fmt.Sprintf("090355120%d", i), fmt.Sprintf("Bien-xanh-31%d", i), fmt.Sprint(1000+i))
	}
	three := header + person(1) + person(2) + person(3)
	merged := func(refs ...string) string {
		list := ""
		for _, ref := range refs {
			list += `<mergeCell ref="` + ref + `"/>`
		}
		return "<mergeCells>" + list + "</mergeCells>"
	}
	phone := func(cell string) string { return header + textRow("Lê Hoa", cell, "Bien-xanh-310", "1001") }
	for _, c := range []struct {
		name  string
		sheet sheetXML
		want  []string // problems and notes
	}{
		{"nothing odd", sheetXML{rows: three}, nil},
		{"merged empty cells", sheetXML{rows: three + textRow("Phòng 1"), behind: merged("A5:D5", "E1:F9")}, nil},
		{"merged passwords", sheetXML{rows: three, behind: merged("C2:C3")}, []string{"line 3: password: a merged cell covers it, so that nobody sees what is in it"}},
		{"a merged row", sheetXML{rows: three, behind: merged("A4:D4")}, []string{"line 4: phone: a merged cell covers it, so that nobody sees what is in it"}},
		{"merged rows", sheetXML{rows: three, behind: merged("A2:D4")}, []string{
			"line 2: phone: a merged cell covers it, so that nobody sees what is in it", "line 3: name: a merged cell covers it, so that nobody sees what is in it",
			"line 4: name: a merged cell covers it, so that nobody sees what is in it",
		}},
		{"merged cells beside the list", sheetXML{rows: three + textRow("", "", "", "", "x", "y"), behind: merged("E5:F5")}, []string{"cells to the right of the last title are filled, and were not read [5]"}},
		{"merged titles", sheetXML{rows: three, behind: merged("C1:D1")}, []string{"extension_number: a merged cell covers the title of the column, which was read [1]"}},
		{
			"a formula",
			sheetXML{rows: header + textRow(`<c t="str"><f>A9</f><v>Lê Hoa</v></c>`, "0903551201", "Bien-xanh-310", `<c><f>A9</f><v>1001</v></c>`) + textRow("Lê Hoa", "0903551202", `<c t="str"><f>A9</f><v>x-y-z-1</v></c>`, "1002")},
			[]string{"name, password, extension_number: formulas were read as the spreadsheet last calculated them [2 3]"},
		},
		{"a formula that nobody has calculated", sheetXML{rows: phone(`<c><f>A9</f><v></v></c>`)}, []string{"line 2: phone: it is a formula that no spreadsheet has calculated", "phone: formulas were read as the spreadsheet last calculated them [2]"}},
		{"a phone with a zero of its format", sheetXML{rows: phone(`<c s="2"><v>903551201</v></c>`)}, nil},
		{"a phone in thousands", sheetXML{rows: phone(`<c s="3"><v>903551201000</v></c>`)}, []string{"line 2: phone: the spreadsheet shows something else than it keeps"}},
		{"a phone as a text with a zero of its format", sheetXML{rows: phone(`<c s="4" t="str"><v>903551201</v></c>`)}, []string{"line 2: phone: the spreadsheet shows something else than it keeps"}},
		{"a password that its format hides", sheetXML{rows: header + textRow("Lê Hoa", "0903551201", `<c s="1" t="str"><v>Bien-xanh-310</v></c>`, "1001")}, []string{"password: the format of the cell hides what is in it, and it was read [2]"}},
		{"a note beside the list", sheetXML{rows: header + textRow("Lê Hoa", "0903551201", "Bien-xanh-310", "1001", "", "nghỉ")}, []string{"cells to the right of the last title are filled, and were not read [2]"}},
		{
			"another list to the right, further down",
			sheetXML{rows: three + textRow("", "", "", "", "", "Tên", "SĐT", "Mật khẩu", "Máy nhánh") + textRow("", "", "", "", "", "Minh", "0903551209", "a-b-c-d", "1009")},
			[]string{"line 5: this is another header, with other columns than the first one"},
		},
		{"another list below", sheetXML{rows: three + textRow("STT", "Tên", "SĐT", "Mật khẩu", "Máy nhánh")}, []string{"line 5: this is another header, with other columns than the first one"}},
		{"a damaged cell", sheetXML{rows: header + textRow("Lê Hoa", `<c t="s"><v>7</v></c>`)}, []string{`sheet "S1", row 2: the workbook is damaged (cell B2)`}},
	} {
		got := sheetOutcome(packWorkbook(t, c.sheet), Options{})
		if !slices.Equal(got, c.want) {
			t.Errorf("%s:\n%q\nwant\n%q", c.name, got, c.want)
		}
		if text := fmt.Sprint(got); strings.Contains(text, "Bien-xanh") {
			t.Errorf("%s: a password is shown: %s", c.name, text)
		}
	}
}

// sheetOutcome reads a workbook and returns why it is refused, or its problems and notes.
func sheetOutcome(file []byte, o Options) (list []string) {
	r, err := Read(bytes.NewReader(file), o)
	if err != nil {
		return []string{err.Error()}
	}
	for p := range r.Problems() {
		list = append(list, fmt.Sprintf("line %d: %s", p.Line, p.Words().Description))
	}
	for _, n := range slices.Concat(r.Repaired, r.Warnings, r.Doubts) {
		text := n.Text
		if n.Count > 0 {
			text += " " + fmt.Sprint(n.Lines)
		}
		list = append(list, text)
	}
	return list
}

// TestOptionsOfTheOtherFormat: an option that cannot do what it asks for is refused. One that may come from the environment is told.
func TestOptionsOfTheOtherFormat(t *testing.T) {
	const text = "name,phone,password,extension\nLan,0903551200,Bien-xanh-310,1001\n"
	cells := textRow("name", "phone", "password", "extension") + textRow("Lan", "0903551200", "Bien-xanh-310", "1001")
	book := string(packWorkbook(t, sheetXML{rows: cells}))
	for _, c := range []struct {
		file string
		o    Options
		want string
	}{
		{text, Options{Sheet: "S1"}, "--sheet is for a workbook, and this file is not one"},
		{text, Options{HiddenRows: workbook.SkipHidden}, "a CSV does not say which rows were hidden, so --hidden-rows skip cannot leave them out"},
		{text, Options{HiddenRows: workbook.ReadHidden}, "--hidden-rows is for a workbook, and was not used: a CSV does not say which rows were hidden"},
		{book, Options{Sheet: "S1", HiddenRows: workbook.SkipHidden}, ""},
		{book, Options{Encoding: "windows-1258"}, "--encoding and --delimiter are for a CSV, and were not used for this workbook"},
		{book, Options{Delimiter: "semicolon"}, "--encoding and --delimiter are for a CSV, and were not used for this workbook"},
	} {
		if got := strings.Join(sheetOutcome([]byte(c.file), c.o), "; "); got != c.want {
			t.Errorf("%+v: %q, want %q", c.o, got, c.want)
		}
	}
}

// TestCoveredCellsOfDoneRows: a rule about names and passwords does not touch a row whose user was created.
func TestCoveredCellsOfDoneRows(t *testing.T) {
	r, err := ReadFile("../workbook/testdata/merged.xlsx", Options{})
	if err != nil {
		t.Fatal(err)
	}
	r.Judge(func(int) bool { return true })
	for i, row := range r.Rows {
		if p := r.Problem(i); (p != nil) != (row.Line == 4) { // where the phone is below a merged cell
			t.Errorf("line %d: %v", row.Line, p)
		}
	}
}

// TestHiddenSheetIsNotRead: people hide what they do not mean. It is named, so that they can choose it.
func TestHiddenSheetIsNotRead(t *testing.T) {
	list := textRow("name", "phone", "password", "extension") + textRow("Lan", "0903551200", "Bien-xanh-310", "1001")
	for _, state := range []string{"hidden", "veryHidden"} {
		file := packWorkbook(t, sheetXML{rows: textRow("Ghi chú")}, sheetXML{state: state, rows: list})
		got := strings.Join(sheetOutcome(file, Options{}), "; ")
		if got != `no sheet that is shown has a header that is understood; hidden sheets with one: "S2"` {
			t.Error(got)
		}
		if got := sheetOutcome(file, Options{Sheet: "S2"}); got != nil {
			t.Error(got)
		}
	}
}
