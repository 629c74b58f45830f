package secondtenant

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"syscall"
)

// RoundTrip answers a request without a socket. It waits by the time package, so that it can run in a testing/synctest bubble.
func (t *Tenant) RoundTrip(r *http.Request) (*http.Response, error) {
	w := &answer{header: http.Header{}}
	answered := make(chan struct{})
	go func() {
		defer close(answered)
		defer func() {
			if what := recover(); what != nil {
				if what != http.ErrAbortHandler {
					panic(what)
				}
				w.broken = true
			}
		}()
		t.ServeHTTP(w, r)
	}()
	select {
	case <-answered:
	case <-r.Context().Done():
		return nil, r.Context().Err()
	}
	reset := &net.OpError{Op: "read", Net: "tcp", Err: os.NewSyscallError("read", syscall.ECONNRESET)}
	if w.status == 0 {
		return nil, reset
	}
	body := io.Reader(bytes.NewReader(w.body))
	if w.broken {
		body = io.MultiReader(body, failing{reset})
	}
	return &http.Response{
		Status: fmt.Sprintf("%d %s", w.status, http.StatusText(w.status)), StatusCode: w.status, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: w.header, Body: io.NopCloser(body), ContentLength: -1, Request: r,
	}, nil
}

// answer keeps what the handler writes. A handler that breaks the connection before the header leaves status 0.
type answer struct {
	header http.Header
	status int
	body   []byte
	broken bool
}

func (a *answer) Header() http.Header { return a.header }

func (a *answer) WriteHeader(status int) { a.status = status }

func (a *answer) Write(b []byte) (int, error) {
	a.body = append(a.body, b...)
	return len(b), nil
}

// failing is a reader that always returns an error.
type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }
