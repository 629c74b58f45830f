package workbook

import "strings"

// numberFormat says how a format of a spreadsheet shows numbers.
type numberFormat uint8

const (
	general numberFormat = iota // as they are kept
	whole                       // whole numbers as they are kept, and others rounded
	grouped                     // as whole, and in groups of three digits from 1,000 on
	other                       // some other way
	dated                       // as a date or a time
	padded                      // padded+n: whole numbers with at least n digits, with zeros at the front of shorter ones
)

// builtIn are the formats that a workbook uses by number and does not describe (ECMA-376 part 1, 18.8.30). Those that are missing
// are dates in some country, or are not used.
var builtIn = map[int]numberFormat{
	0: general, 1: whole, 2: other, 3: grouped, 4: other, 5: other, 6: other, 7: other, 8: other, 9: other, 10: other, 11: other, 12: other, 13: other,
	37: grouped, 38: grouped, 39: other, 40: other, 41: other, 42: other, 43: other, 44: other, 48: other, 49: general,
}

// builtInFormat returns a format that the workbook does not describe.
func builtInFormat(id int) numberFormat {
	if f, ok := builtIn[id]; ok {
		return f
	}
	if id >= 14 && id <= 58 {
		return dated
	}
	return other
}

// readFormat reads the code of a format, such as #,##0 or yyyy-mm-dd (ECMA-376 part 1, 18.8.31). What it says of negative numbers
// counts as some other way, since no number of ours is negative.
func readFormat(code string) numberFormat {
	bare, decorated, date := bareFormat(code)
	switch {
	case date:
		return dated
	case decorated:
		return other
	}
	switch bare {
	case "", "General", "@":
		return general
	case "0", "#":
		return whole
	case "#,##0", "#,###":
		return grouped
	}
	if n := len(bare); n <= shownDigits && strings.Trim(bare, "0") == "" {
		return padded + numberFormat(n)
	}
	return other
}

// bareFormat returns what a format does to digits, without colors and the space that it leaves. It reports whether the
// format adds characters, and whether it shows a date.
func bareFormat(code string) (bare string, decorated, date bool) {
	var b strings.Builder
	runes := []rune(code)
	for i := 0; i < len(runes); i++ {
		switch r := runes[i]; {
		case r == ';': // what follows is of negative numbers, of zero and of texts
			return b.String(), decorated, date
		case r == '"':
			begin := i
			for i++; i < len(runes) && runes[i] != '"'; i++ {
			}
			decorated = decorated || i > begin+1
		case r == '\\':
			i++
			decorated = true
		case r == '_' || r == '*':
			i++
		case r == '[':
			begin := i + 1
			for i++; i < len(runes) && runes[i] != ']'; i++ {
			}
			switch inside := strings.ToLower(string(runes[begin:i])); {
			case inside != "" && strings.Trim(inside, "hms") == "": // a time of more than a day
				date = true
			case strings.HasPrefix(inside, "$") && !strings.HasPrefix(inside, "$-"): // a currency
				decorated = true
			case strings.ContainsAny(inside, "<>="): // a format for some numbers only
				decorated = true
			}
		case strings.HasPrefix(strings.ToLower(string(runes[i:min(len(runes), i+7)])), "general"):
			b.WriteString("General")
			i += len("General") - 1
		case isExponent(runes[i:]):
			b.WriteRune('E')
			i++
		case strings.ContainsRune("dmyhsDMYHSeEgGbB", r):
			date = true
		default:
			b.WriteRune(r)
		}
	}
	return b.String(), decorated, date
}

// isExponent reports whether a format continues with an exponent, as in 0.00E+00. An E alone is a year.
func isExponent(format []rune) bool {
	return len(format) > 1 && strings.ContainsRune("Ee", format[0]) && strings.ContainsRune("+-", format[1])
}

// showsAsKept reports whether a number is shown as digits that it is kept in. digits are those of a whole number, nil of another.
func (f numberFormat) showsAsKept(digits []byte) bool {
	switch f {
	case general:
		return true
	case whole:
		return digits != nil
	case grouped:
		return digits != nil && len(digits) <= 3 && digits[0] != '-'
	}
	if f > padded {
		return digits != nil && len(digits) >= int(f-padded) && digits[0] != '-'
	}
	return false
}
