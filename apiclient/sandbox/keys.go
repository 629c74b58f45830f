package sandbox

import (
	"cmp"
	"crypto/subtle"
	"fmt"
	"strings"
	"sync"
)

// keyring has the keys that the tenant accepts: the shop's for the work, the partner's for the one call about the partner.
type keyring struct {
	partner string
	any     bool // the older picture: either key is good for every call

	mu          sync.Mutex // guards what follows
	shop        string     // "": revoked
	revokeAfter int        // calls with the shop's key until it is revoked; 0: never
	calls       int        // calls with the shop's key so far
}

// newKeyring takes the keys of c, or makes them from its seed and the accounts' ids.
func newKeyring(c *Config, shopID, partnerID string) *keyring {
	return &keyring{
		shop:    cmp.Or(c.Key, "shop"+shopID+":"+makeSecret(c.Seed, "key")),
		partner: cmp.Or(c.PartnerKey, partnerID+":"+makeSecret(c.Seed, "partner key")),
		any:     c.AnyKey, revokeAfter: c.RevokeAfter,
	}
}

func makeSecret(seed uint64, name string) string {
	return fmt.Sprintf("%016x%016x", hash64(seed, name), hash64(seed, name+", second half"))
}

// accountOf returns the account id at the beginning of a key, which is "shopID:SECRET" or "ID:SECRET"; "" if the key has
// another form.
func accountOf(key string) string {
	digits, _, found := strings.Cut(strings.TrimPrefix(key, "shop"), ":")
	if !found || len(digits) != 19 || parseID(digits) == 0 {
		return ""
	}
	return digits
}

// authorized reports whether the key in an Authorization header is good for the call. A key of the wrong kind is treated
// like an unknown one. Calls with the shop's key count towards its revocation.
func (k *keyring) authorized(op Ops, header string) bool {
	key, isBearer := strings.CutPrefix(header, "Bearer ")
	forPartner := op == Account
	takesPartnerKey, takesShopKey := forPartner || k.any, !forPartner || k.any
	k.mu.Lock()
	defer k.mu.Unlock()
	switch {
	case !isBearer:
		return false
	case takesPartnerKey && sameKey(key, k.partner):
		return true
	case !takesShopKey || !sameKey(key, k.shop):
		return false
	}
	k.calls++
	return k.revokeAfter == 0 || k.calls <= k.revokeAfter
}

func sameKey(given, key string) bool {
	return key != "" && subtle.ConstantTimeCompare([]byte(given), []byte(key)) == 1
}

// Key is the shop's key, which the work needs; "" if it was revoked by SetKey.
func (k *keyring) Key() string {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.shop
}

// PartnerKey is the partner's own key, which only CurrentAccount accepts.
func (k *keyring) PartnerKey() string { return k.partner }

// SetKey changes the shop's key and ends the count of Config.RevokeAfter. An empty key revokes it.
func (k *keyring) SetKey(key string) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.shop, k.revokeAfter = key, 0
}
