package secret

import (
	"fmt"
	"io"
	"iter"
	"log/slog"
	"math/bits"
	"math/rand/v2"
	"slices"
	"unicode/utf8"
)

// minInSet is how many characters a member of a [Set] has at least. With many secrets, shorter ones stand in any text.
const minInSet = 6

// Set recognizes many secrets in a text and holds none of them: of each it knows a hash with a key that is drawn anew for
// each Set. It takes about 10 bytes a secret. Like a Text, it shows nothing. The zero value is empty.
type Set struct{ of *fingerprints }

// fingerprints are those of the folded forms of the secrets.
type fingerprints struct {
	base    uint64   // of the rolling hash
	sorted  []uint64 // each mixed with its length
	filter  []uint64 // a bit for most values that sorted does not have is 0
	mask    uint64   // of the filter's bits
	lengths []length // that occur
}

// length is one of the lengths of secrets, in bytes, and what the first byte of a window of it counts in the rolling hash
// once the window has moved on.
type length struct {
	bytes int
	first uint64
}

// prime is 2^61-1, by which products are reduced without a division.
const prime = 1<<61 - 1

// NewSet makes a Set of those texts that have 6 or more characters.
func NewSet(texts iter.Seq[Text]) Set {
	h := &fingerprints{base: rand.Uint64N(prime-1<<32) + 1<<32}
	many := 0
	for range texts {
		many++
	}
	h.sorted = make([]uint64, 0, many) // growing would take twice as much
	for t := range texts {
		s := folded(t.Reveal())
		if utf8.RuneCountInString(s) < minInSet || len(s) > maxInSet {
			continue
		}
		sum := uint64(0)
		for i := range len(s) {
			sum = h.roll(sum, s[i])
		}
		h.sorted = append(h.sorted, mix(sum, len(s)))
		if !slices.ContainsFunc(h.lengths, func(l length) bool { return l.bytes == len(s) }) {
			h.lengths = append(h.lengths, length{len(s), h.power(len(s))})
		}
	}
	if len(h.sorted) == 0 {
		return Set{}
	}
	slices.Sort(h.sorted)
	h.sorted = slices.Clip(slices.Compact(h.sorted))
	size := uint64(64)
	for size < 8*uint64(len(h.sorted)) {
		size *= 2
	}
	h.filter, h.mask = make([]uint64, size/64), size-1
	for _, v := range h.sorted {
		h.filter[v&h.mask/64] |= 1 << (v % 64)
	}
	return Set{h}
}

// maxInSet is how long a member is at most, in bytes of its folded form. Longer ones are no passwords.
const maxInSet = 512

// roll takes one more byte into a hash.
func (h *fingerprints) roll(sum uint64, c byte) uint64 {
	sum = multiply(sum, h.base) + uint64(c) + 1
	if sum >= prime {
		sum -= prime
	}
	return sum
}

// power returns the base to the power of n.
func (h *fingerprints) power(n int) uint64 {
	p := uint64(1)
	for range n {
		p = multiply(p, h.base)
	}
	return p
}

func multiply(a, b uint64) uint64 {
	high, low := bits.Mul64(a, b)
	sum := (low & prime) + (low>>61 | high<<3)
	if sum >= prime {
		sum -= prime
	}
	return sum
}

// mix makes of a hash and a length a value whose every bit depends on both.
func mix(sum uint64, length int) uint64 {
	v := sum ^ uint64(length)<<56
	v = (v ^ v>>30) * 0xbf58476d1ce4e5b9
	v = (v ^ v>>27) * 0x94d049bb133111eb
	return v ^ v>>31
}

func (h *fingerprints) has(v uint64) bool {
	if h.filter[v&h.mask/64]>>(v%64)&1 == 0 {
		return false
	}
	_, found := slices.BinarySearch(h.sorted, v)
	return found
}

// search appends where a folded text holds a member. Digits alone are one only where no other digits stand beside them: ids
// and phones hold any few digits.
func (h *fingerprints) search(l decoded, found []span) []span {
	for _, length := range h.lengths {
		sum := uint64(0)
		for i := range len(l.text) {
			sum = h.roll(sum, l.text[i])
			from := i + 1 - length.bytes
			if from > 0 {
				sum += prime - multiply(length.first, uint64(l.text[from-1])+1)
				if sum >= prime {
					sum -= prime
				}
			}
			if from >= 0 && h.has(mix(sum, length.bytes)) && !partOfNumber(l.text, from, i+1) {
				found = append(found, l.span(from, i+1))
			}
		}
	}
	return found
}

// partOfNumber reports whether a part of a text is digits alone, with other digits beside it.
func partOfNumber(text string, from, to int) bool {
	for i := from; i < to; i++ {
		if !digit(text, i) {
			return false
		}
	}
	return digit(text, from-1) || digit(text, to)
}

func digit(text string, at int) bool {
	return at >= 0 && at < len(text) && '0' <= text[at] && text[at] <= '9'
}

// String implements [fmt.Stringer].
func (Set) String() string { return Redacted }

// GoString implements [fmt.GoStringer].
func (Set) GoString() string { return Redacted }

// Format implements [fmt.Formatter], for every verb, width and flag.
func (Set) Format(s fmt.State, _ rune) { _, _ = io.WriteString(s, Redacted) }

// LogValue implements [slog.LogValuer].
func (Set) LogValue() slog.Value { return slog.StringValue(Redacted) }
