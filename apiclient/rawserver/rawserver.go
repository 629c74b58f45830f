// Package rawserver has servers for tests that need to say what comes over a connection byte by byte.
package rawserver

import (
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
)

// What the API answers to a create.
const (
	Created = `{"id":"1301234567890123457","phone":"+84901234567","created_at":"2026-01-02T03:04:05Z"}`
	// Answer is the whole answer with this body.
	Answer = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 87\r\n\r\n" + Created
)

// Start starts a server of raw TCP on loopback, and returns its address as a URL. It closes each connection after serve.
func Start(t testing.TB, serve func(net.Conn)) (url string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer conn.Close()
				serve(conn)
			}()
		}
	}()
	return "http://" + l.Addr().String()
}

// Read reads one request whole, and returns its body. If the connection ends first, it returns what came.
func Read(conn net.Conn) (body string) {
	b := make([]byte, 64<<10)
	n := 0
	for {
		m, err := conn.Read(b[n:])
		n += m
		head, body, ok := strings.Cut(string(b[:n]), "\r\n\r\n")
		if ok && strings.HasSuffix(body, "}") {
			return body
		}
		if err != nil {
			return head
		}
	}
}

// Write writes a part of an answer, or all of it. The client may be gone already.
func Write(conn net.Conn, text string) { _, _ = io.WriteString(conn, text) }

// Create is a handler that answers as the API answers a create.
func Create(w http.ResponseWriter, r *http.Request) {
	_, _ = io.Copy(io.Discard, r.Body)
	w.Header().Set("Content-Type", "application/json")
	_, _ = io.WriteString(w, Created)
}
