package apiclient

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net/http"
)

// Route is how the API's host is reached.
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

// Reach connects to the API's host as a call would, and sends nothing. The error is an [*Error]. The route holds what was
// found out before it.
func (c *Client) Reach(ctx context.Context) (Route, error) {
	t, ok := c.transport.(*Transport)
	if !ok {
		return Route{}, &Error{Op: "Connect", Outcome: NotApplied, Err: errors.New("this client makes no connections of its own")}
	}
	r := (&http.Request{Method: http.MethodPost, URL: c.urls[getAccountUsers]}).WithContext(ctx)
	var route Route
	proxy, err := t.proxy(r)
	if proxy != nil {
		route.Proxy = proxy.Host
	}
	var over *conn
	if err == nil {
		over, err = t.dial(r, false)
	}
	if err != nil {
		v := classify(read, reply{early: !c.reached.Load(), err: err})
		if refused := new(tls.CertificateVerificationError); errors.As(err, &refused) && len(refused.UnverifiedCertificates) > 0 {
			route.Certificate = refused.UnverifiedCertificates[0]
		}
		return route, &Error{Op: "Connect", Outcome: NotApplied, Err: newCause(v.reason, err, c.hide()), fault: v.fault}
	}
	defer over.Close()
	route.Address = over.wire.RemoteAddr().String()
	if secured, ok := over.Conn.(*tls.Conn); ok {
		state := secured.ConnectionState()
		route.Certificate, route.Version = state.PeerCertificates[0], state.Version
	}
	return route, nil
}
