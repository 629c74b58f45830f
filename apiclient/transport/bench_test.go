package transport

import (
	"bytes"
	"context"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"etelecom-import/apiclient/wiretest"
)

// BenchmarkRoundTrip sends the same writes to the same server on loopback over this package's transport and over that of
// net/http, from 8 goroutines for each processor. The server's work is in both figures.
func BenchmarkRoundTrip(b *testing.B) {
	const idle = 64
	own := &Transport{Idle: idle}
	standard := &http.Transport{MaxIdleConnsPerHost: idle}
	for _, c := range []struct {
		name string
		tls  bool
		do   func(*http.Request) (*http.Response, error)
	}{
		{"transport", false, own.RoundTrip},
		{"leased", false, func(r *http.Request) (*http.Response, error) {
			lease := own.Lease(r.URL, true)
			for ok := false; !ok; ok = lease.Ready() {
				if err := lease.Prepare(r.Context(), connectTimeout); err != nil {
					return nil, err
				}
			}
			return lease.RoundTrip(r)
		}},
		{"nethttp", false, standard.RoundTrip},
		{"transport, TLS", true, own.RoundTrip},
		{"nethttp, TLS", true, standard.RoundTrip},
	} {
		b.Run(c.name, func(b *testing.B) {
			s := httptest.NewUnstartedServer(http.HandlerFunc(wiretest.Create))
			s.Config.ErrorLog = log.New(io.Discard, "", 0) // net/http dials more connections than it uses
			defer s.Close()
			if c.tls {
				s.StartTLS()
				own.TLS = s.Client().Transport.(*http.Transport).TLSClientConfig
				standard.TLSClientConfig = own.TLS
			} else {
				s.Start()
			}
			defer own.CloseIdleConnections()
			defer standard.CloseIdleConnections()
			r := post(b.Context(), b, s.URL)
			body, err := io.ReadAll(r.Body)
			if err != nil {
				b.Fatal(err)
			}
			b.ReportAllocs()
			b.SetParallelism(8)
			b.ResetTimer()
			b.RunParallel(func(pb *testing.PB) {
				for pb.Next() {
					ctx, cancel := context.WithTimeout(b.Context(), 30*time.Second)
					r := r.WithContext(WithDeadlineToSend(ctx, time.Now().Add(5*time.Second)))
					r.Body = io.NopCloser(bytes.NewReader(body))
					resp, err := c.do(r)
					if err != nil {
						b.Error(err)
						cancel()
						continue
					}
					_, _ = io.Copy(io.Discard, resp.Body)
					_ = resp.Body.Close()
					cancel()
				}
			})
		})
	}
}
