package console

import (
	"fmt"
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
	Wait     time.Duration // how long; 0 or less: not known
}

// line returns the progress in one line of at most the given columns.
func (f frame) line(columns int) string {
	switch {
	case f.Waiting != "":
	case f.Listing && f.Users+f.Extensions > 0:
		return layout.Truncate(message.Sprintf("reading the tenant: %s", f.readSoFar()), columns)
	case f.Total == 0:
		return layout.Truncate(message.Sprintf("looking at the tenant (%s)", message.Count(f.Requests, "request", "requests")), columns)
	}
	text := strings.Join(f.facts(), ", ")
	if room := columns - layout.Width(text) - 1; room >= len("100% |          |") && f.Total > 0 {
		return f.bar(room) + " " + text
	}
	return layout.Truncate(text, columns)
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
	case f.Waiting != "" && f.Wait <= 0:
		return append(parts, f.Waiting)
	case f.Waiting != "":
		return append(parts, message.Sprintf("waiting %s: %s", clock(f.Wait), f.Waiting))
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

// rateText returns the rate, and the limit if there is one, as the log has it.
func (f frame) rateText() string {
	if f.Limit == 0 {
		return tenths(f.Rate)
	}
	return tenths(f.Rate) + " of " + tenths(f.Limit)
}

// attributes returns the progress as a line of the log has it.
func (f frame) attributes() []any {
	attrs := []any{
		"done", f.Done, "total", f.Total, "failed", f.Failed, "unknown", f.Unknown,
		"requests", f.Requests, "requests_per_second", f.rateText(),
	}
	if f.Listing {
		attrs = append(attrs, "reading", f.readSoFar())
	}
	switch {
	case f.Waiting != "":
		attrs = append(attrs, "waiting_for", f.Waiting, "wait", clock(f.Wait))
	case f.Left > 0:
		attrs = append(attrs, "left", clock(f.Left))
	}
	return attrs
}

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
