package apiclient

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"html"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"

	"etelecom-import/apiclient/secret"
)

// traced returns a client and the lines of its trace.
func traced(t testing.TB, cfg Config) (*Client, func() string) {
	var mu sync.Mutex
	var lines []string
	cfg.OnExchange = func(x *Exchange) {
		line, err := json.Marshal(x)
		if err != nil {
			t.Error(err)
		}
		mu.Lock()
		defer mu.Unlock()
		lines = append(lines, string(line))
	}
	return newTestClient(t, cfg), func() string {
		mu.Lock()
		defer mu.Unlock()
		return strings.Join(lines, "\n")
	}
}

// callAll makes each call of the API once.
func callAll(t *testing.T, c *Client) {
	_, _ = c.CurrentShop(t.Context())
	_, _ = c.CurrentAccount(t.Context())
	_, _ = c.GetTenant(t.Context())
	_, _ = collect(c.GetExtensions(Repeated(t.Context())))
	_, _ = collect(c.GetAccountUsers(Repeated(t.Context()), UserFilter{Phone: "0901234567"}))
	_, _, _ = create1(t, c)
	_ = c.AssignUserToExtension(t.Context(), 1310000000000000001, 1301234567890123001, func() error { return nil })
}

// What a trace has of calls that succeed.
func TestExchange(t *testing.T) {
	answers := map[string]string{
		OpCurrentShop:    `{"id":"1149528912345678901","name":"Hoa Sen","token":"t0ken-of-theirs"}`,
		OpCurrentAccount: `{"id":1149528912345678901}`,
		OpGetTenant:      `{"id":"1149528912345678902","name":"Hoa Sen","domain":"d.example","status":"P"}`,
		OpGetExtensions: `{"extensions":[{"id":"1310000000000000001","account_id":"1149528912345678901","user_id":"","extension_number":"101",
			"extension_password":"s1p-S3cret-77","tenant_domain":"d","hotline_id":"9","state":"P","expires_at":"2026-11-26T07:00:00+07:00"}],"paging":{"next":""}}`,
		OpGetAccountUsers: `{"account_users":[{"user_id":"1301234567890123001","account_id":"1149528912345678901","phone":"0901234567","full_name":"Lê Thị Bưởi",
			"email":"buoi@example.com","roles":["staff","admin"],"deleted":false,"created_at":"2026-11-25T18:00:00Z"}],"paging":{"next":""}}`,
		OpCreateAccountUser:     `{"id":"1301234567890123001","phone":"0901234567","created_at":"2026-11-26T00:00:00Z","password":"x"}`,
		OpAssignUserToExtension: `{"updated":1}`,
	}
	w := &wire{answer: func(r *http.Request, _ string) *http.Response {
		return say(200, answers[r.URL.Path[strings.LastIndex(r.URL.Path, "/")+1:]], "Date: Wed, 25 Nov 2026 18:15:04 GMT", "X-Request-Id: r-1", "Set-Cookie: session=1")
	}}
	c, trace := traced(t, Config{Transport: w})
	callAll(t, c)
	lines := strings.Split(trace(), "\n")
	wants := []string{
		`"call":1,"attempt":1,"op":"CurrentShop","path":"/v1/partner.Shop/CurrentShop","request":{"bytes":2},"sent":true,"connection_reused":false,`,
		`"op":"CurrentAccount"`,
		`"answer":{"status":200,"bytes":79,"form":"json","date":"2026-11-25T18:15:04Z","request_ids":{"X-Request-Id":"r-1"},"id":"1149528912345678902","name":"Hoa Sen"}}`,
		`"next":"","entries":1,"extensions":[{"id":"1310000000000000001","account_id":"1149528912345678901","extension_number":"101","state":"P","expires_at":"2026-11-26T00:00:00Z"}]}}`,
		`"request":{"bytes":68,"phone":"0901234567","after":".","limit":100},`,
		`"request":{"bytes":68,"full_name":"Lê Thị Bưởi","phone":"0901234567"},`,
		`"request":{"bytes":70,"extension_id":"1310000000000000001","user_id":"1301234567890123001"},`,
	}
	if len(lines) != len(wants) {
		t.Fatalf("%d lines:\n%s", len(lines), trace())
	}
	for i, want := range wants {
		if !strings.Contains(lines[i], want) {
			t.Errorf("%s\nis not in\n%s", want, lines[i])
		}
	}
	users := `"entries":1,"users":[{"user_id":"1301234567890123001","account_id":"1149528912345678901","phone":"0901234567","full_name":"Lê Thị Bưởi",` +
		`"roles":["admin","staff"],"created_at":"2026-11-25T18:00:00Z"}]}}`
	for i, want := range map[int]string{4: users, 5: `"id":"1301234567890123001","phone":"0901234567","created_at":"2026-11-26T00:00:00Z"}}`, 6: `"updated":"1"}}`} {
		if !strings.HasSuffix(lines[i], want) {
			t.Errorf("%s\ndoes not end with\n%s", lines[i], want)
		}
	}
	for _, never := range []string{"s1p-S3cret-77", "t0ken", "Cookie", "Authorization", "Bearer", testKey, "email", "example", "hotline"} {
		if strings.Contains(trace(), never) {
			t.Errorf("the trace has %q:\n%s", never, trace())
		}
	}
}

// The length of a password does not show either.
func TestExchangeHidesTheLengthOfAPassword(t *testing.T) {
	var first string
	for _, password := range []string{"short1", strings.Repeat(`long "<&>\`, 9)} {
		w := &wire{answer: func(*http.Request, string) *http.Response { return say(500, "") }}
		c, trace := traced(t, Config{Transport: w})
		_, _ = c.CreateAccountUser(t.Context(), NewUser{"Lan", "0901234567", secret.New(password)}, func() error { return nil })
		_, request, _ := strings.Cut(trace(), `"request":`)
		request, _, _ = strings.Cut(request, "}")
		if first == "" {
			first = request
		}
		if request != first || request == "" {
			t.Errorf("%s and %s", first, request)
		}
	}
}

// TestExchangeHidesSecrets plants the key, passwords and SIP secrets wherever a tenant can answer anything, in several spellings.
func TestExchangeHidesSecrets(t *testing.T) {
	const theirs, sip = "Hoa-sua-thom-9", "s1p-S3cret-77"
	secrets := []string{testKey, testPassword, theirs, sip}
	spellings := map[string]func(string) string{
		"plain":   func(s string) string { return s },
		"html":    html.EscapeString,
		"url":     url.QueryEscape,
		"base64":  func(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) },
		"in text": func(s string) string { return "giá trị " + s + " không hợp lệ" },
	}
	for name, spell := range spellings {
		planted := func(field string) string {
			quoted := func(s string) string { b, _ := json.Marshal(spell(s)); return string(b) }
			var values []string
			for _, s := range secrets {
				values = append(values, quoted(s))
			}
			return fmt.Sprintf(`%q:[%s]`, field, strings.Join(values, ","))
		}
		for i, s := range secrets {
			value, _ := json.Marshal(spell(s))
			var fields []string
			for _, f := range []string{
				"id", "name", "phone", "created_at", "updated", "code", "msg", "status", "domain", "token", "detail", "password", "extension_password",
			} {
				fields = append(fields, fmt.Sprintf(`%q:%s`, f, value))
			}
			entry := []string{`"roles":[` + string(value) + `]`, `"extension_password":"` + sip + `"`}
			for _, f := range []string{
				"id", "account_id", "user_id", "phone", "full_name", "extension_number", "state", "expires_at", "created_at", "email", "tenant_domain",
			} {
				entry = append(entry, fmt.Sprintf(`%q:%s`, f, value))
			}
			object := "{" + strings.Join(append(fields, `"meta":{"xcode":`+string(value)+`,"cause":`+string(value)+`}`, planted("more"),
				`"account_users":[{`+strings.Join(entry, ",")+`}]`, `"extensions":[{`+strings.Join(entry, ",")+`}]`,
				`"paging":{"next":`+string(value)+`}`), ",") + "}"
			// The listing of extensions comes first, as in a run: it shows which SIP secrets there are.
			extensions := `{"extensions":[{"id":"1","extension_number":"101","extension_password":"` + sip + `"}],"paging":{"next":""}}`
			for status, body := range map[int]string{200: object, 400: object, 404: "<html><title>" + spell(s) + "</title>" + spell(s), 500: object, 502: spell(s)} {
				calls := 0
				w := &wire{answer: func(*http.Request, string) *http.Response {
					if calls++; calls == 1 {
						return say(200, extensions)
					}
					oneLine := strings.NewReplacer("\n", " ", "\r", " ").Replace(spell(s))
					return say(status, body, "X-Request-Id: "+oneLine, "Cf-Ray: "+oneLine, "Date: "+oneLine, "Retry-After: "+oneLine, "Location: https://x/?"+oneLine,
						"Content-Type: "+map[bool]string{true: "application/json", false: "text/html"}[body[0] == '{'])
				}}
				c, trace := traced(t, Config{Transport: w, Hidden: secret.NewSet(slices.Values([]secret.Text{secret.New(theirs), secret.New(testPassword)})), Jitter: func() float64 { return 0 }})
				_, _ = collect(c.GetExtensions(t.Context()))
				callAll(t, c)
				if text := trace(); strings.Count(text, "\n") < 6 {
					t.Fatalf("%s %d %d:\n%s", name, i, status, text)
				} else {
					for _, hidden := range secrets {
						for how, spell := range spellings {
							inJSON, _ := json.Marshal(spell(hidden))
							if how == "base64" && hidden != testKey { // many passwords are known by their fingerprints only
								continue
							}
							for _, form := range []string{spell(hidden), strings.Trim(string(inJSON), `"`)} {
								if how != "in text" && strings.Contains(text, form) {
									t.Errorf("secret %d as %s in a field, status %d: as %s in the trace", i, name, status, how)
								}
							}
						}
					}
				}
			}
		}
	}
}

// BenchmarkExchange is what a trace costs a call, with the passwords of 200,000 rows to hide. It does not count the writing.
func BenchmarkExchange(b *testing.B) {
	hidden := secret.NewSet(func(yield func(secret.Text) bool) {
		for i := range 200_000 {
			if !yield(secret.New(fmt.Sprintf("Hoa-sua-%d", i))) {
				return
			}
		}
	})
	for name, tell := range map[string]func(*Exchange){"traced": func(x *Exchange) { _, _ = json.Marshal(x) }, "not traced": nil} {
		b.Run(name, func(b *testing.B) {
			w := &quick{`{"id":"1301234567890123001","phone":"0901234567","created_at":"2026-11-26T00:00:00Z"}`}
			c := newTestClient(b, Config{Transport: w, Hidden: hidden, OnExchange: tell})
			for b.Loop() {
				if _, err := c.CreateAccountUser(b.Context(), person, func() error { return nil }); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// quick is a server that answers at once.
type quick struct{ body string }

func (q *quick) RoundTrip(*http.Request) (*http.Response, error) { return say(200, q.body), nil }

// A secret that nobody here knows is not shown either where an id, a phone, a number, a state, a role, a time or a cursor belongs.
func TestExchangeShowsOnlyShapes(t *testing.T) {
	const unknown = "Nobody-knows-7"
	entry := `{"full_name":"Lan"`
	for _, f := range []string{"id", "account_id", "user_id", "phone", "extension_number", "state", "expires_at", "created_at", "extension_password", "other"} {
		entry += fmt.Sprintf(`,%q:%q`, f, unknown+" ")
	}
	entry += `,"roles":["` + unknown + `"]}`
	body := `{"id":"` + unknown + `","phone":"` + unknown + `","created_at":"` + unknown + `","updated":"` + unknown + `","paging":{"next":"` + unknown + ` x"},` +
		`"account_users":[` + entry + `],"extensions":[` + entry + `]}`
	w := &wire{answer: func(*http.Request, string) *http.Response {
		return say(200, body, "X-Request-Id: "+unknown+" x", "Date: "+unknown, "Retry-After: "+unknown)
	}}
	c, trace := traced(t, Config{Transport: w, Jitter: func() float64 { return 0 }})
	callAll(t, c)
	if text := trace(); strings.Contains(text, unknown) || !strings.Contains(text, `"users":[{"user_id":"[not shown]"`) {
		t.Errorf("%.2000s", text)
	}
}
