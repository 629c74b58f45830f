package apiclient

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"log"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"etelecom-import/apiclient/transport"
	"etelecom-import/apiclient/wiretest"
)

// rule: 5xx-unknown
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

// A code that proves nothing proves nothing with any status: the outcome of a write stays unknown.
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

// A status that HTTP does not have proves nothing, and neither does a whole answer in its body.
func TestStatusBelow100(t *testing.T) {
	for _, status := range []string{"000", "099"} {
		c := newTestClient(t, Config{BaseURL: wiretest.Start(t, func(conn net.Conn) {
			wiretest.Read(conn)
			wiretest.Write(conn, fmt.Sprintf("HTTP/1.1 %s X\r\nContent-Length: %d\r\n\r\n%s", status, len(wiretest.Answer), wiretest.Answer))
		}) + "/v1/partner"})
		_, intents, err := create1(t, c)
		var e *Error
		if !errors.As(err, &e) || e.Outcome != Unknown || intents != 1 {
			t.Errorf("%s: %v after %d intents", status, err, intents)
		}
	}
}

func TestCertificate(t *testing.T) {
	s := httptest.NewUnstartedServer(http.NotFoundHandler())
	s.Config.ErrorLog = log.New(io.Discard, "", 0)
	s.StartTLS()
	defer s.Close()
	_, intents, err := create1(t, newTestClient(t, Config{BaseURL: s.URL + "/v1/partner"}))
	if e := want(t, err, NotApplied, false, true, false); !errors.Is(e, ErrCertificate) || intents != 0 {
		t.Errorf("%v after %d intents", e, intents)
	}
	plain := httptest.NewServer(http.NotFoundHandler())
	defer plain.Close()
	_, intents, err = create1(t, newTestClient(t, Config{BaseURL: strings.Replace(plain.URL, "http:", "https:", 1) + "/v1/partner"}))
	if e := want(t, err, NotApplied, false, true, false); !errors.Is(e, ErrAddress) || intents != 0 {
		t.Errorf("%v after %d intents", e, intents)
	}
}

// A failure that waiting does not end is a refusal until one call has reached the API. Later it is an outage: the setting was
// right before.
func TestLastingFaults(t *testing.T) {
	good, roots := certificate(t, time.Now().Add(time.Hour))
	expired, expiredRoots := certificate(t, time.Now().Add(-time.Hour))
	trusting := &tls.Config{RootCAs: roots}
	via := func(proxy string) *transport.Transport {
		u, err := url.Parse(proxy)
		if err != nil {
			t.Fatal(err)
		}
		return &transport.Transport{Proxy: http.ProxyURL(u)}
	}
	const nowhere = "https://127.0.0.1:1/v1/partner"
	https := tlsServer(t, &tls.Config{Certificates: []tls.Certificate{good}})
	plain := answering(t, "HTTP/1.1 400 Bad Request\r\n\r\n")
	type fault struct {
		base      string
		transport *transport.Transport
		reason    error
		always    bool // also after a call has reached the API
		answered  bool // after the request was sent: no proof for a write
	}
	for name, c := range map[string]fault{
		"proxy, 407":             {base: nowhere, transport: via(answering(t, "HTTP/1.1 407 X\r\n\r\n")), reason: ErrProxy},
		"proxy, 403":             {base: nowhere, transport: via(answering(t, "HTTP/1.1 403 X\r\n\r\n")), reason: ErrProxy},
		"proxy, 502":             {base: nowhere, transport: via(answering(t, "HTTP/1.1 502 X\r\n\r\n"))},
		"proxy, no scheme":       {base: nowhere, transport: via("socks4://127.0.0.1:1"), reason: ErrProxy},
		"proxy, no URL":          {base: nowhere, transport: &transport.Transport{Proxy: func(*http.Request) (*url.URL, error) { return nil, errors.New("x") }}, reason: ErrProxy},
		"proxy, no TLS":          {base: nowhere, transport: via(strings.Replace(plain, "http:", "https:", 1)), reason: ErrProxy},
		"TLS 1.1":                {base: tlsServer(t, &tls.Config{Certificates: []tls.Certificate{good}, MinVersion: tls.VersionTLS10, MaxVersion: tls.VersionTLS11}), transport: &transport.Transport{TLS: trusting}, reason: ErrTLS},
		"TLS 1.2, whose are you": {base: tlsServer(t, &tls.Config{Certificates: []tls.Certificate{good}, MaxVersion: tls.VersionTLS12, ClientAuth: tls.RequireAnyClientCert}), transport: &transport.Transport{TLS: trusting}, reason: ErrTLS},
		"TLS 1.3, whose are you": {base: tlsServer(t, &tls.Config{Certificates: []tls.Certificate{good}, ClientAuth: tls.RequireAnyClientCert}), transport: &transport.Transport{TLS: trusting}, reason: ErrTLS, answered: true},
		"hangs up":               {base: strings.Replace(wiretest.Start(t, func(net.Conn) {}), "http:", "https:", 1) + "/v1/partner", transport: &transport.Transport{}},
		"expired":                {base: tlsServer(t, &tls.Config{Certificates: []tls.Certificate{expired}}), transport: &transport.Transport{TLS: &tls.Config{RootCAs: expiredRoots}}, reason: ErrExpired, always: true},
		"unknown":                {base: https, transport: &transport.Transport{TLS: &tls.Config{RootCAs: expiredRoots}}, reason: ErrCertificate, always: true},
		"https to http":          {base: strings.Replace(plain, "http:", "https:", 1), transport: &transport.Transport{}, reason: ErrAddress, always: true},
		"http to https":          {base: strings.Replace(https, "https:", "http:", 1), transport: &transport.Transport{}, reason: ErrAddress, answered: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, early := range []bool{true, false} {
				client := newTestClient(t, Config{BaseURL: c.base, Transport: c.transport, Jitter: func() float64 { return 0 }})
				client.reached.Store(!early)
				_, err := client.CurrentShop(t.Context())
				refused := c.reason != nil && (early || c.always)
				var e *Error
				switch {
				case !errors.As(err, &e):
					t.Fatalf("a read: %v", err)
				case e.Outcome != NotApplied, e.Refused() != refused:
					t.Errorf("a read, early %v: %v, refused %v", early, err, e.Refused())
				case refused && !errors.Is(err, c.reason), refused && errors.Is(err, ErrCertificate) != (c.reason == ErrCertificate || c.reason == ErrExpired):
					t.Errorf("a read: %v, want %v", err, c.reason)
				}
				_, _, err = create1(t, client)
				switch {
				case !errors.As(err, &e):
					t.Fatalf("a create: %v", err)
				case c.answered && e.Outcome == Unknown && e.Refused():
					t.Errorf("a create that was sent, early %v: %v, %v", early, err, e.Outcome)
				case c.answered && e.Outcome == Unknown: // else the alert of TLS came before the request was sent
				case e.Outcome != NotApplied || e.Refused() != refused:
					t.Errorf("a create, early %v: %v, refused %v", early, err, e.Refused())
				}
			}
		})
	}
}

// certificate returns a certificate for 127.0.0.1 that is valid until then, and a pool that trusts it.
func certificate(t *testing.T, until time.Time) (tls.Certificate, *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), NotBefore: until.Add(-24 * time.Hour), NotAfter: until,
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AddCert(leaf)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, roots
}

// tlsServer starts a server with these settings of TLS.
func tlsServer(t *testing.T, config *tls.Config) string {
	s := httptest.NewUnstartedServer(http.HandlerFunc(wiretest.Create))
	s.Config.ErrorLog = log.New(io.Discard, "", 0)
	s.TLS = config
	s.StartTLS()
	t.Cleanup(s.Close)
	return s.URL + "/v1/partner"
}

// answering starts a server, or a proxy, that answers everything with this text.
func answering(t *testing.T, text string) string {
	return wiretest.Start(t, func(conn net.Conn) {
		_, _ = conn.Read(make([]byte, 4096))
		wiretest.Write(conn, text)
	}) + "/v1/partner"
}
