package apiclient

import (
	"errors"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"etelecom-import/apiclient/secret"
)

// Calls that only tell who we are cost one request and little time, whatever they meet.
func TestIdentityIsAskedOnce(t *testing.T) {
	for name, answer := range map[string]*http.Response{
		"401": say(401, `{"code":"unauthenticated","msg":"x"}`), "500": say(500, ""), "429": say(429, ""), "page": say(200, "<html>"), "half": say(200, `{"id":`),
	} {
		w := &wire{answer: func(*http.Request, string) *http.Response { return say(answer.StatusCode, bodyOf(answer)) }}
		c := newTestClient(t, Config{Transport: w})
		if _, err := c.CurrentAccount(t.Context()); err == nil {
			t.Errorf("%s: no error", name)
		}
		if len(w.arrivals) != 1 {
			t.Errorf("%s: asked %d times", name, len(w.arrivals))
		}
	}
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		_, err := newTestClient(t, Config{Transport: stuck{}}).CurrentShop(t.Context())
		if took := time.Since(began); err == nil || took > identityTimeout {
			t.Errorf("no answer: %v after %v", err, took)
		}
	})
	w := &wire{answer: func(*http.Request, string) *http.Response {
		return say(200, `{"id":1149,"name":"Cửu Long","domain":"cl.vn","status":"N"}`)
	}}
	c := newTestClient(t, Config{Transport: w})
	if a, err := c.CurrentShop(t.Context()); err != nil || a != (Account{"1149", "Cửu Long"}) {
		t.Errorf("%v, %v", a, err)
	}
	if p, err := c.GetTenant(t.Context()); err != nil || p != (PBX{"1149", "Cửu Long", "cl.vn", "N"}) {
		t.Errorf("%v, %v", p, err)
	}
}

// stuck never answers.
type stuck struct{}

func (stuck) RoundTrip(r *http.Request) (*http.Response, error) {
	<-r.Context().Done()
	return nil, r.Context().Err()
}

func TestShapeOf(t *testing.T) {
	const id = "1149123456789012345"
	for key, want := range map[string]KeyShape{
		"shop" + id + ":s3cret": {ShopKey, id, 30},
		id + ":s3cret":          {PartnerKey, id, 26},
		"shop" + id + ":":       {OtherKey, "", 24},
		"shop" + id:             {OtherKey, "", 23},
		"Shop" + id + ":s":      {OtherKey, "", 25},
		id[1:] + ":s3cret":      {OtherKey, "", 25},
		id + "1:s3cret":         {OtherKey, "", 27},
		"a" + id[1:] + ":s":     {OtherKey, "", 21},
		"s3cret":                {OtherKey, "", 6},
		"":                      {},
	} {
		if got := ShapeOf(key); got != want {
			t.Errorf("%q: %+v, want %+v", key, got, want)
		}
	}
}

// A refused key is told by its shape; nothing of its secret is.
func TestRefusedKeyIsTold(t *testing.T) {
	const id = "1149123456789012345"
	c, err := New(Config{BaseURL: "https://x.vn/v1", Key: secret.New(id + ":s3cret"), Transport: &wire{answer: func(*http.Request, string) *http.Response {
		return say(401, `{"code":"unauthenticated","msg":"sai s3cret"}`)
	}}})
	if err != nil {
		t.Fatal(err)
	}
	var e *Error
	if err := c.Probe(t.Context()); !errors.As(err, &e) || e.Key != (KeyShape{PartnerKey, id, 26}) || strings.Contains(err.Error(), "s3cret") {
		t.Errorf("%+v", e)
	}
}

func TestFingerprint(t *testing.T) {
	client := func(key, base, service string) *Client {
		c, err := New(Config{BaseURL: base, Service: service, Key: secret.New(key)})
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	a := client("key-a", "https://x.vn/v1", "")
	f := a.Fingerprint()
	if f == a.Fingerprint() || !a.HasFingerprint(f) || !client("key-a", "https://x.vn/v1/", "Sencloud").HasFingerprint(f) {
		t.Errorf("%s is not its own", f)
	}
	for _, other := range []*Client{client("key-b", "https://x.vn/v1", ""), client("key-a", "https://y.vn/v1", "")} {
		if other.HasFingerprint(f) {
			t.Errorf("%s is another's", f)
		}
	}
	if a.HasFingerprint("") || a.HasFingerprint(".") || strings.Contains(f, "key-a") {
		t.Errorf("%s", f)
	}
}

// White labels have their own name for one service, and only for that one.
func TestService(t *testing.T) {
	c, err := New(Config{BaseURL: "https://x.vn/v1", Service: "Sencloud", Key: secret.New("key")})
	if err != nil {
		t.Fatal(err)
	}
	for op, want := range map[operation]string{
		getExtensions: "/v1.Sencloud/GetExtensions", assignUserToExtension: "/v1.Sencloud/AssignUserToExtension", getTenant: "/v1.Sencloud/GetTenant",
		getAccountUsers: "/v1.Shop/GetAccountUsers", createAccountUser: "/v1.Shop/CreateAccountUser", currentAccount: "/v1.Misc/CurrentAccount",
	} {
		if got := c.urls[op].Path; got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
	for _, bad := range []string{"a/b", "a.b", "Dịch", " "} {
		if _, err := New(Config{BaseURL: "https://x.vn/v1", Service: bad, Key: secret.New("key")}); err == nil {
			t.Errorf("service %q is taken", bad)
		}
	}
}

func TestSaysExists(t *testing.T) {
	for said, want := range map[string]bool{
		"Người dùng đã tồn tại.":                                                      true,
		"NGƯỜI DÙNG ĐÃ TỒN TẠI":                                                       true,
		"Ngu\u031bo\u031b\u0300i du\u0300ng \u0111a\u0303 to\u0302\u0300n ta\u0323i.": true, // another normal form
		"user already exists":                                                         true,
		"user exists.":                                                                true,
		"Người dùng không tồn tại":                                                    false,
		"Require at least 1 role":                                                     false,
		"user does not exist":                                                         false,
		"no such user exists in another":                                              false,
		"":                                                                            false,
	} {
		if got := saysExists(evidence{code: "failed_precondition"}, said); got != want {
			t.Errorf("%q: %v", said, got)
		}
	}
	if !saysExists(evidence{code: "already_exists"}, "") || !saysExists(evidence{xcode: "user_already_exists"}, "") || !saysExists(evidence{xcode: "phone_exists"}, "") {
		t.Error("a code that says so is not believed")
	}
}

// The finer code is shown, wherever it stands and whatever else "meta" is.
func TestFinerCode(t *testing.T) {
	for body, want := range map[string]string{
		`{"code":"unavailable","msg":"x","meta":{"xcode":"account_closed","cause":"y"}}`: "account_closed",
		`{"code":"unavailable","msg":"x","meta":{"cause":"y"}}`:                          "",
		`{"code":"unavailable","msg":"x","meta":"account_closed"}`:                       "",
		`{"code":"unavailable","msg":"x","meta":null}`:                                   "",
		`{"code":"unavailable","msg":"x","meta":{"xcode":["a"]}}`:                        "",
	} {
		w := &wire{answer: func(*http.Request, string) *http.Response { return say(400, body) }}
		_, err := newTestClient(t, Config{Transport: w}).CurrentShop(t.Context())
		var e *Error
		if !errors.As(err, &e) || e.XCode != want || want != "" && !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", body, err)
		}
	}
}

func TestRoles(t *testing.T) {
	for roles, none := range map[string]bool{
		``: false, `,"roles":[]`: true, `,"roles":null`: true, `,"roles":[ ]`: true, `,"roles":["telecom_customerservice"]`: false, `,"roles":"x"`: false,
	} {
		w := &wire{answer: func(*http.Request, string) *http.Response {
			return say(200, `{"account_users":[{"user_id":"1","phone":"0901234567"`+roles+`}]}`)
		}}
		users, err := collect(newTestClient(t, Config{Transport: w}).GetAccountUsers(t.Context(), UserFilter{}))
		if err != nil || len(users) != 1 || users[0].NoRole != none {
			t.Errorf("%s: %+v, %v", roles, users, err)
		}
	}
}

// A probe asks whether the API answers, not whether the key may list users.
func TestProbe(t *testing.T) {
	for body, well := range map[int]bool{200: true, 403: true, 401: false, 404: false} {
		w := &wire{answer: func(*http.Request, string) *http.Response { return say(body, `{"account_users":[]}`) }}
		if err := newTestClient(t, Config{Transport: w}).Probe(t.Context()); (err == nil) != well {
			t.Errorf("%d: %v", body, err)
		}
	}
}
