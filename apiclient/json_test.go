package apiclient

import (
	"errors"
	"net/http"
	"strings"
	"testing"
)

// The finer code is shown if "meta" has one, and any other "meta" does no harm.
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
