package sandbox

import (
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"os"
	"sync/atomic"
	"syscall"
	"time"
)

// RoundTrip answers req without a socket, and as [http.Transport] would: faults of the connection are its errors, an
// [httptrace.ClientTrace] hears of the connection, and compressed answers are unpacked. The time that it takes is
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
		return nil, &net.OpError{Op: "dial", Net: "tcp", Err: os.NewSyscallError("connect", syscall.ECONNREFUSED)}
	}
	connect(req, r.form != unsent, len(body))
	return t.response(req, r)
}

func readBody(req *http.Request) ([]byte, error) {
	if req.Body == nil {
		return nil, nil
	}
	body, err := io.ReadAll(req.Body)
	return body, errors.Join(err, req.Body.Close())
}

// connect tells the trace of a connection that has counted the request's bytes when the trace looks again.
func connect(req *http.Request, written bool, size int) {
	trace := httptrace.ContextClientTrace(req.Context())
	if trace == nil || trace.GotConn == nil {
		return
	}
	w := &wire{}
	trace.GotConn(httptrace.GotConnInfo{Conn: w})
	if written {
		w.written.Store(int64(size) + 200) // a header is about that long
	}
}

// response is what the client gets of r.
func (t *Tenant) response(req *http.Request, r reply) (*http.Response, error) {
	switch r.form {
	case unsent:
		return nil, &net.OpError{Op: "write", Net: "tcp", Err: os.NewSyscallError("write", syscall.EPIPE)}
	case cut:
		return nil, errReset
	case silent:
		r.hold = silence
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

// wire is the connection that a trace gets to see. Nothing goes over it.
type wire struct{ written atomic.Int64 }

// BytesWritten is how much of requests has gone out.
func (w *wire) BytesWritten() int64 { return w.written.Load() }

func (*wire) Read([]byte) (int, error)         { return 0, io.EOF }
func (*wire) Write([]byte) (int, error)        { return 0, net.ErrClosed }
func (*wire) Close() error                     { return nil }
func (*wire) LocalAddr() net.Addr              { return here }
func (*wire) RemoteAddr() net.Addr             { return here }
func (*wire) SetDeadline(time.Time) error      { return nil }
func (*wire) SetReadDeadline(time.Time) error  { return nil }
func (*wire) SetWriteDeadline(time.Time) error { return nil }

// here is both ends of a wire.
var here = &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 1}
