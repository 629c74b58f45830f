package importer_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"etelecom-import/apiclient/sandbox"
	"etelecom-import/importer"
)

// The listing works, and asking for one phone is refused: the row stays unknown, the run ends, and nothing is sent blindly.
func TestPhoneFilterRefusedEnds(t *testing.T) {
	in(t, 1, sandbox.Config{Latency: 10 * time.Millisecond}, func(b *harness) {
		w := b.between()
		w.instead = func(call, body string) *http.Response {
			if call == "GetAccountUsers" && strings.Contains(body, `"filter":{"phone"`) {
				return problem(http.StatusBadRequest, "invalid_argument")
			}
			return nil
		}
		b.faults("cut-before@create=#1")
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Minute)
		defer cancel()
		s, err := b.run(ctx)
		if err != nil || s.Status.Unknown != 1 || len(w.calls) > 30 || b.tenant.Totals().Creates != 0 {
			t.Errorf("%v after %d requests: %+v", err, len(w.calls), s)
		}
		if l := b.lines()[phoneOf(0)]; l.ErrorCode != "invalid_argument" {
			t.Errorf("the result does not say why: %+v", l)
		}
		b.kept()
		w.instead = nil
		b.finish(1)
	})
}

// A done row gets another extension: a refusal counts, and an answer that is lost is looked after.
func TestChangedExtensionThatFails(t *testing.T) {
	for fault, refusals := range map[string]int{
		"error:invalid_argument@assign": 1, "cut-after@assign=#1": 0, "cut-before@assign=#1": 0, "updated-0@assign=#1": 0,
	} {
		in(t, 2, sandbox.Config{Latency: 10 * time.Millisecond}, func(b *harness) {
			b.must()
			if err := b.tenant.MoveExtension(extension(0), 0); err != nil {
				t.Fatal(err)
			}
			if _, err := b.tenant.AddExtension(extension(50), "2001"); err != nil {
				t.Fatal(err)
			}
			b.roster = strings.Replace(b.roster, fmt.Sprint(extension(0)), fmt.Sprint(extension(50)), 1)
			b.faults(fault)
			s := b.must()
			l := b.lines()[phoneOf(0)]
			if s.Plan.Assign != 1 || s.Refusals() != refusals || (l.ErrorCode != "") != (refusals > 0) {
				t.Errorf("%s: %d refusals, %+v, line %+v", fault, s.Refusals(), s, l)
			}
			if got := l.ExtensionID == fmt.Sprint(extension(50)); got != (refusals == 0) {
				t.Errorf("%s: line %+v", fault, l)
			}
		})
	}
}

// The look before a create is sent again finds somebody whom the listing did not show yet: theirs is the id, and nothing is sent.
//
// rule: look-first
func TestFoundBeforeTheSecondCreate(t *testing.T) {
	in(t, 1, sandbox.Config{Latency: 10 * time.Millisecond}, func(b *harness) {
		b.faults("cut-before@create=#1")
		w := b.between()
		w.instead = func(call, body string) *http.Response {
			if call == "GetAccountUsers" && strings.Contains(body, `"filter":{"phone"`) {
				b.members(phoneOf(0))
			}
			return nil
		}
		s, err := b.run(context.Background())
		if err != nil || s.Status.Done != 1 || b.tenant.Totals().Creates != 0 {
			t.Errorf("%v, %+v, %+v", err, s, b.tenant.Totals())
		}
		if p, _ := b.tenant.Person(phoneOf(0)); b.lines()[phoneOf(0)].UserID != fmt.Sprint(p.ID) {
			t.Errorf("%+v", b.lines())
		}
	})
}

// TestClientRefuses: a create that the client itself does not send, whatever the reason, is no try that is made again and again.
func TestClientRefuses(t *testing.T) {
	in(t, 2, sandbox.Config{Latency: 10 * time.Millisecond}, func(b *harness) {
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Minute)
		defer cancel()
		input := b.input()
		input.Roster.Rows[0].Name = "" // the roster refuses such a row
		s, err := importer.Run(ctx, input)
		if err != nil || s.Status.Done != 1 || s.Status.Failed != 1 || s.Requests > 10 {
			t.Errorf("%v: %+v", err, s)
		}
		if l := b.lines()[phoneOf(0)]; l.Status != "failed" || !strings.Contains(l.Error, "required") || l.Attempts != "0" {
			t.Errorf("%+v", l)
		}
		b.finish(2)
	})
}
