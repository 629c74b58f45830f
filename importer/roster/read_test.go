package roster

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"etelecom-import/importer/reason"
	"etelecom-import/importer/sharing"
)

const header = "name,phone,password,extension_id,extension_number\n"

// read reads a file that must not be refused.
func read(t *testing.T, text string, o Options) *Roster {
	t.Helper()
	r, err := Read(strings.NewReader(text), o)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// told returns all that a roster says of its problems and notes.
func told(r *Roster) string {
	var b strings.Builder
	for p := range r.Problems() {
		fmt.Fprintf(&b, "line %d: %s\n", p.Line, p.Words().Message)
	}
	for _, n := range slices.Concat(r.Repaired, r.Warnings, r.Doubts) {
		fmt.Fprintf(&b, "%s: %d rows, lines %v\n", n.Text, n.Count, n.Lines)
	}
	return b.String()
}

func TestRow(t *testing.T) {
	r := read(t, header+"Nguyễn Văn An,0901234567,Mùa-xuân 1,1301234567890123457,101\nBình,0901234568,,,102\n", Options{})
	an, binh := r.Rows[0], r.Rows[1]
	if an.Line != 2 || an.Name != "Nguyễn Văn An" || an.Phone != 901234567 || an.Password.Reveal() != "Mùa-xuân 1" ||
		an.ExtensionID != 1301234567890123457 || an.ExtensionNumber != "101" || an.NoPassword {
		t.Errorf("%+v", an)
	}
	if binh.Line != 3 || !binh.NoPassword || !binh.Password.IsZero() || binh.ExtensionID != 0 || binh.ExtensionNumber != "102" {
		t.Errorf("%+v", binh)
	}
	if r.Problem(0) != nil || r.Problem(1) != nil {
		t.Error(told(r))
	}
}

func TestValidateOnlyKeepsNoSecretsAndNoNames(t *testing.T) {
	row := read(t, header+"An,0901234567,secret,1,\n", Options{ValidateOnly: true}).Rows[0]
	if row.Name != "" || !row.Password.IsZero() || row.NoPassword || row.Phone != 901234567 {
		t.Errorf("%+v", row)
	}
}

// TestProblems gives one row each and all that is told of it.
func TestProblems(t *testing.T) {
	const id = "1301234567890123457"
	for _, c := range []struct{ row, want string }{
		{"An,8.49E+10,pw," + id + ",", `line 2: phone "8.49E+10": a spreadsheet turned this number into 8.49E+10; format the column as text and enter it again`},
		{"An,0901 234,pw," + id + ",", `line 2: phone "**** **4": it has 7 digits, and 10 are needed; enter the whole number`},
		{"An,O901234567,pw," + id + ",", `line 2: phone (10 characters: letters, digits): there are letters among the digits; write digits only (probably 0901234567)`},
		{"An,,pw," + id + ",", `line 2: phone is missing; enter it`},
		{" ,0901234567,pw," + id + ",", `line 2: name is missing; enter it`},
		{"An,0901234567,pw,,", `line 2: extension_id and extension_number are both missing; enter one of them, or use --free-extensions`},
		{"An,0901234567,pw,1.30123E+18,", `line 2: extension_id "1.30123E+18": a spreadsheet turned this number into 1.30123E+18; format the column as text and enter it again`},
		{"An,0901234567,pw," + id + ".0,", `line 2: extension_id "` + id + `.0": a spreadsheet or a program turned it into a decimal number; format the column as text and enter it again`},
		{"An,0901234567,pw,0,", `line 2: extension_id "0": no id begins with 0; copy the id from the list of extensions, or name the column extension_number`},
		{"An,0901234567,pw,-5,", `line 2: extension_id "-5": it is not digits alone; copy the id from the list of extensions`},
		{"An,0901234567,pw,9223372036854775808,", `line 2: extension_id "9223372036854775808": it is larger than any id; copy the id from the list of extensions`},
		{"An,0901234567,pw,\"1\n2\",", `line 2: extension_id "1 2": there is a line break in the cell; keep it on one line`},
		{"An,\"0901234567\n\",pw," + id + ",", `phone: the line break at its end was removed: 1 rows, lines [2]`},
		{"An,\"\r\n0901234567\r\n\",pw," + id + ",", `phone: the line break at its end was removed: 1 rows, lines [2]`},
		{"An,0901234567,pw,\"" + id + "\n\",", `extension_id: the line break at its end was removed: 1 rows, lines [2]`},
		{"An,0901234567,pw,,\"1001\n\"", `extension_number: the line break at its end was removed: 1 rows, lines [2]`},
		{"An,\"0901234567\n0901234568\",pw," + id + ",", `line 2: phone "0901234567 0901234568": there is a line break in the cell; keep one number on one line`},
		{"An,0901234567,pw,,1e+2", `line 2: extension_number "1e+2": a spreadsheet turned this number into 1e+2; format the column as text and enter it again`},
		{"An,0901234567,pw,,101.0", `line 2: extension_number "101.0": a spreadsheet or a program turned it into a decimal number; format the column as text and enter it again`},
		{"An,0901234567,pw,,ext101", `line 2: extension_number (6 characters: letters, digits): it is not digits alone; enter the number that is dialled, such as 101`},
		{"An,0901234567,pw,," + id, `extension_number: it is the id of an extension, and was read as one: 1 rows, lines [2]`},
		{"An,0901234567,1234,," + id, `extension_number: it is the id of an extension, and was read as one: 1 rows, lines [2]`},
		{"An,0901234567,pw," + id + "," + id, `extension_number: it is the id of an extension, and was read as one: 1 rows, lines [2]`},
		{"An,0901234567,pw,1301234567890123458," + id, `line 2: extension_number "` + id + `": it is too long for a number that is dialled; if it is an id, name the column extension_id`},
		{"An,0901234567,pw,," + id[:18], `line 2: extension_number "` + id[:18] + `": it is too long for a number that is dialled; if it is an id, name the column extension_id`},
		{"An,0901234567," + strings.Repeat("x", 129) + "," + id + ",", `line 2: password: it has 129 bytes; choose one of at most 128 bytes`},
		{"An,0901234567,\"p\nw\"," + id + ",", `line 2: password: it has control characters, such as a tab or a line break; enter it again`},
		{"An,0901234567,p\tw," + id + ",", `line 2: password: it has control characters, such as a tab or a line break; enter it again`},
		{"A\x1b[2Jn,0901234567,pw," + id + ",", `line 2: name: it has control characters; enter the name again`},
		{"Nguy\uFFFDn,0901234567,pw," + id + ",", `line 2: name: letters were lost when the file was converted; enter the name again`},
		{"An,0901234567,pw", `line 2: the row has 3 cells, the header has 5; put cells that hold the delimiter in quotes, and fill the row up to the header's columns`},
		{"An,pw,0901234567," + id + ",", `line 2: cells are in the wrong columns: the phone or the extension is where the name or the password belongs; move them back`},
		{"An,0901234567," + id + ",pw,", `line 2: cells are in the wrong columns: the phone or the extension is where the name or the password belongs; move them back`},
		{"An,0901234567," + id + ",84736251,", `line 2: cells are in the wrong columns: the phone or the extension is where the name or the password belongs; move them back`},
		{"An,0901234567,101,,12345678", `line 2: cells are in the wrong columns: the phone or the extension is where the name or the password belongs; move them back`},
		{"Nguyen, Van A,8.49E+10,,12345678", `line 2: phone (6 characters: letters, others): there are letters among the digits; write digits only`},
		{"Nguyen, Van A,8.49E+10,,123456789012345678", `line 2: phone (6 characters: letters, others): there are letters among the digits; write digits only` + "\n" +
			`line 2: extension_number (18 characters: digits): it is too long for a number that is dialled; if it is an id, name the column extension_id`},
		{"An,0901234567,m\uFFFDt," + id + ",", `line 2: password: letters were lost when the file was converted; enter it again`},
		{"\u200b,0901234567,pw," + id + ",", `line 2: name is missing; enter it`},
		{"An,0901234567,p\u200bw," + id + ",", `password: invisible characters in it are part of it and were kept: 1 rows, lines [2]`},
		{"An,901234567,pw,'" + id + ",", `phone: the missing 0 at the front was put back: 1 rows, lines [2]` + "\n" +
			`extension_id: the apostrophe at the front was removed: 1 rows, lines [2]`},
		{"An,0901234567,pw,=\"" + id + "\",", `extension_id: the ="..." around it was removed: 1 rows, lines [2]`},
		{"An,0901234567,pw,\"=\"\"" + id + "\"\"\",", `extension_id: the ="..." around it was removed: 1 rows, lines [2]`},
		{"An,0901234567,pw,\u200b" + id + ",", `extension_id: invisible characters were removed: 1 rows, lines [2]`},
		{"\"An\nBình\",0901234567,pw," + id + ",", `name: a line break became a space: 1 rows, lines [2]`},
		{"An,0951234567,pw," + id + ",", `phone: no mobile operator is known for the prefix 095: 1 rows, lines [2]`},
		{"An,0901234567, pw," + id + ",", `password: spaces at its beginning or end are part of it and were kept: 1 rows, lines [2]`},
	} {
		r := read(t, header+c.row+"\n", Options{})
		if got := strings.TrimSuffix(told(r), "\n"); got != c.want {
			t.Errorf("%s\n got %s\nwant %s", c.row, got, c.want)
		}
	}
}

func TestUnusualNamesAreSentAsTheyAre(t *testing.T) {
	for _, name := range []string{"+An", "-An", "@An", "O'Brien", "Zoë 😀", "Ä"} {
		r := read(t, header+name+",0901234567,pw,1,\n", Options{})
		if got := r.Rows[0].Name; got != name || r.Problem(0) != nil {
			t.Errorf("%q became %q; %s", name, got, told(r))
		}
	}
	for _, name := range []string{"\tAn", "An ", "\u00a0An\u200b", "\ufeffAn\u00ad"} { // nobody means them, and nobody would find the person
		r := read(t, header+name+",0901234567,pw,1,\n", Options{})
		if got := r.Rows[0].Name; got != "An" || !strings.Contains(told(r), "name: spaces and invisible characters around it were removed") {
			t.Errorf("%q became %q; %s", name, got, told(r))
		}
	}
	if got := read(t, header+"Nguye\u0302\u0303n,0901234567,pw,1,\n", Options{}).Rows[0].Name; got != "Nguyễn" {
		t.Errorf("%+q is not composed", got)
	}
}

// A stray comma before a bad phone: what comes after may be the password, also if it is digits.
func TestNumberThatMayBeAPasswordIsNotKept(t *testing.T) {
	r := read(t, header+"Nguyen, Van A,8.49E+10,,12345678\nTran, Van B,8.49E+10,,12345678\n", Options{})
	for _, row := range r.Rows {
		if row.ExtensionNumber != "" {
			t.Errorf("%+v", row)
		}
	}
	if text := told(r); strings.Contains(text, "12345678") {
		t.Error(text)
	}
}

func TestPasswordsAreNotChanged(t *testing.T) {
	for _, password := range []string{" a ", "e\u0302", `="x"`, "'x", "0901234568", "1301234567890123457", "ａ"} {
		cell := `"` + strings.ReplaceAll(password, `"`, `""`) + `"`
		r := read(t, header+"An,0901234567,"+cell+",1301234567890123457,\n", Options{})
		if got := r.Rows[0].Password.Reveal(); got != password || r.Problem(0) != nil {
			t.Errorf("%q became %q; %s", password, got, told(r))
		}
	}
}

func TestBlankRowsKeepTheLineNumbers(t *testing.T) {
	r := read(t, "\n"+header+"\n,,,,\nAn,1,pw,1,\n\r\n\"\",\" \",,,\n \n\u00a0,,\n\"A\nn\",1,pw,1,\nx\nAn,1,pw,1,\n", Options{})
	var lines []int
	for _, row := range r.Rows {
		lines = append(lines, row.Line)
	}
	if fmt.Sprint(lines) != "[5 10 12 13]" || r.Dialect.Blank != 7 {
		t.Error(lines, r.Dialect.Blank)
	}
	if p := r.Problem(2); p == nil || p.Code != reason.MalformedRow || p.Line != 12 {
		t.Error(p)
	}
}

// TestUnevenRows: a row may lack cells at its end that nobody needs, or have blank ones there.
func TestUnevenRows(t *testing.T) {
	r := read(t, "STT,"+strings.Replace(header, "\n", ",note\n", 1)+"1,An,0901234567,pw,1\n2,Bình,0901234568,,2,,,,\n3,Chi,0901234569\n4,Dung,0901234570,pw,4,,,x\n", Options{})
	if r.Rows[0].Password.Reveal() != "pw" || r.Rows[0].ExtensionID != 1 || r.Problem(0) != nil || r.Problem(1) != nil {
		t.Errorf("%+v", r.Rows)
	}
	if got := told(r); !strings.Contains(got, "line 4: the row has 3 cells, the header has 7") || !strings.Contains(got, "line 5: the row has 8 cells, the header has 7") {
		t.Error(got)
	}
	if r := read(t, "TITLE\n\n"+header+"An,0901234567,pw,1,\n", Options{}); r.Rows[0].Line != 4 || r.Problem(0) != nil || !strings.Contains(told(r), "the lines above the header were skipped: 1 rows, lines [1]") {
		t.Error(told(r))
	}
	if r := read(t, "Hotline:,0901234567\n"+header+"An,0901234567,pw,1,\n", Options{}); len(r.Rows) != 1 {
		t.Error(told(r))
	}
}

// TestSharing: every row that shares something is refused, in whatever spelling, and names the others.
func TestSharing(t *testing.T) {
	r := read(t, header+`An,0901234567,pw,11,
Bình,+84 901 234 567,pw,12,
Chi,0901234568,pw,13,0101
Dung,0901234569,pw,'13,101
Em,0901234570,pw,1e+9,0101
`, Options{})
	want := `line 2: phone "0901234567": it is also on line 3; keep one of the rows
line 3: phone "0901234567": it is also on line 2; keep one of the rows
line 4: extension_id "13": it is also on line 5; keep one of the rows
line 4: extension_number "0101": it is also on line 6; keep one of the rows
line 5: extension_id "13": it is also on line 4; keep one of the rows
line 6: extension_id "1e+9": a spreadsheet turned this number into 1e+9; format the column as text and enter it again
line 6: extension_number "0101": it is also on line 4; keep one of the rows
extension_id: the apostrophe at the front was removed: 1 rows, lines [5]
extension_id: it is short for an id; if it is the number that is dialled, name the column extension_number: 4 rows, lines [2 3 4 5]
`
	if got := told(r); got != want {
		t.Errorf("got\n%s", got)
	}
}

func TestManySharingRowsNameAFew(t *testing.T) {
	r := read(t, header+strings.Repeat("An,0901234567,pw,,\n", 9), Options{})
	var shared []string
	for p := range r.Problems() {
		if p.Code == reason.DuplicatePhone {
			shared = append(shared, p.Words().Problem)
		}
	}
	if len(shared) != 9 || shared[0] != "it is also on lines 3, 4, 5, 6, 7 and 3 more" {
		t.Errorf("%q", shared)
	}
	if p := r.Problem(0); p.Code != reason.MissingValue {
		t.Errorf("the decisive problem is %v", p)
	}
}

func TestRoundedIDsAreToldOnce(t *testing.T) {
	r := read(t, header+`An,0901234567,pw,1301234567890120000,
Bình,0901234568,pw,1301234567890130000,
Chi,0901234569,pw,1301234567890130000,
Dung,0901234570,pw,,101
`, Options{})
	got := told(r)
	if n := strings.Count(got, "Data, From Text/CSV"); n != 1 || !strings.HasPrefix(got, "line 0: extension_id: a spreadsheet rounded this column: 3 ids") {
		t.Error(got)
	}
	for i := range 3 {
		if p := r.Problem(i); p == nil || p.Code != reason.BadExtension || r.Rows[i].ExtensionID != 0 {
			t.Errorf("row %d: %v", i, p)
		}
	}
	if r.Problem(3) != nil || strings.Contains(got, "it is also on") {
		t.Error(got)
	}
}

// TestChanceIsNoRounding: of many ids a few end in zeros.
func TestChanceIsNoRounding(t *testing.T) {
	for _, c := range []struct {
		sound, zeros int
		want         bool
	}{
		{0, 1, false}, {0, 2, true}, {300, 2, false}, {300, 3, true}, {999_900, 100, false}, {900_000, 1000, true},
	} {
		var r roundingStats
		for range c.sound {
			r.add(1301234567890123457)
		}
		for range c.zeros {
			r.add(1301234567890120000)
		}
		if r.rounded() != c.want {
			t.Errorf("%+v", c)
		}
	}
}

func TestFileThatChangesIsRefused(t *testing.T) {
	path := filepath.Join(t.TempDir(), "r.csv")
	write := func(text string) {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write(header)
	f, err := sharing.OpenFile(path, os.O_RDONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	before, _ := f.Stat()
	if err := unchanged(f, before); err != nil {
		t.Error(err)
	}
	write(header + "more")
	if unchanged(f, before) == nil {
		t.Error("a longer file is not noticed")
	}
	after, _ := f.Stat()
	if err := os.Rename(path, path+".old"); err != nil { // as another program does it
		t.Fatal(err)
	}
	if unchanged(f, after) == nil {
		t.Error("a file that is gone is not noticed")
	}
}

func TestReadingErrorIsPassedOn(t *testing.T) {
	broken := errors.New("the disk is broken")
	_, err := Read(io.MultiReader(strings.NewReader(header+"An,0901234567,pw,1,\n"), iotest.ErrReader(broken)), Options{})
	if !errors.Is(err, broken) {
		t.Error(err)
	}
	if _, err := ReadFile(t.TempDir(), Options{}); err == nil {
		t.Error("a folder was read")
	}
}

func TestReadsFromAnyReader(t *testing.T) {
	text := header + strings.Repeat("Nguyễn,0901234567,pw,1,\n\"Ng\nA\",1,pw,1,\n", 3000)
	for _, in := range []io.Reader{iotest.OneByteReader(strings.NewReader(text)), iotest.DataErrReader(strings.NewReader(text))} {
		if r, err := Read(in, Options{}); err != nil || len(r.Rows) != 6000 {
			t.Error(err)
		}
	}
}

// TestKinds: each kind of problem has a code, a name, a problem and a hint, and somebody who puts in what is missing.
func TestKinds(t *testing.T) {
	for k := wrongCells; k < absent; k++ {
		if int(k) >= len(kinds) || kinds[k].code == "" && kinds[k].note == "" && kinds[k].noteOf == nil {
			t.Errorf("kind %d has no entry", k)
			continue
		}
		e := &kinds[k]
		if e.code == "" { // it is only told
			if e.column == "" || !e.content || e.problem != "" {
				t.Errorf("kind %d: %+v", k, *e)
			}
			continue
		}
		if (e.name == "" || e.hint == "") && k != badPhone || e.problem == "" && e.detail == nil {
			t.Errorf("kind %d: %+v", k, *e)
		}
	}
	if int(absent) != len(kinds) {
		t.Errorf("%d kinds, %d entries", absent-1, len(kinds)-1)
	}
}
