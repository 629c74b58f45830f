package phone

import "etelecom-import/apiclient/message"

// The Vietnamese numbering plan, as far as a roster needs it. Mobile numbers have 9 significant digits and begin
// with 3, 5, 7, 8 or 9; fixed lines have 10 and begin with 2.

// valid reports whether n has the length and the first digit of a mobile number or a fixed line.
func valid(n Number) bool {
	switch {
	case n >= 1e8 && n < 1e9:
		switch n / 1e8 {
		case 3, 5, 7, 8, 9:
			return true
		}
	case n >= 2e9 && n < 3e9:
		return true
	}
	return false
}

// knownPrefixes holds the first two significant digits of mobile numbers that an operator uses today.
var knownPrefixes = func() (known [100]bool) {
	for _, p := range []int{
		32, 33, 34, 35, 36, 37, 38, 39,
		52, 55, 56, 58, 59,
		70, 76, 77, 78, 79,
		81, 82, 83, 84, 85, 86, 87, 88, 89,
		90, 91, 92, 93, 94, 96, 97, 98, 99,
	} {
		known[p] = true
	}
	return known
}()

// unknownPrefix returns a warning about a mobile number whose prefix no known operator uses; "" for every other number.
func unknownPrefix(n Number) string {
	if n >= 1e9 || knownPrefixes[n/1e7] {
		return ""
	}
	return message.Sprintf("no mobile operator is known for the prefix 0%d", uint64(n/1e7))
}

// newPrefixes maps the first three significant digits of the 11-digit mobile numbers, replaced in 2018, to the two that
// replaced them.
var newPrefixes = map[Number]Number{
	120: 70, 121: 79, 122: 77, 126: 76, 128: 78, // MobiFone
	123: 83, 124: 84, 125: 85, 127: 81, 129: 82, // VinaPhone
	162: 32, 163: 33, 164: 34, 165: 35, 166: 36, 167: 37, 168: 38, 169: 39, // Viettel
	186: 56, 188: 58, // Vietnamobile
	199: 59, // Gmobile
}

// migrateMobile returns today's form of an old mobile number with 10 significant digits; 0 if n was not such a number.
func migrateMobile(n Number) Number {
	prefix, ok := newPrefixes[n/1e7]
	if !ok {
		return 0
	}
	return prefix*1e7 + n%1e7
}

// migrateHanoi returns today's form of a fixed line of Hanoi: its prefix 04 became 024 in 2017. It returns 0 if n was not such a
// number.
func migrateHanoi(n Number) Number {
	if n/1e8 != 4 {
		return 0
	}
	return 2e9 + n
}
