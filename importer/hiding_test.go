package importer_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"etelecom-import/apiclient/sandbox"
	"etelecom-import/importer"
)

var phonePattern = regexp.MustCompile(`"phone":"[^"]*"`)

// hiding takes people out of the listing of users, or masks their phones, and leaves the phone filter alone.
func (b *bench) hiding(change func(user string) string) {
	b.between().after = func(call string, r *http.Response) {
		if call != "GetAccountUsers" {
			return
		}
		body := readAll(b.t, r)
		head, rest, ok := strings.Cut(body, `"account_users":[`)
		users, tail, closed := strings.Cut(rest, `],"paging"`)
		if !ok || !closed || users == "" {
			setBody(r, body)
			return
		}
		var kept []string
		for _, user := range strings.Split(users, `},{`) {
			user = strings.Trim(user, "{}")
			if user = change(user); user != "" {
				kept = append(kept, "{"+user+"}")
			}
		}
		setBody(r, head+`"account_users":[`+strings.Join(kept, ",")+`],"paging"`+tail)
	}
}

func (b *bench) members(phones ...string) {
	b.t.Helper()
	for _, p := range phones {
		if _, err := b.tenant.AddUser(p, "Có Sẵn"); err != nil {
			b.t.Fatal(err)
		}
	}
}

// A listing that hides people is not believed for long: the people whom creates meet are few, over all runs.
func TestListingThatHidesPeople(t *testing.T) {
	const rows, hidden = 200, 20
	for _, workers := range []int{1, 8, 64} {
		in(t, rows, sandbox.Config{Users: 1980, Latency: 10 * time.Millisecond}, func(b *bench) {
			b.options.Workers = workers
			gone := map[string]bool{}
			for i := range hidden {
				gone[phoneOf(i*9+5)] = true
				b.members(phoneOf(i*9 + 5))
			}
			b.hiding(func(user string) string {
				for p := range gone {
					if strings.Contains(user, p) {
						return ""
					}
				}
				return user
			})
			for run := range 3 {
				s, err := b.run(context.Background())
				var stop *importer.Stop
				if !errors.As(err, &stop) || stop.Kind != importer.ListingDoubted {
					t.Fatalf("run %d of %d workers: %v, %+v", run, workers, err, s)
				}
			}
			most := int64(3)
			if workers > 8 {
				most = 8 // those that were under way at the third
			}
			if r := b.tenant.Totals(); r.Overwrites > most {
				t.Errorf("%d workers: %d passwords overwritten in three runs", workers, r.Overwrites)
			}
			before := b.tenant.Totals()
			if _, err := b.run(context.Background()); err == nil || b.tenant.Totals().Writes != before.Writes {
				t.Errorf("a later run has sent writes")
			}
			b.options.TrustListing = true
			s, err := b.run(context.Background())
			if err == nil || b.tenant.Totals().Overwrites > before.Overwrites+3 {
				t.Errorf("trusting: %v, %+v, %+v", err, s, b.tenant.Totals())
			}
		})
	}
}

// The very first create meets somebody whom the listing does not show: nothing speaks for that listing.
func TestFirstCreateMeetsSomebody(t *testing.T) {
	in(t, 5, sandbox.Config{Latency: 10 * time.Millisecond}, func(b *bench) {
		for i := range 5 {
			b.members(phoneOf(i))
		}
		b.hiding(func(string) string { return "" })
		for range 3 {
			s, err := b.run(context.Background())
			var stop *importer.Stop
			if !errors.As(err, &stop) || stop.Kind != importer.ListingDoubted {
				t.Errorf("%v, %+v", err, s)
			}
		}
		if r := b.tenant.Totals(); r.Overwrites != 1 {
			t.Errorf("%d passwords overwritten", r.Overwrites)
		}
	})
}

// One who is hidden among many does not end the run, nor keep later ones from creating.
func TestOneHiddenPersonEndsNothing(t *testing.T) {
	in(t, 30, sandbox.Config{Latency: 10 * time.Millisecond}, func(b *bench) {
		b.members(phoneOf(20))
		b.hiding(func(user string) string {
			if strings.Contains(user, phoneOf(20)) {
				return ""
			}
			return user
		})
		s := b.must()
		if s.Status.Done != 29 || s.Status.Failed != 1 || s.Errors[0].Code != "already_exists" {
			t.Errorf("%+v", s)
		}
		b.roster = rows(31)
		if _, err := b.tenant.AddExtension(extension(30), "1031"); err != nil {
			t.Fatal(err)
		}
		if s := b.must(); s.Status.Done != 30 || b.tenant.Totals().Overwrites != 1 {
			t.Errorf("later: %+v", s)
		}
	})
}

// Ordinary shops come to rest by themselves: staff of a sister shop, owners without a phone, a first migration into an empty
// shop, somebody with a foreign number.
func TestOrdinaryShopsAreNotDoubted(t *testing.T) {
	var elsewhere []string
	for i := range 40 {
		elsewhere = append(elsewhere, phoneOf(i))
	}
	in(t, 40, sandbox.Config{Latency: 10 * time.Millisecond, Users: 20, StrangerPhones: elsewhere}, func(b *bench) {
		_ = b.options.MaxReplaced.UnmarshalText([]byte("20%"))
		n := 0
		b.hiding(func(user string) string {
			if n++; n%3 == 0 {
				return phonePattern.ReplaceAllString(user, `"phone":""`)
			}
			return phonePattern.ReplaceAllString(user, `"phone":"+855 12 345 678"`)
		})
		for run := 1; ; run++ {
			s, err := b.run(context.Background())
			if err == nil && s.Status.Done == 40 && run > 1 {
				break
			}
			var stop *importer.Stop
			if !errors.As(err, &stop) || stop.Kind != importer.TooManyReplaced || run == 5 {
				t.Fatalf("run %d: %v, %+v", run, err, s)
			}
		}
		if r := b.tenant.Totals(); r.Creates != 40 {
			t.Errorf("%+v", r)
		}
	})
}

func TestMaskedPhones(t *testing.T) {
	mask := func(user string) string {
		return phonePattern.ReplaceAllStringFunc(user, func(p string) string { return p[:len(`"phone":"0912`)] + "***" + p[len(p)-4:] })
	}
	in(t, 5, sandbox.Config{Users: 20}, func(b *bench) {
		b.members(phoneOf(1))
		b.hiding(mask)
		s, err := b.run(context.Background())
		var stop *importer.Stop
		if !errors.As(err, &stop) || stop.Kind != importer.ListingDoubted || !strings.Contains(err.Error(), "masks the phones of 21 of 21 people") || b.tenant.Totals().Writes != 0 {
			t.Errorf("%v, %+v", err, s)
		}
	})
	in(t, 5, sandbox.Config{Users: 100}, func(b *bench) { // one only: the row that fits is refused
		b.members(phoneOf(1))
		b.hiding(func(user string) string {
			if strings.Contains(user, phoneOf(1)) {
				return mask(user)
			}
			return user
		})
		s := b.must()
		if s.Status.Done != 4 || b.lines()[phoneOf(1)].ErrorCode != "user_masked" || b.tenant.Totals().Overwrites != 0 {
			t.Errorf("%+v, %+v", s, b.lines()[phoneOf(1)])
		}
	})
}

// Somebody joins while the run is on. Each create rests on a listing that is no older than a minute, so they are seen.
func TestSomebodyJoinsMeanwhile(t *testing.T) {
	const rows = 40
	for _, byPlace := range []bool{false, true} {
		for _, joins := range []int{3, 27} { // the row at whose create they join: before and after the list is read from the top alone
			in(t, rows, sandbox.Config{Users: 500, Latency: 3 * time.Second, PagesByPlace: byPlace}, func(b *bench) {
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

// A look at who has joined reads no more pages than it must, once the run's own users show that the newest come first.
func TestRefreshReadsTheTop(t *testing.T) {
	pages := func(config sandbox.Config) int {
		var listed int
		in(t, 300, config, func(b *bench) {
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

// A row that the API has refused for its own reason, and whose person was then found to be there, is as good as new once they
// have left: nobody has said of a create of ours that they exist.
func TestRefusedOnceAndThereLater(t *testing.T) {
	in(t, 1, sandbox.Config{Latency: 10 * time.Millisecond}, func(b *bench) {
		b.faults("error:invalid_argument@create")
		b.must()
		b.faults()
		b.members(phoneOf(0))
		if s := b.must(); s.Errors[0].Code != "user_exists" {
			t.Errorf("%+v", s)
		}
		if l := b.lines()[phoneOf(0)]; l.ErrorCode != "user_exists, invalid_argument" {
			t.Errorf("%+v", l)
		}
		b.must() // read back, and refused again
		if err := b.tenant.RemoveUser(phoneOf(0)); err != nil {
			t.Fatal(err)
		}
		if s := b.must(); s.Status.Done != 1 {
			t.Errorf("%+v, %+v", s, b.lines())
		}
	})
}

// A listed user without an id is told and keeps nobody else from being created.
func TestListedWithoutAnID(t *testing.T) {
	in(t, 3, sandbox.Config{Latency: 10 * time.Millisecond}, func(b *bench) {
		b.members(phoneOf(1), "0987654321")
		b.hiding(func(user string) string { return regexp.MustCompile(`"user_id":"[0-9]*",`).ReplaceAllString(user, "") })
		b.options.MaxErrors = importer.Threshold{}
		b.maxErrors("100%")
		s := b.must()
		if s.Status.Failed != 1 || b.lines()[phoneOf(1)].ErrorCode != "user_exists" || b.tenant.Totals().Overwrites != 0 {
			t.Errorf("%+v, %+v", s, b.lines()[phoneOf(1)])
		}
		if s.Status.Done != 2 || len(b.warned) == 0 || !strings.Contains(b.warned[0], "without an id") {
			t.Errorf("%+v, %q", s, b.warned)
		}
	})
}

// Where a page is known by its place, somebody who is removed between two pages shifts one over the edge. They are seen by the
// second listing.
func TestRemovedBetweenTwoPages(t *testing.T) {
	in(t, 3, sandbox.Config{Latency: 10 * time.Millisecond}, func(b *bench) {
		b.members(phoneOf(1))
		p, _ := b.tenant.Person(phoneOf(1))
		var people []string
		for i := range 250 {
			people = append(people, fmt.Sprintf(`{"user_id":"%d","phone":"098%07d"}`, 1101234567890100001+i, i))
		}
		people[100] = fmt.Sprintf(`{"user_id":"%d","phone":%q}`, p.ID, p.Phone) // the first of the second page
		b.between().instead = func(call, body string) *http.Response {
			if call != "GetAccountUsers" {
				return nil
			}
			var from int
			if _, after, ok := strings.Cut(body, `"after":"at`); ok {
				_, _ = fmt.Sscan(after, &from)
			}
			to := min(from+100, len(people))
			next := ""
			if to < len(people) {
				next = fmt.Sprint("at", to)
			}
			page := problem(http.StatusOK, "")
			setBody(page, fmt.Sprintf(`{"account_users":[%s],"paging":{"next":%q}}`, strings.Join(people[from:to], ","), next))
			if from == 0 && len(people) == 250 {
				people = slices.Delete(people, 5, 6)
			}
			return page
		}
		s := b.must()
		if s.Status.Done != 2 || b.tenant.Totals().Overwrites != 0 {
			t.Errorf("%+v, %+v", s, b.tenant.Totals())
		}
	})
}
