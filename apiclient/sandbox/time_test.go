package sandbox_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"runtime"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"etelecom-import/apiclient/sandbox"
)

func TestLatency(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tenant := newTenant(t, sandbox.Config{Latency: 50 * time.Millisecond, Faults: sandbox.MustParseRules("slow:2s@create=#2", "slow-header:3s@create=#3", "slow-body@account=#1")})
		for i, want := range []time.Duration{50 * time.Millisecond, 2050 * time.Millisecond, 3050 * time.Millisecond} {
			start := time.Now()
			call(t, tenant, createPath, create(fmt.Sprintf("090000000%d", i), "p"))
			if took := time.Since(start); took != want {
				t.Errorf("create %d took %v, want %v", i+1, took, want)
			}
		}
		start := time.Now()
		_, body := call(t, tenant, accountPath, "{}")
		if took := time.Since(start); took != 50*time.Millisecond+time.Duration(len(body)+1)*time.Second {
			t.Errorf("%d bytes, one a second, took %v", len(body), took)
		}
	})
}

// TestClientGivesUp shows that the effect does not depend on whether the client waits.
func TestClientGivesUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tenant := newTenant(t, sandbox.Config{Latency: 10 * time.Second})
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		_, err := tenant.RoundTrip(request(t, tenant, createPath, create("0901234567", "p")).WithContext(ctx))
		if !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("error %v", err)
		}
		exists := func() bool { _, ok := tenant.Person("0901234567"); return ok }
		if exists() || tenant.Pending() != 1 {
			t.Error("the effect came at once, or is forgotten")
		}
		time.Sleep(4*time.Second + time.Millisecond)
		if !exists() || tenant.Pending() != 0 {
			t.Error("the effect did not come")
		}
	})
}

func TestLateEffect(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tenant := newTenant(t, sandbox.Config{Faults: sandbox.MustParseRules("late:90s@create=#1", "late-504@create=#2", "late-silent:5s@create=#3")})
		client := http.Client{Transport: tenant, Timeout: 30 * time.Second}
		for i, c := range []struct {
			status       int
			before, then time.Duration
		}{{0, 89 * time.Second, 2 * time.Second}, {504, 59 * time.Second, 2 * time.Second}, {0, 0, 0}} {
			phone := fmt.Sprintf("090000000%d", i)
			res, err := client.Do(request(t, tenant, createPath, create(phone, "p")))
			if err == nil {
				_ = res.Body.Close()
			}
			if (c.status == 0) != (err != nil) || err == nil && res.StatusCode != c.status {
				t.Errorf("%s: %v, %v", phone, res, err)
			}
			time.Sleep(c.before)
			if _, ok := tenant.Person(phone); ok != (c.before == 0) {
				t.Errorf("%s: there already: %v", phone, ok)
			}
			time.Sleep(c.then)
			if _, ok := tenant.Person(phone); !ok {
				t.Errorf("%s: never there", phone)
			}
		}
	})
}

func TestLag(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tenant := newTenant(t, sandbox.Config{Lag: time.Second, Skew: -time.Hour, UserPhones: []string{"0905000001"}, Faults: sandbox.MustParseRules("lag:20s@create=#2")})
		call(t, tenant, createPath, create("0901111111", "p"))
		call(t, tenant, createPath, create("0902222222", "p"))
		tenant.SetSkew(time.Hour)
		_, _ = tenant.AddUser("0903333333", "By an administrator")
		tenant.SetSkew(0)
		for _, c := range []struct {
			after time.Duration
			want  int
		}{{0, 2}, {time.Second, 3}, {19 * time.Second, 3}, {time.Second, 4}} {
			time.Sleep(c.after)
			if got, _ := phones(t, tenant, "{}", 0); len(got) != c.want {
				t.Errorf("after another %v: %v, want %d", c.after, got, c.want)
			}
		}
		runSteps(t, tenant, []step{{createPath, create("0902222222", "p"), 412, "failed_precondition"}})
	})
}

// TestSkew compares the two places where the tenant's clock is seen.
func TestSkew(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tenant := newTenant(t, sandbox.Config{Skew: 3 * time.Hour})
		res, err := tenant.RoundTrip(request(t, tenant, createPath, create("0901234567", "p")))
		if err != nil {
			t.Fatal(err)
		}
		date, _ := http.ParseTime(res.Header.Get("Date"))
		created, _ := time.Parse(time.RFC3339, field(t, readAll(t, res), "created_at"))
		if want := time.Now().Add(3 * time.Hour).Truncate(time.Second); !date.Equal(want) || !created.Equal(want) {
			t.Errorf("Date %v, created_at %v, want %v", date, created, want)
		}
	})
}

// TestAssignRace lets two assigns of one extension check before either writes. Both succeed, and the later one wins.
func TestAssignRace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tenant := newTenant(t, sandbox.Config{Latency: 40 * time.Millisecond, Extensions: 1})
		ann, _ := tenant.AddUser("0905000001", "Ann")
		bob, _ := tenant.AddUser("0905000002", "Bob")
		line := tenant.Record().Lines[0].ID
		var wg sync.WaitGroup
		for i, user := range []int64{ann, bob} {
			wg.Go(func() {
				time.Sleep(time.Duration(i) * time.Millisecond)
				runSteps(t, tenant, []step{{assignPath, assign(jsonID(line), jsonID(user)), 200, `{"updated":1}`}})
			})
		}
		wg.Wait()
		if l, _ := tenant.Line(line); l.User != bob || l.Assigns != 2 || l.Taken != 1 {
			t.Errorf("%+v", l)
		}
		if p, _ := tenant.Person("0905000001"); len(p.Extensions) != 0 {
			t.Errorf("%+v", p)
		}
	})
}

func TestRateLimit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tenant := newTenant(t, sandbox.Config{Limit: 10, LimitBurst: 3, RetryAfter: "seconds"})
		statuses := map[int]int{}
		for range 200 { // 20 a second
			status, _ := call(t, tenant, accountPath, "{}")
			statuses[status]++
			time.Sleep(50 * time.Millisecond)
		}
		if statuses[200] < 100 || statuses[200] > 104 || statuses[200]+statuses[429] != 200 {
			t.Errorf("of 200 requests in 10 s: %v", statuses)
		}
		if r := tenant.Totals(); r.MaxPerSecond != 20 || r.Calls["account"]["429"] != statuses[429] {
			t.Errorf("record: %+v", r)
		}
		tenant.SetLimit(0, 0)
		for range 100 {
			runSteps(t, tenant, []step{{accountPath, "{}", 200, ""}})
		}
	})
}

// TestClose shows that nothing is left running: else the bubble would fail.
func TestClose(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tenant := sandbox.New(sandbox.Config{Latency: time.Hour, Extensions: 1, Faults: sandbox.MustParseRules("silent@users", "slow-body@account", "slow-header@extensions", "late:2h@create")})
		for _, path := range []string{createPath, assignPath, usersPath, extensionsPath, accountPath} {
			go func() {
				res, err := tenant.RoundTrip(request(t, tenant, path, "{}"))
				if err == nil {
					_, err = io.ReadAll(res.Body)
				}
				if err == nil {
					t.Errorf("%s: no error", path)
				}
			}()
		}
		time.Sleep(59 * time.Minute)
		tenant.Close()
		tenant.Close()
		if _, err := tenant.RoundTrip(request(t, tenant, accountPath, "{}")); err == nil || !strings.Contains(err.Error(), "refused") {
			t.Errorf("after Close: %v", err)
		}
		synctest.Wait()
		time.Sleep(24 * time.Hour)
		if r := tenant.Record(); r.Creates != 0 || r.Pending != 0 {
			t.Errorf("an effect came after Close: %+v", r)
		}
	})
}

// TestSameSeedSameFaults sends the same calls in an order that the scheduler decides.
func TestSameSeedSameFaults(t *testing.T) {
	run := func() string {
		tenant := newTenant(t, sandbox.Config{Faults: sandbox.MustParseRules("500-after@create=30%", "cut-before@create=0.2")})
		var wg sync.WaitGroup
		for i := range 50 {
			wg.Go(func() {
				for range 3 {
					runtime.Gosched()
					res, err := tenant.RoundTrip(request(t, tenant, createPath, create(fmt.Sprintf("09000000%02d", i), "p")))
					if err == nil {
						_ = res.Body.Close()
					}
				}
			})
		}
		wg.Wait()
		var effects strings.Builder
		for _, p := range tenant.Record().People {
			fmt.Fprintln(&effects, p.ID, p.Phone, p.Creates)
		}
		return fmt.Sprint(tenant.Record().Faults, effects.String())
	}
	first := run()
	if !strings.Contains(first, "500-after") || !strings.Contains(first, "cut-before") {
		t.Errorf("no faults: %s", first)
	}
	for range 5 {
		if got := run(); got != first {
			t.Fatalf("another run:\n%s\nthe first:\n%s", got, first)
		}
	}
}
