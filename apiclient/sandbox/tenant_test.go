package sandbox_test

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"

	"etelecom-import/apiclient/sandbox"
)

// The calls, as paths below the base.
const (
	createPath     = "Shop/CreateAccountUser"
	usersPath      = "Shop/GetAccountUsers"
	extensionsPath = "Etelecom/GetExtensions"
	assignPath     = "Etelecom/AssignUserToExtension"
	accountPath    = "Misc/CurrentAccount"
	shopPath       = "Shop/CurrentShop"
	pbxPath        = "Etelecom/GetTenant"
)

// request is a call of the API as a client sends it, with the key that the call wants.
func request(t testing.TB, tenant *sandbox.Tenant, path, body string) *http.Request {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, tenant.BaseURL()+"."+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	key := tenant.Key()
	if path == accountPath {
		key = tenant.PartnerKey()
	}
	req.Header.Set("Authorization", "Bearer "+key)
	return req
}

// call makes a call without a socket, and returns status and body.
func call(t testing.TB, tenant *sandbox.Tenant, path, body string) (int, string) {
	t.Helper()
	return send(t, tenant, request(t, tenant, path, body))
}

// callWith is call with another Authorization.
func callWith(t testing.TB, tenant *sandbox.Tenant, auth, path, body string) (int, string) {
	t.Helper()
	req := request(t, tenant, path, body)
	req.Header.Set("Authorization", auth)
	return send(t, tenant, req)
}

// answer is the body of a call without parameters that succeeds.
func answer(t testing.TB, tenant *sandbox.Tenant, path string) string {
	t.Helper()
	status, body := call(t, tenant, path, "{}")
	if status != 200 {
		t.Fatalf("%s: %d %s", path, status, body)
	}
	return body
}

func send(t testing.TB, tenant *sandbox.Tenant, req *http.Request) (int, string) {
	t.Helper()
	path := req.URL.Path
	res, err := tenant.RoundTrip(req)
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatalf("%s: body: %v", path, err)
	}
	return res.StatusCode, string(text)
}

func create(phone, password string) string {
	return `{"full_name":"Nguyễn Văn \"An\"","phone":"` + phone + `","password":"` + password + `"}`
}

func assign(extension, user string) string {
	return `{"extension_id":"` + extension + `","user_id":"` + user + `"}`
}

// field reads a string of an answer.
func field(t testing.TB, body, name string) string {
	t.Helper()
	var fields map[string]any
	if err := json.Unmarshal([]byte(body), &fields); err != nil {
		t.Fatalf("%s: %v", body, err)
	}
	s, _ := fields[name].(string)
	return s
}

func readAll(t testing.TB, res *http.Response) string {
	t.Helper()
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
