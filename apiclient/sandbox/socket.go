package sandbox

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
)

// maxRequest is the longest body that is read, in bytes.
const maxRequest = 1 << 20

func receive(w http.ResponseWriter, r *http.Request) ([]byte, error) {
	if r.ContentLength < 0 || r.ContentLength > maxRequest {
		return io.ReadAll(http.MaxBytesReader(w, r.Body, maxRequest))
	}
	body := make([]byte, r.ContentLength)
	_, err := io.ReadFull(r.Body, body)
	return body, err
}

// socket delivers the answer to one request over a socket.
type socket struct {
	clock     *clock
	scheduler *scheduler
	w         http.ResponseWriter
	r         *http.Request
}

// deliver sends the answer as its delivery says. To drop the connection it panics with http.ErrAbortHandler, as net/http
// has it.
func (s *socket) deliver(a reply) {
	if a.hold > 0 && !s.scheduler.wait(s.r.Context(), a.hold) {
		panic(http.ErrAbortHandler)
	}
	switch a.delivery {
	case refused, unsent:
		s.reset()
	case silent:
		s.scheduler.wait(s.r.Context(), hangFor)
		panic(http.ErrAbortHandler)
	case cut, abandoned:
		panic(http.ErrAbortHandler)
	case hangUp, halfClose:
		s.writeAndClose(a)
	case whole:
		s.writeHeader(a)
		s.w.Header()["Content-Length"] = []string{strconv.Itoa(len(a.body))}
		s.w.WriteHeader(a.status)
		_, _ = s.w.Write(a.body)
	default:
		s.writeHeader(a)
		s.writeStream(a)
	}
}

func (s *socket) writeHeader(a reply) {
	h := s.w.Header()
	h["Content-Type"] = []string{a.mime}
	if s.clock.skewed() { // else net/http has the right Date, and has it cheaply
		h.Set("Date", s.clock.now().UTC().Format(http.TimeFormat))
	}
	for key, value := range a.header {
		h.Set(key, value)
	}
	if a.gzipped {
		h.Set("Content-Encoding", "gzip")
	}
}

func (s *socket) writeStream(a reply) {
	body := newStream(s.r.Context(), s.scheduler, a)
	if body.length >= 0 {
		s.w.Header().Set("Content-Length", strconv.FormatInt(body.length, 10))
	}
	s.w.WriteHeader(a.status)
	control := http.NewResponseController(s.w)
	_ = control.Flush() // the header does not wait for the body
	if _, err := io.Copy(flushing{s.w, control}, body); err != nil {
		panic(http.ErrAbortHandler)
	}
}

// writeAndClose writes the answer without net/http, which would tell the client that the connection ends.
func (s *socket) writeAndClose(a reply) {
	conn, _, err := http.NewResponseController(s.w).Hijack()
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	defer conn.Close()
	head := fmt.Sprintf("HTTP/1.1 %d %s\r\nContent-Type: %s\r\nDate: %s\r\n",
		a.status, http.StatusText(a.status), a.mime, s.clock.now().UTC().Format(http.TimeFormat))
	for key, value := range a.header {
		head += key + ": " + value + "\r\n"
	}
	body := a.body
	if a.delivery == halfClose {
		head += "Connection: close\r\n"
		body = body[:len(body)/2]
	} else {
		head += fmt.Sprintf("Content-Length: %d\r\n", len(body))
	}
	_, _ = fmt.Fprintf(conn, "%s\r\n%s", head, body)
}

// reset drops the connection so that the client reads "connection reset" and not an orderly end.
func (s *socket) reset() {
	conn, _, err := http.NewResponseController(s.w).Hijack()
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	if tcp, ok := conn.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0)
	}
	_ = conn.Close()
}

// flushing sends every write at once, so that the client gets what was written before the connection breaks.
type flushing struct {
	http.ResponseWriter
	control *http.ResponseController
}

func (f flushing) Write(b []byte) (int, error) {
	n, err := f.ResponseWriter.Write(b)
	if err == nil {
		err = f.control.Flush()
	}
	return n, err
}
