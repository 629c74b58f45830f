package console

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"etelecom-import/apiclient"
	"etelecom-import/importer"
)

func TestSetbackTexts(t *testing.T) {
	inVietnam(t)
	now := time.Date(2026, 11, 26, 19, 15, 40, 0, time.UTC)
	const host = "api.etelecom.vn"
	for want, b := range map[string]apiclient.Setback{
		"cannot reach api.etelecom.vn: the connection was closed; trying again":   {Next: 2, Of: 2, Err: &apiclient.Error{Trouble: apiclient.Disconnected}},
		"cannot reach api.etelecom.vn: connection refused; trying again (2 of 4)": {Next: 2, Of: 4, Err: &apiclient.Error{Trouble: apiclient.ConnectionRefused}},
		"cannot reach api.etelecom.vn: no such host; trying again":                {Err: &apiclient.Error{Trouble: apiclient.UnknownName}},
		"cannot reach api.etelecom.vn: proxy: connection refused; trying again (3 of 4)": {
			Next: 3, Of: 4, Err: &apiclient.Error{Trouble: apiclient.ProxyFails, Err: errors.New("proxy: connection refused")},
		},
		"api.etelecom.vn does not work now (HTTP 503 unavailable); trying again (2 of 6)": {
			Next: 2, Of: 6, Err: &apiclient.Error{Trouble: apiclient.ServerFails, Status: 503, Code: "unavailable"},
		},
		"api.etelecom.vn has too many requests (HTTP 429); trying again in 0:07, at 02:15:47 +07:00": {
			Next: 2, Of: 10, Err: &apiclient.Error{Trouble: apiclient.Throttled, Status: 429, RetryAfter: 7 * time.Second},
		},
		"api.etelecom.vn has too many requests (HTTP 429); trying again": {Next: 2, Of: 10, Err: &apiclient.Error{Trouble: apiclient.Throttled, Status: 429}},
		"api.etelecom.vn does not answer as the API does (HTTP 200); trying again (2 of 6)": {
			Next: 2, Of: 6, Err: &apiclient.Error{Trouble: apiclient.WrongServer, Status: 200},
		},
	} {
		if b.Host = host; setbackText(b, now) != want {
			t.Errorf("got  %s\nwant %s", setbackText(b, now), want)
		}
	}
}

// Eight workers whose calls fail together make one line, at once; the same again comes later, and another cause at once.
func TestSetbacksAreToldOnce(t *testing.T) {
	for _, quiet := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			var out, talk bytes.Buffer
			c := New(Options{Quiet: quiet}, &out, &talk)
			lines := 0
			said := func(want int, why string) {
				t.Helper()
				now := strings.Count(talk.String(), "\n")
				if quiet {
					want = 0
				}
				if now-lines != want {
					t.Errorf("quiet %v, %s: %d new lines, want %d, in\n%s", quiet, why, now-lines, want, &talk)
				}
				lines = now
			}
			all := func(e *apiclient.Error, next int) {
				var workers sync.WaitGroup
				for range 8 {
					workers.Go(func() { c.ShowSetback(apiclient.Setback{Host: "h", Err: e, Next: next, Of: 4}) })
				}
				workers.Wait()
			}
			refused := &apiclient.Error{Trouble: apiclient.ConnectionRefused}
			all(refused, 2)
			said(1, "the first")
			time.Sleep(2 * time.Second)
			all(refused, 3)
			said(0, "the same")
			all(&apiclient.Error{Trouble: apiclient.ServerFails, Status: 503}, 2)
			all(refused, 3)
			said(1, "another cause, and the first again")
			time.Sleep(tellAgain)
			all(refused, 4)
			said(1, "after a while")
			all(&apiclient.Error{Trouble: apiclient.TooSlow}, 0) // the next call says more, and at once
			said(0, "a quick end of a call")
			c.ShowSetback(apiclient.Setback{Host: "h", Err: &apiclient.Error{Trouble: apiclient.TooSlow}, Took: 5 * time.Second})
			said(1, "a slow end of a call")
		})
	}
}

// How a run ends is one sentence that a person understands, and what to look at.
func TestUnreachable(t *testing.T) {
	for want, c := range map[string]struct {
		api  apiclient.Error
		kind importer.StopKind
		hint string
	}{
		"the API api.etelecom.vn could not be reached (no such host)": {
			apiclient.Error{Trouble: apiclient.UnknownName},
			importer.Unavailable,
			"nothing is lost: run the same command again when the API works again. Check: is this computer online? Does this network need a proxy (HTTPS_PROXY)? " +
				"Is --base-url right (https://api.etelecom.vn/v1/partner)?",
		},
		"the API api.etelecom.vn does not work now (HTTP 503 unavailable: Xin thử lại)": {
			apiclient.Error{Trouble: apiclient.ServerFails, Status: 503, Code: "unavailable", Msg: "Xin thử lại"},
			importer.Unavailable,
			"nothing is lost: run the same command again when the API works again. If it says the same in an hour, ask eTelecom.",
		},
		"the API api.etelecom.vn could not be reached (the proxy cannot be used)": {
			apiclient.Error{Trouble: apiclient.ProxyFails, Err: apiclient.ErrProxy}, importer.Refused, "check the proxy in the variable HTTPS_PROXY: ",
		},
		"the API api.etelecom.vn could not be reached (the server's certificate was refused)": {
			apiclient.Error{Trouble: apiclient.BadCertificate, Err: apiclient.ErrCertificate}, importer.Refused, "find out who answers at this address: ",
		},
	} {
		c.api.Op, c.api.Host = apiclient.OpGetAccountUsers, "api.etelecom.vn"
		f := explain(&importer.Stop{Kind: c.kind, Cause: fmt.Errorf("list users: %w", &c.api)})
		if f.wrong != want || !strings.HasPrefix(f.hint, c.hint) || !strings.HasPrefix(f.cause, "list users: GetAccountUsers") {
			t.Errorf("%q\n%q\n%q\nwant %q\n%q", f.wrong, f.hint, f.cause, want, c.hint)
		}
	}
	// What else has ended the run is not hidden behind an outage.
	outage := &apiclient.Error{Host: "h", Trouble: apiclient.UnknownName}
	f := explain(&importer.Stop{Kind: importer.LedgerFailed, Cause: errors.Join(errors.New("disk full"), &importer.Stop{Kind: importer.Unavailable, Cause: outage})})
	if !strings.Contains(f.wrong, "disk full") || f.cause != "" {
		t.Errorf("%+v", f)
	}
}
