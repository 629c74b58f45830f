package roster

import (
	"cmp"
	"slices"
	"strconv"
)

// share finds the rows that share a phone or an extension: all of them are refused, since nobody can know which is
// right.
func (j *judge) share() {
	r := j.roster
	keys := make([]uint64, 0, len(r.Rows))
	for _, s := range []struct {
		kind kind
		key  func(*Row) uint64
	}{
		{samePhone, func(row *Row) uint64 { return uint64(row.Phone) }},
		{sameID, func(row *Row) uint64 { return uint64(row.ExtensionID) }},
		{sameNumber, extensionKey},
	} {
		keys = keys[:0]
		for i := range r.Rows {
			if k := s.key(&r.Rows[i]); k != 0 {
				keys = append(keys, k)
			}
		}
		if several := repeated(keys); len(several) > 0 {
			r.group(s.kind, several, s.key)
		}
	}
	slices.SortFunc(r.late, func(a, b finding) int {
		return cmp.Or(cmp.Compare(a.row, b.row), cmp.Compare(a.kind, b.kind))
	})
}

// extensionKey makes a number of an extension's number, which has leading zeros; 0 for "".
func extensionKey(row *Row) uint64 {
	if row.ExtensionNumber == "" {
		return 0
	}
	n, _ := strconv.ParseUint("1"+row.ExtensionNumber, 10, 64)
	return n
}

// repeated sorts keys and returns those that stand there more than once.
func repeated(keys []uint64) []uint64 {
	slices.Sort(keys)
	several := keys[:0]
	for i := 1; i < len(keys); i++ {
		if keys[i] == keys[i-1] {
			several = append(several, keys[i])
		}
	}
	return slices.Compact(several)
}

// group adds a finding for each row whose key is among several, which is sorted.
func (r *Roster) group(k kind, several []uint64, key func(*Row) uint64) {
	type member struct {
		group int
		row   uint32
	}
	var members []member
	for i := range r.Rows {
		if g, ok := slices.BinarySearch(several, key(&r.Rows[i])); ok {
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
		from := len(r.shared)
		for _, m := range members[:n] {
			r.shared = append(r.shared, m.row)
			r.late = append(r.late, finding{row: m.row, kind: k, arg: uint64(from)<<32 | uint64(n)})
		}
		members = members[n:]
	}
}
