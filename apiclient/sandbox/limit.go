package sandbox

import (
	"math"
	"net/http"
	"strconv"
	"sync"
	"time"
)

// limiter is the tenant's rate limit: a token bucket.
type limiter struct {
	retryAfter string // as Config.RetryAfter

	mu     sync.Mutex // guards what follows
	rate   float64    // tokens per second; 0: no limit
	size   float64    // tokens that the bucket holds
	tokens float64
	last   time.Time // when the tokens were counted; zero: never
}

func newLimiter(c *Config) *limiter {
	l := &limiter{retryAfter: c.RetryAfter}
	l.SetLimit(c.Limit, c.LimitBurst)
	return l
}

// SetLimit changes the rate limit, as Config.Limit (requests per second; 0: no limit) and Config.LimitBurst (0: one
// second's worth) do. The full burst is available at once.
func (l *limiter) SetLimit(rate float64, burst int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.rate, l.size, l.last = rate, float64(burst), time.Time{}
	if burst <= 0 {
		l.size = max(1, math.Ceil(rate))
	}
	l.tokens = l.size
}

// take takes a token. If the bucket is empty, it returns how long to wait for the next one.
func (l *limiter) take(now time.Time) (wait time.Duration, ok bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.rate <= 0 {
		return 0, true
	}
	if !l.last.IsZero() {
		l.tokens = min(l.size, l.tokens+now.Sub(l.last).Seconds()*l.rate)
	}
	l.last = now
	if l.tokens < 1 {
		return time.Duration((1 - l.tokens) / l.rate * float64(time.Second)), false
	}
	l.tokens--
	return 0, true
}

// retryAfter is the Retry-After header that a word of the configuration names: seconds and date are right, past, years
// and garbage are mistakes that servers make, none and "" give no header. Any other word is the header itself.
func retryAfter(word string, now time.Time, wait time.Duration) string {
	switch word {
	case "", "none":
		return ""
	case "seconds":
		return strconv.Itoa(int(math.Ceil(max(1, wait.Seconds()))))
	case "date":
		return now.Add(max(2*time.Second, wait)).UTC().Format(http.TimeFormat)
	case "past":
		return now.Add(-time.Hour).UTC().Format(http.TimeFormat)
	case "years":
		return now.AddDate(10, 0, 0).UTC().Format(http.TimeFormat)
	case "garbage":
		return "soon, perhaps"
	}
	return word
}
