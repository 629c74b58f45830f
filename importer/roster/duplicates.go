package roster

import (
	"cmp"
	"slices"
	"strconv"
)

// duplicates collects the rows that share a phone or an extension.
type duplicates struct {
	rows     []uint32  // one group after the other; the findings point here
	findings []finding // one for each row of a group
}

// findDuplicates returns the rows that share a phone or an extension: all of them are refused, since nobody can know which is
// right. One row can name the id of an extension and another its number: only the tenant tells that they are one, so the plan
// refuses those (plan/sharedrows.go, refuseDuplicates).
func findDuplicates(rows []Row) duplicates {
	var d duplicates
	keys, spare := make([]uint64, 0, len(rows)), make([]uint64, len(rows))
	for _, s := range []struct {
		kind kind
		key  func(*Row) uint64 // 0 if the row has none
	}{
		{samePhone, func(row *Row) uint64 { return uint64(row.Phone) }},
		{sameID, func(row *Row) uint64 { return uint64(row.ExtensionID) }},
		{sameNumber, extensionKey},
	} {
		keys = keys[:0]
		for i := range rows {
			if k := s.key(&rows[i]); k != 0 {
				keys = append(keys, k)
			}
		}
		if several := repeated(keys, spare[:len(keys)]); len(several) > 0 {
			d.group(rows, s.kind, several, s.key)
		}
	}
	return d
}

// group adds a finding for each row whose key is among several, which is sorted.
func (d *duplicates) group(rows []Row, k kind, several []uint64, key func(*Row) uint64) {
	type member struct {
		group int
		row   uint32
	}
	var members []member
	for i := range rows {
		if g, ok := slices.BinarySearch(several, key(&rows[i])); ok {
			members = append(members, member{g, uint32(i)})
		}
	}
	slices.SortFunc(members, func(a, b member) int {
		return cmp.Or(cmp.Compare(a.group, b.group), cmp.Compare(a.row, b.row))
	})
	for len(members) > 0 {
		n := slices.IndexFunc(members, func(m member) bool { return m.group != members[0].group })
		if n < 0 {
			n = len(members)
		}
		from := len(d.rows)
		for _, m := range members[:n] {
			d.rows = append(d.rows, m.row)
			d.findings = append(d.findings, finding{row: m.row, kind: k, arg: uint64(from)<<32 | uint64(n)})
		}
		members = members[n:]
	}
}

// extensionKey makes a number of an extension's number, leading zeros and all; 0 for "".
func extensionKey(row *Row) uint64 {
	if row.ExtensionNumber == "" {
		return 0
	}
	n, _ := strconv.ParseUint("1"+row.ExtensionNumber, 10, 64)
	return n
}

// repeated sorts keys and returns those that occur more than once, in the same memory. spare is as long as keys, and is used meanwhile.
func repeated(keys, spare []uint64) []uint64 {
	keys = radixSort(keys, spare)
	several := keys[:0]
	for i := 1; i < len(keys); i++ {
		if keys[i] == keys[i-1] {
			several = append(several, keys[i])
		}
	}
	return slices.Compact(several)
}

// radixSort sorts keys, and returns them in their own memory or in that of spare, which is as long. A million phones or ids take a
// fifth of the time that slices.Sort takes, since most digits of all keys are the same.
func radixSort(keys, spare []uint64) []uint64 {
	const bits, digits = 11, 1 << 11
	var varying uint64 // bits that are not the same in all keys
	for _, k := range keys {
		varying |= k ^ keys[0]
	}
	for shift := 0; varying>>shift != 0; shift += bits {
		if varying>>shift%digits == 0 {
			continue
		}
		var starts [digits]int
		for _, k := range keys {
			starts[k>>shift%digits]++
		}
		for d, next := 0, 0; d < digits; d++ {
			starts[d], next = next, next+starts[d]
		}
		for _, k := range keys {
			d := k >> shift % digits
			spare[starts[d]] = k
			starts[d]++
		}
		keys, spare = spare, keys
	}
	return keys
}
