package sandbox_test

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"testing"

	"etelecom-import/apiclient/sandbox"
)

// listed is the answer of a listing, as far as the tests look at it.
type listed struct {
	Users []struct {
		ID    string `json:"user_id"`
		Phone string `json:"phone"`
	} `json:"account_users"`
	Extensions []struct {
		ID       string `json:"id"`
		User     string `json:"user_id"`
		Number   string `json:"extension_number"`
		Password string `json:"extension_password"`
	} `json:"extensions"`
	Paging struct{ Next string } `json:"paging"`
}

func list(t testing.TB, tenant *sandbox.Tenant, path, body string) (l listed) {
	t.Helper()
	status, text := call(t, tenant, path, body)
	if err := json.Unmarshal([]byte(text), &l); status != 200 || err != nil {
		t.Fatalf("%s: %d %s", body, status, text)
	}
	return l
}

// phones follows the cursors to the end.
func phones(t testing.TB, tenant *sandbox.Tenant, filter string, limit int) (all []string, pages int) {
	t.Helper()
	after := "."
	for after != "" {
		l := list(t, tenant, usersPath, fmt.Sprintf(`{"filter":%s,"paging":{"after":%q,"limit":%d}}`, filter, after, limit))
		for _, u := range l.Users {
			all = append(all, u.Phone)
		}
		after = l.Paging.Next
		if pages++; pages > 1000 {
			t.Fatal("the listing doesn't end")
		}
	}
	return all, pages
}

func TestPages(t *testing.T) {
	for _, c := range []struct{ users, limit, pages int }{
		{0, 0, 1}, {1, 0, 1}, {100, 100, 1}, {101, 100, 2}, {250, 1000, 3}, {250, 0, 3}, {7, 2, 4}, {8, 2, 4},
	} {
		tenant := newTenant(t, sandbox.Config{Users: c.users})
		got, pages := phones(t, tenant, "{}", c.limit)
		if distinct := len(set(got)); distinct != c.users || len(got) != c.users || pages != c.pages {
			t.Errorf("%+v: %d users, %d of them distinct, on %d pages", c, len(got), distinct, pages)
		}
	}
}

func set(list []string) map[string]bool {
	m := map[string]bool{}
	for _, s := range list {
		m[s] = true
	}
	return m
}

// TestPagesMeanwhile lists while people come and go: nobody who was there all the time is missed or seen twice.
func TestPagesMeanwhile(t *testing.T) {
	tenant := newTenant(t, sandbox.Config{Users: 30})
	people := tenant.Record().People
	first := list(t, tenant, usersPath, `{"paging":{"after":".","limit":10}}`)
	_ = tenant.ForgetUser(first.Users[0].Phone)
	_ = tenant.ForgetUser(first.Users[9].Phone)
	_, _ = tenant.AddUser("0905000001", "New")
	rest := list(t, tenant, usersPath, `{"paging":{"after":"`+first.Paging.Next+`"}}`)
	got := map[string]int{}
	for _, u := range append(first.Users, rest.Users...) {
		got[u.Phone]++
	}
	for _, p := range people {
		if got[p.Phone] != 1 {
			t.Errorf("%s was seen %d times", p.Phone, got[p.Phone])
		}
	}
	if got["0905000001"] != 1 {
		t.Error("the new one was not seen")
	}
}

func TestBadPaging(t *testing.T) {
	tenant := newTenant(t, sandbox.Config{Users: 3, Extensions: 3})
	extensions := list(t, tenant, extensionsPath, `{"paging":{"limit":1}}`)
	for _, p := range []string{`{"after":"x"}`, `{"after":"` + extensions.Paging.Next + `"}`, `{"before":"."}`, `{"limit":-1}`} {
		play(t, tenant, []step{{usersPath, `{"paging":` + p + `}`, 400, `"invalid_argument"`}})
	}
}

func TestFilters(t *testing.T) {
	tenant := newTenant(t, sandbox.Config{Extensions: 2})
	ids := map[string]int64{}
	for phone, name := range map[string]string{
		"0901234567": "Trần Thị Bình", "0981234567": "Lê Bình", "0901234500": "Phạm An", "0987654321": "Vũ An",
	} {
		ids[phone], _ = tenant.AddUser(phone, name)
	}
	line := tenant.Record().Lines[0]
	_ = tenant.MoveExtension(line.ID, ids["0987654321"])
	for filter, want := range map[string][]string{
		`{"phone":"0901234567"}`:                     {"0901234567", "0981234567"}, // who ends alike, too
		`{"phone":"0901 234 567"}`:                   {"0901234567", "0981234567"},
		`{"phone":"+84901234567"}`:                   nil,
		`{"phone":"9012345"}`:                        {"0901234567", "0901234500"},
		`{"phone":"0911111111"}`:                     nil,
		`{"name":"bình"}`:                            {"0901234567", "0981234567"},
		`{"has_extension":true}`:                     {"0987654321"},
		`{"has_extension":false}`:                    {"0901234567", "0981234567", "0901234500"},
		`{"extension_number":"` + line.Number + `"}`: {"0987654321"},
		`{"extension_number":"7"}`:                   nil,
		`{"user_ids":["` + strconv.FormatInt(ids["0901234500"], 10) + `","5"]}`:        {"0901234500"},
		`{"user_ids":["` + strconv.FormatInt(ids["0901234500"], 10) + `"],"name":"x"}`: nil,
		`{"phone":"0901234567","name":"lê"}`:                                           {"0981234567"},
	} {
		got, _ := phones(t, tenant, filter, 1)
		if len(got) != len(want) {
			t.Errorf("%s: got %v, want %v", filter, got, want)
			continue
		}
		found := set(got)
		for _, phone := range want {
			if !found[phone] {
				t.Errorf("%s: got %v, want %v", filter, got, want)
			}
		}
	}
}

func TestExtensionListing(t *testing.T) {
	tenant := newTenant(t, sandbox.Config{Extensions: 150})
	user, _ := tenant.AddUser("0905000001", "Ann")
	id, err := tenant.AddExtension(1301234567890123457, "777")
	if err != nil {
		t.Fatal(err)
	}
	_ = tenant.MoveExtension(id, user)
	first := list(t, tenant, extensionsPath, `{"paging":{"after":"."}}`)
	second := list(t, tenant, extensionsPath, `{"paging":{"after":"`+first.Paging.Next+`"}}`)
	all := append(first.Extensions, second.Extensions...)
	if len(first.Extensions) != 100 || len(all) != 151 || second.Paging.Next != "" {
		t.Fatalf("pages of %d and %d, then %q", len(first.Extensions), len(second.Extensions), second.Paging.Next)
	}
	free := map[string]int{}
	for _, e := range all[:150] {
		free[e.User]++
		if len(e.ID) != 19 || strings.HasSuffix(e.ID, "0000") || e.Password == "" || e.Number < "1001" {
			t.Errorf("%+v", e)
		}
	}
	if free[""] == 0 || free["0"] == 0 || free[""]+free["0"] != 150 {
		t.Errorf("free extensions look like %v", free)
	}
	if e := all[150]; e.ID != "1301234567890123457" || e.Number != "777" || e.User != strconv.FormatInt(user, 10) {
		t.Errorf("%+v", e)
	}
}
