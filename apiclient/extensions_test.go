package apiclient

import (
	"errors"
	"slices"
	"testing"
	"time"
)

func TestExtensions(t *testing.T) {
	w := &wire{answer: listing(map[string]string{".": `{"extensions":[
		{"id":"1301234567890123457","account_id":"7","user_id":"0","extension_number":"101","extension_password":"sip","state":"P","expires_at":"2030-01-02T03:04:05.123456+07:00","hotline_id":"1101234567890123457"},
		{"id":1301234567890123458,"user_id":"1309876543210987653","extension_number":102},{"id":"3","user_id":"","expires_at":"0001-01-01T00:00:00Z"},{"id":"4","user_id":null},{"id":"5","state":"N"},{"id":"6","expires_at":"0001-01-01T00:00:00+07:00"}]}`})}
	got, err := collect(newTestClient(t, Config{Transport: w}).GetExtensions(t.Context()))
	expires := time.Date(2030, 1, 1, 20, 4, 5, 123456000, time.UTC)
	want := []Extension{
		{1301234567890123457, "7", 0, "101", "P", expires, 1101234567890123457}, {ID: 1301234567890123458, UserID: 1309876543210987653, Number: "102"}, {ID: 3}, {ID: 4}, {ID: 5, State: "N"}, {ID: 6},
	}
	same := func(a, b Extension) bool {
		at := a.ExpiresAt.Equal(b.ExpiresAt)
		a.ExpiresAt, b.ExpiresAt = time.Time{}, time.Time{}
		return at && a == b
	}
	if err != nil || !slices.EqualFunc(got, want, same) {
		t.Errorf("%v, %v", got, err)
	}
	for i, expired := range []bool{true, false, false, false, true, false} {
		if got[i].Expired(expires.Add(time.Second)) != expired || got[0].Expired(expires.Add(-time.Second)) {
			t.Errorf("%+v: expired is not %v", got[i], expired)
		}
	}
}

func TestCheckUpdated(t *testing.T) {
	for body, want := range map[string]error{
		`{"updated":1}`: nil, `{"updated":"1"}`: nil, `{"updated":0}`: errNotUpdated, `{"updated":"0"}`: errNotUpdated,
	} {
		if got := checkUpdated([]byte(body)); got != want {
			t.Errorf("%s: %v, want %v", body, got, want)
		}
	}
	for _, body := range []string{`{}`, `{"updated":null}`, `{"updated":true}`, `{"updated":2}`, `{"updated":1.0}`, `{"updated":[1]}`} {
		if got := checkUpdated([]byte(body)); got == nil || errors.Is(got, errNotUpdated) {
			t.Errorf("%s: %v", body, got)
		}
	}
}
