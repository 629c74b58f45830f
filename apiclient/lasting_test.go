package apiclient

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"errors"
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
)

// certificate returns one for 127.0.0.1 that is valid until then, and the pool that trusts it.
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
	s := httptest.NewUnstartedServer(http.HandlerFunc(creating))
	s.Config.ErrorLog = log.New(io.Discard, "", 0)
	s.TLS = config
	s.StartTLS()
	t.Cleanup(s.Close)
	return s.URL + "/v1/partner"
}

// answering starts a server, or a proxy, that answers everything with this text.
func answering(t *testing.T, text string) string {
	return socket(t, func(conn net.Conn) {
		_, _ = conn.Read(make([]byte, 4096))
		respond(conn, text)
	})
}

// What no waiting heals is refused before a call has got through. After that, somebody is about to change it back.
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
		always    bool // also after a call has got through
		answered  bool // by something that a write cannot take for a proof
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
		"hangs up":               {base: strings.Replace(socket(t, func(net.Conn) {}), "http:", "https:", 1), transport: &transport.Transport{}},
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
				case c.answered && e.Outcome == Unknown: // else TLS's alert came before the request was sent
				case e.Outcome != NotApplied || e.Refused() != refused:
					t.Errorf("a create, early %v: %v, refused %v", early, err, e.Refused())
				}
			}
		})
	}
}
