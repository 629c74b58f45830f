package roster

import (
	"fmt"
	"strings"
	"testing"
)

// TestWrappedRows gives rows with something around their cells, and what becomes of name and password, or what is wrong.
func TestWrappedRows(t *testing.T) {
	for _, c := range []struct{ name, phone, password, extension, want string }{
		// All cells are wrapped alike.
		{`="Lan"`, `="0903551200"`, `="Bien-xanh"`, `="1001"`, "Lan Bien-xanh"},
		{`="Lan"`, `="0903551200"`, `="Bien""xanh"`, `="1001"`, `Lan Bien"xanh`},
		{"'Lan", "'0903551200", "'012345", "'1001", "Lan 012345"},
		{"’Lan", "’0903551200", "’012345", "’1001", "Lan 012345"},
		{"'Lan'", "'0903551200'", "'Bien-xanh'", "'1001'", "Lan Bien-xanh"},
		{"'O''Brien'", "'0903551200'", "'Bien-xanh'", "'1001'", "O'Brien Bien-xanh"},
		{`"Lan"`, `"0903551200"`, `"Bien-xanh"`, `"1001"`, "Lan Bien-xanh"},
		{`"Lan"`, `"0903551200"`, `"Bien""xanh"`, `"1001"`, `Lan Bien"xanh`},
		{"“Lan”", "“0903551200”", "“Bien-xanh”", "“1001”", "Lan Bien-xanh"},
		{"«Lan»", "«0903551200»", "«Bien-xanh»", "«1001»", "Lan Bien-xanh"},
		{`="Lan"`, `="0903551200"`, "", `="1001"`, "Lan "},
		{`="Lan"`, `="0903551200"`, `=""`, `="1001"`, "Lan "},
		{`"Lan"`, `"0903551200"`, `""`, `"1001"`, "Lan "},
		{"Lan", " 0903551200", " Bien-xanh", " 1001", "Lan Bien-xanh"},
		{"Lan", "\t0903551200", "\tBien-xanh", "\t1001", "Lan Bien-xanh"},
		{"Lan", "  0903551200", "   Bien-xanh", " 1001", "Lan Bien-xanh"},

		// It is not clear whether the password is wrapped, too.
		{"Lan", "'0903551200", "'012345", "1001", "quotes around some cells"},
		{"Lan", "0903551200", "'012345", "'1001", "quotes around some cells"},
		{"Lan", "'0903551200", "'012345", "'1001", "quotes around some cells"},
		{"Lan", `="0903551200"`, `="012345"`, `="1001"`, "quotes around some cells"},
		{"Lan", `="0903551200"`, `="012345`, `1001`, "quotes around some cells"},
		{"'Lan'", "0903551200", "'Bien-xanh'", "1001", "quotes around some cells"},
		{`"Lan"`, "0903551200", `"Bien-xanh"`, "1001", "quotes around some cells"},
		{"'Lan", "'0903551200", "Bien-xanh", "'1001", "quotes around some cells"},
		{"Lan", "‘0903551200", "‘012345’", "1001", "quotes around some cells"},

		// Only the name is in quotes.
		{`"Lan"`, "0903551200", "Bien-xanh", "1001", "name in quotes"},
		{`="Lan"`, "0903551200", "Bien-xanh", "1001", "name in quotes"},
		{"“Lan”", "0903551200", "Bien-xanh", "1001", "name in quotes"},

		// What a program puts before formulas.
		{"'=1+1 Lan", "0903551200", "Bien-xanh", "1001", "=1+1 Lan Bien-xanh"},
		{"'-Lan", "'+84903551200", "Bien-xanh", "1001", "-Lan Bien-xanh"},
		{"Lan", "0903551200", "'@Bien310xanh", "1001", "apostrophe before the password"},
		{"Lan", "'+84903551200", "'@Bien310xanh", "1001", "apostrophe before the password"},
		{"'@Lan", "0903551200", "'=Bien", "1001", "apostrophe before the password"},
		{"Lan", "'+84903551200", "'Bien", "1001", "quotes around some cells"},
		{"Lan", "+84903551200", "'@Bien310xanh", "1001", "Lan '@Bien310xanh"}, // nobody has escaped the phone

		// Nothing says that the password is wrapped.
		{"Lan", "0903551200", "'012345", "1001", "Lan '012345"},
		{"Lan", "0903551200", `="012345"`, "1001", `Lan ="012345"`},
		{"Lan", "0903551200", `"Bien`, "1001", `Lan "Bien`},
		{"Lan", "'0903551200", "Bien'xanh'", "'1001", "Lan Bien'xanh'"},
		{"Lan", "'0903551200", "=Bien", "1001", "Lan =Bien"},
		{"'Lan", "0903551200", "Bien-xanh", "1001", "'Lan Bien-xanh"},
		{"Lan", " 0903551200", " Bien", "1001", "Lan  Bien"},
		{"O'Brien", "0903551200", "Bien-xanh", "1001", "O'Brien Bien-xanh"},
	} {
		r := read(t, cells([]string{c.name, c.phone, c.password, c.extension}), Options{})
		got := r.Rows[0].Name + " " + r.Rows[0].Password.Reveal()
		if kinds := kindsOf(r); len(kinds) > 0 {
			got = strings.Join(kinds, ", ")
		}
		if got != c.want {
			t.Errorf("%+v: %s\n%s", c, got, told(r))
			continue
		}
		changed := r.Rows[0].Name != c.name || r.Rows[0].Password.Reveal() != c.password
		if r.Problem(0) == nil && changed && c.password != `=""` && len(r.Doubts) == 0 {
			t.Errorf("%+v: nothing is told", c)
		}
		if r.Problem(0) == nil && (r.Rows[0].Phone != 903551200 || r.Rows[0].ExtensionNumber != "1001") {
			t.Errorf("%+v: %+v", c, r.Rows[0])
		}
	}
}

// TestNumbersAreWrapped: programs wrap what a spreadsheet would take for a number, and leave names and other texts as they are.
func TestNumbersAreWrapped(t *testing.T) {
	type rows = [][]string
	for _, c := range []struct {
		name  string
		rows  rows
		kinds string
		want  string // passwords
	}{
		{"formulas", rows{{"Lan", `="0903551200"`, `="012345"`, `="1001"`}, {"Minh", `="0903551201"`, `="012346"`, `="1002"`}}, "[]", "012345 012346"},
		{"letters in a formula", rows{{"Lan", `="0903551200"`, `="Bien-1"`, `="1001"`}, {"Minh", `="0903551201"`, `="Bien""2"`, `="1002"`}}, "[]", `Bien-1 Bien"2`},
		{"other texts", rows{{"Lan", `="0903551200"`, `="012345"`, `="1001"`}, {"Minh", `="0903551201"`, "Bien-2", `="1002"`}}, "[]", "012345 Bien-2"},
		{"no password", rows{{"Lan", `="0903551200"`, `="012345"`, `="1001"`}, {"Minh", `="0903551201"`, "", `="1002"`}, {"Hoa", `="0903551202"`, `="1"`, `="1003"`}}, "[]", "012345  1"},
		{"a name, too", rows{{"Lan", `="0903551200"`, `="012345"`, `="1001"`}, {`="101"`, `="0903551201"`, `="012346"`, `="1002"`}}, "[]", "012345 012346"},
		{"apostrophes", rows{{"Lan", "'0903551200", "'012345", "'1001"}, {"Minh", "'0903551201", "'012346", "'1002"}, {"Hoa", "'0903551202", "Bien-xanh", "'1003"}}, "[]", "012345 012346 Bien-xanh"},

		{"one row", rows{{"Lan", `="0903551200"`, `="012345"`, `="1001"`}}, "[quotes around some cells]", ""},
		{"not the extension", rows{{"Lan", `="0903551200"`, `="012345"`, "1001"}, {"Minh", `="0903551201"`, `="012346"`, "1002"}}, "[quotes around some cells quotes around some cells]", ""},
		{"another row", rows{{"Lan", `="0903551200"`, `="012345"`, `="1001"`}, {"Minh", `="0903551201"`, `="012346"`, `="1002"`}, {"Hoa", "0903551202", "7", "1003"}}, "[quotes around some cells quotes around some cells]", ""},
		{"digits without", rows{{"Lan", `="0903551200"`, `="012345"`, `="1001"`}, {"Minh", `="0903551201"`, `="012346"`, `="1002"`}, {"Hoa", `="0903551202"`, "7", `="1003"`}}, "[quotes around some cells quotes around some cells]", ""},
		{"two with an apostrophe", rows{{"Lan", "'0903551200", "'012345", "'1001"}, {"Minh", "'0903551201", "'012346", "'1002"}}, "[quotes around some cells quotes around some cells]", ""},
		{"letters behind an apostrophe", rows{{"Lan", "'0903551200", "'012345", "'1001"}, {"Minh", "'0903551201", "'012346", "'1002"}, {"Hoa", "'0903551202", "'Bien", "'1003"}}, "[quotes around some cells quotes around some cells quotes around some cells]", ""},
	} {
		r := read(t, cells(c.rows...), Options{})
		kinds := fmt.Sprint(kindsOf(r))
		var passwords []string
		for i := range r.Rows {
			passwords = append(passwords, r.Rows[i].Password.Reveal())
		}
		got := strings.Join(passwords, " ")
		isRight := kinds == c.kinds && (c.want == "" || got == c.want && len(r.Doubts) > 0)
		if !isRight {
			t.Errorf("%s: %s %q %s", c.name, kinds, got, told(r))
		}
		for _, password := range passwords {
			if len(password) >= 6 && strings.Contains(told(r), password) {
				t.Errorf("%s: %s", c.name, told(r))
			}
		}
	}
}

// TestWhatIsUnwrappedIsJudged: the wrapping keeps nothing from the other rules.
func TestWhatIsUnwrappedIsJudged(t *testing.T) {
	r := read(t, cells([]string{`="#N/A"`, `="0903551200"`, `="2.5E+11"`, `="1001"`}, []string{"'null", "'0903551201", "'-", "'1002"}), Options{})
	if got := fmt.Sprint(kindsOf(r)); got != "[name written by a program password in scientific notation]" || !r.Rows[1].NoPassword {
		t.Error(got, told(r))
	}
}

// TestFirstColumnHasNoSpace: a program that puts a space behind each delimiter puts none before the first column.
func TestFirstColumnHasNoSpace(t *testing.T) {
	for _, text := range []string{
		"password, phone, name, ext\nBien-xanh, 0903551200, Lan, 1001\n",
		"phone, name, password, ext\n0903551200, Lan, Bien-xanh, 1001\n",
		"stt, phone, name, password, ext\n1, 0903551200, Lan, Bien-xanh, 1001\n",
	} {
		r := read(t, text, Options{})
		if row := r.Rows[0]; row.Password.Reveal() != "Bien-xanh" || row.Phone == 0 || r.Problem(0) != nil {
			t.Errorf("%q: %q %s", text, row.Password.Reveal(), told(r))
		}
	}
	r := read(t, "password, phone, name, ext\n Bien-xanh, 0903551200, Lan, 1001\n", Options{})
	if got := r.Rows[0].Password.Reveal(); got != "Bien-xanh" || len(r.Doubts) != 1 {
		t.Errorf("%q %s", got, told(r))
	}
}

// TestOtherRowsAreWrapped: if most phones are wrapped, a password that begins so may be wrapped, too, although its row's phone is not.
func TestOtherRowsAreWrapped(t *testing.T) {
	wrapped, plain := []string{"Lan", "'0903551200"}, []string{"Lan", "0903551201", "'012345"}
	if r := read(t, cells(wrapped, plain), Options{}); fmt.Sprint(kindsOf(r)) != "[quotes around some cells]" || r.Problem(1) == nil {
		t.Error(told(r))
	}
	if r := read(t, cells(wrapped, plain, nil, nil), Options{}); r.Problem(1) != nil || len(r.Doubts) != 1 {
		t.Error(told(r))
	}
}

// TestFormulasAreLeftAlone: a file with a cell that begins as a formula was not escaped.
func TestFormulasAreLeftAlone(t *testing.T) {
	escaped := []string{"Lan", "0903551200", "'@Bien310xanh"}
	for _, other := range [][]string{{"-An"}, {"An", "+84903551201"}, {"An", "0903551201", "=Bien"}} {
		if r := read(t, cells(escaped, other), Options{}); r.Problem(0) != nil || r.Rows[0].Password.Reveal() != escaped[2] || len(r.Doubts) < 1 {
			t.Errorf("%q: %s", other, told(r))
		}
	}
	if r := read(t, cells(escaped, nil), Options{}); r.Problem(0) == nil {
		t.Error(told(r))
	}
}
