package plan

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"

	"etelecom-import/apiclient"
	"etelecom-import/importer/ledger"
	"etelecom-import/importer/phone"
	"etelecom-import/importer/roster"
	"etelecom-import/importer/tenant"
)

var (
	asked  time.Time // when the listing is asked for; what comes before it in a test comes three hours before
	settle = 2 * time.Minute
)

const (
	x1, x2, x3 = 1301234567890123001, 1301234567890123002, 1301234567890123003 // extensions, with the numbers 1001 to 1003
	u1, u2, u9 = 1301234567890120301, 1301234567890120302, 1301234567890120309 // users
	account    = "1301234567890100001"
)

func numberOf(i int) phone.Number { return phone.Number(901234560 + i) }

func parsed(t testing.TB, rows ...string) *roster.Roster {
	t.Helper()
	text := "name,phone,password,extension_id,extension_number\n" + strings.Join(rows, "\n") + "\n"
	r, err := roster.Read(strings.NewReader(text), roster.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// opened returns a ledger whose journal has begun.
func opened(t testing.TB) *ledger.Ledger {
	t.Helper()
	l, err := ledger.Open(hasty{}, filepath.Join(t.TempDir(), "staff.result.csv"), ledger.Process{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	if err := l.Begin(ledger.Owner{ID: account}); err != nil {
		t.Fatal(err)
	}
	return l
}

// listed is a tenant as a complete observation shows it.
func listed(users map[phone.Number]apiclient.ID, extensions ...tenant.Extension) *tenant.Snapshot {
	q := &tenant.Query{}
	for _, x := range extensions {
		q.Numbers = append(q.Numbers, x.Number)
	}
	for p := range users {
		q.Phones = append(q.Phones, p)
	}
	s := tenant.New(q)
	s.UsersKnown, s.ExtensionsKnown, s.AsOf = true, true, asked
	for p, id := range users {
		s.AddUser(p, id)
	}
	for _, x := range extensions {
		s.AddExtension(x)
	}
	return s
}

// short is a step in a few words.
func (s Step) short() string {
	switch {
	case s.Action == Create:
		return fmt.Sprint("create ", s.Extension.ID)
	case s.Action == Assign:
		return fmt.Sprint("assign ", s.User, " ", s.Extension.ID)
	case s.Action == Wait:
		return "wait"
	case s.Action == Refuse:
		return s.Code
	case s.Satisfied:
		return fmt.Sprint("satisfied ", s.User, " ", s.Extension.ID)
	}
	return "nothing"
}

// sent takes an intent of person i, so long before the listing was asked for.
func sent(l *ledger.Ledger, i int, before time.Duration) *ledger.Entry {
	e := l.GetOrAdd(numberOf(i))
	at := asked.Add(-before)
	if _, err := l.BeginCreate(e, ledger.Moment{Here: at}, at); err != nil {
		panic(err)
	}
	return e
}

// wait lets time pass in a bubble, until so long before the listing is asked for.
func wait(before time.Duration) { time.Sleep(time.Until(asked.Add(-before))) }

func made(l *ledger.Ledger, i int, user int64) *ledger.Entry {
	e := sent(l, i, time.Hour)
	l.RecordCreated(e, user, false, asked.Add(-time.Hour))
	return e
}

func finished(l *ledger.Ledger, i int, user, extension int64, number string) *ledger.Entry {
	e := made(l, i, user)
	l.RecordDone(e, extension, number, "", "", asked.Add(-time.Hour))
	return e
}

func existed(l *ledger.Ledger, i int) *ledger.Entry {
	e := sent(l, i, time.Hour)
	if err := l.RecordExists(e, e.Attempts, "failed_precondition", "Người dùng đã tồn tại.", asked.Add(-time.Hour)); err != nil {
		panic(err)
	}
	return e
}

type users = map[phone.Number]apiclient.ID

// planning is one case of the planning table: what is in roster, ledger and tenant, and the action for each row.
type planning struct {
	name   string
	rows   []string // rows of person 1, 2, ...
	ledger func(l *ledger.Ledger)
	users  users
	has    map[int64]int64 // extension -> user
	change func(t *tenant.Snapshot)
	opts   Options
	want   []string
	found  []Discovered
	settle time.Duration // after asked; 0: nothing settles
}

const (
	row1     = "Đào,0901234561,secret-1,1301234567890123001,"
	row1num  = "Đào,0901234561,secret-1,,1001"
	row1on2  = "Đào,0901234561,secret-1,1301234567890123002,"
	row1bare = "Đào,0901234561,,1301234567890123001,"
	row2     = "Bình,0901234562,secret-2,1301234567890123002,"
	badRow1  = ",0901234561,secret-1,1301234567890123001,"
	ruined1  = "Nguy?n Th? Đào,0901234561,secret-1,1301234567890123001,"
)

var plannings = []planning{
	// done, same extension: nothing, whatever else changed
	{name: "done", rows: []string{row1}, ledger: done1, users: users{numberOf(1): u1}, has: map[int64]int64{x1: u1}, want: []string{"nothing"}},
	{name: "done, named by number", rows: []string{row1num}, ledger: done1, want: []string{"nothing"}},
	{name: "done, and gone from the tenant", rows: []string{row1}, ledger: done1, want: []string{"nothing"}},
	{name: "done, and the extension is another's", rows: []string{row1}, ledger: done1, has: map[int64]int64{x1: u9}, want: []string{"nothing"}},
	{name: "done, and the row is invalid now", rows: []string{badRow1}, ledger: done1, want: []string{"nothing"}},
	{name: "done, and the password is gone", rows: []string{row1bare}, ledger: done1, want: []string{"nothing"}},
	{name: "done, and another row has its phone", rows: []string{row1, row1on2}, ledger: done1, want: []string{"nothing", "duplicate_phone"}},
	{name: "done, and another row is the same", rows: []string{row1, row1}, ledger: done1, want: []string{"nothing", "nothing"}},
	{name: "done, and another row is the same in other letters", rows: []string{row1, "  ĐÀO,0901234561,,1301234567890123001,"}, ledger: done1, want: []string{"nothing", "nothing"}},
	{name: "done, and another person has its phone and extension", rows: []string{row1, "Bình,0901234561,secret-2,1301234567890123001,"}, ledger: done1, want: []string{"nothing", "duplicate_phone"}},
	{name: "done, and another person before has its phone and extension", rows: []string{"Bình,0901234561,secret-2,1301234567890123001,", row1}, ledger: done1, want: []string{"duplicate_phone", "nothing"}},
	{name: "done, and two others have its phone and extension", rows: []string{"Bình,0901234561,secret-2,1301234567890123001,", row1, "Chi,0901234561,secret-3,1301234567890123001,"}, ledger: done1, want: []string{"duplicate_phone", "nothing", "duplicate_phone"}},
	{name: "done, and another row has its extension", rows: []string{row1, "Bình,0901234562,secret-2,1301234567890123001,"}, ledger: done1, want: []string{"nothing", "duplicate_extension"}},
	{name: "done, and another row has its extension by number", rows: []string{row1, "Bình,0901234562,secret-2,,1001"}, ledger: done1, has: map[int64]int64{x1: u1}, want: []string{"nothing", "extension_taken"}},
	{name: "done, its id and number differ from the roster's", rows: []string{"Đào,0901234561,secret-1,1301234567890123001,1002"}, ledger: done1, users: users{numberOf(1): u1}, want: []string{"extension_changed"}},

	// row invalid
	{name: "invalid", rows: []string{badRow1}, want: []string{"missing_value"}},
	{name: "invalid, and there", rows: []string{badRow1}, users: users{numberOf(1): u1}, want: []string{"missing_value"}},
	{name: "invalid, its create is open and found", rows: []string{badRow1}, ledger: open1(time.Hour), users: users{numberOf(1): u1}, want: []string{"missing_value"}, found: []Discovered{{numberOf(1), u1}}},
	{name: "invalid, its create is open", rows: []string{badRow1}, ledger: open1(time.Second), want: []string{"missing_value"}},
	{name: "the name is ruined", rows: []string{ruined1}, want: []string{"malformed_row"}},
	{name: "the name is ruined, and there", rows: []string{ruined1}, users: users{numberOf(1): u1}, want: []string{"user_exists"}},
	{name: "the name is ruined, and adopted", rows: []string{ruined1}, users: users{numberOf(1): u1}, opts: Options{Adopt: true}, want: []string{fmt.Sprint("assign ", u1, " ", x1)}, found: []Discovered{{numberOf(1), u1}}},
	{name: "the name is ruined, and satisfied", rows: []string{ruined1}, users: users{numberOf(1): u1}, has: map[int64]int64{x1: u1}, want: []string{fmt.Sprint("satisfied ", u1, " ", x1)}},
	{name: "the name is ruined, and a create is open", rows: []string{ruined1}, ledger: open1(time.Second), want: []string{"malformed_row"}},
	{name: "the name is ruined, and a create is settled", rows: []string{ruined1}, ledger: open1(time.Hour), want: []string{"malformed_row"}},
	{name: "the name is ruined, and a create is found", rows: []string{ruined1}, ledger: open1(time.Second), users: users{numberOf(1): u1}, want: []string{fmt.Sprint("assign ", u1, " ", x1)}, found: []Discovered{{numberOf(1), u1}}},
	{name: "the password is lost, and a create is found", rows: []string{"Đào,0901234561,#N/A,1301234567890123001,"}, ledger: open1(time.Second), users: users{numberOf(1): u1}, want: []string{fmt.Sprint("assign ", u1, " ", x1)}, found: []Discovered{{numberOf(1), u1}}},
	{name: "no password", rows: []string{row1bare}, want: []string{"missing_value"}},
	{name: "no password needed", rows: []string{row1bare}, ledger: made1, users: users{numberOf(1): u1}, want: []string{fmt.Sprint("assign ", u1, " ", x1)}},
	{name: "no password, and there", rows: []string{row1bare}, users: users{numberOf(1): u1}, want: []string{"user_exists"}},

	// done, other extension
	{name: "changed, and the user has it", rows: []string{row1on2}, ledger: done1, users: users{numberOf(1): u1}, has: map[int64]int64{x2: u1}, want: []string{fmt.Sprint("satisfied ", u1, " ", x2)}},
	{name: "changed, both free", rows: []string{row1on2}, ledger: done1, users: users{numberOf(1): u1}, want: []string{fmt.Sprint("assign ", u1, " ", x2)}},
	{name: "changed, the user still has the old one", rows: []string{row1on2}, ledger: done1, users: users{numberOf(1): u1}, has: map[int64]int64{x1: u1}, want: []string{"extension_changed"}},
	{name: "changed, the new one is another's", rows: []string{row1on2}, ledger: done1, users: users{numberOf(1): u1}, has: map[int64]int64{x2: u9}, want: []string{"extension_changed"}},
	{name: "changed, there is no such extension", rows: []string{"Đào,0901234561,secret-1,,1009"}, ledger: done1, users: users{numberOf(1): u1}, want: []string{"extension_changed"}},
	{name: "changed, the user is gone", rows: []string{row1on2}, ledger: done1, want: []string{"extension_changed"}},
	{name: "changed, no extensions are listed", rows: []string{row1on2}, ledger: done1, users: users{numberOf(1): u1}, change: noExtensions, want: []string{"extension_changed"}},

	// open intent, not there
	{name: "not settled", rows: []string{row1}, ledger: open1(settle - time.Second), want: []string{"wait"}, settle: time.Second},
	{name: "settled", rows: []string{row1}, ledger: open1(settle), want: []string{fmt.Sprint("create ", x1)}},
	{name: "settled, but the listing is not complete", rows: []string{row1}, ledger: open1(time.Hour), change: func(t *tenant.Snapshot) { t.UsersKnown = false }, want: []string{"wait"}},
	{name: "the newest of two counts", rows: []string{row1}, ledger: func(l *ledger.Ledger) { sent(l, 1, time.Hour); sent(l, 1, time.Minute) }, want: []string{"wait"}, settle: time.Minute},
	{name: "settle 0", rows: []string{row1}, ledger: open1(time.Hour), opts: Options{Settle: -1}, want: []string{"wait"}},
	{name: "open, and nobody may be listed", rows: []string{row1}, ledger: open1(time.Hour), change: nobodyListed, want: []string{"wait"}},
	{name: "open, and there", rows: []string{row1}, ledger: open1(time.Second), users: users{numberOf(1): u1}, want: []string{fmt.Sprint("assign ", u1, " ", x1)}, found: []Discovered{{numberOf(1), u1}}},
	{name: "open, there and assigned", rows: []string{row1}, ledger: open1(time.Second), users: users{numberOf(1): u1}, has: map[int64]int64{x1: u1}, want: []string{fmt.Sprint("satisfied ", u1, " ", x1)}, found: []Discovered{{numberOf(1), u1}}},
	{name: "open, and gone from the roster", rows: []string{row2}, ledger: open1(time.Second), users: users{numberOf(1): u1}, want: []string{fmt.Sprint("create ", x2)}, found: []Discovered{{numberOf(1), u1}}},
	{name: "settled, and the extension is another's", rows: []string{row1}, ledger: open1(time.Hour), has: map[int64]int64{x1: u9}, want: []string{"extension_taken"}},
	{name: "settled, and the password is gone", rows: []string{row1bare}, ledger: open1(time.Hour), want: []string{"missing_value"}},

	// created
	{name: "created", rows: []string{row1}, ledger: made1, users: users{numberOf(1): u1}, want: []string{fmt.Sprint("assign ", u1, " ", x1)}},
	{name: "created, and the user is gone", rows: []string{row1}, ledger: made1, want: []string{"user_gone"}},
	{name: "created, and the phone has another id", rows: []string{row1}, ledger: made1, users: users{numberOf(1): u9}, want: []string{"user_gone"}},
	{name: "created a moment ago, and not listed yet", rows: []string{row1}, ledger: func(l *ledger.Ledger) { wait(time.Second); l.RecordCreated(sent(l, 1, time.Second), u1, false, asked) }, want: []string{fmt.Sprint("assign ", u1, " ", x1)}},
	{name: "created, and nobody may be listed", rows: []string{row1}, ledger: made1, change: nobodyListed, want: []string{fmt.Sprint("assign ", u1, " ", x1)}},
	{name: "created, the user has the extension", rows: []string{row1}, ledger: made1, users: users{numberOf(1): u1}, has: map[int64]int64{x1: u1}, want: []string{fmt.Sprint("satisfied ", u1, " ", x1)}},
	{name: "created, the user has another extension", rows: []string{row1}, ledger: made1, users: users{numberOf(1): u1}, has: map[int64]int64{x2: u1}, want: []string{"user_has_extension"}},
	{name: "created, the extension is another's", rows: []string{row1}, ledger: made1, users: users{numberOf(1): u1}, has: map[int64]int64{x1: u9}, want: []string{"extension_taken"}},
	{name: "created, there is no such extension", rows: []string{"Đào,0901234561,s3cret-1,,1009"}, ledger: made1, users: users{numberOf(1): u1}, want: []string{"extension_missing"}},

	// none
	{name: "new", rows: []string{row1}, want: []string{fmt.Sprint("create ", x1)}},
	{name: "new, named by number", rows: []string{row1num}, want: []string{fmt.Sprint("create ", x1)}},
	{name: "new, and nobody may be listed", rows: []string{row1}, change: nobodyListed, want: []string{fmt.Sprint("create ", x1)}},
	{name: "new, and no extensions are listed", rows: []string{row1}, change: noExtensions, want: []string{fmt.Sprint("create ", x1)}},
	{name: "new, by number, and no extensions are listed", rows: []string{row1num}, change: noExtensions, want: []string{"extension_missing"}},
	{name: "failed before", rows: []string{row1}, ledger: func(l *ledger.Ledger) {
		e := sent(l, 1, time.Hour)
		l.RecordNotApplied(e, 1, ledger.Failed, "invalid_argument", "no", asked)
	}, want: []string{fmt.Sprint("create ", x1)}},
	{name: "there", rows: []string{row1}, users: users{numberOf(1): u1}, want: []string{"user_exists"}},
	{name: "there with this extension", rows: []string{row1}, users: users{numberOf(1): u1}, has: map[int64]int64{x1: u1}, want: []string{fmt.Sprint("satisfied ", u1, " ", x1)}},
	{name: "there with another extension", rows: []string{row1}, users: users{numberOf(1): u1}, has: map[int64]int64{x2: u1}, want: []string{"user_exists"}},
	{name: "adopted", rows: []string{row1}, users: users{numberOf(1): u1}, opts: Options{Adopt: true}, want: []string{fmt.Sprint("assign ", u1, " ", x1)}, found: []Discovered{{numberOf(1), u1}}},
	{name: "adopted without a password", rows: []string{row1bare}, users: users{numberOf(1): u1}, opts: Options{Adopt: true}, want: []string{fmt.Sprint("assign ", u1, " ", x1)}, found: []Discovered{{numberOf(1), u1}}},
	{name: "adopted with another extension", rows: []string{row1}, users: users{numberOf(1): u1}, has: map[int64]int64{x2: u1}, opts: Options{Adopt: true}, want: []string{"user_has_extension"}, found: []Discovered{{numberOf(1), u1}}},
	{name: "adopted, the extension is another's", rows: []string{row1}, users: users{numberOf(1): u1}, has: map[int64]int64{x1: u9}, opts: Options{Adopt: true}, want: []string{"extension_taken"}, found: []Discovered{{numberOf(1), u1}}},
	{name: "adopt takes no invalid row", rows: []string{badRow1}, users: users{numberOf(1): u1}, opts: Options{Adopt: true}, want: []string{"missing_value"}},
	{name: "the extension is another's", rows: []string{row1}, has: map[int64]int64{x1: u9}, want: []string{"extension_taken"}},
	{name: "there is no such extension", rows: []string{"Đào,0901234561,s3cret-1,,1009"}, want: []string{"extension_missing"}},
	{name: "the extension has another number", rows: []string{"Đào,0901234561,s3cret-1,1301234567890123001,1002"}, want: []string{"bad_extension"}},

	// answered with "already exists"
	{name: "created, with several extensions, one of them the wanted", rows: []string{row1}, ledger: made1, users: users{numberOf(1): u1}, has: map[int64]int64{x1: u1, x2: u1}, want: []string{fmt.Sprint("satisfied ", u1, " ", x1)}},
	{name: "there, with several extensions, one of them the wanted", rows: []string{row1}, users: users{numberOf(1): u1}, has: map[int64]int64{x1: u1, x2: u1}, want: []string{fmt.Sprint("satisfied ", u1, " ", x1)}},
	{name: "there, with several others", rows: []string{row1}, users: users{numberOf(1): u1}, has: map[int64]int64{x2: u1, x3: u1}, opts: Options{Adopt: true}, want: []string{"user_has_extension"}, found: []Discovered{{numberOf(1), u1}}},
	{name: "done with another one, and has the wanted beside it", rows: []string{strings.Replace(row1, fmt.Sprint(x1), fmt.Sprint(x2), 1)}, ledger: done1, users: users{numberOf(1): u1}, has: map[int64]int64{x1: u1, x2: u1}, want: []string{fmt.Sprint("satisfied ", u1, " ", x2)}},
	{name: "existed, not there", rows: []string{row1}, ledger: func(l *ledger.Ledger) { existed(l, 1) }, want: []string{"failed_precondition"}},
	{name: "existed, there", rows: []string{row1}, ledger: func(l *ledger.Ledger) { existed(l, 1) }, users: users{numberOf(1): u1}, want: []string{"user_exists"}},
	{name: "existed, adopted", rows: []string{row1}, ledger: func(l *ledger.Ledger) { existed(l, 1) }, users: users{numberOf(1): u1}, opts: Options{Adopt: true}, want: []string{fmt.Sprint("assign ", u1, " ", x1)}, found: []Discovered{{numberOf(1), u1}}},
	{name: "existed while one was open, not there", rows: []string{row1}, ledger: existedWhileOpen(time.Hour), want: []string{"user_exists"}},
	{name: "existed while one was open, looked for", rows: []string{row1}, ledger: existedWhileOpen(time.Second), want: []string{"wait"}, settle: settle - time.Second},
	{name: "existed while one was open, found", rows: []string{row1}, ledger: existedWhileOpen(time.Second), users: users{numberOf(1): u1}, want: []string{fmt.Sprint("assign ", u1, " ", x1)}, found: []Discovered{{numberOf(1), u1}}},

	// rows together
	{name: "one phone twice", rows: []string{row1, row1on2}, want: []string{"duplicate_phone", "duplicate_phone"}},
	{name: "one extension in two forms", rows: []string{row1, "Bình,0901234562,secret-2,,1001"}, want: []string{"duplicate_extension", "duplicate_extension"}},
	{name: "one extension in two forms, one waits", rows: []string{row1, "Bình,0901234562,secret-2,,1001"}, ledger: open1(time.Second), want: []string{"duplicate_extension", "duplicate_extension"}, settle: settle - time.Second},
	{name: "one extension in two forms, one is there", rows: []string{row1, "Bình,0901234562,secret-2,,1001"}, users: users{numberOf(1): u1}, want: []string{"user_exists", "duplicate_extension"}},
	{name: "a number that two extensions share", rows: []string{row1num}, change: func(t *tenant.Snapshot) { t.AddExtension(tenant.Extension{ID: x3 + 1, Number: "1001"}) }, want: []string{"bad_extension"}},
	{name: "a shared number with its id", rows: []string{"Đào,0901234561,s3cret-1,1301234567890123001,1001"}, change: func(t *tenant.Snapshot) { t.AddExtension(tenant.Extension{ID: x3 + 1, Number: "1001"}) }, want: []string{fmt.Sprint("create ", x1)}},
	{name: "the user of another row has the phone now", rows: []string{row1, row2}, ledger: made1, users: users{numberOf(2): u1}, want: []string{fmt.Sprint("assign ", u1, " ", x1), "user_exists"}},
	{name: "the user of a gone row has the phone now", rows: []string{row2}, ledger: made1, users: users{numberOf(2): u1}, has: map[int64]int64{x2: u1}, opts: Options{Adopt: true}, want: []string{"user_exists"}},
	{name: "a gone row is not acted on", rows: []string{row2}, ledger: made1, users: users{numberOf(1): u1}, want: []string{fmt.Sprint("create ", x2)}},
}

func done1(l *ledger.Ledger)          { finished(l, 1, u1, x1, "1001").Name = "Đào" }
func made1(l *ledger.Ledger)          { made(l, 1, u1) }
func noExtensions(t *tenant.Snapshot) { t.ExtensionsKnown = false }
func nobodyListed(t *tenant.Snapshot) { t.UsersKnown = false }
func open1(before time.Duration) func(*ledger.Ledger) {
	return func(l *ledger.Ledger) { sent(l, 1, before) }
}

// existedWhileOpen has an open create, and the answer of another one so long before the listing.
func existedWhileOpen(before time.Duration) func(*ledger.Ledger) {
	return func(l *ledger.Ledger) {
		sent(l, 1, time.Hour)
		e := sent(l, 1, time.Hour)
		wait(before)
		if err := l.RecordExists(e, 2, "already_exists", "", asked.Add(-before)); err != nil {
			panic(err)
		}
	}
}

// rule: settle, exists-final
func TestPlanningTable(t *testing.T) {
	for _, test := range plannings {
		synctest.Test(t, func(t *testing.T) {
			asked = time.Now().Add(3 * time.Hour)
			l := opened(t)
			if test.ledger != nil {
				test.ledger(l)
			}
			var extensions []tenant.Extension
			for i, id := range []int64{x1, x2, x3} {
				extensions = append(extensions, tenant.Extension{ID: apiclient.ID(id), User: apiclient.ID(test.has[id]), Number: fmt.Sprint(1001 + i)})
			}
			shop := listed(test.users, extensions...)
			if test.change != nil {
				test.change(shop)
			}
			test.opts.Settle += settle
			if test.opts.Settle < settle {
				test.opts.Settle = 0
			}
			p := Make(parsed(t, test.rows...), l, shop, test.opts)
			var got []string
			for _, s := range p.Steps {
				got = append(got, s.short())
				if (s.Action == Refuse) != (s.Refusal != nil && s.Why() != "") {
					t.Errorf("%s: %d without a reason, or a reason without it: %v", test.name, s.Action, s.Refusal)
				}
			}
			if !slices.Equal(got, test.want) || !slices.Equal(p.Discovered, test.found) {
				t.Errorf("%s: got %v, found %v\nwant %v, found %v", test.name, got, p.Discovered, test.want, test.found)
			}
			if want := asked.Add(test.settle); test.settle != 0 && !p.RetryAt.Equal(want) || test.settle == 0 && !p.RetryAt.IsZero() {
				t.Errorf("%s: settles %v", test.name, p.RetryAt)
			}
		})
	}
}

// Ids that a spreadsheet has spoiled are read again from the tenant; what is done stays done.
func TestPlanOfASpoiledResult(t *testing.T) {
	const cells = "line,name,phone,extension_id,extension_number,user_id,status,error_code,error,attempts,updated_at,account_id\n"
	line := func(i int, status string) string {
		return fmt.Sprintf("%d,A,90123456%d,1.30123E+18,100%d,1.30123E+18,%s,,,2,01/07/2026,1.30123E+18\n", i+1, i, i, status)
	}
	l := fromText(t, cells+line(1, "done")+line(2, "created")+line(3, "created"))
	shop := listed(users{numberOf(1): u1, numberOf(2): u2}, tenant.Extension{ID: x1, User: u1, Number: "1001"}, tenant.Extension{ID: x2, Number: "1002"}, tenant.Extension{ID: x3, Number: "1003"})
	p := Make(parsed(t, row1, row2, "Chi,0901234563,secret-3,1301234567890123003,"), l, shop, Options{Settle: settle})
	got := []string{p.Steps[0].short(), p.Steps[1].short(), p.Steps[2].short()}
	if want := []string{"nothing", fmt.Sprint("assign ", u2, " ", x2), "user_gone"}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if want := []Discovered{{numberOf(1), u1}, {numberOf(2), u2}}; !slices.Equal(p.Discovered, want) {
		t.Errorf("found %v", p.Discovered)
	}
}

func fromText(t testing.TB, text string) *ledger.Ledger {
	t.Helper()
	path := filepath.Join(t.TempDir(), "staff.result.csv")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	l, err := ledger.Read(ledger.OS{}, path)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// anything draws a roster, a ledger and a tenant of a few people who have to do with each other.
func anything(t *rapid.T, l *ledger.Ledger) (rows []string, shop *tenant.Snapshot, o Options) {
	const people = 5
	there := users{}
	for i := range people {
		person := rapid.IntRange(0, people-1).Draw(t, "person")
		x := rapid.IntRange(0, people).Draw(t, "extension")
		id, number := fmt.Sprint(x1+x), ""
		if rapid.Bool().Draw(t, "by number") {
			id, number = "", fmt.Sprint(1001+x)
		}
		secret := rapid.SampledFrom([]string{"", "a secret"}).Draw(t, "password")
		rows = append(rows, strings.Join([]string{rapid.SampledFrom([]string{"", "Đào"}).Draw(t, "name"), numberOf(person).String(), secret, id, number}, ","))
		draw(t, l, i)
		if rapid.Bool().Draw(t, "there") {
			there[numberOf(i)] = apiclient.ID(u1 + rapid.IntRange(0, people-1).Draw(t, "user"))
		}
	}
	var extensions []tenant.Extension
	for i := range people {
		user := rapid.SampledFrom([]apiclient.ID{0, 0, u1, u2, u9}).Draw(t, "has")
		extensions = append(extensions, tenant.Extension{ID: apiclient.ID(x1 + i), User: user, Number: fmt.Sprint(1001 + i)})
	}
	shop = listed(there, extensions...)
	o = Options{Adopt: rapid.Bool().Draw(t, "adopt"), Settle: rapid.SampledFrom([]time.Duration{0, settle}).Draw(t, "settle")}
	return rows, shop, o
}

// draw gives person i a history.
func draw(t *rapid.T, l *ledger.Ledger, i int) {
	before := rapid.SampledFrom([]time.Duration{time.Second, settle, time.Hour}).Draw(t, "sent before")
	switch rapid.IntRange(0, 6).Draw(t, "history") {
	case 1:
		sent(l, i, before)
	case 2:
		made(l, i, u1+int64(i))
	case 3:
		finished(l, i, u1+int64(i), x1+int64(i), fmt.Sprint(1001+i))
	case 4:
		existed(l, i)
	case 5:
		sent(l, i, before)
		existed(l, i)
	case 6:
		e := sent(l, i, before)
		l.RecordNotApplied(e, e.Attempts, ledger.Failed, "invalid_argument", "no", asked)
	}
}

func entriesOf(l *ledger.Ledger) map[phone.Number]ledger.Entry {
	all := map[phone.Number]ledger.Entry{}
	for e := range l.Entries() {
		all[e.Phone] = *e
	}
	return all
}

// hasty is the disk without waiting for it.
type hasty struct{ ledger.OS }

type hastyFile struct{ ledger.File }

func (hasty) Create(name string) (ledger.File, error) {
	f, err := ledger.OS{}.Create(name)
	return hastyFile{f}, err
}

func (hasty) Append(name string, content io.Writer) (ledger.File, error) {
	f, err := ledger.OS{}.Append(name, content)
	return hastyFile{f}, err
}

func (hasty) SyncDir(string) error { return nil }

func (hastyFile) Sync() error { return nil }

func TestPlansKeepThePromises(t *testing.T) {
	dir, checks := t.TempDir(), 0
	rapid.Check(t, func(rt *rapid.T) {
		checks++
		asked = time.Now().Add(3 * time.Hour)
		l, err := ledger.Open(hasty{}, filepath.Join(dir, fmt.Sprint(checks, ".result.csv")), ledger.Process{})
		if err != nil {
			rt.Fatal(err)
		}
		defer l.Close()
		if err := l.Begin(ledger.Owner{ID: account}); err != nil {
			rt.Fatal(err)
		}
		rows, shop, o := anything(rt, l)
		r := parsed(t, rows...)
		before := entriesOf(l)
		p := Make(r, l, shop, o)
		if c := p.Counts(); c.Create+c.Assign+c.None+c.Wait+c.Refuse != len(r.Rows) {
			rt.Fatalf("the counts don't add up: %+v", c)
		}
		if !reflect.DeepEqual(before, entriesOf(l)) {
			rt.Fatal("the plan has changed the ledger")
		}
		if again := Make(r, l, shop, o); !reflect.DeepEqual(p, again) {
			rt.Fatalf("another plan of the same: %+v\n%+v", p, again)
		}
		extensions := map[apiclient.ID]int{}
		owned := map[phone.Number]int{}
		for i, s := range p.Steps {
			e := before[r.Rows[i].Phone]
			if _, known := before[e.Phone]; known && s.Primary && s.Action != NoOp {
				owned[r.Rows[i].Phone]++
			}
			if s.Action != Create && s.Action != Assign {
				continue
			}
			if extensions[s.Extension.ID]++; extensions[s.Extension.ID] > 1 || userOf(shop, s.Extension.ID) != 0 {
				rt.Fatalf("extension %v is not free: %+v", s.Extension, p.Steps)
			}
			if s.Action == Assign && (s.User == 0 || shop.ExtensionOf(s.User).ID != 0) {
				rt.Fatalf("assigned to a user who has one: %+v", s)
			}
			if s.Action == Create {
				mayCreate(rt, &r.Rows[i], &e, l, shop, o)
			}
		}
		for p, n := range owned {
			if n > 1 {
				rt.Fatalf("%s is shown on %d rows", p, n)
			}
		}
	})
}

func userOf(s *tenant.Snapshot, extension apiclient.ID) apiclient.ID {
	x, _ := s.Extension(extension)
	return x.User
}

// mayCreate checks the one thing that cannot be undone.
func mayCreate(t *rapid.T, row *roster.Row, e *ledger.Entry, l *ledger.Ledger, shop *tenant.Snapshot, o Options) {
	switch {
	case shop.User(row.Phone) != 0:
		t.Fatalf("create of a phone that is there")
	case e.UserID != 0 || e.DamagedUser():
		t.Fatalf("create of a phone that has an id")
	case e.Exists:
		t.Fatalf("create of a phone that \"already exists\"")
	case e.Open() && (o.Settle == 0 || !shop.UsersKnown || shop.AsOf.Before(l.SettlesFrom(l.Lookup(row.Phone)).Add(o.Settle))):
		t.Fatalf("create of a phone with a create that has not settled")
	case row.NoPassword || row.Name == "":
		t.Fatalf("create of an invalid row")
	}
}
