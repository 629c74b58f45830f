package importer_test

import (
	"context"
	"errors"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"etelecom-import/apiclient/sandbox"
	"etelecom-import/importer"
)

var phonePattern = regexp.MustCompile(`"phone":"[^"]*"`)

// hiding takes people out of the listing of users, or masks their phones, and leaves the phone filter alone.
func (b *harness) hiding(change func(user string) string) {
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

// A listing that hides people is not believed for long: the people whom creates meet are few, over all runs.
func TestListingThatHidesPeople(t *testing.T) {
	const rows, hidden = 200, 20
	for _, workers := range []int{1, 8, 64} {
		in(t, rows, sandbox.Config{Users: 1980, Latency: 10 * time.Millisecond}, func(b *harness) {
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
	in(t, 5, sandbox.Config{Latency: 10 * time.Millisecond}, func(b *harness) {
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
	in(t, 30, sandbox.Config{Latency: 10 * time.Millisecond}, func(b *harness) {
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
	in(t, 40, sandbox.Config{Latency: 10 * time.Millisecond, Users: 20, StrangerPhones: elsewhere}, func(b *harness) {
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
	in(t, 5, sandbox.Config{Users: 20}, func(b *harness) {
		b.members(phoneOf(1))
		b.hiding(mask)
		s, err := b.run(context.Background())
		var stop *importer.Stop
		if !errors.As(err, &stop) || stop.Kind != importer.ListingDoubted || !strings.Contains(err.Error(), "masks the phones of 21 of 21 people") || b.tenant.Totals().Writes != 0 {
			t.Errorf("%v, %+v", err, s)
		}
	})
	in(t, 5, sandbox.Config{Users: 100}, func(b *harness) { // one only: the row that fits is refused
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
