package console

import (
	"testing"
	"time"

	"etelecom-import/apiclient/message"
	"etelecom-import/importer"
	"etelecom-import/importer/console/layout"
)

func TestLine(t *testing.T) {
	inVietnam(t)
	working := frame{Standing: importer.Standing{Total: 300, Done: 62, Failed: 2, Unknown: 1}, Rate: 9.84, Limit: 10, Left: 25 * time.Second}
	waiting := working
	waiting.Waiting, waiting.At = "the API asks for a pause", time.Date(2026, 11, 26, 19, 15, 28, 0, time.UTC)
	waiting.Until = waiting.At.Add(12 * time.Second)
	endless, early := waiting, waiting
	endless.Until, early.Standing = time.Time{}, importer.Standing{Listing: true, Users: 7}
	for _, c := range []struct {
		frame   frame
		columns int
		want    string
	}{
		{frame{Requests: 12}, 79, "looking at the tenant (12 requests)"},
		{frame{Standing: importer.Standing{Listing: true, Users: 2301, Extensions: 900}}, 79, "reading the tenant: 2,301 users, 900 extensions, page 24"},
		{frame{Standing: importer.Standing{Listing: true, Users: 1234567}}, 79, "reading the tenant: 1,234,567 users, page 12346"},
		{working, 100, "21% |████                  | 62 of 300 done, 2 failed, 1 unknown, 0:25 left, 9.8 of 10 requests/s"},
		{working, 79, "62 of 300 done, 2 failed, 1 unknown, 0:25 left, 9.8 of 10 requests/s"},
		{working, 30, "62 of 300 done, 2 failed, 1 u…"},
		{waiting, 99, "62 of 300 done, 2 failed, 1 unknown, waiting until 02:15:40 +07:00 (0:12): the API asks for a pause"},
		{endless, 72, "62 of 300 done, 2 failed, 1 unknown, the API asks for a pause"},
		{early, 79, "waiting until 02:15:40 +07:00 (0:12): the API asks for a pause"},
		{frame{Standing: importer.Standing{Total: 3, Done: 3}}, 50, "100% |███████████████| 3 of 3 done, 0 requests/s"},
	} {
		if got := c.frame.line(c.columns); got != c.want {
			t.Errorf("at %d columns:\n got %q\nwant %q", c.columns, got, c.want)
		}
	}
}

// The line fits every terminal, however narrow.
func TestLineFits(t *testing.T) {
	for columns := range 200 {
		for done := int64(0); done <= 1000; done += 125 {
			v := frame{Standing: importer.Standing{Total: 1000, Done: done, Unknown: 7}, Rate: 1234.5, Limit: 5000, Left: time.Hour}
			if got := v.line(max(columns, 1)); layout.Width(got) > max(columns, 1) {
				t.Fatalf("%d columns, and %d in %q", columns, layout.Width(got), got)
			}
		}
	}
}

func TestClock(t *testing.T) {
	for d, want := range map[time.Duration]string{
		-time.Second: "0:00", 0: "0:00", time.Millisecond: "0:01", 25 * time.Second: "0:25", 723 * time.Second: "12:03", time.Hour: "1:00:00",
	} {
		if got := clock(d); got != want {
			t.Errorf("clock(%v) = %q, want %q", d, got, want)
		}
	}
}

// inVietnam sets the local time of a test.
func inVietnam(t *testing.T) {
	message.UseZone(time.FixedZone("ICT", 7*3600))
	t.Cleanup(func() { message.UseZone(nil) })
}
