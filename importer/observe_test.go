package importer_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"etelecom-import/apiclient"
	"etelecom-import/apiclient/sandbox"
	"etelecom-import/apiclient/secret"
	"etelecom-import/importer"
)

// look is a dry run.
func (b *bench) look() *importer.Summary {
	b.t.Helper()
	b.options.DryRun = true
	defer func() { b.options.DryRun = false }()
	return b.must()
}

// calls returns how many of a call were answered with 200.
func (b *bench) calls(name string) int { return b.tenant.Totals().Calls[name]["200"] }

func TestObservingCostsPagesOrRows(t *testing.T) {
	for _, test := range []struct {
		rows, users     int
		asked, requests int // listing and looking up; all
	}{
		{rows: 1, users: 0, asked: 1, requests: 3},
		{rows: 250, users: 0, asked: 1, requests: 5},
		{rows: 3, users: 99, asked: 1, requests: 3},
		{rows: 3, users: 5000, asked: 3 + 1 + 3, requests: 3 + 1 + 3 + 2}, // 3 pages, is the filter any good, 3 phones
		{rows: 60, users: 5000, asked: 50, requests: 52},
		{rows: 500, users: 5000, asked: 50, requests: 56},
	} {
		in(t, test.rows, sandbox.Config{Users: test.users}, func(b *bench) {
			s := b.look()
			if s.Plan.Create != test.rows || s.Requests > int64(test.requests) || b.calls("users") > test.asked {
				t.Errorf("%d rows in a tenant of %d: %d requests, %d for users; want %d, %d; plan %+v",
					test.rows, test.users, s.Requests, b.calls("users"), test.requests, test.asked, s.Plan)
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

// deaf is a tenant whose phone filter finds nobody, or nobody but some.
type deaf struct {
	tenant http.RoundTripper
	finds  string // the phone that it does find
}

func (d deaf) RoundTrip(req *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(req.Body)
	if err != nil {
		return nil, err
	}
	if strings.Contains(string(body), `"phone":`) && (d.finds == "" || !strings.Contains(string(body), d.finds)) {
		body = bytes.Replace(body, []byte(`"phone":"`), []byte(`"phone":"no such phone `), 1)
	}
	again := req.Clone(req.Context())
	again.Body, again.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	return d.tenant.RoundTrip(again)
}

func (b *bench) through(rt http.RoundTripper) importer.Input {
	in := b.input()
	client, err := apiclient.New(apiclient.Config{BaseURL: b.tenant.BaseURL(), Key: secret.New(b.tenant.Key()), Timeout: 30 * time.Second, Transport: rt})
	if err != nil {
		b.t.Fatal(err)
	}
	in.Client = client
	return in
}

// Somebody of the roster is on the last page. A filter that finds nobody must not hide them.
func TestSilenceOfABrokenFilterMeansNothing(t *testing.T) {
	in(t, 3, sandbox.Config{Users: 2000}, func(b *bench) {
		if _, err := b.tenant.AddUser(phoneOf(1), "Trần B"); err != nil {
			t.Fatal(err)
		}
		b.options.DryRun = true
		s, err := importer.Run(context.Background(), b.through(deaf{tenant: b.tenant}))
		if err != nil || s.Plan.Create != 2 || s.Plan.Refuse != 1 || len(s.Errors) != 1 || s.Errors[0].Code != "user_exists" {
			t.Errorf("%v, %+v", err, s)
		}
		if b.calls("users") < 21 {
			t.Errorf("%d pages: the listing was not read to its end", b.calls("users"))
		}
	})
}

func TestTheFilterFindsThem(t *testing.T) {
	in(t, 3, sandbox.Config{Users: 2000}, func(b *bench) {
		if _, err := b.tenant.AddUser(phoneOf(1), "Trần B"); err != nil {
			t.Fatal(err)
		}
		if err := b.tenant.SetFaults(sandbox.MustParseRules("list-similar@users")...); err != nil {
			t.Fatal(err)
		}
		if s := b.look(); s.Plan.Create != 2 || s.Plan.Refuse != 1 || b.calls("users") > 7 {
			t.Errorf("%+v, %d calls", s, b.calls("users"))
		}
	})
}

// A listing that broke off, or that goes round in a circle, is never "nobody there".
func TestBrokenListingIsAnError(t *testing.T) {
	for _, fault := range []string{
		"list-repeats-cursor@users", "list-fails:3@users", "list-cut:3@users", "list-repeats-cursor@extensions", "list-fails:2@extensions",
		"html-200@users", "empty-200@users", "empty-object@users", "half-body@users=#3-", "500-before@extensions", "id-rounded@users",
	} {
		in(t, 250, sandbox.Config{Users: 1000}, func(b *bench) {
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
		in(t, 250, sandbox.Config{Users: 400}, func(b *bench) {
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
		prepare func(b *bench)
		pages   int
	}{
		"all wanted ids are on the first page": {pages: 1},
		"a number could be another's too": {pages: 6, prepare: func(b *bench) {
			b.roster = header + fmt.Sprintf("A,%s,s3cret-words,,1001\n", phoneOf(0))
		}},
		"a user who is to be assigned could have one": {pages: 6, prepare: func(b *bench) {
			b.options.Adopt = true
			if _, err := b.tenant.AddUser(phoneOf(0), "A"); err != nil {
				b.t.Fatal(err)
			}
		}},
		"an extension is missing": {pages: 6, prepare: func(b *bench) {
			b.roster += "Z,0912000000,s3cret-words,1309999999999999999,\n"
		}},
	} {
		in(t, 3, sandbox.Config{}, func(b *bench) {
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
	in(t, 3, sandbox.Config{}, func(b *bench) {
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
	in(t, 5, sandbox.Config{Deny: []sandbox.Ops{sandbox.Users}}, func(b *bench) {
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

// Without the listing, a create whose answer was lost stays unknown: absence cannot be seen.
func TestBlindAndUnknown(t *testing.T) {
	in(t, 2, sandbox.Config{Deny: []sandbox.Ops{sandbox.Users}}, func(b *bench) {
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
	in(t, 5, sandbox.Config{Deny: []sandbox.Ops{sandbox.Extensions}}, func(b *bench) {
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
