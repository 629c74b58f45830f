package sandbox

import (
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"syscall"
)

// RoundTrip answers req without a socket, and as [http.Transport] would: faults of the connection are its errors, those
// before the first byte have the method Unsent, and compressed answers are unpacked. The time that it takes is
// that of time.Sleep, so a testing/synctest bubble's clock drives it. When req's context ends it returns at once; the
// effect may still come.
func (t *Tenant) RoundTrip(req *http.Request) (*http.Response, error) {
	body, err := readBody(req)
	if err != nil {
		return nil, err
	}
	r := t.exchange(req.Context(), request{
		method: req.Method, path: req.URL.Path, mime: req.Header.Get("Content-Type"),
		auth: req.Header.Get("Authorization"), body: body,
	})
	if r.form == refused {
		return nil, &unsentError{net.OpError{Op: "dial", Net: "tcp", Err: os.NewSyscallError("connect", syscall.ECONNREFUSED)}}
	}
	return t.response(req, r)
}

func readBody(req *http.Request) ([]byte, error) {
	if req.Body == nil {
		return nil, nil
	}
	body, err := io.ReadAll(req.Body)
	return body, errors.Join(err, req.Body.Close())
}

// response is what the client gets of r.
func (t *Tenant) response(req *http.Request, r reply) (*http.Response, error) {
	switch r.form {
	case unsent:
		return nil, &unsentError{net.OpError{Op: "write", Net: "tcp", Err: os.NewSyscallError("write", syscall.EPIPE)}}
	case cut:
		return nil, errReset
	case silent:
		r.hold = hangFor
	}
	if (r.hold > 0 && !t.wait(req.Context(), r.hold)) || r.form == gone || r.form == silent {
		if err := req.Context().Err(); err != nil {
			return nil, err
		}
		return nil, errReset
	}
	return t.rendered(req, r), nil
}

func (t *Tenant) rendered(req *http.Request, r reply) *http.Response {
	s := t.stream(req.Context(), r)
	header := http.Header{"Content-Type": {r.mime}, "Date": {t.now().UTC().Format(http.TimeFormat)}}
	for key, value := range r.header {
		header.Set(key, value)
	}
	res := &http.Response{
		Status: fmt.Sprintf("%d %s", r.status, http.StatusText(r.status)), StatusCode: r.status,
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Request: req,
		Header: header, ContentLength: s.length, Body: s,
	}
	switch {
	case r.zipped && req.Header.Get("Accept-Encoding") == "":
		res.Body, res.ContentLength, res.Uncompressed = &unzipped{source: s}, -1, true
	case r.zipped:
		header.Set("Content-Encoding", "gzip")
	}
	if res.ContentLength >= 0 {
		header.Set("Content-Length", fmt.Sprint(res.ContentLength))
	}
	return res
}

var errReset = &net.OpError{Op: "read", Net: "tcp", Err: os.NewSyscallError("read", syscall.ECONNRESET)}

// unzipped unpacks as it is read.
type unzipped struct {
	source io.ReadCloser
	zip    *gzip.Reader
}

func (u *unzipped) Read(b []byte) (n int, err error) {
	if u.zip == nil {
		if u.zip, err = gzip.NewReader(u.source); err != nil {
			return 0, err
		}
	}
	return u.zip.Read(b)
}

func (u *unzipped) Close() error { return u.source.Close() }

// unsentError is an error of the connection before a byte of the request was sent.
type unsentError struct{ net.OpError }

// Unsent returns true: it is what a client asks of an error that it has to understand.
func (*unsentError) Unsent() bool { return true }

// Unwrap returns the cause.
func (e *unsentError) Unwrap() error { return &e.OpError }
