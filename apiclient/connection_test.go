package apiclient

import (
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"etelecom-import/apiclient/fakenet"
	"etelecom-import/apiclient/transport"
)

const answered = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 87\r\n\r\n" + created

// What ends an answer too early is told as what it is, wherever the answer stood.
func TestWhyAnAnswerEnds(t *testing.T) {
	for _, got := range []string{
		"", "HT", "HTTP/1.1 200 OK\r\nContent-Ty", "HTTP/1.1 200 OK\r\n", "HTTP/1.1 103 X\r\n\r\nHTTP/1.1 20",
		"HTTP/1.1 200 OK\r\nContent-Length: 90\r\n\r\n{\"id", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9",
		"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\n{\"id",
	} {
		for end, why := range map[string]string{"late": "no complete answer within 150ms", "closed": "the connection was closed before the answer was complete"} {
			t.Run(fmt.Sprintf("%s, %q", end, got), func(t *testing.T) {
				t.Parallel()
				c := newTestClient(t, Config{Timeout: 150 * time.Millisecond, BaseURL: socket(t, func(conn net.Conn) {
					request(conn)
					respond(conn, got)
					if end == "late" {
						_, _ = conn.Read(make([]byte, 1))
					}
				})})
				_, _, err := create1(t, c)
				if e := want(t, err, Unknown, true, false, false); !strings.Contains(e.Error(), why) {
					t.Errorf("%v", e)
				}
			})
		}
	}
}

// A status that HTTP does not have is no promise, and what looks like an answer in its body is none.
func TestStatusBelow100(t *testing.T) {
	for _, status := range []string{"000", "099"} {
		c := newTestClient(t, Config{BaseURL: socket(t, func(conn net.Conn) {
			request(conn)
			respond(conn, fmt.Sprintf("HTTP/1.1 %s X\r\nContent-Length: %d\r\n\r\n%s", status, len(answered), answered))
		})})
		_, intents, err := create1(t, c)
		var e *Error
		if !errors.As(err, &e) || e.Outcome != Unknown || intents != 1 {
			t.Errorf("%s: %v after %d intents", status, err, intents)
		}
	}
}

// A request that crosses the close of its connection says nothing of the account: also what is asked once is asked again then.
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

func creating(w http.ResponseWriter, r *http.Request) {
	_, _ = io.Copy(io.Discard, r.Body)
	w.Header().Set("Content-Type", "application/json")
	_, _ = io.WriteString(w, created)
}
