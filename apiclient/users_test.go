package apiclient

import (
	"net/http"
	"strconv"
	"strings"
	"testing"

	"etelecom-import/apiclient/secret"
)

// A create counts as done only if the answer has its id, digit for digit.
func FuzzCreatedUser(f *testing.F) {
	for _, body := range []string{
		`{"id":"1301234567890123457","phone":"0901234567"}`, `{"id":1301234567890123457}`, `{"id":1.2e18}`, `{"id":"1.2e18"}`,
		`{"id":0}`, `{"id":"0"}`, `{"id":-5}`, `{"id":null}`, `{}`, `{"id":"9223372036854775808"}`, `{"id":"01"}`, `{"id":" 1"}`, `{"id":"+1"}`,
		`{"id":"1","phone":"0907654321"}`, `{"id":"1","code":"internal","msg":"x"}`, `{"id":"1"`, `{"id":"1"}{}`, `[]`, `"1"`, `{"id":["1"]}`,
		`{"id":"1","id":"2"}`, `{"id":true}`,
	} {
		f.Add(200, body)
	}
	f.Add(204, "")
	f.Fuzz(func(t *testing.T, status int, body string) {
		k := &call{client: newTestClient(t, Config{}), op: createAccountUser}
		var user User
		k.decode = func(b []byte) (err error) {
			user, err = createdUser(b, "0901234567")
			return err
		}
		a := attemptResult{evidence: evidence{sent: true, status: status}}
		k.readAnswer(&a, say(status, ""), []byte(body))
		if !a.done {
			return
		}
		digits := strconv.FormatInt(int64(user.ID), 10)
		if status/100 != 2 || user.ID <= 0 || !strings.Contains(body, digits) || formOf("", []byte(body)) != formObject {
			t.Errorf("%d %q: taken as done with id %d", status, body, user.ID)
		}
	})
}

func TestCreatedUser(t *testing.T) {
	for body, want := range map[string]ID{
		`{"id":"1301234567890123457","phone":"0901234567"}`:        1301234567890123457,
		`{"id":1301234567890123457,"phone":"+84 901 234567"}`:      1301234567890123457,
		` {"id":"9223372036854775807","phone":"0901234567"} `:      9223372036854775807,
		`{"id":"7","phone":"0901234567","created_at":"yesterday"}`: 7,
		`{"id":"7","phone":""}`:                                    0, // whose id is it?
		`{"id":"7","phone":null}`:                                  0,
		`{"id":"7"}`:                                               0,
		`{"id":"7","phone":"84901234567","code":"NV01"}`:           7, // a code alone is not an error object
		`{"id":"7","phone":"0907654321"}`:                          0,
		`{"id":"9223372036854775808"}`:                             0,
		`{"id":1.3e18}`:                                            0,
		`{"id":"1.3e18"}`:                                          0,
		`{"id":1301234567890123457.0}`:                             0,
		`{"id":"0"}`:                                               0,
		`{"id":-1}`:                                                0,
		`{"id":"-1"}`:                                              0,
		`{"id":"007"}`:                                             0,
		`{"id":""}`:                                                0,
		`{"id":null}`:                                              0,
		`{"id":{}}`:                                                0,
		`{}`:                                                       0,
		`{"id":"7","code":"internal","msg":"Lỗi"}`:                 0,
	} {
		if got, err := createdUser([]byte(body), "0901234567"); got.ID != want || (err == nil) != (want > 0) {
			t.Errorf("%s: %v, %v, want %d", body, got, err, want)
		}
	}
}

func TestNational(t *testing.T) {
	for _, phone := range []string{"0901234567", "+84901234567", "84901234567", "0084 901.234.567", "+84 (0)901234567", "901234567"} {
		if got := national(phone); got != "901234567" {
			t.Errorf("national(%q) = %q", phone, got)
		}
	}
	for _, phone := range []string{"0843123456", "+84843123456", "843123456"} { // a prefix that looks like the country code
		if got := national(phone); got != "843123456" {
			t.Errorf("national(%q) = %q", phone, got)
		}
	}
	for _, phone := range []string{"02438251234", "+842438251234"} {
		if got := national(phone); got != "2438251234" {
			t.Errorf("national(%q) = %q", phone, got)
		}
	}
}

// An entry without an id does not mean that nobody is there: a user is listed without one, and an extension is an error.
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
	if p, err := extensionsPage([]byte(`{"extensions":[{"extension_number":"101"}],"paging":{}}`), &secret.Growing{}); err == nil {
		t.Errorf("an extension without an id: taken for %+v", p)
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

// A probe succeeds if the API answers, even if the key may not list users.
func TestProbe(t *testing.T) {
	for body, well := range map[int]bool{200: true, 403: true, 401: false, 404: false} {
		w := &wire{answer: func(*http.Request, string) *http.Response { return say(body, `{"account_users":[]}`) }}
		if err := newTestClient(t, Config{Transport: w}).Probe(t.Context()); (err == nil) != well {
			t.Errorf("%d: %v", body, err)
		}
	}
}
