package roster

import (
	"errors"
	"strings"
	"testing"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"

	"etelecom-import/importer/hint"
)

// TestRefusedFiles gives files that are refused as a whole, and what is said: the problem, and behind a semicolon the hint.
func TestRefusedFiles(t *testing.T) {
	utf16 := func(s string) string {
		out, _ := unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM).NewEncoder().String(s)
		return out
	}
	const row = "An,0901234567,pw,1,\n"
	for name, c := range map[string]struct {
		text string
		o    Options
		want string
	}{
		"empty":               {"", Options{}, "the file is empty; the first line must have the columns name, phone, password, and extension_id or extension_number"},
		"blank":               {"\n,,,\n \n", Options{}, "the file is empty"},
		"no header":           {"An,0901234567,Secret99,1301234567890123457\n", Options{}, "line 1: this line has 4 cells and is not a header; the first line must have the columns"},
		"header below a row":  {row + header + row, Options{}, "line 1: the header is on line 2, and this line above it has a phone; if the line is a person, move it below the header"},
		"two headers below":   {"TITLE\n" + header + row + "phone;name;password;extension_id\n", Options{}, "the header seems to be on line 2"},
		"two levels":          {"name,phone,user,,\n,,,password,ext\n", Options{}, "line 1: the header is on this line and the next one; write all titles on one line"},
		"half a header below": {"TITLE\nname,phone\n", Options{}, "the header seems to be on line 2"},
		"half a header":       {"\n\nname,phone,x\n", Options{}, "line 3: there are no columns for password and extension_id or extension_number"},
		"missing column":      {"name,phone,extension_id\n", Options{}, `line 1: there is no column for password; the columns are "name", "phone", "extension_id"; the first line must have the columns`},
		"no extension":        {"name,phone,password\n", Options{}, "there is no column for extension_id or extension_number; the columns are"},
		"typo":                {"name,phone,pasword,extension_id\n", Options{}, `"pasword" is probably meant to be "password"`},
		"two missing":         {"name,phone,lương\n", Options{}, `line 1: there are no columns for password and extension_id or extension_number; the columns are "name", "phone", "lương"; the first line`},
		"typo in Vietnamese":  {"Họ tên,SĐT,Mật khẩuu,Mã máy nhánh\n", Options{}, `"Mật khẩuu" is probably meant to be "password"`},
		"a column twice":      {"name,phone,password,extension_id,Phone\n", Options{}, `line 1: the columns 2 ("phone") and 5 ("Phone") are both the phone; keep one of them`},
		"half a name":         {"STT,Họ đệm,Tên,SĐT,Mật khẩu,Máy nhánh\n1,Nguyễn Thị,Lan,0901234567,pw,101\n", Options{}, `the name is in two columns, "Họ đệm" and "Tên"; join them into one`},
		"half a name, too":    {"Name,Surname,phone,password,ext\n", Options{}, `the name is in two columns, "Surname" and "Name"`},
		"two for one":         {"name,phone,password,extension_id,Số điện thoại\n", Options{}, `2 ("phone") and 5 ("Số điện thoại") are both the phone`},
		"stray quote":         {header + "A\"n,0901234567,pw,1,\n", Options{}, "line 2, column 2: a stray quote"},
		"text after a quote":  {header + row + "\"Nguyễn\"An,0901234567,pw,1,\n", Options{}, "line 3, column 9: text after a closing quote; the cell began at line 3, column 1"},
		"space before quote":  {header + "An, \"0901234567\",pw,1,\n", Options{}, "line 2, column 5: a stray quote"},
		"open quote":          {header + "\"An,0901234567,pw,1,\n" + row, Options{}, "line 2, column 1: a quote is opened here and never closed"},
		"open quote, long":    {header + "\"An,0901234567,pw,1,\n" + strings.Repeat(row, 5000), Options{}, "line 2, column 1: the quote that is opened here is not closed within 64 KiB"},
		"swallowed rows":      {header + "\"An,0901234567,pw,1,\n" + row + "An\",0901234567,pw,1,\n", Options{}, "line 2, column 1: a quote is opened here and closed on line 4"},
		"swallowed tails":     {header + "An,0901234567,\"pw,1,\n" + row + "An,0901234567,pw\",1,\n", Options{}, "line 2, column 15: a quote is opened here and closed on line 4"},
		"swallowed raggedly":  {header + "An,0901234567,\"pw\n" + row + "x\"\n", Options{}, "line 2, column 15: a quote is opened here and closed on line 4"},
		"two half quotes":     {header + "\"An,0901234567,pw,1,\n\"Bình,0901234568,pw,1,\n", Options{}, "line 3, column 2: text after a closing quote; the cell began at line 2, column 1"},
		"NUL":                 {header + "An\x00,0901234567,pw,1,\n", Options{}, "line 2, column 3: a NUL byte"},
		"lone CR":             {strings.ReplaceAll(header+row, "\n", "\r"), Options{}, "line 1, column 50: a carriage return without a line feed"},
		"lone CR, late":       {header + row + "An\r,0901234567,pw,1,\n", Options{}, "line 3, column 3: a carriage return"},
		"giant old Macintosh": {strings.Repeat(header[:40]+"\r", 10000), Options{}, "line 1, column 41: a carriage return"},
		"giant cell":          {header + "An," + strings.Repeat("9", 70_000) + ",pw,1,\n", Options{}, "line 2, column 4: the cell is larger than 64 KiB"},
		"giant quoted cell":   {header + "An,\"" + strings.Repeat("9", 70_000) + "\",pw,1,\n", Options{}, "line 2, column 4: the quote that is opened here is not closed within 64 KiB"},
		"10 MB cell":          {header + "An," + strings.Repeat("9", 10<<20) + ",pw,1,\n", Options{}, "line 2: the row is longer than 256 KiB"},
		"endless header":      {strings.Repeat("\"a\nb\",", 100_000), Options{}, "line 1: the row is longer than 256 KiB"},
		"not UTF-8":           {header + "Nguy\xeen,0901234567,pw,1,\n", Options{}, "line 2, column 5: the file is not UTF-8; save the file again as CSV UTF-8"},
		"UTF-16, no mark":     {utf16(header), Options{}, "the file looks like UTF-16 without a byte order mark; save it as UTF-8, or run again with --encoding utf-16le"},
		"UTF-16, which":       {utf16(header), Options{Encoding: "UTF-16"}, "give --encoding utf-16le or utf-16be"},
		"not UTF-16":          {header, Options{Encoding: "UTF-16LE"}, "the file is not UTF-16LE; run again without --encoding"},
		"broken UTF-16":       {"\xff\xfe" + utf16(header+"An") + "\x00\xd8" + utf16(",1,pw,1,\n"), Options{}, "line 2, column 3: a character that does not exist in this encoding"},
		"wrong mark":          {"\ufeff" + header, Options{Encoding: "windows-1258"}, "the file begins with the byte order mark of UTF-8, so it is not windows-1258; run again without --encoding"},
		"unknown encoding":    {header, Options{Encoding: "klingon"}, `the encoding "klingon" is not known`},
		"undefined byte":      {header + "\x8a,1,pw,1,\n", Options{Encoding: "windows-1258"}, "line 2, column 1: a character that does not exist in this encoding"},
		"unknown delimiter":   {header, Options{Delimiter: "x"}, `the delimiter "x" is not known; give comma, semicolon, tab or pipe`},
		"wrong delimiter":     {header, Options{Delimiter: "tab"}, "line 1: this line has 1 cell and is not a header"},
	} {
		t.Run(name, func(t *testing.T) {
			r, err := Read(strings.NewReader(c.text), c.o)
			if err == nil {
				t.Fatalf("it is read: %v", r)
			}
			said := err.Error() + "; " + hint.Of(err)
			if !strings.Contains(said, c.want) || hint.Of(err) == "" {
				t.Fatalf("%s\nwant %s", said, c.want)
			}
			if strings.Contains(said, "Secret99") {
				t.Error("a password is shown")
			}
		})
	}
}

// TestEmptyFiles: a file with nothing in it can be told from every other one that is refused.
func TestEmptyFiles(t *testing.T) {
	for text, empty := range map[string]bool{
		"": true, "\ufeff": true, "\n,,,\n \n": true, string(packWorkbook(t, sheetXML{})): true,
		"a,b\n": false, header: false, "\xff\xfe": true,
	} {
		if _, err := Read(strings.NewReader(text), Options{}); errors.Is(err, ErrEmpty) != empty {
			t.Errorf("%.20q: %v", text, err)
		}
	}
}

// TestLongCellsThatAreNoMatter: what is ignored may be long, and have lines and delimiters.
func TestLongCellsThatAreNoMatter(t *testing.T) {
	note := "\"12 Lê Lợi, phường 1,\nQuận 1, TP. HCM\n" + strings.Repeat("x", 60_000) + "\""
	r := read(t, "name,phone,password,ext,note\nAn,0901234567,pw,101,"+note+"\nBình,0901234568,pw,102,\n", Options{})
	if len(r.Rows) != 2 || r.Problem(0) != nil || r.Rows[1].Line != 5 {
		t.Errorf("%+v %s", r.Rows, told(r))
	}
}

func TestHeaders(t *testing.T) {
	for _, h := range []string{
		"name,phone,password,extension_id", "full_name,Phone Number,PASSWORD,Extension-ID", "Employee Name,mobile,Password,extension id",
		"Họ tên,Số điện thoại,Mật khẩu,Mã máy nhánh", "HỌ VÀ TÊN,SĐT,MẬT KHẨU,MÃ MÁY NHÁNH", "ho ten,dien thoai,mat khau,ma may nhanh",
		"Tên nhân viên,Điện thoại,Mật khẩu *,Mã máy nhánh (19 số)", "ho_va_ten,so_dien_thoai,mat_khau,ma_may_nhanh",
		"\u200bname , phone,password,\"extension\nid\"", "Ho\u0323 te\u0302n,SĐT,Mật khẩu,Extension ID",
	} {
		r := read(t, h+"\nAn,0901234567,pw,7\n", Options{})
		if row := r.Rows[0]; row.Name != "An" || row.Phone == 0 || row.Password.Reveal() != "pw" || row.ExtensionID != 7 {
			t.Errorf("%s: %+v", h, row)
		}
	}
	for _, h := range []string{"extension_number", "Extension", "ext", "Số máy nhánh", "MÁY NHÁNH", "so noi bo"} {
		if r := read(t, "Ghi chú,name,phone,password,"+h+",\n,An,0901234567,pw,0101,\n", Options{}); r.Rows[0].ExtensionNumber != "0101" {
			t.Errorf("%s: %+v", h, r.Rows[0])
		} else if got := strings.Join(r.Dialect.Ignored(), "; "); got != `"Ghi chú"; column 6 (no name)` {
			t.Error(got)
		}
	}
}

func TestDialects(t *testing.T) {
	const text = "Họ tên,SĐT,Mật khẩu,Ext\nNguyễn Thị Hường,0901234567,Mật-khẩu,101\n"
	encode := func(e interface{ String(string) (string, error) }) string {
		out, err := e.String(text)
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	// windows-1258 has combining marks for the tones.
	vietnamese, err := charmap.Windows1258.NewEncoder().String("Ho\u0323 tên,SĐT,Mâ\u0323t khâ\u0309u,Ext\nNguyê\u0303n Thi\u0323 Hươ\u0300ng,0901234567,Mâ\u0323t-khâ\u0309u,101\n")
	if err != nil {
		t.Fatal(err)
	}
	le, be := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM), unicode.UTF16(unicode.BigEndian, unicode.UseBOM)
	for _, c := range []struct {
		text                string
		o                   Options
		encoding, delimiter string
	}{
		{text, Options{}, "UTF-8", "comma"},
		{text, Options{Encoding: "UTF8"}, "UTF-8", "comma"},
		{"\ufeff" + text, Options{}, "UTF-8 with a byte order mark", "comma"},
		{encode(le.NewEncoder()), Options{}, "UTF-16LE with a byte order mark", "comma"},
		{encode(be.NewEncoder()), Options{Encoding: "utf-16"}, "UTF-16BE with a byte order mark", "comma"},
		{encode(le.NewEncoder())[2:], Options{Encoding: "UTF-16LE"}, "UTF-16LE", "comma"},
		{vietnamese, Options{Encoding: "windows-1258"}, "windows-1258", "comma"},
		{strings.ReplaceAll(text, ",", ";"), Options{}, "UTF-8", "semicolon"},
		{strings.ReplaceAll(text, ",", "\t"), Options{}, "UTF-8", "tab"},
		{"\"Họ\ntên\";\"Số điện\nthoại\";Mật khẩu;Ext\nNguyễn Thị Hường;0901234567;Mật-khẩu;101\n", Options{}, "UTF-8", "semicolon"},
		{strings.ReplaceAll(text, ",", "|"), Options{Delimiter: "|"}, "UTF-8", "pipe"},
		{"\ufeffsep=;\r\n" + strings.ReplaceAll(text, ",", ";"), Options{}, "UTF-8 with a byte order mark", "semicolon"},
		{"\"sep=;\"\n" + text, Options{Delimiter: "comma"}, "UTF-8", "comma"},
		{strings.ReplaceAll(text, "\n", "\r\n"), Options{}, "UTF-8", "comma"},
		{strings.TrimSuffix(text, "\n"), Options{}, "UTF-8", "comma"},
		{"\"" + strings.ReplaceAll(strings.ReplaceAll(strings.TrimSuffix(text, "\n"), ",", "\",\""), "\n", "\"\n\"") + "\"", Options{}, "UTF-8", "comma"},
	} {
		r, err := Read(strings.NewReader(c.text), c.o)
		if err != nil {
			t.Errorf("%s %s: %v", c.encoding, c.delimiter, err)
			continue
		}
		row := r.Rows[0]
		if row.Name != "Nguyễn Thị Hường" || row.Password.Reveal() != "Mật-khẩu" || row.ExtensionNumber != "101" ||
			r.Dialect.Encoding != c.encoding || r.Dialect.Delimiter != c.delimiter || len(r.Rows) != 1 || r.Problem(0) != nil {
			t.Errorf("%s %s: %+v %+v %q", c.encoding, c.delimiter, row, r.Dialect, row.Password.Reveal())
		}
	}
}
