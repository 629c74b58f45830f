package apiclient

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
)

// fingerprintBytes is how much of the hash a fingerprint keeps: enough to tell the keys of two customers apart, and too little
// to find a key by trying.
const fingerprintBytes = 4

// newSalt returns a random text of hexadecimal digits.
func newSalt() string {
	var salt [8]byte
	_, _ = rand.Read(salt[:]) // never fails
	return hex.EncodeToString(salt[:])
}

// fingerprint returns the salt and the beginning of a hash.
func fingerprint(salt, address, key string) string {
	sum := sha256.Sum256([]byte(salt + "\x00" + address + "\x00" + key))
	return salt + "." + hex.EncodeToString(sum[:fingerprintBytes])
}
