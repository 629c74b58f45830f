package console

import (
	"fmt"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/schollz/progressbar/v3"

	"etelecom-import/apiclient"
	"etelecom-import/importer"
	"etelecom-import/importer/console/layout"
)

const drawEvery = 200 * time.Millisecond

// Watch shows how a run goes until the returned function is called: a line that moves on a terminal, else a line in the
// log from time to time.
func (c *Console) Watch(p *importer.Progress, client *apiclient.Client) (stop func()) {
	every, show := lookEvery, c.beat()
	switch {
	case c.opts.Quiet:
		return func() {}
	case c.terminal:
		every, show = drawEvery, c.draw
	}
	quit := make(chan struct{})
	var running sync.WaitGroup
	running.Go(func() {
		defer c.guard("the progress")
		tick := time.NewTicker(every)
		defer tick.Stop()
		var pace pace
		for {
			select {
			case now := <-tick.C:
				show(pace.look(now, p.Standing(), client.Stats()))
			case <-quit:
				return
			}
		}
	})
	return func() {
		close(quit)
		running.Wait()
		c.screen.draw("")
	}
}

// view is what there is to show at one moment.
type view struct {
	importer.Standing
	Requests int64
	Rate     float64 // requests per second, lately
	Limit    float64 // of Rate; 0: none
	Left     time.Duration
	Waiting  string // what for; "" if nothing is waited for
	Wait     time.Duration
}

// pace turns counts into rates, over the last seconds.
type pace struct {
	seen  []sample
	total int64 // of the rows; it becomes known when the work begins

	waited bool
}

type sample struct {
	at             time.Time
	rows, requests int64
}

const paceOver = 15 * time.Second

// look takes in the counts at one moment.
func (p *pace) look(now time.Time, s importer.Standing, stats apiclient.Stats) view {
	v := view{Standing: s, Requests: stats.Requests, Limit: stats.Rate}
	if s.Total != p.total || p.waited {
		p.seen, p.total = nil, s.Total // what was before says nothing of what comes
	}
	p.seen = append(p.seen, sample{now, s.Done + s.Failed, stats.Requests})
	for len(p.seen) > 2 && now.Sub(p.seen[0].at) > paceOver {
		p.seen = p.seen[1:]
	}
	first := p.seen[0]
	if span := now.Sub(first.at).Seconds(); span > 0 {
		v.Rate = float64(stats.Requests-first.requests) / span
		if rows := float64(s.Done + s.Failed - first.rows); rows > 0 {
			v.Left = time.Duration(float64(s.Total-s.Done-s.Failed) / rows * span * float64(time.Second))
		}
	}
	switch {
	case s.Waiting.Why != "":
		v.Waiting, v.Wait = s.Waiting.Why, s.Waiting.Until.Sub(now)
	case stats.PausedUntil.Sub(now) > time.Second:
		v.Waiting, v.Wait = "the API asks for a pause", stats.PausedUntil.Sub(now)
	}
	p.waited = v.Waiting != ""
	return v
}

func (c *Console) draw(v view) { c.screen.draw(line(v, c.width()-1)) }

// line is the progress in one line of at most the given columns.
func line(v view, columns int) string {
	switch {
	case v.Waiting != "":
	case v.Listing && v.Users+v.Extensions > 0:
		return layout.Truncate("reading the tenant: "+readSoFar(v), columns)
	case v.Total == 0:
		return layout.Truncate(fmt.Sprintf("looking at the tenant (%s)", count(v.Requests, "request")), columns)
	}
	text := strings.Join(facts(v), ", ")
	if room := columns - layout.Width(text) - 1; room >= len("100% |          |") && v.Total > 0 {
		return bar(v, room) + " " + text
	}
	return layout.Truncate(text, columns)
}

// readSoFar says how far the listings are: pages are of 100.
func readSoFar(v view) string {
	const page = 100
	text := thousands(v.Users) + " users"
	if v.Extensions > 0 {
		text += ", " + thousands(v.Extensions) + " extensions"
	}
	return fmt.Sprintf("%s, page %d", text, max((v.Users+page-1)/page, (v.Extensions+page-1)/page))
}

// thousands writes a number as people read it: 2,300.
func thousands(n int64) string {
	text := strconv.FormatInt(n, 10)
	for i := len(text) - 3; i > 0; i -= 3 {
		text = text[:i] + "," + text[i:]
	}
	return text
}

// facts are the parts of the line, the most important first.
func facts(v view) []string {
	var parts []string
	if v.Total > 0 {
		parts = append(parts, fmt.Sprintf("%d of %d done", v.Done, v.Total))
	}
	if v.Failed > 0 {
		parts = append(parts, fmt.Sprintf("%d failed", v.Failed))
	}
	if v.Unknown > 0 {
		parts = append(parts, fmt.Sprintf("%d unknown", v.Unknown))
	}
	if v.Waiting != "" {
		if v.Wait <= 0 {
			return append(parts, v.Waiting)
		}
		return append(parts, fmt.Sprintf("waiting %s: %s", clock(v.Wait), v.Waiting))
	}
	if v.Left > 0 {
		parts = append(parts, clock(v.Left)+" left")
	}
	return append(parts, rateText(v)+" requests/s")
}

func rateText(v view) string {
	if v.Limit == 0 {
		return tenths(v.Rate)
	}
	return tenths(v.Rate) + " of " + tenths(v.Limit)
}

// tenths writes a number to one place behind the point, where there is anything.
func tenths(n float64) string { return strings.TrimSuffix(fmt.Sprintf("%.1f", n), ".0") }

// bar draws how much of the work is over, in the given number of columns.
func bar(v view, columns int) string {
	const around = len(" 100% || ")
	b := progressbar.NewOptions64(v.Total,
		progressbar.OptionSetWriter(discard{}),
		progressbar.OptionSetWidth(columns-around),
		progressbar.OptionSetPredictTime(false),
		progressbar.OptionSetElapsedTime(false),
		progressbar.OptionSetTheme(progressbar.Theme{Saucer: "█", SaucerPadding: " ", BarStart: "|", BarEnd: "|"}),
	)
	_ = b.Set64(min(v.Done+v.Failed, v.Total))
	_ = b.RenderBlank()
	return strings.Trim(b.String(), "\r ")
}

// discard is where the bar draws: what it drew is read from it instead, so that one lock guards all that is printed.
type discard struct{}

func (discard) Write(p []byte) (int, error) { return len(p), nil }

// clock writes a time to wait as people read it off a watch: 0:25, 12:03, 1:00:00.
func clock(d time.Duration) string {
	s := int((max(d, 0) + time.Second - 1) / time.Second)
	if s >= 3600 {
		return fmt.Sprintf("%d:%02d:%02d", s/3600, s/60%60, s%60)
	}
	return fmt.Sprintf("%d:%02d", s/60, s%60)
}
