package tenant_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"etelecom-import/apiclient"
	"etelecom-import/apiclient/sandbox"
	"etelecom-import/apiclient/secret"
	"etelecom-import/importer/phone"
	"etelecom-import/importer/tenant"
)

const (
	there, absent = "0912345670", "0912345671"
	x1, x2        = 1301234567890123001, 1301234567890123002
)

// shop is a practice tenant with one user and two extensions, and a client for it.
type shop struct {
	*sandbox.Tenant
	client *apiclient.Client
	user   apiclient.ID
}

// with runs a test in a bubble of fake time.
func with(t *testing.T, c sandbox.Config, f func(t *testing.T, s *shop)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		c.Seed = 7
		s := &shop{Tenant: sandbox.New(c)}
		user, err := s.AddUser(there, "Trần Thị Đào")
		if err != nil {
			t.Fatal(err)
		}
		s.user = apiclient.ID(user)
		for number, id := range map[string]int64{"1001": x1, "1002": x2} {
			if _, err := s.AddExtension(id, number); err != nil {
				t.Fatal(err)
			}
		}
		s.client, err = apiclient.New(apiclient.Config{BaseURL: s.BaseURL(), Key: secret.New(s.Key()), Timeout: 30 * time.Second, Transport: s.Tenant})
		if err != nil {
			t.Fatal(err)
		}
		defer s.client.CloseIdleConnections()
		f(t, s)
	})
}

func (s *shop) calls(name string) int { return s.Totals().Calls[name]["200"] }

func query(extensions []apiclient.ID, numbers []string, phones ...string) *tenant.Query {
	q := &tenant.Query{Extensions: extensions, Numbers: numbers}
	for _, p := range phones {
		q.Phones = append(q.Phones, phone.Normalize(p))
	}
	return q
}

func TestSnapshotAnswersTheQuery(t *testing.T) {
	with(t, sandbox.Config{Users: 20, Latency: time.Second}, func(t *testing.T, s *shop) {
		if err := s.client.AssignUserToExtension(t.Context(), x2, s.user, func() error { return nil }); err != nil {
			t.Fatal(err)
		}
		began := time.Now()
		got, err := tenant.Observe(t.Context(), s.client, query([]apiclient.ID{x1}, []string{"1009"}, there, absent), tenant.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if !got.UsersKnown || !got.ExtensionsKnown || got.UserCount != 21 || got.AsOf.Before(began) || len(got.Readings) != 1 {
			t.Errorf("%+v", got)
		}
		if got.User(phone.Normalize(there)) != s.user || got.User(phone.Normalize(absent)) != 0 || !got.Listed(s.user) || !got.IDs().Has(s.user) {
			t.Errorf("users: %+v", got)
		}
		if x, ok := got.Extension(x1); !ok || x.Number != "1001" || x.User != 0 {
			t.Errorf("the extension that was asked for: %+v", x)
		}
		// An extension of a user who was asked for is known, too.
		if x := got.ExtensionOf(s.user); x.ID != x2 || x.User != s.user || got.ByNumber("1009") != 0 || got.ExtensionsInUse != 1 {
			t.Errorf("extensions: %+v", got)
		}
	})
}

// A query that asks for nothing costs one call at most, and that only if the caller wants to know whether the key is good.
func TestEmptyQuery(t *testing.T) {
	for _, probe := range []bool{false, true} {
		with(t, sandbox.Config{}, func(t *testing.T, s *shop) {
			got, err := tenant.Observe(t.Context(), s.client, &tenant.Query{}, tenant.Options{Probe: probe})
			want := map[bool]int64{true: 1}[probe]
			if err != nil || got.UsersKnown || got.AskedForUsers() || s.client.Stats().Requests != want {
				t.Errorf("%v, %d requests, %+v", err, s.client.Stats().Requests, got)
			}
		})
	}
}

// Whoever is missing must be missing from two readings, if the listing has several pages.
func TestTwoReadings(t *testing.T) {
	for _, test := range []struct {
		users    int
		phone    string
		readings int
	}{
		{users: 250, phone: absent, readings: 2},
		{users: 250, phone: there, readings: 1},
		{users: 50, phone: absent, readings: 1},
	} {
		with(t, sandbox.Config{Users: test.users}, func(t *testing.T, s *shop) {
			got, err := tenant.Observe(t.Context(), s.client, query(nil, nil, test.phone), tenant.Options{Twice: true})
			if err != nil || len(got.Readings) != test.readings || got.UserCount > test.users+1 {
				t.Errorf("%+v: %v, %+v", test, err, got)
			}
		})
	}
}

// A reading ends after the page on which the last one was seen who was looked for, unless the caller has to know more.
func TestReadOn(t *testing.T) {
	for _, readOn := range []bool{false, true} {
		with(t, sandbox.Config{Users: 400}, func(t *testing.T, s *shop) {
			last := apiclient.ID(0)
			_, err := tenant.Observe(t.Context(), s.client, query(nil, nil, there), tenant.Options{
				OneByOne: true, ReadOn: func() bool { return readOn }, OnUser: func(u apiclient.AccountUser, _ int) { last = u.UserID },
			})
			if pages := s.calls("users"); err != nil || readOn != (pages > 4) || last == 0 {
				t.Errorf("reading on: %v: %v, %d pages", readOn, err, pages)
			}
		})
	}
}

func TestKeysThatMayNotList(t *testing.T) {
	deny := func(calls string) sandbox.Config {
		var ops sandbox.Ops
		if err := ops.UnmarshalText([]byte(calls)); err != nil {
			t.Fatal(err)
		}
		return sandbox.Config{Deny: []sandbox.Ops{ops}}
	}
	q := query([]apiclient.ID{x1}, nil, absent)
	with(t, deny("users"), func(t *testing.T, s *shop) {
		if _, err := tenant.Observe(t.Context(), s.client, q, tenant.Options{}); !errors.Is(err, apiclient.ErrPermission) {
			t.Errorf("users: %v", err)
		}
		got, err := tenant.Observe(t.Context(), s.client, q, tenant.Options{Blind: true})
		if err != nil || got.UsersKnown || !got.ExtensionsKnown {
			t.Errorf("blind: %v, %+v", err, got)
		}
	})
	many := deny("users")
	many.Extensions, many.Latency = 500, 10*time.Millisecond
	with(t, many, func(t *testing.T, s *shop) { // the other listing is cut off, and that is not told as a denial
		denied, all := 0, query(nil, nil, absent)
		if err := all.Free.UnmarshalText([]byte("1000-1999")); err != nil {
			t.Fatal(err)
		}
		_, err := tenant.Observe(t.Context(), s.client, all, tenant.Options{OnExtensionsDenied: func() { denied++ }})
		if !errors.Is(err, apiclient.ErrPermission) || denied != 0 {
			t.Errorf("users: %v; extensions were denied %d times", err, denied)
		}
	})
	with(t, deny("extensions"), func(t *testing.T, s *shop) {
		denied := 0
		got, err := tenant.Observe(t.Context(), s.client, q, tenant.Options{OnExtensionsDenied: func() { denied++ }})
		if err != nil || !got.UsersKnown || got.ExtensionsKnown || denied != 1 {
			t.Errorf("extensions: %v, denied %d times, %+v", err, denied, got)
		}
		if _, seen := got.Extension(x1); seen {
			t.Error("an extension that nobody has shown")
		}
	})
}

// A panic of a reading is what the guard makes of it.
func TestGuard(t *testing.T) {
	with(t, sandbox.Config{}, func(t *testing.T, s *shop) {
		errPanic := errors.New("a panic")
		_, err := tenant.Observe(t.Context(), s.client, query(nil, nil, there), tenant.Options{
			OnUser: func(apiclient.AccountUser, int) { panic("a bug") },
			Guard: func(_ string, read func() error) (err error) {
				defer func() {
					if recover() != nil {
						err = errPanic
					}
				}()
				return read()
			},
		})
		if !errors.Is(err, errPanic) {
			t.Error(err)
		}
	})
}

func TestFindUser(t *testing.T) {
	with(t, sandbox.Config{Users: 10}, func(t *testing.T, s *shop) {
		for number, want := range map[string]apiclient.ID{there: s.user, absent: 0} {
			if id, err := tenant.FindUser(t.Context(), s.client, phone.Normalize(number)); err != nil || id != want {
				t.Errorf("%s: %v, %v", number, id, err)
			}
		}
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if _, err := tenant.FindUser(ctx, s.client, phone.Normalize(there)); err == nil {
			t.Error("an answer after the end")
		}
	})
}

// Two extensions of one number: which of them is meant cannot be told.
func TestAmbiguousNumber(t *testing.T) {
	s := tenant.New(&tenant.Query{Numbers: []string{"1001", "1002"}})
	for _, x := range []tenant.Extension{{ID: x1, Number: "1001"}, {ID: x2, Number: "1001"}, {ID: x2 + 1, Number: "1002"}, {ID: x2 + 1, Number: "1002"}} {
		s.AddExtension(x)
	}
	if !s.Ambiguous("1001") || s.Ambiguous("1002") || s.ByNumber("1002") != x2+1 {
		t.Errorf("%+v", s)
	}
}

// An extension that changes hands while the listing is read is its last user's.
func TestExtensionThatChangesHands(t *testing.T) {
	s := tenant.New(&tenant.Query{Extensions: []apiclient.ID{x1}})
	s.AddExtension(tenant.Extension{ID: x1, User: 1})
	s.AddExtension(tenant.Extension{ID: x1, User: 2})
	if s.ExtensionOf(1).ID != 0 || s.ExtensionOf(2).ID != x1 || len(s.ExtensionsOf(2)) != 1 {
		t.Errorf("%+v", s)
	}
}
