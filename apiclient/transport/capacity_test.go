package transport

import (
	"context"
	"errors"
	"net"
	"net/http"
	"os"
	"sync"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"etelecom-import/apiclient/wiretest"
)

// scarce is a system that allows a process a number of connections.
type scarce struct {
	dial func(context.Context, string, string) (net.Conn, error)

	mu                  sync.Mutex
	most, open, refused int
}

func (s *scarce) Dial(ctx context.Context, network, address string) (net.Conn, error) {
	s.mu.Lock()
	if s.open >= s.most {
		s.refused++
		s.mu.Unlock()
		return nil, &net.OpError{Op: "dial", Net: network, Err: os.NewSyscallError("socket", syscall.EMFILE)}
	}
	s.open++
	s.mu.Unlock()
	c, err := s.dial(ctx, network, address)
	return &scarceConn{Conn: c, system: s}, err
}

type scarceConn struct {
	net.Conn
	system *scarce
	once   sync.Once
}

func (c *scarceConn) Close() error {
	c.once.Do(func() {
		c.system.mu.Lock()
		defer c.system.mu.Unlock()
		c.system.open--
	})
	return c.Conn.Close()
}

// If there are fewer files than workers, requests wait for each other's connections, and none fails.
func TestTooManyOpenFiles(t *testing.T) {
	for _, once := range []bool{false, true} {
		for _, most := range []int{20, 1} {
			synctest.Test(t, func(t *testing.T) {
				c, _ := far(t, 10*time.Millisecond, &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					if once {
						w.Header().Set("Connection", "close")
					}
					wiretest.Create(w, r)
				})})
				system := &scarce{dial: c.Dial, most: most}
				c.Dial, c.Idle = system.Dial, 64
				var wg sync.WaitGroup
				for range 64 {
					wg.Go(func() {
						for range 5 {
							_, err := c.write(t)
							for most == 1 && errors.Is(err, errTooLate) { // one connection for 64 takes longer than the deadline is away
								_, err = c.write(t)
							}
							if err != nil {
								t.Error(err)
							}
						}
					})
				}
				wg.Wait()
				system.mu.Lock()
				defer system.mu.Unlock()
				if system.refused == 0 || system.refused > 64 || system.open > max(most*3/4, 1) {
					t.Errorf("of %d connections, %d more were tried, and %d are still open", most, system.refused, system.open)
				}
			})
		}
	}
}

// If others have all the files, waiting does not help: the request fails, and nothing was sent.
func TestNoFileAtAll(t *testing.T) {
	system := &scarce{}
	c := caller{Transport: &Transport{Dial: system.Dial}, base: "http://127.0.0.1:1"}
	if _, err := c.write(t); !isExhausted(err) {
		t.Errorf("leased: %v", err)
	}
	if _, err := c.RoundTrip(post(t.Context(), t, c.base)); !isExhausted(err) || !IsUnsent(err) {
		t.Errorf("%v", err)
	}
}
