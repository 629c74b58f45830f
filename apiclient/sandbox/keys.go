package sandbox

import (
	"crypto/subtle"
	"fmt"
	"strings"
)

// keyring is the keys that the tenant accepts: the shop's for the work, the partner's for the one call about the partner.
type keyring struct {
	shop, partner string
	any           bool // the older picture: either key is good for every call
	revokeAfter   int  // calls with the shop's key; 0: it stays good
	used          int  // those calls
}

// authorized reports whether the call may come in. A key of the wrong kind is no better than a wrong key. The shop's key is
// revoked when its calls are used up.
func (k *keyring) authorized(op Ops, auth string) bool {
	key, ok := strings.CutPrefix(auth, "Bearer ")
	forPartner := op == Account
	switch {
	case !ok:
		return false
	case (forPartner || k.any) && same(key, k.partner):
		return true
	case forPartner && !k.any || !same(key, k.shop):
		return false
	}
	k.used++
	return k.revokeAfter == 0 || k.used <= k.revokeAfter
}

func same(given, key string) bool {
	return key != "" && subtle.ConstantTimeCompare([]byte(given), []byte(key)) == 1
}

// makeKeys makes the keys that the configuration leaves out. It comes after the state, which knows the accounts' ids.
func (t *Tenant) makeKeys() {
	if t.keys.shop == "" {
		t.keys.shop = "shop" + t.account.id + ":" + makeSecret(t.seed, "key")
	}
	if t.keys.partner == "" {
		t.keys.partner = t.partner.id + ":" + makeSecret(t.seed, "partner key")
	}
}

func makeSecret(seed uint64, name string) string {
	return fmt.Sprintf("%016x%016x", hash64(seed, name), hash64(seed, name+", second half"))
}

// accountOf returns the account's id that stands at the front of a key, and "" for a key of another shape.
func accountOf(key string) string {
	digits, _, found := strings.Cut(strings.TrimPrefix(key, "shop"), ":")
	if !found || len(digits) != 19 || parseID(digits) == 0 {
		return ""
	}
	return digits
}

// Key is the shop's key, which the work needs.
func (t *Tenant) Key() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.keys.shop
}

// PartnerKey is the partner's own key, which CurrentAccount alone accepts.
func (t *Tenant) PartnerKey() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.keys.partner
}

// SetKey changes the shop's key for good: a count of RevokeAfter ends. An empty one revokes it.
func (t *Tenant) SetKey(key string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.keys.shop, t.keys.revokeAfter = key, 0
}

// Account returns the id and the name of the account that the shop's key belongs to.
func (t *Tenant) Account() (id, name string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.account.id, t.account.name
}

// SetIdentity changes what tells the account in later answers, as Config.ShopID and Config.ListedID do: "" is the account's
// id, and "-" leaves the field out.
func (t *Tenant) SetIdentity(shopID, listedID string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.shopID, t.listedID = shopID, listedID
}

// SetPBXStatus changes the status that GetTenant tells: Z new, P enabled, which it is at first, N disabled.
func (t *Tenant) SetPBXStatus(status string) error {
	if !isState(status) {
		return fmt.Errorf("PBX status %q: want Z, P or N", status)
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.pbxStatus = status
	return nil
}

// told is the id that an answer tells for a configured one; "" for none. The lock is held.
func (t *Tenant) told(id string) string {
	switch id {
	case "":
		return t.account.id
	case "-":
		return ""
	}
	return id
}
