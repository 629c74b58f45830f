package console

import (
	"sync"
	"time"

	"etelecom-import/apiclient"
	"etelecom-import/apiclient/message"
	"etelecom-import/importer"
)

// How often the progress is shown.
const (
	drawEvery = 200 * time.Millisecond // on a terminal
	logEvery  = 10 * time.Second       // elsewhere, to say that the run lives
)

// sampleEvery is the longest time between two samples of the counts, from which the rates are computed.
const sampleEvery = time.Second

// monitor shows the progress of a run at intervals.
type monitor struct {
	progress *importer.Progress
	client   *apiclient.Client
	panics   *panics
	every    time.Duration
	show     func(frame)
}

// start runs the monitor until stop is called.
func (m *monitor) start() (stop func()) {
	quit := make(chan struct{})
	var running sync.WaitGroup
	running.Go(func() {
		defer m.panics.catch("progress")
		m.run(quit)
	})
	return func() {
		close(quit)
		running.Wait()
	}
}

func (m *monitor) run(quit <-chan struct{}) {
	every := min(m.every, sampleEvery)
	tick := time.NewTicker(every)
	defer tick.Stop()
	var rates rates
	for ticks := 1; ; ticks++ {
		select {
		case now := <-tick.C:
			f := rates.sample(now, m.progress.Standing(), m.client.Stats())
			if ticks%int(m.every/every) == 0 {
				m.show(f)
			}
		case <-quit:
			return
		}
	}
}

// rates turns counts into rates over the last seconds.
type rates struct {
	samples []sample
	total   int64 // of the rows; it becomes known when the work begins
	waited  bool  // at the last sample
}

type sample struct {
	at             time.Time
	rows, requests int64
}

// ratesOver is how far back the samples go.
const ratesOver = 15 * time.Second

// sample adds the counts of one moment, and returns the progress.
func (r *rates) sample(now time.Time, s importer.Standing, stats apiclient.Stats) frame {
	f := frame{Standing: s, Requests: stats.Requests, Limit: stats.Rate, At: now}
	if s.Total != r.total || r.waited {
		// What was before the work began, or before a wait ended, says nothing about the pace to come.
		r.samples, r.total = nil, s.Total
	}
	r.samples = append(r.samples, sample{now, s.Done + s.Failed, stats.Requests})
	for len(r.samples) > 2 && now.Sub(r.samples[0].at) > ratesOver {
		r.samples = r.samples[1:]
	}
	first := r.samples[0]
	if seconds := now.Sub(first.at).Seconds(); seconds > 0 {
		f.Rate = float64(stats.Requests-first.requests) / seconds
		if rows := float64(s.Done + s.Failed - first.rows); rows > 0 {
			f.Left = time.Duration(float64(s.Total-s.Done-s.Failed) / rows * seconds * float64(time.Second))
		}
	}
	switch {
	case s.Waiting.Why != "":
		f.Waiting, f.Until = s.Waiting.Why, s.Waiting.Until
	case stats.PausedUntil.Sub(now) > time.Second:
		f.Waiting, f.Until = message.T("the API asks for a pause"), stats.PausedUntil
	}
	r.waited = f.Waiting != ""
	return f
}
