package check_test

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"etelecom-import/apiclient"
	"etelecom-import/apiclient/sandbox"
	"etelecom-import/importer/check"
)

// The names and words of the JSON form are an interface.
func TestJSON(t *testing.T) {
	tenant := sandbox.New(sandbox.Config{Extensions: 1, Seed: 1})
	defer tenant.Close()
	in := checking(t, tenant, tenant.Key())
	in.Key.File, in.Employees = &check.Access{}, &check.EmployeesFound{Place: `"e.csv"`, Rows: 1, File: &check.Access{}}
	var told []check.Finding
	in.Found = func(f check.Finding) { told = append(told, f) }
	r := check.Run(t.Context(), in)
	if !r.OK || r.Err() != nil || r.Count(check.OK) != len(r.Checks)-1 || !slices.Equal(told, r.Checks) {
		t.Errorf("%+v; told %+v", r, told)
	}
	text, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	var shown struct {
		OK     bool
		Checks []map[string]string
	}
	if err := json.Unmarshal(text, &shown); err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, c := range shown.Checks {
		names = append(names, c["name"])
	}
	want := []string{
		"key_file", "key_file_access", "key_shape", "name", "proxy", "connection", "tls", "clock", "account", "switchboard", "users", "extensions",
		"right_to_create", "employee_file", "employee_file_access",
	}
	if !slices.Equal(names, want) || shown.Checks[12]["status"] != "not_known" || len(shown.Checks[0]) != 4 {
		t.Errorf("%s", text)
	}
}

// What was around a key is a warning: a run works.
func TestKeyWithThingsAround(t *testing.T) {
	tenant := sandbox.New(sandbox.Config{Seed: 1})
	defer tenant.Close()
	in := checking(t, tenant, tenant.Key())
	in.Key.Note = "It is used without its quotes."
	r := check.Run(t.Context(), in)
	says(t, r, "key_file", "warning|It is used without its quotes.|It works as it is.")
	if text, _ := json.Marshal(r); !r.OK || r.Err() != nil || r.Count(check.Warning) != 1 || !strings.Contains(string(text), `"status":"warning"`) {
		t.Errorf("%s", text)
	}
}

// Whatever fails, every later line is there.
func TestContinues(t *testing.T) {
	tenant := sandbox.New(sandbox.Config{Seed: 1})
	defer tenant.Close()
	in := checking(t, tenant, tenant.Key())
	all := len(check.Run(t.Context(), in).Checks)
	in.Client, in.Key = nil, check.KeyFound{Place: `"key"`, Wrong: `"key" is empty.`, Hint: "Write it anew."}
	in.Reach = func(context.Context) (apiclient.Route, error) {
		return apiclient.Route{}, &apiclient.Error{Op: "Connect", Err: errors.New("dial tcp: refused")}
	}
	r := check.Run(t.Context(), in)
	if len(r.Checks) != all || r.OK || !errors.Is(r.Err(), check.ErrWrong) || r.Count(check.Wrong) != 2 {
		t.Errorf("%+v", r)
	}
	says(t, r, "key_file", `wrong|"key" is empty.|Write it anew.`)
	says(t, r, "key_shape", "not known|There is no key that can be used.")
	says(t, r, "connection", "wrong|No connection: dial tcp: refused.|Check --base-url")
	for _, name := range []string{"clock", "account", "switchboard", "users", "extensions"} {
		says(t, r, name, "not known|There is no key that can be used.")
	}
}

// An API that does not answer holds a check up for a bounded time, whatever it does instead.
func TestEnds(t *testing.T) {
	for fault, want := range map[string]struct{ users, extensions string }{
		"silent@all=1":           {"wrong|No usable answer came within 20 seconds.", "not known|Not asked, "},
		"429:600@all=1":          {"wrong|The API has too many requests and asks to wait (HTTP 429).", "not known|Not asked, "},
		"html-200@all=1":         {"wrong|A web page came in place of an answer of the API (HTTP 200).|Open a browser", "not known|Not asked, "},
		"error:internal@users=1": {"wrong|The API does not answer properly now (HTTP 500", "ok|"},
		"list-fails:2@users=1":   {"wrong|After 100 users the listing failed. The API does not", "ok|"},
		"empty-object@users=1":   {"wrong|The answer cannot be used (HTTP 200", "ok|"},
		"redirect@users=1":       {"wrong|The server sends the call to another address (HTTP 307", "ok|"},
	} {
		t.Run(fault, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				tenant := sandbox.New(sandbox.Config{Users: 300, Extensions: 3, Seed: 1, Faults: []sandbox.Rule{rule(t, fault)}})
				defer tenant.Close()
				began := time.Now()
				r := check.Run(t.Context(), checking(t, tenant, tenant.Key()))
				if took := time.Since(began); took > 45*time.Second {
					t.Errorf("it took %v", took)
				}
				says(t, r, "users", want.users)
				says(t, r, "extensions", want.extensions)
			})
		})
	}
}
