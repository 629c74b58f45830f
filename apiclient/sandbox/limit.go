package sandbox

import (
	"math"
	"net/http"
	"strconv"
	"time"
)

// bucket is a token bucket: the tenant's rate limit. The zero value lets everything through.
type bucket struct {
	rate, size, tokens float64
	last               time.Time
	retryAfter         string
}

func newBucket(rate float64, size int, retryAfter string) bucket {
	b := bucket{rate: rate, size: float64(size), retryAfter: retryAfter}
	if size <= 0 {
		b.size = max(1, math.Ceil(rate))
	}
	b.tokens = b.size
	return b
}

// take takes a token. Where there is none, it tells how long it takes until there is one.
func (b *bucket) take(now time.Time) (wait time.Duration, ok bool) {
	if b.rate <= 0 {
		return 0, true
	}
	if !b.last.IsZero() {
		b.tokens = min(b.size, b.tokens+now.Sub(b.last).Seconds()*b.rate)
	}
	b.last = now
	if b.tokens < 1 {
		return time.Duration((1 - b.tokens) / b.rate * float64(time.Second)), false
	}
	b.tokens--
	return 0, true
}

// SetLimit changes the rate limit from now on, as Config.Limit and Config.LimitBurst.
func (t *Tenant) SetLimit(rate float64, burst int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.limit = newBucket(rate, burst, t.limit.retryAfter)
}

// retryAfter is the header's text for a word of the configuration; "" is no header.
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
