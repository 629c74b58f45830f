package sandbox

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
)

// maxRequest is the longest body that is read.
const maxRequest = 1 << 20

// ServeHTTP answers a call of the API over a socket, and GET /record with the record.
func (t *Tenant) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path == "/record" && r.Method == http.MethodGet {
		t.serveRecord(w, r)
		return
	}
	body, err := receive(w, r)
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	t.deliver(w, r, t.exchange(r.Context(), request{
		method: r.Method, path: r.URL.Path, mime: r.Header.Get("Content-Type"),
		auth: r.Header.Get("Authorization"), body: body,
	}))
}

func receive(w http.ResponseWriter, r *http.Request) ([]byte, error) {
	if r.ContentLength < 0 || r.ContentLength > maxRequest {
		return io.ReadAll(http.MaxBytesReader(w, r.Body, maxRequest))
	}
	body := make([]byte, r.ContentLength)
	_, err := io.ReadFull(r.Body, body)
	return body, err
}

// deliver sends the answer in its form. It drops the connection by the panic that net/http has for that.
func (t *Tenant) deliver(w http.ResponseWriter, r *http.Request, a reply) {
	if a.hold > 0 && !t.wait(r.Context(), a.hold) {
		panic(http.ErrAbortHandler)
	}
	switch a.form {
	case refused, unsent:
		reset(w)
	case silent:
		t.wait(r.Context(), hangFor)
		panic(http.ErrAbortHandler)
	case cut, gone:
		panic(http.ErrAbortHandler)
	case hangUp, halfClose:
		t.deliverAndClose(w, a)
	default:
		t.header(w, a)
		t.write(w, r, a)
	}
}

func (t *Tenant) header(w http.ResponseWriter, a reply) {
	h := w.Header()
	h["Content-Type"] = []string{a.mime}
	if t.skew.Load() != 0 {
		h.Set("Date", t.now().UTC().Format(http.TimeFormat))
	}
	for key, value := range a.header {
		h.Set(key, value)
	}
	if a.zipped {
		h.Set("Content-Encoding", "gzip")
	}
}

func (t *Tenant) write(w http.ResponseWriter, r *http.Request, a reply) {
	if a.form == whole {
		w.Header()["Content-Length"] = []string{strconv.Itoa(len(a.body))}
		w.WriteHeader(a.status)
		_, _ = w.Write(a.body)
		return
	}
	s := t.stream(r.Context(), a)
	if s.length >= 0 {
		w.Header().Set("Content-Length", strconv.FormatInt(s.length, 10))
	}
	w.WriteHeader(a.status)
	control := http.NewResponseController(w)
	_ = control.Flush() // the header doesn't wait for the body
	if _, err := io.Copy(flushing{w, control}, s); err != nil {
		panic(http.ErrAbortHandler)
	}
}

// flushing sends every write at once, so that what stands before a cut arrives.
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

// deliverAndClose writes the answer past net/http, which would tell the client that the connection ends.
func (t *Tenant) deliverAndClose(w http.ResponseWriter, a reply) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	defer conn.Close()
	head := fmt.Sprintf("HTTP/1.1 %d %s\r\nContent-Type: %s\r\nDate: %s\r\n",
		a.status, http.StatusText(a.status), a.mime, t.now().UTC().Format(http.TimeFormat))
	for key, value := range a.header {
		head += key + ": " + value + "\r\n"
	}
	body := a.body
	if a.form == halfClose {
		head += "Connection: close\r\n"
		body = body[:len(body)/2]
	} else {
		head += fmt.Sprintf("Content-Length: %d\r\n", len(body))
	}
	_, _ = fmt.Fprintf(conn, "%s\r\n%s", head, body)
}

// reset drops the connection without the usual farewell: the client reads "connection reset".
func reset(w http.ResponseWriter) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	if tcp, ok := conn.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0)
	}
	_ = conn.Close()
}
