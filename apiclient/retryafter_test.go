package apiclient

import (
	"net/http"
	"testing"
	"time"
)

func TestRetryAfter(t *testing.T) {
	now := time.Date(2026, 11, 21, 22, 0, 0, 0, time.UTC)
	date := func(d time.Duration) string { return now.Add(d).Format(http.TimeFormat) }
	for _, c := range []struct {
		header, date string
		want         time.Duration
		ok           bool
	}{
		{"", "", 0, false},
		{"0", "", 0, true},
		{"7", "", 7 * time.Second, true},
		{" 7 ", "", 7 * time.Second, true},
		{"300", "", 5 * time.Minute, true},
		{"301", "", 5 * time.Minute, true},
		{"315360000", "", 5 * time.Minute, true},
		{"99999999999999999999999", "", 5 * time.Minute, true},
		{"-7", "", 0, false},
		{"+7", "", 0, false},
		{"1.5", "", 0, false},
		{"1e3", "", 0, false},
		{"soon", "", 0, false},
		{"٣", "", 0, false},
		{date(9 * time.Second), "", 9 * time.Second, true},
		{date(9 * time.Second), date(4 * time.Second), 5 * time.Second, true}, // by the server's own clock
		{date(time.Hour), date(time.Hour - time.Minute), time.Minute, true},
		{date(9 * time.Second), "yesterday", 9 * time.Second, true},
		{date(-9 * time.Second), "", 0, true},
		{date(10 * 365 * 24 * time.Hour), "", 5 * time.Minute, true},
		{"Sat, 21 Nov 2026 25:00:00 GMT", "", 0, false},
		{"Monday, 21-Nov-26 22:00:03 GMT", "", 3 * time.Second, true},
	} {
		got, ok := retryAfter(http.Header{"Retry-After": {c.header}, "Date": {c.date}}, now)
		if got != c.want || ok != c.ok {
			t.Errorf("%q with Date %q: %v, %v, want %v, %v", c.header, c.date, got, ok, c.want, c.ok)
		}
	}
}

func FuzzRetryAfter(f *testing.F) {
	f.Add("7", "")
	f.Add("-7", "Sat, 21 Nov 2026 22:00:00 GMT")
	f.Add("Fri, 31 Dec 9999 23:59:59 GMT", "Mon, 01 Jan 0001 00:00:00 GMT")
	f.Fuzz(func(t *testing.T, header, date string) {
		got, ok := retryAfter(http.Header{"Retry-After": {header}, "Date": {date}}, time.Now())
		if got < 0 || got > maxRetryAfter || !ok && got != 0 {
			t.Errorf("%q with Date %q: %v, %v", header, date, got, ok)
		}
	})
}
