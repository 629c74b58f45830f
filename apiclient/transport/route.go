package transport

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net/url"
)

// Route is how a host is reached.
type Route struct {
	// Proxy is the host and port of the proxy that is in use; empty for none.
	Proxy string
	// Address is the address and port that the connection is to: of the proxy, if there is one.
	Address string
	// Certificate is the server's; nil without TLS.
	Certificate *x509.Certificate
	// Version is that of TLS; 0 without it.
	Version uint16
}

// Reach connects to the host of a URL as a request would, and sends nothing. With an error, the route has what was found
// out before it.
func (t *Transport) Reach(ctx context.Context, u *url.URL) (Route, error) {
	var route Route
	proxy, err := t.proxy(u)
	if err != nil {
		return route, err
	}
	if proxy != nil {
		route.Proxy = proxy.Host
	}
	c, err := t.dial(ctx, connectTimeout, u, false)
	if err != nil {
		if refused := new(tls.CertificateVerificationError); errors.As(err, &refused) && len(refused.UnverifiedCertificates) > 0 {
			route.Certificate = refused.UnverifiedCertificates[0]
		}
		return route, err
	}
	defer c.Close()
	route.Address = c.wire.RemoteAddr().String()
	if secured, ok := c.Conn.(*tls.Conn); ok {
		state := secured.ConnectionState()
		route.Certificate, route.Version = state.PeerCertificates[0], state.Version
	}
	return route, nil
}
