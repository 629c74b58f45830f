package check_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/json"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"etelecom-import/apiclient"
	"etelecom-import/apiclient/sandbox"
	"etelecom-import/apiclient/secret"
	"etelecom-import/apiclient/transport"
	"etelecom-import/importer/check"
)

const (
	checkedAccount = "1149528912345678901"
	otherAccount   = "1149528912345678902"
)

// checking is a check of a tenant over no network. Its way to the API is good.
func checking(t *testing.T, tenant http.RoundTripper, key string) check.Input {
	t.Helper()
	client, err := apiclient.New(apiclient.Config{
		BaseURL: "http://127.0.0.1" + sandbox.BasePath, Key: secret.New(key), Transport: tenant, Timeout: 20 * time.Second,
		Jitter: func() float64 { return 0.5 },
	})
	if err != nil {
		t.Fatal(err)
	}
	return check.Input{
		Key: check.KeyFound{Place: `"key"`, Shape: client.Key()}, BaseURL: "http://127.0.0.1" + sandbox.BasePath, Client: client,
		Resolve: func(context.Context, string) ([]string, error) { return []string{"192.0.2.1"}, nil },
		Reach:   func(context.Context) (apiclient.Route, error) { return apiclient.Route{Address: "192.0.2.1:443"}, nil },
	}
}

// found returns a finding as one line: status, text, hint, and the command if there is one.
func found(t *testing.T, r *check.Report, name string) string {
	t.Helper()
	i := slices.IndexFunc(r.Checks, func(f check.Finding) bool { return f.Name == name })
	if i < 0 {
		t.Fatalf("no finding %s in %+v", name, r.Checks)
	}
	f := r.Checks[i]
	line := []string{f.Status.String(), f.Found, f.Hint}
	if f.Command != "" {
		line = append(line, f.Command)
	}
	return strings.Join(line, "|")
}

// says compares the beginning of a finding, and what is somewhere in it.
func says(t *testing.T, r *check.Report, name, begins string, holds ...string) {
	t.Helper()
	got := found(t, r, name)
	if !strings.HasPrefix(got, begins) {
		t.Errorf("%s: %s, want %s...", name, got, begins)
	}
	for _, part := range holds {
		if !strings.Contains(got, part) {
			t.Errorf("%s: %s, want %q in it", name, got, part)
		}
	}
}

// The names and words of the JSON form are an interface.
func TestCheckJSON(t *testing.T) {
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

// Whatever fails, every later line is there.
func TestCheckGoesOn(t *testing.T) {
	tenant := sandbox.New(sandbox.Config{Seed: 1})
	defer tenant.Close()
	in := checking(t, tenant, tenant.Key())
	all := len(check.Run(t.Context(), in).Checks)
	in.Client, in.Key = nil, check.KeyFound{Place: `"key"`, Flaws: []string{"quotes around the key"}, Hint: "Write it anew."}
	in.Reach = func(context.Context) (apiclient.Route, error) {
		return apiclient.Route{}, &apiclient.Error{Op: "Connect", Err: errors.New("dial tcp: refused")}
	}
	r := check.Run(t.Context(), in)
	if len(r.Checks) != all || r.OK || !errors.Is(r.Err(), check.ErrWrong) || r.Count(check.Wrong) != 2 {
		t.Errorf("%+v", r)
	}
	says(t, r, "key_file", `wrong|"key" has quotes around the key.|Write it anew.`)
	says(t, r, "key_shape", "not known|There is no key that can be used.")
	says(t, r, "connection", "wrong|No connection: dial tcp: refused.|Check --base-url")
	for _, name := range []string{"clock", "account", "switchboard", "users", "extensions"} {
		says(t, r, name, "not known|There is no key that can be used.")
	}
}

func TestCheckWay(t *testing.T) {
	tenant := sandbox.New(sandbox.Config{Seed: 1})
	defer tenant.Close()
	lasting := func(left time.Duration) *x509.Certificate {
		return &x509.Certificate{
			DNSNames: []string{"api.etelecom.vn"}, Issuer: pkix.Name{CommonName: "A Trusted CA"},
			NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(left),
		}
	}
	failed := func(reason error) error { return &apiclient.Error{Op: "Connect", Err: reason} }
	for name, c := range map[string]struct {
		base       string
		unresolved error
		route      apiclient.Route
		err        error
		want       map[string]string
	}{
		"direct": {route: apiclient.Route{Address: "192.0.2.1:443", Certificate: lasting(1000 * time.Hour), Version: tls.VersionTLS13}, want: map[string]string{
			"name": "ok|api.etelecom.vn has the address 192.0.2.1.", "proxy": "ok|No proxy", "connection": "ok|Connected to 192.0.2.1:443.",
			"tls": "ok|TLS 1.3. The certificate of api.etelecom.vn is from A Trusted CA, and is valid from ",
		}},
		"soon over": {route: apiclient.Route{Certificate: lasting(9*24*time.Hour + time.Minute), Version: tls.VersionTLS12}, want: map[string]string{
			"tls": "ok|TLS 1.2. * It ends in 9 days: tell eTelecom.|",
		}},
		"by a proxy": {route: apiclient.Route{Proxy: "proxy:3128", Certificate: lasting(1000 * time.Hour), Version: tls.VersionTLS13}, want: map[string]string{
			"name": "ok|The proxy resolves api.etelecom.vn", "proxy": "ok|The proxy proxy:3128 is in use.", "connection": "ok|Connected to api.etelecom.vn through the proxy.",
		}},
		"a proxy fails": {route: apiclient.Route{Proxy: "proxy:3128"}, err: failed(errors.New("the proxy answers 407")), want: map[string]string{
			"name": "not known|The proxy resolves", "connection": "wrong|No connection through the proxy: the proxy answers 407.", "tls": "not known|", "users": "not known|There is no connection",
		}},
		"no such name": {unresolved: &net.DNSError{Err: "no such host", Name: "api.etelecom.vn"}, err: failed(errors.New("lookup: no such host")), want: map[string]string{
			"name": "wrong|The address of api.etelecom.vn is not found: no such host.", "connection": "not known|No connection: lookup: no such host.",
		}},
		"not trusted": {err: failed(apiclient.ErrCertificate), want: map[string]string{
			"connection": "ok|A server answers.", "tls": "wrong|The certificate is not trusted: ", "clock": "not known|There is no connection",
		}},
		"no TLS there": {err: failed(apiclient.ErrAddress), want: map[string]string{
			"connection": "ok|", "tls": "wrong|The server does not speak TLS.|Check host and port",
		}},
		"this machine": {base: "http://127.0.0.1:8080/v1", want: map[string]string{
			"name": "ok|127.0.0.1 is an address already.", "tls": "ok|There is no TLS: the connection stays on this computer.",
		}},
	} {
		in := checking(t, tenant, tenant.Key())
		if in.BaseURL = c.base; c.base == "" {
			in.BaseURL = "https://api.etelecom.vn/v1/partner"
		}
		in.Reach = func(context.Context) (apiclient.Route, error) { return c.route, c.err }
		if c.unresolved != nil {
			in.Resolve = func(context.Context, string) ([]string, error) { return nil, c.unresolved }
		}
		r := check.Run(t.Context(), in)
		for finding, want := range c.want {
			begins, holds, _ := strings.Cut(want, "*")
			t.Run(name, func(t *testing.T) { says(t, r, finding, begins, holds) })
		}
	}
}

// A certificate that this computer does not trust, from a real server.
func TestCheckCertificate(t *testing.T) {
	s := httptest.NewUnstartedServer(http.NotFoundHandler())
	s.Config.ErrorLog = log.New(io.Discard, "", 0)
	s.StartTLS()
	defer s.Close()
	in := checking(t, nil, "shop"+checkedAccount+":s3cret")
	trusted := x509.NewCertPool()
	trusted.AddCert(s.Certificate())
	for begins, config := range map[string]*tls.Config{
		"ok|TLS 1.3. The certificate of example.com is from ":       {RootCAs: trusted},
		"wrong|The certificate is not trusted: the server's certif": nil,
	} {
		direct := func(*http.Request) (*url.URL, error) { return nil, nil }
		client, err := apiclient.New(apiclient.Config{
			BaseURL: s.URL + "/v1", Key: secret.New("none"), Transport: &transport.Transport{TLS: config, Proxy: direct},
		})
		if err != nil {
			t.Fatal(err)
		}
		in.BaseURL, in.Client, in.Reach = s.URL+"/v1", nil, client.Reach
		says(t, check.Run(t.Context(), in), "tls", begins)
	}
}

func TestCheckTenant(t *testing.T) {
	for name, c := range map[string]struct {
		tenant  sandbox.Config
		status  string // of the switchboard; "": enabled
		key     string // "": the shop's
		account string
		finding string
		begins  string
		holds   string
	}{
		"new switchboard":      {status: "Z", finding: "switchboard", begins: `not known|The switchboard "Practice tenant" (practice.invalid) is new`},
		"disabled switchboard": {status: "N", finding: "switchboard", begins: `wrong|The switchboard "Practice tenant" (practice.invalid) is disabled`},
		"untold switchboard":   {tenant: sandbox.Config{Deny: []sandbox.Ops{sandbox.PBX}}, finding: "switchboard", begins: "not known|The tenant does not tell it (HTTP 403"},
		"all sources":          {tenant: sandbox.Config{Users: 1}, finding: "account", begins: `ok|The key is of "Practice tenant": --account=` + checkedAccount + " (told by CurrentShop, listed extensions, listed users, the key's prefix).|"},
		"two ids":              {tenant: sandbox.Config{ShopID: otherAccount}, finding: "account", begins: `not known|The key is of "Practice tenant": --account=` + otherAccount + " (told by CurrentShop) and --account=" + checkedAccount, holds: "These ids should be one."},
		"one of two ids":       {tenant: sandbox.Config{ShopID: otherAccount}, account: checkedAccount, finding: "account", begins: "ok|", holds: "These ids should be one."},
		"the wanted one":       {account: checkedAccount, finding: "account", begins: "ok|"},
		"another one":          {account: otherAccount, finding: "account", begins: "wrong|This key is not of account " + otherAccount + `. The key is of "Practice tenant": --account=` + checkedAccount},
		"none told":            {tenant: sandbox.Config{Key: "opaque", ShopID: "-", ListedID: "-"}, key: "opaque", account: otherAccount, finding: "account", begins: "wrong|Whether the key is of account " + otherAccount + " cannot be checked"},
		"none told or wanted":  {tenant: sandbox.Config{Key: "opaque", ShopID: "-", ListedID: "-"}, key: "opaque", finding: "account", begins: "not known|The tenant does not tell its id."},
		"the prefix alone":     {tenant: sandbox.Config{ShopID: "-", ListedID: "-"}, finding: "account", begins: "ok|The key's account: --account=" + checkedAccount + " (told by the key's prefix).|"},
		"not confirmed":        {key: "shop" + otherAccount + ":x", finding: "account", begins: "not known|The key's account: --account=" + otherAccount + " (told by the key's prefix). The tenant did not confirm it."},
		"a key of another":     {key: "shop" + otherAccount + ":x", finding: "users", begins: "wrong|The API does not take this key (HTTP 401"},
		"the same again":       {key: "shop" + otherAccount + ":x", finding: "extensions", begins: "wrong|The API does not take this key (HTTP 401", holds: "|Do the same as for users."},
		"a partner's key":      {tenant: sandbox.Config{PartnerKey: otherAccount + ":x"}, key: otherAccount + ":x", finding: "key_shape", begins: "wrong|This is a partner's api_key (21 bytes)"},
		"its calls":            {tenant: sandbox.Config{PartnerKey: otherAccount + ":x"}, key: otherAccount + ":x", finding: "users", begins: "wrong|The API does not take this key", holds: "|Use the shop_key"},
		"its account":          {tenant: sandbox.Config{PartnerKey: otherAccount + ":x"}, key: otherAccount + ":x", finding: "account", begins: "not known|This is a partner's key. It is of no company."},
		"neither shape":        {key: "opaque", finding: "key_shape", begins: "not known|This key (6 bytes) looks neither"},
		"denied":               {tenant: sandbox.Config{Deny: []sandbox.Ops{sandbox.Users}}, finding: "users", begins: "wrong|This key may not list users (HTTP 403 permission_denied: Bạn", holds: "|Ask eTelecom to give"},
		"closed":               {tenant: sandbox.Config{Closed: true}, finding: "extensions", begins: "wrong|The account is closed (HTTP 503"},
		"another service":      {tenant: sandbox.Config{Service: "Sencloud"}, finding: "extensions", begins: "wrong|This address has no such call", holds: "--service"},
		"more than a page":     {tenant: sandbox.Config{Users: 230}, finding: "users", begins: "ok|This key may list users. There are 230.|"},
		"removed people":       {tenant: sandbox.Config{ListDeleted: true}, finding: "users", begins: "ok|This key may list users. There are none.|"},
		"expired":              {tenant: sandbox.Config{Extensions: 130, Expired: 7}, finding: "extensions", begins: "ok|This key may list extensions. There are 130: 123 free, 0 in use, 7 expired.|"},
		"listed twice":         {tenant: sandbox.Config{Users: 230, Faults: []sandbox.Rule{rule(t, "list-duplicates@users=1")}}, finding: "users", begins: "ok|This key may list users. There are 230.|"},
		"clock behind":         {tenant: sandbox.Config{Skew: time.Hour}, finding: "clock", begins: "wrong|This computer's clock is 59 minutes behind"},
		"clock ahead":          {tenant: sandbox.Config{Skew: -3 * time.Minute}, finding: "clock", begins: "ok|This computer's clock is 3 minutes ahead"},
		"clock good":           {finding: "clock", begins: "ok|This computer's clock agrees"},
	} {
		t.Run(name, func(t *testing.T) {
			c.tenant.AccountID, c.tenant.Seed = checkedAccount, 1
			if c.tenant.Extensions == 0 {
				c.tenant.Extensions = 3
			}
			tenant := sandbox.New(c.tenant)
			defer tenant.Close()
			if c.status != "" {
				if err := tenant.SetPBXStatus(c.status); err != nil {
					t.Fatal(err)
				}
			}
			key := c.key
			if key == "" {
				key = tenant.Key()
			}
			in := checking(t, tenant, key)
			in.Account = c.account
			says(t, check.Run(t.Context(), in), c.finding, c.begins, c.holds)
			if sent := tenant.Totals(); sent.Writes != 0 {
				t.Errorf("%d writes", sent.Writes)
			}
		})
	}
}

func rule(t *testing.T, text string) (r sandbox.Rule) {
	t.Helper()
	if err := r.UnmarshalText([]byte(text)); err != nil {
		t.Fatal(err)
	}
	return r
}

// An API that does not answer holds a check up for a bounded time, whatever it does instead.
func TestCheckEnds(t *testing.T) {
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

func TestCheckRoles(t *testing.T) {
	tenant := sandbox.New(sandbox.Config{Users: 2, NoRoles: true, Seed: 1})
	defer tenant.Close()
	in := checking(t, tenant, tenant.Key())
	someone := apiclient.NewUser{FullName: "Nguyễn Thị Lan", Phone: "0903112351", Password: secret.New("Sen-trang-4471")}
	if _, err := in.Client.CreateAccountUser(t.Context(), someone, nil); err != nil {
		t.Fatal(err)
	}
	says(t, check.Run(t.Context(), in), "users", "ok|This key may list users. There are 3, of whom 1 without a role")
}

// Employees and files are told as they were found.
func TestCheckEmployees(t *testing.T) {
	tenant := sandbox.New(sandbox.Config{Seed: 1})
	defer tenant.Close()
	for _, c := range []struct {
		e    check.EmployeesFound
		want string
	}{
		{check.EmployeesFound{Rows: 1}, `ok|"e.csv" has 1 row, and none has a problem.|`},
		{check.EmployeesFound{Rows: 30, Problems: 2, Command: "see"}, `wrong|"e.csv" has 30 rows, and 2 of them cannot be used.|To see why:|see`},
		{check.EmployeesFound{}, `wrong|"e.csv" has a header and no employees.|`},
		{check.EmployeesFound{Wrong: "It cannot be read.", Hint: "Look."}, `wrong|It cannot be read.|Look.`},
	} {
		c.e.Place, c.e.File = `"e.csv"`, &check.Access{Everybody: true, Command: "chmod"}
		in := checking(t, tenant, tenant.Key())
		in.Employees = &c.e
		r := check.Run(t.Context(), in)
		says(t, r, "employee_file", c.want)
		says(t, r, "employee_file_access", `wrong|Everyone on this computer can read "e.csv", and it contains passwords.|To change that:|chmod`)
	}
}
