package apiclient

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
)

// listing answers with the page of the request's cursor.
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

// A full page that does not say whether there is more is an error: it may not be the last one.
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
