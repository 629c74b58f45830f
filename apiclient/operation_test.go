package apiclient

import (
	"testing"

	"etelecom-import/apiclient/secret"
)

// Brands have a name of their own for one service only.
func TestService(t *testing.T) {
	c, err := New(Config{BaseURL: "https://x.vn/v1", Service: "Sencloud", Key: secret.New("key")})
	if err != nil {
		t.Fatal(err)
	}
	for op, want := range map[operation]string{
		getExtensions: "/v1.Sencloud/GetExtensions", assignUserToExtension: "/v1.Sencloud/AssignUserToExtension", getTenant: "/v1.Sencloud/GetTenant",
		getAccountUsers: "/v1.Shop/GetAccountUsers", createAccountUser: "/v1.Shop/CreateAccountUser", currentAccount: "/v1.Misc/CurrentAccount",
	} {
		if got := c.urls[op].Path; got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
	for _, bad := range []string{"a/b", "a.b", "Dịch", " "} {
		if _, err := New(Config{BaseURL: "https://x.vn/v1", Service: bad, Key: secret.New("key")}); err == nil {
			t.Errorf("service %q is taken", bad)
		}
	}
}
