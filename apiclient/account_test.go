package apiclient

import (
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"slices"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"etelecom-import/apiclient/fakenet"
	"etelecom-import/apiclient/secret"
	"etelecom-import/apiclient/transport"
)

// A call that only tells whose account it is takes one request and little time, whatever the answer.
func TestIdentityIsAskedOnce(t *testing.T) {
	for name, answer := range map[string]*http.Response{
		"401": say(401, `{"code":"unauthenticated","msg":"x"}`), "500": say(500, ""), "429": say(429, ""), "page": say(200, "<html>"), "half": say(200, `{"id":`),
	} {
		w := &wire{answer: func(*http.Request, string) *http.Response { return say(answer.StatusCode, bodyOf(answer)) }}
		c := newTestClient(t, Config{Transport: w})
		if _, err := c.CurrentAccount(t.Context()); err == nil {
			t.Errorf("%s: no error", name)
		}
		if len(w.arrivals) != 1 {
			t.Errorf("%s: asked %d times", name, len(w.arrivals))
		}
	}
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		_, err := newTestClient(t, Config{Transport: stuck{}}).CurrentShop(t.Context())
		if took := time.Since(began); err == nil || took > identityTimeout {
			t.Errorf("no answer: %v after %v", err, took)
		}
	})
	w := &wire{answer: func(*http.Request, string) *http.Response {
		return say(200, `{"id":1149,"name":"Cửu Long","domain":"cl.vn","status":"N"}`)
	}}
	c := newTestClient(t, Config{Transport: w})
	if a, err := c.CurrentShop(t.Context()); err != nil || a != (Account{"1149", "Cửu Long"}) {
		t.Errorf("%v, %v", a, err)
	}
	if p, err := c.GetTenant(t.Context()); err != nil || p != (PBX{"1149", "Cửu Long", "cl.vn", "N"}) {
		t.Errorf("%v, %v", p, err)
	}
}

// Names are shown in the plan, the question, the JSON and by check. So nothing that a tenant puts there shows the key or a password.
func TestNamesAreShownWithoutSecrets(t *testing.T) {
	const key, password = testKey, "Hoa\tHong-2026"
	said := `"Cửu Long ` + key + ` Hoa\tHong-2026 HOA\tHONG-2026\u001b[2J"`
	w := &wire{answer: func(*http.Request, string) *http.Response {
		return say(200, `{"id":"1149000000000000077","name":`+said+`,"domain":`+said+`,"status":`+said+`}`)
	}}
	c := newTestClient(t, Config{Transport: w, Hidden: secret.NewSet(slices.Values([]secret.Text{secret.New(password), secret.New("114900")}))})
	a, err := c.CurrentShop(t.Context())
	p, err2 := c.GetTenant(t.Context())
	const want = "Cửu Long [secret] [secret] [secret][2J"
	if errors.Join(err, err2) != nil || a != (Account{"1149000000000000077", want}) || p != (PBX{"1149000000000000077", want, want, want}) {
		t.Errorf("%v %v\n%q\n%q", err, err2, a, p)
	}
}

// stuck never answers.
type stuck struct{}

func (stuck) RoundTrip(r *http.Request) (*http.Response, error) {
	<-r.Context().Done()
	return nil, r.Context().Err()
}

// A request that meets the close of its connection says nothing about the account. So even these calls get another attempt then.
func TestIdentityCrossesAClose(t *testing.T) {
	for _, gap := range []time.Duration{82, 86, 90, 94, 98} {
		synctest.Test(t, func(t *testing.T) {
			network := fakenet.New(10 * time.Millisecond)
			var opened atomic.Int64
			server := &http.Server{
				IdleTimeout: 100 * time.Millisecond, ErrorLog: log.New(io.Discard, "", 0),
				ConnState: func(_ net.Conn, state http.ConnState) {
					if state == http.StateNew {
						opened.Add(1)
					}
				},
				Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
					w.Header().Set("Content-Type", "application/json")
					_, _ = io.WriteString(w, `{"id":"1149000000000000077"}`)
				}),
			}
			go func() { _ = server.Serve(network) }()
			defer server.Close()
			c := newTestClient(t, Config{Transport: &transport.Transport{Idle: 8, Dial: network.Dial}})
			defer c.CloseIdleConnections()
			for range 2 {
				if a, err := c.CurrentAccount(t.Context()); err != nil || a.ID != "1149000000000000077" {
					t.Errorf("after %d ms: %v, %v", int(gap), a, err)
				}
				time.Sleep(gap * time.Millisecond)
			}
			if opened.Load() != 2 {
				t.Errorf("%d connections", opened.Load())
			}
		})
	}
}
