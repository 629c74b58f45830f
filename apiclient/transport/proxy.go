package transport

import (
	"bufio"
	"context"
	"crypto/tls"
	"encoding/base64"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"time"

	"etelecom-import/apiclient/message"

	"golang.org/x/net/proxy"
)

// ports are the ports of URLs that name none. A proxy of another scheme cannot be used.
var ports = map[string]string{"http": "80", "https": "443", "socks5": "1080", "socks5h": "1080"}

// address returns the host and port of a URL.
func address(u *url.URL) string {
	port := u.Port()
	if port == "" {
		port = ports[u.Scheme]
	}
	return net.JoinHostPort(u.Hostname(), port)
}

// tunnel asks the proxy at the other end of conn to connect it to a host. A host of HTTP or TLS does not speak first, so the
// reader of the proxy's answer takes nothing that the host says.
func tunnel(ctx context.Context, conn net.Conn, proxy *url.URL, host string, config *tls.Config) (net.Conn, error) {
	var err error
	switch proxy.Scheme {
	case "socks5", "socks5h":
		return conn, socks(ctx, conn, proxy, host)
	case "https":
		if conn, err = handshake(ctx, conn, proxy.Hostname(), config); err != nil {
			err = viaProxy(err)
			if plain := (tls.RecordHeaderError{}); errors.As(err, &plain) {
				err = &reasoned{ErrProxy, err}
			}
			return nil, err
		}
	}
	deadline, _ := ctx.Deadline()
	if err := conn.SetDeadline(deadline); err != nil {
		return nil, err
	}
	r := &http.Request{Method: http.MethodConnect, URL: &url.URL{Opaque: host}, Host: host, Header: http.Header{}}
	if u := proxy.User; u != nil {
		password, _ := u.Password()
		r.Header.Set("Proxy-Authorization", "Basic "+base64.StdEncoding.EncodeToString([]byte(u.Username()+":"+password)))
	}
	if err := r.Write(conn); err != nil {
		return nil, viaProxy(err)
	}
	resp, err := http.ReadResponse(bufio.NewReader(io.LimitReader(conn, maxHeader)), r)
	var network *net.OpError
	switch {
	case errors.As(err, &network), errors.Is(err, io.ErrUnexpectedEOF):
		return nil, viaProxy(err)
	case err != nil: // its text would quote the answer, which may repeat the proxy's password
		return nil, &reasoned{ErrProxyFailed, message.New("the proxy's answer is not valid HTTP")}
	}
	switch err = message.Errorf("the proxy answers %d %s", resp.StatusCode, http.StatusText(resp.StatusCode)); resp.StatusCode {
	case http.StatusOK:
		return conn, nil
	case http.StatusForbidden, http.StatusProxyAuthRequired:
		return nil, &reasoned{ErrProxy, err}
	}
	return nil, &reasoned{ErrProxyFailed, err}
}

// socks asks a SOCKS proxy to connect conn to a host. The proxy looks up the name of the host: perhaps nobody else
// can.
func socks(ctx context.Context, conn net.Conn, to *url.URL, host string) error {
	var auth *proxy.Auth
	if u := to.User; u != nil {
		password, _ := u.Password()
		auth = &proxy.Auth{User: u.Username(), Password: password}
	}
	heard := &recordingConn{Conn: conn}
	dialer, err := proxy.SOCKS5("tcp", address(to), auth, heard)
	if err == nil {
		_, err = dialer.(proxy.ContextDialer).DialContext(ctx, "tcp", host)
	}
	if err == nil {
		return conn.SetDeadline(time.Time{})
	}
	err = viaProxy(err)
	if refusesAlways(heard.said) {
		return &reasoned{ErrProxy, err}
	}
	return err
}

// recordingConn is the connection to a SOCKS proxy that the library asks for, and records what the proxy says over it.
type recordingConn struct {
	net.Conn
	said []byte
}

// Dial returns the connection itself.
func (r *recordingConn) Dial(string, string) (net.Conn, error) { return r, nil }

// DialContext returns the connection itself.
func (r *recordingConn) DialContext(context.Context, string, string) (net.Conn, error) { return r, nil }

func (r *recordingConn) Read(b []byte) (int, error) {
	n, err := r.Conn.Read(b)
	r.said = append(r.said, b[:n]...)
	return n, err
}

// refusesAlways reports whether a SOCKS proxy that said this would refuse the next connection, too: it speaks another
// protocol, wants another user or password, or has a rule against the host (RFC 1928, RFC 1929). The errors of the library
// say that in words only.
func refusesAlways(said []byte) bool {
	const (
		version    = 5
		byPassword = 2    // the method that the proxy has chosen
		noMethod   = 0xff // the proxy accepts none of those offered
		byRule     = 2    // the reply to the request to connect
	)
	if len(said) < 2 {
		return false
	}
	if said[0] != version || said[1] == noMethod {
		return true
	}
	if reply := said[2:]; said[1] == byPassword && len(reply) >= 2 {
		if reply[1] != 0 {
			return true
		}
		said = reply
	}
	return len(said) >= 4 && said[2] == version && said[3] == byRule
}
