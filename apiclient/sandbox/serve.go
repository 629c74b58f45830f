package sandbox

import (
	"context"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"time"
)

// farewell is how long calls that are being answered may take when serving ends.
const farewell = 2 * time.Second

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
	ctx, cancel := context.WithTimeout(context.Background(), farewell)
	defer cancel()
	if err := server.Shutdown(ctx); err != nil {
		_ = server.Close() // the calls that are never answered
	}
	return nil
}
