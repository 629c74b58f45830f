package firstpassword

import (
	"bytes"
	"crypto/rand"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"etelecom-import/importer/phone"
	"etelecom-import/importer/roster"
)

// Every password has letters, then digits, and no character that looks like another one.
func TestPasswords(t *testing.T) {
	for length := MinLength; length <= MaxLength; length++ {
		g := generator{rand.Reader, length}
		for range 200 {
			p, err := g.next()
			if err != nil {
				t.Fatal(err)
			}
			text := p.Reveal()
			word := strings.TrimRight(text, digits)
			if len(text) != length || len(word) == length || word == "" || strings.Trim(word, letters) != "" || strings.ContainsAny(text, "0O1lI5S2Z8B6bg9qioaeuydwm") || repeats([]byte(text)) {
				t.Fatalf("%q", text)
			}
			if strings.Contains(fmt.Sprintf("%v %+v %#v %s", p, g, g, p), text) {
				t.Fatal("it shows itself")
			}
		}
	}
	for _, length := range []int{-1, 0, 7, 33} {
		if CheckLength(length) == nil {
			t.Errorf("%d is accepted", length)
		}
	}
}

// Every byte decides about one character, or about none: all bytes together give each character equally often.
func TestCharactersAreEquallyLikely(t *testing.T) {
	for _, alphabet := range []string{letters, digits} {
		counts := map[byte]int{}
		for b := range 256 {
			g := generator{bytes.NewReader([]byte{byte(b)}), 12}
			if c, err := g.one(alphabet); err == nil {
				counts[c]++
			}
		}
		for i := range len(alphabet) {
			if n := counts[alphabet[i]]; n != 256/len(alphabet) {
				t.Errorf("%c comes of %d bytes", alphabet[i], n)
			}
		}
		if len(counts) != len(alphabet) {
			t.Errorf("%v", counts)
		}
	}
}

// At every place of many passwords, each character is as frequent as chance has it.
func TestPlacesAreUniform(t *testing.T) {
	const many = 30_000
	g := generator{rand.Reader, DefaultLength}
	var counts [DefaultLength]map[byte]int
	for i := range counts {
		counts[i] = map[byte]int{}
	}
	for range many {
		p, _ := g.next()
		for i := range DefaultLength {
			counts[i][p.Reveal()[i]]++
		}
	}
	for i, at := range counts {
		expected := float64(many) / float64(len(at))
		chi := 0.0
		for _, n := range at {
			chi += (float64(n) - expected) * (float64(n) - expected) / expected
		}
		if want := map[bool]int{true: len(letters), false: len(digits)}[i < DefaultLength-digitsOf(DefaultLength)]; len(at) != want || chi > 70 { // once in 10^10 times with 11 degrees of freedom
			t.Errorf("place %d: %d characters, chi square %.1f", i, len(at), chi)
		}
	}
}

func fill(t testing.TB, text string, o Options) (string, *Filled, error) {
	t.Helper()
	if o.Length == 0 {
		o.Length = DefaultLength
	}
	r, err := Read([]byte(text), o.Reading)
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	out, f, err := Fill([]byte(text), r, o)
	return string(out), f, err
}

const list = "Công ty Hoa Sen,,,,,\nDanh sách,,,,,\n\nSTT,Họ tên,Số điện thoại,Mật khẩu,Máy nhánh,Ghi chú\n" +
	"1,Nguyễn Thị Hồng,0904902191,,1001,=1+1\n2,\"Trần, Văn Minh\",+84916802142,Sen-trang-4471,1002,\n3,Lê Hoàng Long,0935897692,,1003,\"hai\ndòng\"\n,Tổng cộng,3 người,,,\n"

func TestFill(t *testing.T) {
	text, f, err := fill(t, list, Options{HasUser: func(p phone.Number) bool { return p == phone.Normalize("0935897692") }})
	if err != nil {
		t.Fatal(err)
	}
	if f.Rows != 3 || f.Made != 1 || f.Kept != 1 || f.Existing != 1 || f.Column {
		t.Errorf("%+v", f)
	}
	r, err := roster.Read(strings.NewReader(text), roster.Options{})
	if err != nil {
		t.Fatal(err)
	}
	made := r.Rows[0].Password.Reveal()
	want := "\uFEFF" + strings.NewReplacer(",,1001,=1+1", ","+made+",1001,'=1+1", "+84", "'+84").Replace(list)
	if text != want || len(made) != DefaultLength {
		t.Errorf("got\n%q\nwant\n%q", text, want)
	}
}

// A file without a column for passwords gets one, whatever is above and beside the table.
func TestNewColumn(t *testing.T) {
	for _, head := range []string{"name;phone;extension_number", "Họ tên;Điện thoại;Máy nhánh"} {
		text, f, err := fill(t, "Danh sách\n"+head+"\nNguyễn Thị Hồng;0904902191;1001\nTrần Văn Minh;0916802142;1002\n", Options{})
		if err != nil {
			t.Fatal(err)
		}
		title := map[bool]string{true: "password", false: "Mật khẩu"}[strings.HasPrefix(head, "name")]
		if !f.Column || f.Made != 2 || !strings.Contains(text, head+";"+title+"\n") {
			t.Errorf("%+v\n%s", f, text)
		}
	}
}

// A file without a column for extensions is filled, too: run can give free ones.
func TestNoExtensions(t *testing.T) {
	text, f, err := fill(t, "name,phone,password\nNguyễn Thị Hồng,0904902191,\n", Options{})
	if err != nil || f.Made != 1 || len(f.Refused) > 0 {
		t.Errorf("%v, %+v\n%s", err, f, text)
	}
}

// Rows of one phone get one password.
func TestSharedPhones(t *testing.T) {
	text, f, err := fill(t, "name,phone,password,extension_number\nA Bình,0904902191,,1001\nA Bình,0904902191,,1002\nC Dung,0916802142,Sen-trang-4471,1003\nC Dung,0916802142,,1004\n", Options{})
	if err != nil {
		t.Fatal(err)
	}
	r, _ := roster.Read(strings.NewReader(text), roster.Options{})
	if f.Made != 3 || len(f.Shared) != 2 || r.Rows[0].Password.Reveal() != r.Rows[1].Password.Reveal() || r.Rows[3].Password.Reveal() != "Sen-trang-4471" {
		t.Errorf("%+v", f)
	}
}

// Rows of one phone and of two names are two people, one of them with a mistake: neither gets the other's password.
func TestSharedPhonesOfTwoPeople(t *testing.T) {
	text, f, err := fill(t, "name,phone,password,extension_number\nA Bình,0904902191,,1001\nB Hoa,0904902191,,1002\nC Dung,0916802142,Sen-trang-4471,1003\nD Hà,0916802142,,1004\nC  DUNG,0916802142,,1005\n", Options{})
	if err != nil {
		t.Fatal(err)
	}
	r, _ := roster.Read(strings.NewReader(text), roster.Options{})
	of := func(row int) string { return r.Rows[row].Password.Reveal() }
	if of(0) == of(1) || of(2) == of(3) || of(2) != of(4) || of(3) == "" || len(f.Shared) != 1 {
		t.Errorf("%+v\n%s", f, text)
	}
}

// Whatever a list has in it, people get passwords and everything else stays. The lists are those of package roster.
func TestFilesOfManyKinds(t *testing.T) {
	files, _ := filepath.Glob("../roster/testdata/*.*")
	filled := 0
	for _, path := range files {
		file, err := os.ReadFile(path)
		if err != nil || strings.HasSuffix(path, ".txt") || strings.HasSuffix(path, ".md") {
			continue
		}
		o := roster.Options{HiddenRows: 1}
		if strings.Contains(path, "1258") {
			o.Encoding = "windows-1258"
		}
		r, err := Read(file, o)
		if err != nil {
			continue
		}
		for _, asWorkbook := range []bool{false, true} {
			text, f, err := Fill(file, r, Options{Length: DefaultLength, Reading: o, Workbook: asWorkbook})
			if err != nil {
				t.Logf("%s: %v", filepath.Base(path), err)
				continue
			}
			filled++
			again, err := Read(text, roster.Options{})
			if err != nil {
				t.Errorf("%s: %v", path, err)
				continue
			}
			for i := range again.Rows {
				if again.Rows[i].NoPassword && len(f.Shifted) == 0 {
					t.Errorf("%s: line %d has no password", path, again.Rows[i].Line)
				}
			}
		}
	}
	if filled < 20 {
		t.Errorf("only %d files were filled", filled)
	}
}

// Names and notes may be anything: the new file says the same.
func TestCellsStay(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		cell := func(name string) string {
			return strings.Map(func(r rune) rune {
				if r == '"' || r == '\r' || r == 0 || r == 0xfffd || r == 0xfeff {
					return -1
				}
				return r
			}, rapid.StringN(0, 12, 40).Draw(t, name))
		}
		var list strings.Builder
		list.WriteString("name,phone,password,extension_number,note\n")
		notes := []string{}
		for i := range rapid.IntRange(1, 5).Draw(t, "rows") {
			notes = append(notes, cell("note"))
			fmt.Fprintf(&list, "Nguyễn Văn Bình,09049021%02d,,10%02d,\"%s\"\n", i+10, i, notes[i])
		}
		r, err := Read([]byte(list.String()), roster.Options{})
		if err != nil {
			t.Skip(err)
		}
		for _, asWorkbook := range []bool{false, true} {
			text, _, err := Fill([]byte(list.String()), r, Options{Length: DefaultLength, Workbook: asWorkbook})
			if err != nil {
				continue // it is refused, and nothing is written
			}
			again, err := Read(text, roster.Options{})
			if err != nil || len(again.Rows) != len(notes) {
				t.Fatalf("%v\n%s", err, list.String())
			}
		}
	})
}
