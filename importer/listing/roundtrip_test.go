package listing_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"etelecom-import/apiclient"
	"etelecom-import/apiclient/secret"
	"etelecom-import/importer/ledger"
	"etelecom-import/importer/listing"
	"etelecom-import/importer/phone"
	"etelecom-import/importer/plan"
	"etelecom-import/importer/roster"
	"etelecom-import/importer/spreadsheet"
	"etelecom-import/importer/tenant"
	"etelecom-import/importer/vietnamese"
)

// shop is a tenant that somebody has drawn. It lists everything on one page.
type shop struct {
	Users      []user
	Extensions []extension
}

type user struct {
	ID    string `json:"user_id"`
	Phone string `json:"phone"`
	Name  string `json:"full_name"`
}

type extension struct {
	ID      string `json:"id"`
	User    string `json:"user_id"`
	Number  string `json:"extension_number"`
	State   string `json:"state,omitempty"`
	Expires string `json:"expires_at,omitempty"`
	Hotline string `json:"hotline_id,omitempty"`
	SIP     string `json:"extension_password"`
}

func (s *shop) RoundTrip(req *http.Request) (*http.Response, error) {
	_, _ = io.Copy(io.Discard, req.Body)
	answer := map[string]any{"paging": map[string]string{"next": ""}}
	if strings.HasSuffix(req.URL.Path, "GetAccountUsers") {
		answer["account_users"] = s.Users
	} else {
		answer["extensions"] = s.Extensions
	}
	body, err := json.Marshal(answer)
	return &http.Response{StatusCode: 200, Header: http.Header{}, Body: io.NopCloser(bytes.NewReader(body)), Request: req}, err
}

func (s *shop) client(t interface{ Fatal(...any) }) *apiclient.Client {
	c, err := apiclient.New(apiclient.Config{BaseURL: "http://127.0.0.1:1/v1/partner", Key: secret.New("shop77:x"), Timeout: 30 * time.Second, Transport: s})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// names are those of people, what programs have made of them, and what is none.
var names = []string{
	"Nguyễn Thị Thu Hà", "Trần Văn Minh", "Lê Hoàng", "An", "Đỗ", "Nguyễn Văn Anh (kho)", "Lan - Kế toán", "H'Hen Niê", "John O'Brien", "Y Moan Êban", "Trần An, Bình", "Nguyen Van A",
	"Tráº§n VÄƒn", "Nguy?n V?n", "Nguy\uFFFDn", "Nguy&#7877;n", "Nguy%E1%BB%85n", "N\aguyễn", "\u202eNguyễn", "NguyÔn V¨n", "Nguye^~n Va(n", "Traàn Vaên Minh", "Nguyeenx Vawn", "Tr_n V_n",
	"=1+1", "+84901234567", "-An", "@Lan", "=HYPERLINK(\"http://x\",\"y\")", "An;=1+1", "An\t=1", "An|@x", "'=1", "''=1", "'An", "'An'", `"An"`, "“An”", `An "Bé" Lê`, `"`, "'", "=", ";=1", "\t", "=\"An\"",
	"", " ", "  An  ", "An\nBình", "An\r\nBình", "\u00a0An\u200b", "\uFEFFAn", "An\x00", "\u2028An", "0901234567", "An 0901234567", "1001", "101", "250919", "null", "None", "#N/A", "x", "****", "true", "như trên",
	"Tổng cộng", "Tổng: 5", "Phòng Kế toán", "Ghi chú: gọi 0901234567", "Người lập biểu", "STT", "Họ và tên", "name", "name,phone,password", "Hotline:", "Ngày 01 tháng 02 năm 2026", "I", "1.", "1. An", "- An",
	"mật khẩu: 123456", "password", "Secret-123", "an.nguyen", "an.nguyen@hoasen.vn", "NV001", "https://x.vn", "Lễ tân", "Test", "Đào;0901234561;secret", "a,b,c,d,e,f,g,h,i", "Nguyễn Văn Ví Dụ 2",
	"阿明", "Ολγα", "👩‍💼 Lan", "Trang 1/2", "Cộng", "Giám đốc", "(đã nghỉ)", "# An", "// An", "[object Object]", "ví dụ: An", "1.23457E+18", "01/02/1990", "Kế toán trưởng", strings.Repeat("Dài ", 80),
}

var phones = []string{"", "0", "113", "19001234", "1900 1234", "0901***567", "*******567", "09xx234567", "+855 12 345 678", "0901234567x", "090123456", "null", "+1 212 555 1234", "=1", "khách"}

func drawShop(t *rapid.T) *shop {
	s := &shop{}
	for i := range rapid.IntRange(0, 9).Draw(t, "users") {
		u := user{ID: fmt.Sprint(1300000000000000017 + i*1_000_003), Name: rapid.OneOf(rapid.SampledFrom(names), rapid.String(), rapid.StringMatching(`['"=+@;, -]{0,2}[A-Za-zạửĐ0-9 ]{0,12}[;,|'"=]?[a-z=@]{0,4}`)).Draw(t, "name")}
		number := fmt.Sprintf("9%d%07d", rapid.IntRange(0, 9).Draw(t, "operator"), i*37+rapid.IntRange(0, 36).Draw(t, "number"))
		switch rapid.IntRange(0, 11).Draw(t, "phone") {
		case 0:
			u.Phone = rapid.OneOf(rapid.SampledFrom(phones), rapid.String()).Draw(t, "odd phone")
		case 1:
			u.Phone = "+84 " + number
		case 2:
			u.Phone = "84" + number
		case 3:
			u.Phone = "0901234567"
		default:
			u.Phone = "0" + number
		}
		if rapid.IntRange(0, 19).Draw(t, "without id") == 0 {
			u.ID = "0"
		}
		s.Users = append(s.Users, u)
	}
	for i := range rapid.IntRange(0, 12).Draw(t, "extensions") {
		x := extension{ID: fmt.Sprint(1400000000000000019 + i*1_000_003), SIP: "sip-secret-1", User: "0"}
		switch rapid.IntRange(0, 9).Draw(t, "number") {
		case 0:
			x.Number = rapid.OneOf(rapid.SampledFrom([]string{"", "A12", "12345678901", "0", "00", "1001 ", "+101", "1e5", "101,5"}), rapid.String()).Draw(t, "odd number")
		case 1:
			x.Number = rapid.SampledFrom([]string{"101", "0101", "1001"}).Draw(t, "shared number")
		default:
			x.Number = fmt.Sprint(rapid.SampledFrom([]int{100, 1000, 20000, 98765400}).Draw(t, "range") + i)
		}
		switch rapid.IntRange(0, 5).Draw(t, "user") {
		case 0:
		case 1:
			x.User = "7777"
		default:
			if len(s.Users) > 0 {
				x.User = rapid.SampledFrom(s.Users).Draw(t, "user of extension").ID
			}
		}
		x.State = rapid.SampledFrom([]string{"", "Z", "P", "N", "=x"}).Draw(t, "state")
		x.Expires = rapid.SampledFrom([]string{"", "0001-01-01T00:00:00Z", "2020-02-03T04:05:06+07:00", "2099-01-01T00:00:00Z", "x"}).Draw(t, "expires")
		s.Extensions = append(s.Extensions, x)
	}
	s.Extensions = rapid.Permutation(s.Extensions).Draw(t, "order")
	return s
}

// tested are the people about whom a run has nothing to complain: a number that no other user has, and an extension.
func (s *shop) tested() map[phone.Number]user {
	people := map[phone.Number]user{}
	seen := map[phone.Number]int{}
	for _, u := range s.Users {
		number := phone.Normalize(u.Phone)
		if seen[number]++; number != 0 && u.ID != "0" {
			people[number] = u
		}
	}
	for number, u := range people {
		has := slices.ContainsFunc(s.Extensions, func(x extension) bool { return x.User == u.ID })
		if seen[number] > 1 || !has || roster.IsExample(u.Name, u.Phone) {
			delete(people, number)
		}
	}
	return people
}

// roundTrip lists a tenant, reads the list as a run does, and plans it against the same tenant: there is nothing to do for those who have an
// extension, and nobody is created or assigned.
func roundTrip(dir func() string) func(*rapid.T) {
	return func(t *rapid.T) {
		s := drawShop(t)
		c := s.client(t)
		defer c.CloseIdleConnections()
		d, err := tenant.ReadDirectory(t.Context(), c, tenant.DirectoryOptions{})
		if err != nil {
			t.Fatal(err)
		}
		now := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
		var file bytes.Buffer
		isWorkbook := rapid.Bool().Draw(t, "workbook")
		write := listing.People(d, now).WriteCSV
		if isWorkbook {
			write = listing.People(d, now).WriteWorkbook
		}
		facts := listing.Look(d, now)
		if err := write(&file); err != nil {
			t.Fatal(err)
		}
		if text := file.String() + strings.Join(facts.Warnings(), " ") + strings.Join(facts.Notes(), " "); strings.Contains(text, "sip-secret") {
			t.Fatal("a SIP secret")
		}
		people := s.tested()
		var free plan.Free
		if rapid.Bool().Draw(t, "free extensions") {
			if err := free.Numbers.UnmarshalText([]byte("100-199,1000-1099,20000-20099")); err != nil {
				t.Fatal(err)
			}
		}
		r, err := roster.Read(bytes.NewReader(file.Bytes()), roster.Options{FreeExtensions: !free.Numbers.Empty()})
		if err != nil {
			t.Fatalf("the list is refused: %v\n%q", err, file.String())
		}
		rows := map[phone.Number]*roster.Row{}
		for i := range r.Rows {
			rows[r.Rows[i].Phone] = &r.Rows[i]
		}
		for number, u := range people {
			if rows[number] == nil {
				t.Fatalf("%q (%s) is not read; not people: %v", u.Name, number, r.Dialect.NotPeople)
			}
			if got := rows[number].Name; got != "" && got != asRead(u.Name) {
				t.Fatalf("%q is read as %q, and not as %q", u.Name, got, asRead(u.Name))
			}
		}
		folder := dir()
		l, err := ledger.Open(hasty{}, filepath.Join(folder, "tenant.result.csv"), ledger.Process{})
		if err != nil {
			t.Fatal(err)
		}
		defer l.Close()
		if rapid.Bool().Draw(t, "a result") {
			if err := l.Begin(ledger.Owner{ID: "77"}); err != nil {
				t.Fatal(err)
			}
			for number, u := range people {
				if rapid.Bool().Draw(t, "done") {
					x := d.ExtensionsOf(idOf(u.ID))[0]
					e := l.GetOrAdd(number)
					l.RecordDone(e, int64(x.ID), x.Number, "", "", now)
				}
			}
		}
		q := plan.Needs(r, l, free)
		snapshot, err := tenant.Observe(t.Context(), c, q, tenant.Options{})
		if err != nil {
			t.Fatal(err)
		}
		r.Judge(func(row int) bool { e := l.Lookup(r.Rows[row].Phone); return e != nil && e.UserID != 0 })
		o := plan.Options{Adopt: rapid.Bool().Draw(t, "adopt"), Settle: time.Minute, Free: free}
		p := plan.Make(r, l, snapshot, o)
		_ = p.Choose(r, l, snapshot, free)
		mayAssign := o.Adopt && !free.Numbers.Empty()
		for i := range p.Steps {
			row, step := &r.Rows[i], &p.Steps[i]
			isAssigned := step.Action == plan.Assign
			if isAssigned && mayAssign && len(d.ExtensionsOf(step.User)) == 0 {
				continue // somebody who has none gets a free one
			}
			if step.Action != plan.NoOp && step.Action != plan.Refuse {
				t.Fatalf("line %d: action %d for %q", row.Line, step.Action, row.Name)
			}
			if u, ok := people[row.Phone]; ok && step.Action != plan.NoOp {
				t.Fatalf("line %d (%q): %s\n%q", row.Line, u.Name, step.Why(), file.String())
			}
		}
	}
}

// asRead is what a run makes of the name of somebody in any file.
func asRead(name string) string {
	name = strings.Map(func(r rune) rune {
		if r < ' ' || 0x7F <= r && r < 0xA0 || r == '\u2028' || r == '\u2029' {
			return ' '
		}
		return r
	}, name)
	if spreadsheet.IsEscaped(name) { // nobody begins a name so
		name = name[1:]
	}
	name, _ = vietnamese.Clean(name)
	name, _ = vietnamese.FixEth(name)
	return name
}

func idOf(text string) apiclient.ID {
	n, _ := strconv.ParseInt(text, 10, 64)
	return apiclient.ID(n)
}

func TestListIsReadByARun(t *testing.T) { rapid.Check(t, roundTrip(t.TempDir)) }

func FuzzListIsReadByARun(f *testing.F) {
	f.Fuzz(func(t *testing.T, data []byte) { rapid.MakeFuzz(roundTrip(t.TempDir))(t, data) })
}

// hasty is the disk without waiting for it.
type hasty struct{ ledger.OS }

type hastyFile struct{ ledger.File }

func (hasty) Create(name string) (ledger.File, error) {
	f, err := ledger.OS{}.Create(name)
	return hastyFile{f}, err
}

func (hasty) Append(name string, content io.Writer) (ledger.File, error) {
	f, err := ledger.OS{}.Append(name, content)
	return hastyFile{f}, err
}

func (hasty) SyncDir(string) error { return nil }

func (hastyFile) Sync() error { return nil }
