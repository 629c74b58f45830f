package verify_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"etelecom-import/apiclient"
	"etelecom-import/apiclient/secret"
	"etelecom-import/importer"
	"etelecom-import/importer/ledger"
	"etelecom-import/importer/phone"
	"etelecom-import/importer/verify"
)

const account = "1149528912345678901"

// shop is a tenant of one page.
type shop struct {
	users      []user
	extensions []extension
	denied     string                 // a listing that the key may not read
	before     func(s *shop, n int64) // somebody works on the tenant before the n-th listing of users is answered
	listings   int64
	writes     int
}

type user struct {
	AccountID string   `json:"account_id"`
	UserID    string   `json:"user_id"`
	Phone     string   `json:"phone"`
	FullName  string   `json:"full_name"`
	Deleted   bool     `json:"deleted"`
	Roles     []string `json:"roles"`
}

type extension struct {
	AccountID string `json:"account_id"`
	ID        string `json:"id"`
	UserID    string `json:"user_id"`
	Number    string `json:"extension_number"`
	State     string `json:"state"`
	Expires   string `json:"expires_at"`
	Password  string `json:"extension_password"`
}

func (s *shop) RoundTrip(req *http.Request) (*http.Response, error) {
	answer := map[string]any{"paging": map[string]string{"next": ""}}
	status := http.StatusOK
	switch path := req.URL.Path; {
	case s.denied != "" && strings.HasSuffix(path, s.denied):
		status, answer = http.StatusForbidden, map[string]any{"code": "permission_denied", "msg": "no"}
	case strings.HasSuffix(path, "GetAccountUsers"):
		if s.listings++; s.before != nil {
			s.before(s, s.listings)
		}
		answer["account_users"] = s.users
	case strings.HasSuffix(path, "GetExtensions"):
		answer["extensions"] = s.extensions
	case strings.Contains(path, "Current"):
		answer = map[string]any{"id": account, "name": "Hoa Sen"}
	default:
		s.writes++
	}
	body, err := json.Marshal(answer)
	h := http.Header{"Date": {time.Now().UTC().Format(http.TimeFormat)}, "Content-Type": {"application/json"}}
	return &http.Response{StatusCode: status, Header: h, Body: io.NopCloser(bytes.NewReader(body)), Request: req}, err
}

func userID(i int) string { return fmt.Sprint(1300000000000000001 + i*1000003) }

func extensionID(i int) string { return fmt.Sprint(1400000000000000001 + i*1000003) }

func phoneOf(i int) string { return fmt.Sprintf("09%08d", 12345670+i) }

func nameOf(i int) string { return fmt.Sprintf("Nguyễn Văn %c", 'A'+i) }

// world is a shop, and the result of a run that has made it so.
type world struct {
	shop
	lines []ledger.Line
	// prepare changes the text of the result: a program did.
	prepare func(text string) string
	onlyIf  verify.Input // flags
	// during is another run, which has the result.
	during func(path string)
}

// people is how many people the world has: lines 2 to 7.
const people = 6

func newWorld() *world {
	w := &world{}
	long := time.Now().Add(-24 * time.Hour).UTC().Format(time.RFC3339)
	for i := range people {
		w.users = append(w.users, user{account, userID(i), "+84" + phoneOf(i)[1:], strings.ToUpper(nameOf(i)), false, []string{"staff"}})
		w.extensions = append(w.extensions, extension{AccountID: account, ID: extensionID(i), UserID: userID(i), Number: fmt.Sprint(1001 + i), State: "P", Password: "sip-secret"})
		w.lines = append(w.lines, ledger.Line{
			Line: fmt.Sprint(2 + i), Name: nameOf(i), Phone: phoneOf(i), ExtensionID: extensionID(i), ExtensionNumber: fmt.Sprint(1001 + i), UserID: userID(i),
			Status: "done", Attempts: "2", UpdatedAt: long, AccountID: account,
		})
	}
	w.extensions = append(w.extensions, extension{AccountID: account, ID: extensionID(people), Number: "1050", State: "P"})
	w.users = append(w.users, user{account, userID(people), "0987654321", "Chủ Cửa Hàng", false, []string{"owner"}})
	return w
}

// verify compares the world's result with its shop.
func (w *world) verify(t *testing.T) (*verify.Verification, error) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "staff.result.csv")
	var text bytes.Buffer
	lines := make([]*ledger.Line, 0, len(w.lines))
	for i := range w.lines {
		lines = append(lines, &w.lines[i])
	}
	if err := ledger.WriteLines(&text, slices.Values(lines)); err != nil {
		t.Fatal(err)
	}
	content := text.String()
	if w.prepare != nil {
		content = w.prepare(content)
	}
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	if w.during != nil {
		w.during(path)
	}
	before := folder(t, filepath.Dir(path))
	client, err := apiclient.New(apiclient.Config{BaseURL: "http://127.0.0.1/v1/partner", Key: secret.New("shop" + account + ":0123456789abcdef"), Transport: &w.shop})
	if err != nil {
		t.Fatal(err)
	}
	in := w.onlyIf
	in.Client, in.BaseURL, in.FS, in.Result = client, "http://127.0.0.1/v1/partner", ledger.OS{}, path
	v, err := verify.Run(t.Context(), in)
	if after := folder(t, filepath.Dir(path)); after != before {
		t.Errorf("the files were\n%s\nand are\n%s", before, after)
	}
	if w.writes > 0 {
		t.Errorf("%d calls that are no listing", w.writes)
	}
	return v, err
}

// folder returns the files of a folder with what tells that one was changed.
func folder(t *testing.T, path string) (files string) {
	t.Helper()
	entries, err := os.ReadDir(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		info, err := e.Info()
		if err != nil {
			t.Fatal(err)
		}
		files += fmt.Sprintln(e.Name(), info.Size(), info.ModTime().UnixNano(), info.Mode())
	}
	return files
}

// found returns the findings as texts: line, kind, code.
func found(v *verify.Verification) (all []string) {
	for _, f := range v.Findings {
		all = append(all, fmt.Sprintf("%d %s %s", f.Line, f.Kind, f.Code))
	}
	return all
}

// TestFindings: every way in which the tenant can differ from the result is found and named, and nothing else is.
func TestFindings(t *testing.T) {
	for _, test := range []struct {
		name   string
		change func(w *world)
		want   []string // line, kind, code
		why    string   // a part of the first finding's text
		err    error
	}{
		{name: "nothing", change: func(*world) {}},
		{name: "the user was removed", change: func(w *world) {
			w.users = slices.Delete(w.users, 1, 2)
			w.extensions[1].UserID = ""
		}, want: []string{"3 difference user_gone"}, why: "is no longer on the tenant", err: verify.ErrDiffers},
		{name: "the user is marked as removed", change: func(w *world) { w.users[1].Deleted = true }, want: []string{"3 difference user_gone"}, err: verify.ErrDiffers},
		{name: "the user was removed, and somebody else has the extension", change: func(w *world) {
			w.users = slices.Delete(w.users, 1, 2)
			w.extensions[1].UserID = userID(people)
		}, want: []string{"3 difference user_gone", "3 difference extension_moved"}, err: verify.ErrDiffers},
		{name: "the user was made again by hand", change: func(w *world) {
			w.users[1].UserID = userID(99)
			w.extensions[1].UserID = userID(99)
		}, want: []string{"3 difference phone_taken"}, why: "has extension 1002", err: verify.ErrDiffers},
		{name: "another phone", change: func(w *world) { w.users[2].Phone = "0911111111" }, want: []string{"4 difference phone_changed"}, why: "0911111111", err: verify.ErrDiffers},
		{name: "the phone is another user's by now", change: func(w *world) {
			w.users[2].Phone, w.users[people].Phone = "0911111111", phoneOf(2)
		}, want: []string{"4 difference phone_changed"}, why: "Chủ Cửa Hàng", err: verify.ErrDiffers},
		{name: "two people swapped their phones", change: func(w *world) {
			w.users[2].Phone, w.users[3].Phone = w.users[3].Phone, w.users[2].Phone
		}, want: []string{"4 difference phone_changed", "5 difference phone_changed"}, err: verify.ErrDiffers},
		{name: "another name", change: func(w *world) { w.users[2].FullName = "Sen Trắng" }, want: []string{"4 told name_differs"}, why: "Sen Trắng"},
		{name: "the extension is free", change: func(w *world) { w.extensions[0].UserID = "" }, want: []string{"2 difference extension_free"}, why: "the user has no extension", err: verify.ErrDiffers},
		{name: "the extension is free, and the user has another one", change: func(w *world) {
			w.extensions[0].UserID, w.extensions[people].UserID = "0", userID(0)
		}, want: []string{"2 difference extension_free"}, why: "has extension 1050", err: verify.ErrDiffers},
		{name: "the extension was moved", change: func(w *world) { w.extensions[0].UserID = userID(people) }, want: []string{"2 difference extension_moved"}, why: "(Chủ Cửa Hàng)", err: verify.ErrDiffers},
		{name: "two people swapped their extensions", change: func(w *world) {
			w.extensions[0].UserID, w.extensions[1].UserID = userID(1), userID(0)
		}, want: []string{"2 difference extension_moved", "3 difference extension_moved"}, err: verify.ErrDiffers},
		{name: "the extension was deleted", change: func(w *world) { w.extensions = slices.Delete(w.extensions, 0, 1) }, want: []string{"2 difference extension_missing"}, why: "extension 1001 is no longer on the tenant", err: verify.ErrDiffers},
		{name: "the extension is listed twice, with two users", change: func(w *world) {
			again := w.extensions[0]
			w.extensions[0].UserID = userID(people)
			w.extensions = append(w.extensions, again)
		}, want: []string{"2 cannot_tell cannot_compare"}, why: "twice, with different users", err: verify.ErrUnclear},
		{name: "the user is listed twice, with two phones", change: func(w *world) {
			again := w.users[1]
			w.users[1].Phone = "0911111111"
			w.users = append(w.users, again)
		}, want: []string{"3 cannot_tell cannot_compare"}, why: "twice, with different phones", err: verify.ErrUnclear},
		{name: "another user has the phone, too", change: func(w *world) { w.users[people].Phone = phoneOf(2) }, want: []string{"4 cannot_tell cannot_compare"}, why: "(Chủ Cửa Hàng)", err: verify.ErrUnclear},
		{name: "the extension has another number", change: func(w *world) { w.extensions[0].Number = "2001" }, want: []string{"2 difference number_changed"}, why: "2001", err: verify.ErrDiffers},
		{name: "the extension has expired", change: func(w *world) { w.extensions[0].State = "N" }, want: []string{"2 difference extension_expired"}, err: verify.ErrDiffers},
		{name: "the time of the extension is over", change: func(w *world) { w.extensions[0].Expires = "2001-01-01T00:00:00Z" }, want: []string{"2 difference extension_expired"}, err: verify.ErrDiffers},
		{name: "it had expired when the row was done", change: func(w *world) {
			w.extensions[0].State, w.lines[0].ErrorCode = "N", "password_replaced, extension_expired"
		}, want: []string{"2 told extension_expired"}},
		{name: "several extensions", change: func(w *world) { w.extensions[people].UserID = userID(4) }, want: []string{"6 told several_extensions"}, why: "1005, 1050"},
		{name: "done, and the file wants another extension by now", change: func(w *world) {
			w.lines[1].ErrorCode, w.lines[1].Error = "extension_changed", "the employee file has extension 1050 now"
		}, want: []string{"3 told extension_changed"}, why: "1050 now"},
		{name: "no role", change: func(w *world) { w.users[4].Roles = nil }, want: []string{"6 told no_role"}},
		{name: "several at once, the most serious first", change: func(w *world) {
			w.users[4].Roles, w.users[4].Phone, w.extensions[4].State = nil, "0911111111", "N"
		}, want: []string{"6 difference phone_changed", "6 difference extension_expired", "6 told no_role"}, err: verify.ErrDiffers},
		{name: "a masked phone", change: func(w *world) { w.users[4].Phone = "0912***" + phoneOf(4)[7:] }, want: []string{"6 cannot_tell cannot_compare"}, err: verify.ErrUnclear},
		{name: "a masked phone that is another one", change: func(w *world) { w.users[4].Phone = "0955***999" }, want: []string{"6 difference phone_changed"}, err: verify.ErrDiffers},
		{name: "a phone that is not shown", change: func(w *world) { w.users[4].Phone = "" }, want: []string{"6 cannot_tell cannot_compare"}, err: verify.ErrUnclear},
		{name: "the user's id is damaged, and another user has the phone, too", change: func(w *world) {
			w.lines[1].UserID = ""
			w.users = append(w.users, user{account, userID(98), phoneOf(1), nameOf(1), false, []string{"staff"}})
		}, want: []string{"3 cannot_tell cannot_compare"}, why: "another user with this phone", err: verify.ErrUnclear}, // and whoever has the extension is meant
		{name: "a user without an id has the phone", change: func(w *world) {
			w.users[4].UserID, w.extensions[4].UserID = "", ""
		}, want: []string{"6 cannot_tell cannot_compare"}, err: verify.ErrUnclear},
		{name: "a difference and something unknown in one row", change: func(w *world) {
			w.users[4].Phone, w.extensions[4].UserID = "", userID(people)
		}, want: []string{"6 difference extension_moved", "6 cannot_tell cannot_compare"}, err: verify.ErrDiffers},
		{
			name: "no right to list users", change: func(w *world) { w.denied, w.extensions[1].UserID = "GetAccountUsers", userID(people) },
			want: []string{
				"2 cannot_tell cannot_compare", "3 difference extension_moved", "3 cannot_tell cannot_compare", "4 cannot_tell cannot_compare",
				"5 cannot_tell cannot_compare", "6 cannot_tell cannot_compare", "7 cannot_tell cannot_compare",
			}, why: "may not list users", err: verify.ErrUnclear,
		},
		{
			name: "no right to list extensions", change: func(w *world) {
				w.denied, w.lines = "GetExtensions", w.lines[:2]
				w.users = slices.Delete(w.users, 1, 2)
			},
			want: []string{"2 cannot_tell cannot_compare", "3 difference user_gone", "3 cannot_tell cannot_compare"}, why: "may not list extensions", err: verify.ErrUnclear,
		},
		{name: "rounded ids that still fit", change: func(w *world) {
			w.prepare = func(text string) string {
				return strings.NewReplacer(userID(3), "1.3E+18", extensionID(3), "1.4E+18").Replace(text)
			}
		}},
		{name: "rounded ids and no number, the extension fits", change: func(w *world) {
			w.lines[3].ExtensionNumber = ""
			w.prepare = func(text string) string { return strings.ReplaceAll(text, extensionID(3), "1.4E+18") }
		}},
		{name: "rounded ids and no number, and the user has no extension", change: func(w *world) {
			w.lines[3].ExtensionNumber, w.extensions[3].UserID = "", ""
			w.prepare = func(text string) string { return strings.ReplaceAll(text, extensionID(3), "1.4E+18") }
		}, want: []string{"5 cannot_tell cannot_compare"}, err: verify.ErrUnclear},
		{name: "a rounded id of a user who has left", change: func(w *world) {
			w.users = slices.Delete(w.users, 3, 4)
			w.extensions[3].UserID = ""
			w.prepare = func(text string) string { return strings.ReplaceAll(text, userID(3), "1.3E+18") }
		}, want: []string{"5 difference user_gone"}, err: verify.ErrDiffers},
		{name: "a rounded id, and somebody whose phone is masked", change: func(w *world) {
			w.users[3].Phone = "091*****" + phoneOf(3)[8:]
			w.prepare = func(text string) string { return strings.ReplaceAll(text, userID(3), "1.3E+18") }
		}, want: []string{"5 cannot_tell cannot_compare"}, err: verify.ErrUnclear},
		{name: "a number without its zero, of two hotlines", change: func(w *world) {
			w.lines[3].ExtensionNumber, w.lines[3].ExtensionID, w.extensions[3].Number, w.extensions[0].Number = "104", "", "0104", "0104"
			w.lines[0].ExtensionNumber = "0104"
		}},
		{name: "rows that are not done", change: func(w *world) {
			w.lines[0] = ledger.Line{Line: "2", Name: "x", Status: "invalid", ErrorCode: "bad_phone", Error: "the phone has 3 digits", AccountID: account}
			w.lines[1].Status, w.lines[1].UserID, w.lines[1].ErrorCode = "failed", "", "unavailable"
			w.lines[2].Status, w.lines[2].ErrorCode = "created", "extension_taken"
			w.lines[3].Status, w.lines[3].UserID = "pending", ""
			w.extensions[1].UserID, w.extensions[2].UserID, w.extensions[3].UserID = "", "", ""
		}, want: []string{"2 not_done bad_phone", "3 not_done unavailable", "4 not_done extension_taken", "5 not_done not_done"}, why: "3 digits", err: verify.ErrDiffers},
		{name: "not done, and done by hand", change: func(w *world) {
			w.lines[1].Status, w.lines[1].UserID, w.lines[1].ErrorCode = "failed", "", "unavailable"
		}, want: []string{"3 not_done unavailable", "3 told done_by_hand"}, err: verify.ErrDiffers},
		{name: "an unknown outcome", change: func(w *world) {
			w.lines[1].Status, w.lines[1].UserID, w.lines[1].ErrorCode = "unknown", "", "unavailable"
			w.users, w.extensions[1].UserID = slices.Delete(w.users, 1, 2), ""
		}, want: []string{"3 cannot_tell unavailable"}, err: verify.ErrUnclear},
		{name: "only done", change: func(w *world) {
			w.onlyIf.OnlyDone = true
			w.lines[1].Status, w.lines[1].UserID, w.lines[1].ErrorCode = "unknown", "", "unavailable"
			w.lines[2].Status, w.lines[2].UserID, w.lines[2].ErrorCode = "failed", "", "unavailable"
		}},
		{name: "only done, and a difference", change: func(w *world) {
			w.onlyIf.OnlyDone = true
			w.lines[1].Status, w.lines[1].UserID, w.extensions[4].UserID = "failed", "", ""
		}, want: []string{"6 difference extension_free"}, err: verify.ErrDiffers},
		{name: "a second row with the same phone", change: func(w *world) {
			second := w.lines[1]
			second.Line, second.Status, second.ErrorCode, second.UserID, second.Attempts = "8", "invalid", "duplicate_phone", "", "0"
			second.ExtensionID, second.ExtensionNumber = extensionID(people), "1050"
			w.lines = append(w.lines, second)
		}, want: []string{"8 not_done duplicate_phone"}, err: verify.ErrDiffers},
		{name: "two rows with the same extension", change: func(w *world) {
			w.lines[1].ExtensionID, w.lines[1].ExtensionNumber = extensionID(0), "1001"
		}, want: []string{"3 difference extension_moved"}, why: "has extension 1002", err: verify.ErrDiffers},
		{name: "somebody who is gone from the file", change: func(w *world) {
			w.lines[5].Line, w.extensions[5].UserID = "", ""
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			w := newWorld()
			test.change(w)
			v, err := w.verify(t)
			if err != nil {
				t.Fatal(err)
			}
			if got := found(v); !slices.Equal(got, test.want) {
				t.Errorf("found\n  %s\nwant\n  %s", strings.Join(got, "\n  "), strings.Join(test.want, "\n  "))
			}
			if test.why != "" && (len(v.Findings) == 0 || !strings.Contains(v.Findings[0].Why, test.why)) {
				t.Errorf("it does not say %q: %+v", test.why, v.Findings)
			}
			if got := v.Err(); got != test.err {
				t.Errorf("the error is %v, want %v", got, test.err)
			}
			rows := 0
			for _, line := range w.lines {
				if line.Line != "" {
					rows++
				}
			}
			if v.Rows() != rows || v.Account.ID != account || v.At.IsZero() {
				t.Errorf("%d rows of %d, account %v, at %v", v.Rows(), rows, v.Account, v.At)
			}
			for _, f := range v.Findings {
				if strings.Contains(f.Why, "sip-secret") || f.Code == "" || f.Why == "" {
					t.Errorf("a finding: %+v", f)
				}
			}
		})
	}
}

// TestGone: people who are not in the employee file any more are counted, and make no difference.
func TestGone(t *testing.T) {
	w := newWorld()
	w.lines[3].Line, w.lines[4].Line, w.lines[5].Line = "", "", ""
	w.users = slices.Delete(w.users, 5, 6)
	w.extensions[4].UserID = ""
	v, err := w.verify(t)
	if err != nil || v.Err() != nil || v.Gone != (verify.Gone{People: 3, Users: 2, Extensions: 1}) {
		t.Errorf("%v, %v, %+v", err, v.Err(), v.Gone)
	}
}

// TestAccountFirst: of a result of another account nothing is said.
func TestAccountFirst(t *testing.T) {
	for name, change := range map[string]func(w *world){
		"the result is of another account": func(w *world) {
			for i := range w.lines {
				w.lines[i].AccountID = "1149528912345678902"
			}
			w.extensions = nil
		},
		"another account is wanted": func(w *world) { w.onlyIf.Account = "1149528912345678902" },
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld()
			change(w)
			v, err := w.verify(t)
			stop, ok := errors.AsType[*importer.Stop](err)
			if v != nil || !ok || stop.Kind != importer.Refused {
				t.Errorf("%+v, %v", v, err)
			}
		})
	}
	t.Run("neither listing may be read", func(t *testing.T) {
		w := newWorld()
		w.denied = "s" // both
		v, err := w.verify(t)
		stop, ok := errors.AsType[*importer.Stop](err)
		if v != nil || !ok || stop.Kind != importer.Refused {
			t.Errorf("%+v, %v", v, err)
		}
	})
}

// TestSettle: what was done a moment ago, and is not listed yet, gets time; what was done long ago gets none.
func TestSettle(t *testing.T) {
	for name, test := range map[string]struct {
		age, settle time.Duration
		listed      bool // at the second look
		waits       time.Duration
		want        []string
	}{
		"young, listed later":           {30 * time.Second, 2 * time.Minute, true, 90 * time.Second, nil},
		"young, never listed":           {30 * time.Second, 2 * time.Minute, false, 90 * time.Second, []string{"3 difference user_gone"}},
		"old, missing from one answer":  {3 * time.Minute, 2 * time.Minute, true, 0, nil},
		"old":                           {3 * time.Minute, 2 * time.Minute, false, 0, []string{"3 difference user_gone"}},
		"no settle time":                {time.Second, 0, false, 0, []string{"3 difference user_gone"}},
		"a time far in the future":      {-time.Hour, 2 * time.Minute, false, 0, []string{"3 difference user_gone"}},
		"another server's clock, ahead": {-time.Minute, 2 * time.Minute, true, 3 * time.Minute, nil},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld()
				w.onlyIf.Settle = test.settle
				w.lines[1].UpdatedAt = time.Now().Add(-test.age).UTC().Format(time.RFC3339)
				missing := w.users[1]
				w.users = slices.Delete(w.users, 1, 2)
				w.extensions[1].UserID = ""
				w.before = func(s *shop, n int64) {
					if n == 2 && test.listed {
						s.users = append(s.users, missing)
						s.extensions[1].UserID = missing.UserID
					}
				}
				began := time.Now()
				v, err := w.verify(t)
				if err != nil {
					t.Fatal(err)
				}
				if got := found(v); !slices.Equal(got, test.want) {
					t.Errorf("found %q, want %q", got, test.want)
				}
				if waited := time.Since(began).Round(10 * time.Second); waited != test.waits {
					t.Errorf("it waited %v, want %v", waited, test.waits)
				}
			})
		})
	}
}

// TestRunOn: while a run is on, what its journal knows counts, and it is said that it is on.
func TestRunOn(t *testing.T) {
	w := newWorld()
	w.lines[1].Status, w.lines[1].UserID, w.lines[1].ErrorCode, w.lines[1].Attempts = "failed", "", "unavailable", "0"
	w.lines[2].Status, w.lines[2].UserID = "pending", ""
	w.during = func(path string) {
		l, err := ledger.Open(ledger.OS{}, path, ledger.DescribeProcess(time.Now()))
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			if err := l.Close(); err != nil {
				t.Error(err)
			}
		})
		if err := l.Begin(ledger.Owner{ID: account}); err != nil {
			t.Fatal(err)
		}
		created := func(i int) *ledger.Entry {
			e := l.GetOrAdd(phone.Normalize(phoneOf(i)))
			if _, err := l.BeginCreate(e, ledger.Moment{Here: time.Now()}, time.Now()); err != nil {
				t.Fatal(err)
			}
			return e
		}
		id := func(text string) int64 {
			n, _ := strconv.ParseInt(text, 10, 64)
			return n
		}
		done := created(1)
		l.RecordCreated(done, id(userID(1)), false, time.Now())
		l.RecordDone(done, id(extensionID(1)), "1002", "", "", time.Now())
		created(2)      // its answer is not there yet
		created(people) // a row that no result has: the owner's own phone is not hers in this world
	}
	v, err := w.verify(t)
	if err != nil {
		t.Fatal(err)
	}
	if !v.RunOn || v.Interrupted || v.Holder.String() == "" || !v.MayMissRows() {
		t.Errorf("it does not say that a run is on: %+v", v)
	}
	want := []string{"4 cannot_tell not_done", "4 told done_by_hand", "0 cannot_tell not_done"}
	if got := found(v); !slices.Equal(got, want) {
		t.Errorf("found %q, want %q", got, want)
	}
	if v.Confirmed != 4+1 || v.CannotTell != 2 || v.Rows() != people+1 {
		t.Errorf("the counts are %+v", v.Counts)
	}
}

// TestUnfinished: whoever compares what a run has left that was cut off does not hear that all is well, although all rows that are known
// are done: only that run knew whether its employee file has more.
func TestUnfinished(t *testing.T) {
	for name, onlyDone := range map[string]bool{"all rows": false, "only done": true} {
		t.Run(name, func(t *testing.T) {
			w := newWorld()
			w.onlyIf.OnlyDone = onlyDone
			w.during = func(path string) {
				l, err := ledger.Open(ledger.OS{}, path, ledger.DescribeProcess(time.Now()))
				if err != nil {
					t.Fatal(err)
				}
				if err := l.Begin(ledger.Owner{ID: account}); err != nil {
					t.Fatal(err)
				}
				e := l.GetOrAdd(phone.Normalize(phoneOf(1)))
				l.RecordDone(e, e.ExtensionID, "1002", "", "", time.Now())
				if err := errors.Join(l.Close(), os.Remove(path+".lock")); err != nil { // in which this process is
					t.Fatal(err)
				}
			}
			v, err := w.verify(t)
			if err != nil {
				t.Fatal(err)
			}
			if !v.Interrupted || v.RunOn || len(v.Findings) > 0 || v.Confirmed != people {
				t.Errorf("%+v", v)
			}
			want := verify.ErrUnclear
			if onlyDone {
				want = nil
			}
			if !errors.Is(v.Err(), want) {
				t.Errorf("it ends with %v, want %v", v.Err(), want)
			}
		})
	}
}

// TestDoubts: what does not fit together in what the tenant tells of the account is told.
func TestDoubts(t *testing.T) {
	w := newWorld()
	w.users[1].AccountID = "1140475056164655999"
	v, err := w.verify(t)
	if err != nil {
		t.Fatal(err)
	}
	if want := "the listed users belong to more than one account"; !slices.Contains(v.Doubts, want) {
		t.Errorf("the doubts are %q, want %q", v.Doubts, want)
	}
}

// TestOrder: the findings are in the order of the result, those of a row by how serious they are; each is found by its kind.
func TestOrder(t *testing.T) {
	w := newWorld()
	w.extensions[1].UserID, w.users[1].Roles, w.extensions[4].UserID = "", nil, ""
	v, err := w.verify(t)
	if err != nil {
		t.Fatal(err)
	}
	if want, got := []string{"3 difference extension_free", "3 told no_role", "6 difference extension_free"}, found(v); !slices.Equal(got, want) {
		t.Errorf("found %q, want %q", got, want)
	}
	told := 0
	for f := range v.OfKind(verify.Told) {
		if told++; f.Code != "no_role" {
			t.Errorf("told: %+v", f)
		}
	}
	if told != 1 {
		t.Errorf("%d are told", told)
	}
}
