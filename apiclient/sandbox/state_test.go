package sandbox_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"etelecom-import/apiclient/sandbox"
)

const secretPassword = "pässword-never-kept"

// used is a tenant that has had every kind of effect.
func used(t *testing.T, state string) *sandbox.Tenant {
	t.Helper()
	tenant, err := sandbox.Open(sandbox.Config{
		State: state, Extensions: 4, Expired: 2, Users: 3, Unsearchable: 1, Strangers: 2, NoRoles: true, UserPhones: []string{"0905000001"}, StrangerPhones: []string{"0905000002"},
	})
	if err != nil {
		t.Fatal(err)
	}
	_, body := call(t, tenant, createPath, create("0901234567", secretPassword))
	lines := tenant.Record().Lines
	call(t, tenant, createPath, create("0901234567", secretPassword+"2"))
	call(t, tenant, createPath, create("0905000002", secretPassword))
	user, _ := tenant.Person("0901234567")
	call(t, tenant, assignPath, assign(jsonID(lines[0].ID), field(t, body, "id")))
	_ = tenant.MoveExtension(lines[1].ID, user.ID)
	_, _ = tenant.AddExtension(1301234567890123457, "7")
	_, _ = tenant.AddUser("0905000003", "Removed")
	_ = tenant.RemoveUser("0905000003")
	_, _ = tenant.AddUser("0905000004", "Forgotten")
	_ = tenant.PurgeUser("0905000004")
	_ = tenant.SetRoles("0905000001", "owner", "salesman")
	_ = tenant.SetUnsearchable("0905000002")
	_ = tenant.SetExtensionState(lines[3].ID, "Z", time.Date(2030, 1, 2, 3, 4, 5, 678_000, time.UTC))
	return tenant
}

func jsonID(id int64) string {
	text, _ := json.Marshal(id)
	return string(text)
}

// whatLasts is the part of the record that the state file keeps, and what the API lists.
func whatLasts(t *testing.T, tenant *sandbox.Tenant) string {
	t.Helper()
	users, extensions := answer(t, tenant, usersPath), answer(t, tenant, extensionsPath)
	_, found := call(t, tenant, usersPath, `{"filter":{"phone":"0"}}`)
	_, had := call(t, tenant, usersPath, `{"filter":{"has_extension":true}}`)
	r := tenant.Record()
	r = sandbox.Record{
		AccountID: r.AccountID, Creates: r.Creates, Overwrites: r.Overwrites, Assigns: r.Assigns, Taken: r.Taken,
		People: r.People, Lines: r.Lines, Assignments: r.Assignments,
	}
	text, err := json.MarshalIndent(r, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	return string(text) + users + extensions + found + had + answer(t, tenant, shopPath) + answer(t, tenant, pbxPath) + answer(t, tenant, accountPath)
}

func TestStateOutlivesTheProcess(t *testing.T) {
	state := filepath.Join(t.TempDir(), "state")
	first := used(t, state)
	want := whatLasts(t, first) // and no Close before the end: the process is killed
	t.Cleanup(first.Close)
	second, err := sandbox.Open(sandbox.Config{State: state, Extensions: 4, Users: 3, UserPhones: []string{"0905000001"}})
	if err != nil {
		t.Fatal(err)
	}
	defer second.Close()
	if got := whatLasts(t, second); got != want {
		t.Errorf("the second process has\n%s\nthe first had\n%s", got, want)
	}
	if !second.PasswordIs("0901234567", secretPassword+"2") || second.PasswordIs("0901234567", secretPassword) {
		t.Error("the second process does not know the password")
	}
	call(t, second, createPath, create("0909999999", "more"))
	third := sandbox.New(sandbox.Config{State: state})
	defer third.Close()
	if p, ok := third.Person("0909999999"); !ok || p.Creates != 1 {
		t.Errorf("the third process finds %+v", p)
	}
}

// TestOldState reads a file of an older version.
func TestOldState(t *testing.T) {
	state := filepath.Join(t.TempDir(), "state")
	if err := os.WriteFile(state, []byte(oldState), 0o600); err != nil {
		t.Fatal(err)
	}
	tenant := newTenant(t, sandbox.Config{State: state})
	if id, _ := tenant.Account(); id != "1358675043872099674" || !strings.HasPrefix(tenant.Key(), "shop"+id) {
		t.Errorf("account %s, key %s", id, tenant.Key())
	}
	r := tenant.Record()
	if r.Creates != 3 || r.Overwrites != 2 || r.Assigns != 1 || len(r.People) != 3 || len(r.Lines) != 2 {
		t.Errorf("%+v", r)
	}
	if !tenant.PasswordIs("0901234567", "q") || tenant.PasswordIs("0901234567", "p") {
		t.Error("the passwords are lost")
	}
	got, _ := phones(t, tenant, "{}", 0)
	if !slices.Equal(got, []string{"0901234567", "0922289091"}) {
		t.Errorf("members: %v", got)
	}
	for _, u := range list(t, tenant, usersPath, `{"filter":{"phone":"0901234567"}}`).Users {
		if len(u.Roles) != 1 {
			t.Errorf("%+v", u)
		}
	}
	for _, e := range list(t, tenant, extensionsPath, "{}").Extensions {
		if e.State != "P" || e.Expires == "" || (e.User == "1139968662906935122") != (e.Number == "1001") {
			t.Errorf("%+v", e)
		}
	}
}

const oldState = `{"practice_tenant":1,"account_id":"1358675043872099674","account_name":"Practice tenant","salt":"d2052382c95b48a6"}
{"do":"stranger","id":"1416261528071321300","phone":"0905000002","name":"Người Có Sẵn 1","digest":"9eae","at":1680000000000}
{"do":"user","id":"1468389492441346281","phone":"0922289091","name":"Người Có Sẵn 1","digest":"6e58","at":1680000000000}
{"do":"extension","id":"1118408917036528733","number":"1001","at":1710000000000}
{"do":"extension","id":"1427776338446117419","number":"1002","at":1710000000000}
{"do":"create","id":"1139968662906935122","phone":"0901234567","name":"Nguyễn Văn \"An\"","digest":"9f6d","at":1710000000000,"listed":1710000000000}
{"do":"create","phone":"0901234567","name":"Nguyễn Văn \"An\"","digest":"0355","at":1710000000000,"listed":1710000000000}
{"do":"create","phone":"0905000002","name":"Nguyễn Văn \"An\"","digest":"4a95","at":1710000000000,"listed":1710000000000}
{"do":"assign","id":"1118408917036528733","user":"1139968662906935122","at":1710000000000}
{"do":"move","id":"1427776338446117419","user":"1416261528071321300","at":1710000000000}
{"do":"remove","phone":"0905000002","at":1710000000000}
{"do":"user","id":"1416292712262801848","phone":"0905000003","name":"x","digest":"1e86","at":1710000000000}
{"do":"forget","phone":"0905000003","at":1710000000000}
`

func TestNothingSecretIsKept(t *testing.T) {
	state := filepath.Join(t.TempDir(), "state")
	tenant := used(t, state)
	defer tenant.Close()
	kept, err := os.ReadFile(state)
	if err != nil {
		t.Fatal(err)
	}
	record, _ := json.Marshal(tenant.Record())
	secrets := []string{secretPassword, "never-kept", tenant.Key(), tenant.PartnerKey()}
	for _, e := range list(t, tenant, extensionsPath, "{}").Extensions {
		secrets = append(secrets, e.Password)
	}
	for _, s := range secrets {
		if bytes.Contains(kept, []byte(s)) || bytes.Contains(record, []byte(s)) {
			t.Errorf("a secret is kept: %s", s)
		}
	}
	if info, _ := os.Stat(state); info.Mode().Perm() != 0o600 && runtime.GOOS != "windows" { // where a mode does not tell who may read
		t.Errorf("mode %v", info.Mode())
	}
}

// TestTornState truncates the file at many places. The tenant has the whole lines and continues from there.
func TestTornState(t *testing.T) {
	state := filepath.Join(t.TempDir(), "state")
	used(t, state).Close()
	whole, _ := os.ReadFile(state)
	for size := 0; size < len(whole); size += 7 {
		if err := os.WriteFile(state, whole[:size], 0o600); err != nil {
			t.Fatal(err)
		}
		tenant, err := sandbox.Open(sandbox.Config{State: state})
		if err != nil {
			t.Fatalf("cut at %d: %v", size, err)
		}
		_, _ = tenant.AddUser("0907777777", "After")
		tenant.Close()
		if size%5 != 0 { // reading back is the slower half
			continue
		}
		again := sandbox.New(sandbox.Config{State: state})
		if p, ok := again.Person("0907777777"); !ok || !p.Member {
			t.Errorf("cut at %d: what came afterwards is lost", size)
		}
		again.Close()
	}
}

func TestStateThatIsNone(t *testing.T) {
	folder := t.TempDir()
	good := filepath.Join(folder, "good")
	used(t, good).Close()
	lines, _ := os.ReadFile(good)
	for name, c := range map[string]struct{ content, want string }{
		"a roster":           {"full_name,phone\nA,1\n", "line 1: this is not the state"},
		"a line without end": {"hello", "line 1"},
		"JSON":               {"{\"a\":1}\n", "line 1: this is not the state"},
		"another version":    {`{"practice_tenant":2,"account_id":"1","account_name":"","salt":""}` + "\n", "line 1: this is not"},
		"damage":             {strings.Replace(string(lines), `"do":"extension"`, `"do":"extensoin"`, 1), "there is no effect"},
		"a wrong line":       {strings.Replace(string(lines), "\n", "\nxx\n", 1), "line 2"},
	} {
		path := filepath.Join(folder, "bad")
		if err := os.WriteFile(path, []byte(c.content), 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := sandbox.Open(sandbox.Config{State: path})
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: error %v, want %q", name, err, c.want)
		}
		if after, _ := os.ReadFile(path); string(after) != c.content {
			t.Errorf("%s: the file was changed", name)
		}
	}
	for _, path := range []string{folder, os.DevNull} {
		if _, err := sandbox.Open(sandbox.Config{State: path}); err == nil {
			t.Errorf("%s was taken for a state file", path)
		}
	}
}
