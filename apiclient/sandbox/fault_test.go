package sandbox_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"etelecom-import/apiclient/sandbox"
)

// seen has what a client sees of each fault, and whether the call takes effect. The call is a create, or for faults of the
// assign and the listings one of these.
var seen = map[string]struct {
	path   string // "": create
	answer string
	effect bool
}{
	"refuse":              {"", "error", false},
	"cut-unsent":          {"", "error", false},
	"cut-before":          {"", "error", false},
	"cut-after":           {"", "error", true},
	"hang-up":             {"", "200 json", true},
	"silent":              {"", "error", false},
	"500-before":          {"", "500 json", false},
	"500-after":           {"", "500 json", true},
	"503-before":          {"", "503 json", false},
	"503-after":           {"", "503 json", true},
	"error":               {"", "409 json", false},
	"error-after":         {"", "409 json", true},
	"revoked":             {"", "401 json", false},
	"denied":              {"", "403 json", false},
	"closed":              {"", "503 json", false},
	"precondition":        {"", "412 json", false},
	"precondition-after":  {"", "412 json", true},
	"429":                 {"", "429 json", false},
	"502-html":            {"", "502 text", false},
	"502-html-after":      {"", "502 text", true},
	"504-html-after":      {"", "504 text", true},
	"html-200":            {"", "200 text", false},
	"error-200":           {"", "200 json", false},
	"redirect":            {"", "307 text", false},
	"echo":                {"", "400 json", false},
	"echo-html":           {"", "500 text", false},
	"half-body":           {"", "200 broken", true},
	"half-chunked":        {"", "200 broken", true},
	"half-close":          {"", "200 text", true},
	"empty-200":           {"", "200 text", true},
	"empty-object":        {"", "200 json", true},
	"trailing":            {"", "200 text", true},
	"slow-header":         {"", "error", true},
	"slow-body":           {"", "200 broken", true},
	"endless-body":        {"", "200 huge", true},
	"huge-body":           {"", "200 huge", true},
	"gzip-bomb":           {"", "200 huge", true},
	"updated-0":           {assignPath, "200 json", false},
	"updated-0-after":     {assignPath, "200 json", true},
	"updated-missing":     {assignPath, "200 json", true},
	"id-number":           {"", "200 json", true},
	"id-rounded":          {"", "200 json", true},
	"id-zero":             {"", "200 json", true},
	"id-negative":         {"", "200 json", true},
	"id-null":             {"", "200 json", true},
	"id-missing":          {"", "200 json", true},
	"id-other":            {"", "200 json", true},
	"answer-other":        {"", "200 json", true},
	"late":                {"", "error", true},
	"late-504":            {"", "504 text", true},
	"late-silent":         {"", "error", true},
	"slow":                {"", "200 json", true},
	"lag":                 {"", "200 json", true},
	"list-cut":            {usersPath, "200 broken", false},
	"list-fails":          {extensionsPath, "500 json", false},
	"list-repeats-cursor": {usersPath, "200 json", false},
	"list-duplicates":     {extensionsPath, "200 json", false},
	"list-shrinks":        {usersPath, "200 json", false},
	"list-similar":        {usersPath, "200 json", false},
}

func TestEveryFaultIsKnown(t *testing.T) {
	for _, name := range sandbox.FaultNames() {
		if _, ok := seen[name]; !ok {
			t.Errorf("no test of the fault %s", name)
		}
		if !strings.Contains(sandbox.FaultTable(), "  "+name+" ") {
			t.Errorf("no help for the fault %s", name)
		}
	}
}

// harness is a tenant with one fault, and the call that it happens to.
type harness struct {
	*sandbox.Tenant
	fault, path, body string
}

func newHarness(t *testing.T, fault, arg string) harness {
	tenant := sandbox.New(sandbox.Config{Extensions: 5, Seed: 7, UserPhones: []string{"0905000001", "0905000002"}, LateBy: 20 * time.Millisecond})
	if err := tenant.SetFaults(sandbox.MustParseRules(fault + arg + "=#1")...); err != nil {
		t.Fatal(err)
	}
	b := harness{tenant, fault, seen[fault].path, create("0901234567", `<pass>&'word`)}
	switch b.path {
	case "":
		b.path = createPath
	case assignPath:
		r := tenant.Record()
		b.body = assign(fmt.Sprint(r.Lines[0].ID), fmt.Sprint(r.People[0].ID))
	default:
		b.body = `{"filter":{"phone":"0905000001"},"paging":{"after":"."}}`
	}
	return b
}

// effect reports whether the call has changed the tenant.
func (b harness) effect() bool {
	r := b.Totals()
	return r.Creates+r.Assigns > 0
}

// send makes the call and describes the answer in two words.
func (b harness) send(t *testing.T, transport http.RoundTripper, timeout time.Duration) (answer, body string) {
	client := http.Client{Transport: transport, Timeout: timeout, CheckRedirect: func(*http.Request, []*http.Request) error {
		return http.ErrUseLastResponse
	}}
	res, err := client.Do(request(t, b.Tenant, b.path, b.body))
	if err != nil {
		return "error", err.Error()
	}
	defer res.Body.Close()
	const limit = 2 << 20
	text, err := io.ReadAll(io.LimitReader(res.Body, limit+1))
	switch {
	case err != nil:
		answer = "broken"
	case len(text) > limit:
		answer = "huge"
	case json.Valid(text):
		answer = "json"
	default:
		answer = "text"
	}
	return fmt.Sprintf("%d %s", res.StatusCode, answer), string(text)
}

func (b harness) check(t *testing.T, answer, body string) {
	t.Helper()
	want := seen[b.fault]
	if answer != want.answer {
		t.Errorf("the client saw %q, want %q: %.200s", answer, want.answer, body)
	}
	if b.effect() != want.effect {
		t.Errorf("effect: %v, want %v", b.effect(), want.effect)
	}
	if r := b.Record(); r.Fired(b.fault) != 1 {
		t.Errorf("the fault's count: %v", r.Faults)
	}
}

func TestFaultsWithoutSocket(t *testing.T) {
	for fault := range seen {
		t.Run(fault, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				b := newHarness(t, fault, "")
				defer b.Close()
				answer, body := b.send(t, b.Tenant, 30*time.Second)
				time.Sleep(time.Hour)
				b.check(t, answer, body)
				if answer, body := b.send(t, b.Tenant, 30*time.Second); !strings.HasSuffix(answer, "json") {
					t.Errorf("after the fault: %s %s", answer, body)
				}
			})
		})
	}
}

// serve serves the tenant on a socket until the test ends.
func serve(t testing.TB, tenant *sandbox.Tenant) *http.Transport {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	served := make(chan error)
	go func() { served <- tenant.Serve(ctx, listener) }()
	transport := &http.Transport{}
	t.Cleanup(func() {
		transport.CloseIdleConnections()
		tenant.Close()
		cancel()
		if err := <-served; err != nil {
			t.Error(err)
		}
	})
	for tenant.BaseURL() != "http://"+listener.Addr().String()+sandbox.BasePath {
		time.Sleep(time.Millisecond)
	}
	return transport
}

// patience is how long the client waits. It is short only for faults at which the client must give up, since a busy
// machine can be slow.
func patience(fault string) time.Duration {
	switch fault {
	case "silent", "late-silent", "slow-header", "slow-body":
		return 2 * time.Second
	}
	return time.Minute
}

func TestFaultsOverSocket(t *testing.T) {
	for fault := range seen {
		t.Run(fault, func(t *testing.T) {
			t.Parallel()
			arg := ""
			if fault == "slow" {
				arg = ":10ms"
			}
			b := newHarness(t, fault, arg)
			transport := serve(t, b.Tenant)
			answer, body := b.send(t, transport, patience(fault))
			for b.Pending() > 0 {
				time.Sleep(time.Millisecond)
			}
			b.check(t, answer, body)
		})
	}
}

// TestConnection shows that a client learns whether a byte of its request was sent.
func TestConnection(t *testing.T) {
	for fault, want := range map[string]bool{"refuse": true, "cut-unsent": true, "cut-before": false, "cut-after": false, "hang-up": false} {
		b := newHarness(t, fault, "")
		defer b.Close()
		res, err := b.RoundTrip(request(t, b.Tenant, b.path, b.body))
		if err == nil {
			_ = res.Body.Close()
		}
		var proof interface{ Unsent() bool }
		if unsent := errors.As(err, &proof) && proof.Unsent(); unsent != want {
			t.Errorf("%s: %v: proves that nothing was sent: %v, want %v", fault, err, unsent, want)
		}
	}
}

// TestMutatedAnswers looks into the answers that faults change.
func TestMutatedAnswers(t *testing.T) {
	for _, c := range []struct{ rule, path, want string }{
		{"id-number", createPath, `{"id":1139`},
		{"id-rounded", createPath, `{"id":1.2e18,`},
		{"id-zero", createPath, `{"id":"0",`},
		{"id-negative", createPath, `{"id":"-5",`},
		{"id-null", createPath, `{"id":null,`},
		{"id-missing", createPath, `{"full_name":`},
		{"id-rounded", usersPath, `"user_id":1.2e18,`},
		{"id-missing", extensionsPath, `{"extensions":[{"account_id":`},
		{"closed", usersPath, `"meta":{"xcode":"account_closed"}}`},
		{"closed", createPath, `{"code":"unavailable",`},
		{"precondition", createPath, `{"code":"failed_precondition","msg":"Require at least 1 role"}`},
		{"precondition:busy", createPath, `"msg":"busy"`},
		{"precondition-after", createPath, `{"code":"failed_precondition","msg":"Require at least 1 role"}`},
		{"precondition-after:busy", createPath, `"msg":"busy"`},
		{"updated-0", assignPath, `{"updated":0}`},
		{"updated-missing", assignPath, `{"ok":true}`},
		{"empty-200", accountPath, ``},
		{"echo", createPath, `"meta":{"password":"`},
		{"echo:internal", createPath, `\u0026lt;pass\u0026gt;`},
		{"echo-html", createPath, `<pass>&'word`},
		{"error:out_of_range", extensionsPath, `"out_of_range"`},
		{"error-200", accountPath, `{"code":"internal",`},
		{"list-repeats-cursor", usersPath, `"next":"."`},
	} {
		b := newHarness(t, strings.Split(c.rule, ":")[0], "")
		defer b.Close()
		_ = b.SetFaults(sandbox.MustParseRules(c.rule)...)
		b.path = c.path
		if b.path == usersPath || b.path == extensionsPath {
			b.body = `{"paging":{"after":"."}}`
		}
		if _, body := b.send(t, b.Tenant, time.Minute); !strings.Contains(body, c.want) {
			t.Errorf("%s: %s", c.rule, body)
		}
	}
}

func TestMixedUpAnswers(t *testing.T) {
	b := newHarness(t, "id-other", "")
	defer b.Close()
	other, _ := b.Person("0905000001")
	_, body := b.send(t, b.Tenant, time.Minute)
	if field(t, body, "id") != fmt.Sprint(other.ID) || field(t, body, "phone") != "0901234567" {
		t.Errorf("id-other: %s", body)
	}
	_ = b.RemoveUser("0905000001")
	other, _ = b.Person("0905000002")
	_ = b.SetFaults(sandbox.Rule{Fault: "answer-other"})
	b.body = create("0901234568", "p")
	_, body = b.send(t, b.Tenant, time.Minute)
	if field(t, body, "id") != fmt.Sprint(other.ID) || field(t, body, "phone") != "0905000002" {
		t.Errorf("answer-other: %s", body)
	}
}

// TestFaultsThatFindNothing has faults that find nothing to change: the calls get their true answers, and no fault counts
// as fired.
func TestFaultsThatFindNothing(t *testing.T) {
	tenant := newTenant(t, sandbox.Config{Faults: sandbox.MustParseRules("echo=#1", "echo-html=#2", "id-other", "list-similar", "list-cut:2")})
	runSteps(t, tenant, []step{
		{createPath, `{"full_name":"A","phone":"0901234567"}`, 400, `"invalid_argument"`},
		{createPath, `{"full_name":"A","phone":"0901234567"}`, 400, `"invalid_argument"`},
		{createPath, create("0901234567", "p"), 200, `"id":"`},
		{usersPath, "{}", 200, ""},
		{extensionsPath, "{}", 200, ""},
	})
	if r := tenant.Record(); len(r.Faults) != 0 {
		t.Errorf("fired: %v", r.Faults)
	}
}

func TestRetryAfter(t *testing.T) {
	now := time.Now()
	for word, within := range map[string]time.Duration{"date": 10 * time.Second, "past": -time.Minute, "years": 11 * 365 * 24 * time.Hour} {
		at, err := http.ParseTime(retryAfter(t, word))
		if d := at.Sub(now); err != nil || d > within {
			t.Errorf("%s: in %v, %v", word, d, err)
		}
	}
	for word, want := range map[string]string{"none": "", "garbage": "soon, perhaps", "120": "120", "seconds": "1"} {
		if got := retryAfter(t, word); got != want {
			t.Errorf("%s: %q, want %q", word, got, want)
		}
	}
}

func retryAfter(t *testing.T, word string) string {
	tenant := newTenant(t, sandbox.Config{Faults: []sandbox.Rule{{Fault: "429", Arg: word}}})
	res, err := tenant.RoundTrip(request(t, tenant, accountPath, "{}"))
	if err != nil || res.StatusCode != 429 {
		t.Fatal(err, res)
	}
	return res.Header.Get("Retry-After")
}

func TestListFaults(t *testing.T) {
	for byPlace, last := range map[bool]int{false: 1, true: 0} { // the last page, which is empty
		tenant := newTenant(t, sandbox.Config{Users: 250, PagesByPlace: byPlace})
		set := func(rule string) { _ = tenant.SetFaults(sandbox.MustParseRules(rule)...) }
		plain, _ := phones(t, tenant, "{}", 0)
		set("list-shrinks:50")
		if got, pages := phones(t, tenant, "{}", 0); !slices.Equal(got, plain) || pages != 5+last {
			t.Errorf("list-shrinks: %d on %d pages", len(got), pages)
		}
		set("list-duplicates")
		for _, limit := range []int{0, 1, 7} {
			got, pages := phones(t, tenant, "{}", limit)
			all := slices.Clone(got)
			slices.Sort(all)
			// Each page shows two of them again, but the first page one.
			if distinct := slices.Compact(all); len(distinct) != 250 || len(got) != 250+2*(pages-last)-1 {
				t.Errorf("list-duplicates, limit %d: %d on %d pages, %d of them distinct", limit, len(got), pages, len(distinct))
			}
			if limit == 7 && (got[7] != got[0] || got[8] != got[6]) {
				t.Errorf("list-duplicates: a page and the next begin with %v", got[:9])
			}
		}
		for _, fault := range []string{"list-fails:2", "list-cut:2"} {
			set(fault)
			l := list(t, tenant, usersPath, `{"paging":{"limit":7}}`)
			second := request(t, tenant, usersPath, `{"paging":{"after":"`+l.Paging.Next+`","limit":7}}`)
			if res, err := tenant.RoundTrip(second); err == nil && res.StatusCode == 200 {
				if _, err = io.ReadAll(res.Body); err == nil {
					t.Errorf("%s: the second page is fine", fault)
				}
			}
		}
		set("list-repeats-cursor")
		l := list(t, tenant, usersPath, `{"paging":{"after":""}}`)
		if again := list(t, tenant, usersPath, `{"paging":{"after":"`+l.Paging.Next+`"}}`); !reflect.DeepEqual(again.Users, l.Users) || again.Paging.Next == "" {
			t.Errorf("list-repeats-cursor: %+v", again.Paging)
		}
		set("list-similar")
		got, pages := phones(t, tenant, `{"phone":"`+plain[9]+`"}`, 0)
		if len(got) != 4 || got[3] != plain[9] || pages != 1+last {
			t.Errorf("list-similar: %v on %d pages", got, pages)
		}
		if got, pages := phones(t, tenant, `{"phone":"0111111111"}`, 0); len(got) != 3 || pages != 1+last {
			t.Errorf("list-similar: nobody, but %v on %d pages", got, pages)
		}
	}
}

// TestRedirectLeadsBack shows that the record counts a client that follows a redirect.
func TestRedirectLeadsBack(t *testing.T) {
	b := newHarness(t, "redirect", "")
	defer b.Close()
	res, err := (&http.Client{Transport: b.Tenant}).Do(request(t, b.Tenant, b.path, b.body))
	if err != nil || res.StatusCode != 404 || b.Totals().Followed != 1 {
		t.Errorf("%v %v; followed %d", res, err, b.Totals().Followed)
	}
}
