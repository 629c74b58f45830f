package sandbox

import (
	"cmp"
	"fmt"
	"sync"

	"etelecom-import/apiclient/message"
)

// account is an account of the platform: the shop's or the partner's.
type account struct{ id, name string }

// identity is who the tenant says it is.
type identity struct {
	mu      sync.Mutex
	profile profile
}

// profile is what answers say about the tenant.
type profile struct {
	shop, partner    account
	shopID, listedID string // as Config.ShopID and Config.ListedID
	pbxStatus        string // Z new, P enabled, N disabled
}

func newIdentity(c *Config, h *header) *identity {
	return &identity{profile: profile{
		shop:    account{h.Account, h.Name},
		partner: account{h.Partner, "Practice partner"},
		shopID:  c.ShopID, listedID: c.ListedID, pbxStatus: "P",
	}}
}

// partnerID is the id of the partner's account: their key's, or one from the seed.
func partnerID(c *Config) string {
	return cmp.Or(accountOf(c.PartnerKey), fmt.Sprint(makeID(hash64(c.Seed, "partner"))))
}

// Account returns the id and the name of the account that the shop's key belongs to.
func (i *identity) Account() (id, name string) {
	p := i.get()
	return p.shop.id, p.shop.name
}

// SetIdentity changes the account ids in later answers, as Config.ShopID and Config.ListedID do: "" is the account's id,
// and "-" drops the field.
func (i *identity) SetIdentity(shopID, listedID string) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.profile.shopID, i.profile.listedID = shopID, listedID
}

// SetPBXStatus changes the status in answers to GetTenant: Z new, P enabled (as at first), N disabled. Any other status
// is an error.
func (i *identity) SetPBXStatus(status string) error {
	if !isState(status) {
		return message.Errorf("the PBX status cannot be %q: use Z, P or N", status)
	}
	i.mu.Lock()
	defer i.mu.Unlock()
	i.profile.pbxStatus = status
	return nil
}

func (i *identity) get() profile {
	i.mu.Lock()
	defer i.mu.Unlock()
	return i.profile
}

// shownID is the id that an answer has for a configured one; "" if the answer has none.
func (p *profile) shownID(configured string) string {
	switch configured {
	case "":
		return p.shop.id
	case "-":
		return ""
	}
	return configured
}
