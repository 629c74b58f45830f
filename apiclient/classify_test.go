package apiclient

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"testing"

	"etelecom-import/apiclient/transport"
)

func TestClassify(t *testing.T) {
	cut := io.ErrUnexpectedEOF
	certificate := &tls.CertificateVerificationError{Err: x509.HostnameError{Certificate: &x509.Certificate{}, Host: "x"}}
	for name, c := range map[string]struct {
		reply          reply
		create, assign Outcome
		fault          fault
		reason         error
	}{
		"not sent":              {reply{err: cut}, NotApplied, NotApplied, faultDown, nil},
		"sent, no answer":       {reply{err: cut, sent: true}, Unknown, Unknown, faultDown, nil},
		"certificate":           {reply{err: certificate}, NotApplied, NotApplied, faultRefused, ErrCertificate},
		"wrapped":               {reply{err: fmt.Errorf("x: %w", certificate)}, NotApplied, NotApplied, faultRefused, ErrCertificate},
		"no TLS":                {reply{err: tls.RecordHeaderError{}}, NotApplied, NotApplied, faultRefused, ErrAddress},
		"certificate, but sent": {reply{err: certificate, sent: true}, Unknown, Unknown, faultDown, nil},

		"200, cut":          {reply{status: 200, err: cut}, Unknown, Unknown, faultDown, nil},
		"200, half":         {reply{status: 200, form: formBroken}, Unknown, Unknown, faultAnswer, nil},
		"200, nothing":      {reply{status: 200, form: formEmpty}, Unknown, Unknown, faultAnswer, nil},
		"200, page":         {reply{status: 200, form: formPage}, Unknown, Unknown, faultPage, nil},
		"200, error object": {reply{status: 200, form: formObject, code: "not_found"}, Unknown, Unknown, faultAnswer, nil},
		"200, key refused":  {reply{status: 200, form: formObject, code: "unauthenticated"}, Unknown, Unknown, faultAnswer, nil},
		"101":               {reply{status: 101}, Unknown, Unknown, faultAnswer, nil},
		"301":               {reply{status: 301, form: formPage}, Unknown, Unknown, faultRefused, ErrAddress},
		"307":               {reply{status: 307}, Unknown, Unknown, faultRefused, ErrAddress},

		"400, half":           {reply{status: 400, form: formBroken}, Unknown, Unknown, faultAnswer, nil},
		"400, cut":            {reply{status: 400, err: cut}, Unknown, Unknown, faultDown, nil},
		"400, page":           {reply{status: 400, form: formPage}, Unknown, Unknown, faultPage, nil},
		"400, odd code":       {reply{status: 400, form: formObject, code: "odd"}, Unknown, Unknown, faultAnswer, nil},
		"401, nothing":        {reply{status: 401, form: formEmpty}, NotApplied, NotApplied, faultRefused, ErrKey},
		"401, odd code":       {reply{status: 401, form: formObject, code: "odd"}, Unknown, Unknown, faultRefused, ErrKey},
		"403, no code":        {reply{status: 403, form: formObject}, NotApplied, NotApplied, faultRefused, ErrPermission},
		"403, page":           {reply{status: 403, form: formPage}, Unknown, Unknown, faultRefused, ErrPermission},
		"404, page":           {reply{status: 404, form: formPage}, NotApplied, NotApplied, faultRefused, ErrAddress},
		"404, nothing":        {reply{status: 404, form: formEmpty}, NotApplied, NotApplied, faultRefused, ErrAddress},
		"404, half":           {reply{status: 404, form: formBroken}, Unknown, Unknown, faultAnswer, nil},
		"404, cut":            {reply{status: 404, err: cut}, Unknown, Unknown, faultDown, nil},
		"404, odd code":       {reply{status: 404, form: formObject, code: "odd"}, Unknown, Unknown, faultAnswer, nil},
		"408":                 {reply{status: 408}, Unknown, Unknown, faultDown, nil},
		"408, with a code":    {reply{status: 408, form: formObject, code: "not_found"}, Unknown, Unknown, faultDown, nil},
		"429, page":           {reply{status: 429, form: formPage}, NotApplied, NotApplied, faultThrottled, nil},
		"429, cut":            {reply{status: 429, err: cut}, NotApplied, NotApplied, faultThrottled, nil},
		"429, odd code":       {reply{status: 429, form: formObject, code: "odd"}, NotApplied, NotApplied, faultThrottled, nil},
		"429, internal":       {reply{status: 429, form: formObject, code: "internal"}, Unknown, Unknown, faultDown, nil},
		"500, page":           {reply{status: 500, form: formPage}, Unknown, Unknown, faultDown, nil},
		"500, with a code":    {reply{status: 500, form: formObject, code: "invalid_argument"}, Unknown, Unknown, faultDown, nil},
		"503, throttled":      {reply{status: 503, form: formObject, code: "resource_exhausted"}, Unknown, Unknown, faultDown, nil},
		"503, exists":         {reply{status: 503, form: formObject, code: "already_exists"}, Unknown, Unknown, faultDown, nil},
		"501, unimplemented":  {reply{status: 501, form: formObject, code: "unimplemented"}, NotApplied, NotApplied, faultCall, nil},
		"501":                 {reply{status: 501, form: formPage}, Unknown, Unknown, faultDown, nil},
		"invalid_argument":    {reply{status: 400, form: formObject, code: "invalid_argument"}, NotApplied, NotApplied, faultCall, nil},
		"malformed":           {reply{status: 400, form: formObject, code: "malformed"}, NotApplied, NotApplied, faultCall, nil},
		"not_found":           {reply{status: 404, form: formObject, code: "not_found"}, NotApplied, NotApplied, faultCall, nil},
		"out_of_range":        {reply{status: 400, form: formObject, code: "out_of_range"}, NotApplied, NotApplied, faultCall, nil},
		"failed_precondition": {reply{status: 412, form: formObject, code: "failed_precondition"}, Precondition, NotApplied, faultCall, nil},
		"already_exists":      {reply{status: 409, form: formObject, code: "already_exists"}, Precondition, NotApplied, faultCall, nil},
		"unauthenticated":     {reply{status: 401, form: formObject, code: "unauthenticated"}, NotApplied, NotApplied, faultRefused, ErrKey},
		"permission_denied":   {reply{status: 403, form: formObject, code: "permission_denied"}, NotApplied, NotApplied, faultRefused, ErrPermission},
		"bad_route":           {reply{status: 404, form: formObject, code: "bad_route"}, NotApplied, NotApplied, faultRefused, ErrAddress},
		"resource_exhausted":  {reply{status: 403, form: formObject, code: "resource_exhausted"}, NotApplied, NotApplied, faultThrottled, nil},
		"account closed":      {reply{status: 503, form: formObject, code: "unavailable", xcode: "account_closed"}, Unknown, Unknown, faultRefused, ErrClosed},
		"500, says exists":    {reply{status: 500, form: formObject, code: "internal", exists: true}, Precondition, Unknown, faultDown, nil},
		"400, says exists":    {reply{status: 400, form: formObject, code: "invalid_argument", exists: true}, Precondition, NotApplied, faultCall, nil},
		"early proxy fault":   {reply{early: true, err: fmt.Errorf("%w: %w", transport.ErrProxy, cut)}, NotApplied, NotApplied, faultRefused, ErrProxy},
		"late proxy fault":    {reply{err: fmt.Errorf("%w: %w", transport.ErrProxy, cut)}, NotApplied, NotApplied, faultDown, nil},
		"data_loss":           {reply{status: 409, form: formObject, code: "data_loss"}, Unknown, Unknown, faultDown, nil},
		"aborted":             {reply{status: 409, form: formObject, code: "aborted"}, Unknown, Unknown, faultDown, nil},
		"canceled":            {reply{status: 499, form: formObject, code: "canceled"}, Unknown, Unknown, faultDown, nil},
	} {
		for k, outcome := range map[kind]Outcome{create: c.create, assign: c.assign, read: NotApplied} {
			want := verdict{outcome, c.fault, c.reason}
			if k == create && c.reply.exists {
				want.fault = faultCall
			}
			if got := classify(k, c.reply); got != want {
				t.Errorf("%s: kind %d: %+v, want %+v", name, k, got, want)
			}
		}
	}
}

// A code that proves nothing proves nothing under any status: no write is taken for undone.
func TestCodesThatProveNothing(t *testing.T) {
	for _, code := range []string{"canceled", "unknown", "deadline_exceeded", "aborted", "internal", "unavailable", "dataloss", "data_loss", "odd"} {
		for _, status := range []int{400, 404, 408, 409, 412, 499, 500, 503} {
			for _, k := range []kind{create, assign} {
				if v := classify(k, reply{status: status, form: formObject, code: code, sent: true}); v.outcome != Unknown {
					t.Errorf("kind %d, %d %s: %+v", k, status, code, v)
				}
			}
		}
	}
}

// A create is taken as done only with an id that stands in the answer, digit for digit.
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
		c := newTestClient(t, Config{})
		k := &call{op: createAccountUser}
		var user User
		k.decode = func(b []byte) (err error) {
			user, err = createdUser(b, "0901234567")
			return err
		}
		a := answer{reply: reply{sent: true, status: status}}
		c.understand(&a, k, say(status, ""), []byte(body))
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
		`{"id":"7","phone":"84901234567","code":"NV01"}`:           7, // a code alone is no error object
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
