package plan

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"etelecom-import/apiclient"
	"etelecom-import/importer/ledger"
	"etelecom-import/importer/phone"
	"etelecom-import/importer/roster"
	"etelecom-import/importer/tenant"
)

const (
	free1  = "Đào,0901234561,secret-1,,"
	free2  = "Bình,0901234562,secret-2,,"
	free3  = "Chi,0901234563,secret-3,,"
	empty1 = "Đào,0901234561,,,"
	h1, h2 = 1301234567890400001, 1301234567890400002 // hotlines
)

type hotlines map[apiclient.ID]apiclient.ID

// choosing is one case: rows that name no extension, and what they get. The tenant has the extensions x1 to x3 with the numbers 1001 to
// 1003.
type choosing struct {
	name    string
	rows    []string
	ledger  func(l *ledger.Ledger)
	users   users
	has     map[int64]int64 // extension -> user
	numbers string          // of the range; "-" for none
	hotline apiclient.ID
	more    []tenant.Extension
	of      hotlines // of extensions in more
	change  func(t *tenant.Snapshot)
	opts    Options
	later   []int // rows that are put off
	want    []string
}

func chosen1(l *ledger.Ledger) {
	l.RecordChosen(l.GetOrAdd(numberOf(1)), "Đào", x2, "1002", asked)
}

func chosenAndMade(l *ledger.Ledger) {
	made(l, 1, u1)
	chosen1(l)
}

var choosings = []choosing{
	{name: "the next one", rows: []string{free1}, want: []string{fmt.Sprint("create ", x1)}},
	{name: "in the order of the rows", rows: []string{free1, free2, free3}, want: []string{fmt.Sprint("create ", x1), fmt.Sprint("create ", x2), fmt.Sprint("create ", x3)}},
	{name: "in the order of the numbers", rows: []string{free1, free2}, numbers: "990-999,1003-1003", more: []tenant.Extension{{ID: x3 + 7, Number: "999"}, {ID: x3 + 8, Number: "998"}}, want: []string{fmt.Sprint("create ", x3+8), fmt.Sprint("create ", x3+7)}},
	{name: "not one that somebody has", rows: []string{free1}, has: map[int64]int64{x1: u9}, want: []string{fmt.Sprint("create ", x2)}},
	{name: "not one that has expired", rows: []string{free1}, numbers: "0990-1000,1003", more: []tenant.Extension{{ID: x3 + 7, Number: "0999", Expired: true}}, want: []string{fmt.Sprint("create ", x3)}},
	{name: "not one that another row names", rows: []string{free1, "Bình,0901234562,secret-2,1301234567890123001,"}, want: []string{fmt.Sprint("create ", x2), fmt.Sprint("create ", x1)}},
	{name: "not one that another row names by its number", rows: []string{free1, "Bình,0901234562,secret-2,,1001"}, want: []string{fmt.Sprint("create ", x2), fmt.Sprint("create ", x1)}},
	{name: "not one that a refused row names", rows: []string{free1, ",0901234562,secret-2,,1001"}, want: []string{fmt.Sprint("create ", x2), "missing_value"}},
	{name: "not one that another row may mean", rows: []string{free1, "Bình,0901234562,secret-2,,1004"}, numbers: "01004-01005", more: []tenant.Extension{{ID: x3 + 7, Number: "01004"}, {ID: x3 + 8, Number: "01005"}}, want: []string{fmt.Sprint("create ", x3+8), "extension_missing"}},
	{name: "zeros alone are a number", rows: []string{free1, free2}, numbers: "0000-0001", more: []tenant.Extension{{ID: x3 + 7, Number: "0000"}}, want: []string{fmt.Sprint("create ", x3+7), "no_free_extension"}},
	{name: "not one of the ledger's", rows: []string{free2}, ledger: done1, want: []string{fmt.Sprint("create ", x2)}},
	{name: "not one that was chosen for somebody who is gone", rows: []string{free2}, ledger: chosen1, numbers: "1002-1003", want: []string{fmt.Sprint("create ", x3)}},
	{name: "not one of several with one number", rows: []string{free1}, more: []tenant.Extension{{ID: x3 + 7, Number: "1001"}}, want: []string{fmt.Sprint("create ", x2)}},
	{name: "not outside of the range", rows: []string{free1}, numbers: "1003-1009", want: []string{fmt.Sprint("create ", x3)}},
	{name: "none of the length", rows: []string{free1}, numbers: "01001-01003", want: []string{"no_free_extension"}},
	{name: "too few", rows: []string{free1, free2, free3}, numbers: "1001-1002", want: []string{fmt.Sprint("create ", x1), fmt.Sprint("create ", x2), "no_free_extension"}},
	{name: "only of the hotline", rows: []string{free1}, hotline: h2, more: []tenant.Extension{{ID: x3 + 7, Number: "1004"}}, of: hotlines{x3 + 7: h2}, want: []string{fmt.Sprint("create ", x3+7)}},
	{name: "none of the hotline", rows: []string{free1}, hotline: h2, want: []string{"no_free_extension"}},

	// who takes none
	{name: "a refused row takes none", rows: []string{",0901234561,secret-1,,", free2}, want: []string{"missing_value", fmt.Sprint("create ", x1)}},
	{name: "a row that is put off takes none", rows: []string{free1, free2}, later: []int{0}, want: []string{"nothing", fmt.Sprint("create ", x1)}},
	{name: "two rows of one phone take none", rows: []string{free1, free1, free2}, want: []string{"duplicate_phone", "duplicate_phone", fmt.Sprint("create ", x1)}},
	{name: "a row without a password takes none", rows: []string{empty1, free2}, want: []string{"missing_value", fmt.Sprint("create ", x1)}},
	{name: "a row that is done takes none", rows: []string{free1, free2}, ledger: done1, want: []string{"nothing", fmt.Sprint("create ", x2)}},
	{name: "who is there takes none", rows: []string{free1, free2}, users: users{numberOf(1): u1}, want: []string{"user_exists", fmt.Sprint("create ", x1)}},
	{name: "who is there keeps theirs", rows: []string{free1, free2}, users: users{numberOf(1): u1}, has: map[int64]int64{x1: u1}, want: []string{fmt.Sprint("satisfied ", u1, " ", x1), fmt.Sprint("create ", x2)}},
	{name: "who is there keeps theirs outside of the range", rows: []string{free1}, users: users{numberOf(1): u1}, has: map[int64]int64{x1: u1}, numbers: "2000-2999", want: []string{fmt.Sprint("satisfied ", u1, " ", x1)}},
	{name: "who is adopted takes one", rows: []string{empty1}, users: users{numberOf(1): u1}, opts: Options{Adopt: true}, want: []string{fmt.Sprint("assign ", u1, " ", x1)}},
	{name: "who waits without end takes none", rows: []string{free1, free2}, ledger: open1(time.Second), opts: Options{Settle: -settle}, want: []string{"wait", fmt.Sprint("create ", x1)}},
	{name: "who waits takes one", rows: []string{free1, free2}, ledger: open1(time.Second), want: []string{"wait", fmt.Sprint("create ", x2)}},

	// who has one
	{name: "done without the flag", rows: []string{free1}, ledger: done1, numbers: "-", want: []string{"nothing"}},
	{name: "new without the flag", rows: []string{free1}, numbers: "-", want: []string{"missing_value"}},
	{name: "chosen, without the flag", rows: []string{free1}, ledger: chosen1, numbers: "-", want: []string{fmt.Sprint("create ", x2)}},
	{name: "chosen, with another range", rows: []string{free1}, ledger: chosen1, numbers: "2000-2999", want: []string{fmt.Sprint("create ", x2)}},
	{name: "chosen, with another hotline", rows: []string{free1}, ledger: chosen1, hotline: h2, want: []string{fmt.Sprint("create ", x2)}},
	{name: "chosen and created", rows: []string{free1}, ledger: chosenAndMade, users: users{numberOf(1): u1}, numbers: "-", want: []string{fmt.Sprint("assign ", u1, " ", x2)}},
	{name: "chosen and theirs", rows: []string{free1}, ledger: chosenAndMade, users: users{numberOf(1): u1}, has: map[int64]int64{x2: u1}, numbers: "-", want: []string{fmt.Sprint("satisfied ", u1, " ", x2)}},
	{name: "chosen and theirs, with another one", rows: []string{free1}, ledger: chosenAndMade, users: users{numberOf(1): u1}, has: map[int64]int64{x1: u1, x2: u1}, want: []string{fmt.Sprint("satisfied ", u1, " ", x2)}},
	{name: "chosen, and they were given another one", rows: []string{free1}, ledger: chosenAndMade, users: users{numberOf(1): u1}, has: map[int64]int64{x3: u1}, want: []string{fmt.Sprint("satisfied ", u1, " ", x3)}},
	{name: "chosen, and the file names another one", rows: []string{row1}, ledger: chosenAndMade, users: users{numberOf(1): u1}, want: []string{fmt.Sprint("assign ", u1, " ", x1)}},
	{name: "named before, and perhaps assigned", rows: []string{free1}, ledger: func(l *ledger.Ledger) { l.Want(made(l, 1, u1), "Đào", x2, "1002") }, users: users{numberOf(1): u1}, numbers: "-", want: []string{fmt.Sprint("assign ", u1, " ", x2)}},
	{name: "named before, and nothing was sent", rows: []string{free1}, ledger: func(l *ledger.Ledger) { l.Want(l.GetOrAdd(numberOf(1)), "Đào", x2, "1002") }, want: []string{fmt.Sprint("create ", x1)}},

	// who loses theirs
	{name: "chosen, and somebody else's now", rows: []string{free1}, ledger: chosen1, has: map[int64]int64{x2: u9}, want: []string{fmt.Sprint("create ", x1)}},
	{name: "chosen and created, and somebody else's now", rows: []string{free1}, ledger: chosenAndMade, users: users{numberOf(1): u1}, has: map[int64]int64{x2: u9}, want: []string{fmt.Sprint("assign ", u1, " ", x1)}},
	{name: "somebody else's now, without the flag", rows: []string{free1}, ledger: chosenAndMade, users: users{numberOf(1): u1}, has: map[int64]int64{x2: u9}, numbers: "-", want: []string{"extension_taken"}},
	{name: "chosen, and another row names it", rows: []string{free1, "Bình,0901234562,secret-2,,1002"}, ledger: chosen1, want: []string{fmt.Sprint("create ", x1), fmt.Sprint("create ", x2)}},
	{name: "perhaps assigned, and another row names it", rows: []string{free1, "Bình,0901234562,secret-2,,1002"}, ledger: chosenAndMade, users: users{numberOf(1): u1}, want: []string{"duplicate_extension", "duplicate_extension"}},
	{name: "chosen, and gone", rows: []string{free1}, ledger: gone1, want: []string{fmt.Sprint("create ", x1)}},
	{name: "chosen, and gone, without the flag", rows: []string{free1}, ledger: gone1, numbers: "-", want: []string{"extension_missing"}},
	{name: "perhaps assigned, and gone", rows: []string{free1}, ledger: func(l *ledger.Ledger) { made(l, 1, u1); gone1(l) }, users: users{numberOf(1): u1}, want: []string{"extension_missing"}},
	{name: "chosen, and expired", rows: []string{free1}, ledger: chosen1, change: expire2, want: []string{fmt.Sprint("create ", x1)}},
	{name: "perhaps assigned, and expired", rows: []string{free1}, ledger: chosenAndMade, users: users{numberOf(1): u1}, change: expire2, want: []string{fmt.Sprint("assign ", u1, " ", x2)}},
	{name: "perhaps assigned, and no extensions are listed", rows: []string{free1}, ledger: chosenAndMade, users: users{numberOf(1): u1}, change: noExtensions, numbers: "-", want: []string{"extension_unconfirmed"}},
}

func gone1(l *ledger.Ledger) {
	l.RecordChosen(l.GetOrAdd(numberOf(1)), "Đào", x3+50, "1050", asked)
}

func expire2(t *tenant.Snapshot) {
	t.AddExtension(tenant.Extension{ID: x2, Number: "1002", Expired: true})
}

// rule: free-only, keep-chosen
func TestChoosing(t *testing.T) {
	for _, test := range choosings {
		synctest.Test(t, func(t *testing.T) {
			asked = time.Now().Add(3 * time.Hour)
			got, why := test.make(t)
			if why != nil || !slices.Equal(got, test.want) {
				t.Errorf("%s: got %v (%v)\nwant %v", test.name, got, why, test.want)
			}
		})
	}
}

// make returns the steps of the plan in a few words.
func (test *choosing) make(t *testing.T) (steps []string, why *Refusal) {
	t.Helper()
	l := opened(t)
	if test.ledger != nil {
		test.ledger(l)
	}
	free := Free{Hotline: test.hotline}
	if test.numbers == "" {
		test.numbers = "1000-1999"
	}
	if test.numbers != "-" {
		if err := free.Numbers.UnmarshalText([]byte(test.numbers)); err != nil {
			t.Fatal(err)
		}
	}
	r := parsed(t, test.rows...)
	r.GiveExtensions(func(row int) bool {
		return test.numbers != "-" || l.Lookup(r.Rows[row].Phone).HoldsExtension()
	})
	q := Needs(r, l, free)
	for i := range 3 {
		q.Numbers = append(q.Numbers, fmt.Sprint(1001+i))
	}
	shop := tenant.New(q)
	shop.UsersKnown, shop.ExtensionsKnown, shop.AsOf = true, true, asked
	for p, id := range test.users {
		shop.AddUser(p, id)
	}
	for i, id := range []int64{x1, x2, x3} {
		shop.AddExtension(tenant.Extension{ID: apiclient.ID(id), User: apiclient.ID(test.has[id]), Number: fmt.Sprint(1001 + i)})
	}
	for _, x := range test.more {
		shop.AddExtension(x)
		shop.AddHotline(x, test.of[x.ID])
	}
	if test.change != nil {
		test.change(shop)
	}
	test.opts.Settle += settle
	test.opts.Free = free
	p := Make(r, l, shop, test.opts)
	p.Defer(func(row int) bool { return !slices.Contains(test.later, row) })
	why = p.Choose(r, l, shop, free)
	given := map[apiclient.ID]bool{}
	for i, s := range p.Steps {
		steps = append(steps, s.short())
		if (s.Action == Refuse) != (s.Refusal != nil && s.Why() != "") {
			t.Errorf("%s: %d without a reason, or a reason without it: %v", test.name, s.Action, s.Refusal)
		}
		if !s.Chosen || !s.writes() && s.Action != Wait {
			continue
		}
		if !r.Rows[i].NoExtension || given[s.Extension.ID] || s.Extension.ID == 0 {
			t.Errorf("%s: %+v is chosen for line %d", test.name, s.Extension, r.Rows[i].Line)
		}
		given[s.Extension.ID] = true
	}
	return steps, why
}

// Where nobody can tell which extensions are meant, nothing is chosen for anybody.
func TestNoChoice(t *testing.T) {
	for _, test := range []struct {
		choosing
		why, hint string
	}{
		{choosing{rows: []string{free1}, change: noExtensions}, "may not list extensions", "use a key that may list extensions"},
		{choosing{rows: []string{free1}, more: []tenant.Extension{{ID: x3 + 7, Number: "1004"}}, of: hotlines{x3 + 7: h1}}, "several hotlines (none, 1301234567890400001)", "--hotline 1301234567890400001"},
		{choosing{rows: []string{free1}, more: []tenant.Extension{{ID: x3 + 7, Number: "1004", User: u9}, {ID: x3 + 8, Number: "1005"}}, of: hotlines{x3 + 7: h1, x3 + 8: h2}}, "(none, 1301234567890400001, 1301234567890400002)", "--hotline"},
		// Who needs none is not kept from anything.
		{choosing{rows: []string{row1}, change: noExtensions}, "", ""},
		{choosing{rows: []string{free1}, ledger: done1, more: []tenant.Extension{{ID: x3 + 7, Number: "1004"}}, of: hotlines{x3 + 7: h1}}, "", ""},
	} {
		synctest.Test(t, func(t *testing.T) {
			asked = time.Now().Add(3 * time.Hour)
			_, why := test.make(t)
			switch {
			case test.why == "" && why == nil:
			case test.why == "", why == nil, !strings.Contains(why.Problem, test.why), !strings.Contains(why.Hint, test.hint):
				t.Errorf("%+v; want %q", why, test.why)
			}
		})
	}
}

// Everything that a row without an extension depends on is asked for.
func TestNeedsOfChoices(t *testing.T) {
	l := opened(t)
	chosen1(l)
	free := Free{}
	if err := free.Numbers.UnmarshalText([]byte("1000-1999")); err != nil {
		t.Fatal(err)
	}
	rows := []roster.Row{{Phone: numberOf(1), NoExtension: true}}
	q := Needs(&roster.Roster{Rows: rows}, l, free)
	if !slices.Equal(q.Extensions, []apiclient.ID{x2}) || !q.Free.Has("1000") || !slices.Equal(q.Phones, []phone.Number{numberOf(1)}) {
		t.Errorf("%+v", q)
	}
}
