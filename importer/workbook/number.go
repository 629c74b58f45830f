package workbook

import (
	"bytes"
	"math"
	"strconv"
)

// shownDigits is how many digits of a number a spreadsheet keeps and shows.
const shownDigits = 15

// appendNumber appends a number as a spreadsheet shows it that does not format it, and says what it is; ok is false if it is no
// number. The number is written as XML has it, such as 903551200, 9.035512E8 and 0.30000000000000004.
func appendNumber(out, written []byte, f numberFormat) (_ []byte, kind Kind, ok bool) {
	begin := len(out)
	isWhole := true
	if isDigits(written) && (written[0] != '0' || len(written) == 1) { // most are, and some of them are longer than a float64 can hold
		out = append(out, written...)
	} else {
		n, err := strconv.ParseFloat(string(bytes.TrimSpace(written)), 64)
		if err != nil || math.IsInf(n, 0) || math.IsNaN(n) {
			return out, 0, false
		}
		n, _ = strconv.ParseFloat(strconv.FormatFloat(n, 'e', shownDigits-1, 64), 64) // 0.30000000000000004 is shown as 0.3
		isWhole = n == math.Trunc(n) && math.Abs(n) < 1e21
		switch {
		case n == 0:
			out = append(out, '0')
		case isWhole || math.Abs(n) >= 1e-4 && math.Abs(n) < 1e21:
			out = strconv.AppendFloat(out, n, 'f', -1, 64)
		default:
			out = strconv.AppendFloat(out, n, 'E', -1, 64)
		}
	}
	end := len(out)
	digits := out[begin:end:end]
	switch {
	case isWhole && len(bytes.TrimPrefix(digits, []byte("-"))) > shownDigits:
		return out, Rounded, true
	case f == (numberFormat{}): // most
		return out, Number, true
	}
	n, _ := strconv.ParseFloat(string(digits), 64)
	f = f.of(n)
	switch {
	case !isWhole && f.class == general:
		return out, Number, true
	case !isWhole:
		return out, Formatted, true
	}
	out, ok = f.appendShown(out, digits)
	shown := out[end:]
	switch {
	case !ok || len(bytes.TrimSpace(shown)) == 0:
		return out[:end], Formatted, true
	case !bytes.Equal(shown, digits):
		return append(out[:begin], shown...), Shaped, true
	case f.class == grouped && len(digits) > 3, f.class == pointed:
		return out[:end], Shaped, true
	}
	return out[:end], Number, true
}

func isDigits(text []byte) bool {
	for _, c := range text {
		if c < '0' || c > '9' {
			return false
		}
	}
	return len(text) > 0
}

// appendDate appends the date and time that a number of days stands for. Spreadsheets count from the beginning of 1900, and take
// that for a leap year, or from the beginning of 1904 (ECMA-376 part 1, 18.17.4).
func appendDate(out, written []byte, from1904 bool) ([]byte, bool) {
	n, err := strconv.ParseFloat(string(bytes.TrimSpace(written)), 64)
	const lastDay = 2958465 // of the year 9999
	if err != nil || !(n >= 0 && n < lastDay+1) {
		return out, false
	}
	seconds := int64(math.Round(n * 86400))
	day, second := int(seconds/86400), int(seconds%86400)
	isTime := day == 0
	switch {
	case from1904:
		day += 1462
	case day < 60:
		day++ // 1900-02-29 is day 60, and was never
	}
	if !isTime {
		out = appendDay(out, day-25569)
	}
	if !isTime && second > 0 {
		out = append(out, ' ')
	}
	if isTime || second > 0 {
		out = append(two(out, second/3600), ':')
		out = append(two(out, second/60%60), ':')
		out = two(out, second%60)
	}
	return out, true
}

// appendDay appends a day as 2026-02-01. The days are counted from 1970-01-01.
func appendDay(out []byte, days int) []byte {
	// Years are counted from March on, so that the day that is added to some is the last one; days from March of the year 0.
	const in400Years = 146097
	days += 719468
	era := days / in400Years
	day := days % in400Years
	year := (day - day/1460 + day/36524 - day/(in400Years-1)) / 365
	day -= 365*year + year/4 - year/100
	month := (5*day + 2) / 153
	day -= (153*month + 2) / 5
	year += 400 * era
	if month += 3; month > 12 {
		month -= 12
		year++
	}
	out = append(out, strconv.Itoa(year)...)
	out = append(two(append(out, '-'), month), '-')
	return two(out, day+1)
}

// two appends a number below 100 in two digits.
func two(out []byte, n int) []byte { return append(out, byte('0'+n/10), byte('0'+n%10)) }
