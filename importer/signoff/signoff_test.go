package signoff_test

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"etelecom-import/apiclient/message"
	"etelecom-import/importer"
	"etelecom-import/importer/ledger"
	"etelecom-import/importer/phone"
	"etelecom-import/importer/reason"
	"etelecom-import/importer/roster"
	"etelecom-import/importer/signoff"
	"etelecom-import/importer/verify"
)

var update = flag.Bool("update", false, "write the golden files anew")

const resultHead = "line,name,phone,extension_id,extension_number,user_id,status,error_code,error,attempts,updated_at,account_id,told_at,created_at\n"

// result is a result with somebody of each kind: done, replaced, warned, failed in several ways, not reached, gone.
const result = resultHead +
	"2,Nguyễn Thị Lan,0903112351,1133188855605049284,1001,1298509829533836799,done,,,2,2026-11-26T16:15:41Z,1345586089050336767,,\n" +
	"3,Trần Quốc Toản,0903112352,1133188855605049285,1002,1298509829533836800,done,password_replaced,they had a login,2,2026-11-26T16:15:42Z,1345586089050336767,,\n" +
	"4,\"Lê <b>Hạnh</b> & \"\"Út\"\" {{.}} ' </td>\",0903112353,,1003,,failed,extension_taken,extension 1003 belongs to another user (1118917808987240896),0,2026-11-26T16:15:43Z,1345586089050336767,,\n" +
	"5,Phạm Văn Đức,,,1004,,invalid,bad_phone,\"phone \"\"0865 979 17\"\": it has 9 digits\",0,2026-11-26T16:15:44Z,1345586089050336767,,\n" +
	"6,Vũ Thu Hà,0903112355,,1005,,failed,code_of_tomorrow,a message of the API about 1118917808987240896,1,2026-11-26T16:15:45Z,1345586089050336767,,\n" +
	"7,Đỗ Minh Anh,0903112356,,1006,1298509829533836801,created,,,1,2026-11-26T18:00:00Z,1345586089050336767,,\n" +
	"8,Lý Thị Mai,0903112357,1133188855605049290,1007,1298509829533836802,done,\"password_replaced, extension_expired\",both,2,2026-11-26T16:15:46Z,1345586089050336767,,\n" +
	"9,Hồ Xuân Sơn,0903112358,,1008,,pending,,,0,,1345586089050336767,,\n" +
	",Tô Thị Gấm,0903112359,1133188855605049291,1009,1298509829533836803,done,,,2,2026-10-26T16:15:46Z,1345586089050336767,,\n"

const employees = "Họ tên,Số điện thoại,Mật khẩu,Máy nhánh,Phòng ban\n" +
	"Nguyễn Thị Lan,0903112351,Sen-trang-4471,1001,Kinh doanh\n" +
	"Trần Quốc Toản,0903112352,Sen-trang-4472,1002,kinh doanh\n" +
	"\"Lê <b>Hạnh</b> & \"\"Út\"\" {{.}} ' </td>\",0903112353,Sen-trang-4473,1003,Kế toán\n" +
	"Phạm Văn Đức,0865 979 17,Sen-trang-4474,1004,Kế toán\n" +
	"Vũ Thu Hà,0903112355,Sen-trang-4475,1005,Kho & <vận>\n" +
	"Đỗ Minh Anh,0903112356,Sen-trang-4476,1006,\n" +
	"Lý Thị Mai,0903112357,Sen-trang-4477,1007,Kinh doanh\n" +
	"Hồ Xuân Sơn,0903112358,Sen-trang-4478,1008,Kho & <vận>\n"

func read(t testing.TB, text string) *signoff.Result {
	t.Helper()
	path := filepath.Join(t.TempDir(), "employees.result.csv")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	r, err := signoff.ReadResult(path)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func readRoster(t testing.TB, text string) *roster.Roster {
	t.Helper()
	r, err := roster.Read(strings.NewReader(text), roster.Options{GroupBy: "Phòng ban", AllowNames: true})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// inZone makes the clocks of people show a time zone.
func inZone(t testing.TB) {
	message.UseZone(time.FixedZone("ICT", 7*3600))
	t.Cleanup(func() { message.UseZone(nil) })
}

// verification is a comparison that has found something of each kind.
func verification() *verify.Verification {
	row := func(line int, name, number string) verify.Row {
		return verify.Row{Line: line, Name: name, Phone: phone.Normalize(number), Status: ledger.Done, UserID: 1298509829533836799, ExtensionNumber: "1001"}
	}
	return &verify.Verification{
		Account: importer.AccountSummary{ID: "1345586089050336767", Name: "Hoa Sen <JSC>"}, At: time.Date(2026, 11, 27, 1, 2, 3, 0, time.UTC),
		Counts: verify.Counts{Confirmed: 1, Differing: 1, NotDone: 5, CannotTell: 1}, Gone: verify.Gone{People: 1, Users: 1},
		Findings: []verify.Finding{
			{Row: row(2, "Nguyễn Thị Lan", "0903112351"), Kind: verify.Difference, Code: reason.ExtensionMoved, Why: "somebody has it"},
			{Row: row(3, "Trần Quốc Toản", "0903112352"), Kind: verify.CannotTell, Code: reason.CannotCompare},
			{Row: row(8, "Lý Thị Mai", "0903112357"), Kind: verify.Told, Code: reason.NameDiffers},
			{Row: row(4, "Lê", "0903112353"), Kind: verify.NotDone, Code: reason.ExtensionTaken},
		},
	}
}

func input(t testing.TB, language string) signoff.Input {
	return signoff.Input{
		Language: language, Result: read(t, result), Roster: readRoster(t, employees), RosterName: "employees.csv", Company: "Công ty Hoa Sen",
		Date: time.Date(2026, 11, 27, 0, 0, 0, 0, time.UTC), Version: "v1.2.3",
	}
}

func page(t testing.TB, in signoff.Input) string {
	t.Helper()
	var b bytes.Buffer
	if err := signoff.WriteHTML(&b, signoff.Make(in)); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// TestDocument: everybody is counted where they belong.
func TestDocument(t *testing.T) {
	d := signoff.Make(input(t, "vi"))
	var b strings.Builder
	fmt.Fprintln(&b, d.All, d.By)
	for _, g := range d.Groups {
		fmt.Fprintf(&b, "group %q %d/%d\n", g.Name, g.Done, g.Total)
	}
	list := func(what string, people []*signoff.Person) {
		fmt.Fprintf(&b, "%s:", what)
		for _, p := range people {
			fmt.Fprintf(&b, " %s", p.Extension)
		}
		fmt.Fprintln(&b)
	}
	for _, c := range d.NotDone {
		list(c.Code, c.People)
	}
	for _, c := range d.Warned {
		list(c.Code, c.People)
	}
	list("replaced", d.Replaced)
	list("gone", d.Gone)
	list("everybody", d.People)
	const want = `{8 3} Phòng ban
group "Kinh doanh" 3/3
group "Kế toán" 0/2
group "Kho & <vận>" 0/2
group "" 0/1
extension_taken: 1003
bad_phone: 1004
other: 1005
status_created: 1006
status_pending: 1008
extension_expired: 1007
replaced: 1002 1007
gone: 1009
everybody: 1001 1002 1003 1004 1005 1006 1007 1008 1009
`
	if b.String() != want {
		t.Errorf("got\n%s", b.String())
	}
	if want := time.Date(2026, 11, 26, 18, 0, 0, 0, time.UTC); !d.AsOf.Equal(want) {
		t.Errorf("as of %v, want %v", d.AsOf, want)
	}
}

// TestRosters: who is in the file and who is in the result are compared by phone, wherever the lines are now.
func TestRosters(t *testing.T) {
	line := func(n, name, number, status string) string {
		return n + "," + name + "," + number + ",,10" + n + ",," + status + ",,,0,2026-11-26T16:15:41Z,1345586089050336767,,\n"
	}
	const head = "Họ tên,Số điện thoại,Mật khẩu,Máy nhánh,Phòng ban\n"
	for _, c := range []struct{ name, result, roster, want string }{
		{"moved", line("2", "A A", "0903112351", "failed") + line("3", "B B", "0903112352", "failed"), "B B,0903112352,Sen-trang-1,2,b\nA A,0903112351,Sen-trang-2,1,a\n", "B B/b A A/a"},
		{"gone", line("2", "A A", "0903112351", "failed") + line("3", "B B", "0903112352", "failed"), "B B,0903112352,Sen-trang-1,2,b\n", "B B/b A A/!"},
		{"new", line("2", "A A", "0903112351", "failed"), "A A,0903112351,Sen-trang-1,2,a\nB B,0903112352,Sen-trang-2,1,b\n", "A A/a B B/b+"},
		{"new, and the number may be a password", line("2", "A A", "0903112351", "failed"), "A A,0903112351,Sen-trang-1,2,a\nB B,0903112352,Sen-trang-2,250919,b\n", "A A/a B B/b+"},
		{"no phone", line("2", "A A", "", "invalid"), "A A,09031,Sen-trang-1,2,a\nB B,0903112352,Sen-trang-2,1,a\n", "A A/a B B/a+"},
		{"no phone, corrected", line("2", "A A", "", "invalid"), "A A,0903112351,Sen-trang-1,2,a\n", "A A/a"},
		{"no phone, somebody else", line("2", "A A", "", "invalid"), "B B,0903112352,Sen-trang-1,2,a\n", "B B/a+ A A/!"},
		{"no phone, moved", line("3", "A A", "", "invalid") + line("2", "B B", "0903112352", "done"), "A A,09031,Sen-trang-1,2,b\nB B,0903112352,,1,b\n", "A A/b B B/b"},
		{"no phone, two of the name", line("4", "A A", "", "invalid"), "A A,0903112351,Sen-trang-1,2,a\nA A,0903112352,Sen-trang-2,1,b\n", "A A/a+ A A/b+ A A/!"},
		{"one phone twice", line("2", "A A", "0903112351", "invalid") + line("3", "B B", "0903112351", "invalid"), "A A,0903112351,Sen-trang-1,2,a\nB B,0903112351,Sen-trang-2,1,b\n", "A A/a B B/b"},
		{"again, and in the result", line("2", "A A", "0903112351", "done"), "A A,0903112351,Sen-trang-1,2,a\nB B,0903112351,Sen-trang-2,1,b\n", "A A/a B B/b2"},
		{"another name", line("2", "A A", "0903112351", "done"), "C C,0903112351,Sen-trang-1,2,a\n", "A A/a~"},
		{"the same name", line("2", "Hoà Á", "0903112351", "done"), "HÒA  Á,0903112351,Sen-trang-1,2,a\n", "Hoà Á/a"},
		{"back again", line("", "A A", "0903112351", "failed"), "A A,0903112351,Sen-trang-1,2,a\n", "A A/a"},
	} {
		in := signoff.Input{Language: "vi", Result: read(t, resultHead+c.result), Roster: readRoster(t, head+c.roster)}
		d := signoff.Make(in)
		var got []string
		for _, p := range d.People {
			text := p.Name + "/" + p.Group
			if p.Extension == "250919" {
				t.Errorf("%s: %s is shown", c.name, p.Extension)
			}
			switch {
			case p.Gone:
				text += "!"
			case p.Code == "not_in_result":
				text += "+"
			case p.Code == "duplicate_phone":
				text += "2"
			case slices.ContainsFunc(d.Warned, func(c signoff.Cause) bool { return c.Code == "renamed" && slices.Contains(c.People, p) }):
				text += "~"
			}
			got = append(got, text)
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("%s: %s, want %s", c.name, strings.Join(got, " "), c.want)
		}
		if others := strings.ContainsAny(c.want, "!+2") || c.name == "back again"; d.OtherList != others {
			t.Errorf("%s: other people: %t", c.name, d.OtherList)
		}
		if d.All.Total+len(d.Gone) != len(d.People) {
			t.Errorf("%s: %d, %d gone, %d people", c.name, d.All.Total, len(d.Gone), len(d.People))
		}
	}
}

// TestFindingsOfSharedPhones: what a comparison has found of somebody has the line of their own row, and not that of another one with their phone.
func TestFindingsOfSharedPhones(t *testing.T) {
	result := resultHead + "2,A A,0903112351,,102,,done,,,0,2026-11-26T16:15:41Z,1345586089050336767,,\n"
	v := &verify.Verification{Findings: []verify.Finding{{Row: verify.Row{Line: 2, Name: "A A", Phone: phone.Normalize("0903112351")}, Kind: verify.Told, Code: "name_differs"}}}
	list := readRoster(t, "Họ tên,Số điện thoại,Mật khẩu,Máy nhánh,Phòng ban\nA A,0903112351,Sen-trang-1,102,a\nB B,0903112351,Sen-trang-2,103,b\n")
	d := signoff.Make(signoff.Input{Language: "vi", Result: read(t, result), Roster: list, Verification: v})
	if len(d.Findings) != 1 || d.Findings[0].People[0].Line != 2 {
		t.Errorf("%+v", d.Findings)
	}
}

// outside finds what would be fetched from elsewhere, or run.
var outside = regexp.MustCompile(`(?i)https?:|//[a-z]|url\(|@import|javascript:|expression\(`)

// checkPage holds a page against what every page must be, and returns the rows of its appendix.
func checkPage(t *testing.T, language, text string) (everybody [][]string) {
	t.Helper()
	var open []string
	inTable := false
	z := html.NewTokenizer(strings.NewReader(text))
	for {
		kind := z.Next()
		if kind == html.ErrorToken {
			break
		}
		token := z.Token()
		switch kind {
		case html.StartTagToken, html.SelfClosingTagToken:
			if slices.Contains([]string{"script", "link", "img", "iframe", "object", "embed", "base", "form", "a", "image", "use"}, token.Data) {
				t.Errorf("an element %s", token.Data)
			}
			for _, a := range token.Attr {
				if strings.HasPrefix(a.Key, "on") || a.Key == "src" || a.Key == "href" || a.Key == "style" {
					t.Errorf("an attribute %s", a.Key)
				}
			}
			isVoid := slices.Contains([]string{"meta", "br", "hr"}, token.Data)
			if kind == html.StartTagToken && !isVoid {
				open = append(open, token.Data)
			}
			if token.Data == "html" && !slices.Contains(token.Attr, html.Attribute{Key: "lang", Val: language}) {
				t.Errorf("the language: %v", token.Attr)
			}
			for _, a := range token.Attr {
				inTable = inTable || a.Key == "id" && a.Val == "everybody"
			}
			if inTable && token.Data == "tr" {
				everybody = append(everybody, nil)
			}
			if inTable && token.Data == "td" && len(everybody) > 0 {
				everybody[len(everybody)-1] = append(everybody[len(everybody)-1], "")
			}
		case html.EndTagToken:
			if len(open) == 0 || open[len(open)-1] != token.Data {
				t.Fatalf("%s ends, and %v are open", token.Data, open)
			}
			open = open[:len(open)-1]
			inTable = inTable && token.Data != "table"
		case html.TextToken:
			if inTable && len(open) > 0 && open[len(open)-1] == "td" {
				row := everybody[len(everybody)-1]
				row[len(row)-1] += token.Data
			}
		}
	}
	if len(open) > 0 {
		t.Errorf("open at the end: %v", open)
	}
	if _, err := html.Parse(strings.NewReader(text)); err != nil {
		t.Error(err)
	}
	if found := outside.FindString(text); found != "" {
		t.Errorf("something of elsewhere: %s", found)
	}
	if strings.Contains(text, "Sen-trang") {
		t.Error("a password")
	}
	return slices.DeleteFunc(everybody, func(row []string) bool { return len(row) < 3 }) // titles, and ids
}

// TestHTML: a page is whole, has everybody once, and nothing of elsewhere.
func TestHTML(t *testing.T) {
	inZone(t)
	for _, language := range signoff.Languages {
		for _, change := range []func(*signoff.Input){
			func(*signoff.Input) {},
			func(in *signoff.Input) { in.Verification, in.Company = verification(), "" },
			func(in *signoff.Input) { in.IDs, in.Messages = true, true },
			func(in *signoff.Input) { in.Roster = nil },
			func(in *signoff.Input) { // the name of the file is in the style, too
				in.Result.Name, in.Company = `a"}</style><script src=x>alert(1)</script>'\.csv`, `"><img src=x onerror=alert(1)>`
			},
			func(in *signoff.Input) { in.Practice, in.Company, in.Date = true, "", time.Time{} },
		} {
			in := input(t, language)
			change(&in)
			text := page(t, in)
			rows := checkPage(t, language, text)
			if len(rows) != 9 {
				t.Fatalf("%d people: %q", len(rows), rows)
			}
			if want := `Lê <b>Hạnh</b> & "Út" {{.}} ' </td>`; rows[2][1] != want {
				t.Errorf("a name is %q, want %q", rows[2][1], want)
			}
			for i, row := range rows {
				if want := fmt.Sprint(1001 + i); row[3] != want {
					t.Errorf("row %d is of %q", i+1, row[3])
				}
			}
			isLong := regexp.MustCompile(`1[0-9]{18}`).FindAllString(strings.ReplaceAll(text, "1345586089050336767", ""), -1)
			if in.IDs != (len(isLong) > 0) {
				t.Errorf("ids: %v", isLong)
			}
			if hasNames := strings.Contains(text, "Hoa Sen &lt;JSC&gt;"); hasNames != (in.Verification != nil) {
				t.Error("the name of the tenant")
			}
		}
	}
}

// TestInterim: a document that is not final says so before all else, and cannot be signed.
func TestInterim(t *testing.T) {
	for state := signoff.Final; state <= signoff.RunOn; state++ {
		in := input(t, "en")
		in.Result.State = state
		text := page(t, in)
		isInterim := strings.Contains(text, "<h1>Interim report</h1>") && strings.Contains(text, "Do not sign it.") && !strings.Contains(text, "For the company")
		isFinal := strings.Contains(text, "<h1>Sign-off</h1>") && !strings.Contains(text, "Do not sign it.") && strings.Contains(text, "For the company")
		if state == signoff.Final && !isFinal || state != signoff.Final && !isInterim {
			t.Errorf("state %d: interim %v, final %v", state, isInterim, isFinal)
		}
	}
}

// TestSums: the sentence and the bars of days as they are.
func TestSums(t *testing.T) {
	line := func(i int, status string) string {
		return fmt.Sprintf("%d,Lê An,09031123%02d,,1001,,%s,,,0,2026-11-26T16:15:41Z,1345586089050336767,,\n", i, i, status)
	}
	for _, c := range []struct {
		result, want string
	}{
		{line(2, "failed") + line(3, "failed"), "None of the 2 people of the list is done."},
		{line(2, "done") + line(3, "done"), "All 2 people of the list have their user and their extension."},
		{line(2, "done"), "The one person of the list has their user and their extension."},
		{line(2, "failed"), "The one person of the list is not done."},
		{line(2, "done") + line(3, "failed"), "1 of 2 people of the list have their user and their extension. One is not done."},
	} {
		text := page(t, signoff.Input{Language: "en", Result: read(t, resultHead+c.result)})
		if !strings.Contains(text, c.want) {
			t.Errorf("%s is missing", c.want)
		}
	}
	// Nobody signs that all is well where the tenant does not show it.
	in := signoff.Input{Language: "en", Result: read(t, resultHead+line(2, "done")+line(3, "done")), Verification: verification()}
	in.Verification.Confirmed, in.Verification.Differing, in.Verification.CannotTell = 1, 1, 0
	text := page(t, in)
	for _, want := range []string{
		"By the result file, 2 of 2 people of the list have their user and their extension. Compared with eTelecom, this is so for 1; different: 1; not compared: 0.",
		"Nobody, by the result file.", "What is left is done by the party that is named for it.",
	} {
		if !strings.Contains(text, want) || strings.Contains(text, "All 2 people") {
			t.Errorf("%q is missing, or all is said to be well", want)
		}
	}
	for counts, want := range map[signoff.Counts]int{
		{}: 0, {Total: 5}: 0, {Total: 5, Done: 5}: 1000, {Total: 2, Done: 1}: 500, {Total: 20000, Done: 1}: 10, {Total: 20000, Done: 19999}: 990,
	} {
		if got := counts.Permille(); got != want {
			t.Errorf("%v: %d, want %d", counts, got, want)
		}
	}
}

// TestGolden: the same input and time zone give the same bytes, today and later.
func TestGolden(t *testing.T) {
	inZone(t)
	for _, language := range signoff.Languages {
		in := input(t, language)
		in.Verification = verification()
		got := page(t, in)
		if again := page(t, in); again != got {
			t.Error("the second time the bytes are others")
		}
		name := "testdata/sign-off." + language + ".html"
		if *update {
			if err := os.WriteFile(name, []byte(got), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(name)
		if err != nil || string(want) != got {
			t.Errorf("%s is not what is written now; %v", name, err)
		}
	}
}

// TestMany: a page of many people is quick, and not too large for a phone.
func TestMany(t *testing.T) {
	var b strings.Builder
	b.WriteString(resultHead)
	const people = 20_000
	for i := range people {
		fmt.Fprintf(&b, "%d,Nguyễn Thị Ngọc Lan,09%08d,1133188855605049284,%d,%d,done,,,2,2026-11-26T16:15:41Z,1345586089050336767,,\n", i+2, 10_000_000+i, 10_000+i, 1298509829533800001+i*2)
	}
	text := page(t, signoff.Input{Language: "vi", Result: read(t, b.String())})
	if rows := checkPage(t, "vi", text); len(rows) != people {
		t.Errorf("%d people", len(rows))
	}
	if most := 5 << 20; len(text) > most {
		t.Errorf("%d bytes", len(text))
	}
}
