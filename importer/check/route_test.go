package check_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"etelecom-import/apiclient"
	"etelecom-import/apiclient/message"
	"etelecom-import/apiclient/sandbox"
	"etelecom-import/apiclient/secret"
	"etelecom-import/apiclient/transport"
	"etelecom-import/importer/check"
)

func TestRoute(t *testing.T) {
	message.UseZone(time.FixedZone("ICT", 7*3600))
	defer message.UseZone(nil)
	tenant := sandbox.New(sandbox.Config{Seed: 1})
	defer tenant.Close()
	lasting := func(left time.Duration) *x509.Certificate {
		return &x509.Certificate{
			DNSNames: []string{"api.etelecom.vn"}, Issuer: pkix.Name{CommonName: "A Trusted CA"},
			NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(left),
		}
	}
	failed := func(reason error) error { return &apiclient.Error{Op: "Connect", Err: reason} }
	for name, c := range map[string]struct {
		base       string
		unresolved error
		route      apiclient.Route
		err        error
		want       map[string]string
	}{
		"direct": {route: apiclient.Route{Address: "192.0.2.1:443", Certificate: lasting(1000 * time.Hour), Version: tls.VersionTLS13}, want: map[string]string{
			"name": "ok|api.etelecom.vn has the address 192.0.2.1.", "proxy": "ok|No proxy", "connection": "ok|Connected to 192.0.2.1:443.",
			"tls": "ok|TLS 1.3. The certificate of api.etelecom.vn is from A Trusted CA, and is valid from ",
		}},
		"soon over": {route: apiclient.Route{Certificate: lasting(9*24*time.Hour + time.Minute), Version: tls.VersionTLS12}, want: map[string]string{
			"tls": "ok|TLS 1.2. * It ends in 9 days: tell eTelecom.|",
		}},
		"local times": {
			route: apiclient.Route{Version: tls.VersionTLS13, Certificate: &x509.Certificate{
				DNSNames: []string{"a"}, Issuer: pkix.Name{CommonName: "B"},
				NotBefore: time.Date(2020, 1, 1, 20, 0, 0, 0, time.UTC), NotAfter: time.Date(2090, 12, 31, 23, 59, 0, 0, time.UTC),
			}},
			want: map[string]string{"tls": "ok|TLS 1.3. The certificate of a is from B, and is valid from 2020-01-02 03:00 +07:00 to 2091-01-01 06:59 +07:00."},
		},
		"by a proxy": {route: apiclient.Route{Proxy: "proxy:3128", Certificate: lasting(1000 * time.Hour), Version: tls.VersionTLS13}, want: map[string]string{
			"name": "ok|The proxy resolves api.etelecom.vn", "proxy": "ok|The proxy proxy:3128 is in use.", "connection": "ok|Connected to api.etelecom.vn through the proxy.",
		}},
		"a proxy fails": {route: apiclient.Route{Proxy: "proxy:3128"}, err: failed(errors.New("the proxy answers 407")), want: map[string]string{
			"name": "not known|The proxy resolves", "connection": "wrong|No connection through the proxy: the proxy answers 407.", "tls": "not known|", "users": "not known|There is no connection",
		}},
		"no such name": {unresolved: &net.DNSError{Err: "no such host", Name: "api.etelecom.vn"}, err: failed(errors.New("lookup: no such host")), want: map[string]string{
			"name": "wrong|The address of api.etelecom.vn is not found: no such host.", "connection": "not known|No connection: lookup: no such host.",
		}},
		"not trusted": {err: failed(apiclient.ErrCertificate), want: map[string]string{
			"connection": "ok|A server answers.", "tls": "wrong|The certificate is not trusted: ", "clock": "not known|There is no connection",
		}},
		"no TLS there": {err: failed(apiclient.ErrAddress), want: map[string]string{
			"connection": "ok|", "tls": "wrong|The server does not speak TLS.|Check host and port",
		}},
		"this machine": {base: "http://127.0.0.1:8080/v1", want: map[string]string{
			"name": "ok|127.0.0.1 is an address already.", "tls": "ok|There is no TLS: the connection stays on this computer.",
		}},
	} {
		in := checking(t, tenant, tenant.Key())
		if in.BaseURL = c.base; c.base == "" {
			in.BaseURL = "https://api.etelecom.vn/v1/partner"
		}
		in.Reach = func(context.Context) (apiclient.Route, error) { return c.route, c.err }
		if c.unresolved != nil {
			in.Resolve = func(context.Context, string) ([]string, error) { return nil, c.unresolved }
		}
		r := check.Run(t.Context(), in)
		for finding, want := range c.want {
			begins, holds, _ := strings.Cut(want, "*")
			t.Run(name, func(t *testing.T) { says(t, r, finding, begins, holds) })
		}
	}
}

// A certificate that this computer does not trust, from a real server.
func TestCertificate(t *testing.T) {
	s := httptest.NewUnstartedServer(http.NotFoundHandler())
	s.Config.ErrorLog = log.New(io.Discard, "", 0)
	s.StartTLS()
	defer s.Close()
	in := checking(t, nil, "shop"+checkedAccount+":s3cret")
	trusted := x509.NewCertPool()
	trusted.AddCert(s.Certificate())
	for begins, config := range map[string]*tls.Config{
		"ok|TLS 1.3. The certificate of example.com is from ":       {RootCAs: trusted},
		"wrong|The certificate is not trusted: the server's certif": nil,
	} {
		direct := func(*http.Request) (*url.URL, error) { return nil, nil }
		client, err := apiclient.New(apiclient.Config{
			BaseURL: s.URL + "/v1", Key: secret.New("none"), Transport: &transport.Transport{TLS: config, Proxy: direct},
		})
		if err != nil {
			t.Fatal(err)
		}
		in.BaseURL, in.Client, in.Reach = s.URL+"/v1", nil, client.Reach
		says(t, check.Run(t.Context(), in), "tls", begins)
	}
}
