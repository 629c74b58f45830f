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
		evidence       evidence
		create, assign Outcome
		blame          blame
		reason         error
	}{
		"not sent":              {evidence{err: cut}, NotApplied, NotApplied, blameDown, nil},
		"sent, no answer":       {evidence{err: cut, sent: true}, Unknown, Unknown, blameDown, nil},
		"certificate":           {evidence{err: certificate}, NotApplied, NotApplied, blameRefused, ErrCertificate},
		"wrapped":               {evidence{err: fmt.Errorf("x: %w", certificate)}, NotApplied, NotApplied, blameRefused, ErrCertificate},
		"no TLS":                {evidence{err: tls.RecordHeaderError{}}, NotApplied, NotApplied, blameRefused, ErrAddress},
		"certificate, but sent": {evidence{err: certificate, sent: true}, Unknown, Unknown, blameDown, nil},

		"200, cut":          {evidence{status: 200, err: cut}, Unknown, Unknown, blameDown, nil},
		"200, half":         {evidence{status: 200, form: formBroken}, Unknown, Unknown, blameAnswer, nil},
		"200, nothing":      {evidence{status: 200, form: formEmpty}, Unknown, Unknown, blameAnswer, nil},
		"200, page":         {evidence{status: 200, form: formPage}, Unknown, Unknown, blameHTML, nil},
		"200, error object": {evidence{status: 200, form: formObject, code: "not_found"}, Unknown, Unknown, blameAnswer, nil},
		"200, key refused":  {evidence{status: 200, form: formObject, code: "unauthenticated"}, Unknown, Unknown, blameAnswer, nil},
		"101":               {evidence{status: 101}, Unknown, Unknown, blameAnswer, nil},
		"301":               {evidence{status: 301, form: formPage}, Unknown, Unknown, blameRefused, ErrAddress},
		"307":               {evidence{status: 307}, Unknown, Unknown, blameRefused, ErrAddress},

		"400, half":           {evidence{status: 400, form: formBroken}, Unknown, Unknown, blameAnswer, nil},
		"400, cut":            {evidence{status: 400, err: cut}, Unknown, Unknown, blameDown, nil},
		"400, page":           {evidence{status: 400, form: formPage}, Unknown, Unknown, blameHTML, nil},
		"400, odd code":       {evidence{status: 400, form: formObject, code: "odd"}, Unknown, Unknown, blameAnswer, nil},
		"401, nothing":        {evidence{status: 401, form: formEmpty}, NotApplied, NotApplied, blameRefused, ErrKey},
		"401, odd code":       {evidence{status: 401, form: formObject, code: "odd"}, Unknown, Unknown, blameRefused, ErrKey},
		"403, no code":        {evidence{status: 403, form: formObject}, NotApplied, NotApplied, blameRefused, ErrPermission},
		"403, page":           {evidence{status: 403, form: formPage}, Unknown, Unknown, blameRefused, ErrPermission},
		"404, page":           {evidence{status: 404, form: formPage}, NotApplied, NotApplied, blameRefused, ErrAddress},
		"404, nothing":        {evidence{status: 404, form: formEmpty}, NotApplied, NotApplied, blameRefused, ErrAddress},
		"404, half":           {evidence{status: 404, form: formBroken}, Unknown, Unknown, blameAnswer, nil},
		"404, cut":            {evidence{status: 404, err: cut}, Unknown, Unknown, blameDown, nil},
		"404, odd code":       {evidence{status: 404, form: formObject, code: "odd"}, Unknown, Unknown, blameAnswer, nil},
		"408":                 {evidence{status: 408}, Unknown, Unknown, blameDown, nil},
		"408, with a code":    {evidence{status: 408, form: formObject, code: "not_found"}, Unknown, Unknown, blameDown, nil},
		"429, page":           {evidence{status: 429, form: formPage}, NotApplied, NotApplied, blameThrottled, nil},
		"429, cut":            {evidence{status: 429, err: cut}, NotApplied, NotApplied, blameThrottled, nil},
		"429, odd code":       {evidence{status: 429, form: formObject, code: "odd"}, NotApplied, NotApplied, blameThrottled, nil},
		"429, internal":       {evidence{status: 429, form: formObject, code: "internal"}, Unknown, Unknown, blameDown, nil},
		"500, page":           {evidence{status: 500, form: formPage}, Unknown, Unknown, blameDown, nil},
		"500, with a code":    {evidence{status: 500, form: formObject, code: "invalid_argument"}, Unknown, Unknown, blameDown, nil},
		"503, throttled":      {evidence{status: 503, form: formObject, code: "resource_exhausted"}, Unknown, Unknown, blameDown, nil},
		"503, exists":         {evidence{status: 503, form: formObject, code: "already_exists"}, Unknown, Unknown, blameDown, nil},
		"501, unimplemented":  {evidence{status: 501, form: formObject, code: "unimplemented"}, NotApplied, NotApplied, blameCall, nil},
		"501":                 {evidence{status: 501, form: formPage}, Unknown, Unknown, blameDown, nil},
		"invalid_argument":    {evidence{status: 400, form: formObject, code: "invalid_argument"}, NotApplied, NotApplied, blameCall, nil},
		"malformed":           {evidence{status: 400, form: formObject, code: "malformed"}, NotApplied, NotApplied, blameCall, nil},
		"not_found":           {evidence{status: 404, form: formObject, code: "not_found"}, NotApplied, NotApplied, blameCall, nil},
		"out_of_range":        {evidence{status: 400, form: formObject, code: "out_of_range"}, NotApplied, NotApplied, blameCall, nil},
		"failed_precondition": {evidence{status: 412, form: formObject, code: "failed_precondition"}, Precondition, NotApplied, blameCall, nil},
		"already_exists":      {evidence{status: 409, form: formObject, code: "already_exists"}, Precondition, NotApplied, blameCall, nil},
		"unauthenticated":     {evidence{status: 401, form: formObject, code: "unauthenticated"}, NotApplied, NotApplied, blameRefused, ErrKey},
		"permission_denied":   {evidence{status: 403, form: formObject, code: "permission_denied"}, NotApplied, NotApplied, blameRefused, ErrPermission},
		"bad_route":           {evidence{status: 404, form: formObject, code: "bad_route"}, NotApplied, NotApplied, blameRefused, ErrAddress},
		"resource_exhausted":  {evidence{status: 403, form: formObject, code: "resource_exhausted"}, NotApplied, NotApplied, blameThrottled, nil},
		"account closed":      {evidence{status: 503, form: formObject, code: "unavailable", xcode: "account_closed"}, Unknown, Unknown, blameRefused, ErrClosed},
		"500, says exists":    {evidence{status: 500, form: formObject, code: "internal", exists: true}, Precondition, Unknown, blameDown, nil},
		"400, says exists":    {evidence{status: 400, form: formObject, code: "invalid_argument", exists: true}, Precondition, NotApplied, blameCall, nil},
		"early proxy fault":   {evidence{early: true, err: fmt.Errorf("%w: %w", transport.ErrProxy, cut)}, NotApplied, NotApplied, blameRefused, ErrProxy},
		"late proxy fault":    {evidence{err: fmt.Errorf("%w: %w", transport.ErrProxy, cut)}, NotApplied, NotApplied, blameDown, nil},
		"data_loss":           {evidence{status: 409, form: formObject, code: "data_loss"}, Unknown, Unknown, blameDown, nil},
		"aborted":             {evidence{status: 409, form: formObject, code: "aborted"}, Unknown, Unknown, blameDown, nil},
		"canceled":            {evidence{status: 499, form: formObject, code: "canceled"}, Unknown, Unknown, blameDown, nil},
	} {
		for k, outcome := range map[kind]Outcome{create: c.create, assign: c.assign, read: NotApplied} {
			want := verdict{outcome, c.blame, c.reason}
			if k == create && c.evidence.exists {
				want.blame = blameCall
			}
			if got := classify(k, c.evidence); got != want {
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
				if v := classify(k, evidence{status: status, form: formObject, code: code, sent: true}); v.outcome != Unknown {
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
