package console

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"etelecom-import/apiclient"
	"etelecom-import/importer"
	"etelecom-import/importer/ledger"
	"etelecom-import/importer/phone"
)

// sayEverything makes a console say every kind of line that there is on standard error.
func sayEverything(c *Console) {
	c.Warn("a warning\nof two lines")
	c.Note("a note")
	c.Fail(errors.Join(errors.New("one thing"), errors.New("another")))
	c.Fail(importer.Panicked("row of line 7", "Sen-trang-4471"))
	c.ShowStopping()
	c.ShowCheckStopped()
	c.ShowSetback(apiclient.Setback{Host: "api.etelecom.vn", Err: &apiclient.Error{Trouble: apiclient.ConnectionRefused}, Next: 2, Of: 4})
	func() {
		defer c.panics.catch("progress")
		panic("Sen-trang-4471")
	}()
	at := time.Date(2026, 11, 26, 19, 15, 40, 0, time.UTC)
	work := importer.Standing{Total: 300, Done: 120, Failed: 2}
	for _, f := range []frame{
		{At: at, Requests: 1},
		{At: at, Standing: importer.Standing{Listing: true, Users: 2301, Extensions: 9}},
		{At: at, Standing: work, Rate: 9.84, Limit: 10, Left: 18 * time.Second},
		{At: at, Standing: work, Rate: 9.84},
		{At: at, Standing: work, Waiting: "the API asks for a pause", Until: at.Add(5 * time.Second)},
	} {
		c.voice.progress(f)
	}
	s := &importer.Summary{Unrecorded: []*ledger.Entry{{Phone: phone.Normalize("0903112351"), UserID: 1310000000000000001, Status: ledger.Created}}}
	c.ShowEnd(s, &importer.Stop{Kind: importer.LedgerFailed, Cause: errors.New("disk full")}, Next{Say: "to continue:", Command: "again"})
}

// As JSON every line is an object with time in UTC, level and message.
func TestVoiceJSON(t *testing.T) {
	inVietnam(t)
	var out, talk bytes.Buffer
	sayEverything(New(Options{LogFormat: "json", Color: "always"}, &out, &talk))
	levels, last := map[string]int{}, map[string]map[string]any{}
	for line := range strings.Lines(talk.String()) {
		var at struct{ Time, Level, Msg string }
		var all map[string]any
		if json.Unmarshal([]byte(line), &at) != nil || json.Unmarshal([]byte(line), &all) != nil {
			t.Errorf("no object: %s", line)
			continue
		}
		if !strings.HasSuffix(at.Time, "Z") || at.Level == "" || at.Msg == "" || strings.Contains(line, "\\u001b") {
			t.Errorf("time, level or message: %s", line)
		}
		levels[at.Level]++
		last[at.Msg] = all
	}
	if levels["WARN"] != 2 || levels["ERROR"] != 5 || levels["INFO"] != 8 {
		t.Errorf("%v in\n%s", levels, &talk)
	}
	if bug := last["row of line 7: panic of type string"]; bug == nil || bug["hint"] == "" || !strings.Contains(bug["stack"].(string), "voice_test.go") {
		t.Errorf("the bug: %v", bug)
	}
	if p := last["progress"]; p["waiting_until"] != "2026-11-26T19:15:45Z" || p["done"] != 120.0 {
		t.Errorf("the progress: %v", p)
	}
	if e := last["not recorded"]; e["user_id"] == nil {
		t.Errorf("what is not recorded: %v", last)
	}
	if strings.Contains(talk.String(), "Sen-trang") {
		t.Error("it shows what a panic held")
	}
}

// For people the lines are the same on a terminal and elsewhere, but for the colours and the bar.
func TestVoiceText(t *testing.T) {
	inVietnam(t)
	say := func(terminal bool) string {
		var out, talk bytes.Buffer
		c := New(Options{Color: "never"}, &out, &talk)
		c.terminal = terminal
		sayEverything(c)
		return talk.String()
	}
	text := say(false)
	for _, line := range []string{
		"warning: a warning of two lines", "a note", "etelecom-import: one thing; another", "hint: etelecom-import --help shows how to use it",
		"Stopped. Nothing was changed.", "cannot reach api.etelecom.vn: connection refused; trying again (2 of 4)", "etelecom-import: row of line 7: panic of type string", "etelecom-import: disk full",
		"02:15:40 +07:00  looking at the tenant (1 request)",
		"02:15:40 +07:00  reading the tenant: 2,301 users, 9 extensions, page 24",
		"02:15:40 +07:00  120 of 300 done, 2 failed, 0:18 left, 9.8 of 10 requests/s",
		"02:15:40 +07:00  120 of 300 done, 2 failed, 9.8 requests/s",
		"02:15:40 +07:00  120 of 300 done, 2 failed, waiting until 02:15:45 +07:00 (0:05): the API asks for a pause",
		"not recorded: phone 0903112351 has user id 1310000000000000001 (created)",
	} {
		if !strings.Contains(text, "\n"+line+"\n") && !strings.HasPrefix(text, line+"\n") {
			t.Errorf("%q is missing in\n%s", line, text)
		}
	}
	for line := range strings.Lines(text) {
		if strings.HasPrefix(line, "time=") || strings.HasPrefix(line, "{") || strings.Contains(line, "level=") {
			t.Errorf("for programs: %s", line)
		}
	}
	// The goroutine's number and the addresses of a stack differ.
	if plain := func(s string) int { return strings.Count(s, "\n") }; plain(text) != plain(say(true)) || strings.Contains(say(true), "\x1b[2K") {
		t.Errorf("on a terminal it says\n%s\nelsewhere\n%s", say(true), text)
	}
}
