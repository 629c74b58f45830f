package importer_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"etelecom-import/apiclient"
	"etelecom-import/apiclient/sandbox"
	"etelecom-import/importer"
)

func TestWarnsOnce(t *testing.T) {
	in(t, 3, sandbox.Config{Latency: 10 * time.Millisecond}, func(b *harness) {
		w := b.between()
		w.instead = denied("GetExtensions")
		b.faults("cut-after@create=#1-3")
		s, err := b.run(context.Background())
		b.done(3, s, err)
		looks := 0
		for _, call := range w.calls {
			if call == "GetExtensions" {
				looks++
			}
		}
		if len(b.warned) != 1 || looks < 2 {
			t.Errorf("warned in %d looks: %q", looks, b.warned)
		}
	})
}

// What observing costs: who could be created must be known to be absent, so all users are listed. The last page is empty.
func TestObservingCostsPages(t *testing.T) {
	for _, test := range []struct {
		rows, users int
		asked, all  int // pages of users; all requests, with one that asks whose the key is
	}{
		{rows: 1, users: 0, asked: 1, all: 4},
		{rows: 250, users: 0, asked: 1, all: 6},
		{rows: 3, users: 99, asked: 2, all: 5},
		{rows: 3, users: 5000, asked: 102, all: 105}, // read twice
		{rows: 500, users: 5000, asked: 102, all: 109},
	} {
		in(t, test.rows, sandbox.Config{Users: test.users}, func(b *harness) {
			s := b.look()
			if s.Plan.Create != test.rows || s.Requests > int64(test.all) || b.calls("users") != test.asked {
				t.Errorf("%d rows in a tenant of %d: %d requests, %d for users; want %d, %d; plan %+v",
					test.rows, test.users, s.Requests, b.calls("users"), test.all, test.asked, s.Plan)
			}
			if b.tenant.Totals().Writes != 0 {
				t.Error("a dry run has written")
			}
			if _, err := os.Stat(b.result + ".lock"); err == nil {
				t.Error("a dry run has taken the lock")
			}
		})
	}
}

// A run that can create nobody lists no more than it needs: until everybody whom it looks for was seen.
func TestNothingToCreateListsNoMore(t *testing.T) {
	in(t, 3, sandbox.Config{Users: 5000}, func(b *harness) {
		b.faults("error:invalid_argument@assign")
		b.must()
		b.faults()
		before := b.calls("users")
		s := b.must()
		if s.Status.Done != 3 || b.calls("users") != before+1 {
			t.Errorf("%+v; %d more pages of users", s, b.calls("users")-before)
		}
		if err := b.tenant.PurgeUser(phoneOf(1)); err != nil { // the extension is free again, but the row is done
			t.Fatal(err)
		}
		before = b.calls("users")
		if s := b.must(); s.Plan.None != 3 || b.calls("users") != before || s.Requests != 1 {
			t.Errorf("%+v; %d more pages of users", s, b.calls("users")-before)
		}
	})
}

// The phone filter misses people who joined long ago. Its silence must hide none of them.
//
// rule: complete-listing, list-first
func TestInvisibleToTheFilter(t *testing.T) {
	const members, invisible, theirs, rows = 2000, 50, 20, 200
	in(t, rows, sandbox.Config{Users: members - invisible, Latency: 10 * time.Millisecond}, func(b *harness) {
		for i := range invisible {
			number := phoneOf(i * 7) // of the first 20, rows have the phones
			if i >= theirs {
				number = fmt.Sprintf("097%07d", i)
			}
			if _, err := b.tenant.AddUser(number, "Có Sẵn"); err != nil {
				t.Fatal(err)
			}
			if err := b.tenant.SetUnsearchable(number); err != nil {
				t.Fatal(err)
			}
		}
		s := b.must()
		if s.Status.Done != rows-theirs || s.Status.Failed != theirs || s.Errors[0].Code != "user_exists" {
			t.Errorf("%+v", s)
		}
		if r := b.tenant.Record(); r.Overwrites != 0 || r.Creates != rows-theirs {
			t.Errorf("%d creates, %d passwords overwritten", r.Creates, r.Overwrites)
		}
		b.kept()
	})
}

// The look before a settled create is sent again asks by the filter, which can answer with others.
//
// rule: exact-phone
func TestOthersThatTheFilterFinds(t *testing.T) {
	in(t, 3, sandbox.Config{Users: 50, Latency: 10 * time.Millisecond}, func(b *harness) {
		b.faults("cut-before@create")
		b.options.Rounds = 0
		if s := b.must(); s.Status.Unknown != 3 {
			t.Fatalf("%+v", s)
		}
		b.faults("list-similar@users")
		b.options.Rounds = 3
		s, err := b.run(context.Background())
		b.done(3, s, err)
	})
}

// A listing that broke off, or that goes round in a circle, is never "nobody there".
func TestBrokenListingIsAnError(t *testing.T) {
	for _, fault := range []string{
		"list-repeats-cursor@users", "list-fails:3@users", "list-cut:3@users", "list-repeats-cursor@extensions", "list-fails:2@extensions",
		"html-200@users", "empty-200@users", "empty-object@users", "half-body@users=#3-", "500-before@extensions", "id-rounded@users",
	} {
		in(t, 250, sandbox.Config{Users: 1000}, func(b *harness) {
			if err := b.tenant.SetFaults(sandbox.MustParseRules(fault)...); err != nil {
				t.Fatal(err)
			}
			s, err := b.run(context.Background())
			var stop *importer.Stop
			if !errors.As(err, &stop) || stop.Kind == importer.Bug {
				t.Errorf("%s: %v, %+v", fault, err, s)
			}
			name, _, _ := strings.Cut(strings.ReplaceAll(fault, ":", "@"), "@")
			if r := b.tenant.Totals(); r.Writes != 0 || r.Fired(name) == 0 {
				t.Errorf("%s: %d writes, fired %d times", fault, r.Writes, r.Fired(name))
			}
			if _, err := os.Stat(b.result); err == nil {
				t.Errorf("%s: a result was written", fault)
			}
		})
	}
}

// Listings that say something twice, or on short pages, are read all the same.
func TestOddListings(t *testing.T) {
	for _, fault := range []string{"list-duplicates", "list-shrinks:40@users", "list-fails:3@users=#3", "429:1@list=#2", "id-number", "cut-after@list=#3"} {
		in(t, 250, sandbox.Config{Users: 400}, func(b *harness) {
			if _, err := b.tenant.AddUser(phoneOf(7), "Trần B"); err != nil {
				t.Fatal(err)
			}
			if err := b.tenant.SetFaults(sandbox.MustParseRules(fault)...); err != nil {
				t.Fatal(err)
			}
			if s := b.look(); s.Plan.Create != 249 || s.Plan.Refuse != 1 {
				t.Errorf("%s: %+v", fault, s)
			}
		})
	}
}

func TestExtensionListingStopsWhenItMay(t *testing.T) {
	const more = 500
	for name, test := range map[string]struct {
		prepare func(b *harness)
		pages   int
	}{
		"all wanted ids are on the first page": {pages: 1},
		"a number could be another's too": {pages: 6, prepare: func(b *harness) {
			b.roster = header + fmt.Sprintf("A,%s,s3cret-words,,1001\n", phoneOf(0))
		}},
		"a user who is to be assigned could have one": {pages: 6, prepare: func(b *harness) {
			b.options.Adopt = true
			if _, err := b.tenant.AddUser(phoneOf(0), "A"); err != nil {
				b.t.Fatal(err)
			}
		}},
		"an extension is missing": {pages: 6, prepare: func(b *harness) {
			b.roster += "Z,0912000000,s3cret-words,1309999999999999999,\n"
		}},
	} {
		in(t, 3, sandbox.Config{PagesByPlace: true}, func(b *harness) { // the wanted ones are on the first page
			for i := range more {
				if _, err := b.tenant.AddExtension(0, fmt.Sprint(5000+i)); err != nil {
					t.Fatal(err)
				}
			}
			if test.prepare != nil {
				test.prepare(b)
			}
			b.look()
			if got := b.calls("extensions"); got != test.pages {
				t.Errorf("%s: %d pages, want %d", name, got, test.pages)
			}
		})
	}
}

// A user who is there already and has another extension, far down the listing, is seen to have it.
func TestTheirOtherExtensionIsSeen(t *testing.T) {
	in(t, 3, sandbox.Config{}, func(b *harness) {
		user, err := b.tenant.AddUser(phoneOf(0), "A")
		if err != nil {
			t.Fatal(err)
		}
		var last int64
		for i := range 500 {
			if last, err = b.tenant.AddExtension(0, fmt.Sprint(5000+i)); err != nil {
				t.Fatal(err)
			}
		}
		if err := b.tenant.MoveExtension(last, user); err != nil {
			t.Fatal(err)
		}
		b.options.Adopt = true
		if s := b.look(); s.Plan.Refuse != 1 || s.Errors[0].Code != "user_has_extension" {
			t.Errorf("%+v", s)
		}
	})
}

func TestKeyThatMayNotListUsers(t *testing.T) {
	in(t, 5, sandbox.Config{Deny: []sandbox.Ops{sandbox.Users}}, func(b *harness) {
		_, err := b.run(context.Background())
		var stop *importer.Stop
		if !errors.As(err, &stop) || stop.Kind != importer.Refused || !errors.Is(err, apiclient.ErrPermission) || b.tenant.Totals().Writes != 0 {
			t.Fatalf("%v, %d writes", err, b.tenant.Totals().Writes)
		}
		b.options.Blind = true
		if s := b.must(); s.Status.Done != 5 {
			t.Errorf("blind: %+v", s)
		}
		if s := b.must(); s.Plan.None != 5 || b.tenant.Record().Creates != 5 {
			t.Errorf("blind again: %+v", s)
		}
	})
}

// Whether the listing shows a user of this job or not: an extension that is listed as theirs is theirs.
func TestExtensionOfUserWhoIsNotListed(t *testing.T) {
	in(t, 2, sandbox.Config{Deny: []sandbox.Ops{sandbox.Users}}, func(b *harness) {
		b.options.Blind = true
		b.faults("error:invalid_argument@assign")
		b.must()
		b.faults()
		other, err := b.tenant.AddExtension(0, "7001")
		if err != nil {
			t.Fatal(err)
		}
		user, err := strconv.ParseInt(b.lines()[phoneOf(0)].UserID, 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		if err := b.tenant.MoveExtension(other, user); err != nil {
			t.Fatal(err)
		}
		before := b.tenant.Totals().Writes
		s := b.must()
		if writes := b.tenant.Totals().Writes - before; writes != 1 || len(s.Errors) != 1 || s.Errors[0].Code != "user_has_extension" {
			t.Errorf("%d writes, %+v", writes, s)
		}
	})
}

// Without the listing, a create whose answer was lost stays unknown: absence cannot be seen.
func TestBlindAndUnknown(t *testing.T) {
	in(t, 2, sandbox.Config{Deny: []sandbox.Ops{sandbox.Users}}, func(b *harness) {
		b.options.Blind = true
		if err := b.tenant.SetFaults(sandbox.MustParseRules("cut-after@create=#1")...); err != nil {
			t.Fatal(err)
		}
		for range 2 {
			if s := b.must(); s.Status.Done != 1 || s.Status.Unknown != 1 || b.tenant.Record().Creates != 2 || b.tenant.Record().Overwrites != 0 {
				t.Errorf("%+v, %+v", s, b.tenant.Totals())
			}
		}
	})
}

func TestKeyThatMayNotListExtensions(t *testing.T) {
	in(t, 5, sandbox.Config{Deny: []sandbox.Ops{sandbox.Extensions}}, func(b *harness) {
		b.roster += "Z,0912000000,s3cret-words,,1001\n" // a number cannot be looked up
		s := b.must()
		if s.Status.Done != 5 || len(s.Errors) != 1 || s.Errors[0].Code != "extension_missing" {
			t.Errorf("%+v", s)
		}
		if len(b.warned) == 0 || !strings.Contains(b.warned[0], "may not list extensions") {
			t.Errorf("warned: %q", b.warned)
		}
	})
}

// A listed user without an id is told and keeps nobody else from being created.
func TestListedWithoutAnID(t *testing.T) {
	in(t, 3, sandbox.Config{Latency: 10 * time.Millisecond}, func(b *harness) {
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
	in(t, 3, sandbox.Config{Latency: 10 * time.Millisecond}, func(b *harness) {
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
