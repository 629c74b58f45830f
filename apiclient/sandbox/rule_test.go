package sandbox_test

import (
	"encoding/json"
	"fmt"
	"math"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"etelecom-import/apiclient/sandbox"
)

func TestParseRule(t *testing.T) {
	for text, want := range map[string]sandbox.Rule{
		"cut-after":                          {Fault: "cut-after"},
		"cut-after=0.05":                     {Fault: "cut-after", Chance: 0.05},
		"cut-after=5%":                       {Fault: "cut-after", Chance: 0.05},
		"cut-after=1":                        {Fault: "cut-after", Chance: 1},
		"cut-after=0":                        {Fault: "cut-after", Chance: -1},
		"cut-after@create=#3":                {Fault: "cut-after", On: sandbox.Create, First: 3, Last: 3},
		"500-before@list=#2-4":               {Fault: "500-before", On: sandbox.List, First: 2, Last: 4},
		"refuse@users+create=#7-":            {Fault: "refuse", On: sandbox.Users | sandbox.Create, First: 7, Last: math.MaxInt},
		"late:90s@create=0.5":                {Fault: "late", Arg: "90s", On: sandbox.Create, Chance: 0.5},
		"429:past":                           {Fault: "429", Arg: "past"},
		"redirect:http://u@h/?a=b@assign=#1": {Fault: "redirect", Arg: "http://u@h/?a=b", On: sandbox.Assign, First: 1, Last: 1},
	} {
		if got, err := sandbox.ParseRule(text); err != nil || got != want {
			t.Errorf("%s: got %+v, %v", text, got, err)
		}
	}
}

func TestParseRuleRefuses(t *testing.T) {
	for text, want := range map[string]string{
		"":                 "there is no fault",
		"cut-aftr":         `"cut-aftr"`,
		"cut-after=2":      "neither a probability",
		"cut-after=NaN":    "neither a probability",
		"cut-after=-0.1":   "neither a probability",
		"cut-after=":       "neither a probability",
		"cut-after=#0":     "does not say which calls",
		"cut-after=#5-3":   "does not say which calls",
		"cut-after@crate":  `no call "crate"`,
		"cut-after:3":      "takes no argument",
		"updated-0@create": "can happen only to the calls assign",
		"late:soon":        "takes a time",
		"late:-1s":         "takes a time",
		"list-cut:0":       "takes a number",
		"error:no_such":    "takes an error code of the API",
	} {
		if _, err := sandbox.ParseRule(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: error %v, want %q", text, err, want)
		}
	}
	if _, err := sandbox.Open(sandbox.Config{Faults: []sandbox.Rule{{Fault: "x"}}}); err == nil {
		t.Error("a tenant opened with a fault that doesn't exist")
	}
}

// TestNthCall has rules for the nth call. Each rule counts the calls that it matches.
func TestNthCall(t *testing.T) {
	tenant := newTenant(t, sandbox.Config{Faults: sandbox.MustParseRules("500-before@users=#2", "503-before@account=#1-2", "error:unknown@users=#2-3")})
	runSteps(t, tenant, []step{
		{usersPath, "{}", 200, ""},
		{accountPath, "{}", 503, ""},
		{usersPath, "{}", 500, "internal"},
		{extensionsPath, "{}", 200, ""},
		{accountPath, "{}", 503, ""},
		{usersPath, "{}", 500, `"unknown"`},
		{accountPath, "{}", 200, ""},
		{usersPath, "{}", 200, ""},
	})
	want := `{"500-before":{"users":1},"503-before":{"account":2},"error":{"users":1}}`
	if got, _ := json.Marshal(tenant.Totals().Faults); string(got) != want {
		t.Errorf("fired: %s, want %s", got, want)
	}
}

func TestChance(t *testing.T) {
	tenant := newTenant(t, sandbox.Config{Faults: sandbox.MustParseRules("500-before=10%", "503-before=0")})
	for range 2000 {
		call(t, tenant, accountPath, "{}")
	}
	if n := tenant.Totals().Fired("500-before"); n < 140 || n > 260 {
		t.Errorf("10%% of 2000 calls: %d", n)
	}
	if tenant.Totals().Fired("503-before") != 0 {
		t.Error("a fault that never happens did")
	}
}

// TestManyClients has clients on sockets and without, administrators and readers of the record at once.
func TestManyClients(t *testing.T) {
	tenant := newTenant(t, sandbox.Config{Extensions: 20, Faults: sandbox.MustParseRules("cut-after@create=5%", "late:1ms@assign=5%", "hang-up=5%")})
	transport := serve(t, tenant)
	var wg sync.WaitGroup
	for i, way := range []http.RoundTripper{transport, transport, tenant, tenant} {
		wg.Go(func() {
			client := http.Client{Transport: way, Timeout: 10 * time.Second}
			for n := range 100 {
				phone := fmt.Sprintf("090000%d%03d", i%2, n) // two clients each
				for _, c := range []step{
					{path: createPath, body: create(phone, "p")},
					{path: usersPath, body: `{"filter":{"phone":"` + phone + `"}}`},
					{path: assignPath, body: assign(jsonID(tenant.Record().Lines[n%20].ID), "1301234567890123457")},
				} {
					if res, err := client.Do(request(t, tenant, c.path, c.body)); err == nil {
						_ = res.Body.Close()
					}
				}
				_ = tenant.RemoveUser(phone)
				tenant.Totals()
			}
		})
	}
	wg.Wait()
	if r := tenant.Record(); r.Creates < 200 || r.Creates != r.Overwrites+200 {
		t.Errorf("%d creates, %d of them overwrote, of 200 phones", r.Creates, r.Overwrites)
	}
}

// TestRecordOverHTTP reads the record as another process does.
func TestRecordOverHTTP(t *testing.T) {
	tenant := newTenant(t, sandbox.Config{Extensions: 2, UserPhones: []string{"0905000001"}})
	client := http.Client{Transport: serve(t, tenant)}
	for query, lists := range map[string]int{"": 2, "?totals": 0} {
		res, err := client.Get(strings.TrimSuffix(tenant.BaseURL(), sandbox.BasePath) + "/record" + query)
		if err != nil {
			t.Fatal(err)
		}
		var r sandbox.Record
		if err := json.Unmarshal([]byte(readAll(t, res)), &r); err != nil || len(r.Lines) != lists || r.AccountID == "" {
			t.Errorf("%q: %+v, %v", query, r, err)
		}
	}
}
