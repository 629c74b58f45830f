//go:build unix

package apiclient

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"syscall"
	"testing"
	"time"

	"etelecom-import/apiclient/wiretest"
)

// BenchmarkCall compares a call with a bare loop over net/http that sends the same request and reads the answer. The server's
// work is in both figures.
func BenchmarkCall(b *testing.B) {
	s := httptest.NewServer(http.HandlerFunc(wiretest.Create))
	defer s.Close()
	intent := func() error { return nil }
	b.Run("client", func(b *testing.B) {
		c := newTestClient(b, Config{BaseURL: s.URL + "/v1/partner", Workers: 32})
		measure(b, func() error {
			_, err := c.CreateAccountUser(b.Context(), person, intent)
			return err
		})
	})
	b.Run("bare", func(b *testing.B) {
		client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 32}}
		body := encode(createRequest{person.FullName, testPassword, person.Phone})
		measure(b, func() error {
			r, _ := http.NewRequest(http.MethodPost, s.URL+"/v1/partner.Shop/CreateAccountUser", bytes.NewReader(body))
			r.Header.Set("Content-Type", "application/json")
			r.Header.Set("Authorization", "Bearer "+testKey)
			resp, err := client.Do(r)
			if err != nil {
				return err
			}
			defer resp.Body.Close()
			_, err = io.Copy(io.Discard, resp.Body)
			return err
		})
	})
}

func measure(b *testing.B, call func() error) {
	b.ReportAllocs()
	before := cpu()
	b.SetParallelism(8)
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			if err := call(); err != nil {
				b.Error(err)
			}
		}
	})
	b.ReportMetric(float64((cpu()-before).Nanoseconds())/float64(b.N), "cpu-ns/op")
}

func cpu() time.Duration {
	var u syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &u)
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
