package check_test

import (
	"testing"
	"time"

	"etelecom-import/apiclient"
	"etelecom-import/apiclient/sandbox"
	"etelecom-import/apiclient/secret"
	"etelecom-import/importer/check"
)

func TestTenant(t *testing.T) {
	for name, c := range map[string]struct {
		tenant  sandbox.Config
		status  string // of the switchboard; "": enabled
		key     string // "": the shop's
		account string
		finding string
		begins  string
		holds   string
	}{
		"new switchboard":      {status: "Z", finding: "switchboard", begins: `not known|The switchboard "Practice tenant" (practice.invalid) is new`},
		"disabled switchboard": {status: "N", finding: "switchboard", begins: `wrong|The switchboard "Practice tenant" (practice.invalid) is disabled`},
		"untold switchboard":   {tenant: sandbox.Config{Deny: []sandbox.Ops{sandbox.PBX}}, finding: "switchboard", begins: "not known|The tenant does not tell it (HTTP 403"},
		"all sources":          {tenant: sandbox.Config{Users: 1}, finding: "account", begins: `ok|The key is of "Practice tenant": --account=` + checkedAccount + " (told by CurrentShop, listed extensions, listed users, the key's prefix).|"},
		"two ids":              {tenant: sandbox.Config{ShopID: otherAccount}, finding: "account", begins: `not known|The key is of "Practice tenant": --account=` + otherAccount + " (told by CurrentShop) and --account=" + checkedAccount, holds: "These ids should be one."},
		"one of two ids":       {tenant: sandbox.Config{ShopID: otherAccount}, account: checkedAccount, finding: "account", begins: "ok|", holds: "These ids should be one."},
		"the wanted one":       {account: checkedAccount, finding: "account", begins: "ok|"},
		"another one":          {account: otherAccount, finding: "account", begins: "wrong|This key is not of account " + otherAccount + `. The key is of "Practice tenant": --account=` + checkedAccount},
		"none told":            {tenant: sandbox.Config{Key: "opaque", ShopID: "-", ListedID: "-"}, key: "opaque", account: otherAccount, finding: "account", begins: "wrong|Whether the key is of account " + otherAccount + " cannot be checked"},
		"none told or wanted":  {tenant: sandbox.Config{Key: "opaque", ShopID: "-", ListedID: "-"}, key: "opaque", finding: "account", begins: "not known|The tenant does not tell its id."},
		"the prefix alone":     {tenant: sandbox.Config{ShopID: "-", ListedID: "-"}, finding: "account", begins: "ok|The key's account: --account=" + checkedAccount + " (told by the key's prefix).|"},
		"not confirmed":        {key: "shop" + otherAccount + ":x", finding: "account", begins: "not known|The key's account: --account=" + otherAccount + " (told by the key's prefix). The tenant did not confirm it."},
		"a key of another":     {key: "shop" + otherAccount + ":x", finding: "users", begins: "wrong|The API does not take this key (HTTP 401"},
		"the same again":       {key: "shop" + otherAccount + ":x", finding: "extensions", begins: "wrong|The API does not take this key (HTTP 401", holds: "|Do the same as for users."},
		"a partner's key":      {tenant: sandbox.Config{PartnerKey: otherAccount + ":x"}, key: otherAccount + ":x", finding: "key_shape", begins: "wrong|This is a partner's api_key (21 bytes)"},
		"its calls":            {tenant: sandbox.Config{PartnerKey: otherAccount + ":x"}, key: otherAccount + ":x", finding: "users", begins: "wrong|The API does not take this key", holds: "|Use the shop_key"},
		"its account":          {tenant: sandbox.Config{PartnerKey: otherAccount + ":x"}, key: otherAccount + ":x", finding: "account", begins: "not known|This is a partner's key. It is of no company."},
		"neither shape":        {key: "opaque", finding: "key_shape", begins: "not known|This key (6 bytes) looks neither"},
		"denied":               {tenant: sandbox.Config{Deny: []sandbox.Ops{sandbox.Users}}, finding: "users", begins: "wrong|This key may not list users (HTTP 403 permission_denied: Bạn", holds: "|Ask eTelecom to give"},
		"closed":               {tenant: sandbox.Config{Closed: true}, finding: "extensions", begins: "wrong|The account is closed (HTTP 503"},
		"another service":      {tenant: sandbox.Config{Service: "Sencloud"}, finding: "extensions", begins: "wrong|This address has no such call", holds: "--service"},
		"more than a page":     {tenant: sandbox.Config{Users: 230}, finding: "users", begins: "ok|This key may list users. There are 230.|"},
		"removed people":       {tenant: sandbox.Config{ListDeleted: true}, finding: "users", begins: "ok|This key may list users. There are none.|"},
		"expired":              {tenant: sandbox.Config{Extensions: 130, Expired: 7}, finding: "extensions", begins: "ok|This key may list extensions. There are 130: 123 free, 0 in use, 7 expired.|"},
		"listed twice":         {tenant: sandbox.Config{Users: 230, Faults: []sandbox.Rule{rule(t, "list-duplicates@users=1")}}, finding: "users", begins: "ok|This key may list users. There are 230.|"},
		"clock behind":         {tenant: sandbox.Config{Skew: time.Hour}, finding: "clock", begins: "wrong|This computer's clock is 59 minutes behind"},
		"clock ahead":          {tenant: sandbox.Config{Skew: -3 * time.Minute}, finding: "clock", begins: "ok|This computer's clock is 3 minutes ahead"},
		"clock good":           {finding: "clock", begins: "ok|This computer's clock agrees"},
	} {
		t.Run(name, func(t *testing.T) {
			c.tenant.AccountID, c.tenant.Seed = checkedAccount, 1
			if c.tenant.Extensions == 0 {
				c.tenant.Extensions = 3
			}
			tenant := sandbox.New(c.tenant)
			defer tenant.Close()
			if c.status != "" {
				if err := tenant.SetPBXStatus(c.status); err != nil {
					t.Fatal(err)
				}
			}
			key := c.key
			if key == "" {
				key = tenant.Key()
			}
			in := checking(t, tenant, key)
			in.Account = c.account
			says(t, check.Run(t.Context(), in), c.finding, c.begins, c.holds)
			if sent := tenant.Totals(); sent.Writes != 0 {
				t.Errorf("%d writes", sent.Writes)
			}
		})
	}
}

func TestRoles(t *testing.T) {
	tenant := sandbox.New(sandbox.Config{Users: 2, NoRoles: true, Seed: 1})
	defer tenant.Close()
	in := checking(t, tenant, tenant.Key())
	someone := apiclient.NewUser{FullName: "Nguyễn Thị Lan", Phone: "0903112351", Password: secret.New("Sen-trang-4471")}
	if _, err := in.Client.CreateAccountUser(t.Context(), someone, nil); err != nil {
		t.Fatal(err)
	}
	says(t, check.Run(t.Context(), in), "users", "ok|This key may list users. There are 3, of whom 1 without a role")
}
