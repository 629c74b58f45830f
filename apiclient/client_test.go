package apiclient

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

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
		"https://api.etelecom.vn":              "", // the service would become part of the host name
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

// The request of each call, byte by byte.
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

// The client sends nothing that would arrive as something else.
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
