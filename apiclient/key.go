package apiclient

import (
	"strings"

	"etelecom-import/apiclient/message"
)

// KeyKind says to whom a key belongs, as far as its shape tells.
type KeyKind uint8

// The kinds of keys. The shapes are those of the platform's published source.
const (
	OtherKey   KeyKind = iota // of neither shape
	ShopKey                   // shop<19 digits>:<secret>, of one company; the calls of this package need one
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

// KeyShape is what a key shows without any of its secret.
type KeyShape struct {
	Kind KeyKind
	// AccountID is the id in the key's prefix; empty: the key has none. By the platform's published source it is the id of the
	// account.
	AccountID string
	// Length is in bytes.
	Length int
}

const prefixDigits = 19

// ShapeOf returns the shape of a key.
func ShapeOf(key string) KeyShape {
	shape := KeyShape{Length: len(key)}
	kind, rest := PartnerKey, key
	if after, ok := strings.CutPrefix(key, "shop"); ok {
		kind, rest = ShopKey, after
	}
	digits, secret, ok := strings.Cut(rest, ":")
	_, isID := ParseID(digits)
	if hasSecret := ok && secret != ""; hasSecret && isID && len(digits) == prefixDigits {
		shape.Kind, shape.AccountID = kind, digits
	}
	return shape
}

// checkKey refuses a key that an HTTP header could not carry. The error does not repeat it.
func checkKey(key string) error {
	if key == "" {
		return message.New("the API key is empty")
	}
	for i := range len(key) {
		if key[i] <= ' ' || key[i] > '~' {
			return message.Errorf("the API key has a wrong character at position %d: a key has only letters, digits and punctuation of ASCII", i+1)
		}
	}
	return nil
}
