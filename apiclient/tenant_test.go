package apiclient

import (
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/time/rate"

	"etelecom-import/apiclient/secret"
)

const testKey = "key-of-the-tests-0123456789"

// wire is a server without a socket. A request is got at once and answered after the latency.
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

// say returns an answer with these headers, as in a response's own text: "Retry-After: 1".
func say(status int, body string, headers ...string) *http.Response {
	h := http.Header{"Content-Type": {"application/json"}}
	for _, line := range headers {
		name, value, _ := strings.Cut(line, ": ")
		h.Set(name, value)
	}
	return &http.Response{StatusCode: status, Header: h, Body: io.NopCloser(strings.NewReader(body))}
}

// allow returns an answer function that throttles all above the rate, with this header.
func allow(r float64, burst int, header string) func(*http.Request, string) *http.Response {
	l := rate.NewLimiter(rate.Limit(r), burst)
	return func(*http.Request, string) *http.Response {
		if l.Allow() {
			return say(200, `{"updated":1}`)
		}
		return say(429, `{"code":"resource_exhausted","msg":"Quá nhiều yêu cầu"}`, header)
	}
}

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
