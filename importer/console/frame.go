package console

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/schollz/progressbar/v3"

	"etelecom-import/apiclient/message"
	"etelecom-import/importer"
	"etelecom-import/importer/console/layout"
)

// frame is the progress of a run at one moment.
type frame struct {
	importer.Standing
	Requests int64
	Rate     float64       // requests per second, over the last seconds
	Limit    float64       // the most that Rate may be; 0: no limit
	Left     time.Duration // until all rows are done, at the pace of the last seconds; 0: not known
	Waiting  string        // what for; "" if nothing is waited for
	Until    time.Time     // until when; zero: not known
	At       time.Time     // the moment
}

// wait returns how long is still waited; 0 or less: not known.
func (f frame) wait() time.Duration { return f.Until.Sub(f.At) }

// line returns the progress in one line of at most the given columns, with a bar if there is room.
func (f frame) line(columns int) string {
	text := f.text()
	if room := columns - layout.Width(text) - 1; room >= len("100% |          |") && f.isWork() {
		return f.bar(room) + " " + text
	}
	return layout.Truncate(text, columns)
}

// text returns the progress in one line, however long.
func (f frame) text() string {
	switch {
	case f.Waiting != "" || f.isWork():
		return strings.Join(f.facts(), ", ")
	case f.Listing && f.Users+f.Extensions > 0:
		return message.Sprintf("reading the tenant: %s", f.readSoFar())
	}
	return message.Sprintf("looking at the tenant (%s)", message.Count(f.Requests, "request", "requests"))
}

// isWork reports whether rows are worked on, and the tenant is not being read.
func (f frame) isWork() bool {
	isReading := f.Listing && f.Users+f.Extensions > 0 && f.Waiting == ""
	return f.Total > 0 && !isReading
}

// facts returns the parts of the line, the most important first: a narrow terminal cuts off the end.
func (f frame) facts() []string {
	var parts []string
	if f.Total > 0 {
		parts = append(parts, message.Sprintf("%d of %d done", f.Done, f.Total))
	}
	if f.Failed > 0 {
		parts = append(parts, message.Sprintf("%d failed", f.Failed))
	}
	if f.Unknown > 0 {
		parts = append(parts, message.Sprintf("%d unknown", f.Unknown))
	}
	switch {
	case f.Waiting != "" && f.wait() <= 0:
		return append(parts, f.Waiting)
	case f.Waiting != "":
		return append(parts, message.Sprintf("waiting until %s (%s): %s", message.Clock(f.Until), clock(f.wait()), f.Waiting))
	}
	if f.Left > 0 {
		parts = append(parts, message.Sprintf("%s left", clock(f.Left)))
	}
	if f.Limit == 0 {
		return append(parts, message.Sprintf("%s requests/s", tenths(f.Rate)))
	}
	return append(parts, message.Sprintf("%s of %s requests/s", tenths(f.Rate), tenths(f.Limit)))
}

// bar draws how much of the work is done, in the given number of columns.
func (f frame) bar(columns int) string {
	const around = len(" 100% || ")
	b := progressbar.NewOptions64(f.Total,
		progressbar.OptionSetWriter(discard{}),
		progressbar.OptionSetWidth(columns-around),
		progressbar.OptionSetPredictTime(false),
		progressbar.OptionSetElapsedTime(false),
		progressbar.OptionSetTheme(progressbar.Theme{Saucer: "█", SaucerPadding: " ", BarStart: "|", BarEnd: "|"}),
	)
	_ = b.Set64(min(f.Done+f.Failed, f.Total))
	_ = b.RenderBlank()
	return strings.Trim(b.String(), "\r ")
}

// readSoFar says how far the listings have been read.
func (f frame) readSoFar() string {
	const page = 100 // entries, as the API sends them
	at := max((f.Users+page-1)/page, (f.Extensions+page-1)/page)
	if f.Extensions == 0 {
		return message.Sprintf("%s users, page %d", thousands(f.Users), at)
	}
	return message.Sprintf("%s users, %s extensions, page %d", thousands(f.Users), thousands(f.Extensions), at)
}

// attributes returns the progress as JSON has it.
func (f frame) attributes() []any {
	attrs := []any{
		"done", f.Done, "total", f.Total, "failed", f.Failed, "unknown", f.Unknown,
		"requests", f.Requests, "requests_per_second", rounded(f.Rate),
	}
	if f.Limit > 0 {
		attrs = append(attrs, "limit_per_second", rounded(f.Limit))
	}
	if f.Listing {
		attrs = append(attrs, "users_read", f.Users, "extensions_read", f.Extensions)
	}
	switch {
	case f.Waiting != "":
		attrs = append(attrs, "waiting_for", f.Waiting)
		if !f.Until.IsZero() {
			attrs = append(attrs, "waiting_until", f.Until)
		}
	case f.Left > 0:
		attrs = append(attrs, "seconds_left", int64(f.Left/time.Second))
	}
	return attrs
}

// rounded returns a number with one decimal.
func rounded(n float64) float64 { return math.Round(n*10) / 10 }

// discard is the writer of the bar. The bar returns its text instead, so that one lock guards everything that is printed.
type discard struct{}

func (discard) Write(p []byte) (int, error) { return len(p), nil }

// thousands writes a number as people read it: 2,300.
func thousands(n int64) string {
	text := strconv.FormatInt(n, 10)
	for i := len(text) - 3; i > 0; i -= 3 {
		text = text[:i] + "," + text[i:]
	}
	return text
}

// tenths writes a number with one decimal, unless that is 0.
func tenths(n float64) string { return strings.TrimSuffix(fmt.Sprintf("%.1f", n), ".0") }

// clock writes a time to wait as people read it off a watch: 0:25, 12:03, 1:00:00.
func clock(d time.Duration) string {
	s := int((max(d, 0) + time.Second - 1) / time.Second)
	if s >= 3600 {
		return fmt.Sprintf("%d:%02d:%02d", s/3600, s/60%60, s%60)
	}
	return fmt.Sprintf("%d:%02d", s/60, s%60)
}
