package apiclient

import "strings"

// KeyKind is whose key a key is, as far as its shape tells.
type KeyKind uint8

// The kinds of keys. The shapes are those of the platform's published source.
const (
	OtherKey   KeyKind = iota // of neither shape
	ShopKey                   // shop<19 digits>:<secret>, a company's own: the calls of this package want this one
	PartnerKey                // <19 digits>:<secret>, of a partner who manages several companies
)

// String returns the API's name of the kind.
func (k KeyKind) String() string {
	switch k {
	case ShopKey:
		return "shop_key"
	case PartnerKey:
		return "api_key"
	}
	return "key"
}

// KeyShape is what can be told of a key without any of its secret.
type KeyShape struct {
	Kind KeyKind
	// AccountID is the id in the key's prefix; empty if the key has none. That it is the account's is the platform's
	// published source's word.
	AccountID string
	// Length is in bytes.
	Length int
}

const prefixDigits = 19

// ShapeOf tells the shape of a key.
func ShapeOf(key string) KeyShape {
	shape := KeyShape{Length: len(key)}
	kind, rest := PartnerKey, key
	if after, ok := strings.CutPrefix(key, "shop"); ok {
		kind, rest = ShopKey, after
	}
	digits, secret, ok := strings.Cut(rest, ":")
	if _, valid := ParseID(digits); ok && secret != "" && len(digits) == prefixDigits && valid {
		shape.Kind, shape.AccountID = kind, digits
	}
	return shape
}

// Key returns the shape of the client's key.
func (c *Client) Key() KeyShape { return ShapeOf(c.key.Reveal()) }
