package roster

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"slices"
	"strings"
	"testing"

	"etelecom-import/importer/reason"
)

// cells writes a file with the columns name, phone, password and extension_number. A cell of a row that is not given is sound.
func cells(rows ...[]string) string {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	_ = w.Write([]string{"name", "phone", "password", "extension_number"})
	for i, row := range rows {
		sound := []string{"Nguyễn Văn An", fmt.Sprintf("09012345%02d", i), fmt.Sprintf("Bien-xanh-%d", 310+i), fmt.Sprint(1001 + i)}
		_ = w.Write(append(row, sound[len(row):]...))
	}
	w.Flush()
	return b.String()
}

// password returns the row of a person with a password.
func password(cell string) []string { return []string{"Nguyễn Thị Lan", "0903551200", cell} }

// kindsOf returns the kinds of the problems, in order.
func kindsOf(r *Roster) (kinds []string) {
	for p := range r.Problems() {
		kinds = append(kinds, p.Kind)
	}
	return kinds
}

// notesOf returns the texts of all notes.
func notesOf(r *Roster) (texts []string) {
	for _, n := range slices.Concat(r.Repaired, r.Warnings, r.Doubts) {
		texts = append(texts, n.Text)
	}
	return texts
}

// TestProgramValues: what a program wrote in place of a value is refused in every column, by name.
func TestProgramValues(t *testing.T) {
	for _, value := range []string{
		"#N/A", "#NAME?", "#REF!", "#VALUE!", "#DIV/0!", "#NULL!", "#NUM!", "#SPILL!", "#CALC!", "#GETTING_DATA", "#BLOCKED!", "#FIELD!", "#CONNECT!", "#UNKNOWN!", "#ERROR!", "#Error",
		"Err:502", "Err:508", "#NV", "#BEZUG!", "#WERT!", "#ZAHL!", "#VALEUR!", "#NOM?", "#¡VALOR!", "#N/D", "#RIF!", "#ADR!", "#ДЕЛ/0!", "#ССЫЛКА!", "#TRÀN!", " #N/A ", "#n/a",
		"####", "########", "***", "********", "••••••••", "●●●●", "[object Object]", "<redacted>", "%!s(<nil>)", "Loading...",
	} {
		for at, column := range []string{"name", "phone", "password", "extension_number"} {
			row := []string{"Nguyễn Văn An", "0901234567", "Bien-xanh-310", "1001"}
			row[at] = value
			r := read(t, cells(row), Options{})
			p := r.Problem(0)
			if p == nil {
				t.Errorf("%s %q: no problem", column, value)
				continue
			}
			if w := p.Words(); w.Column != column || w.Value == "" || p.Kind != strings.TrimSuffix(column, "_number")+" written by a program" && at < 3 {
				t.Errorf("%s %q: %s: %s", column, value, p.Kind, w.Message)
			}
			if got := len(kindsOf(r)); got != 1 {
				t.Errorf("%s %q: %s", column, value, told(r))
			}
		}
	}
}

// TestAnyPasswordIsTaken: a password may be anything that a person thinks of.
func TestAnyPasswordIsTaken(t *testing.T) {
	for _, cell := range []string{
		"#NA12x", "#N/A1", "x#N/A", "##", "**", "*a*", "12345e67", "1e5x", "1e5", "12E+11", "2.50919E+11x", "250919.5", "null1", "nullnull", "none!", "Nan2024", "xx", "00", "x1", "-1", "--a", "không nói", "khongco1",
		"$2y$", "$6$short", "{SSHA}short", "sha256:short", "md5", "5f4dcc3b5aa765d61d8327deb882cf9", "!@#$%^&*()", "&", "a&b", "a&b;c", "&copy me;", "100%", "a b", "12:3", "2024-2025", "1990-13-01", "O'Brien", `a"b`, "==a", "=a", "@a", "+a",
		"Lan", "Nguyễn Thị Lan", "101", "1234", "987654321",
	} {
		r := read(t, cells(password(cell)), Options{})
		if row := r.Rows[0]; row.Password.Reveal() != cell || row.NoPassword || r.Problem(0) != nil {
			t.Errorf("%q became %q: %s", cell, row.Password.Reveal(), told(r))
		}
	}
}

// TestWordsThatSayNothing: null, a dash and such are an empty cell where a cell may be empty.
func TestWordsThatSayNothing(t *testing.T) {
	for _, word := range []string{
		"null", "NULL", "Null", "None", "none", "nil", "nan", "NaN", "undefined", "(null)", "<null>", "[null]", `\N`, "N/A", "n/a", "NA", "-", "--", "—", " - ", "?", ".", "x", "X", "0", "không", "Không", "KHÔNG",
		"không có", "Không có", "Không Có", "KHÔNG CÓ", "ko", "chưa có", "(không có)", "(blank)", "(trống)", "đang cập nhật", "TBD", "tba", "t.b.d", "gửi riêng", "Chưa có mật khẩu", "Chưa cấp", "sẽ cấp sau", `""`, `=""`, "''",
	} {
		r := read(t, cells(password(word)), Options{})
		if row := r.Rows[0]; !row.NoPassword || !row.Password.IsZero() || r.Problem(0) != nil || len(r.Doubts) != 1 {
			t.Errorf("password %q: %+v %s", word, row, told(r))
		}
		if word == "0" { // a number
			continue
		}
		r = read(t, header+"Lan,0903551200,Bien-xanh-310,1301234567890123457,\""+strings.ReplaceAll(word, `"`, `""`)+"\"\n", Options{})
		if row := r.Rows[0]; row.ExtensionNumber != "" || r.Problem(0) != nil {
			t.Errorf("extension %q: %+v %s", word, row, told(r))
		}
		r = read(t, cells([]string{"Lan", "0903551200", "Bien-xanh-310", word}), Options{})
		if p := r.Problem(0); p == nil || p.Code != reason.MissingValue {
			t.Errorf("extension %q alone: %v", word, p)
		}
		r = read(t, cells([]string{"Lan", word}), Options{})
		if p := r.Problem(0); p == nil || p.Code != reason.MissingValue {
			t.Errorf("phone %q: %s", word, told(r))
		}
	}
}

// TestWordsAsNames: a person may be called Null, and two are not.
func TestWordsAsNames(t *testing.T) {
	for _, word := range []string{"Nan", "Null", "null", "NULL", "None", "undefined", "NA", "x", "Không", "Lan undefined", "null Lan", "None None"} {
		r := read(t, cells([]string{word}, nil), Options{})
		if r.Problem(0) != nil || len(r.Doubts) != 1 || r.Rows[0].Name != word {
			t.Errorf("%q: %s", word, told(r))
		}
		if r = read(t, cells([]string{word}, nil, []string{"Null"}), Options{}); r.Problem(0) == nil || r.Problem(2) == nil || r.Problem(1) != nil {
			t.Errorf("%q and another: %s", word, told(r))
		}
	}
	r := read(t, cells([]string{"Nan"}, []string{"Null"}, []string{`"Lan"`}, []string{"#Lan"}, []string{"-"}), Options{AllowNames: true})
	if got := fmt.Sprint(kindsOf(r)); got != "[row that is commented out name is missing]" || len(r.Doubts) != 3 || r.Rows[2].Name != `"Lan"` {
		t.Error(got, told(r))
	}
	for name, kind := range map[string]string{
		"-": "name is missing", "---": "name is missing", "N/A": "name is missing", "(null)": "name is missing", `\N`: "name is missing", "0": "name is missing", "không có": "name is missing", "!!": "name is missing", "***": "name written by a program",
		"Lan #N/A": "name written by a program", "#REF! Lan": "name written by a program",
		"#Lan (đã nghỉ)": "row that is commented out", "// Minh": "row that is commented out", "//Minh": "row that is commented out", "VD: Nguyễn Văn A": "row that is an example", "Ví dụ Nguyễn Văn A": "row that is an example", "mẫu: Lan": "row that is an example", "Vi Du": "", "Vũ Dương": "",
		"-- Lan": "row that is commented out", ";Lan": "row that is commented out", "/* Lan */": "row that is commented out", "# Lan": "row that is commented out",
	} {
		if r := read(t, cells([]string{name}), Options{}); fmt.Sprint(kindsOf(r)) != "["+kind+"]" {
			t.Errorf("%q: %s", name, told(r))
		}
	}
	for name, notes := range map[string]int{
		"Nguyễn Thị Lan": 0, "Nan Thị Na": 0, "Na": 0, "Trần Văn Không": 0, "Lễ tân 1": 0, "Sale_01": 1, "Y Moan Êban": 0, "H'Hen Niê": 0, "K'Brếu": 0, "O'Brien": 0, "J. A. Smith": 0, "Reddy": 0, "PHẠM CÔNG ĐÔNG": 0, "X": 1, "Xa": 0,
		"Nguyễn Trọng Nghĩa": 0, "Kho #3": 0, "A-B": 0, "-An": 0, "101": 1, "Lan (đã nghỉ)": 1, "Lan - nghỉ việc": 1, "Lan đã nghỉ": 1, "Đặng Nghi (Kho)": 0,
	} {
		if r := read(t, cells([]string{name}), Options{}); r.Problem(0) != nil || len(r.Doubts) != notes || r.Rows[0].Name != name {
			t.Errorf("%q: %s", name, told(r))
		}
	}
}

// TestPasswordsOfSpreadsheets: what a spreadsheet made of a password is refused, or told where a person may have meant it.
func TestPasswordsOfSpreadsheets(t *testing.T) {
	for kind, all := range map[string][]string{
		"password in scientific notation": {"2.50919E+11", "2,50919E+11", "1E+10", "2.50919e+11", "2.50919E11"},
		"password as a decimal number":    {"250919.0", "250919,00", "1021990.0", "250.919,00", "1,021,990.00", "250919,0", "250.919 ₫"},
		"password as a number in groups":  {"1.021.990", "1,021,990", "1\u00a0021\u00a0990"},
		"password as a date with a time":  {"1990-02-01 00:00:00", "02/01/1990 00:00", "1990-02-01T00:00:00.000Z", "00:00.0", "2/1/1990 12:00:00 AM"},
		"hash in place of a password": {
			"$2y$10$abcdefghijklmnopqrstuv0123456789ABCDEFGHIJKLMNOPQRSTU", "$2a$12$R9h/cIPz0gi.URNNX3kh2OPST9/PgBkqquzi.Ss7KIUgO2t0jWMUW", "$2b$10$abcdefghijklmnopqrstuv0123456789ABCDEFG",
			"{SSHA}b3JlbUlwc3VtRG9sb3JTaXRBbWV0Q29uc2U=", "{MD5}X03MO1qnZdYdgyfeuILPmQ==", "{ssha512}b3JlbUlwc3VtRG9sb3JTaXRBbWV0Q29uc2U=", "{CRYPT}$6$abc$defghijklmnop",
			"$argon2id$v=19$m=65536,t=3,p=4$c29tZXNhbHQ$RdescudvJCsgt3ub+b4daw", "$6$rounds=5000$saltsalt$0123456789abcdefghijklmnopqrstuvwxyz", "$5$salt$0123456789abcdefghijklmnopq", "$1$salt$qJH7.N4xYta3aEG/dfqo/0",
			"$apr1$salt$qJH7.N4xYta3aEG/dfqo/0", "$P$B0123456789abcdefghijklmnopqrst", "pbkdf2_sha256$600000$salt$0123456789abcdef0123456789=", "sha256:1000:c2FsdA==:0123456789abcdef", "md5:5f4dcc3b5aa765d61d8327deb882cf99",
			"sha1$salt$5baa61e4c9b93f3f0682250b6cf8331b7ee68fd8", "scrypt:32768:8:1$salt$0123456789abcdef0123456789", "*2470C0C06DEE42FD1618BB99005ADCA2EC9D1E19", "AQAAAAEAACcQAAAAEJ0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123==",
			"pbkdf2:sha256:260000$salt$0123456789abcdef", "SCRAM-SHA-256$4096:c2FsdA==$0123456789:abcdefghij=",
		},
	} {
		for _, cell := range all {
			r := read(t, cells(password(cell)), Options{})
			if fmt.Sprint(kindsOf(r)) != "["+kind+"]" || r.Problem(0).Words().Value != "" {
				t.Errorf("%q: %s", cell, told(r))
			}
		}
	}
	for note, all := range map[string][]string{
		"it is a date":            {"01/02/1990", "1990-02-01", "1-Feb", "1-Feb-90"},
		"it is a number in group": {"250,919", "120.987", "192.168.100.200"},
		"hexadecimal digits":      {"5f4dcc3b5aa765d61d8327deb882cf99", "5BAA61E4C9B93F3F0682250B6CF8331B7EE68FD8"},
		"as web pages write it":   {"Bien&amp;xanh", "a&lt;b", "&#39;a", "&#x27;", "caf&eacute;"},
		"at its front is part":    {"'012345", "=1+1", `"abc`, "“abc", "’abc"},
		"in another encoding":     {"Máº\u00adtKháº©u1", "BiÃªn-xanh-310", "mÃ¼ller1"},
		"invisible characters":    {"a\u00adb", "a\u200bb"},
		"stands for a password":   {"same", "password", "Mật khẩu", "mặc định", "(mặc định)", "true", "Như cũ", "SAI", "default", "-same-", "xxxx", "XXXXXXXX"},
		"spaces at its beginning": {" abc", "abc ", "abc\u00a0"},
	} {
		for _, cell := range all {
			r := read(t, cells(password(cell)), Options{})
			if n := notesOf(r); r.Problem(0) != nil || len(n) != 1 || !strings.Contains(n[0], note) || r.Rows[0].Password.Reveal() != cell {
				t.Errorf("%q: %s", cell, told(r))
			}
		}
	}
}

// TestGroupsOfSeveral: one person may have a point in a password of digits; two have it from a spreadsheet.
func TestGroupsOfSeveral(t *testing.T) {
	r := read(t, cells(password("250.919"), []string{"An"}, []string{"Bình", "0903551201", "120.987"}), Options{})
	if fmt.Sprint(kindsOf(r)) != "[password as a number in groups password as a number in groups]" || r.Problem(1) != nil {
		t.Error(told(r))
	}
	r = read(t, cells(password("192.168.100.200"), []string{"Bình", "0903551201", "192.168.100.201"}), Options{}) // addresses
	if len(kindsOf(r)) > 0 || len(r.Doubts) != 1 {
		t.Error(told(r))
	}
}

// TestPasswordsInAnotherRow: what says that the password is that of another row, and what a spreadsheet makes of a box, is none.
func TestPasswordsInAnotherRow(t *testing.T) {
	for kind, all := range map[string][]string{
		"password as in another row": {
			"như trên", "Như trên", "NHƯ TRÊN", "nhu tren", "nt", "NT", "-nt-", "- nt -", " -nt- ", "(nt)", "n.t", "ditto", "same as above", "idem", `"`, "”", "〃", `-"-`, "(như trên)", "giống trên",
			"như  trên", "Như trên.", "như_trên", "mk như trên", "như trên nha", "như dòng 2", "Same as row 3", "same as above.",
		},
		"TRUE or FALSE in the wrong place": {"TRUE", "FALSE", "True", "False"},
	} {
		for _, cell := range all {
			r := read(t, cells(password(cell)), Options{})
			if row := r.Rows[0]; fmt.Sprint(kindsOf(r)) != "["+kind+"]" || row.NoPassword || !row.Password.IsZero() {
				t.Errorf("%q: %s", cell, told(r))
			}
		}
	}
	for _, cell := range []string{"ntx", "nt1", "Ditto9", "TRUEblue", "nhutren", "samsung", "tbd1", "nhutren99", "đẹp như trăng", "do-nt", "x1x"} {
		if r := read(t, cells(password(cell)), Options{}); r.Problem(0) != nil || len(r.Doubts) > 0 || r.Rows[0].Password.Reveal() != cell {
			t.Errorf("%q: %s", cell, told(r))
		}
	}
	for _, name := range []string{"như trên", "-nt-", "TRUE", "TBD"} {
		if r := read(t, cells([]string{name}, []string{name}), Options{}); fmt.Sprint(kindsOf(r)) != "[name is missing name is missing]" {
			t.Errorf("%q twice: %s", name, told(r))
		}
	}
	for _, name := range []string{`"`, "〃", `-"-`} {
		if r := read(t, cells([]string{name}), Options{}); fmt.Sprint(kindsOf(r)) != "[name is missing]" {
			t.Errorf("%q: %s", name, told(r))
		}
	}
}

// TestHashesByTheirHeader: digits alone are a hash where the header says so.
func TestHashesByTheirHeader(t *testing.T) {
	const hash = "5f4dcc3b5aa765d61d8327deb882cf99"
	for _, header := range []string{"password (bcrypt)", "Password (MD5)", "password (sha256)", "mật khẩu (đã băm)", "Mật khẩu (hash)", "mật khẩu (mã hóa)", "password (encrypted)"} {
		r := read(t, "name,phone,"+header+",ext\nLan,0903551200,"+hash+",1001\nMinh,0903551201,Bien-xanh-310,1002\n", Options{})
		if r.Problem(0) == nil || r.Problem(1) != nil {
			t.Errorf("%s: %s", header, told(r))
		}
	}
	for _, header := range []string{"password", "Mật khẩu (8 ký tự)", "pass"} {
		if r := read(t, "name,phone,"+header+",ext\nLan,0903551200,"+hash+",1001\n", Options{}); r.Problem(0) != nil || len(r.Doubts) != 1 {
			t.Errorf("%s: %s", header, told(r))
		}
	}
}

// TestLostZeros: where phones have lost their 0, passwords of digits may have, too.
func TestLostZeros(t *testing.T) {
	for _, c := range []struct {
		rows [][2]string // phone and password
		want string      // lines of the note
	}{
		{[][2]string{{"903551200", "120987"}, {"903551201", "Bien-xanh"}, {"903551202", "7"}}, "[2 4]"},
		{[][2]string{{"903551200", "120987"}, {"0903551201", "012345"}}, "[2]"},
		{[][2]string{{"903551200", "Bien-xanh"}}, "[]"},
		{[][2]string{{"0903551200", "120987"}, {"0903551201", "1021990"}, {"0903551202", "7"}}, "[2 4]"},
		{[][2]string{{"0903551200", "120987"}, {"0903551201", "021990"}, {"0903551202", "7"}}, "[]"},
		{[][2]string{{"0903551200", "120987"}, {"0903551201", "102199"}}, "[]"},
		{[][2]string{{"0903551200", "120987"}, {"0903551201", "1021990"}, {"0903551202", "abc7"}}, "[]"},
		{[][2]string{{"0903551200", "120987"}, {"0903551201", ""}, {"0903551202", "1021990"}}, "[2]"},
		{[][2]string{{"84903551200", "120987"}, {"+84903551201", "120987"}, {"+84 0903551202", "120987"}, {"'0903551203", "120987"}, {"‘903551204", "120987"}}, "[]"},
	} {
		var rows [][]string
		for _, row := range c.rows {
			rows = append(rows, []string{"Lan", row[0], row[1]})
		}
		r := read(t, cells(rows...), Options{ValidateOnly: true})
		lines := []int{}
		for _, n := range r.Doubts {
			if strings.Contains(n.Text, "0 at") {
				lines = n.Lines
			}
		}
		if fmt.Sprint(lines) != c.want {
			t.Errorf("%v: %v, want %s; %s", c.rows, lines, c.want, told(r))
		}
	}
}

// TestPasswordsWithADelimiter: one password may end in a character that separates cells in other files; most passwords of a file do not.
func TestPasswordsWithADelimiter(t *testing.T) {
	const head = "name,phone,extension_number,password\n"
	row := func(i int, password string) string { return fmt.Sprintf("Lan,090355120%d,100%d,%s\n", i, i, password) }
	r := read(t, head+row(0, "Bien-xanh-310;")+row(1, "Bien-xanh-311")+row(2, "Bien-xanh-312"), Options{})
	if r.Problem(0) != nil || len(r.Doubts) != 1 || r.Rows[0].Password.Reveal() != "Bien-xanh-310;" {
		t.Error(told(r))
	}
	r = read(t, head+row(0, "Bien-xanh-310;")+row(1, "Bien-xanh-311;")+row(2, "Bien-xanh-312"), Options{})
	if r.Problem(0) == nil || r.Problem(1) == nil || r.Problem(2) != nil {
		t.Error(told(r))
	}
}

// TestExampleIsRefused: whoever fills in the template may leave its example.
func TestExampleIsRefused(t *testing.T) {
	titles, example := Template()
	text := strings.Join(titles, ",") + "\n" + strings.Join(example, ",") + "\nLan,0903551200,Bien-xanh-310,1009\n"
	if r := read(t, text, Options{}); fmt.Sprint(kindsOf(r)) != "[example of the template]" || len(r.Rows) != 2 {
		t.Error(told(r))
	}
}

// TestWholeRowInACell: a row that was not divided into its cells, and what else belongs into no name, is refused and not shown.
func TestWholeRowInACell(t *testing.T) {
	const head = "name,phone,password,extension_number\n"
	const lan, secret = "Lan,0903551200,Bien-xanh-310,1001\n", "Xuan-9182"
	for text, kind := range map[string]string{
		lan + "\"Minh;0903551201;" + secret + ";1002\",,,\n":                          "a whole row in one cell",
		lan + "\"Minh,0903551201," + secret + ",1002\",,,\n":                          "a whole row in one cell",
		lan + "Hoa 0903551209,,,\n":                                                   "name with a phone in it",
		lan + "Nguyễn Hoa (mới),,,\n":                                                 "phone is missing",
		"\"Minh;0903551201;" + secret + ";1002\",,,\n":                                "a whole row in one cell",
		"\"Minh|0903551207|" + secret + "|1008\",0903551201,Bien-xanh-311,1002\n":     "a whole row in one cell",
		"Minh " + secret + ",0903551201," + secret + ",1002\n":                        "name with the password in it",
		"Minh,0903551201,Bien-xanh-310;Hoa;0903551202;1002;" + secret + ",1001\n":     "a whole row in one cell",
		"Minh,0903551201,\"Bien-xanh-310,1001 Hoa,0903551202," + secret + "\",1002\n": "a whole row in one cell",
	} {
		r := read(t, head+text, Options{})
		lines := len(r.Rows) + len(r.Dialect.NotPeople)
		if !slices.Contains(kindsOf(r), kind) && kind != "name with a phone in it" || lines != strings.Count(text, "\n") || len(r.Dialect.NotPeople) > 0 {
			t.Errorf("%s: %s", text, told(r))
		}
		shown := told(r)
		for _, row := range r.Rows {
			shown += row.Name + row.ExtensionNumber
		}
		if strings.Contains(shown, secret) {
			t.Errorf("%s: %s", text, shown)
		}
	}
}
