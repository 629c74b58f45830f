package sandbox_test

import (
	"encoding/json"
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"etelecom-import/apiclient/sandbox"
)

var everyPath = []string{createPath, assignPath, usersPath, extensionsPath, accountPath, shopPath, pbxPath}

// good returns the calls that a key is good for. It checks that the other calls are answered like an unknown key.
func good(t *testing.T, tenant *sandbox.Tenant, key string) (paths []string) {
	t.Helper()
	for _, path := range everyPath {
		status, body := callWith(t, tenant, "Bearer "+key, path, "{}")
		wrongStatus, wrongBody := callWith(t, tenant, "Bearer wrong", path, "{}")
		switch {
		case status != 401:
			paths = append(paths, path)
		case status != wrongStatus || body != wrongBody:
			t.Errorf("%s: %d %s, but a wrong key gets %d %s", path, status, body, wrongStatus, wrongBody)
		}
	}
	return paths
}

func TestKeys(t *testing.T) {
	shops := []string{createPath, assignPath, usersPath, extensionsPath, shopPath, pbxPath}
	for name, c := range map[string]struct {
		config        sandbox.Config
		shop, partner []string
	}{
		"as it is":      {sandbox.Config{}, shops, []string{accountPath}},
		"another shape": {sandbox.Config{Key: "practice-123", PartnerKey: "p"}, shops, []string{accountPath}},
		"any key":       {sandbox.Config{AnyKey: true}, everyPath, everyPath},
		"one for both":  {sandbox.Config{Key: "same", PartnerKey: "same"}, everyPath, everyPath},
	} {
		tenant := newTenant(t, c.config)
		if got := good(t, tenant, tenant.Key()); !slices.Equal(got, c.shop) {
			t.Errorf("%s: the shop's key is good for %v, want %v", name, got, c.shop)
		}
		if got := good(t, tenant, tenant.PartnerKey()); !slices.Equal(got, c.partner) {
			t.Errorf("%s: the partner's key is good for %v, want %v", name, got, c.partner)
		}
	}
}

func TestShapeOfKeys(t *testing.T) {
	one, same, other := newTenant(t, sandbox.Config{}), newTenant(t, sandbox.Config{}), newTenant(t, sandbox.Config{Seed: 8})
	id, _ := one.Account()
	if !regexp.MustCompile(`^shop`+id+`:[0-9a-f]{32}$`).MatchString(one.Key()) || len(id) != 19 {
		t.Errorf("the shop %s has the key %s", id, one.Key())
	}
	partner := field(t, answer(t, one, accountPath), "id")
	if !regexp.MustCompile(`^`+partner+`:[0-9a-f]{32}$`).MatchString(one.PartnerKey()) || len(partner) != 19 || partner == id {
		t.Errorf("the partner %s of the shop %s has the key %s", partner, id, one.PartnerKey())
	}
	if one.Key() != same.Key() || one.PartnerKey() != same.PartnerKey() {
		t.Error("one seed made two keys")
	}
	secrets := map[string]bool{}
	for _, key := range []string{one.Key(), one.PartnerKey(), other.Key(), other.PartnerKey()} {
		_, secret, _ := strings.Cut(key, ":")
		secrets[secret] = true
	}
	if len(secrets) != 4 {
		t.Errorf("keys with a secret in common: %v", slices.Collect(maps.Keys(secrets)))
	}
	given := newTenant(t, sandbox.Config{Key: "shop1234567890123456789:x", PartnerKey: "1098765432109876543:y"})
	if id, _ := given.Account(); id != "1234567890123456789" || field(t, answer(t, given, accountPath), "id") != "1098765432109876543" {
		t.Errorf("given keys tell the account %s and the partner %s", id, answer(t, given, accountPath))
	}
}

// TestKeysAndState shows that made-up keys begin with the accounts of the state file.
func TestKeysAndState(t *testing.T) {
	state := filepath.Join(t.TempDir(), "state")
	first := newTenant(t, sandbox.Config{Seed: 1, State: state})
	first.Close()
	second := newTenant(t, sandbox.Config{Seed: 2, State: state})
	prefix := func(key string) string { before, _, _ := strings.Cut(key, ":"); return before }
	if prefix(first.Key()) != prefix(second.Key()) || prefix(first.PartnerKey()) != prefix(second.PartnerKey()) {
		t.Errorf("first %s and %s, then %s and %s", first.Key(), first.PartnerKey(), second.Key(), second.PartnerKey())
	}
}

func TestRevokedKey(t *testing.T) {
	tenant := newTenant(t, sandbox.Config{RevokeAfter: 2})
	runSteps(t, tenant, []step{
		{shopPath, "{}", 200, ""},
		{accountPath, "{}", 200, ""}, // another key
		{usersPath, "{}", 200, ""},
		{shopPath, "{}", 401, "unauthenticated"},
		{shopPath, "{}", 401, "unauthenticated"},
		{accountPath, "{}", 200, ""},
	})
	tenant.SetKey("another")
	runSteps(t, tenant, []step{{shopPath, "{}", 200, ""}, {shopPath, "{}", 200, ""}, {shopPath, "{}", 200, ""}})
	tenant.SetKey("")
	runSteps(t, tenant, []step{{shopPath, "{}", 401, "unauthenticated"}, {accountPath, "{}", 200, ""}})
}

// TestIdentityCalls has the calls that only say who the caller is.
func TestIdentityCalls(t *testing.T) {
	tenant := newTenant(t, sandbox.Config{AccountID: "1234567890123456789", AccountName: "Công ty A"})
	for _, c := range []struct {
		path string
		want map[string]string
	}{
		{shopPath, map[string]string{"id": "1234567890123456789", "name": "Công ty A"}},
		{pbxPath, map[string]string{"name": "Công ty A", "domain": "practice.invalid", "status": "P"}},
		{accountPath, map[string]string{"name": "Practice partner", "type": "partner"}},
	} {
		body := answer(t, tenant, c.path)
		for name, want := range c.want {
			if got := field(t, body, name); got != want {
				t.Errorf("%s: %s is %q, want %q", c.path, name, got, want)
			}
		}
		runSteps(t, tenant, []step{{c.path, "[", 400, "malformed"}})
	}
	pbx := answer(t, tenant, pbxPath)
	id, owner := field(t, pbx, "id"), field(t, pbx, "owner_id")
	if len(id) != 19 || len(owner) != 19 || id == owner || id == "1234567890123456789" || owner == "1234567890123456789" {
		t.Errorf("the PBX has the id %q and the owner %q", id, owner)
	}
	if err := tenant.SetPBXStatus("N"); err != nil || field(t, answer(t, tenant, pbxPath), "status") != "N" {
		t.Errorf("after the PBX was disabled: %v, %s", err, answer(t, tenant, pbxPath))
	}
	if tenant.SetPBXStatus("on") == nil {
		t.Error("a PBX is on")
	}
	older := newTenant(t, sandbox.Config{AnyKey: true})
	if id, name := older.Account(); !strings.HasPrefix(answer(t, older, accountPath), `{"id":"`+id+`","name":"`+name+`"`) {
		t.Errorf("older picture: %s, want the shop %s", answer(t, older, accountPath), id)
	}
}

// TestIdentityOps shows that these calls can be denied and have faults like any other.
func TestIdentityOps(t *testing.T) {
	tenant := newTenant(t, sandbox.Config{Deny: []sandbox.Ops{sandbox.Shop}, Faults: sandbox.MustParseRules("500-before@pbx", "503-before@identity")})
	runSteps(t, tenant, []step{
		{shopPath, "{}", 403, "permission_denied"},
		{pbxPath, "{}", 500, ""},
		{accountPath, "{}", 503, ""},
		{usersPath, "{}", 200, ""},
	})
	want := `{"account":{"503":1},"pbx":{"500":1},"shop":{"403":1},"users":{"200":1}}`
	if got, _ := json.Marshal(tenant.Totals().Calls); string(got) != want {
		t.Errorf("calls: %s, want %s", got, want)
	}
	for _, name := range []string{"shop", "pbx", "identity", "all", "shop+pbx"} {
		var ops sandbox.Ops
		if err := ops.UnmarshalText([]byte(name)); err != nil || ops.String() != name {
			t.Errorf("%s: %v, %v", name, ops, err)
		}
	}
	if sandbox.Identity&^sandbox.All != 0 || sandbox.Identity.String() != "identity" {
		t.Error("the calls about identity are not among all")
	}
}

// TestWhatTellsTheAccount compares the three places in which an answer has the account.
func TestWhatTellsTheAccount(t *testing.T) {
	tenant := newTenant(t, sandbox.Config{Users: 2, Extensions: 2})
	id, _ := tenant.Account()
	check := func(when, shop, listed string) {
		t.Helper()
		if got := field(t, answer(t, tenant, shopPath), "id"); got != shop {
			t.Errorf("%s: CurrentShop tells %q, want %q", when, got, shop)
		}
		if strings.Contains(answer(t, tenant, shopPath), `"id"`) != (shop != "") {
			t.Errorf("%s: %s", when, answer(t, tenant, shopPath))
		}
		for _, path := range []string{usersPath, extensionsPath} {
			body := answer(t, tenant, path)
			count := strings.Count(body, `"account_id":"`+listed+`"`)
			if listed == "" {
				count = 2 - strings.Count(body, "account_id")
			}
			if count != 2 || !json.Valid([]byte(body)) {
				t.Errorf("%s: want account_id %q twice in %s", when, listed, body)
			}
		}
	}
	check("as it is", id, id)
	tenant.SetIdentity("1", "2")
	check("of their own", "1", "2")
	tenant.SetIdentity("-", "-")
	check("missing", "", "")
	tenant.SetIdentity("", "")
	check("as before", id, id)
	tenant = newTenant(t, sandbox.Config{Users: 2, Extensions: 2, ShopID: "3", ListedID: "-"})
	check("by configuration", "3", "")
}

// TestClosedAccount has an account that is closed for good.
func TestClosedAccount(t *testing.T) {
	tenant := newTenant(t, sandbox.Config{Closed: true, Deny: []sandbox.Ops{sandbox.Users}})
	for _, path := range everyPath {
		runSteps(t, tenant, []step{{path, create("0901234567", "p"), 503, `"meta":{"xcode":"account_closed"}}`}})
	}
	if status, _ := callWith(t, tenant, "Bearer wrong", usersPath, "{}"); status != 401 {
		t.Errorf("a wrong key gets %d", status)
	}
	if tenant.Totals().Creates != 0 {
		t.Error("a closed account got a user")
	}
}

// TestService has the one service that each brand gives a name of its own.
func TestService(t *testing.T) {
	tenant := newTenant(t, sandbox.Config{Service: "Sencloud"})
	for _, call := range []string{"GetExtensions", "AssignUserToExtension", "GetTenant"} {
		runSteps(t, tenant, []step{{"Etelecom/" + call, "{}", 404, "bad_route"}})
		if status, body := callWith(t, tenant, "Bearer "+tenant.Key(), "Sencloud/"+call, "{}"); status == 404 {
			t.Errorf("Sencloud/%s: %s", call, body)
		}
	}
	runSteps(t, tenant, []step{
		{usersPath, "{}", 200, ""},
		{accountPath, "{}", 200, ""},
		{"Sencloud/GetAccountUsers", "{}", 404, "bad_route"},
		{"Shop/GetExtensions", "{}", 404, "bad_route"},
	})
}
