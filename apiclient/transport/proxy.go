package transport

import (
	"bufio"
	"context"
	"crypto/tls"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"time"

	"golang.org/x/net/proxy"
)

// proxy returns the proxy for requests to a URL, or nil. Its errors do not repeat the setting, which may hold a password.
func (t *Transport) proxy(u *url.URL) (*url.URL, error) {
	choose := t.Proxy
	if choose == nil {
		choose = http.ProxyFromEnvironment
	}
	proxy, err := choose(&http.Request{Method: http.MethodPost, URL: u})
	switch {
	case err != nil:
		return nil, &lasting{ErrProxy, errors.New("the proxy setting in the environment is not a URL")}
	case proxy != nil && ports[proxy.Scheme] == "":
		return nil, &lasting{ErrProxy, fmt.Errorf("the proxy setting in the environment wants a %s proxy: only http, https and socks5 ones can be used", proxy.Scheme)}
	}
	return proxy, nil
}

var ports = map[string]string{"http": "80", "https": "443", "socks5": "1080", "socks5h": "1080"}

// address returns the host and port of a URL.
func address(u *url.URL) string {
	port := u.Port()
	if port == "" {
		port = ports[u.Scheme]
	}
	return net.JoinHostPort(u.Hostname(), port)
}

// tunnel asks the proxy at the other end of conn to connect it to a host. The host does not speak first, so that nothing
// that it says can be read too early.
func (t *Transport) tunnel(ctx context.Context, conn net.Conn, proxy *url.URL, host string) (net.Conn, error) {
	var err error
	switch proxy.Scheme {
	case "socks5", "socks5h":
		return conn, socks(ctx, conn, proxy, host)
	case "https":
		if conn, err = t.handshake(ctx, conn, proxy.Hostname()); err != nil {
			err = fmt.Errorf("proxy: %w", err)
			if plain := (tls.RecordHeaderError{}); errors.As(err, &plain) {
				err = &lasting{ErrProxy, err}
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
		return nil, fmt.Errorf("proxy: %w", err)
	}
	resp, err := http.ReadResponse(bufio.NewReader(io.LimitReader(conn, maxHeader)), r)
	var network *net.OpError
	switch {
	case errors.As(err, &network), errors.Is(err, io.ErrUnexpectedEOF):
		return nil, fmt.Errorf("proxy: %w", err)
	case err != nil: // its text would quote the answer, in which the proxy's password may stand
		return nil, errors.New("the proxy's answer is not proper HTTP")
	}
	switch err = fmt.Errorf("the proxy answers %d %s", resp.StatusCode, http.StatusText(resp.StatusCode)); resp.StatusCode {
	case http.StatusOK:
		return conn, nil
	case http.StatusForbidden, http.StatusProxyAuthRequired:
		return nil, &lasting{ErrProxy, err}
	}
	return nil, err
}

// socks asks a SOCKS proxy to connect conn to a host. It leaves it to the proxy to look the host's name up, since only the
// proxy may be able to.
func socks(ctx context.Context, conn net.Conn, to *url.URL, host string) error {
	var auth *proxy.Auth
	if u := to.User; u != nil {
		password, _ := u.Password()
		auth = &proxy.Auth{User: u.Username(), Password: password}
	}
	over := &overheard{Conn: conn}
	dialer, err := proxy.SOCKS5("tcp", address(to), auth, over)
	if err == nil {
		_, err = dialer.(proxy.ContextDialer).DialContext(ctx, "tcp", host)
	}
	switch err = wrap("proxy: %w", err); {
	case err != nil && over.refused():
		return &lasting{ErrProxy, err}
	case err != nil:
		return err
	}
	return conn.SetDeadline(time.Time{})
}

// wrap returns nil if err is nil.
func wrap(format string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf(format, err)
}

// overheard is a connection to a SOCKS proxy, and what the proxy has said.
type overheard struct {
	net.Conn
	said []byte
}

// Dial returns the connection itself.
func (o *overheard) Dial(string, string) (net.Conn, error) { return o, nil }

// DialContext returns the connection itself.
func (o *overheard) DialContext(context.Context, string, string) (net.Conn, error) { return o, nil }

func (o *overheard) Read(b []byte) (int, error) {
	n, err := o.Conn.Read(b)
	o.said = append(o.said, b[:n]...)
	return n, err
}

// refused reports whether the proxy would refuse the next connection, too: it speaks something else, wants another user or
// password, or has a rule against the host (RFC 1928, RFC 1929). The library tells that by words alone.
func (o *overheard) refused() bool {
	const version, byPassword, noMethod, ruled = 5, 2, 0xff, 2
	said := o.said
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
	return len(said) >= 4 && said[2] == version && said[3] == ruled
}
