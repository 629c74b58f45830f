package console

import "time"

const (
	lookEvery = time.Second
	// beatEvery is after how many looks a run says in the log that it lives: every 10 s.
	beatEvery = 10
)

// beat returns what logs every so many views.
func (c *Console) beat() func(view) {
	looks := 0
	return func(v view) {
		if looks++; looks%beatEvery == 0 {
			c.log.Info("progress", attributes(v)...)
		}
	}
}

func attributes(v view) []any {
	attrs := []any{
		"done", v.Done, "total", v.Total, "failed", v.Failed, "unknown", v.Unknown,
		"requests", v.Requests, "requests_per_second", rateText(v),
	}
	if v.Listing {
		attrs = append(attrs, "reading", readSoFar(v))
	}
	switch {
	case v.Waiting != "":
		attrs = append(attrs, "waiting_for", v.Waiting, "wait", clock(v.Wait))
	case v.Left > 0:
		attrs = append(attrs, "left", clock(v.Left))
	}
	return attrs
}
