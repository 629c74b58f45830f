package sandbox_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"etelecom-import/apiclient/sandbox"
)

// listed has the fields of a listing that the tests look at.
type listed struct {
	Users      []listedUser `json:"account_users"`
	Extensions []struct {
		ID       string `json:"id"`
		User     string `json:"user_id"`
		Number   string `json:"extension_number"`
		Password string `json:"extension_password"`
		State    string `json:"state"`
		Expires  string `json:"expires_at"`
	} `json:"extensions"`
	Paging struct{ Next string } `json:"paging"`
}

type listedUser struct {
	ID      string   `json:"user_id"`
	Phone   string   `json:"phone"`
	Roles   []string `json:"roles"`
	Deleted bool     `json:"deleted"`
}

func list(t testing.TB, tenant *sandbox.Tenant, path, body string) (l listed) {
	t.Helper()
	status, text := call(t, tenant, path, body)
	if err := json.Unmarshal([]byte(text), &l); status != 200 || err != nil {
		t.Fatalf("%s: %d %s", body, status, text)
	}
	return l
}

// phones lists all users, page by page.
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
		for _, byPlace := range []bool{false, true} {
			tenant := newTenant(t, sandbox.Config{Users: c.users, PagesByPlace: byPlace})
			got, pages := phones(t, tenant, "{}", c.limit)
			want := c.pages
			if !byPlace && c.users > 0 {
				want++ // the last page, which is empty
			}
			if distinct := len(set(got)); distinct != c.users || len(got) != c.users || pages != want {
				t.Errorf("%+v, by place %v: %d users, %d of them distinct, on %d pages", c, byPlace, len(got), distinct, pages)
			}
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

// TestOrder makes people and extensions one after another, most of them at the same moment.
func TestOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for _, byPlace := range []bool{false, true} {
			tenant := newTenant(t, sandbox.Config{PagesByPlace: byPlace})
			var people, numbers []string
			for i := range 9 {
				phone := fmt.Sprintf("09012345%02d", i*37%100)
				call(t, tenant, createPath, create(phone, "p"))
				people = append(people, phone)
				number := strconv.Itoa(500 + i*37%100)
				_, _ = tenant.AddExtension(0, number)
				numbers = append(numbers, number)
				if i == 4 {
					time.Sleep(time.Hour)
				}
			}
			if !byPlace {
				slices.Reverse(people)
				slices.Reverse(numbers)
			}
			for _, first := range []string{`{}`, `{"paging":{}}`, `{"paging":{"after":""}}`, `{"paging":{"after":"."}}`} {
				var got []string
				for _, u := range list(t, tenant, usersPath, first).Users {
					got = append(got, u.Phone)
				}
				if !slices.Equal(got, people) {
					t.Errorf("%s, by place %v: %v, want %v", first, byPlace, got, people)
				}
			}
			if got, _ := phones(t, tenant, "{}", 2); !slices.Equal(got, people) {
				t.Errorf("pages of 2, by place %v: %v, want %v", byPlace, got, people)
			}
			var got []string
			for after := "."; after != ""; {
				l := list(t, tenant, extensionsPath, `{"paging":{"limit":4,"after":"`+after+`"}}`)
				for _, e := range l.Extensions {
					got = append(got, e.Number)
				}
				after = l.Paging.Next
			}
			if !slices.Equal(got, numbers) {
				t.Errorf("extensions, by place %v: %v, want %v", byPlace, got, numbers)
			}
		}
	})
}

// TestEmptyList has the empty page, which alone may have no cursor.
func TestEmptyList(t *testing.T) {
	seen := map[string]int{}
	for seed := uint64(1); seed <= 20; seed++ {
		tenant := newTenant(t, sandbox.Config{Seed: seed, Users: 2, Extensions: 2})
		for path, field := range map[string]string{usersPath: "account_users", extensionsPath: "extensions"} {
			l := list(t, tenant, path, "{}")
			if l.Paging.Next == "" {
				t.Fatalf("%s: no cursor after a page that is not empty", path)
			}
			_, body := call(t, tenant, path, `{"paging":{"after":"`+l.Paging.Next+`"}}`)
			empty, paging, _ := strings.Cut(body, `,"paging":`)
			if !strings.Contains(paging, `"next":""`) {
				t.Errorf("%s: a cursor after the last page: %s", path, body)
			}
			seen[strings.TrimPrefix(empty, `{"`+field+`":`)]++
		}
	}
	if seen["[]"] == 0 || seen["null"] == 0 || seen["[]"]+seen["null"] != 40 {
		t.Errorf("empty lists: %v", seen)
	}
	for _, c := range []struct {
		config sandbox.Config
		want   string
	}{
		{sandbox.Config{EmptyList: "[]"}, "[]"},
		{sandbox.Config{EmptyList: "null"}, "null"},
		{sandbox.Config{EmptyList: "null", PagesByPlace: true}, "null"},
		{sandbox.Config{PagesByPlace: true}, "[]"},
	} {
		for c.config.Seed = 1; c.config.Seed <= 5; c.config.Seed++ {
			runSteps(t, newTenant(t, c.config), []step{{usersPath, "{}", 200, `{"account_users":` + c.want + `,`}})
		}
	}
	if _, err := sandbox.Open(sandbox.Config{EmptyList: "{}"}); err == nil {
		t.Error("a list is {}")
	}
}

// TestPagesMeanwhile lists while people join and leave. Those who are members all the time are listed once. Newcomers are
// not listed if the newest come first, and are listed last if the oldest come first.
func TestPagesMeanwhile(t *testing.T) {
	for byPlace, seesNew := range map[bool]int{false: 0, true: 1} {
		tenant := newTenant(t, sandbox.Config{Users: 30, PagesByPlace: byPlace})
		people := tenant.Record().People
		first := list(t, tenant, usersPath, `{"paging":{"after":".","limit":10}}`)
		_ = tenant.PurgeUser(first.Users[0].Phone)
		_ = tenant.RemoveUser(first.Users[9].Phone) // the cursor points to this one
		_, _ = tenant.AddUser("0905000001", "New")
		call(t, tenant, createPath, create("0905000002", "p"))
		got := map[string]int{}
		for _, u := range first.Users {
			got[u.Phone]++
		}
		for after := first.Paging.Next; after != ""; {
			l := list(t, tenant, usersPath, `{"paging":{"limit":7,"after":"`+after+`"}}`)
			for _, u := range l.Users {
				got[u.Phone]++
			}
			after = l.Paging.Next
		}
		for _, p := range people {
			if got[p.Phone] != 1 {
				t.Errorf("by place %v: %s was seen %d times", byPlace, p.Phone, got[p.Phone])
			}
		}
		if got["0905000001"] != seesNew || got["0905000002"] != seesNew {
			t.Errorf("by place %v: newcomers were seen %d and %d times", byPlace, got["0905000001"], got["0905000002"])
		}
	}
}

func TestBadPaging(t *testing.T) {
	for _, byPlace := range []bool{false, true} {
		tenant := newTenant(t, sandbox.Config{Users: 3, Extensions: 3, PagesByPlace: byPlace})
		extensions := list(t, tenant, extensionsPath, `{"paging":{"limit":1}}`)
		for _, p := range []string{
			`{"after":"x"}`, `{"after":"` + extensions.Paging.Next + `"}`, `{"after":"dXNlcnM6LTE6Mg"}`, `{"before":"."}`, `{"limit":-1}`,
		} {
			runSteps(t, tenant, []step{{usersPath, `{"paging":` + p + `}`, 400, `"invalid_argument"`}})
		}
	}
}

// TestRemovedMembers shows both ways to list people who were removed from the shop.
func TestRemovedMembers(t *testing.T) {
	for _, listed := range []bool{false, true} {
		tenant := newTenant(t, sandbox.Config{UserPhones: []string{"0905000001", "0905000002", "0905000003"}, ListDeleted: listed})
		_ = tenant.RemoveUser("0905000002")
		_ = tenant.PurgeUser("0905000003")
		removed, _ := tenant.Person("0905000002")
		got := map[string]bool{}
		for _, u := range list(t, tenant, usersPath, "{}").Users {
			got[u.Phone] = u.Deleted
		}
		if _, there := got["0905000002"]; there != listed || got["0905000002"] != listed || len(got) != 1+len(list(t, tenant, usersPath, `{"filter":{"phone":"0905000002"}}`).Users) {
			t.Errorf("deleted ones listed %v: %v", listed, got)
		}
		byID := list(t, tenant, usersPath, `{"filter":{"user_ids":["`+jsonID(removed.ID)+`"]}}`).Users
		if (len(byID) == 1) != listed {
			t.Errorf("deleted ones listed %v, asked by id: %v", listed, byID)
		}
	}
}

func TestFilters(t *testing.T) {
	for _, byPlace := range []bool{false, true} {
		testFilters(t, newTenant(t, sandbox.Config{Extensions: 2, PagesByPlace: byPlace}))
	}
}

func testFilters(t *testing.T, tenant *sandbox.Tenant) {
	ids := map[string]int64{}
	for phone, name := range map[string]string{
		"0901234567": "Trần Thị Bình", "0981234567": "Lê Bình", "0901234500": "Phạm An", "0987654321": "Vũ An",
		"02438251234": "Bàn Một", "02438251235": "Bàn Hai",
	} {
		ids[phone], _ = tenant.AddUser(phone, name)
	}
	line := tenant.Record().Lines[0]
	_ = tenant.MoveExtension(line.ID, ids["0901234500"])
	_ = tenant.MoveExtension(line.ID, ids["0987654321"])
	for filter, want := range map[string][]string{
		`{"phone":"0901234567"}`:                     {"0901234567"},
		`{"phone":"09012345678"}`:                    {"0901234567"}, // ten characters count
		`{"phone":"02438251234"}`:                    {"02438251234", "02438251235"},
		`{"phone":"09012345"}`:                       {"0901234567", "0901234500"},
		`{"phone":"09"}`:                             {"0901234567", "0981234567", "0901234500", "0987654321"},
		`{"phone":"0901 234 567"}`:                   nil,
		`{"phone":"+84901234567"}`:                   nil,
		`{"phone":"84901234567"}`:                    nil,
		`{"phone":"9012345"}`:                        nil,
		`{"phone":"0911111111"}`:                     nil,
		`{"name":"bình"}`:                            {"0901234567", "0981234567"},
		`{"has_extension":true}`:                     {"0987654321", "0901234500"}, // the second had one
		`{"has_extension":false}`:                    {"0901234567", "0981234567", "02438251234", "02438251235"},
		`{"extension_number":"` + line.Number + `"}`: {"0987654321"},
		`{"extension_number":"7"}`:                   nil,
		`{"user_ids":["` + strconv.FormatInt(ids["0901234500"], 10) + `","5"]}`:                                                      {"0901234500"},
		`{"user_ids":["` + strconv.FormatInt(ids["0901234500"], 10) + `"],"name":"x"}`:                                               nil,
		`{"user_ids":["` + jsonID(ids["0901234500"]) + `","` + jsonID(ids["0987654321"]) + `","` + jsonID(ids["0901234500"]) + `"]}`: {"0901234500", "0987654321"},
		`{"phone":"0901234567","name":"trần"}`:                                                                                       {"0901234567"},
		`{"phone":"0901234567","name":"lê"}`:                                                                                         nil,
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

// TestUnsearchable has people whom only the phone filter misses.
func TestUnsearchable(t *testing.T) {
	tenant := newTenant(t, sandbox.Config{Users: 5, Unsearchable: 2, UserPhones: []string{"0905000001", "0905000002"}})
	all, _ := phones(t, tenant, "{}", 0)
	if len(all) != 7 {
		t.Fatalf("%v", all)
	}
	finds := func(phone string) bool {
		whole, _ := phones(t, tenant, `{"phone":"`+phone+`"}`, 0)
		part, _ := phones(t, tenant, `{"phone":"`+phone[:9]+`"}`, 0)
		if p, _ := tenant.Person(phone); p.Unsearchable == slices.Contains(whole, phone) || slices.Contains(part, phone) != slices.Contains(whole, phone) {
			t.Errorf("%s: found %v, by a part of it %v; %+v", phone, whole, part, p)
		}
		return slices.Contains(whole, phone)
	}
	slices.Reverse(all) // the oldest first: two who were asked for, then those who are made up
	for i, phone := range all {
		if got, want := finds(phone), i != 2 && i != 3; got != want {
			t.Errorf("number %d, %s: found %v, want %v", i+1, phone, got, want)
		}
	}
	if err := tenant.SetUnsearchable("0905000001"); err != nil || finds("0905000001") || !finds("0905000002") {
		t.Errorf("0905000001 is still found, or 0905000002 is not; %v", err)
	}
	_ = tenant.RemoveUser("0905000001")
	call(t, tenant, createPath, create("0905000001", "p"))
	if finds("0905000001") {
		t.Error("who came back is found")
	}
	if tenant.SetUnsearchable("0909999999") == nil {
		t.Error("nobody is not found")
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
	third := list(t, tenant, extensionsPath, `{"paging":{"after":"`+second.Paging.Next+`"}}`)
	all := append(first.Extensions, second.Extensions...)
	if len(first.Extensions) != 100 || len(all) != 151 || len(third.Extensions) != 0 || third.Paging.Next != "" {
		t.Fatalf("pages of %d, %d and %d, then %q", len(first.Extensions), len(second.Extensions), len(third.Extensions), third.Paging.Next)
	}
	slices.Reverse(all)
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

func TestExtensionStates(t *testing.T) {
	tenant := newTenant(t, sandbox.Config{Extensions: 40, Expired: 5, UserPhones: []string{"0905000001"}})
	all := list(t, tenant, extensionsPath, "{}").Extensions
	slices.Reverse(all)
	expires := map[string]int{}
	for i, e := range all {
		at, err := time.Parse(time.RFC3339, e.Expires)
		if err != nil {
			t.Fatalf("%+v", e)
		}
		over := !at.IsZero() && at.Before(time.Now())
		if expired := e.State == "N" || over; expired != (i < 5) || e.State == "N" && over || e.State != "N" && e.State != "P" {
			t.Errorf("extension %d: %+v", i+1, e)
		}
		switch {
		case e.State == "N":
			expires["by its state"]++
		case over:
			expires["by its time"]++
		case e.Expires == "0001-01-01T00:00:00Z":
			expires["never"]++
		case strings.HasSuffix(e.Expires, ".123456+07:00"):
			expires["later"]++
		}
	}
	if expires["by its state"] != 3 || expires["by its time"] != 2 || expires["never"] < 5 || expires["later"] < 5 || expires["never"]+expires["later"] != 35 {
		t.Errorf("extensions expire: %v", expires)
	}
	user, _ := tenant.Person("0905000001")
	runSteps(t, tenant, []step{{assignPath, assign(all[0].ID, jsonID(user.ID)), 200, `{"updated":1}`}})

	id, _ := tenant.AddExtension(0, "777")
	if err := tenant.SetExtensionState(id, "Z", time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)); err != nil {
		t.Error(err)
	}
	e := list(t, tenant, extensionsPath, `{"paging":{"limit":1}}`).Extensions[0]
	l, _ := tenant.Line(id)
	if e.State != "Z" || e.Expires != "2026-01-02T10:04:05.000000+07:00" || l.State != "Z" || l.ExpiresAt.Unix() != 1767323045 {
		t.Errorf("%+v, %+v", e, l)
	}
	if tenant.SetExtensionState(id, "X", time.Time{}) == nil || tenant.SetExtensionState(5, "P", time.Time{}) == nil {
		t.Error("a state that doesn't exist, or one of an extension that doesn't")
	}
}

// TestSeveralExtensions gives one person two extensions, as an older version of the API could.
func TestSeveralExtensions(t *testing.T) {
	tenant := newTenant(t, sandbox.Config{Extensions: 3, UserPhones: []string{"0905000001"}})
	ann, _ := tenant.Person("0905000001")
	lines := tenant.Record().Lines
	for _, l := range lines[:2] {
		if err := tenant.MoveExtension(l.ID, ann.ID); err != nil {
			t.Fatal(err)
		}
	}
	held := 0
	for _, e := range list(t, tenant, extensionsPath, "{}").Extensions {
		if e.User == jsonID(ann.ID) {
			held++
		}
	}
	if held != 2 {
		t.Errorf("%d extensions are listed as hers", held)
	}
	for _, l := range lines[:2] {
		if got, _ := phones(t, tenant, `{"extension_number":"`+l.Number+`"}`, 0); !slices.Equal(got, []string{"0905000001"}) {
			t.Errorf("extension %s is had by %v", l.Number, got)
		}
	}
	runSteps(t, tenant, []step{{assignPath, assign(jsonID(lines[2].ID), jsonID(ann.ID)), 400, "Nhân viên này đã có máy nhánh"}})
}
