package programtest

import (
	"context"
	"net"
	"sync"
	"testing"

	"etelecom-import/apiclient/sandbox"
)

// AnyPort is an address on loopback for [Serve], with a port that is free.
const AnyPort = "127.0.0.1:0"

// Serve puts a tenant behind a socket, until the test ends or stop is called. It returns the API's address.
func Serve(t testing.TB, tenant *sandbox.Tenant, address string) (baseURL string, stop func()) {
	t.Helper()
	l, err := net.Listen("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	var serving sync.WaitGroup
	serving.Go(func() { _ = tenant.Serve(ctx, l) })
	stop = sync.OnceFunc(func() { cancel(); serving.Wait() })
	t.Cleanup(stop)
	return "http://" + l.Addr().String() + sandbox.BasePath, stop
}
