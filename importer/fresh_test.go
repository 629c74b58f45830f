package importer_test

import (
	"context"
	"errors"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"etelecom-import/apiclient/sandbox"
	"etelecom-import/importer"
)

// Somebody joins while the run is on. Each create rests on a listing that is no older than a minute, so they are seen.
func TestSomebodyJoinsMeanwhile(t *testing.T) {
	const rows = 40
	for _, byPlace := range []bool{false, true} {
		for _, joins := range []int{3, 27} { // the row at whose create they join: before and after the list is read from the top alone
			in(t, rows, sandbox.Config{Users: 500, Latency: 3 * time.Second, PagesByPlace: byPlace}, func(b *harness) {
				b.options.Workers, b.options.Fresh = 1, time.Minute
				w, joined, last := b.between(), false, phoneOf(rows-1)
				w.instead = func(call, body string) *http.Response {
					if call == "CreateAccountUser" && !joined && strings.Contains(body, phoneOf(joins)) {
						joined = true
						b.members(last)
					}
					return nil
				}
				s := b.must()
				if s.Status.Done != rows-1 || b.tenant.Totals().Overwrites != 0 || b.lines()[last].ErrorCode != "user_exists" {
					t.Errorf("by place %v, at row %d: %+v, %+v", byPlace, joins, s, b.lines()[last])
				}
			})
		}
	}
}

// Somebody joins while a person thinks about the question. That takes less than a minute, and no create may rest on what the person saw.
func TestSomebodyJoinsDuringTheQuestion(t *testing.T) {
	const rows = 5
	in(t, rows, sandbox.Config{Latency: 100 * time.Millisecond}, func(b *harness) {
		joined := phoneOf(2)
		input := b.input()
		input.Hooks.Confirm = func(_ *importer.Plan, waiting func(bool)) error {
			waiting(true)
			time.Sleep(20 * time.Second)
			b.members(joined)
			waiting(false)
			return nil
		}
		s, err := importer.Run(context.Background(), input)
		if err != nil || s.Status.Done != rows-1 || b.tenant.Totals().Overwrites != 0 || b.lines()[joined].ErrorCode != "user_exists" {
			t.Errorf("%v: %+v, %+v, %d overwrites", err, s, b.lines()[joined], b.tenant.Totals().Overwrites)
		}
	})
}

// A person who has seen the plan may put an older result back, or correct it, before they answer. The run then sends nothing, and leaves
// the result as it is.
func TestResultIsChangedDuringTheQuestion(t *testing.T) {
	const empty = "line,name,phone,extension_id,extension_number,user_id,status,error_code,error,attempts,updated_at,account_id\n"
	for _, change := range []struct {
		limit int // of the run before
		to    string
	}{{0, empty}, {2, empty}, {2, ""}} {
		in(t, 5, sandbox.Config{}, func(b *harness) {
			if change.limit > 0 {
				b.options.Limit = change.limit
				b.must()
				b.options.Limit = 0
			}
			input := b.input()
			input.Hooks.Confirm = func(_ *importer.Plan, waiting func(bool)) error {
				waiting(true)
				defer waiting(false)
				if change.to == "" {
					return os.Remove(b.result)
				}
				return os.WriteFile(b.result, []byte(change.to), 0o600)
			}
			_, err := importer.Run(context.Background(), input)
			stop := new(importer.Stop)
			if !errors.As(err, &stop) || stop.Kind != importer.Declined || !strings.HasPrefix(err.Error(), "somebody has changed ") || b.tenant.Totals().Creates != int64(change.limit) {
				t.Errorf("%v, %d creates", err, b.tenant.Totals().Creates)
			}
			if text, err := os.ReadFile(b.result); string(text) != change.to || (err != nil) != (change.to == "") {
				t.Errorf("%v: the result is %s", err, text)
			}
		})
	}
}

// A look at who has joined reads no more pages than it must, once the run's own users show that the newest come first.
func TestRefreshReadsTheTop(t *testing.T) {
	pages := func(config sandbox.Config) int {
		var listed int
		in(t, 300, config, func(b *harness) {
			b.options.Workers = 1
			if s := b.must(); s.Status.Done != 300 {
				t.Errorf("%+v", s)
			}
			listed = b.calls("users")
		})
		return listed
	}
	config := sandbox.Config{Users: 3000, Latency: time.Second}
	top := pages(config)
	config.PagesByPlace = true
	whole := pages(config)
	if top*2 > whole || top < 40 {
		t.Errorf("%d pages with the newest first, %d with the oldest first", top, whole)
	}
	t.Logf("%d pages with the newest first, %d with the oldest first", top, whole)
}
