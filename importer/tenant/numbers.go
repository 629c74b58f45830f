package tenant

import (
	"strconv"
	"strings"

	"etelecom-import/apiclient/message"
)

// Numbers are ranges of extension numbers, as --free-extensions gives them: 1000-1999, or 1000-1999,2500-2549. The zero value has none.
//
// A number of an extension is a text: 0101 and 101 are two numbers. So both ends of a range have the same number of digits, and a
// range has numbers with exactly so many.
type Numbers struct{ ranges []numberRange }

// numberRange is one range. Both ends belong to it, and have the same length.
type numberRange struct{ from, to string }

const (
	// mostNumbers is how many numbers all ranges may have together. More than that would be nearly every number that a company has, and
	// then nobody has thought about which of them are not in use.
	mostNumbers = 100_000
	// mostDigits is how long a number can be that is dialled.
	mostDigits = 10
)

// UnmarshalText reads 1000-1999, or several ranges with commas between.
func (n *Numbers) UnmarshalText(text []byte) error {
	var (
		ranges []numberRange
		all    int64
	)
	for part := range strings.SplitSeq(string(text), ",") {
		part = strings.TrimSpace(part)
		r, err := readRange(part)
		if err != nil {
			return err
		}
		all += r.last() - r.first() + 1
		ranges = append(ranges, r)
	}
	if all > mostNumbers {
		return message.Errorf("%q has more than %d numbers: name only the numbers that nobody uses, such as 1000-1999", string(text), mostNumbers)
	}
	n.ranges = ranges
	return nil
}

// dashes are those that word processors and web pages put in place of a hyphen.
var dashes = strings.NewReplacer("–", "-", "—", "-", "‐", "-", "‑", "-", "‒", "-", "−", "-", "－", "-")

// readRange reads one range. A single number is a range of its own.
func readRange(s string) (numberRange, error) {
	if s == "" {
		return numberRange{}, message.New("the range is empty. It is like 1000-1999: the first and the last number that may be given")
	}
	from, to, isRange := strings.Cut(dashes.Replace(s), "-")
	from, to = strings.TrimSpace(from), strings.TrimSpace(to)
	if !isRange {
		to = from
	}
	switch {
	case !isDigits(from) || !isDigits(to):
		return numberRange{}, message.Errorf("%q is not a range of extension numbers, such as 1000-1999", s)
	case len(from) != len(to):
		return numberRange{}, message.Errorf("%s and %s do not have the same number of digits: write one range for each length", from, to)
	case len(from) > mostDigits:
		return numberRange{}, message.Errorf("%s has %d digits, and an extension number has at most %d", from, len(from), mostDigits)
	case from > to:
		return numberRange{}, message.Errorf("the range %s begins behind its end: write %s-%s", s, to, from)
	}
	return numberRange{from, to}, nil
}

// first returns the value of the first number. It has at most mostDigits digits.
func (r numberRange) first() int64 {
	n, _ := strconv.ParseInt(r.from, 10, 64)
	return n
}

// last returns the value of the last number.
func (r numberRange) last() int64 {
	n, _ := strconv.ParseInt(r.to, 10, 64)
	return n
}

func isDigits(s string) bool {
	return s != "" && strings.Trim(s, "0123456789") == ""
}

// Empty reports whether there is no range.
func (n Numbers) Empty() bool { return len(n.ranges) == 0 }

// Has reports whether a number is in one of the ranges.
func (n Numbers) Has(number string) bool {
	for _, r := range n.ranges {
		isWithin := r.from <= number && number <= r.to
		if isWithin && len(number) == len(r.from) && isDigits(number) {
			return true
		}
	}
	return false
}

// String returns the ranges as they are given.
func (n Numbers) String() string {
	var parts []string
	for _, r := range n.ranges {
		part := r.from
		if r.to != r.from {
			part += "-" + r.to
		}
		parts = append(parts, part)
	}
	return strings.Join(parts, ",")
}

// First returns the first numbers of the ranges, at most so many, in the order in which the ranges are given.
func (n Numbers) First(most int) (numbers []string) {
	for _, r := range n.ranges {
		for n := r.first(); n <= r.last() && len(numbers) < most; n++ {
			digits := strconv.FormatInt(n, 10)
			numbers = append(numbers, strings.Repeat("0", len(r.from)-len(digits))+digits)
		}
	}
	return numbers
}
