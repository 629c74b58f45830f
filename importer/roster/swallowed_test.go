package roster

import (
	"fmt"
	"strings"
	"testing"

	"etelecom-import/importer/hint"
)

// TestSwallowedRows gives headers that have swallowed rows. None of their cells is shown.
func TestSwallowedRows(t *testing.T) {
	const (
		head = "name,phone,password,extension_number"
		lan  = "Nguyễn Thị Lan,0903551200,Bien-xanh-310,1001"
		minh = "Trần Văn Minh,0903551201,Bien-xanh-311,1002"
	)
	many := func(between string) string {
		var b strings.Builder
		b.WriteString(head)
		for i := range 300 {
			fmt.Fprintf(&b, "%sNguyễn Thị Lan,0903551%03d,Bien-xanh-%d,1%03d", between, i, i, i)
		}
		return b.String()
	}
	for name, c := range map[string]struct{ text, after string }{
		"no line break, a comma":       {head + "," + lan + "\n", "4"},
		"no line break at all":         {head + lan + "\n" + minh + "\n", "4"},
		"a space":                      {head + " " + lan + " " + minh, "4"},
		"a tab":                        {head + "\t" + lan + "\t" + minh, "4"},
		"backslash n":                  {head + `\n` + lan + `\n` + minh + `\n`, ""},
		"br":                           {head + "<br>" + lan + "<br>" + minh, ""},
		"br, closed":                   {head + "<br/>" + lan + "<br/>" + minh, ""},
		"line separator":               {head + "\u2028" + lan + "\u2028" + minh + "\u2028", ""},
		"paragraph separator":          {head + "\u2029" + lan + "\u2029" + minh, ""},
		"next line":                    {head + "\u0085" + lan + "\u0085" + minh, ""},
		"vertical tab":                 {head + "\v" + lan + "\v" + minh, ""},
		"semicolon":                    {head + ";" + lan + ";" + minh, "4"},
		"300 people, spaces":           {many(" "), "4"},
		"300 people, commas":           {many(","), "4"},
		"300 people, nothing":          {many(""), "4"},
		"a note":                       {head + ",ghi chú: " + lan + ",mới " + minh + ",cũ", "5"},
		"a note, no space":             {head + ",ghi chú" + lan + ",mới" + minh + ",cũ", "5"},
		"a column nobody knows":        {head + ",hạng bay " + lan + ",mới " + minh + ",cũ", "5"},
		"phone first":                  {"phone,name,password,ext 0903551200,Nguyễn Thị Lan,Bien-xanh-310,1001", "4"},
		"phone first, nothing between": {"phone,name,password,ext0903551200,Nguyễn Thị Lan,Bien-xanh-310,1001\n", "4"},
		"phone first, once":            {"phone,name,ext,password 0903551200,Nguyễn Thị Lan\n", "4"},
		"phone in groups":              {head + " Lan,0903 551 200,Bien-xanh-310,1001", "4"},
		"phone with a country code":    {head + " Lan,(+84) 903.551.200,Bien-xanh-310,1001", "4"},
		"phone without its 0":          {head + " Lan,903551200,Bien-xanh-310,1001", "4"},
		"phone as a formula":           {head + `,Lan,"=""0903551200""",Bien-xanh-310,1001`, "4"},
		"two phones":                   {head + ",Lan,0903551200 - 0916802142,Bien-xanh-310,1001", "4"},
		"an id":                        {"name,phone,password,extension_id Lan,none,Bien-xanh-310,1301234567890123457", "4"},
		"no usable phone":              {head + ",Lan,chưa có,Bien-xanh-310,1001", "4"},
		"no usable phone, a name":      {head + " Nguyễn Thị Lan,chưa có,Bien-xanh-310,1001", "4"},
		"row numbers":                  {"stt," + head + " 1," + lan, "5"},
		"password last":                {"name,phone,ext,password Nguyễn Thị Lan,0903551200,1001,Bien-xanh-310", "4"},
		"password last, one row":       {"name,phone,ext,passwordNguyễn Thị Lan,0903551200,1001,Bien-xanh-310\n", "4"},
		"Vietnamese":                   {"Họ và tên;SĐT;Mật khẩu;Máy nhánh Trần Văn Minh;0903551201;Bien-xanh-311;1002", "4"},
		"a quote in the header":        {head + ",\"ghi chú\n" + lan + ",mới\n" + minh + ",\"\nHoa,0903551202,Bien-xanh-312,1003,cũ\n", ""},
		"titles with values":           {"Họ tên: Lan,SĐT: 0903551200,Mật khẩu: Bien-xanh-310,Máy nhánh: 1001\nHọ tên: Minh,SĐT: 0903551201,Mật khẩu: Bien-xanh-311,Máy nhánh: 1002\n", "-"},
	} {
		r, err := Read(strings.NewReader(c.text), Options{})
		if err != nil {
			said := err.Error() + "; " + hint.Of(err)
			for _, secret := range []string{"Bien-xanh", "0903", "903551200", "Lan", "Minh", "1001", "hạng"} {
				if strings.Contains(said, secret) {
					t.Errorf("%s: %q is shown: %s", name, secret, said)
				}
			}
			want := "this line holds the header and the first row: a line break is missing after column " + c.after + ";"
			switch c.after {
			case "":
				want = ""
			case "-":
				want = "this line has a title and a value in each cell"
			}
			if !strings.Contains(said, want) || hint.Of(err) == "" {
				t.Errorf("%s: %s, want %s", name, said, want)
			}
			continue
		}
		t.Errorf("%s is read: %+v", name, r.Dialect)
	}
}

// TestHeadersThatHaveSwallowedNothing: titles with numbers and names of their own are no rows.
func TestHeadersThatHaveSwallowedNothing(t *testing.T) {
	for _, h := range []string{
		"name,phone,password,ext,Ngày 20/11/2026", "name,phone,password,ext,20/11/2026 - 30/11/2026", "name,phone,password,ext,2024,2025,2026",
		"name,phone,password,ext,1,2,3,4,5,6,7", "name,phone,password,ext,A,B,C,D", "name,phone (0901234567),password,ext",
		"name,phone,password,ext,Dự án,Nơi sinh,Xe,Ca trực", "name,phone,password,ext,Hồ Sơ,Lý Do,Lương Cơ Bản,Hà Nội",
		"name,phone,password,ext,,,,,,", "name,phone: 10 số,password: 8 ký tự,ext: 3 số", "name,phone,password,ext,Đường Lê Lợi,x",
	} {
		row := "An,0901234567,pw,101" + strings.Repeat(",", strings.Count(h, ",")-3)
		if _, err := Read(strings.NewReader(h+"\n"+row+"\n"), Options{}); err != nil {
			t.Errorf("%s: %v", h, err)
		}
	}
}
