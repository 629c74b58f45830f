package apiclient

import (
	"crypto/tls"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"etelecom-import/apiclient/fakenet"
	"etelecom-import/apiclient/transport"
)

// arrivals are the moments at which a server read the first byte of each request.
type arrivals struct {
	mu sync.Mutex
	at []time.Time
}

// noting is a connection of the server. Its first read after an answer, and its first of all, is a request's.
type noting struct {
	net.Conn
	arrivals *arrivals
	mu       sync.Mutex
	reading  bool // a request
}

func (n *noting) Read(b []byte) (int, error) {
	m, err := n.Conn.Read(b)
	n.mu.Lock()
	defer n.mu.Unlock()
	if m > 0 && !n.reading {
		n.reading = true
		n.arrivals.mu.Lock()
		n.arrivals.at = append(n.arrivals.at, time.Now())
		n.arrivals.mu.Unlock()
	}
	return m, err
}

func (n *noting) Write(b []byte) (int, error) {
	n.mu.Lock()
	n.reading = false
	n.mu.Unlock()
	return n.Conn.Write(b)
}

// stalling accepts connections whose TLS handshakes take a while.
type stalling struct {
	net.Listener
	config   *tls.Config
	arrivals *arrivals
}

func (s *stalling) Accept() (net.Conn, error) {
	c, err := s.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return &noting{Conn: tls.Server(c, s.config), arrivals: s.arrivals}, nil
}

// However long it takes to connect, however many wait for that, and whatever the intents cost: no second sees more than
// the rate, and none sees less for long.
func TestStallsKeepTheRate(t *testing.T) {
	good, roots := certificate(t, time.Now().Add(time.Hour))
	for _, c := range []struct {
		name            string
		stall           time.Duration // of a handshake
		every           int           // only each of so many stalls
		once            bool          // the server closes each connection after one answer
		delay           time.Duration // each way
		intent          time.Duration
		workers         int
		rate            float64
		least, requests int // sent per 10 s, once it has begun
	}{
		{"stalls", 4 * time.Second, 1, false, 10 * time.Millisecond, 0, 8, 10, 95, 200},
		{"stalls", 4 * time.Second, 1, false, 10 * time.Millisecond, 0, 64, 10, 95, 300},
		{"stalls, far", 4 * time.Second, 1, false, 300 * time.Millisecond, 0, 64, 10, 85, 300},
		{"some stall", 4 * time.Second, 3, false, 200 * time.Millisecond, 0, 64, 10, 90, 300},
		{"stalls, each", 4 * time.Second, 1, true, 10 * time.Millisecond, 0, 64, 10, 95, 300},
		{"short stalls, each", 150 * time.Millisecond, 1, true, 10 * time.Millisecond, 0, 8, 10, 95, 200},
		{"stalls and slow intents", 4 * time.Second, 1, false, 10 * time.Millisecond, 800 * time.Millisecond, 64, 10, 90, 300},
		{"slow intents", 0, 1, false, 10 * time.Millisecond, 2 * time.Second, 64, 10, 90, 300},
		{"slow", 4 * time.Second, 1, false, 10 * time.Millisecond, 0, 8, 0.5, 4, 20},
	} {
		t.Run(fmt.Sprintf("%s, %d workers", c.name, c.workers), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				network, got := fakenet.New(c.delay), new(arrivals)
				var mu sync.Mutex
				connections := 0
				config := &tls.Config{Certificates: []tls.Certificate{good}, GetConfigForClient: func(*tls.ClientHelloInfo) (*tls.Config, error) {
					mu.Lock()
					connections++
					stall := connections%c.every == 0
					mu.Unlock()
					if stall {
						time.Sleep(c.stall)
					}
					return nil, nil
				}}
				config.Time, config.SessionTicketsDisabled = time.Now, true
				server := &http.Server{ErrorLog: log.New(io.Discard, "", 0), Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					if c.once {
						w.Header().Set("Connection", "close")
					}
					creating(w, r)
				})}
				go func() { _ = server.Serve(&stalling{network, config, got}) }()
				defer server.Close()
				trust := &tls.Config{RootCAs: roots, Time: func() time.Time { return time.Now().AddDate(26, 0, 0) }}
				trust.InsecureSkipVerify = true // the bubble's clock is before all certificates
				client := newTestClient(t, Config{BaseURL: "https://127.0.0.1:1/v1/partner", Rate: c.rate, Transport: &transport.Transport{Idle: c.workers, Dial: network.Dial, TLS: trust}})
				defer client.CloseIdleConnections()
				jobs := make(chan int)
				var wg sync.WaitGroup
				for range c.workers {
					wg.Go(func() {
						for range jobs {
							var asked time.Time
							_, err := client.CreateAccountUser(t.Context(), person, func() error {
								asked = time.Now()
								time.Sleep(c.intent)
								return nil
							})
							if took := time.Since(asked); err != nil || took > IntentTTL+time.Second {
								t.Errorf("%v, %v after the intent", err, took)
							}
						}
					})
				}
				began := time.Now()
				for i := range c.requests {
					jobs <- i
				}
				close(jobs)
				wg.Wait()
				took := time.Since(began)
				n := most(got.at)
				t.Logf("%d requests over %d connections in %v, at most %d in a second", len(got.at), connections, took, n)
				if len(got.at) != c.requests || n > int(c.rate)+1 {
					t.Errorf("%d requests, %d in one second", len(got.at), n)
				}
				if rest := took - c.stall - c.intent - 4*c.delay; float64(c.requests-1)/rest.Seconds()*10 < float64(c.least) {
					t.Errorf("%d requests took %v", c.requests, took)
				}
			})
		})
	}
}
