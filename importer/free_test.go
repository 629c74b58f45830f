package importer_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"etelecom-import/apiclient/sandbox"
	"etelecom-import/importer"
	"etelecom-import/importer/hint"
	"etelecom-import/importer/ledger"
	"etelecom-import/importer/programtest"
)

// freeRows is a roster of n employees that names no extension, and has no column for them.
func freeRows(n int) string {
	var b strings.Builder
	b.WriteString("name,phone,password\n")
	for i := range n {
		fmt.Fprintf(&b, "Nguyễn Văn %d,09%08d,pässwörd-%d-x\n", i, 12345670+i, i)
	}
	return b.String()
}

// gives makes the runs give free extensions to all n employees, of whom the tenant has some more than it needs.
func (b *harness) gives(n, more int) {
	b.t.Helper()
	b.roster = freeRows(n)
	b.range_("1001-1999")
	for i := range more {
		if _, err := b.tenant.AddExtension(extension(n+i), fmt.Sprint(1001+n+i)); err != nil {
			b.t.Fatal(err)
		}
	}
}

// range_ sets --free-extensions; "" is without it.
func (b *harness) range_(text string) {
	b.t.Helper()
	b.options.FreeExtensions = importer.Numbers{}
	if text == "" {
		return
	}
	if err := b.options.FreeExtensions.UnmarshalText([]byte(text)); err != nil {
		b.t.Fatal(err)
	}
}

// gave wants the rows of the result to have these statuses and numbers: "done 1001".
func (b *harness) gave(want ...string) {
	b.t.Helper()
	lines := b.lines()
	for i, w := range want {
		l := lines[phoneOf(i)]
		if got := strings.Join(strings.Fields(l.Status+" "+l.ErrorCode+" "+l.ExtensionNumber), " "); got != w {
			b.t.Errorf("%s: %q, want %q: %+v", phoneOf(i), got, w, l)
		}
		if l.ExtensionNumber != "" && l.ExtensionFrom != ledger.FromFree {
			b.t.Errorf("%s: the result does not say that the extension was chosen: %+v", phoneOf(i), l)
		}
	}
	b.kept()
}

func TestFreeExtensions(t *testing.T) {
	in(t, 3, sandbox.Config{}, func(b *harness) {
		b.gives(3, 2)
		s := b.must()
		b.gave("done 1001", "done 1002", "done 1003")
		if s.Plan.Create != 3 || s.Status.Done != 3 || s.Failures() != 0 {
			b.t.Errorf("%+v", s)
		}
		// Later runs need no flag, and send nothing.
		b.range_("")
		writes := b.tenant.Totals().Writes
		b.must()
		b.gave("done 1001", "done 1002", "done 1003")
		if b.tenant.Totals().Writes != writes {
			b.t.Error("something was sent again")
		}
	})
}

// An extension that somebody takes between the listing and the assign is theirs, and the row gets another one in the same run.
func TestFreeExtensionIsTakenMeanwhile(t *testing.T) {
	in(t, 2, sandbox.Config{UserPhones: []string{phoneOf(9)}}, func(b *harness) {
		b.gives(2, 3)
		other, _ := b.tenant.Person(phoneOf(9))
		b.onCreate(func() { b.move(extension(0), other.ID) })
		s := b.must()
		b.gave("done 1003", "done 1002")
		if f := s.FreeExtensions; f[0].Number != "1001" || f[0].Instead != "1003" || f[1].Instead != "" {
			b.t.Errorf("it is not told which row has another number than the plan: %+v", f)
		}
		if l, _ := b.tenant.Line(extension(0)); l.User != other.ID || l.Taken != 0 {
			b.t.Errorf("the extension was taken from its user: %+v", l)
		}
	})
}

// People agree to the numbers of the plan. If one is not free any more once they have answered, nothing is sent.
func TestFreeExtensionIsTakenBeforeTheAnswer(t *testing.T) {
	in(t, 2, sandbox.Config{UserPhones: []string{phoneOf(9)}}, func(b *harness) {
		b.gives(2, 3)
		other, _ := b.tenant.Person(phoneOf(9))
		run := func(meanwhile func()) (*importer.Summary, error) {
			input := b.input()
			input.Hooks.Confirm = func(_ *importer.Plan, waiting func(bool)) error {
				waiting(true)
				meanwhile()
				waiting(false)
				return nil
			}
			return importer.Run(context.Background(), input)
		}
		s, err := run(func() { b.move(extension(1), other.ID) })
		b.stopped(importer.Declined, s, err)
		if !strings.Contains(err.Error(), "extension 1002 (line 3)") || hint.Of(err) == "" || b.tenant.Totals().Writes != 0 {
			b.t.Errorf("%v: %d writes", err, b.tenant.Totals().Writes)
		}
		before, _ := b.tenant.Line(extension(0))
		s, err = run(func() { b.moveHotline(extension(0), before.Hotline+1) })
		b.stopped(importer.Declined, s, err)
		if !strings.Contains(err.Error(), "extension 1001 (line 2)") || b.tenant.Totals().Writes != 0 {
			b.t.Errorf("%v: %d writes", err, b.tenant.Totals().Writes)
		}
		b.moveHotline(extension(0), before.Hotline)
		s, err = run(func() {})
		b.done(2, s, err)
		b.gave("done 1001", "done 1003")
	})
}

// Two programs can both be answered with success; the later one wins. The one that has lost sees it at its end, and gives another one.
//
// rule: confirm-chosen
func TestFreeExtensionIsLost(t *testing.T) {
	in(t, 2, sandbox.Config{UserPhones: []string{phoneOf(9)}}, func(b *harness) {
		b.gives(2, 3)
		other, _ := b.tenant.Person(phoneOf(9))
		var once sync.Once
		w := b.between()
		w.after = func(call string, r *http.Response) {
			if strings.HasSuffix(call, "AssignUserToExtension") && r.StatusCode == http.StatusOK {
				once.Do(func() { b.move(extension(0), other.ID) })
			}
		}
		b.options.Workers = 1
		s := b.must()
		b.gave("done 1003", "done 1002")
		if l, _ := b.tenant.Line(extension(0)); l.User != other.ID || s.Status.Done != 2 {
			b.t.Errorf("%+v, %+v", l, s)
		}
	})
}

// A listing that is behind shows what was assigned as free, or with a user who has lost it. Neither counts before the settle time is over: no
// assign is sent twice, and nobody gets a second extension.
func TestListingIsBehind(t *testing.T) {
	for _, seconds := range []int{1, 20, 90} {
		for _, loser := range []string{"", "1109999999999999999"} { // whom the listing shows meanwhile
			in(t, 2, sandbox.Config{}, func(b *harness) {
				b.gives(2, 3)
				w := b.between()
				var first time.Time
				stale, anybody := 0, regexp.MustCompile(`"user_id":"[0-9]*"`)
				w.after = func(call string, r *http.Response) {
					switch isFirst := first.IsZero(); {
					case call == "AssignUserToExtension" && isFirst:
						first = time.Now()
					case call == "GetExtensions" && !isFirst && time.Since(first) < time.Duration(seconds)*time.Second:
						setBody(r, anybody.ReplaceAllString(readAll(t, r), fmt.Sprintf(`"user_id":%q`, loser)))
						stale++
					}
				}
				s, err := b.run(context.Background())
				b.done(2, s, err)
				b.gave("done 1001", "done 1002")
				if sent := b.tenant.Totals().Calls["assign"]["200"]; sent != 2 || stale == 0 && seconds > 2 {
					b.t.Errorf("behind by %d s in %d listings: %d assigns were sent", seconds, stale, sent)
				}
			})
		}
	}
}

// The listing that confirms begins only after assigns that the tenant worked on at the same time.
func TestListingWaitsForOtherAssigns(t *testing.T) {
	in(t, 2, sandbox.Config{UserPhones: []string{phoneOf(9)}}, func(b *harness) {
		b.gives(2, 3)
		other, _ := b.tenant.Person(phoneOf(9))
		var once sync.Once
		b.between().after = func(call string, r *http.Response) {
			if strings.HasSuffix(call, "AssignUserToExtension") && r.StatusCode == http.StatusOK {
				once.Do(func() { time.AfterFunc(time.Second, func() { b.move(extension(0), other.ID) }) })
			}
		}
		b.options.Workers = 1
		b.must()
		b.gave("done 1003", "done 1002")
	})
}

// Two programs at work on one tenant at the same time choose the same extensions. In the end each row is done with its own.
func TestTwoRunsTakeTheSameExtensions(t *testing.T) {
	in(t, 12, sandbox.Config{Latency: 200 * time.Millisecond}, func(b *harness) {
		b.gives(5, 0)
		other := *b
		other.result = filepath.Join(t.TempDir(), "others.result.csv")
		other.roster = strings.ReplaceAll(freeRows(5), ",091234567", ",091234560")
		inputs := []importer.Input{b.input(), other.input()}
		var runs sync.WaitGroup
		for _, in := range inputs {
			in.Hooks = importer.Hooks{}
			runs.Go(func() {
				if s, err := importer.Run(context.Background(), in); err != nil || s.Status.Done != 5 {
					t.Errorf("%v, %+v", err, s)
				}
			})
		}
		runs.Wait()
		users := map[string]string{}
		for _, h := range []*harness{b, &other} {
			for phone, l := range programtest.Lines(t, h.result) {
				p, _ := b.tenant.Person(phone)
				if len(p.Extensions) != 1 || p.Extensions[0] != l.ExtensionID || users[l.ExtensionID] != "" {
					t.Errorf("%s is done with %s, and has %v", phone, l.ExtensionID, p.Extensions)
				}
				users[l.ExtensionID] = phone
			}
		}
	})
}

// Without a look at the end, such a row is not done: the next run looks.
func TestFreeExtensionIsNotConfirmed(t *testing.T) {
	in(t, 2, sandbox.Config{}, func(b *harness) {
		b.gives(2, 2)
		w := b.between()
		assigned := false
		w.after = func(call string, _ *http.Response) {
			assigned = assigned || strings.HasSuffix(call, "AssignUserToExtension")
		}
		w.instead = func(call, _ string) *http.Response {
			if assigned && strings.HasSuffix(call, "GetExtensions") {
				return problem(http.StatusUnauthorized, "unauthenticated")
			}
			return nil
		}
		s, err := b.run(context.Background())
		b.stopped(importer.Refused, s, err)
		b.gave("created extension_unconfirmed 1001", "created extension_unconfirmed 1002")
		if l := b.lines()[phoneOf(0)]; !strings.Contains(l.Error, "run again") {
			b.t.Errorf("%+v", l)
		}
		w.instead = nil
		b.range_("") // the result holds them
		s = b.must()
		b.gave("done 1001", "done 1002")
		if s.Plan.Writes() != 0 || b.tenant.Totals().Assigns != 2 {
			b.t.Errorf("%+v", s)
		}
	})
}

// What there is to tell of a row is not lost while it is not confirmed: a short password, and one that was replaced.
func TestNotesOfAnUnconfirmedRow(t *testing.T) {
	in(t, 2, sandbox.Config{StrangerPhones: []string{phoneOf(1)}}, func(b *harness) {
		b.gives(2, 1)
		b.roster = strings.Replace(b.roster, "pässwörd-0-x", "kurz", 1)
		w := b.between()
		assigned := 0
		w.after = func(call string, _ *http.Response) {
			if strings.HasSuffix(call, "AssignUserToExtension") {
				assigned++
			}
		}
		w.instead = func(call, _ string) *http.Response {
			if assigned == 2 && strings.HasSuffix(call, "GetExtensions") {
				return problem(http.StatusUnauthorized, "unauthenticated")
			}
			return nil
		}
		if _, err := b.run(context.Background()); err == nil {
			t.Error("the run has ended well")
		}
		b.wantCodes("extension_unconfirmed, short_password", "extension_unconfirmed, password_replaced")
		w.instead = nil
		b.must()
		b.wantCodes("short_password", "password_replaced")
	})
}

func (b *harness) wantCodes(codes ...string) {
	b.t.Helper()
	for i, want := range codes {
		if l := b.lines()[phoneOf(i)]; l.ErrorCode != want {
			b.t.Errorf("%s: %q, want %q: %+v", phoneOf(i), l.ErrorCode, want, l)
		}
	}
}

// An assign without an answer keeps its extension, whatever range the next run has.
//
// rule: choice-first
func TestFreeExtensionWithoutAnAnswer(t *testing.T) {
	for _, fault := range []string{"cut-before@assign", "cut-after@assign", "500-before@assign", "500-after@assign", "late:20s@assign"} {
		in(t, 2, sandbox.Config{}, func(b *harness) {
			b.gives(2, 2)
			b.faults(fault)
			b.options.Rounds = 0
			b.fs = noResult{} // the journal alone says what was chosen
			s, err := b.run(context.Background())
			b.stopped(importer.LedgerFailed, s, err)
			b.fs = ledger.OS{}
			b.faults()
			time.Sleep(2 * time.Minute) // nothing is late any more
			b.settled()
			b.range_("1004-1004")
			b.must()
			b.gave("done 1001", "done 1002")
			if r := b.tenant.Totals(); r.Assigns != 2 {
				b.t.Errorf("%s: %d assigns took effect", fault, r.Assigns)
			}
		})
	}
}

// What is durable before an assign is sent says which extension it is of.
func TestFreeExtensionIsDurableBeforeItIsSent(t *testing.T) {
	in(t, 2, sandbox.Config{UserPhones: []string{phoneOf(9)}}, func(b *harness) {
		b.gives(2, 3)
		other, _ := b.tenant.Person(phoneOf(9))
		b.onCreate(func() { b.move(extension(0), other.ID) })
		w := b.api.Transport.(*between)
		extensionIn := regexp.MustCompile(`"extension_id":"(\d+)"`)
		w.instead = func(call, body string) *http.Response {
			if !strings.HasSuffix(call, "AssignUserToExtension") {
				return nil
			}
			l, err := ledger.Read(ledger.OS{}, b.result)
			if err != nil {
				b.t.Error(err)
				return nil
			}
			id, _ := strconv.ParseInt(extensionIn.FindStringSubmatch(body)[1], 10, 64)
			held := slices.ContainsFunc(slices.Collect(l.Entries()), func(e *ledger.Entry) bool { return e.ExtensionID == id && e.Chosen && e.HasUser() })
			if !held {
				b.t.Errorf("an assign of %d is sent, and the ledger does not know it", id)
			}
			return nil
		}
		b.must()
		b.gave("done 1003", "done 1002")
	})
}

// Too few free ones: the others go on.
func TestTooFewFreeExtensions(t *testing.T) {
	in(t, 2, sandbox.Config{}, func(b *harness) {
		b.gives(4, 0)
		s := b.must()
		b.gave("done 1001", "done 1002", "failed no_free_extension", "failed no_free_extension")
		if s.Failures() != 2 || b.tenant.Totals().Creates != 2 {
			b.t.Errorf("%+v", s)
		}
	})
}

// Before anything is sent, the run ends where nobody can tell which extensions are meant.
func TestNoFreeExtensionCanBeChosen(t *testing.T) {
	in(t, 2, sandbox.Config{}, func(b *harness) {
		b.gives(2, 0)
		if err := b.tenant.SetHotline(extension(1), 1101234567890123458); err != nil {
			b.t.Fatal(err)
		}
		s, err := b.run(context.Background())
		b.refusedChoice(s, err, "1101234567890123457, 1101234567890123458", "--hotline")
		b.options.Hotline = 1101234567890123458
		b.must()
		b.gave("done 1002", "failed no_free_extension")
	})
	in(t, 2, sandbox.Config{}, func(b *harness) {
		b.gives(2, 0)
		b.between().instead = denied("Etelecom.GetExtensions")
		b.api.Transport.(*between).instead = func(call, body string) *http.Response {
			if strings.HasSuffix(call, "GetExtensions") {
				return problem(http.StatusForbidden, "permission_denied")
			}
			return nil
		}
		s, err := b.run(context.Background())
		b.refusedChoice(s, err, "may not list extensions", "key")
	})
}

func (b *harness) refusedChoice(s *importer.Summary, err error, why, way string) {
	b.t.Helper()
	b.stopped(importer.Refused, s, err)
	if !errors.Is(err, importer.ErrNoChoice) || !strings.Contains(err.Error(), why) || !strings.Contains(hint.Of(err), way) || b.tenant.Totals().Writes != 0 {
		b.t.Errorf("%v (%s)", err, hint.Of(err))
	}
}

// What people have agreed to is given, also if other extensions become free meanwhile, and if the run ends before it comes to them.
func TestChoiceIsKept(t *testing.T) {
	in(t, 3, sandbox.Config{UserPhones: []string{phoneOf(9)}}, func(b *harness) {
		b.gives(3, 2)
		other, _ := b.tenant.Person(phoneOf(9))
		b.move(extension(0), other.ID)
		ctx, cancel := context.WithCancel(context.Background())
		b.onCreate(func() { cancel(); b.move(extension(0), 0) })
		s, err := b.run(ctx)
		b.stopped(importer.Interrupted, s, err)
		b.range_("")
		b.must()
		b.gave("done 1002", "done 1003", "done 1004")
	})
}

// --limit leaves rows without a number, and a dry run writes none.
func TestChoiceOfSomeRows(t *testing.T) {
	in(t, 3, sandbox.Config{}, func(b *harness) {
		b.gives(3, 0)
		b.look()
		b.options.Limit = 1
		b.must()
		b.gave("done 1001", "pending", "pending")
		b.options.Limit = 0
		b.must()
		b.gave("done 1001", "done 1002", "done 1003")
	})
}

// Who leaves and comes back has what they were given.
func TestChosenAndGone(t *testing.T) {
	in(t, 2, sandbox.Config{}, func(b *harness) {
		b.gives(2, 1)
		b.must()
		both := b.roster
		b.roster = strings.Replace(both, "Nguyễn Văn 0,0912345670,pässwörd-0-x\n", "", 1) + "Người Mới,0912345679,pässwörd-9-x\n"
		b.must()
		if l := b.lines()[phoneOf(9)]; l.ExtensionNumber != "1003" {
			b.t.Errorf("%+v", l)
		}
		b.roster = both
		b.range_("")
		b.must()
		if l := b.lines()[phoneOf(0)]; l.ExtensionNumber != "1001" || l.Status != "done" || l.ExtensionFrom != ledger.FromFree {
			b.t.Errorf("%+v", l)
		}
	})
}

// A spreadsheet that rounds the ids of the result takes nobody's extension away.
func TestChosenInASpoiledResult(t *testing.T) {
	in(t, 2, sandbox.Config{}, func(b *harness) {
		b.gives(2, 2)
		b.faults("cut-before@assign")
		b.options.Rounds = 0
		if _, err := b.run(context.Background()); err != nil {
			b.t.Fatal(err)
		}
		b.faults()
		b.settled()
		b.rewrite(regexp.MustCompile(`13012345678901230\d\d`), "1.30123E+18")
		b.range_("1004-1004")
		b.must()
		b.gave("done 1001", "done 1002")
	})
}

// onCreate does something once, when the first user is created.
func (b *harness) onCreate(do func()) {
	var once sync.Once
	b.options.Workers = 1
	b.between().after = func(call string, _ *http.Response) {
		if strings.HasSuffix(call, "CreateAccountUser") {
			once.Do(do)
		}
	}
}

func (b *harness) move(id, user int64) {
	b.t.Helper()
	if err := b.tenant.MoveExtension(id, user); err != nil {
		b.t.Fatal(err)
	}
}

func (b *harness) moveHotline(id, hotline int64) {
	b.t.Helper()
	if err := b.tenant.SetHotline(id, hotline); err != nil {
		b.t.Fatal(err)
	}
}

// TestFreeFaultMatrix meets every fault of an assign, with the first, the middle and the last row. Whatever becomes of the assign, a
// second run ends what was left: everybody has one extension, the one that was chosen first, since nobody else has taken it.
func TestFreeFaultMatrix(t *testing.T) {
	for _, fault := range sandbox.FaultNames() {
		for _, on := range []sandbox.Ops{sandbox.Assign, sandbox.Extensions} {
			if sandbox.New(sandbox.Config{}).SetFaults(sandbox.Rule{Fault: fault, On: on}) != nil {
				continue
			}
			for _, n := range []int{1, 3, 5} {
				t.Run(fmt.Sprintf("%s/%s/%d", on, fault, n), func(t *testing.T) {
					in(t, 5, sandbox.Config{}, func(b *harness) { b.freeCase(sandbox.Rule{Fault: fault, On: on, First: n}) })
				})
			}
		}
	}
}

func (b *harness) freeCase(rule sandbox.Rule) {
	b.gives(5, 5)
	b.fs = &spy{}
	b.options.Workers = 3
	if err := b.tenant.SetFaults(rule); err != nil {
		b.t.Fatal(err)
	}
	s, err := b.run(context.Background())
	b.kept()
	b.secretive(s, err)
	if err := b.tenant.SetFaults(); err != nil {
		b.t.Fatal(err)
	}
	if rule.Fault == "revoked" {
		b.tenant.SetKey(b.tenant.Key())
	}
	time.Sleep(2 * time.Minute) // nothing is late any more
	b.settled()
	b.must()
	b.gave("done 1001", "done 1002", "done 1003", "done 1004", "done 1005")
	if r := b.tenant.Totals(); r.Creates != 5 || r.Assigns != 5 || r.Taken != 0 {
		b.t.Errorf("%d creates and %d assigns took effect, %d were taken from somebody", r.Creates, r.Assigns, r.Taken)
	}
}

// rewrite changes the result as a spreadsheet does.
func (b *harness) rewrite(old *regexp.Regexp, by string) {
	b.t.Helper()
	if err := os.WriteFile(b.result, old.ReplaceAll([]byte(b.text()), []byte(by)), 0o600); err != nil {
		b.t.Fatal(err)
	}
}
