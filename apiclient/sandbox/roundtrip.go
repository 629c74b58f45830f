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
	"time"
)

// hangFor is how long a request that is never answered is held. Every client gives up before.
const hangFor = time.Hour

func readBody(req *http.Request) ([]byte, error) {
	if req.Body == nil {
		return nil, nil
	}
	body, err := io.ReadAll(req.Body)
	return body, errors.Join(err, req.Body.Close())
}

// roundTrip delivers the answer to one request without a socket.
type roundTrip struct {
	clock     *clock
	scheduler *scheduler
	req       *http.Request
}

// response returns what http.Transport would return for r, when it would return it.
func (t *roundTrip) response(r reply) (*http.Response, error) {
	ctx := t.req.Context()
	switch r.delivery {
	case refused:
		return nil, &unsentError{net.OpError{Op: "dial", Net: "tcp", Err: os.NewSyscallError("connect", syscall.ECONNREFUSED)}}
	case unsent:
		return nil, &unsentError{net.OpError{Op: "write", Net: "tcp", Err: os.NewSyscallError("write", syscall.EPIPE)}}
	case cut:
		return nil, errReset
	case silent:
		r.hold = hangFor
	}
	waited := r.hold == 0 || t.scheduler.wait(ctx, r.hold)
	if !waited || r.delivery == abandoned || r.delivery == silent {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		return nil, errReset
	}
	return t.render(r), nil
}

func (t *roundTrip) render(r reply) *http.Response {
	body := newStream(t.req.Context(), t.scheduler, r)
	header := http.Header{"Content-Type": {r.mime}, "Date": {t.clock.now().UTC().Format(http.TimeFormat)}}
	for key, value := range r.header {
		header.Set(key, value)
	}
	res := &http.Response{
		Status: fmt.Sprintf("%d %s", r.status, http.StatusText(r.status)), StatusCode: r.status,
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Request: t.req,
		Header: header, ContentLength: body.length, Body: body,
	}
	switch {
	case r.gzipped && t.req.Header.Get("Accept-Encoding") == "": // the client did not ask, so the transport unpacks
		res.Body, res.ContentLength, res.Uncompressed = &unzipped{source: body}, -1, true
	case r.gzipped:
		header.Set("Content-Encoding", "gzip")
	}
	if res.ContentLength >= 0 {
		header.Set("Content-Length", fmt.Sprint(res.ContentLength))
	}
	return res
}

var errReset = &net.OpError{Op: "read", Net: "tcp", Err: os.NewSyscallError("read", syscall.ECONNRESET)}

// unzipped unpacks source as it is read.
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

// Unsent returns true. The client looks for this method to know that the request had no effect.
func (*unsentError) Unsent() bool { return true }

// Unwrap returns the cause.
func (e *unsentError) Unwrap() error { return &e.OpError }
