package apiclient

import (
	"bufio"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
)

// proxy returns the proxy for a request, or nil. Its errors do not repeat the setting, which may hold a password.
func (t *Transport) proxy(r *http.Request) (*url.URL, error) {
	choose := t.Proxy
	if choose == nil {
		choose = http.ProxyFromEnvironment
	}
	proxy, err := choose(r)
	switch {
	case err != nil:
		return nil, errors.New("the proxy setting in the environment is not a URL")
	case proxy != nil && proxy.Scheme != "http" && proxy.Scheme != "https":
		return nil, fmt.Errorf("the proxy setting in the environment wants a %s proxy: only http and https ones can be used", proxy.Scheme)
	}
	return proxy, nil
}

// address returns the host and port of a URL.
func address(u *url.URL) string {
	port := u.Port()
	if port == "" {
		port = map[string]string{"http": "80", "https": "443"}[u.Scheme]
	}
	return net.JoinHostPort(u.Hostname(), port)
}

// tunnel asks the proxy at the other end of conn to connect it to a host. The host does not speak first, so that nothing
// that it says can be read too early.
func (t *Transport) tunnel(ctx context.Context, conn net.Conn, proxy *url.URL, host string) (net.Conn, error) {
	var err error
	if proxy.Scheme == "https" {
		if conn, err = t.handshake(ctx, conn, proxy.Hostname()); err != nil {
			return nil, fmt.Errorf("proxy: %w", err)
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
	if resp.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("the proxy answers %d %s", resp.StatusCode, http.StatusText(resp.StatusCode))
	}
	return conn, nil
}
