package apiclient

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"etelecom-import/apiclient/secret"
)

func TestNew(t *testing.T) {
	for base, want := range map[string]string{
		"https://api.etelecom.vn/v1/partner":   "https://api.etelecom.vn/v1/partner.Shop/CreateAccountUser",
		"https://api.etelecom.vn/v1/partner/":  "https://api.etelecom.vn/v1/partner.Shop/CreateAccountUser",
		"https://api.etelecom.vn/v1/shop.":     "https://api.etelecom.vn/v1/shop.Shop/CreateAccountUser",
		" https://api.etelecom.vn:8443/v1 ":    "https://api.etelecom.vn:8443/v1.Shop/CreateAccountUser",
		"http://127.0.0.1:8080/v1/partner":     "http://127.0.0.1:8080/v1/partner.Shop/CreateAccountUser",
		"http://127.9.9.9/v1":                  "http://127.9.9.9/v1.Shop/CreateAccountUser",
		"http://[::1]:8080/v1":                 "http://[::1]:8080/v1.Shop/CreateAccountUser",
		"http://localhost:8080/v1":             "http://localhost:8080/v1.Shop/CreateAccountUser",
		"http://api.etelecom.vn/v1":            "",
		"http://10.0.0.1/v1":                   "",
		"http://localhost.example.com/v1":      "",
		"http://127.0.0.1.example.com/v1":      "",
		"https://api.etelecom.vn":              "", // the dot would go to the host's name
		"https://api.etelecom.vn/":             "",
		"https://me:hunter2@api.etelecom.vn/v": "",
		"https://api.etelecom.vn/v1?a=hunter2": "",
		"https://api.etelecom.vn/v1?":          "",
		"https://api.etelecom.vn/v1#":          "",
		"https://%zzhunter2@/v1":               "",
		"https:///v1":                          "",
		"https://:443/v1":                      "",
		"https:v1":                             "",
		"ftp://127.0.0.1/v1":                   "",
		"api.etelecom.vn/v1":                   "",
		"":                                     "",
	} {
		c, err := New(Config{BaseURL: base, Key: secret.New("key")})
		if want == "" {
			if err == nil || strings.Contains(err.Error(), "hunter2") {
				t.Errorf("%q: %v", base, err)
			}
		} else if err != nil || c.urls[createAccountUser].String() != want {
			t.Errorf("%q: %v", base, err)
		}
	}
	for _, key := range []string{"", "k y", "key\n", "key\r\nX: y", "khóa", "key\x00", "key\x7f"} {
		if _, err := New(Config{BaseURL: "https://x.vn/v1", Key: secret.New(key)}); err == nil || key != "" && strings.Contains(err.Error(), key) {
			t.Errorf("key %q: %v", key, err)
		}
	}
	for _, rate := range []float64{-1, 1e7} {
		if _, err := New(Config{BaseURL: "https://x.vn/v1", Key: secret.New("key"), Rate: rate}); err == nil {
			t.Errorf("rate %v is taken", rate)
		}
	}
}

// What goes over the wire, call by call.
func TestRequests(t *testing.T) {
	const id, user = 1301234567890123457, 1309876543210987653
	var got string
	w := &wire{answer: func(r *http.Request, body string) *http.Response {
		h := r.Header
		got = fmt.Sprintf("%s %s %s %s %d", r.Method, r.URL, h.Get("Content-Type"), body, len(h))
		if h.Get("Authorization") != "Bearer "+testKey || r.GetBody != nil || h.Get("Idempotency-Key") != "" || h.Get("Accept-Encoding") != "identity" {
			t.Errorf("headers %v", h)
		}
		return say(200, `{"id":"1","updated":1,"account_users":[],"extensions":[]}`)
	}}
	c := newTestClient(t, Config{Transport: w})
	for _, call := range []struct {
		do   func()
		want string
	}{
		{func() { _, _ = c.CurrentAccount(t.Context()) }, `Misc/CurrentAccount {}`},
		{func() { _, _ = c.CurrentShop(t.Context()) }, `Shop/CurrentShop {}`},
		{func() { _, _ = c.GetTenant(t.Context()) }, `Etelecom/GetTenant {}`},
		{func() { _ = c.Probe(t.Context()) }, `Shop/GetAccountUsers {"filter":{},"paging":{"after":".","limit":1}}`},
		{
			func() { _, _, _ = create1(t, c) },
			`Shop/CreateAccountUser {"full_name":"Lê Thị Bưởi","password":"p\"ss\u003c\u0026\u003ewörd 1","phone":"0901234567"}`,
		},
		{
			func() { collect(c.GetAccountUsers(t.Context(), UserFilter{})) },
			`Shop/GetAccountUsers {"filter":{},"paging":{"after":".","limit":100}}`,
		},
		{
			func() { collect(c.GetAccountUsers(t.Context(), UserFilter{Phone: "0901234567"})) },
			`Shop/GetAccountUsers {"filter":{"phone":"0901234567"},"paging":{"after":".","limit":100}}`,
		},
		{func() { collect(c.GetExtensions(t.Context())) }, `Etelecom/GetExtensions {"paging":{"after":".","limit":100}}`},
		{
			func() { _ = c.AssignUserToExtension(t.Context(), id, user, nil) },
			`Etelecom/AssignUserToExtension {"extension_id":"1301234567890123457","user_id":"1309876543210987653"}`,
		},
	} {
		call.do()
		path, body, _ := strings.Cut(call.want, " ")
		if want := "POST http://127.0.0.1:1/v1/partner." + path + " application/json " + body + " 5"; got != want {
			t.Errorf("sent %s\nwant %s", got, want)
		}
	}
}

// Nothing is sent that would arrive as something else.
func TestRefusedBeforeSending(t *testing.T) {
	w := &wire{answer: ok}
	c := newTestClient(t, Config{Transport: w})
	for _, u := range []NewUser{
		{"", "0901234567", secret.New("x")},
		{"Lê", "", secret.New("x")},
		{"Lê", "0901234567", secret.Text{}},
		{"L\xea", "0901234567", secret.New("x")},
		{"Lê", "0901234567", secret.New("\xff" + testPassword)},
	} {
		_, err := c.CreateAccountUser(t.Context(), u, func() error { t.Error("an intent"); return nil })
		want(t, err, NotApplied, false, false, false)
	}
	want(t, c.AssignUserToExtension(t.Context(), 0, 1, nil), NotApplied, false, false, false)
	want(t, c.AssignUserToExtension(t.Context(), 1, -1, nil), NotApplied, false, false, false)
	if len(w.arrivals) != 0 {
		t.Errorf("%d requests", len(w.arrivals))
	}
}

func collect[T any](seq func(func(T, error) bool)) (items []T, err error) {
	for item, e := range seq {
		if e != nil {
			err = errors.Join(err, e)
			continue
		}
		items = append(items, item)
	}
	return items, err
}

// listing answers with one page after the other: the request's cursor is the index of its page.
func listing(pages map[string]string) func(*http.Request, string) *http.Response {
	return func(_ *http.Request, body string) *http.Response {
		var r struct{ Paging struct{ After string } }
		_ = json.Unmarshal([]byte(body), &r)
		return say(200, pages[r.Paging.After])
	}
}

func TestPages(t *testing.T) {
	a, b := `{"account_users":[{"user_id":"1","phone":"0901","account_id":9}],"paging":{"next":"x"}}`, `{"account_users":[{"user_id":2,"deleted":true}],"paging":{"next":"%s"}}`
	for name, c := range map[string]struct {
		pages map[string]string
		want  int
		err   error
	}{
		"two":                {map[string]string{".": a, "x": fmt.Sprintf(b, "")}, 2, nil},
		"same cursor":        {map[string]string{".": a, "x": fmt.Sprintf(b, "x")}, 1, errCursor},
		"first cursor":       {map[string]string{".": a, "x": fmt.Sprintf(b, ".")}, 1, errCursor},
		"round of three":     {map[string]string{".": a, "x": fmt.Sprintf(b, "y"), "y": a}, 2, errCursor},
		"none":               {map[string]string{".": `{"account_users":[]}`}, 0, nil},
		"none, not even []":  {map[string]string{".": `{"paging":{}}`}, 0, nil},
		"null alone":         {map[string]string{".": `{"account_users":null}`}, 0, nil},
		"an empty last page": {map[string]string{".": a, "x": `{"account_users":[],"paging":{"next":""}}`}, 1, nil},
		"a null last page":   {map[string]string{".": a, "x": `{"account_users":null,"paging":{"next":""}}`}, 1, nil},
		"two pages without news": {map[string]string{
			".": a, "x": strings.Replace(a, `"x"`, `"y"`, 1), "y": `{"account_users":[],"paging":{"next":"z"}}`, "z": fmt.Sprintf(b, ""),
		}, 3, nil},
		"three pages without news": {map[string]string{
			".": a, "x": strings.Replace(a, `"x"`, `"y"`, 1), "y": `{"account_users":[],"paging":{"next":"z"}}`, "z": strings.Replace(a, `"x"`, `"w"`, 1), "w": fmt.Sprintf(b, ""),
		}, 2, errBarren},
		"null":                 {map[string]string{".": `{"account_users":null,"paging":{"next":""}}`}, 0, nil},
		"no list":              {map[string]string{".": `{}`}, 0, errListing},
		"no list further on":   {map[string]string{".": a, "x": `{"extensions":[]}`}, 1, errListing},
		"error object in 200":  {map[string]string{".": `{"code":"internal","msg":"x","paging":{}}`}, 0, errProblem},
		"an id through floats": {map[string]string{".": `{"account_users":[{"user_id":1.3e18}]}`}, 0, errType},
	} {
		synctest.Test(t, func(t *testing.T) {
			w := &wire{answer: listing(c.pages)}
			users, err := collect(newTestClient(t, Config{Transport: w}).GetAccountUsers(t.Context(), UserFilter{}))
			if len(users) != c.want || !errors.Is(err, c.err) {
				t.Errorf("%s: %v, %v", name, users, err)
			}
			if c.err != nil {
				want(t, err, NotApplied, false, false, false)
			}
		})
	}
	c := newTestClient(t, Config{Transport: &wire{answer: listing(map[string]string{".": a, "x": fmt.Sprintf(b, "")})}})
	users, _ := collect(c.GetAccountUsers(t.Context(), UserFilter{}))
	if !slices.Equal(users, []AccountUser{{AccountID: "9", UserID: 1, Phone: "0901"}, {UserID: 2, Deleted: true}}) {
		t.Errorf("%+v", users)
	}
	for range c.GetAccountUsers(t.Context(), UserFilter{}) {
		break
	}
	if n := c.Stats().Requests; n != 3 {
		t.Errorf("%d requests; a listing left early asks for no more", n)
	}
}

// A full page that does not say whether there is more may not be the last.
func TestFullPageWithoutPagingIsNoEnd(t *testing.T) {
	for _, c := range []struct {
		users  int
		paging string
		err    error
	}{
		{pageLimit, ``, errPaging},
		{pageLimit, `,"paging":null`, errPaging},
		{pageLimit, `,"paging":{}`, nil},
		{pageLimit, `,"paging":{"next":""}`, nil},
		{pageLimit - 1, ``, nil},
	} {
		synctest.Test(t, func(t *testing.T) {
			full := func(list, item string) string {
				return `{"` + list + `":[` + strings.Repeat(item+",", c.users-1) + item + `]` + c.paging + `}`
			}
			w := &wire{answer: listing(map[string]string{".": full("account_users", `{"user_id":"1","phone":"0901"}`)})}
			if _, err := collect(newTestClient(t, Config{Transport: w}).GetAccountUsers(t.Context(), UserFilter{})); !errors.Is(err, c.err) {
				t.Errorf("%d users%s: %v", c.users, c.paging, err)
			}
			w.answer = listing(map[string]string{".": full("extensions", `{"id":"1"}`)})
			if _, err := collect(newTestClient(t, Config{Transport: w}).GetExtensions(t.Context())); !errors.Is(err, c.err) {
				t.Errorf("%d extensions%s: %v", c.users, c.paging, err)
			}
		})
	}
}

func TestExtensions(t *testing.T) {
	w := &wire{answer: listing(map[string]string{".": `{"extensions":[
		{"id":"1301234567890123457","account_id":"7","user_id":"0","extension_number":"101","extension_password":"sip","state":"P","expires_at":"2030-01-02T03:04:05.123456+07:00"},
		{"id":1301234567890123458,"user_id":"1309876543210987653","extension_number":102},{"id":"3","user_id":"","expires_at":"0001-01-01T00:00:00Z"},{"id":"4","user_id":null},{"id":"5","state":"N"}]}`})}
	got, err := collect(newTestClient(t, Config{Transport: w}).GetExtensions(t.Context()))
	expires := time.Date(2030, 1, 1, 20, 4, 5, 123456000, time.UTC)
	want := []Extension{
		{1301234567890123457, "7", 0, "101", "P", expires}, {ID: 1301234567890123458, UserID: 1309876543210987653, Number: "102"}, {ID: 3}, {ID: 4}, {ID: 5, State: "N"},
	}
	same := func(a, b Extension) bool {
		at := a.ExpiresAt.Equal(b.ExpiresAt)
		a.ExpiresAt, b.ExpiresAt = time.Time{}, time.Time{}
		return at && a == b
	}
	if err != nil || !slices.EqualFunc(got, want, same) {
		t.Errorf("%v, %v", got, err)
	}
	for i, expired := range []bool{true, false, false, false, true} {
		if got[i].Expired(expires.Add(time.Second)) != expired || got[0].Expired(expires.Add(-time.Second)) {
			t.Errorf("%+v: expired is not %v", got[i], expired)
		}
	}
}

func TestServerTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		date := time.Date(2030, 1, 2, 3, 4, 5, 0, time.UTC)
		answer := say(200, `{}`, "Date: "+date.Format(http.TimeFormat))
		w := &wire{latency: 3 * time.Second, answer: func(*http.Request, string) *http.Response { return answer }}
		c := newTestClient(t, Config{Transport: w})
		if a, b := c.ServerTime(); !a.Equal(time.Now()) || !b.Equal(a) {
			t.Errorf("before the first answer: %v, %v", a, b)
		}
		if _, err := c.CurrentAccount(t.Context()); err != nil {
			t.Fatal(err)
		}
		time.Sleep(10 * time.Second)
		if a, b := c.ServerTime(); !a.Equal(date.Add(10*time.Second)) || !b.Equal(date.Add(14*time.Second)) {
			t.Errorf("10 s after an answer that took 3 s: %v, %v", a, b)
		}
		// A page that is not the API's says nothing of the API's time.
		answer = say(404, `<html>`, "Date: "+date.Add(time.Hour).Format(http.TimeFormat))
		_, _ = c.CurrentAccount(t.Context())
		if _, b := c.ServerTime(); b.After(date.Add(time.Minute)) {
			t.Errorf("a proxy's clock is taken: %v", b)
		}
	})
}

// Several servers answer, and not all their clocks are right: what any of them allows is possible, from then on.
func TestServerTimeOfSeveralClocks(t *testing.T) {
	for _, wrong := range []time.Duration{10 * time.Minute, -10 * time.Minute} {
		synctest.Test(t, func(t *testing.T) {
			skew := time.Duration(0)
			w := &wire{answer: func(*http.Request, string) *http.Response {
				return say(200, `{}`, "Date: "+time.Now().Add(skew).UTC().Format(http.TimeFormat))
			}}
			c := newTestClient(t, Config{Transport: w})
			for _, skew = range []time.Duration{0, wrong, 0, wrong} {
				if _, err := c.CurrentAccount(t.Context()); err != nil {
					t.Fatal(err)
				}
				time.Sleep(10 * time.Second)
				if a, b := c.ServerTime(); a.After(time.Now()) || b.Before(time.Now()) {
					t.Errorf("with a clock off by %v it is %v, taken for %v to %v", wrong, time.Now(), a, b)
				}
			}
			if a, b := c.ServerTime(); a.After(time.Now().Add(wrong)) || b.Before(time.Now().Add(wrong)) {
				t.Errorf("the clock off by %v is forgotten: %v to %v", wrong, a, b)
			}
		})
	}
}

// However an answer repeats key and password, no error shows them.
func TestErrorShowsNoSecret(t *testing.T) {
	quoted, _ := json.Marshal(testPassword)
	for _, echo := range []string{testPassword, string(quoted), url.QueryEscape(testPassword), testKey, "p\"ss<&>\x00wörd\u200b 1", strings.Repeat(testPassword, 9000)} {
		body, _ := json.Marshal(map[string]string{"code": "invalid_argument", "msg": "Mật khẩu " + echo + " không\nhợp lệ"})
		for _, resp := range []*http.Response{say(400, string(body)), say(400, `{"code":`+string(quoted)+`,"msg":"x"}`), say(302, "", "Location: https://"+testKey+"/x")} {
			w := &wire{answer: func(*http.Request, string) *http.Response { return resp }}
			c := newTestClient(t, Config{Transport: w})
			_, _, err := create1(t, c)
			var e *Error
			if !errors.As(err, &e) {
				t.Fatal(err)
			}
			all := fmt.Sprintf("%v %+v %#v %s %s %+v %#v", err, e, *e, e.Msg, e.Code, c, c)
			if strings.Contains(all, testPassword) || strings.Contains(all, testKey) || strings.Contains(all, "wörd") || len([]rune(e.Msg)) > maxMsg || strings.Contains(e.Error(), "\n") {
				t.Errorf("%q shows %q", echo[:min(len(echo), 50)], all)
			}
		}
	}
	w := &wire{answer: func(*http.Request, string) *http.Response {
		return say(400, `{"code":"invalid_argument","msg":"Số điện thoại không hợp lệ"}`)
	}}
	_, _, err := create1(t, newTestClient(t, Config{Transport: w}))
	if got := err.Error(); got != "CreateAccountUser: HTTP 400 invalid_argument: Số điện thoại không hợp lệ" {
		t.Error(got)
	}
}

// An entry without an id is not to be taken for an absence: a user is told without one, an extension is an error.
func TestEntriesWithoutIDs(t *testing.T) {
	for _, body := range []string{
		`{"account_users":[{"user_id":"5","phone":"0901234567"},{"phone":"0901234568"}],"paging":{}}`,
		`{"account_users":[{"user_id":null,"phone":"0901234568"}],"paging":{}}`,
	} {
		p, err := usersPage([]byte(body))
		if last := len(p.items) - 1; err != nil || p.items[last].UserID != 0 || p.items[last].Phone != "0901234568" {
			t.Errorf("%s: taken for %+v, %v", body, p, err)
		}
	}
	if _, err := usersPage([]byte(`{"account_users":[{"phone":"0901234567","deleted":true}],"paging":{}}`)); err != nil {
		t.Errorf("a deleted user without an id: %v", err)
	}
	if p, err := extensionsPage([]byte(`{"extensions":[{"extension_number":"101"}],"paging":{}}`)); err == nil {
		t.Errorf("an extension without an id: taken for %+v", p)
	}
}
