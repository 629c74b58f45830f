package passwordslip

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"
	"pgregory.net/rapid"

	"etelecom-import/apiclient/secret"
	"etelecom-import/importer/ledger"
	"etelecom-import/importer/roster"
)

const head = "line,name,phone,extension_id,extension_number,user_id,status,error_code,error,attempts,updated_at,account_id,told_at"

// made makes the slips of a list, with a result of these lines.
func made(t *testing.T, header, list string, lines ...string) *Slips {
	t.Helper()
	path := filepath.Join(t.TempDir(), "e.result.csv")
	if err := os.WriteFile(path, []byte(header+"\n"+strings.Join(lines, "\n")+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	l, err := ledger.Read(ledger.OS{}, path)
	if err != nil {
		t.Fatal(err)
	}
	r, err := roster.Read(strings.NewReader("name,phone,password,extension_number\n"+list), roster.Options{WithoutPasswords: true})
	if err != nil {
		t.Fatal(err)
	}
	r.Judge(func(row int) bool { return l.Lookup(r.Rows[row].Phone).HasUser() })
	return Make(r, l)
}

func resultLine(phone, number, user, status, code, created string) string {
	return fmt.Sprintf("2,,%s,,%s,%s,%s,%s,,1,2026-07-01T12:00:00Z,1301234567890100001,,%s", phone, number, user, status, code, created)
}

func TestWhoGetsASlip(t *testing.T) {
	s := made(t, head+",created_at", `Nguyễn Thị Hồng,+84 901 234 561,Sen-trang-4471,1001
Trần Văn Minh,0901234562,Sen-trang-4472,1002
Lê Hoàng Long,0901234563,Sen-trang-4473,1003
Phạm Thu Hà,0901234564,Sen-trang-4474,1004
Vũ Đức Anh,0901234565,Sen-trang-4475,1005
Hồ Thị Sen,0901234566,,1006
Đỗ Văn Tú,0901234567,Sen-trang-4477,1007
Bùi Thị Lan,0901234568,Sen-trang-4478,1008
Ngô Văn Bình,090123,Sen-trang-4479,1009
Dương Thị Mai,0901234569,Sen-trang-4480,1010
Dương Thị Mai,0901234569,Sen-trang-4481,1011
Lý Văn Nam,0901234570,Sen-trang-4482,1012
`,
		resultLine("0901234561", "1001", "1301234567890120301", "done", "", "2026-07-01T12:00:00Z"),
		resultLine("0901234562", "1002", "1301234567890120302", "done", "password_replaced", ""),
		resultLine("0901234563", "1003", "1301234567890120303", "created", "unavailable", "01/07/2026"),
		resultLine("0901234564", "1004", "1301234567890120304", "done", "", ""),
		resultLine("0901234565", "1005", "", "failed", "extension_missing", ""),
		resultLine("0901234566", "1006", "1301234567890120306", "done", "", "2026-07-01T12:00:00Z"),
		resultLine("0901234567", "1007", "", "unknown", "unavailable", ""),
		resultLine("0901234569", "1010", "1301234567890120309", "done", "", "2026-07-01T12:00:00Z"),
		resultLine("0901234570", "1012", "", "invalid", "bad_extension", ""),
	)
	var got []string
	for _, slip := range s.Slips {
		got = append(got, fmt.Sprint(slip.Name, " ", slip.Phone, " ", slip.Password.Reveal(), " ", slip.Extension, " ", slip.Replaced))
	}
	want := []string{
		"Nguyễn Thị Hồng 0901234561 Sen-trang-4471 1001 false", "Trần Văn Minh 0901234562 Sen-trang-4472 1002 true", "Lê Hoàng Long 0901234563 Sen-trang-4473  false",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %q", got)
	}
	var left []string
	for _, l := range s.Left {
		left = append(left, fmt.Sprintf("%d %s %d", l.Line, l.Name, l.Why))
	}
	wantLeft := []string{
		fmt.Sprint("5 Phạm Thu Hà ", int(Before)), fmt.Sprint("6 Vũ Đức Anh ", int(NotCreated)), fmt.Sprint("7 Hồ Thị Sen ", int(NoPassword)), fmt.Sprint("8 Đỗ Văn Tú ", int(NotKnown)),
		fmt.Sprint("9 Bùi Thị Lan ", int(NotInResult)), fmt.Sprint("10 Ngô Văn Bình ", int(NoPhone)), fmt.Sprint("11 Dương Thị Mai ", int(Several)), fmt.Sprint("12 Dương Thị Mai ", int(Several)),
		fmt.Sprint("13 Lý Văn Nam ", int(NotCreated)),
	}
	if !slices.Equal(left, wantLeft) {
		t.Errorf("left %q", left)
	}
	for _, shown := range []string{fmt.Sprintf("%v", s), fmt.Sprintf("%+v", *s), fmt.Sprintf("%#v", s.Slips)} {
		if strings.Contains(shown, "Sen-trang") {
			t.Error("it shows a password")
		}
	}
}

// The result of an older version says of nobody that they were created, but that passwords were replaced.
func TestOldResults(t *testing.T) {
	s := made(t, head, "Nguyễn Thị Hồng,0901234561,Sen-trang-4471,1001\nTrần Văn Minh,0901234562,Sen-trang-4472,1002\n",
		strings.TrimSuffix(resultLine("0901234561", "1001", "1301234567890120301", "done", "", ""), ","),
		strings.TrimSuffix(resultLine("0901234562", "1002", "1301234567890120302", "done", "password_replaced", ""), ","))
	if len(s.Slips) != 1 || len(s.Left) != 1 || s.Left[0].Why != OldResult {
		t.Errorf("%+v", s.Left)
	}
}

// A phone that is somebody else's in the file now has the password of the person who had it: nobody else gets that on a slip, and whoever
// has the name of before may have another password. How a name is written makes no difference.
func TestOtherNames(t *testing.T) {
	line := func(name string) string {
		return strings.Replace(resultLine("0901234561", "1001", "1301234567890120301", "done", "", "2026-07-01T12:00:00Z"), "2,,", "2,"+name+",", 1)
	}
	for name, slips := range map[string]int{"Nguyễn Thị Hồng": 1, "NGUYỄN  THỊ HỒNG": 1, "": 1, "Lê Cường": 0, "Nguyễn Thị Hoa": 0} {
		s := made(t, head+",created_at", "Nguyễn Thị Hồng,0901234561,Sen-trang-4471,1001\n", line(name))
		if len(s.Slips) != slips || slips == 0 && s.Left[0].Why != OtherName {
			t.Errorf("%q: %d slips, %+v", name, len(s.Slips), s.Left)
		}
	}
}

// Where cells are in the wrong columns, what is in the column of passwords is something else, and is not printed.
func TestShiftedRows(t *testing.T) {
	line := strings.Replace(resultLine("0901234561", "1001", "1301234567890120301", "done", "", "2026-07-01T12:00:00Z"), "2,,", "2,Nguyễn Thị Hồng,", 1)
	for _, row := range []string{
		"Nguyễn Thị Hồng,0901234561,1001,Sen-trang-4471", "Sen-trang-4471,0901234561,Nguyễn Thị Hồng,1001", ",0901234561,Sen-trang-4471,1001",
	} {
		s := made(t, head+",created_at", row+"\n", line)
		if len(s.Slips) != 0 || len(s.Left) != 1 || s.Left[0].Why != Shifted {
			t.Errorf("%s: %+v", row, s)
		}
	}
}

// A newer version has written the result of an older one anew: of whom a create and an assign were sent, it is not known whether they had a
// user before.
func TestRewrittenOldResults(t *testing.T) {
	line := strings.Replace(resultLine("0901234561", "1001", "1301234567890120301", "done", "", ""), ",1,2026", ",2,2026", 1)
	s := made(t, head+",created_at", "Nguyễn Thị Hồng,0901234561,Sen-trang-4471,1001\n", line)
	if len(s.Slips) != 0 || s.Left[0].Why != PerhapsBefore {
		t.Errorf("%+v", s)
	}
}

// Two rows of one person with one password make one slip.
func TestOneSlipAPerson(t *testing.T) {
	s := made(t, head+",created_at", "Nguyễn Thị Hồng,0901234561,Sen-trang-4471,1001\nNguyễn Thị Hồng,0901234561,Sen-trang-4471,1001\n",
		resultLine("0901234561", "1001", "1301234567890120301", "done", "", "yes"))
	if len(s.Slips) != 1 || len(s.Left) != 0 {
		t.Errorf("%v %+v", s, s.Left)
	}
}

// The right name may be on the second row of a phone: the slip is theirs.
func TestOtherNameFirst(t *testing.T) {
	line := strings.Replace(resultLine("0901234561", "1001", "1301234567890120301", "done", "", "2026-07-01T12:00:00Z"), "2,,", "2,Nguyễn Thị Hồng,", 1)
	s := made(t, head+",created_at", "Lê Cường,0901234561,Sen-trang-4471,1002\nNguyễn Thị Hồng,0901234561,Sen-trang-4471,1001\n", line)
	if len(s.Slips) != 1 || s.Slips[0].Name != "Nguyễn Thị Hồng" || len(s.Left) != 1 || s.Left[0].Why != OtherName {
		t.Errorf("%+v", s)
	}
}

// Slips of a practice tenant say so, each of them.
func TestPracticeSlips(t *testing.T) {
	s := &Slips{Slips: make([]Slip, 11), Practice: true}
	if n := strings.Count(written(t, s, Options{}), "Practice tenant, do not hand out"); n != 11 {
		t.Errorf("%d slips say it", n)
	}
	s.Practice = false
	if strings.Contains(written(t, s, Options{}), "Practice") {
		t.Error("slips that are real say that they are for practice")
	}
}

// written returns the page, and checks that it is what a browser can only take in one way.
func written(t interface {
	Helper()
	Fatalf(string, ...any)
}, s *Slips, o Options,
) string {
	t.Helper()
	var page, again bytes.Buffer
	if err := WriteHTML(&page, s, o); err != nil {
		t.Fatalf("%v", err)
	}
	_ = WriteHTML(&again, s, o)
	if page.String() != again.String() {
		t.Fatalf("the same slips give other bytes")
	}
	var open []string
	for z := html.NewTokenizer(bytes.NewReader(page.Bytes())); ; {
		switch z.Next() {
		case html.ErrorToken:
			if len(open) > 0 {
				t.Fatalf("never closed: %v", open)
			}
			return page.String()
		case html.StartTagToken:
			token := z.Token()
			switch token.Data {
			case "meta", "br":
			case "script", "img", "link", "iframe", "object", "embed", "form", "input", "a", "svg", "base":
				t.Fatalf("it has a %s", token.Data)
			default:
				open = append(open, token.Data)
			}
			for _, a := range token.Attr {
				if strings.HasPrefix(a.Key, "on") || slices.Contains([]string{"src", "href", "style", "srcset", "action"}, a.Key) {
					t.Fatalf("it has the attribute %s", a.Key)
				}
			}
		case html.EndTagToken:
			token := z.Token()
			if len(open) == 0 || open[len(open)-1] != token.Data {
				t.Fatalf("</%s> closes %v", token.Data, open)
			}
			open = open[:len(open)-1]
		}
	}
}

// texts returns the texts of the elements of a class, as a browser shows them.
func texts(t interface{ Fatalf(string, ...any) }, page, class string) (found []string) {
	root, err := html.Parse(strings.NewReader(page))
	if err != nil {
		t.Fatalf("%v", err)
	}
	for n := range root.Descendants() {
		for _, a := range n.Attr {
			if a.Key == "class" && slices.Contains(strings.Fields(a.Val), class) {
				var text strings.Builder
				for d := range n.Descendants() {
					if d.Type == html.TextNode {
						text.WriteString(d.Data)
					}
				}
				found = append(found, text.String())
			}
		}
	}
	return found
}

var nasty = []string{
	"<script>alert(1)</script>", `"&'<>` + "`", "{{.}}", "</style></p>", "<!-- ", "]]>", "&amp;lt;", "Nguyễn Thị Hồng Đào", "e\u0301", "\u202eabc\u202c", "مرحبا", "👩‍👩‍👧", "a\u0000b", "a\nb", "a\tb",
	strings.Repeat("Nguyễn ", 30), strings.Repeat("W", 200), " ", "'=1+1", "javascript:alert(1)",
}

// Whatever names, passwords and texts are, the page shows them as they are, and nothing else.
func TestNastyCharacters(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		word := rapid.OneOf(rapid.SampledFrom(nasty), rapid.String())
		s := &Slips{}
		for range rapid.IntRange(0, 23).Draw(t, "slips") {
			s.Slips = append(s.Slips, Slip{Name: word.Draw(t, "name"), Phone: "0901234561", Password: secret.New(word.Draw(t, "password")), Extension: word.Draw(t, "extension"), Replaced: rapid.Bool().Draw(t, "replaced")})
		}
		for range rapid.IntRange(0, 3).Draw(t, "left") {
			s.Left = append(s.Left, Left{7, word.Draw(t, "left name"), Why(rapid.IntRange(0, int(kindsOfWhy)-1).Draw(t, "why"))})
		}
		page := written(t, s, Options{Company: word.Draw(t, "company"), Login: word.Draw(t, "login")})
		names, passwords := texts(t, page, "name"), texts(t, page, "password")
		plain := func(text string) string { // what no HTML can hold
			return strings.ReplaceAll(strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(strings.ToValidUTF8(text, "\uFFFD")), "\x00", "\uFFFD")
		}
		if len(names) != len(s.Slips) || len(passwords) != len(s.Slips) {
			t.Fatalf("%d names and %d passwords of %d slips", len(names), len(passwords), len(s.Slips))
		}
		for i, slip := range s.Slips {
			if names[i] != plain(slip.Name) || passwords[i] != plain(slip.Password.Reveal()) {
				t.Fatalf("slip %d: %q, %q of %q, %q", i, names[i], passwords[i], slip.Name, slip.Password.Reveal())
			}
		}
		if pages := strings.Count(page, `<section class="page`); pages != (len(s.Slips)+perPage-1)/perPage {
			t.Fatalf("%d pages of %d slips", pages, len(s.Slips))
		}
	})
}

// Every reason is said in both languages, and on the screen.
func TestReasons(t *testing.T) {
	for w := range kindsOfWhy {
		page := written(t, &Slips{Left: []Left{{7, "Hồ Văn Mới", w}}}, Options{})
		if w.String() == "" || !regexp.MustCompile(`<td>[^<]{10,} / [^<]{10,}</td>`).MatchString(page) {
			t.Errorf("%d: %q\n%s", w, w, page)
		}
	}
}
