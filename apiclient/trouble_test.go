package apiclient

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"sync"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"etelecom-import/apiclient/fakenet"
	"etelecom-import/apiclient/transport"
)

// failing is a transport whose connections all fail so, without DNS and without a network.
func failing(err error) http.RoundTripper {
	return &transport.Transport{
		Proxy: func(*http.Request) (*url.URL, error) { return nil, nil },
		Dial:  func(context.Context, string, string) (net.Conn, error) { return nil, err },
	}
}

func dialing(err error) error {
	return &net.OpError{Op: "dial", Net: "tcp", Err: os.NewSyscallError("connect", err)}
}

// silent is a transport to a server that takes connections and never answers.
func silent(t *testing.T) http.RoundTripper {
	network := fakenet.New(10 * time.Millisecond)
	t.Cleanup(func() {
		time.Sleep(time.Second) // fake: the ends of the connections arrive
		_ = network.Close()
	})
	go func() {
		for {
			conn, err := network.Accept()
			if err != nil {
				return
			}
			go func() { // until the client hangs up
				_, _ = io.Copy(io.Discard, conn)
				_ = conn.Close()
			}()
		}
	}()
	return &transport.Transport{Proxy: func(*http.Request) (*url.URL, error) { return nil, nil }, Dial: network.Dial}
}

// Each failed attempt of a read is told at once, with its number, and the last error says what the trouble is.
func TestSetbacks(t *testing.T) {
	answers := func(status int, body string, headers ...string) func(*testing.T) http.RoundTripper {
		return func(*testing.T) http.RoundTripper {
			return &wire{latency: time.Millisecond, answer: func(*http.Request, string) *http.Response { return say(status, body, headers...) }}
		}
	}
	fails := func(err error) func(*testing.T) http.RoundTripper {
		return func(*testing.T) http.RoundTripper { return failing(err) }
	}
	throughProxy := func(*testing.T) http.RoundTripper {
		return &transport.Transport{
			Proxy: func(*http.Request) (*url.URL, error) { return url.Parse("http://127.0.0.1:3128") },
			Dial:  func(context.Context, string, string) (net.Conn, error) { return nil, dialing(syscall.ECONNREFUSED) },
		}
	}
	for name, c := range map[string]struct {
		transport func(*testing.T) http.RoundTripper
		want      Trouble
		status    int
		pause     time.Duration
		most      int
	}{
		"no such host":   {fails(&net.OpError{Op: "dial", Err: &net.DNSError{Err: "no such host", Name: "x", IsNotFound: true}}), UnknownName, 0, 0, maxReads},
		"DNS is silent":  {fails(&net.OpError{Op: "dial", Err: &net.DNSError{Err: "i/o timeout", Name: "x", IsTimeout: true}}), NoNameServer, 0, 0, maxReads},
		"refused":        {fails(dialing(syscall.ECONNREFUSED)), ConnectionRefused, 0, 0, maxReads},
		"no way":         {fails(dialing(syscall.EHOSTUNREACH)), Unreachable, 0, 0, maxReads},
		"no network":     {fails(dialing(syscall.ENETUNREACH)), Unreachable, 0, 0, maxReads},
		"not allowed":    {fails(dialing(syscall.EPERM)), Forbidden, 0, 0, maxReads},
		"slow connect":   {fails(dialing(syscall.ETIMEDOUT)), TooSlow, 0, 0, maxReads},
		"slow to dial":   {fails(&net.OpError{Op: "dial", Err: context.DeadlineExceeded}), TooSlow, 0, 0, maxReads},
		"no answer":      {silent, TooSlow, 0, 0, maxReads},
		"cut":            {fails(dialing(syscall.ECONNRESET)), Disconnected, 0, 0, maxReads},
		"something else": {fails(errors.New("a cosmic ray")), OtherTrouble, 0, 0, maxReads},
		"no proxy":       {throughProxy, ProxyFails, 0, 0, maxReads},
		"503":            {answers(503, ""), ServerFails, 503, 0, maxReads},
		"500":            {answers(500, `{"code":"internal","msg":"Đã có lỗi"}`), ServerFails, 500, 0, maxReads},
		"a page":         {answers(200, "<html>", "Content-Type: text/html"), WrongServer, 200, 0, maxReads},
		"429":            {answers(429, `{"code":"resource_exhausted","msg":"x"}`, "Retry-After: 7"), Throttled, 429, 7 * time.Second, maxThrottled},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var told []Setback
				began := time.Now()
				var first time.Duration
				client := newTestClient(t, Config{Transport: c.transport(t), Jitter: func() float64 { return 0.5 }, OnSetback: func(s Setback) {
					if told = append(told, s); len(told) == 1 {
						first = time.Since(began)
					}
				}})
				_, err := collect(client.GetAccountUsers(t.Context(), UserFilter{}))
				var e *Error
				if !errors.As(err, &e) || e.Trouble != c.want || e.Host != "127.0.0.1:1" || e.Trouble.String() == "" {
					t.Fatalf("%v: trouble %d, host %q", err, e.Trouble, e.Host)
				}
				if len(told) != c.most {
					t.Fatalf("%d setbacks, want %d", len(told), c.most)
				}
				for i, s := range told {
					next, of := i+2, c.most
					if i == c.most-1 {
						next, of = 0, 0
					}
					if s.Next != next || s.Of != of || s.Host != "127.0.0.1:1" || s.Err.Trouble != c.want || s.Err.Status != c.status || s.Err.RetryAfter != c.pause {
						t.Errorf("setback %d: %+v of %v", i, s, s.Err)
					}
				}
				// It is told when the attempt has failed, and not after the wait for the next one.
				if limit := defaultTimeout + time.Second; first > limit || name != "no answer" && first > 50*time.Millisecond {
					t.Errorf("the first is told after %v", first)
				}
			})
		})
	}
}

// A write that may have taken effect is not tried again, so nobody is told so; one that was not sent is.
func TestSetbacksOfWrites(t *testing.T) {
	for name, c := range map[string]struct {
		transport http.RoundTripper
		want      int
	}{
		"not sent":  {failing(dialing(syscall.ECONNREFUSED)), maxUnsent - 1},
		"no answer": {&wire{answer: func(*http.Request, string) *http.Response { return say(500, "") }}, 0},
		"refused":   {&wire{answer: func(*http.Request, string) *http.Response { return say(400, `{"code":"invalid_argument","msg":"x"}`) }}, 0},
	} {
		synctest.Test(t, func(t *testing.T) {
			told := 0
			client := newTestClient(t, Config{Transport: c.transport, OnSetback: func(Setback) { told++ }})
			if _, _, err := create1(t, client); err == nil || told != c.want {
				t.Errorf("%s: %d setbacks, want %d; %v", name, told, c.want, err)
			}
		})
	}
}

// Calls of several goroutines may fail at the same time.
func TestSetbacksTogether(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var mu sync.Mutex
		told := 0
		client := newTestClient(t, Config{Transport: failing(dialing(syscall.ECONNREFUSED)), OnSetback: func(Setback) {
			mu.Lock()
			defer mu.Unlock()
			told++
		}})
		var calls sync.WaitGroup
		for range 8 {
			calls.Go(func() { _ = client.Probe(t.Context()) })
		}
		if calls.Wait(); told != 8*maxReads {
			t.Errorf("%d setbacks", told)
		}
	})
}

// The errors of Windows have other numbers.
func TestTroubleOnWindows(t *testing.T) {
	for number, want := range map[syscall.Errno]Trouble{
		10061: ConnectionRefused, 10051: Unreachable, 10065: Unreachable, 10060: TooSlow, 10054: Disconnected, 10013: Forbidden,
	} {
		if got := networkTrouble(fmt.Errorf("x: %w", dialing(number))); got != want {
			t.Errorf("%d: %v, want %v", number, got, want)
		}
	}
}

func TestTroubleTexts(t *testing.T) {
	for trouble := UnknownName; trouble <= OtherTrouble; trouble++ {
		if trouble.String() == "" {
			t.Errorf("trouble %d has no text", trouble)
		}
	}
}
