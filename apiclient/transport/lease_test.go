package transport

import (
	"errors"
	"net"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"etelecom-import/apiclient/fakenet"
	"etelecom-import/apiclient/wiretest"
)

// An idle connection stays in the pool until a lease is ready. A lease that comes too late dials, and a released connection goes
// back to the pool.
func TestLeases(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, opened := far(t, time.Millisecond, &http.Server{Handler: http.HandlerFunc(wiretest.Create)})
		if _, err := c.write(t); err != nil {
			t.Fatal(err)
		}
		u := post(t.Context(), t, c.base).URL
		first, second := c.Lease(u, true), c.Lease(u, true)
		for _, l := range []*Lease{first, second} {
			if err := l.Prepare(t.Context(), time.Second); err != nil || l.conn != nil {
				t.Fatalf("%v, with a connection of its own: %v", err, l.conn != nil)
			}
		}
		if !first.Ready() || second.Ready() {
			t.Error("the one idle connection is not the first lease's")
		}
		if err := second.Prepare(t.Context(), time.Second); err != nil || !second.Ready() || opened.Load() != 2 {
			t.Errorf("%v, %d connections", err, opened.Load())
		}
		second.Release()
		second.Release() // there is nothing left to release
		if n := len(c.pool.idle); n != 1 {
			t.Errorf("%d idle connections", n)
		}
		if got, err := read(first.RoundTrip(post(t.Context(), t, c.base))); err != nil || got != wiretest.Created {
			t.Errorf("%v, %v", got, err)
		}
		if got, err := read(first.RoundTrip(post(t.Context(), t, c.base))); err != nil || got != wiretest.Created || opened.Load() != 2 {
			t.Errorf("a lease that is used up: %v, %v, %d connections", got, err, opened.Load())
		}
	})
}

// A new connection that the server closes is an error. One that has only grown old is replaced.
func TestLeaseOfAClosedConnection(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		network := fakenet.New(time.Millisecond)
		accept := func(serve func(net.Conn)) *Lease {
			go func() {
				if conn, err := network.Accept(); err == nil {
					serve(conn)
				}
			}()
			transport := &Transport{Dial: network.Dial}
			lease := transport.Lease(post(t.Context(), t, "http://127.0.0.1:1").URL, true)
			if err := lease.Prepare(t.Context(), time.Second); err != nil {
				t.Fatal(err)
			}
			return lease
		}
		closed := accept(func(conn net.Conn) { _ = conn.Close() })
		time.Sleep(time.Second)
		if closed.Ready() {
			t.Error("a closed connection is ready")
		}
		if err := closed.Prepare(t.Context(), time.Second); !errors.Is(err, errClosedUnused) {
			t.Error(err)
		}
		old := accept(func(net.Conn) {})
		time.Sleep(anyIdleLimit - time.Second)
		if !old.Ready() {
			t.Error("a connection that no request has used is too old too soon")
		}
		time.Sleep(2 * time.Second)
		if old.Ready() {
			t.Error("an old connection is ready")
		}
		go func() { _, _ = network.Accept() }()
		if err := old.Prepare(t.Context(), time.Second); err != nil || !old.Ready() {
			t.Error(err)
		}
		old.conn.Close()
	})
}
