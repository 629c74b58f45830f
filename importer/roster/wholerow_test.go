package roster

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"etelecom-import/importer/hint"
)

// TestRowsThatAreHidden puts the row of a person into another one, where no column is read, and above the header. None may vanish, and
// none of its cells is shown.
func TestRowsThatAreHidden(t *testing.T) {
	const (
		head = "name,phone,password,extension_number,ghi chú\n"
		wide = "name,phone,password,extension_number,a,b,c,d,e,f,g,h\n"
		lan  = "Lan,0903551200,Xanh-310,1001"
		hoa  = "Hoa,0903551202,Xanh-312,1003,cũ\n"
	)
	minh := func(by string) string { return strings.Join([]string{"Minh", "0903551201", "Xuan-9182", "1002"}, by) }
	swallowed := "with what looks like other rows between; remove it or close it"
	inCell := "line 2: a cell has a phone and delimiters in it: another row is in this cell; put each row on a line of its own"
	twice := "line 2: two rows are on this line; put each row on a line of its own"
	for name, c := range map[string]struct{ text, want string }{
		"line feed, semicolons":          {head + lan + ",\"mới\n" + minh(";") + ";x\n\"\n" + hoa, swallowed},
		"line feed, semicolons, 3 rows":  {head + lan + ",\"mới\n" + minh(";") + "\n" + minh(";") + "\n" + minh(";") + "\"\n" + hoa, swallowed},
		"line feed, tabs":                {head + lan + ",\"mới\n" + minh("\t") + "\n\"\n" + hoa, swallowed},
		"line feed, commas":              {head + lan + ",\"mới\n" + minh(",") + "\n\"\n" + hoa, swallowed},
		"backslash n":                    {head + lan + `,"mới\n` + minh(",") + "\"\n" + hoa, inCell},
		"backslash r n, pipes":           {head + lan + `,"mới\r\n` + minh("|") + "\"\n" + hoa, inCell},
		"br":                             {head + lan + `,"mới<br>` + minh(",") + ",x\"\n" + hoa, inCell},
		"br, semicolons, without quotes": {head + lan + `,mới<br/>` + minh(";") + "\n" + hoa, inCell},
		"backslash n, without quotes":    {head + lan + `,mới\n` + minh("|") + "\n" + hoa, inCell},
		"line separator":                 {head + lan + ",\"mới\u2028" + minh(",") + "\"\n" + hoa, inCell},
		"the whole cell":                 {head + lan + ",\"" + minh(",") + "\"\n" + hoa, inCell},
		"the whole cell, doubled quotes": {head + lan + ",\"\"\"" + minh("\"\",\"\"") + "\"\"\"\n" + hoa, inCell},
		"the whole cell, semicolons":     {head + lan + "," + minh(";") + "\n" + hoa, inCell},
		"the whole cell, other order":    {head + lan + ",0903551201;Minh;1002;\n" + hoa, inCell},
		"phone with a country code":      {head + lan + ",Minh;+84 903 551 201;;1002\n" + hoa, inCell},
		"in the first cell":              {"ghi chú,name,phone,password,extension_number\n\"" + minh(",") + "\"\n" + "x," + lan + "\n", inCell},
		"in the first cell, filled up":   {"ghi chú,name,phone,password,extension_number\n" + minh("|") + ",,,,\n" + "x," + lan + "\n", inCell},
		"backslash n, columns to spare":  {wide + lan + `,x\n` + minh(",") + ",y\n", "line 2, column 31: several rows are on this line, with \\n between them in place of a line break"},
		"a comma, columns without title": {"name,phone,password,extension_number,,,,\n" + lan + "," + minh(",") + "\n" + hoa, twice},
		"a comma, some without title":    {"name,phone,password,extension_number,ghi chú,,,\n" + lan + "," + minh(",") + "\n" + hoa, twice},
		"a comma, columns to spare":      {wide + lan + "," + minh(",") + "\n", twice},
		"a comma":                        {head + lan + "," + minh(",") + "\n" + hoa, twice},
		"a space":                        {head[:len(head)-len(",ghi chú\n")] + "\n" + lan + " " + minh(",") + "\n", twice},
		"a comma, and a note":            {head + lan + ",x," + minh(",") + ",y\n" + hoa, twice},
		"semicolons in a comma file":     {head + hoa + minh(";") + "\n", "line 3: this row is divided by semicolons, and the header is not; divide this row as the others"},
		"tabs in a comma file":           {head + hoa + minh("\t") + ";;\n", "line 3: this row is divided by tabs, and the header is not"},
		"above, semicolons":              {minh(";") + "\n" + head + hoa, "line 1: the header is on line 2, and this line above it has a phone; if the line is a person, move it below the header"},
		"above, pipes, two cells":        {"TITLE\nMinh|903551201\n\n" + head + hoa, "line 2: the header is on line 4, and this line above it has a phone"},
		"above, one cell":                {"0903.551.201\n" + head + hoa, "line 1: the header is on line 2"},
		"above, in quotes":               {"\"Minh;0903551201\",,,,\n" + head + hoa, "line 1: the header is on line 2"},
		"late header":                    {strings.Repeat("Dòng\n", 26) + head + hoa, "the header seems to be on line 27; only the first 20 lines are searched for it; delete the lines above it"},
	} {
		r, err := Read(strings.NewReader(c.text), Options{})
		said := ""
		if err != nil {
			said = err.Error() + "; " + hint.Of(err)
		} else {
			for p := range r.Problems() {
				said += fmt.Sprintf("line %d: %s; %s\n", p.Line, p.Words().Description, p.Words().Hint)
			}
		}
		if !strings.Contains(said, c.want) {
			t.Errorf("%s: %s\nwant %s", name, said, c.want)
		}
		if err == nil {
			said += told(r)
		}
		if strings.Contains(said, "Xuan") || strings.Contains(said, "0903551201") {
			t.Errorf("%s: it is shown: %s", name, said)
		}
	}
}

// TestNotesAreNoRows: notes may have phones, commas and line breaks, and a title may have the phone of the company.
func TestNotesAreNoRows(t *testing.T) {
	const head = "name,phone,password,extension_number,ghi chú\n"
	for _, note := range []string{
		"gọi 0901234567; hết giờ", "\"12 Lê Lợi, Quận 1,\nTP. HCM, 0901234567\"", "\"Số 5, 0901234567, Hà Nội, 100000\"", "\"Vợ: Hoa, 0901234567, Hà Nội, Việt Nam\"",
		"Hoa;0901234567;vợ;Hà Nội", "Hoa;0901234567;hoa.tran@shop.vn;Hà Nội", "a;b;c;d;e", "\"1, 2, 3, 0901234567\"", "Kho;1001;1002;1003", "x\\ny\\nz", "<b>a;b;c;d</b>",
		"0901234567;0901234568;0901234569;0901234570", "\"dòng 1\ndòng 2; 0901234567\"", "C:\\new\\nhan,vien", "Hoa - 0901234567 | Nam - 0901234568 | Minh - 0901234569 | Tú",
	} {
		cells := strings.Count(note, ",")
		if strings.HasPrefix(note, `"`) {
			cells = 0
		}
		text := strings.TrimSuffix(head, "\n") + strings.Repeat(",", cells) + "\nLan,0903551200,Xanh-310,1001," + note + "\nHoa,0903551202,Xanh-312,1003,cũ\n"
		r, err := Read(strings.NewReader(text), Options{})
		if err != nil {
			t.Errorf("%s: %v", note, err)
			continue
		}
		for p := range r.Problems() {
			t.Errorf("%s: line %d: %s", note, p.Line, p.Words().Message)
		}
		if len(r.Rows) != 2 {
			t.Errorf("%s: %s", note, told(r))
		}
	}
	for text, rows := range map[string]int{ // phones and extensions of other people have columns of their own
		"name,phone,password,ext,manager,manager phone,manager ext,office,note\nLan,0903551200,Xanh-310,1001,Hoa,0903551209,1009,Hà Nội\n":         1,
		"name,phone,password,ext,manager,manager phone,manager ext,office,note\nLan,0903551200,Xanh-310,1001,Hoa,0903551209,1009,Hà Nội,\n":        1,
		"name,phone,password,ext,manager,manager phone,manager ext,office,\nLan,0903551200,Xanh-310,1001,Hoa,0903551209,1009,Hà Nội,x\n":           1,
		"name,phone,password,ext,,,\nLan,0903551200,Xanh-310,1001,mới,0903551209,gọi sau 17:00\n":                                                  1,
		"name,phone,password,ext,người thân,SĐT người thân,quan hệ,ghi chú,x\nLan,0903551200,Xanh-310,1001,Hoa Trần,0903551209,vợ,gọi sau 17:00\n": 1,
	} {
		if r := read(t, text, Options{}); len(r.Rows) != rows || r.Problem(0) != nil {
			t.Errorf("%s: %s", text, told(r))
		}
	}
	for _, title := range []string{"CÔNG TY HOA SEN - ĐT: 0903551201", "Hotline:,0901234567", "Điện thoại;0901234567", "MST 0901234567", "Ngày 20/11/2026, 19001234"} {
		if r := read(t, title+"\n"+head+"Lan,0903551200,Xanh-310,1001,\n", Options{}); len(r.Rows) != 1 || r.Rows[0].Line != 3 {
			t.Errorf("%s: %s", title, told(r))
		}
	}
}

// TestNoRowIsHidden puts the row of one person somewhere behind that of another one. It has a row or a problem, or the file is refused.
func TestNoRowIsHidden(t *testing.T) {
	const secret = "Xuan-9182"
	rapid.Check(t, func(t *rapid.T) {
		delim := rapid.SampledFrom([]string{",", ";", "\t", "|"}).Draw(t, "delimiter")
		ignored := rapid.IntRange(1, 8).Draw(t, "ignored columns")
		titles := []string{"name", "phone", "password", "extension_number"}
		lan, minh := []string{"Lan", "0903551200", "Xanh-310", "1001"}, []string{"Trần Minh", "0903551201", secret, "1002"}
		order := rapid.Permutation([]int{0, 1, 2, 3}).Draw(t, "order")
		titles, lan, minh = pick(titles, order), pick(lan, order), pick(minh, order)
		for range ignored {
			titles, lan = append(titles, "ghi chú"), append(lan, rapid.SampledFrom([]string{"", "x", "mới"}).Draw(t, "note"))
		}
		inner := rapid.SampledFrom([]string{",", ";", "\t", "|"}).Draw(t, "inner delimiter")
		before := rapid.SampledFrom([]string{"", "mới"}).Draw(t, "before") + rapid.SampledFrom([]string{"\n", "\r\n", `\n`, "<br>", "\u2028", "_x000D_"}).Draw(t, "break")
		after := rapid.SampledFrom([]string{"", inner + "y", "\n", `\nx`}).Draw(t, "after")
		hidden := before + strings.Join(minh, inner) + after
		at := rapid.IntRange(4, len(lan)-1).Draw(t, "cell")
		lan[at] = hidden
		switch isLine := !strings.Contains(hidden, "\n"); {
		case isLine && inner == delim && rapid.Bool().Draw(t, "cells"): // its cells are those of the other row, as far as there are so many
			lan = append(lan[:at], strings.Split(hidden, delim)...)
		case !isLine || inner == delim || rapid.Bool().Draw(t, "quotes"):
			lan[at] = `"` + hidden + `"`
		}
		text := strings.Join(titles, delim) + "\n" + strings.Join(lan, delim) + "\nHoa\n"
		r, err := Read(strings.NewReader(text), Options{})
		if err != nil {
			if strings.Contains(err.Error()+hint.Of(err), secret) {
				t.Fatal(err)
			}
			return
		}
		if r.Problem(0) == nil {
			t.Fatalf("it is hidden: %q\n%s", text, told(r))
		}
	})
}

// TestNamesWithNumbers gives the name and the password of a row, and the kind of problem; "" if the name is told.
func TestNamesWithNumbers(t *testing.T) {
	const mixed, alone, withPassword, row = "name with a phone in it", "phone in place of a name", "name with the password in it", "a whole row in one cell"
	for _, c := range []struct{ name, password, kind string }{
		{"Hotline 02871001234", "Bien-xanh-310", ""},
		{"Hotline 028 7100 1234", "Bien-xanh-310", ""},
		{"Hotline: 0287.100.1234 (CSKH)", "Bien-xanh-310", ""},
		{"Tổng đài 1900636469", "Bien-xanh-310", ""},
		{"Tổng đài 1900 6364 69", "Bien-xanh-310", ""},
		{"Kho 2 (0912345678)", "Bien-xanh-310", ""},
		{"Lan 0903551200", "Bien-xanh-310", ""},
		{"Nguyễn Thị Lan - 0912345678", "Bien-xanh-310", ""},
		{"0912345678 Lan", "Bien-xanh-310", mixed},
		{"前台 0912345678", "Bien-xanh-310", ""},
		{"前台 0912345678 (夜)", "Bien-xanh-310", mixed},
		{"Nguyễn Lan HS2026000123", "Bien-xanh-310", ""},
		{"0903551200", "Bien-xanh-310", alone},
		{"0912345678", "Bien-xanh-310", alone},

		{"Lan 0903551201 Bien-xanh-310 1001", "Bien-xanh-311", mixed},
		{"Lan 0903551201 hoasen 1001", "Bien-xanh-311", mixed},
		{"Bien-xanh-310 0903551201", "Bien-xanh-311", mixed},
		{"Lan hoa310 0903551201", "Bien-xanh-311", mixed},
		{"Hotline 02871001234 Bien-xanh-310", "Bien-xanh-311", mixed},
		{"Lan 739155284", "Bien-xanh-310", mixed},
		{"Lan 1301234567890123001", "Bien-xanh-310", mixed},
		{"Lan, 0903551201, Bien-xanh-310", "Bien-xanh-311", row},
		{"Lan 0912345678", "0912345678", withPassword},
		{"Lan 0912.345.678", "0912345678", withPassword},
		{"Lan 0912 345 678", "0912 345 678", withPassword},
		{"agent01", "agent01", withPassword},
	} {
		r := read(t, cells([]string{c.name, "0903551299", c.password}), Options{})
		got := strings.Join(kindsOf(r), ", ")
		if got != c.kind || (got == "") != (r.Rows[0].Name == c.name) {
			t.Errorf("%q: %s; %s", c.name, got, told(r))
		}
		if shown := fmt.Sprintf("%+v %s", *r, told(r)); got != "" && strings.Contains(shown, c.name) {
			t.Errorf("%q is shown: %s", c.name, shown)
		}
	}
	if r := read(t, cells([]string{"0912345678"}), Options{AllowNames: true}); r.Rows[0].Name != "0912345678" || len(kindsOf(r)) > 0 || len(r.Doubts) == 0 {
		t.Error(told(r))
	}
}
