package ledger

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"syscall"
	"testing"
	"testing/iotest"
	"time"
	"unicode/utf16"

	"pgregory.net/rapid"
)

const head = "line,name,phone,extension_id,extension_number,user_id,status,error_code,error,attempts,updated_at,account_id\n"

// saved is a result CSV as this tool writes it: one line of each kind.
const saved = head +
	`2,Nguyễn Thị Hồng Đào,0901234561,1301234567890123001,1001,1301234567890120301,done,,,2,2026-07-01T12:00:00Z,1301234567890100001
3,"Trần ""Tí"", B",0901234562,1301234567890123002,1002,1301234567890120302,created,extension_taken,"taken; see, ""there""",3,2026-07-01T12:00:00Z,1301234567890100001
4,Lê C,0901234563,1301234567890123003,,,failed,failed_precondition,Người dùng đã tồn tại.,1,2026-07-01T12:00:00Z,1301234567890100001
5,Phạm D,0901234564,1301234567890123004,,,unknown,unavailable,lost,1,2026-07-01T12:00:00Z,1301234567890100001
6,,,,,,invalid,bad_phone,no phone,0,,1301234567890100001
`

func read(text string) (*Ledger, error) {
	disk := newMemory()
	disk.now[resultPath] = &node{data: []byte(text)}
	return Read(disk, resultPath)
}

func mustRead(t testing.TB, text string) *Ledger {
	t.Helper()
	l, err := read(text)
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	return l
}

// state is what the entries say, for comparison.
func state(l *Ledger) string {
	var b strings.Builder
	for line := range lines(l) {
		e := *l.Lookup(mustPhone(line.Phone))
		d := e.detail()
		e.unsaved, e.listed, e.rare, d.settlesFrom = false, false, nil, time.Time{}
		fmt.Fprintf(&b, "%+v %+v\n", e, d)
	}
	return b.String()
}

func unicodeText(s string) string {
	b := []byte{0xff, 0xfe}
	for _, u := range utf16.Encode([]rune(s)) {
		b = append(b, byte(u), byte(u>>8))
	}
	return string(b)
}

func swapped(s string) string {
	b := []byte(s)
	for i := 0; i+1 < len(b); i += 2 {
		b[i], b[i+1] = b[i+1], b[i]
	}
	return string(b)
}

// columnsOf rewrites each line by its cells.
func columnsOf(text string, delimiter string, f func([]string) []string) string {
	var b strings.Builder
	all := append([]Line{{
		"line", "name", "phone", "extension_id", "extension_number", "user_id", "status", "error_code", "error", "attempts", "updated_at", "account_id", "told_at", "created_at", "extension_from",
	}}, linesOf(text)...)
	for _, l := range all {
		var now []string
		for _, cell := range l.cells() {
			now = append(now, *cell)
		}
		cells := f(now)
		for i, c := range cells {
			cells[i] = `"` + strings.ReplaceAll(c, `"`, `""`) + `"`
		}
		b.WriteString(strings.Join(cells, delimiter) + "\r\n")
	}
	return b.String()
}

func linesOf(text string) (all []Line) {
	_ = ReadLines(strings.NewReader(text), func(_ int, l *Line) error { all = append(all, *l); return nil })
	return all
}

func same(cells []string) []string { return cells }

func TestResultAsASpreadsheetLeavesIt(t *testing.T) {
	want := state(mustRead(t, saved))
	tests := map[string]string{
		"as it was written":      saved,
		"byte order mark":        "\ufeff" + saved,
		"CRLF":                   strings.ReplaceAll(saved, "\n", "\r\n"),
		"semicolons":             columnsOf(saved, ";", same),
		"tabs":                   columnsOf(saved, "\t", same),
		"pipes":                  columnsOf(saved, "|", same),
		"Unicode text":           unicodeText(columnsOf(saved, "\t", same)),
		"Unicode text, reversed": swapped(unicodeText(columnsOf(saved, "\t", same))),
		"reversed columns":       columnsOf(saved, ",", func(c []string) []string { slices.Reverse(c); return c }),
		"other columns in front": columnsOf(saved, ";", func(c []string) []string { return append([]string{"a, remark"}, c...) }),
		"empty columns behind":   columnsOf(saved, ",", func(c []string) []string { return append(c, "", "") }),
		"header in capitals":     strings.Replace(saved, head, strings.ToUpper(head), 1),
		"blank rows":             saved + ",,,,,,,,,,,\n\n",
		"no newline at the end":  strings.TrimSuffix(saved, "\n"),
		"phones without the 0":   strings.ReplaceAll(saved, ",0901", ",901"),
		"phones from abroad":     strings.ReplaceAll(saved, ",0901", ",+84 901"),
		"sorted the other way":   head + strings.Join(reversedLines(saved), ""),
	}
	for name, text := range tests {
		t.Run(name, func(t *testing.T) {
			if got := state(mustRead(t, text)); got != want {
				t.Errorf("got\n%s\nwant\n%s", got, want)
			}
		})
	}
}

func reversedLines(text string) []string {
	all := strings.SplitAfter(strings.TrimPrefix(text, head), "\n")
	slices.Reverse(all)
	return all
}

func TestRoundedIDsAreNotKnown(t *testing.T) {
	for _, how := range []struct{ user, extension, account string }{
		{"1301234567890120000", "1301234567890120000", "1301234567890100000"},
		{"1.30123E+18", "1.30123E+18", "1.30123E+18"},
		{"1,30123456789012E+18", "1,3E+18", "1,30123E+18"},
		{"1301234567890120000.00", "1301234567890120000,0", "1301234567890100000.00"},
		{"1.3E18", "1.3e+18", "1.3E18"},
	} {
		text := head + fmt.Sprintf("2,A,901234561,%q,1001,%q,done,password_replaced,,2,01/07/2026 12:00,%q\n", how.extension, how.user, how.account)
		l := mustRead(t, text)
		e := l.Lookup(person(1))
		if e == nil || e.UserID != 0 || !e.DamagedUser() || e.Status != Done || e.ExtensionID != 0 || !e.Replaced {
			t.Errorf("%v: %+v", how, e)
			continue
		}
		if !e.HasExtension(1301234567890123001, "") || !e.HasExtension(1301234567890123001, "1001") || e.HasExtension(1301234567890123001, "1002") {
			t.Errorf("%v: what is left of the extension does not agree with it", how)
		}
		if e.HasExtension(1401234567890123001, "") || e.HasExtension(130123456789012300, "") || e.HasExtension(13, "") {
			t.Errorf("%v: what is left of the extension agrees with another", how)
		}
		if o := l.Origins(); len(o) != 1 || !o[0].Is(account) || o[0].Is("1401234567890100001") || o[0].Is("https://api.etelecom.vn/v1/partner") {
			t.Errorf("%v: account %q", how, l.Account())
		}
	}
}

func TestIDsAreNeverOthers(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		id := rapid.Int64Range(1, 1<<63-1).Draw(t, "id")
		written := rapid.SampledFrom([]string{"%d", "%.0f", "%.5E", "%.14E", "%.2f", "%g", "'%d"}).Draw(t, "format")
		text := fmt.Sprintf(written, id)
		if !strings.Contains(written, "d") {
			text = fmt.Sprintf(written, float64(id))
		}
		got, damaged, ok := parseID(text)
		if !ok || got != 0 && got != id && !strings.Contains(written, "d") && id < 1<<53 || got != 0 && strings.Contains(written, "d") && got != id {
			t.Fatalf("%s: %d, %v, %v", text, got, damaged, ok)
		}
		if (got == 0) != damaged {
			t.Fatalf("%s: neither known nor damaged", text)
		}
	})
}

func TestResultRefused(t *testing.T) {
	line := func(s string) string { return head + s + "\n" }
	const a, b = "1301234567890120301", "1301234567890120302"
	tests := map[string]struct{ text, why string }{
		"empty":                  {"", "the file is empty"},
		"only a byte order mark": {"\ufeff", "the file is empty"},
		"no header":              {strings.TrimPrefix(saved, head), `has no column "line"`},
		"a roster":               {"name,phone,password,extension_id\nA,0901234561,secret,1\n", `has no column "line"`},
		"a column missing":       {strings.Replace(saved, "user_id,", "", 1), `no column "user_id"`},
		"a column twice":         {columnsOf(saved, ",", func(c []string) []string { return append(c, c[2]) }), `column "phone" twice`},
		"NULs":                   {strings.Repeat("\x00", 4096), "no column"},
		"UTF-16 without a mark":  {unicodeText(saved)[2:], "no column"},

		"lone CR":                   {strings.ReplaceAll(saved, "\n", "\r"), "no column"},
		"too few cells":             {line("2,A,0901234561"), "line 2 has more or fewer cells"},
		"a stray quote":             {line(`2,A"B,0901234561,,,,failed,,,0,,` + account), "line 2, column 4: a stray quote"},
		"a quote that never ends":   {line(`2,"A,0901234561,,,,failed,,,0,,` + account), "quote"},
		"two accounts":              {saved + "9,Z,0909999999,,,,pending,,,0,,1301234567890100009\n", "two results"},
		"an account is missing":     {line("2,A,0901234561,,,,pending,,,0,,"), "half a file"},
		"cut in the last cell":      {saved[:len(saved)-2], "half a file"},
		"an unknown status":         {line("2,A,0901234561,,,,finished,,,0,," + account), `status is "finished"`},
		"no status":                 {line("2,A,0901234561,,,,,,,0,," + account), `status is ""`},
		"a phone that is none":      {line("2,A,9.01E+08,,,,failed,already_exists,,1,," + account), "phone is"},
		"done without a phone":      {line("2,A,,1,," + a + ",done,,,1,," + account), "phone is"},
		"an id that is a word":      {line("2,A,0901234561,,,nobody,done,,,1,," + account), `user_id is "nobody"`},
		"an id below 1":             {line("2,A,0901234561,,,-5,done,,,1,," + account), `user_id is "-5"`},
		"an id in hexadecimal":      {line("2,A,0901234561,,,0x1F,done,,,1,," + account), "user_id is"},
		"an extension that is none": {line("2,A,0901234561,#REF!,," + a + ",done,,,1,," + account), "extension_id is"},
		"attempts that are none":    {line("2,A,0901234561,,,,failed,already_exists,,x,," + account), "attempts is"},
		"two ids for one phone":     {line("2,A,0901234561,,," + a + ",done,,,1,," + account + "\n3,A,901234561,,," + b + ",done,,,1,," + account), "user ids"},
		"one id for two phones":     {line("2,A,0901234561,,," + a + ",done,,,1,," + account + "\n3,A,0901234562,,," + a + ",done,,,1,," + account), "is on the phones"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			disk := newMemory()
			disk.now[resultPath] = &node{data: []byte(test.text)}
			_, err := Open(disk, resultPath, named("a test"))
			if !errors.Is(err, ErrRefused) || !strings.Contains(err.Error(), test.why) {
				t.Errorf("got %v, want %q", err, test.why)
			}
			if string(disk.now[resultPath].data) != test.text || disk.locked {
				t.Error("the file was changed, or is still locked")
			}
		})
	}
}

// Half a file is refused, unless it was cut between two lines: then the rest is looked for on the tenant.
func TestHalfAResult(t *testing.T) {
	all := strings.Count(saved, "\n")
	for n := range len(saved) {
		l, err := read(saved[:n])
		whole := saved[n] == '\n' || n > 0 && saved[n-1] == '\n'
		if err == nil != whole && strings.Count(saved[:n], "\n") > 1 {
			t.Errorf("cut after %d bytes: %v\n%s", n, err, saved[:n])
		}
		if err == nil && len(l.entries.byPhone) > all {
			t.Errorf("cut after %d bytes: %d entries", n, len(l.entries.byPhone))
		}
	}
}

func TestLinesOfOnePhoneAreMerged(t *testing.T) {
	const done = "2,A,0901234561,1301234567890123001,1001,1301234567890120301,done,,,3,2026-07-01T12:00:00Z," + account + "\n"
	for name, other := range map[string]string{
		"a refused duplicate": "3,B,0901234561,5,,,invalid,duplicate_phone,also on line 2,0,," + account + "\n",
		"a failed one":        "3,B,0901234561,5,,,failed,failed_precondition,exists,9,," + account + "\n",
		"an unknown one":      "3,B,0901234561,5,,,unknown,,,1,," + account + "\n",
		"one with the id":     "3,B,0901234561,5,,1301234567890120301,created,,,1,," + account + "\n",
		"one with a lost id":  "3,B,0901234561,5,,1.3E+18,created,,,1,," + account + "\n",
	} {
		for _, text := range []string{head + done + other, head + other + done} {
			e := mustRead(t, text).Lookup(person(1))
			if e.Status != Done || e.UserID != 1301234567890120301 || e.ExtensionNumber != "1001" || e.Exists || e.Open() || e.DamagedUser() || e.Name != "A" {
				t.Errorf("%s: %+v", name, e)
			}
		}
	}
}

func TestAnIDMeansThatTheUserIsThere(t *testing.T) {
	for _, status := range statusNames {
		e := mustRead(t, head+"2,A,0901234561,,,1301234567890120301,"+status+",user_exists,,1,,"+account+"\n").Lookup(person(1))
		if e.Status < Created || e.Exists || e.Open() {
			t.Errorf("%s with an id: %+v", status, e)
		}
	}
}

// drawn is any text that a cell can hold, with what is special about cells more often than by chance.
var drawn = rapid.OneOf(rapid.String(), rapid.StringMatching(`'{0,3}[=+\-@\t]?[a-z'"\n,;]{0,5}`), rapid.SampledFrom([]string{
	"=HYPERLINK(\"http://x\")", "'=x", "''+1", "-", "@", "\t=x", "Nguyễn Thị\nHồng", `"`, `""`, " x ", "\ufeffx", "'", "''", "\\.",
}))

func TestEveryTextComesBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		checkComesBack(t, Line{
			Line: "2", Name: drawn.Draw(t, "name"), Phone: "0901234561", ExtensionNumber: drawn.Draw(t, "number"), Status: "failed",
			ErrorCode: drawn.Draw(t, "code"), Error: drawn.Draw(t, "error"), AccountID: drawn.Draw(t, "account"),
		})
	})
}

// TestTextsComeBack has texts that look like cells of their own at one delimiter or another.
func TestTextsComeBack(t *testing.T) {
	for _, l := range []Line{
		{Name: "@", AccountID: ",@,"}, // a comma in quotes ends no cell
		{Name: "a;=1", Error: "a|@x\n=1"},
		{Name: `a;"=1`, Error: "a\t\"\"-1"},
		{Name: `;",@`, Error: `"`},
	} {
		l.Line, l.Phone, l.Status = "2", "0901234561", "failed"
		checkComesBack(t, l)
	}
}

// checkComesBack writes a line twice. It must be read as it was, and no spreadsheet may take a cell of it for a formula.
func checkComesBack(t rapid.TB, l Line) {
	t.Helper()
	var b bytes.Buffer
	if err := WriteLines(&b, slices.Values([]*Line{&l, &l})); err != nil {
		t.Fatal(err)
	}
	got := linesOf(b.String())
	for _, s := range l.texts() {
		*s = strings.ReplaceAll(*s, "\r", " ")
	}
	if !slices.Equal(got, []Line{l, l}) {
		t.Fatalf("got %q\nwant %q\nfile %q", got, l, b.String())
	}
	for _, delimiter := range []byte(",;|\t") {
		for _, cell := range cellsAsShown(b.String(), delimiter) {
			if cell != "" && strings.Contains("=+-@\t", cell[:1]) {
				t.Fatalf("a spreadsheet that divides lines at %q takes %q for a formula; file %q", delimiter, cell, b.String())
			}
		}
	}
}

// cellsAsShown returns the cells of a file as a spreadsheet shows them that divides lines at this delimiter. A quote that does not
// begin a cell is a character like any other.
func cellsAsShown(text string, delimiter byte) (cells []string) {
	for text != "" {
		var cell strings.Builder
		if text[0] == '"' {
			text = text[1:]
			for text != "" {
				inside, rest, _ := strings.Cut(text, `"`)
				cell.WriteString(inside)
				text = rest
				if !strings.HasPrefix(text, `"`) {
					break
				}
				cell.WriteByte('"')
				text = text[1:]
			}
		}
		end := strings.IndexAny(text, string(delimiter)+"\n")
		if end < 0 {
			return append(cells, cell.String()+text)
		}
		cells = append(cells, cell.String()+text[:end])
		text = text[end+1:]
	}
	return cells
}

func TestResultThatCannotBeReadToItsEnd(t *testing.T) {
	big := saved
	for i := range 500 {
		big += fmt.Sprintf("%d,Z,09%08d,,,,pending,,,0,,%s\n", i, i, account)
	}
	for _, text := range []string{saved, big, unicodeText(saved), unicodeText(big)} {
		broken := io.MultiReader(strings.NewReader(text), iotest.ErrReader(syscall.EIO))
		if err := ReadLines(broken, func(int, *Line) error { return nil }); !errors.Is(err, syscall.EIO) {
			t.Errorf("got %v", err)
		}
	}
	odd := strings.NewReader(unicodeText(saved) + "x")
	if err := ReadLines(odd, func(int, *Line) error { return nil }); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("half a character: %v", err)
	}
}
