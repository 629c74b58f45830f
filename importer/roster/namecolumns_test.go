package roster

import (
	"fmt"
	"strings"
	"testing"

	"etelecom-import/importer/hint"
)

// joinedOutcome reads a file and returns the names, or what refuses it.
func joinedOutcome(text string, join bool) string {
	r, err := Read(strings.NewReader(text), Options{JoinNames: join})
	if err != nil {
		return err.Error() + "; " + hint.Of(err)
	}
	names := make([]string, 0, len(r.Rows))
	for i, row := range r.Rows {
		if p := r.Problem(i); p != nil {
			names = append(names, p.Kind)
		} else {
			names = append(names, row.Name)
		}
	}
	return strings.Join(names, ", ")
}

// TestJoinedNames gives files with the name in several columns, and what becomes of them without --join-names and with it.
func TestJoinedNames(t *testing.T) {
	const two = "the name is in two columns"
	for _, c := range []struct{ names, header, rows, without, with string }{
		{"two halves", "Họ đệm,Tên", "Nguyễn Thị,Lan\nTrần Văn,Minh", two, "Nguyễn Thị Lan, Trần Văn Minh"},
		{"in the other order", "Tên,Họ đệm", "Lan,Nguyễn Thị\nMinh,Trần Văn", two, "Nguyễn Thị Lan, Trần Văn Minh"},
		{"three parts", "Họ,Đệm,Tên", "Nguyễn,Thị,Lan\nTrần,,Minh", "the name is in three columns", "Nguyễn Thị Lan, Trần Minh"},
		{"English", "First name,Last name", "Lan,Nguyễn Thị\nMinh,Trần Văn", two, "Nguyễn Thị Lan, Trần Văn Minh"},
		{"English, three", "Given Name,Additional Name,Family Name", "Lan,Thị,Nguyễn", "the name is in three columns", "Nguyễn Thị Lan"},
		{"glued words", "FirstName,LastName", "Lan,Nguyễn Thị", two, "Nguyễn Thị Lan"},
		{"Moodle", "username,firstname,lastname", "lan.nt,Lan,Nguyễn Thị", "name in two columns", "Nguyễn Thị Lan"},
		{"a code beside them", "Employee,First name,Last name", "NV001,Lan,Nguyễn Thị", two, "Nguyễn Thị Lan"},
		{"spaces", "Họ đệm,Tên", " Nguyễn  Thị , Lan\u00a0", two, "Nguyễn Thị Lan"},
		{"the whole name beside a half", "Họ,Tên", "Nguyễn,Nguyễn Thị Lan\nTrần,Trần Văn Minh", "Nguyễn Thị Lan, Trần Văn Minh", "Nguyễn Thị Lan, Trần Văn Minh"},
		{"the whole name beside the last one", "Name,Last name", "Nguyễn Thị Lan,Nguyễn\nMinh Trần,Trần", "Nguyễn Thị Lan, Minh Trần", "Nguyễn Thị Lan, Minh Trần"},
		{"the whole name beside the first one", "First name,Name", "Lan,Nguyễn Thị Lan", "Nguyễn Thị Lan", "Nguyễn Thị Lan"},
		{"the family name is called name", "Name,First name", "Nguyễn,Lan", two, "Nguyễn Lan"},
		{"whole in one row, half in another", "Họ,Tên", "Nguyễn,Nguyễn Thị Lan\nTrần,Minh", two, `line 3: the column "Tên" has the whole name in some rows, and a part of it in others`},
		{"half in one row, whole in another", "Họ,Tên", "Trần,Minh\nNguyễn,Nguyễn Thị Lan", two, `line 3: the column "Tên" has the whole name in some rows, and a part of it in others`},
		{"all whole, an empty part", "Họ,Tên", ",Nguyễn Thị Lan\n,Trần Văn Minh", "Nguyễn Thị Lan, Trần Văn Minh", "Nguyễn Thị Lan, Trần Văn Minh"},
		{"no family name", "First name,Last name", "Lan,Nguyễn\nMadonna,", two, "Nguyễn Lan, Madonna"},
		{"no name at all", "First name,Last name", "Lan,Nguyễn\n,", two, "Nguyễn Lan, name is missing"},
		{"family name in both", "First name,Last name", "Nguyễn Thị Lan,Nguyễn", two, `line 2: the column "First name" has the family name, too`},
		{"exchanged", "First name,Last name", "Nguyễn,Lan\nTrần,Minh\nLê,Hoa", two, `the family names are in the column "First name", and the given names in the column "Last name"; exchange the titles`},
		{
			"a password in a part", "First name,Last name", "Long,Lua-mua-310\nHoa,739155\nLan,Nguyễn", two,
			"name and password in each other's columns, name and password in each other's columns, Nguyễn Lan",
		},
		{"header only", "Họ đệm,Tên", "", two, ""},
		{"whole beside both parts", "Name,Given Name,Family Name", "Nguyễn Thị Lan,Lan,Nguyễn", "Nguyễn Thị Lan", "Nguyễn Thị Lan"},

		{"merged title", "Họ và tên,", "Nguyễn Văn,An\nTrần Thị,Bích", "name in a column without a title", "Nguyễn Văn An, Trần Thị Bích"},
		{"merged over three", "Họ và tên,,", "Nguyễn,Văn,An\nTrần,,Bích", "name in a column without a title", "Nguyễn Văn An, Trần Bích"},
		{"merged, filled late", "Họ và tên,", "Lan,\nMinh,\nNguyễn Văn,An", "name in a column without a title", "Lan, Minh, name in a column without a title"},
		{"merged, most filled", "Họ và tên,", "Lan,\nTrần Thị,Bích\nNguyễn Văn,An", "name in a column without a title", "Lan, Trần Thị Bích, Nguyễn Văn An"},
		{"merged, exchanged", "Họ và tên,", "Bích,Trần Thị\nAn,Nguyễn Văn", "name in a column without a title", "column 2 has no title, and has the family names"},
		{"a note behind two parts", "Họ,Tên,", "Nguyễn,Lan,Nghỉ việc\nTrần,Minh,", two, "name in a column without a title, Trần Minh"},
		{"merged, a letter", "Họ và tên,", "Nguyễn Văn,A", "name in a column without a title", "Nguyễn Văn A"},
		{"merged, no capitals", "Họ và tên,", "nguyễn văn,an", "name in a column without a title", "nguyễn văn an"},
		{"empty without a title", "Họ và tên,,", "Nguyễn Văn An,,\nTrần Thị Bích,,", "Nguyễn Văn An, Trần Thị Bích", "Nguyễn Văn An, Trần Thị Bích"},
		{"marks without a title", "Họ và tên,", "Nguyễn Văn An,x\nTrần Thị Bích,1\nLê Hoa,ok\nLan,đã nghỉ\nMinh,NV01", "Nguyễn Văn An, Trần Thị Bích, Lê Hoa, Lan, Minh", "Nguyễn Văn An, Trần Thị Bích, Lê Hoa, Lan, Minh"},

		{"a login", "username", "lan.nt", "login in place of a name", "login in place of a name"},
		{"codes", "Nhân viên", "NV001\nNV002\nNV003", "code in place of a name", "code in place of a name"},
		{"logins", "Employee", "lan.nt\nminh.tv", "code in place of a name", "code in place of a name"},
		{"names", "Nhân viên", "Nguyễn Thị Lan\nMinh\nSale_01", "Nguyễn Thị Lan, Minh, Sale_01", "Nguyễn Thị Lan, Minh, Sale_01"},
	} {
		var text strings.Builder
		fmt.Fprintf(&text, "%s,phone,password,ext\n", c.header)
		for i, row := range strings.Split(c.rows, "\n") {
			if row != "" {
				fmt.Fprintf(&text, "%s,09035512%02d,Bien-xanh-%d,10%02d\n", row, i, i, i)
			}
		}
		for join, want := range map[bool]string{false: c.without, true: c.with} {
			got := joinedOutcome(text.String(), join)
			if got != want && !strings.Contains(got, want) || want == "" && got != "" {
				t.Errorf("%s, join: %v\n got %s\nwant %s", c.names, join, got, want)
			}
			if strings.Contains(got, "Bien-xanh") {
				t.Errorf("%s: a password is shown: %s", c.names, got)
			}
		}
	}
}

// TestJoinedColumnsAreTold: the dialect says which columns were joined, in which order.
func TestJoinedColumnsAreTold(t *testing.T) {
	r := read(t, "Tên,Họ đệm,phone,password,ext\nLan,Nguyễn Thị,0903551200,Bien-xanh-310,1001\nMinh,,0903551201,Bien-xanh-311,1002\n", Options{JoinNames: true})
	if got := strings.Join(r.Dialect.Joined, " "); got != `"Họ đệm" "Tên"` || len(r.Dialect.Ignored()) != 0 {
		t.Error(got, r.Dialect.Ignored())
	}
	r = read(t, "Full name,Họ đệm,phone,password,ext\nNguyễn Thị Lan,Nguyễn Thị,0903551200,Bien-xanh-310,1001\n", Options{JoinNames: true})
	if got := r.Dialect.Ignored(); len(r.Dialect.Joined) != 0 || len(got) != 1 || got[0] != `"Họ đệm"` {
		t.Error(r.Dialect.Joined, got)
	}
}

// TestRowsThatAreDoneKeepTheirNames: who was created before, by a version that took halves and logins for names, is not refused.
func TestRowsThatAreDoneKeepTheirNames(t *testing.T) {
	for _, text := range []string{
		"username,firstname,lastname,phone,password,ext\nlan.nt,Lan,Nguyễn Thị,0903551200,Bien-xanh-310,1001\n", "user_name,phone,password,ext\nlan.nt,0903551200,Bien-xanh-310,1001\n",
		"Nhân viên,phone,password,ext\nNV001,0903551200,Bien-xanh-310,1001\n", "Họ và tên,,phone,password,ext\nNguyễn Thị,Lan,0903551200,Bien-xanh-310,1001\n",
	} {
		r := read(t, text, Options{})
		if r.Problem(0) == nil {
			t.Errorf("%s: no problem", text)
		}
		r.Judge(func(int) bool { return true })
		if p := r.Problem(0); p != nil || r.Rows[0].Phone == 0 {
			t.Errorf("%s: %v", text, p.Words().Message)
		}
	}
}

// TestNamesOfAResult: a result to which somebody has added passwords is read, and what the result does to names is undone.
func TestNamesOfAResult(t *testing.T) {
	r := read(t, "line,name,phone,extension_id,extension_number,user_id,status,error_code,error,attempts,updated_at,account_id,password\n"+
		"2,'=1+1 Lan,0903551200,,1001,,pending,,,,,,Bien-xanh-310\n", Options{})
	if got := r.Rows[0].Name; got != "=1+1 Lan" || r.Problem(0) != nil || !strings.Contains(told(r), "what the result has added to it was removed") {
		t.Errorf("%q: %s", got, told(r))
	}
}
