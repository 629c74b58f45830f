package sandbox

import (
	"crypto/sha256"
	"encoding/hex"
	"strconv"
)

// hash64 is a well-spread number of seed and text, the same in every process.
func hash64[T string | []byte](seed uint64, text T) uint64 {
	const offset, prime = 14695981039346656037, 1099511628211
	h := uint64(offset)
	for i := range len(text) {
		h = (h ^ uint64(text[i])) * prime
	}
	return splitmix64(h ^ splitmix64(seed))
}

// splitmix64 is the finalizer of the generator of that name.
func splitmix64(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

// makeID turns a number into an id as the platform gives them: 19 digits, and not ending in 0000, as only an id does
// that a spreadsheet has rounded.
func makeID(n uint64) int64 {
	id := int64(1_100_000_000_000_000_000 + n%400_000_000_000_000_000)
	if id%10_000 == 0 {
		id += 4_217
	}
	return id
}

// freshID returns the id that belongs to name, the next one if it is taken. It does not depend on what was made
// before, so that calls in another order get the same ids.
func (t *Tenant) freshID(name string) int64 {
	n := hash64(t.seed, name)
	for {
		id := makeID(n)
		if t.store.byID[id] == nil && t.store.extensions[id] == nil {
			return id
		}
		n++
	}
}

// parseID reads an id as a request gives it.
func parseID(s string) int64 {
	id, err := strconv.ParseInt(s, 10, 64)
	if err != nil || id <= 0 {
		return 0
	}
	return id
}

// digest is what the tenant keeps of a password. 16 bits tell one password from another well enough for a test,
// and leave nothing to guess the password from.
func (t *Tenant) digest(phone number, password string) string {
	sum := sha256.Sum256([]byte(t.salt + phone.String() + "\x00" + password))
	return hex.EncodeToString(sum[:2])
}

// sipSecret is the password of an extension: always the same, and kept nowhere.
func (t *Tenant) sipSecret(id int64) string {
	n := hash64(0, t.salt+"sip"+strconv.FormatInt(id, 10))
	return "sip" + strconv.FormatUint(n, 36)
}
