package roster

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func TestRadixSort(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		mask := rapid.SampledFrom([]uint64{0, 1, 7 << 10, 1<<30 - 1, ^uint64(0)}).Draw(t, "mask")
		keys := rapid.SliceOf(rapid.Uint64()).Draw(t, "keys")
		for i := range keys {
			keys[i] &= mask
		}
		sorted := slices.Clone(keys)
		slices.Sort(sorted)
		if got := radixSort(keys, make([]uint64, len(keys))); !slices.Equal(got, sorted) {
			t.Errorf("%x, not %x", got, sorted)
		}
	})
}
