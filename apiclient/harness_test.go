package apiclient

import (
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"etelecom-import/apiclient/secret"
)

const testKey = "key-of-the-tests-0123456789"

const (
	testPassword = `p"ss<&>wörd 1`
)

var person = NewUser{"Lê Thị Bưởi", "0901234567", secret.New(testPassword)}

func newTestClient(t testing.TB, cfg Config) *Client {
	t.Helper()
	if cfg.BaseURL == "" {
		cfg.BaseURL = "http://127.0.0.1:1/v1/partner"
	}
	cfg.Key = secret.New(testKey)
	c, err := New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func create1(t *testing.T, c *Client) (u User, intents int, err error) {
	t.Helper()
	u, err = c.CreateAccountUser(t.Context(), person, func() error { intents++; return nil })
	return u, intents, err
}

// want checks what an error says about the call, and that it shows no secret.
func want(t *testing.T, err error, outcome Outcome, unavailable, refused, page bool) *Error {
	t.Helper()
	var e *Error
	if !errors.As(err, &e) {
		t.Fatalf("error %v is no *Error", err)
	}
	if e.Outcome != outcome || e.Unavailable() != unavailable || e.Refused() != refused || e.WebPage() != page {
		t.Errorf("%v: outcome %v, unavailable %v, refused %v, page %v; want %v %v %v %v",
			e, e.Outcome, e.Unavailable(), e.Refused(), e.WebPage(), outcome, unavailable, refused, page)
	}
	for _, s := range []string{testKey, testPassword, `p\"ss`} {
		if strings.Contains(e.Error()+e.Msg+e.Code, s) {
			t.Errorf("a secret in %q", e.Error())
		}
	}
	return e
}

func collect[T any](seq func(func(T, error) bool)) (items []T, err error) {
	for item, e := range seq {
		if e != nil {
			err = errors.Join(err, e)
			continue
		}
		items = append(items, item)
	}
	return items, err
}

// wire is a server without a socket. A request arrives after half of the latency, and its answer after the other half.
type wire struct {
	latency time.Duration
	answer  func(r *http.Request, body string) *http.Response

	mu       sync.Mutex
	arrivals []time.Time
	statuses map[int]int
}

func (w *wire) RoundTrip(r *http.Request) (*http.Response, error) {
	sent, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	time.Sleep(w.latency / 2)
	w.mu.Lock()
	w.arrivals = append(w.arrivals, time.Now())
	resp := w.answer(r, string(sent))
	if w.statuses == nil {
		w.statuses = map[int]int{}
	}
	w.statuses[resp.StatusCode]++
	w.mu.Unlock()
	time.Sleep(w.latency - w.latency/2)
	return resp, nil
}

// say returns an answer with these headers, each written as in HTTP: "Retry-After: 1".
func say(status int, body string, headers ...string) *http.Response {
	h := http.Header{"Content-Type": {"application/json"}}
	for _, line := range headers {
		name, value, _ := strings.Cut(line, ": ")
		h.Set(name, value)
	}
	return &http.Response{StatusCode: status, Header: h, Body: io.NopCloser(strings.NewReader(body))}
}

func ok(*http.Request, string) *http.Response { return say(200, `{"updated":1}`) }

func bodyOf(r *http.Response) string {
	b, _ := io.ReadAll(r.Body)
	r.Body = io.NopCloser(strings.NewReader(string(b)))
	return string(b)
}

func reset(conn net.Conn) { _ = conn.(*net.TCPConn).SetLinger(0) }
