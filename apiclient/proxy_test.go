package apiclient

import (
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
)

// proxyFor is a proxy that connects to whatever is asked for, and notes the headers that it got.
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
		respond(client, "HTTP/1.1 200 Connection established\r\n\r\n")
		go func() { _, _ = io.Copy(server, client) }()
		_, _ = io.Copy(client, server)
	})
}

func TestProxy(t *testing.T) {
	var seen atomic.Pointer[http.Header]
	api, transport := secure(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, created) }))
	plain := httptest.NewServer(proxyFor(t, &seen))
	defer plain.Close()
	secured := httptest.NewTLSServer(proxyFor(t, &seen))
	defer secured.Close()
	for _, proxy := range []string{plain.URL, secured.URL} {
		u, err := url.Parse(strings.Replace(proxy, "://", "://me:proxy-password@", 1))
		if err != nil {
			t.Fatal(err)
		}
		transport := &Transport{Proxy: http.ProxyURL(u), TLS: transport.TLS}
		if _, _, err := create1(t, newTestClient(t, Config{BaseURL: api.URL + "/v1/partner", Transport: transport})); err != nil {
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

// What goes wrong at a proxy is told without the setting's password, and nothing was sent.
func TestProxyFails(t *testing.T) {
	busy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusServiceUnavailable) }))
	defer busy.Close()
	endless := socket(t, func(conn net.Conn) {
		_, _ = conn.Read(make([]byte, 4096))
		respond(conn, "HTTP/1.1 200 OK\r\n")
		for {
			if _, err := io.WriteString(conn, "X-More: "+strings.Repeat("m", 1000)+"\r\n"); err != nil {
				return
			}
		}
	})
	echo := socket(t, func(conn net.Conn) {
		_, _ = conn.Read(make([]byte, 4096))
		respond(conn, "me:proxy-password?\r\n\r\n")
	})
	mute := socket(t, func(conn net.Conn) { _, _ = conn.Read(make([]byte, 4096)) })
	for setting, text := range map[string]string{
		busy.URL:               "the proxy answers 503 Service Unavailable",
		mute:                   "proxy: unexpected EOF",
		endless:                "proxy",
		echo:                   "the proxy's answer is not proper HTTP",
		"http://127.0.0.1:1":   "proxy: dial tcp 127.0.0.1:1: connect: connection refused",
		"socks5://127.0.0.1:1": "proxy: dial tcp 127.0.0.1:1: connect: connection refused",
		"socks5h" + strings.TrimPrefix(mute, "http"): "EOF",
	} {
		u, err := url.Parse(strings.Replace(setting, "://", "://me:proxy-password@", 1))
		if err != nil {
			t.Fatal(err)
		}
		c := newTestClient(t, Config{BaseURL: "https://127.0.0.1:1/v1/partner", Transport: &Transport{Proxy: http.ProxyURL(u)}})
		_, intents, err := create1(t, c)
		want(t, err, NotApplied, true, false, false)
		if n := c.Stats().Requests; intents != 0 || n != maxUnsent || !strings.Contains(err.Error(), text) || strings.Contains(fmt.Sprintf("%v %+v %#v", err, err, err), "proxy-password") {
			t.Errorf("%s: %v after %d intents", setting, err, intents)
		}
	}
}

// The server's name is checked also through a proxy.
func TestProxyCannotPose(t *testing.T) {
	var seen atomic.Pointer[http.Header]
	api, transport := secure(t, http.NotFoundHandler())
	proxy := httptest.NewServer(proxyFor(t, &seen))
	defer proxy.Close()
	u, err := url.Parse(proxy.URL)
	if err != nil {
		t.Fatal(err)
	}
	transport = &Transport{Proxy: http.ProxyURL(u), TLS: &tls.Config{RootCAs: transport.TLS.RootCAs}}
	base := strings.Replace(api.URL, "127.0.0.1", "localhost", 1)
	_, _, err = create1(t, newTestClient(t, Config{BaseURL: base + "/v1/partner", Transport: transport}))
	if e := want(t, err, NotApplied, false, true, false); !errors.Is(e, ErrCertificate) {
		t.Error(e)
	}
}
