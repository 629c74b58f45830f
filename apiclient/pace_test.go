package apiclient

import (
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// work sends n assigns from so many workers, and returns how long it took.
func work(t *testing.T, c *Client, workers, n int) time.Duration {
	start := time.Now()
	jobs := make(chan int)
	var wg sync.WaitGroup
	for range workers {
		wg.Go(func() {
			for range jobs {
				if err := c.AssignUserToExtension(t.Context(), 1, 2, nil); err != nil {
					t.Error(err)
				}
			}
		})
	}
	for i := range n {
		jobs <- i
	}
	close(jobs)
	wg.Wait()
	return time.Since(start)
}

func TestFindsTheTenantsLimit(t *testing.T) {
	for _, ceiling := range []float64{200, 0, 50, 41, 2000} {
		for _, burst := range []int{1, 5, 10, 20, 40} {
			for _, after := range []string{"1", "", "0"} {
				for _, latency := range []time.Duration{0, 5 * time.Millisecond, 50 * time.Millisecond, 200 * time.Millisecond} {
					for _, workers := range []int{8, 32} {
						if latency == 0 && ceiling == 0 {
							continue
						}
						if latency == 200*time.Millisecond && workers == 8 {
							continue
						}
						t.Run(fmt.Sprint(ceiling, " burst=", burst, " after=", after, " ", latency, " workers=", workers), func(t *testing.T) {
							synctest.Test(t, func(t *testing.T) {
								headers := []string{"Retry-After: " + after}
								if after == "" {
									headers = nil
								}
								w := &wire{latency: latency, answer: allow(40, burst, say(429, "", headers...))}
								c := newTestClient(t, Config{Rate: ceiling, Transport: w})
								took := work(t, c, workers, 2400)
								use := 2400 / took.Seconds() / 40
								refused := float64(w.statuses[429]) / float64(len(w.arrivals))
								t.Logf("use %.3f refused %.4f", use, refused)
								if use < 0.85 || refused > 0.03 {
									t.Errorf("OUT use %.3f refused %.4f", use, refused)
								}
							})
						})
					}
				}
			}
		}
	}
}
