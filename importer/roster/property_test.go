package roster

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode"

	"golang.org/x/text/encoding"
	utf16 "golang.org/x/text/encoding/unicode"
	"pgregory.net/rapid"

	"etelecom-import/importer/vietnamese"

	"etelecom-import/importer/phone"
	"etelecom-import/importer/spreadsheet"
)

// person is a row as it is meant.
type person struct {
	name, phone, password, id, number string
}

func people(t *rapid.T) []person {
	phones := rapid.SliceOfNDistinct(rapid.StringMatching(`0(3[2-9]|7[06-9]|8[1-9]|9[0-46-9])[0-9]{7}`), 0, 30, rapid.ID).Draw(t, "phones")
	ids := rapid.SliceOfNDistinct(rapid.Int64Range(1, 1<<62), len(phones), len(phones), rapid.ID).Draw(t, "ids")
	name := rapid.StringMatching(`([A-ZĐĂÂa-zàáạảãễộưứ=+@";,|-]|'[A-Z])[A-Za-zđêễộ "',;|\t.-]{0,20}[A-Za-zễ]`).Filter(func(s string) bool { return vietnamese.Inspect(s).Damage == vietnamese.Intact })
	password := rapid.StringMatching(`[!-~Ạ-ỹ][ -~Ạ-ỹ]{0,30}Q7`) // which no word of a program ends with
	all := make([]person, len(phones))
	for i := range all {
		all[i] = person{name.Draw(t, "name"), phones[i], password.Draw(t, "password"), strconv.FormatInt(ids[i]|1, 10), strconv.Itoa(1000 + i)}
	}
	return all
}

// TestAnyDialectReadsBackTheSame writes any people in any supported form and reads them back.
func TestAnyDialectReadsBackTheSame(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		all := people(t)
		text := write(t, all)
		r, err := Read(bytes.NewReader(text), Options{})
		if err != nil {
			t.Fatalf("%v\n%q", err, text)
		}
		if len(r.Rows) != len(all) {
			t.Fatalf("%d rows, want %d\n%q", len(r.Rows), len(all), text)
		}
		for i, row := range r.Rows {
			got := person{row.Name, row.Phone.String(), row.Password.Reveal(), strconv.FormatInt(row.ExtensionID, 10), row.ExtensionNumber}
			want := all[i]
			want.name, _ = vietnamese.Clean(want.name)
			if got != want {
				t.Fatalf("row %d: %q\nwant %q\n%q", i, got, want, text)
			}
		}
	})
}

// write writes people in a form that is drawn.
func write(t *rapid.T, all []person) []byte {
	var out strings.Builder
	columns := rapid.Permutation([]int{0, 1, 2, 3, 4, 5}).Draw(t, "columns")
	delimiter := rapid.SampledFrom([]rune(",;\t|")).Draw(t, "delimiter")
	if rapid.Bool().Draw(t, "sep=") {
		fmt.Fprintf(&out, "sep=%c\n", delimiter)
	}
	w := csv.NewWriter(&out)
	w.Comma = delimiter
	w.UseCRLF = rapid.Bool().Draw(t, "CRLF")
	header := rapid.SampledFrom([][]string{
		{"name", "phone", "password", "extension_id", "extension_number", "note"},
		{"Họ và tên", "SĐT", "Mật khẩu", "Mã máy nhánh", "Số máy nhánh", ""},
	}).Draw(t, "header")
	_ = w.Write(pick(header, columns))
	for _, p := range all {
		number := rapid.SampledFrom([]string{p.phone, p.phone[1:], "+84" + p.phone[1:], "'" + p.phone, p.phone[:4] + " " + p.phone[4:7] + "." + p.phone[7:], `="` + p.phone + `"`}).Draw(t, "phone")
		id := rapid.SampledFrom([]string{p.id, "'" + p.id, `="` + p.id + `"`, " " + p.id}).Draw(t, "id")
		_ = w.Write(pick([]string{p.name, number, p.password, id, p.number, "x"}, columns))
		if rapid.Bool().Draw(t, "blank") {
			w.Flush()
			out.WriteString(rapid.SampledFrom([]string{"\n", "\r\n", strings.Repeat(string(delimiter), 5) + "\n"}).Draw(t, "blank row"))
		}
	}
	w.Flush()
	var form encoding.Encoding = encoding.Nop
	switch rapid.SampledFrom([]string{"utf-8", "bom", "le", "be"}).Draw(t, "encoding") {
	case "bom":
		form = utf16.UTF8BOM
	case "le":
		form = utf16.UTF16(utf16.LittleEndian, utf16.UseBOM)
	case "be":
		form = utf16.UTF16(utf16.BigEndian, utf16.UseBOM)
	}
	text, err := form.NewEncoder().Bytes([]byte(out.String()))
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func pick(cells []string, order []int) []string {
	out := make([]string, len(order))
	for i, k := range order {
		out[i] = cells[k]
	}
	return out
}

// TestNoPasswordIsShown: wherever the cells of a row stand, nothing that is told has a password in it, or a part of it.
func TestNoPasswordIsShown(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		password := rapid.StringMatching(`[A-Z][a-z]{4}[!#$%&*]{1,2}[689]{4,9}`).Draw(t, "password")
		cells := []string{"Nguyễn Văn An", "0901234567", password, "1301234567890123457"}
		order := rapid.Permutation([]int{0, 1, 2, 3}).Draw(t, "order")
		row := pick(cells, order)
		if rapid.Bool().Draw(t, "drop") {
			row = slices.Delete(row, 0, 1)
		}
		if rapid.Bool().Draw(t, "add") {
			row = slices.Insert(row, rapid.IntRange(0, len(row)).Draw(t, "at"), rapid.SampledFrom([]string{"", "x", "12"}).Draw(t, "cell"))
		}
		r, err := Read(strings.NewReader("name,phone,password,extension_id\n"+strings.Join(row, ",")+"\n"), Options{ValidateOnly: true})
		if err != nil {
			t.Fatal(err)
		}
		shown := fmt.Sprintf("%+v %s", *r, told(r))
		for at := range len(password) - 4 {
			if strings.Contains(shown, password[at:at+5]) {
				t.Fatalf("%q is shown: %s", password, shown)
			}
		}
	})
}

func FuzzRead(f *testing.F) {
	for _, s := range []string{
		header + "An,0901234567,pw,1301234567890123457,101\n,,,,\nx\n\n\"A\nn\",84901234567.0,\"p\"\"w\",1.3E+18,=\"102\"\n",
		"sep=;\nHọ tên;SĐT;Mật khẩu;Ext;\nBình;901234567; pw ;'101;\"a\r\nb\"",
		"\xff\xfen\x00a\x00", "name|phone|password|ext\n\"An|1|2|3\nAn\"|1|2|3\n",
	} {
		f.Add([]byte(s), "", "")
	}
	f.Add([]byte(header+"\xd0,0901234567,pw,1,\n"), "windows-1258", "comma")
	f.Add([]byte("STT,Họ và tên,,SĐT,Mật khẩu,Ext\n(1),(2),,(3),(4),(5)\n1,Lan,,0901234567,pw,101\nTổng cộng,,,1,,\n,,,Giám đốc,,\n,,,Hoa,,\n"), "", "")
	f.Add([]byte("name,phone,password,ext,note,\nLan,0901234567,pw-123,101,Minh;0901234568;pw-124;102,\nHoa,0901234569,pw-125,103,\"x\nTú,0901234570,pw-126,104\"\nTổ 1,,,\nAn;0901234571;pw-127;105\n"), "", "")
	f.Add([]byte("Họ,Tên,SĐT,Mật khẩu,Ext\nNguyễn,Nguyễn Lan,0901234567,pw,101\nHọ,Tên,SĐT,Mật khẩu,Ext\n,,,,\nHoa,,,,\n"), "", "")
	f.Add([]byte("MST:,0312345678,,,\nSTT,Họ tên,SĐT,Mật khẩu,Ext,Đã cấp\nNo,Name,Phone,Password,Ext,x\n*,*,*,*,*,\nKho,,,,,\nI,Kho,,,,\n1,Lan,0901234567,pw,101,TRUE\n,,,,,0901234568\n2,,,,,FALSE\n,Cộng: 1,,,,\n"), "", "")
	f.Add([]byte("Name,Di động,Điện thoại,Password,Ext\nLan,0901234567,0901234567,pw,101\nHotline:,0901234568,,,\nHoa,0901234569, ,pw,102\n"), "", "")
	f.Fuzz(func(t *testing.T, text []byte, encoding, delimiter string) {
		r, err := Read(bytes.NewReader(text), Options{Encoding: encoding, Delimiter: delimiter})
		if err != nil {
			_ = err.Error()
			return
		}
		line := 0
		for i, row := range r.Rows {
			if row.Line <= line {
				t.Fatalf("row %d is on line %d, after line %d", i, row.Line, line)
			}
			line = row.Line
			p := r.Problem(i)
			if p == nil && (row.Name == "" || row.Phone == 0 || row.ExtensionID == 0 && row.ExtensionNumber == "") {
				t.Fatalf("row %d has no problem: %+v", i, row)
			}
			if p != nil && (p.Line != line || p.Words().Message == "" || p.Code == "" || p.Kind == "" || p.Words().Hint == "" || p.Words().Problem == "") {
				t.Fatalf("row %d: %+v", i, p)
			}
		}
		if strings.HasPrefix(r.Dialect.Encoding, "UTF-8") {
			compare(t, r, bytes.TrimLeft(text, "\ufeff"))
		}
	})
}

// separatorLine is a line that names the delimiter, as Excel writes it.
var separatorLine = regexp.MustCompile(`^(?i:"*sep=)[,;\t|][,;\t|"]*\r*$`)

// compare holds a roster against what plain encoding/csv reads: as many rows, and no value that is not there.
func compare(t *testing.T, r *Roster, text []byte) {
	// Lines that were put right are not what a csv.Reader reads.
	if bytes.Contains(text, []byte(`="`)) || slices.ContainsFunc(r.Repaired, func(n Note) bool { return n.column == "" }) {
		return
	}
	skipped := 0
	if line, rest, _ := bytes.Cut(text, []byte("\n")); separatorLine.Match(bytes.TrimSuffix(line, []byte("\r"))) {
		text, skipped = rest, 1
	}
	plain := csv.NewReader(bytes.NewReader(text))
	plain.FieldsPerRecord = -1
	plain.Comma = map[string]rune{"comma": ',', "semicolon": ';', "tab": '\t', "pipe": '|'}[r.Dialect.Delimiter]
	var records [][]string // with the header
	for {
		cells, err := plain.Read()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		line, _ := plain.FieldPos(0)
		isBlank := !slices.ContainsFunc(cells, func(c string) bool { return strings.Trim(c, " \t\n\f\v\x1a\u00A0") != "" })
		if !isBlank && !slices.Contains(r.Dialect.NotPeople, line+skipped) {
			records = append(records, cells)
		}
	}
	if len(records) != len(r.Rows)+1 {
		t.Fatalf("%d rows, want %d; not people: %v", len(r.Rows), len(records)-1, r.Dialect.NotPeople)
	}
	for i, row := range r.Rows {
		checkCells(t, row, records[i+1])
	}
}

// sent returns the name of a cell as it is sent.
func sent(cell string) string {
	name, _ := vietnamese.Clean(strings.ReplaceAll(cell, "\n", " "))
	name, _ = vietnamese.FixEth(name)
	return name
}

func checkCells(t *testing.T, row Row, cells []string) {
	has := func(ok func(cell string) bool) bool { return slices.ContainsFunc(cells, ok) }
	if row.Name != "" && !has(func(c string) bool { return sent(c) == row.Name || sent(spreadsheet.RestoreFormulas(c)) == row.Name }) {
		t.Fatalf("the name %q is not in %q", row.Name, cells)
	}
	isBare := func(c string) bool { return strings.TrimFunc(c, isInvisible) != "" && !strings.HasPrefix(c, "'") }
	allWrapped := !has(isBare) // then a program has written the apostrophes
	if p := row.Password.Reveal(); p != "" && !slices.Contains(cells, p) && !(allWrapped && slices.Contains(cells, "'"+p)) {
		t.Fatalf("the password %q is not in %q", p, cells)
	}
	if row.Phone != 0 && !has(func(c string) bool { return phone.Normalize(c) == row.Phone }) {
		t.Fatalf("the phone %v is not in %q", row.Phone, cells)
	}
	if id := strconv.FormatInt(row.ExtensionID, 10); row.ExtensionID != 0 && !has(func(c string) bool { return strings.Contains(digitsOf(c), id) }) {
		t.Fatalf("the id %s is not in %q", id, cells)
	}
	if n := row.ExtensionNumber; n != "" && !has(func(c string) bool { return strings.Contains(digitsOf(c), n) }) {
		t.Fatalf("the extension %s is not in %q", n, cells)
	}
}

// digitsOf returns a cell with digits in ASCII and without format characters.
func digitsOf(cell string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case '０' <= r && r <= '９':
			return r - '０' + '0'
		case unicode.Is(unicode.Cf, r):
			return -1
		}
		return r
	}, cell)
}
