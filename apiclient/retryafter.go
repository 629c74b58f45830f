package apiclient

import (
	"net/http"
	"strconv"
	"strings"
	"time"
)

const maxRetryAfter = 5 * time.Minute

// retryAfter returns how long an answer asks to wait, from 0 to maxRetryAfter. ok is false if it has no Retry-After that can be
// read. A date counts from the Date of the answer, or from now if that is missing.
func retryAfter(h http.Header, now time.Time) (wait time.Duration, ok bool) {
	s := strings.TrimSpace(h.Get("Retry-After"))
	if s == "" {
		return 0, false
	}
	if digits(s) {
		seconds, err := strconv.ParseUint(s, 10, 64)
		if err != nil || seconds > uint64(maxRetryAfter/time.Second) {
			return maxRetryAfter, true
		}
		return time.Duration(seconds) * time.Second, true
	}
	until, err := http.ParseTime(s)
	if err != nil {
		return 0, false
	}
	if date, err := http.ParseTime(h.Get("Date")); err == nil {
		now = date
	}
	return min(max(until.Sub(now), 0), maxRetryAfter), true
}

func digits(s string) bool {
	return strings.Trim(s, "0123456789") == ""
}
