package transport

import (
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"etelecom-import/apiclient/wiretest"
)

// proxyFor is a proxy that connects to any host, and notes the header of the request.
func proxyFor(t *testing.T, header *atomic.Pointer[http.Header]) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		header.Store(&r.Header)
		server, err := net.Dial("tcp", r.Host)
		if err != nil || r.Method != http.MethodConnect {
			w.WriteHeader(http.StatusBadGateway)
			return
		}
		defer server.Close()
		client, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			t.Error(err)
			return
		}
		defer client.Close()
		wiretest.Write(client, "HTTP/1.1 200 Connection established\r\n\r\n")
		go func() { _, _ = io.Copy(server, client) }()
		_, _ = io.Copy(client, server)
	})
}

func TestProxy(t *testing.T) {
	var seen atomic.Pointer[http.Header]
	api, transport := secure(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, wiretest.Created) }))
	plain := httptest.NewServer(proxyFor(t, &seen))
	defer plain.Close()
	secured := httptest.NewTLSServer(proxyFor(t, &seen))
	defer secured.Close()
	for _, proxy := range []string{plain.URL, secured.URL} {
		through := via(t, strings.Replace(proxy, "://", "://me:proxy-password@", 1))
		if _, err := (caller{Transport: &Transport{Proxy: through, TLS: transport.TLS}, base: api.URL}).write(t); err != nil {
			t.Errorf("%s: %v", proxy, err)
		}
		if got := seen.Load().Get("Proxy-Authorization"); got != "Basic bWU6cHJveHktcGFzc3dvcmQ=" {
			t.Errorf("%s: authorization %q", proxy, got)
		}
		if got := seen.Load().Get("Authorization"); got != "" {
			t.Errorf("%s: the proxy saw the key", proxy)
		}
	}
}

// An error of a proxy does not show the password of the setting, and nothing was sent.
func TestProxyFails(t *testing.T) {
	busy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusServiceUnavailable) }))
	defer busy.Close()
	endless := wiretest.Start(t, func(conn net.Conn) {
		_, _ = conn.Read(make([]byte, 4096))
		wiretest.Write(conn, "HTTP/1.1 200 OK\r\n")
		for {
			if _, err := io.WriteString(conn, "X-More: "+strings.Repeat("m", 1000)+"\r\n"); err != nil {
				return
			}
		}
	})
	echo := wiretest.Start(t, func(conn net.Conn) {
		_, _ = conn.Read(make([]byte, 4096))
		wiretest.Write(conn, "me:proxy-password?\r\n\r\n")
	})
	mute := wiretest.Start(t, func(conn net.Conn) { _, _ = conn.Read(make([]byte, 4096)) })
	for setting, text := range map[string]string{
		busy.URL:               "the proxy answers 503 Service Unavailable",
		mute:                   "proxy: unexpected EOF",
		endless:                "proxy",
		echo:                   "the proxy's answer is not valid HTTP",
		"http://127.0.0.1:1":   "refused",
		"socks5://127.0.0.1:1": "refused",
		"socks5h" + strings.TrimPrefix(mute, "http"): "EOF",
	} {
		transport := &Transport{Proxy: via(t, strings.Replace(setting, "://", "://me:proxy-password@", 1))}
		_, err := transport.RoundTrip(post(t.Context(), t, "https://127.0.0.1:1"))
		if !IsUnsent(err) || errors.Is(err, ErrProxy) || !strings.Contains(err.Error(), text) {
			t.Errorf("%s: %v", setting, err)
		}
		for ; err != nil; err = errors.Unwrap(err) {
			if told := fmt.Sprintf("%v %+v %#v", err, err, err); strings.Contains(told, "proxy-password") {
				t.Errorf("%s: %s", setting, told)
			}
		}
	}
}

// The certificate has to be for the server's name, also through a proxy.
func TestProxyCannotPose(t *testing.T) {
	var seen atomic.Pointer[http.Header]
	api, transport := secure(t, http.NotFoundHandler())
	proxy := httptest.NewServer(proxyFor(t, &seen))
	defer proxy.Close()
	transport = &Transport{Proxy: via(t, proxy.URL), TLS: &tls.Config{RootCAs: transport.TLS.RootCAs}}
	_, err := transport.RoundTrip(post(t.Context(), t, strings.Replace(api.URL, "127.0.0.1", "localhost", 1)))
	if wrong := new(tls.CertificateVerificationError); !errors.As(err, &wrong) || !IsUnsent(err) {
		t.Error(err)
	}
}

// socksServer starts a SOCKS5 proxy that wants a user and a password, replies with a code, and connects to the address.
func socksServer(t *testing.T, code byte, to string) string {
	return strings.TrimPrefix(wiretest.Start(t, func(client net.Conn) {
		b := make([]byte, 512)
		if _, err := io.ReadFull(client, b[:4]); err != nil || b[0] != 5 { // version, two methods
			return
		}
		wiretest.Write(client, "\x05\x02")
		n, err := client.Read(b)
		if err != nil || string(b[:n]) != "\x01\x02me\x0eproxy-password" {
			wiretest.Write(client, "\x01\x01")
			return
		}
		wiretest.Write(client, "\x01\x00")
		n, err = client.Read(b)
		if err != nil || !strings.Contains(string(b[:n]), "\x03\x08api.test") { // the proxy looks the name up
			t.Errorf("asked for %q", b[:n])
			return
		}
		wiretest.Write(client, "\x05"+string(code)+"\x00\x01\x00\x00\x00\x00\x00\x00")
		if code != 0 {
			return
		}
		server, err := net.Dial("tcp", to)
		if err != nil {
			t.Error(err)
			return
		}
		defer server.Close()
		go func() { _, _ = io.Copy(server, client) }()
		_, _ = io.Copy(client, server)
	}), "http://")
}

func TestSOCKS(t *testing.T) {
	s, transport := secure(t, http.HandlerFunc(wiretest.Create))
	transport.TLS.InsecureSkipVerify = true // the name is not the certificate's
	address := s.Listener.Addr().String()
	through := func(setting string) caller {
		return caller{Transport: &Transport{Idle: 1, Proxy: via(t, setting), TLS: transport.TLS}, base: "https://api.test"}
	}
	for _, scheme := range []string{"socks5", "socks5h"} {
		c := through(scheme + "://me:proxy-password@" + socksServer(t, 0, address))
		for range 3 {
			if _, err := c.write(t); err != nil {
				t.Errorf("%s: %v", scheme, err)
			}
		}
		c.CloseIdleConnections()
	}
	for name, c := range map[string]struct {
		user    string
		code    byte
		refused bool
	}{
		"another password": {"me:wrong-password", 0, true}, "a rule": {"me:proxy-password", 2, true}, "no route": {"me:proxy-password", 4, false},
	} {
		_, err := through("socks5://" + c.user + "@" + socksServer(t, c.code, address)).write(t)
		if err == nil || errors.Is(err, ErrProxy) != c.refused || strings.Contains(err.Error(), "password@") || strings.Contains(err.Error(), "-password") {
			t.Errorf("%s: %v", name, err)
		}
	}
	http := wiretest.Start(t, func(conn net.Conn) {
		_, _ = conn.Read(make([]byte, 4096))
		wiretest.Write(conn, "HTTP/1.1 400 X\r\n\r\n")
	})
	if _, err := through("socks5" + strings.TrimPrefix(http, "http")).write(t); !errors.Is(err, ErrProxy) {
		t.Errorf("a proxy that speaks HTTP: %v", err)
	}
}
