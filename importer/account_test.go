package importer_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"etelecom-import/apiclient"
	"etelecom-import/apiclient/sandbox"
	"etelecom-import/importer"
	"etelecom-import/importer/hint"
	"etelecom-import/importer/ledger"
)

// untold is a tenant that tells its account by nothing: neither a call nor the listings do, and its key has no prefix.
var untold = sandbox.Config{Key: "key-without-a-prefix", ShopID: "-", ListedID: "-", Latency: 10 * time.Millisecond}

// The documented key is the shop's, on the partner's address. CurrentAccount does not take it.
func TestTheDocumentedKey(t *testing.T) {
	in(t, 30, sandbox.Config{}, func(b *harness) {
		if shape := apiclient.ShapeOf(b.tenant.Key()); shape.Kind != apiclient.ShopKey {
			t.Fatalf("the tenant's key is no shop_key: %+v", shape)
		}
		s, err := b.run(context.Background())
		b.done(30, s, err)
		id, name := b.tenant.Account()
		if s.Account != (importer.AccountSummary{ID: id, Name: name}) {
			t.Errorf("account %+v, want %s %s", s.Account, id, name)
		}
		if again := b.must(); again.Plan.None != 30 || again.Requests != 1 {
			t.Errorf("again: %+v", again)
		}
	})
}

// No call that only tells who we are ends a run, whatever it answers.
func TestIdentityIsNoReason(t *testing.T) {
	for _, fault := range []string{
		"revoked", "denied", "error:not_found", "error:bad_route", "error:unimplemented", "html-200", "empty-200", "empty-object", "error-200", "500-before",
		"503-before", "502-html", "silent", "cut-after", "half-body", "refuse", "redirect", "429", "closed", "slow-header:1h", "endless-body",
	} {
		for _, key := range []string{"", untold.Key} {
			in(t, 3, sandbox.Config{Key: key, Latency: 10 * time.Millisecond}, func(b *harness) {
				b.faults(fault+"@shop", fault+"@account")
				s, err := b.run(context.Background())
				b.done(3, s, err)
				if id, _ := b.tenant.Account(); s == nil || s.Account.ID != id {
					t.Errorf("%s: the listing's account is not taken: %+v", fault, s)
				}
			})
		}
	}
}

// A key that is really wrong ends the run, and leaves nothing behind but the empty lock.
func TestWrongKey(t *testing.T) {
	for _, key := range []string{"", "shop1149000000000000001:wrong", "wrong"} {
		in(t, 3, sandbox.Config{}, func(b *harness) {
			if b.key = key; key == "" {
				b.key = b.tenant.PartnerKey()
			}
			s, err := b.run(context.Background())
			b.stopped(importer.Refused, s, err)
			if !errors.Is(err, apiclient.ErrKey) || b.tenant.Totals().Writes != 0 {
				t.Errorf("%v, %d writes", err, b.tenant.Totals().Writes)
			}
			for _, name := range append(ledger.SidecarFiles(b.result), b.result) {
				if info, err := os.Stat(name); err == nil && info.Size() > 0 {
					t.Errorf("%s is there", name)
				}
			}
		})
	}
}

// shops are several tenants behind one address. The key says which of them a call is for.
type shops []*sandbox.Tenant

func (s shops) RoundTrip(r *http.Request) (*http.Response, error) {
	for _, t := range s {
		if r.Header.Get("Authorization") == "Bearer "+t.Key() {
			return t.RoundTrip(r)
		}
	}
	return s[0].RoundTrip(r)
}

// two runs f with two shops of one partner. Each has the extensions; ext says whether with the same ids.
func two(t *testing.T, a, b sandbox.Config, f func(b *harness, a, other *sandbox.Tenant)) {
	synctest.Test(t, func(t *testing.T) {
		h := newHarness(t, 5, a)
		b.Seed = 8
		other := sandbox.New(b)
		for i := range 5 {
			if _, err := other.AddExtension(extension(i)+1000, fmt.Sprint(1001+i)); err != nil {
				t.Fatal(err)
			}
		}
		defer h.tenant.Close()
		defer other.Close()
		h.api.Transport = shops{h.tenant, other}
		f(h, h.tenant, other)
	})
}

// at makes the other shop the one that the key is for.
func (b *harness) at(t *sandbox.Tenant) { b.key, b.tenant = t.Key(), t }

// The result of one shop is not taken for that of another behind the same address, whatever the two tell of themselves.
//
// rule: own-account
func TestKeysSwapped(t *testing.T) {
	mute := untold
	mute.Key = "another-key-without-a-prefix"
	for name, c := range map[string]struct{ a, b sandbox.Config }{
		"both tell":                    {sandbox.Config{}, sandbox.Config{}},
		"neither tells":                {untold, mute},
		"the first tells":              {sandbox.Config{}, mute},
		"the second tells":             {untold, sandbox.Config{}},
		"only the listing does":        {sandbox.Config{Key: "k-1", ShopID: "-"}, sandbox.Config{Key: "k-2", ShopID: "-"}},
		"both answer 0":                {sandbox.Config{Key: "k-1", ShopID: "0", ListedID: "0"}, sandbox.Config{Key: "k-2", ShopID: "0", ListedID: "0"}},
		"both answer the partner's id": {sandbox.Config{ShopID: "1366000000000000088"}, sandbox.Config{ShopID: "1366000000000000088"}},
		"the same, and no more": {
			sandbox.Config{Key: "k-1", ShopID: "1366000000000000088", ListedID: "-"}, sandbox.Config{Key: "k-2", ShopID: "1366000000000000088", ListedID: "-"},
		},
	} {
		for _, forget := range []bool{false, true} { // as with a result of an earlier version
			two(t, c.a, c.b, func(b *harness, first, other *sandbox.Tenant) {
				member := phoneOf(2) // is in both
				if s := b.must(); s.Status.Done != 5 {
					t.Fatalf("%s: %+v", name, s)
				}
				if _, err := other.AddUser(member, "A"); err != nil {
					t.Fatal(err)
				}
				if forget {
					_ = os.Remove(b.result + ".account")
				}
				b.at(other)
				s, err := b.run(context.Background())
				var stop *importer.Stop
				if !errors.As(err, &stop) || stop.Kind != importer.Refused || !errors.Is(err, importer.ErrOtherAccount) {
					t.Errorf("%s (forget %v): %v, %+v", name, forget, err, s)
				}
				if other.Totals().Writes != 0 {
					t.Errorf("%s: %d writes", name, other.Totals().Writes)
				}
				b.at(first)
				if s := b.must(); s.Status.Done != 5 || first.Record().Creates != 5 {
					t.Errorf("%s (forget %v): back at the first: %+v", name, forget, s)
				}
			})
		}
	}
}

// rename makes the result one of another version, which called the account so.
func (b *harness) rename(from, to string) {
	b.t.Helper()
	text, err := os.ReadFile(b.result)
	if err != nil {
		b.t.Fatal(err)
	}
	_ = os.Remove(b.result + ".account")
	if err := os.WriteFile(b.result, []byte(strings.ReplaceAll(string(text), from, to)), 0o600); err != nil {
		b.t.Fatal(err)
	}
}

// A result under any earlier name of the same account is taken, since the extensions in it are listed here.
func TestEarlierNames(t *testing.T) {
	for _, earlier := range []string{"1399999999999999999", "https://api.etelecom.vn/v1/partner", "http://127.0.0.1/v1/partner"} {
		for name, config := range map[string]sandbox.Config{"told": {}, "untold": untold} {
			in(t, 3, config, func(b *harness) {
				first := b.must()
				b.rename(first.Account.ID, earlier)
				b.roster = rows(4)
				if _, err := b.tenant.AddExtension(extension(3), "1004"); err != nil {
					t.Fatal(err)
				}
				s, err := b.run(context.Background())
				b.done(4, s, err)
				if s == nil || s.Account.ID != first.Account.ID {
					t.Errorf("%s, %s: account %+v, want %+v", name, earlier, s, first.Account)
				}
				s, err = b.run(context.Background()) // with what the run has written
				b.done(4, s, err)
			})
		}
	}
}

// An address is no id: the result is rewritten as soon as an id is known, and the other ids are kept beside it.
func TestAddressGivesWayToAnID(t *testing.T) {
	in(t, 3, untold, func(b *harness) {
		if s := b.must(); s.Account.ID != b.api.BaseURL {
			t.Fatalf("account %+v", s.Account)
		}
		b.tenant.SetIdentity("1149000000000000077", "1366000000000000088")
		s := b.must()
		if s.Account.ID != "1149000000000000077" || b.lines()[phoneOf(0)].AccountID != s.Account.ID || s.Plan.None != 3 {
			t.Errorf("%+v, %+v", s, b.lines())
		}
		b.tenant.SetIdentity("-", "1366000000000000088") // only the other id is told: it is known by now
		if s := b.must(); s.Plan.None != 3 {
			t.Errorf("%+v", s)
		}
		b.tenant.SetIdentity("-", "1366000000000000099") // and this one is nobody's, but the extensions are here
		if s, err := b.run(context.Background()); err != nil || s.Plan.None != 3 {
			t.Errorf("%v, %+v", err, s)
		}
	})
}

// A run that ends before it can write its result leaves a journal under the name that it knew. The next one continues,
// whatever the account is called by then, and with whichever key.
func TestJournalUnderAnotherName(t *testing.T) {
	for _, told := range [][2]string{{"-", "-"}, {"1149000000000000077", "-"}, {"-", "1366000000000000088"}, {"", ""}} {
		for _, then := range [][2]string{{"-", "-"}, {"1149000000000000077", "-"}, {"-", "1366000000000000088"}, {"1150000000000000001", "1150000000000000002"}} {
			for _, begun := range []bool{false, true} {
				in(t, 2, untold, func(b *harness) {
					all := b.roster
					if begun {
						b.roster = rows(1)
						b.must()
					}
					b.roster, b.fs = all, noResult{}
					b.tenant.SetIdentity(told[0], told[1])
					var stop *importer.Stop
					if _, err := b.run(context.Background()); !errors.As(err, &stop) || stop.Kind != importer.LedgerFailed {
						t.Fatalf("without a result: %v", err)
					}
					b.fs = ledger.OS{}
					b.tenant.SetIdentity(then[0], then[1])
					b.tenant.SetKey("a-new-key-of-the-same-shop")
					s, err := b.run(context.Background())
					if err != nil || s.Status.Done != 2 || b.tenant.Record().Creates != 2 {
						t.Errorf("told %v, then %v, begun %v: %v, %+v", told, then, begun, err, s)
					}
				})
			}
		}
	}
}

// Where a result has nothing that shows whose it is, the key that made it, or its user, can.
func TestResultWithoutEvidence(t *testing.T) {
	in(t, 2, untold, func(b *harness) {
		b.faults("cut-before@create")
		b.options.Rounds = 0
		if s := b.must(); s.Status.Unknown != 2 {
			t.Fatalf("%+v", s)
		}
		b.faults()
		if err := b.tenant.MoveExtension(extension(0), 0); err != nil {
			t.Fatal(err)
		}
		b.tenant.SetIdentity("1149000000000000077", "")
		if s, err := b.run(context.Background()); err != nil || s.Account.ID != "1149000000000000077" { // the key is the same
			t.Errorf("%v, %+v", err, s)
		}
	})
	for _, account := range []string{"", "1149000000000000077"} {
		in(t, 1, untold, func(b *harness) {
			b.faults("error:invalid_argument@create")
			b.must()
			b.faults()
			b.rename("x", "x")
			b.tenant.SetIdentity("1149000000000000077", "-")
			b.roster = strings.ReplaceAll(b.roster, fmt.Sprint(extension(0)), fmt.Sprint(extension(9)))
			b.tenant.SetKey("another-key")
			if _, err := b.tenant.AddExtension(extension(9), "2009"); err != nil {
				t.Fatal(err)
			}
			b.forgetExtension(extension(0))
			b.options.Account = importer.WantedAccount(account)
			s, err := b.run(context.Background())
			if account == "" {
				b.stopped(importer.Refused, s, err)
				if stop := new(importer.Stop); !errors.As(err, &stop) || !strings.Contains(hint.Of(err), "--account") {
					t.Errorf("no hint of --account in: %v", err)
				}
				return
			}
			b.done(1, s, err)
		})
	}
}

// forgetExtension takes an id out of the result, as if nobody had ever worked with it.
func (b *harness) forgetExtension(id int64) {
	b.t.Helper()
	b.rename(fmt.Sprint(id), "")
}

func TestAccountWanted(t *testing.T) {
	for name, test := range map[string]struct {
		config sandbox.Config
		wanted string
		why    string
	}{
		"right":                {sandbox.Config{AccountID: "1149000000000000077"}, "1149000000000000077", ""},
		"right, by the shop":   {sandbox.Config{ShopID: "1149000000000000077"}, "1149000000000000077", ""},
		"right, by listing":    {sandbox.Config{Key: "k-0-of-a-shop", ShopID: "-", ListedID: "1149000000000000077"}, "1149000000000000077", ""},
		"right, by the key":    {sandbox.Config{Key: "shop1149000000000000077:s3cret", ShopID: "-", ListedID: "-"}, "1149000000000000077", ""},
		"wrong":                {sandbox.Config{AccountID: "1149000000000000077", AccountName: "Cửu Long"}, "1366000000000000088", `this key is of "Cửu Long" (1149000000000000077), not of 1366000000000000088`},
		"wrong, without name":  {sandbox.Config{Key: "k-0-of-a-shop", ShopID: "-", ListedID: "1149000000000000077"}, "1366000000000000088", `this key is of account 1149000000000000077, not of 1366000000000000088`},
		"not to be checked":    {untold, "1149000000000000077", "cannot be checked: the tenant does not tell its id"},
		"an address is no id":  {untold, "http://127.0.0.1/v1/partner", "cannot be checked: the tenant does not tell its id"},
		"one of two, the best": {sandbox.Config{Key: "k-0-of-a-shop", ShopID: "1149000000000000077", ListedID: "1366000000000000088"}, "1366000000000000088", ""},
	} {
		in(t, 2, test.config, func(b *harness) {
			b.options.Account = importer.WantedAccount(test.wanted)
			s, err := b.run(context.Background())
			if test.why == "" {
				b.done(2, s, err)
				return
			}
			b.stopped(importer.Refused, s, err)
			if !strings.Contains(fmt.Sprint(err), test.why) || b.tenant.Totals().Writes != 0 {
				t.Errorf("%s: %v, %d writes", name, err, b.tenant.Totals().Writes)
			}
		})
	}
}

// Ids that contradict each other are told with the plan and all kept.
func TestContradictionIsTold(t *testing.T) {
	in(t, 2, sandbox.Config{ShopID: "1149000000000000077", ListedID: "1366000000000000088"}, func(b *harness) {
		in := b.input()
		var doubts []string
		in.Hooks.OnPlan = func(p *importer.Plan) error { doubts = p.Doubts; return nil }
		s, err := importer.Run(context.Background(), in)
		b.done(2, s, err)
		if len(doubts) != 1 || !strings.Contains(doubts[0], "1149000000000000077 (CurrentShop)") || !strings.Contains(doubts[0], "1366000000000000088 (listed extensions)") {
			t.Errorf("%q", doubts)
		}
		beside, err := os.ReadFile(b.result + ".account")
		if err != nil || !strings.Contains(string(beside), "1366000000000000088") || strings.Contains(string(beside), b.tenant.Key()) {
			t.Errorf("%v: %s", err, beside)
		}
	})
}

// Listings that show entries of more than one account say nothing of the key's.
func TestMixedListingIsNoIdentity(t *testing.T) {
	two(t, sandbox.Config{Key: "k-1", ShopID: "-"}, sandbox.Config{}, func(b *harness, a, other *sandbox.Tenant) {
		id, _ := other.Account()
		w := &between{tenant: a, after: func(call string, r *http.Response) {
			if call == "GetExtensions" || call == "GetAccountUsers" {
				replaceOnce(t, r, `"account_id":"`, `"account_id":"`+id+`","was":"`)
			}
		}}
		b.api.Transport = w
		b.options.Account = importer.WantedAccount(id)
		s, err := b.run(context.Background())
		b.stopped(importer.Refused, s, err)
	})
}

// replaceOnce changes the first place of a text in an answer.
func replaceOnce(t *testing.T, r *http.Response, from, to string) {
	t.Helper()
	body := readAll(t, r)
	setBody(r, strings.Replace(body, from, to, 1))
}

// Whatever the order in which the sources tell the same id, it is one.
func TestIdentityOrder(t *testing.T) {
	in(t, 1, sandbox.Config{Key: "shop1149000000000000077:s3cret", AccountID: "1149000000000000077"}, func(b *harness) {
		known := importer.Identify(context.Background(), b.input().Client)
		known.ListedUser("1149000000000000077")
		known.ListedExtension("1366000000000000088")
		want := []importer.AccountID{{ID: "1149000000000000077", From: importer.FromShopCall}, {ID: "1366000000000000088", From: importer.FromExtensions}}
		if got := known.IDs(); !slices.Equal(got, want) {
			t.Errorf("%v, want %v", got, want)
		}
	})
}

// A run that has nothing to do notices all the same that its key was withdrawn, or that nobody answers.
func TestNothingToDoWithABadKey(t *testing.T) {
	in(t, 2, sandbox.Config{}, func(b *harness) {
		b.must()
		b.key = b.tenant.Key() + "x" // the prefix is right
		s, err := b.run(context.Background())
		b.stopped(importer.Refused, s, err)
		if !errors.Is(err, apiclient.ErrKey) {
			t.Errorf("%v", err)
		}
		b.key = ""
		b.faults("refuse@all")
		s, err = b.run(context.Background())
		b.stopped(importer.Unavailable, s, err)
		b.faults("500-before@identity") // the listing shows that the key is good
		if s := b.must(); s.Plan.None != 2 || s.Requests != 2 {
			t.Errorf("%+v", s)
		}
	})
}

// A key without a prefix, a run that was killed before the listing had anything to tell, and a call that told the id and is
// silent now: the key is the same.
func TestSameKeyOfASilentTenant(t *testing.T) {
	in(t, 2, untold, func(b *harness) {
		b.tenant.SetIdentity("1149000000000000077", "-")
		b.fs = noResult{}
		b.faults("cut-before@create")
		b.options.Rounds = 0
		if _, err := b.run(context.Background()); err == nil {
			t.Fatal("there is a result")
		}
		b.fs, b.options.Rounds = ledger.OS{}, 3
		b.faults()
		b.tenant.SetIdentity("-", "-")
		s, err := b.run(context.Background())
		b.done(2, s, err)
	})
}

// A spreadsheet has rounded the account's id in the result. What is beside it, or the listing, tells the true one.
func TestRoundedAccount(t *testing.T) {
	in(t, 2, sandbox.Config{Key: "k-0-of-a-shop", ShopID: "1444000000000000001", ListedID: "1366000000000000088"}, func(b *harness) {
		b.must()
		beside, err := os.ReadFile(b.result + ".account")
		if err != nil {
			t.Fatal(err)
		}
		b.rename("1444000000000000001", "1.444E+18")
		if err := os.WriteFile(b.result+".account", beside, 0o600); err != nil {
			t.Fatal(err)
		}
		b.tenant.SetIdentity("-", "-")
		if s, err := b.run(context.Background()); err != nil || s.Plan.None != 2 {
			t.Errorf("%v, %+v", err, s)
		}
	})
}

// An extension that the result has worked with is listed under another account: then the others prove nothing.
func TestExtensionOfAnotherAccount(t *testing.T) {
	in(t, 3, sandbox.Config{Key: "k-0-of-a-shop", ListedID: "1366000000000000088"}, func(b *harness) {
		first := b.must()
		b.rename(first.Account.ID, "1399999999999999999")
		b.between().after = func(call string, r *http.Response) {
			if call == "GetExtensions" {
				replaceOnce(t, r, `"account_id":"1366000000000000088"`, `"account_id":"1399999999999999111"`)
			}
		}
		s, err := b.run(context.Background())
		b.stopped(importer.Refused, s, err)
	})
}
