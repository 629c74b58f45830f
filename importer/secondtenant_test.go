package importer_test

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"etelecom-import/apiclient"
	"etelecom-import/apiclient/secret"
	"etelecom-import/importer"
	"etelecom-import/importer/ledger"
	"etelecom-import/importer/programtest"
	"etelecom-import/importer/roster"
	"etelecom-import/importer/secondtenant"
)

// second is one employee file, the second tenant with one shop, and one result file.
type second struct {
	t         *testing.T
	tenant    *secondtenant.Tenant
	shop      *secondtenant.Shop // whose key is used
	rows      int
	result    string
	options   importer.Options
	url       string            // of the API
	transport http.RoundTripper // to the API
	rate      float64
	booted    time.Time // when the machine was
	warned    []string
}

func newSecond(t *testing.T, rows int, c secondtenant.Config) *second {
	c.Latency = cmp.Or(c.Latency, 10*time.Millisecond)
	b := &second{
		t: t, tenant: secondtenant.New(c), rows: rows, result: filepath.Join(t.TempDir(), "staff.result.csv"),
		options: importer.Options{Workers: 4, Settle: 2 * time.Minute, Rounds: 3}, url: "http://127.0.0.1/v1/partner", booted: time.Now(),
	}
	b.transport = b.tenant
	b.shop = b.addShop("Hoa Sen", "")
	_ = b.options.MaxErrors.UnmarshalText([]byte("100%"))
	_ = b.options.MaxReplaced.UnmarshalText([]byte("100%"))
	_ = b.options.MaxGone.UnmarshalText([]byte("100%"))
	return b
}

// addShop adds a shop with an extension for each row.
func (b *second) addShop(name, key string) *secondtenant.Shop {
	s := b.tenant.AddShop(&secondtenant.Shop{Name: name, Key: key})
	for i := range b.rows {
		b.tenant.AddExtension(s, fmt.Sprint(1001+i), nil, "P", "", time.Duration(b.rows-i)*time.Hour)
	}
	return s
}

// onSecond runs f in a bubble, with the tenant made in it.
func onSecond(t *testing.T, rows int, c secondtenant.Config, f func(b *second)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) { f(newSecond(t, rows, c)) })
}

func (b *second) run() (*importer.Summary, error) {
	b.t.Helper()
	var text strings.Builder
	text.WriteString("name,phone,password,extension_number\n")
	for i := range b.rows {
		fmt.Fprintf(&text, "Nguyễn Văn %d,%s,pässwörd-%d-x,%d\n", i, phoneOf(i), i, 1001+i)
	}
	r, err := roster.Read(strings.NewReader(text.String()), roster.Options{})
	if err != nil {
		b.t.Fatal(err)
	}
	client, err := apiclient.New(apiclient.Config{
		BaseURL: b.url, Key: secret.New(b.shop.Key), Timeout: 30 * time.Second, Transport: b.transport, Rate: b.rate,
	})
	if err != nil {
		b.t.Fatal(err)
	}
	b.t.Cleanup(client.CloseIdleConnections)
	return importer.Run(context.Background(), importer.Input{
		Options: b.options, Roster: r, Client: client, BaseURL: b.url, FS: ledger.OS{}, Result: b.result,
		Uptime: func() (string, time.Duration) { return "a boot", time.Since(b.booted) },
		Hooks:  importer.Hooks{OnWarning: func(s string) { b.warned = append(b.warned, s) }},
	})
}

// must runs and wants no error.
func (b *second) must() *importer.Summary {
	b.t.Helper()
	s, err := b.run()
	if err != nil {
		b.t.Fatalf("run: %v\n%+v", err, s)
	}
	return s
}

// stops runs and wants the run to be stopped for this reason.
func (b *second) stops(kind importer.StopKind) error {
	b.t.Helper()
	s, err := b.run()
	var stop *importer.Stop
	if !errors.As(err, &stop) || stop.Kind != kind {
		b.t.Errorf("want a stop with %q: %v, %+v", kind, err, s)
	}
	return err
}

// lines returns the result by phone.
func (b *second) lines() map[string]ledger.Line { return programtest.Lines(b.t, b.result) }

// member is somebody who is in the shop already, from long ago.
func (b *second) member(phone string) *secondtenant.User {
	return b.tenant.AddUser(b.shop, phone, "Có Sẵn", "their own", 2000*time.Hour)
}

// members adds n people who are in no employee file.
func (b *second) members(n int) {
	for i := range n {
		b.member(fmt.Sprintf("0911%06d", i))
	}
}

func (b *second) rules(rules ...secondtenant.Rule) {
	b.tenant.Configure(func(c *secondtenant.Config) { c.Rules = rules })
}

// overwritten is how many creates have set the password of somebody who was there.
func (b *second) overwritten() (n int) {
	for _, p := range b.tenant.Record().Phones {
		n += p.Overwritten
	}
	return n
}

// safe wants that nobody was made or overwritten twice, and that nobody who was there was touched.
func (b *second) safe() {
	b.t.Helper()
	r := b.tenant.Record()
	if twice := r.Twice(); len(twice) > 0 {
		b.t.Errorf("made or overwritten twice: %v", twice)
	}
	for phone, p := range r.Phones {
		if p.Overwritten > 0 || p.Before && p.Assigned > 0 {
			b.t.Errorf("%s was touched: %+v", phone, p)
		}
	}
	if r.Pending > 0 {
		b.t.Errorf("%d effects are still to come", r.Pending)
	}
}

// all wants that every employee was made once, with their own password, and has their own extension.
func (b *second) all() {
	b.t.Helper()
	b.safe()
	r, lines := b.tenant.Record(), b.lines()
	owners := map[string]string{}
	for _, e := range b.tenant.Extensions(b.shop) {
		owners[e.Number] = e.UserID
	}
	for i := range b.rows {
		p, u, l := r.Phones[phoneOf(i)], b.tenant.User(phoneOf(i)), lines[phoneOf(i)]
		if p.Made != 1 || p.Assigned != 1 || owners[fmt.Sprint(1001+i)] != u.ID || u.Password != fmt.Sprintf("pässwörd-%d-x", i) {
			b.t.Errorf("row %d: %+v, %+v", i, p, u)
		}
		if l.Status != "done" || l.UserID != u.ID || l.ExtensionNumber != fmt.Sprint(1001+i) {
			b.t.Errorf("row %d: result %+v", i, l)
		}
	}
}

// Everybody gets user and extension with the documented key, whatever the description leaves open. A second run sends nothing.
func TestSecondTenantTwice(t *testing.T) {
	for name, c := range map[string]secondtenant.Config{
		"as described":                    {},
		"both keys are good":              {AnyKey: true},
		"empty lists are null":            {NullLists: true},
		"no next on the last page":        {LastPage: true},
		"the oldest first":                {OldestFirst: true},
		"pages by place":                  {ByPlace: true, OldestFirst: true, LastPage: true},
		"ids are numbers":                 {NumberIDs: true},
		"times of Hanoi":                  {East: true},
		"users are listed after a minute": {ListLag: time.Minute},
		"the phone filter finds nobody":   {FilterDeaf: true},
		"no roles":                        {NoRoles: true},
		"several extensions":              {Several: true},
		"no account in the lists":         {UsersAccount: "-", ExtensionsAccount: "-"},
		"other accounts in the lists":     {UsersAccount: "1366000000000000088", ExtensionsAccount: "1366000000000000088"},
	} {
		t.Run(name, func(t *testing.T) {
			onSecond(t, 130, c, func(b *second) {
				b.members(120)
				if s := b.must(); s.Status.Done != b.rows {
					t.Fatalf("%+v", s)
				}
				b.all()
				writes := b.tenant.Record().Writes
				s := b.must()
				if s.Plan.None != b.rows || s.PasswordReplaced > 0 || b.tenant.Record().Writes != writes {
					t.Errorf("again: %+v", s)
				}
				b.all()
			})
		})
	}
}

// An answer to a create that shows no phone is not believed: later runs find these users in the listing, and make nobody twice.
func TestSecondTenantAnswersWithoutPhone(t *testing.T) {
	onSecond(t, 40, secondtenant.Config{AnswerNoPhone: true}, func(b *second) {
		for run := 0; ; run++ {
			s, err := b.run()
			if err == nil && s.Status.Done == b.rows {
				break
			}
			if b.safe(); run == b.rows {
				t.Fatalf("%v, %+v", err, s)
			}
		}
		b.all()
	})
}

// The documented key over a real socket.
func TestSecondTenantOverASocket(t *testing.T) {
	b := newSecond(t, 30, secondtenant.Config{Latency: time.Millisecond})
	server := httptest.NewServer(b.tenant)
	defer server.Close()
	b.url, b.transport = server.URL+"/v1/partner", nil
	for range 2 {
		s := b.must()
		if s.Status.Done != 30 || s.Account.ID != b.shop.Account {
			t.Errorf("%+v", s)
		}
	}
	b.all()
}

// No call that only tells who we are ends a run, whatever it answers.
func TestSecondTenantIdentityCalls(t *testing.T) {
	paths := []string{"Misc/CurrentAccount", "Shop/CurrentShop", "Etelecom/GetTenant"}
	for _, answer := range []string{
		"401", "403", "404", "500", "502", "html", "unauthenticated", "permission_denied", "not_found", "bad_route", "internal", "unavailable",
		"unavailable|closed|account_closed", "{}", "null", `{"id":"0"}`, `{"id":""}`, `{"name":"Hoa Sen"}`, "cut", "half", "hang",
	} {
		for _, key := range []string{"", "opaque-key-of-the-shop"} {
			for _, called := range [][]string{paths[1:2], paths} {
				onSecond(t, 5, secondtenant.Config{Identity: map[string]string{}}, func(b *second) {
					b.tenant.Change(b.shop, func(s *secondtenant.Shop) { s.Key = cmp.Or(key, s.Key) })
					b.tenant.Configure(func(c *secondtenant.Config) {
						for _, path := range called {
							if answer == "cut" || answer == "half" || answer == "hang" {
								c.Rules = append(c.Rules, secondtenant.Rule{Call: path, Answer: answer})
							} else {
								c.Identity[path] = answer
							}
						}
					})
					for range 2 {
						s, err := b.run()
						if err != nil || s.Status.Done != 5 || s.Account.ID != b.shop.Account {
							t.Fatalf("%s, key %q, %d calls: %v, %+v", answer, key, len(called), err, s)
						}
					}
					b.all()
				})
			}
		}
	}
}

// The result of one shop is refused with the key of the other shop of the partner. A person who is in both is nobody's proof.
func TestSecondTenantSwappedKeys(t *testing.T) {
	for name, test := range map[string]struct {
		config     secondtenant.Config
		keyA, keyB string
	}{
		"as described":               {},
		"keys without an id":         {keyA: "opaque-key-a", keyB: "opaque-key-b"},
		"both tell the partner's id": {config: secondtenant.Config{Identity: map[string]string{"Shop/CurrentShop": `{"id":"1366000000000000088","name":"x"}`}}},
		"nothing tells": {
			config: secondtenant.Config{Identity: map[string]string{"Shop/CurrentShop": "404"}, UsersAccount: "-", ExtensionsAccount: "-"},
			keyA:   "opaque-key-a", keyB: "opaque-key-b",
		},
	} {
		t.Run(name, func(t *testing.T) {
			onSecond(t, 6, test.config, func(b *second) {
				first, other := b.shop, b.addShop("Hướng Dương", test.keyB)
				b.tenant.Change(first, func(s *secondtenant.Shop) { s.Key = cmp.Or(test.keyA, s.Key) })
				both := phoneOf(2)
				b.member(both)
				b.tenant.AddUser(other, both, "Có Sẵn", "", time.Hour)
				if s := b.must(); s.Status.Done != 5 || s.Errors[0].Code != "user_exists" {
					t.Fatalf("%+v", s)
				}
				writes := b.tenant.Record().Writes
				b.tenant.AddUser(other, phoneOf(4), "", "", time.Hour) // one of the first shop's new people, too
				b.shop = other
				if err := b.stops(importer.Refused); !errors.Is(err, importer.ErrOtherAccount) {
					t.Errorf("the other shop's key: %v", err)
				}
				b.shop = first
				if s := b.must(); s.Status.Done != 5 || b.tenant.Record().Writes != writes {
					t.Errorf("the first shop's key again: %+v", s)
				}
				for phone, p := range b.tenant.Record().Phones {
					if p.Overwritten > 0 || p.Made > 1 || p.Joined[other.Name] > 0 {
						t.Errorf("%s: %+v", phone, p)
					}
				}
			})
		})
	}
}

// The tenant's clock moves between two runs, or the tenant tells it wrongly or not at all. Creates that are lost take effect
// late, within the settle time. The second run must not send them again before.
func TestSecondTenantClocks(t *testing.T) {
	const slow = -10 * time.Minute
	page := map[string]string{"Shop/CurrentShop": "502", "Misc/CurrentAccount": "502"}
	type config = secondtenant.Config
	for name, test := range map[string]struct{ first, then config }{
		"slow, then right":                                      {config{Skew: slow}, config{}},
		"right, then fast":                                      {config{}, config{Skew: -slow}},
		"slow, and the first answer has no Date":                {config{Skew: slow, Date: "json", Identity: page}, config{Skew: slow, Date: "json", Identity: page}},
		"slow, and the first answer of the second run has none": {config{Skew: slow}, config{Skew: slow, Date: "json", Identity: page}},
		"no Date, then one that is right":                       {config{Skew: slow, Date: "none"}, config{}},
		"a slow Date, then none":                                {config{Skew: slow}, config{Date: "none", Skew: slow}},
		"a Date, then none":                                     {config{}, config{Date: "none"}},
		"only pages have a Date":                                {config{Skew: slow, Date: "pages", Identity: page}, config{Identity: page}},
		"Date is behind created_at":                             {config{DateSkew: slow}, config{}},
		"Date is ahead later":                                   {config{}, config{DateSkew: -slow}},
	} {
		t.Run(name, func(t *testing.T) {
			for _, late := range []time.Duration{15 * time.Second, 100 * time.Second} {
				for _, pause := range []time.Duration{0, time.Minute} {
					onSecond(t, 5, test.first, func(b *second) {
						b.rules(secondtenant.Rule{Call: "create", Effect: "late", Late: late, Answer: "cut"})
						b.options.Rounds = 0
						if s := b.must(); s.Status.Unknown != 5 {
							t.Fatalf("%+v", s)
						}
						b.tenant.Configure(func(c *secondtenant.Config) {
							latency := c.Latency
							*c = test.then
							c.Latency = latency
						})
						b.options.Rounds = 3
						time.Sleep(pause)
						if s, err := b.run(); err != nil || s.Status.Done != 5 {
							t.Errorf("%v, %+v", err, s)
						}
						time.Sleep(late)
						b.all()
						if t.Failed() {
							t.Fatalf("late by %v, after a pause of %v", late, pause)
						}
					})
				}
			}
		})
	}
}

// People whom the phone filter misses are seen in the complete listing.
func TestSecondTenantInvisibleToTheFilter(t *testing.T) {
	onSecond(t, 200, secondtenant.Config{}, func(b *second) {
		b.members(1980)
		for i := range 30 {
			b.tenant.Unfindable(b.shop, fmt.Sprintf("0911%06d", i*60), true)
		}
		for i := range 20 {
			b.member(phoneOf(i*9 + 5))
			b.tenant.Unfindable(b.shop, phoneOf(i*9+5), true)
		}
		for range 2 {
			if s := b.must(); s.Status.Done != 180 || s.Status.Failed != 20 || s.Errors[0].Code != "user_exists" {
				t.Errorf("%+v", s)
			}
		}
		b.safe()
	})
}

// People whom the listing hides are met by creates. These are few, over all runs.
func TestSecondTenantHiddenPeople(t *testing.T) {
	for _, exists := range []secondtenant.Config{
		{},
		{ExistsCode: "already_exists"},
		{ExistsCode: "invalid_argument", ExistsMessage: "Người dùng đã tồn tại."},
		{ExistsXcode: "already_exists", ExistsMessage: "x"},
	} {
		for _, workers := range []int{1, 4, 8} {
			for _, others := range []int{0, 500} {
				onSecond(t, 200, exists, func(b *second) {
					b.options.Workers = workers
					b.members(others)
					for i := range 20 {
						b.member(phoneOf(i*9 + 5))
						b.tenant.Hide(b.shop, phoneOf(i*9+5), true)
					}
					for range 3 {
						_, _ = b.run()
					}
					if n := b.overwritten(); n > 3 || n == 0 {
						t.Errorf("%q %q, %d workers, %d others: %d passwords were overwritten", exists.ExistsCode, exists.ExistsMessage, workers, others, n)
					}
					for phone, p := range b.tenant.Record().Phones {
						if p.Made > 1 || p.Overwritten > 1 || p.Made+p.Overwritten > 1 {
							t.Errorf("%s: %+v", phone, p)
						}
					}
				})
			}
		}
	}
}

// Where an unknown wording says that a hidden person exists, refusals in the same words end the run, and the first
// one ends every later run. With several workers, one further create of such a person may be under way at each end.
func TestSecondTenantHiddenPeopleInOtherWords(t *testing.T) {
	for workers, most := range map[int]int{1: 6 + 1 + 1, 4: 7 + 2 + 2, 8: 7 + 2 + 2} {
		onSecond(t, 200, secondtenant.Config{ExistsMessage: "Thất bại."}, func(b *second) {
			b.options.Workers = workers
			for i := range 20 {
				b.member(phoneOf(i*9 + 5))
				b.tenant.Hide(b.shop, phoneOf(i*9+5), true)
			}
			for range 3 {
				_, _ = b.run()
			}
			if n := b.overwritten(); n > most || n == 0 {
				t.Errorf("%d workers: %d passwords were overwritten", workers, n)
			}
		})
	}
}

// Where the listing masks phones, nobody can tell who is there: nothing is sent. One masked phone refuses the rows that fit it.
func TestSecondTenantMaskedPhones(t *testing.T) {
	onSecond(t, 5, secondtenant.Config{}, func(b *second) {
		b.members(20)
		b.member(phoneOf(1))
		for i := range 20 {
			b.tenant.Mask(b.shop, fmt.Sprintf("0911%06d", i), true)
		}
		b.tenant.Mask(b.shop, phoneOf(1), true)
		b.stops(importer.ListingDoubted)
		if r := b.tenant.Record(); r.Writes > 0 {
			t.Errorf("%d writes were sent", r.Writes)
		}
	})
	onSecond(t, 5, secondtenant.Config{}, func(b *second) {
		b.members(100)
		b.member(phoneOf(1))
		b.tenant.Mask(b.shop, phoneOf(1), true)
		if s := b.must(); s.Status.Done != 4 || b.lines()[phoneOf(1)].ErrorCode != "user_masked" {
			t.Errorf("%+v, %+v", s, b.lines()[phoneOf(1)])
		}
		b.safe()
	})
}

// allowance answers 429 to what is more than a number of calls in any second.
type allowance struct {
	http.RoundTripper
	most       int
	retryAfter string

	mu      sync.Mutex
	taken   []time.Time
	refused int
}

// RoundTrip implements [http.RoundTripper].
func (l *allowance) RoundTrip(r *http.Request) (*http.Response, error) {
	l.mu.Lock()
	now := time.Now()
	for len(l.taken) > 0 && now.Sub(l.taken[0]) >= time.Second {
		l.taken = l.taken[1:]
	}
	full := len(l.taken) >= l.most
	if full {
		l.refused++
	} else {
		l.taken = append(l.taken, now)
	}
	l.mu.Unlock()
	if !full {
		return l.RoundTripper.RoundTrip(r)
	}
	_, _ = io.Copy(io.Discard, r.Body)
	answer := problem(http.StatusTooManyRequests, "resource_exhausted")
	if l.retryAfter != "" {
		answer.Header.Set("Retry-After", l.retryAfter)
	}
	return answer, nil
}

// The tenant takes five calls a second and answers 429 to the others. All is done, and nothing twice.
func TestSecondTenantLimit(t *testing.T) {
	for _, rate := range []float64{0, 10} {
		for _, retryAfter := range []string{"", "1"} {
			onSecond(t, 60, secondtenant.Config{}, func(b *second) {
				l := &allowance{RoundTripper: b.tenant, most: 5, retryAfter: retryAfter}
				b.transport, b.rate, b.options.Workers = l, rate, 8
				s, err := b.run()
				if err != nil || s.Status.Done != 60 || l.refused == 0 {
					t.Errorf("rate %v, Retry-After %q: %v, %+v; %d were refused", rate, retryAfter, err, s, l.refused)
				}
				b.all()
			})
		}
	}
}

// creates returns how many creates of a phone were sent.
func (b *second) creates(phone string) (n int) {
	for _, q := range b.tenant.Record().Requests {
		if q.Call == "create" && q.Phone == phone {
			n++
		}
	}
	return n
}

// The code failed_precondition has other causes than that the user is there.
func TestSecondTenantOtherPreconditions(t *testing.T) {
	const answer = "failed_precondition|Require at least 1 role"
	for _, effect := range []string{"none", "now", "late"} {
		onSecond(t, 5, secondtenant.Config{}, func(b *second) {
			b.rules(secondtenant.Rule{Call: "create", Phone: phoneOf(2), First: 1, Effect: effect, Late: 20 * time.Second, Answer: answer})
			for range 3 {
				s, err := b.run()
				if err != nil || s.Status.Done < 4 {
					t.Errorf("%s: %v, %+v", effect, err, s)
				}
				time.Sleep(time.Minute)
			}
			if n := b.creates(phoneOf(2)); n != 1 {
				t.Errorf("%s: %d creates were sent", effect, n)
			}
			if l := b.lines()[phoneOf(2)]; effect == "none" && (l.ErrorCode != "failed_precondition" || l.Status != "failed") {
				t.Errorf("%s: %+v", effect, l)
			}
			b.safe()
		})
	}
	onSecond(t, 30, secondtenant.Config{}, func(b *second) { // of all: the run ends soon
		b.rules(secondtenant.Rule{Call: "create", Effect: "none", Answer: answer})
		s, err := b.run()
		if r := b.tenant.Record(); err == nil || r.Writes > 12 || s.Status.Done > 0 {
			t.Errorf("%v, %+v; %d writes", err, s, r.Writes)
		}
	})
}
