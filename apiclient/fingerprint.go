package apiclient

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"strings"
)

// fingerprintBytes is how much of the hash a fingerprint keeps: enough to tell one customer's key from another's, and
// too little to find a key by trying.
const fingerprintBytes = 4

// Fingerprint returns a text by which the client's key and address are recognized, and from which neither can be read. It
// is another one each time.
func (c *Client) Fingerprint() string {
	var salt [8]byte
	_, _ = rand.Read(salt[:]) // never fails
	return c.fingerprint(hex.EncodeToString(salt[:]))
}

// HasFingerprint reports whether f was made by a client with the same key and address.
func (c *Client) HasFingerprint(f string) bool {
	salt, _, ok := strings.Cut(f, ".")
	return ok && f == c.fingerprint(salt)
}

func (c *Client) fingerprint(salt string) string {
	sum := sha256.Sum256([]byte(salt + "\x00" + c.urls[createAccountUser].String() + "\x00" + c.key.Reveal()))
	return salt + "." + hex.EncodeToString(sum[:fingerprintBytes])
}
