package apiclient

import (
	"strings"
	"testing"

	"etelecom-import/apiclient/secret"
)

func TestFingerprint(t *testing.T) {
	client := func(key, base, service string) *Client {
		c, err := New(Config{BaseURL: base, Service: service, Key: secret.New(key)})
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	a := client("key-a", "https://x.vn/v1", "")
	f := a.Fingerprint()
	if f == a.Fingerprint() || !a.HasFingerprint(f) || !client("key-a", "https://x.vn/v1/", "Sencloud").HasFingerprint(f) {
		t.Errorf("%s is not its own", f)
	}
	for _, other := range []*Client{client("key-b", "https://x.vn/v1", ""), client("key-a", "https://y.vn/v1", "")} {
		if other.HasFingerprint(f) {
			t.Errorf("%s is another's", f)
		}
	}
	if a.HasFingerprint("") || a.HasFingerprint(".") || strings.Contains(f, "key-a") {
		t.Errorf("%s", f)
	}
}
