package sandbox

import (
	"context"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"sync"
	"time"
)

// shutdownGrace is how long calls that are being answered may take when serving ends.
const shutdownGrace = 2 * time.Second

// Start opens a tenant and serves it at c.Addr, until stop is called; that ends it as the end of Serve's context does, and
// closes the tenant.
func Start(c Config) (t *Tenant, stop func(), err error) {
	t, l, err := Listen(c)
	if err != nil {
		return nil, nil, err
	}
	ctx, cancel := context.WithCancel(context.Background())
	var serving sync.WaitGroup
	serving.Go(func() { _ = t.Serve(ctx, l) })
	return t, func() {
		cancel()
		serving.Wait()
		t.Close()
	}, nil
}

// Listen opens a tenant and, before that, its address: a [net.OpError] says that c.Addr cannot be had.
func Listen(c Config) (*Tenant, net.Listener, error) {
	l, err := net.Listen("tcp", c.Addr)
	if err != nil {
		return nil, nil, err
	}
	c.Addr = l.Addr().String()
	t, err := Open(c)
	if err != nil {
		return nil, nil, errors.Join(err, l.Close())
	}
	return t, l, nil
}

// Serve answers calls on l, whose address becomes that of [Tenant.BaseURL], until ctx ends; then it lets answers that
// are under way finish for 2 s, cuts off the rest, and returns nil. It closes l, and leaves the tenant open.
func (t *Tenant) Serve(ctx context.Context, l net.Listener) error {
	t.mu.Lock()
	t.addr = l.Addr().String()
	t.mu.Unlock()
	server := &http.Server{
		Handler: t, ReadHeaderTimeout: time.Minute,
		ErrorLog: log.New(io.Discard, "", 0), // cut connections are what the tenant is for
	}
	stopped := make(chan error, 1)
	stop := context.AfterFunc(ctx, func() { stopped <- shutDown(server) })
	err := server.Serve(l)
	if stop() || !errors.Is(err, http.ErrServerClosed) {
		return errors.Join(err, server.Close())
	}
	return <-stopped
}

func shutDown(server *http.Server) error {
	ctx, cancel := context.WithTimeout(context.Background(), shutdownGrace)
	defer cancel()
	if err := server.Shutdown(ctx); err != nil {
		_ = server.Close() // the calls that are never answered
	}
	return nil
}
