package sandbox_test

import (
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"etelecom-import/apiclient/sandbox"
)

// step is a call and what the answer begins with.
type step struct {
	path, body string
	status     int
	want       string // is in the body
}

func runSteps(t *testing.T, tenant *sandbox.Tenant, steps []step) {
	t.Helper()
	for i, s := range steps {
		status, body := call(t, tenant, s.path, s.body)
		if status != s.status || !strings.Contains(body, s.want) {
			t.Errorf("step %d, %s %s:\n got %d %s\nwant %d ... %s", i+1, s.path, s.body, status, body, s.status, s.want)
		}
	}
}

func newTenant(t testing.TB, c sandbox.Config) *sandbox.Tenant {
	t.Helper()
	if c.Seed == 0 {
		c.Seed = 7
	}
	tenant := sandbox.New(c)
	t.Cleanup(tenant.Close)
	return tenant
}

func TestCreate(t *testing.T) {
	tenant := newTenant(t, sandbox.Config{UserPhones: []string{"0905000001"}, StrangerPhones: []string{"0905000002"}})
	runSteps(t, tenant, []step{
		{createPath, `{"full_name":"A","phone":"12","password":"p"}`, 400, `{"code":"invalid_argument","msg":"Số điện thoại không hợp lệ"}`},
		{createPath, `{"full_name":"A","phone":"0901234567"}`, 400, `"invalid_argument"`},
		{createPath, `{"full_name":"A","password":"p"}`, 400, `"invalid_argument"`},
		{createPath, `{"phone":"0901234567","password":"p"}`, 400, `"invalid_argument"`},
		{createPath, `{"full_name":"A","phone":901234567,"password":"p"}`, 400, `"malformed"`},
		{createPath, `{`, 400, `"malformed"`},
		{createPath, create("+84 901.234.567", "one"), 200, `"full_name":"Nguyễn Văn \"An\"","short_name":"","phone":"0901234567"`},
		{createPath, create("0901234567", "two"), 412, `{"code":"failed_precondition","msg":"Người dùng đã tồn tại.","meta":{"cause":"`},
		{createPath, create("0905000001", "three"), 412, `"failed_precondition"`},
		{createPath, create("0905000002", "four"), 200, `"phone":"0905000002"`},
		{createPath, create("02438251234", "five"), 200, `"phone":"02438251234"`},
	})
	if _, body := call(t, tenant, createPath, create("0901234567", "two")); !json.Valid([]byte(body)) || strings.Contains(body, "xcode") {
		t.Errorf("a second create: %s", body)
	}
	for _, p := range []struct {
		phone, password     string
		before              bool
		creates, overwrites int
	}{
		{"0901234567", "two", false, 3, 2},
		{"0905000001", "three", true, 1, 1},
		{"0905000002", "four", true, 1, 1},
		{"02438251234", "five", false, 1, 0},
	} {
		got, _ := tenant.Person(p.phone)
		if got.Before != p.before || got.Creates != p.creates || got.Overwrites != p.overwrites || !got.Member {
			t.Errorf("%s: %+v", p.phone, got)
		}
		if !tenant.PasswordIs(p.phone, p.password) || tenant.PasswordIs(p.phone, "another") {
			t.Errorf("%s: the password is not that of the last create", p.phone)
		}
	}
}

func TestAssign(t *testing.T) {
	tenant := newTenant(t, sandbox.Config{Extensions: 3, StrangerPhones: []string{"0905000009"}})
	ann, _ := tenant.AddUser("0905000001", "Ann")
	bob, _ := tenant.AddUser("0905000002", "Bob")
	stranger, _ := tenant.Person("0905000009")
	lines := tenant.Record().Lines
	id := func(n int64) string { return strconv.FormatInt(n, 10) }
	first, second := id(lines[0].ID), id(lines[1].ID)
	runSteps(t, tenant, []step{
		{assignPath, assign("", id(ann)), 400, `"invalid_argument"`},
		{assignPath, `{"extension_id":1,"user_id":2}`, 400, `"malformed"`},
		{assignPath, assign("99", id(ann)), 404, `"Không tìm thấy máy nhánh"`},
		{assignPath, assign(first, "99"), 404, `"Không tìm thấy nhân viên"`},
		{assignPath, assign(first, id(stranger.ID)), 404, `"Không tìm thấy nhân viên"`},
		{assignPath, assign(first, id(ann)), 200, `{"updated":1}`},
		{assignPath, assign(first, id(ann)), 400, `{"code":"invalid_argument","msg":"Nhân viên này đã có máy nhánh"}`},
		{assignPath, assign("99", id(ann)), 400, `"Nhân viên này đã có máy nhánh"`},
		{assignPath, assign(first, id(bob)), 400, `{"code":"invalid_argument","msg":"Máy nhánh đã được gán với người dùng khác"}`},
		{assignPath, assign(first, "99"), 400, `"Máy nhánh đã được gán với người dùng khác"`},
		{assignPath, assign(second, id(bob)), 200, `{"updated":1}`},
	})
	r := tenant.Record()
	if r.Assigns != 2 || len(r.Assignments) != 2 || r.Lines[0].User != ann || r.Lines[0].Assigns != 1 || r.Taken != 0 {
		t.Errorf("record: %+v", r)
	}
}

// TestAdmission goes through what is checked before a call is executed.
func TestAdmission(t *testing.T) {
	tenant := newTenant(t, sandbox.Config{Deny: []sandbox.Ops{sandbox.Users, sandbox.Create}})
	with := func(change func(*http.Request)) func() *http.Request {
		return func() *http.Request {
			req := request(t, tenant, shopPath, "{}")
			change(req)
			return req
		}
	}
	for name, c := range map[string]struct {
		req    func() *http.Request
		status int
		mime   string
		code   string
	}{
		"fine":         {with(func(*http.Request) {}), 200, "application/json", `"id":"`},
		"charset":      {with(func(r *http.Request) { r.Header.Set("Content-Type", "application/json; charset=utf-8") }), 200, "application/json", `"id":"`},
		"no key":       {with(func(r *http.Request) { r.Header.Del("Authorization") }), 401, "application/json", `"unauthenticated"`},
		"wrong key":    {with(func(r *http.Request) { r.Header.Set("Authorization", "Bearer x") }), 401, "application/json", `"unauthenticated"`},
		"no type":      {with(func(r *http.Request) { r.Header.Del("Content-Type") }), 404, "application/json", `"bad_route"`},
		"GET":          {with(func(r *http.Request) { r.Method = "GET" }), 404, "application/json", `"bad_route"`},
		"other method": {with(func(r *http.Request) { r.URL.Path += "s" }), 404, "application/json", `"bad_route"`},
		"wrong glue":   {with(func(r *http.Request) { r.URL.Path = "/v1/partner/Misc/CurrentAccount" }), 404, "application/json", `"bad_route"`},
		"other base":   {with(func(r *http.Request) { r.URL.Path = "/v1/shop.Misc/CurrentAccount" }), 404, "text/html; charset=utf-8", "<html>"},
		"users":        {with(func(r *http.Request) { r.URL.Path = "/v1/partner." + usersPath }), 403, "application/json", `"permission_denied"`},
		"create":       {with(func(r *http.Request) { r.URL.Path = "/v1/partner." + createPath }), 403, "application/json", `"permission_denied"`},
		"extensions":   {with(func(r *http.Request) { r.URL.Path = "/v1/partner." + extensionsPath }), 200, "application/json", `"extensions":[]`},
	} {
		res, err := tenant.RoundTrip(c.req())
		if err != nil {
			t.Fatal(err)
		}
		body := readAll(t, res)
		if res.StatusCode != c.status || res.Header.Get("Content-Type") != c.mime || !strings.Contains(body, c.code) {
			t.Errorf("%s: got %d %s %s", name, res.StatusCode, res.Header.Get("Content-Type"), body)
		}
		if _, err := http.ParseTime(res.Header.Get("Date")); err != nil {
			t.Errorf("%s: Date: %v", name, err)
		}
	}
}

// TestPhones has the platform's normalization, with its mistakes.
func TestPhones(t *testing.T) {
	tenant := newTenant(t, sandbox.Config{})
	for given, want := range map[string]string{
		"0901234567":         "0901234567",
		"+84901234567":       "0901234567",
		"84901234567":        "0901234567",
		"+84 (0)901234567":   "", // reading stops at the bracket
		" (090) 123-45.67":   "0901234567",
		"(+84) 901234567":    "084901234567", // what begins with a bracket has no country code
		"901234567":          "0901234567",
		"0901234567 ext 16":  "0901234567",
		"0901234567/0907":    "0901234567",
		"09012345 nhà riêng": "",
		"0084901234567":      "084901234567", // misread
		"0000000000":         "",
		"0123456789":         "0123456789", // no check of prefixes
		"012345678901":       "012345678901",
		"0123456789012":      "",
		"8490123456":         "",
		"19001234":           "",
		"O901234567":         "",
	} {
		status, body := call(t, tenant, createPath, create(given, "p"))
		switch {
		case want == "" && (status != 400 || !strings.Contains(body, "Số điện thoại không hợp lệ")):
			t.Errorf("%q: %d %s, want it refused", given, status, body)
		case want != "" && status != 200 && status != 412:
			t.Errorf("%q: %d %s", given, status, body)
		}
		if p, ok := tenant.Person(given); p.Phone != want || ok != (want != "") {
			t.Errorf("%q was read as %q, want %q", given, p.Phone, want)
		}
	}
}

func TestRoles(t *testing.T) {
	tenant := newTenant(t, sandbox.Config{UserPhones: []string{"0905000001"}, StrangerPhones: []string{"0905000002"}})
	roles := func(tenant *sandbox.Tenant) map[string]string {
		m := map[string]string{}
		for _, u := range list(t, tenant, usersPath, "{}").Users {
			m[u.Phone] = strings.Join(u.Roles, ",")
			if p, _ := tenant.Person(u.Phone); u.Roles == nil || strings.Join(p.Roles, ",") != m[u.Phone] {
				t.Errorf("%s: listed with %v, recorded with %v", u.Phone, u.Roles, p.Roles)
			}
		}
		return m
	}
	call(t, tenant, createPath, create("0901234567", "p"))
	if got := roles(tenant); len(got) != 2 || got["0905000001"] == "" || got["0901234567"] != got["0905000001"] {
		t.Errorf("roles: %v", got)
	}
	if err := tenant.SetRoles("0905000001"); err != nil {
		t.Error(err)
	}
	if err := tenant.SetRoles("0901234567", "owner", `a "role"`); err != nil {
		t.Error(err)
	}
	if got := roles(tenant); got["0905000001"] != "" || got["0901234567"] != `owner,a "role"` {
		t.Errorf("after roles were set: %v", got)
	}
	if tenant.SetRoles("0909999999") == nil {
		t.Error("nobody got roles")
	}
	without := newTenant(t, sandbox.Config{NoRoles: true, UserPhones: []string{"0905000001"}, StrangerPhones: []string{"0905000002"}})
	for _, phone := range []string{"0905000001", "0905000002", "0901234567"} {
		call(t, without, createPath, create(phone, "p"))
	}
	if got := roles(without); len(got) != 3 || got["0905000001"] == "" || got["0905000002"] != "" || got["0901234567"] != "" {
		t.Errorf("users of creates without a role: %v", got)
	}
}

// TestAdministrators changes the tenant as administrators do.
func TestAdministrators(t *testing.T) {
	tenant := newTenant(t, sandbox.Config{Extensions: 1, ListDeleted: true})
	ann, _ := tenant.AddUser("0905000001", "Ann")
	bob, _ := tenant.AddUser("0905000002", "Bob")
	line := tenant.Record().Lines[0].ID
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Error(err)
		}
	}
	must(tenant.MoveExtension(line, ann))
	must(tenant.MoveExtension(line, bob))
	if l, _ := tenant.Line(line); l.User != bob || l.Taken != 0 {
		t.Errorf("after the move: %+v", l)
	}
	must(tenant.RemoveUser("0905000002"))
	if l, _ := tenant.Line(line); l.User != 0 {
		t.Errorf("after the removal: %+v", l)
	}
	runSteps(t, tenant, []step{
		{usersPath, "{}", 200, `"full_name":"Bob","short_name":"","email":"","position":"","roles":["telecom_customerservice"],"permissions":[],"deleted":true}`},
		{assignPath, assign(strconv.FormatInt(line, 10), strconv.FormatInt(bob, 10)), 404, "Không tìm thấy nhân viên"},
		{createPath, create("0905000002", "back"), 200, strconv.FormatInt(bob, 10)},
	})
	must(tenant.PurgeUser("0905000001"))
	if _, body := call(t, tenant, usersPath, "{}"); strings.Contains(body, "Ann") || strings.Contains(body, "true") {
		t.Errorf("after Ann is forgotten and Bob is back: %s", body)
	}
	if tenant.RemoveUser("0905000077") == nil || tenant.MoveExtension(1, 0) == nil || tenant.MoveExtension(line, 5) == nil {
		t.Error("administrators changed what isn't there")
	}
	if id, err := tenant.AddExtension(0, "1001"); err != nil || id != line {
		t.Errorf("an extension that is there was added: %d, %v", id, err)
	}
}
