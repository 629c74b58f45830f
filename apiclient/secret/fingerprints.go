package secret

import (
	"iter"
	"math/bits"
	"math/rand/v2"
	"slices"
	"unicode/utf8"
)

// The length of a member of a [Set].
const (
	minInSet = 6   // characters; among many secrets, shorter ones would be found in any text
	maxInSet = 512 // bytes of the folded form; longer texts are not passwords
)

// fingerprints are hashes of the folded forms of many secrets. A rolling hash over a text finds each part of it whose hash
// is one of them, without knowing the secrets.
type fingerprints struct {
	base    uint64   // of the rolling hash
	sorted  []uint64 // each mixed with the length of its secret
	filter  []uint64 // a bit set by the low bits of a fingerprint; most other values find their bit clear
	mask    uint64   // of the bits that index filter
	lengths []length // all lengths of secrets
}

// length is a length in bytes, and what the first byte of a window of this length counts in the rolling hash after the
// window has moved on by one.
type length struct {
	bytes int
	first uint64
}

// prime is 2^61-1. A product modulo this prime needs no division.
const prime = 1<<61 - 1

// newFingerprints returns nil if none of the texts has a length that is looked for. It goes through texts twice.
func newFingerprints(texts iter.Seq[Text]) *fingerprints {
	f := emptyFingerprints()
	many := 0
	for range texts {
		many++
	}
	f.sorted = make([]uint64, 0, many) // a growing slice would take twice the memory
	for t := range texts {
		f.add(t)
	}
	if len(f.sorted) == 0 {
		return nil
	}
	f.index()
	return f
}

func emptyFingerprints() *fingerprints {
	return &fingerprints{base: rand.Uint64N(prime-1<<32) + 1<<32}
}

// add takes in a secret, if it has a length that is looked for. It is found once the fingerprints are indexed.
func (f *fingerprints) add(t Text) {
	s := folded(t.Reveal())
	if utf8.RuneCountInString(s) < minInSet || len(s) > maxInSet {
		return
	}
	sum := uint64(0)
	for i := range len(s) {
		sum = f.roll(sum, s[i])
	}
	f.sorted = append(f.sorted, mix(sum, len(s)))
	if !slices.ContainsFunc(f.lengths, func(l length) bool { return l.bytes == len(s) }) {
		f.lengths = append(f.lengths, length{len(s), f.power(len(s))})
	}
}

// index sorts the fingerprints, so that they are found.
func (f *fingerprints) index() {
	slices.Sort(f.sorted)
	f.sorted = slices.Clip(slices.Compact(f.sorted))
	size := uint64(64)
	for size < 8*uint64(len(f.sorted)) {
		size *= 2
	}
	f.filter, f.mask = make([]uint64, size/64), size-1
	for _, v := range f.sorted {
		f.filter[v&f.mask/64] |= 1 << (v % 64)
	}
}

// roll takes one more byte into a hash.
func (f *fingerprints) roll(sum uint64, c byte) uint64 {
	sum = multiply(sum, f.base) + uint64(c) + 1
	if sum >= prime {
		sum -= prime
	}
	return sum
}

// power returns the base to the power of n.
func (f *fingerprints) power(n int) uint64 {
	p := uint64(1)
	for range n {
		p = multiply(p, f.base)
	}
	return p
}

// multiply returns a*b modulo prime.
func multiply(a, b uint64) uint64 {
	high, low := bits.Mul64(a, b)
	sum := (low & prime) + (low>>61 | high<<3)
	if sum >= prime {
		sum -= prime
	}
	return sum
}

// mix makes a fingerprint of a hash and a length. Each of its bits depends on both.
func mix(sum uint64, length int) uint64 {
	v := sum ^ uint64(length)<<56
	v = (v ^ v>>30) * 0xbf58476d1ce4e5b9
	v = (v ^ v>>27) * 0x94d049bb133111eb
	return v ^ v>>31
}

func (f *fingerprints) has(v uint64) bool {
	if f.filter[v&f.mask/64]>>(v%64)&1 == 0 {
		return false
	}
	_, found := slices.BinarySearch(f.sorted, v)
	return found
}

// search appends the places of members in a folded text to found. A part of a longer number is not a member: ids and phones
// contain any few digits.
func (f *fingerprints) search(d decoded, found []span) []span {
	for _, length := range f.lengths {
		sum := uint64(0)
		for i := range len(d.text) {
			sum = f.roll(sum, d.text[i])
			from := i + 1 - length.bytes // of the window that ends at i
			if from > 0 {                // take the byte before the window out of the hash
				sum += prime - multiply(length.first, uint64(d.text[from-1])+1)
				if sum >= prime {
					sum -= prime
				}
			}
			if from >= 0 && f.has(mix(sum, length.bytes)) && !partOfNumber(d.text, from, i+1) {
				found = append(found, d.span(from, i+1))
			}
		}
	}
	return found
}

// partOfNumber reports whether the bytes from to to are digits only, with another digit beside them.
func partOfNumber(text string, from, to int) bool {
	for i := from; i < to; i++ {
		if !digitAt(text, i) {
			return false
		}
	}
	return digitAt(text, from-1) || digitAt(text, to)
}

func digitAt(text string, at int) bool {
	inside := at >= 0 && at < len(text)
	return inside && '0' <= text[at] && text[at] <= '9'
}
