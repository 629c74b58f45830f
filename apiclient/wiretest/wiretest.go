// Package wiretest is for tests: a server that sends exactly the bytes that a test wants, and a measure of how many requests came.
package wiretest

import (
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"
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

// MostPerSecond returns the highest number of arrivals in any second. It sorts them.
func MostPerSecond(arrivals []time.Time) (n int) {
	slices.SortFunc(arrivals, time.Time.Compare)
	for i, from := 0, 0; i < len(arrivals); i++ {
		for arrivals[i].Sub(arrivals[from]) > time.Second {
			from++
		}
		n = max(n, i-from+1)
	}
	return n
}
