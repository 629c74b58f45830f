package spreadsheet

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Change is what a spreadsheet has made of a text that it took for a number or a date. Programs that read workbooks do the same.
type Change uint8

// The changes.
const (
	Unchanged      Change = iota
	MadeScientific        // 2.50919E+11 of a long number
	MadeDecimal           // 250919.0 of a whole number
	MadeDateTime          // 1990-02-01 00:00:00 of a date
	MadeDate              // 01/02/1990, 1-Feb: a person may have written it so
	MadeGroups            // 1.021.990, in two groups and more: hardly a person writes a password so
	MadeGroup             // 250,919: a person may have written it so
)

// ChangeOf returns what a spreadsheet has probably made of a text. Only what it writes exactly so counts: 12345e67 is no number of
// a spreadsheet, and 2.50919E+11x is not a number.
func ChangeOf(cell string) Change {
	text := strings.TrimSpace(cell)
	if len(text) < 3 || len(text) > 80 {
		return Unchanged
	}
	if text[0] > '9' {
		// Of words, only a date is made: behind a month or a day of the week in three letters is one of these.
		if len(text) == 3 || strings.IndexByte("- 0123456789", text[3]) < 0 {
			return Unchanged
		}
		return dateChange(text)
	}
	switch _, zeros := CutDecimal(text); {
	case zeros == 1 || zeros == 2:
		return MadeDecimal
	case isWrittenScientific(text):
		return MadeScientific
	}
	if c := groupChange(text); c != Unchanged {
		return c
	}
	return dateChange(text)
}

// isWrittenScientific reports whether a number in scientific notation is as programs write it: one digit before the point, and
// at least two in the exponent, which has a sign. Java writes neither the sign nor zeros, and always a point.
func isWrittenScientific(text string) bool {
	text = strings.TrimPrefix(text, "-")
	at := strings.IndexAny(text, "eE")
	if at < 1 || text[0] < '0' || text[0] > '9' {
		return false
	}
	fraction, exponent := text[1:at], text[at+1:]
	hasFraction := len(fraction) > 1 && strings.IndexByte(".,", fraction[0]) >= 0 && IsDigits(fraction[1:])
	if fraction != "" && !hasFraction {
		return false
	}
	if digits := strings.TrimLeft(exponent, "+-"); len(digits) == len(exponent)-1 {
		return len(digits) >= 2 && len(digits) <= 3 && IsDigits(digits)
	}
	return hasFraction && text[at] == 'E' && isByJava(fraction, exponent)
}

// isByJava reports whether a program in Java writes a number of at least 8 digits so: in the shortest way, and 7 zeros are not written out.
func isByJava(fraction, exponent string) bool {
	shortest := fraction == ".0" || !strings.HasSuffix(fraction, "0")
	n, err := strconv.Atoi(exponent)
	isLarge := err == nil && n >= 7 && n < 100
	return shortest && isLarge && fraction[0] == '.'
}

// groupChange returns MadeDecimal, MadeGroups, MadeGroup or Unchanged, for a number in groups of three digits: 1.021.990 in Vietnam,
// 1,021,990 in English, and 1 021 990 in French with spaces that do not break. Behind it may be one or two decimals, which no
// other groups have, and a currency.
func groupChange(text string) Change {
	number := strings.TrimSpace(cutCurrency(strings.TrimPrefix(text, "$")))
	at := strings.IndexFunc(number, isGroupSign)
	if at < 1 || at > 3 {
		return Unchanged
	}
	sign := firstRune(number[at:])
	whole, decimals := number, ""
	if last := strings.LastIndexAny(number, ".,"); last > 0 && firstRune(number[last:]) != sign {
		whole, decimals = number[:last], number[last+1:]
		if len(decimals) < 1 || len(decimals) > 2 || !IsDigits(decimals) {
			return Unchanged
		}
	}
	groups := strings.Split(whole, string(sign))
	for i, group := range groups {
		if !IsDigits(group) || i > 0 && len(group) != 3 {
			return Unchanged
		}
	}
	switch {
	case len(groups) < 2 || groups[0][0] == '0' && len(groups) > 2: // no number begins so
		return Unchanged
	case decimals != "", len(number) < len(text):
		return MadeDecimal
	case len(groups) > 2 && !isAddress(groups):
		return MadeGroups
	}
	return MadeGroup
}

// isAddress reports whether groups of digits may be an address of a network, such as 192.168.100.200.
func isAddress(groups []string) bool {
	isByte := func(group string) bool { return len(group) < 3 || group <= "255" }
	return len(groups) == 4 && !slices.ContainsFunc(groups, func(group string) bool { return !isByte(group) })
}

// isGroupSign reports whether a character separates groups of digits.
func isGroupSign(r rune) bool { return r == '.' || r == ',' || isFixedSpace(r) }

// isFixedSpace reports whether a character is a space at which no line is broken.
func isFixedSpace(r rune) bool { return r == '\u00A0' || r == '\u202F' }

func firstRune(text string) rune {
	r, _ := utf8.DecodeRuneInString(text)
	return r
}

// cutCurrency returns what is before the sign of the Vietnamese currency that a text ends in. That of dollars is in front.
func cutCurrency(text string) string {
	for _, sign := range []string{"₫", "đ", "VND", "VNĐ"} {
		if number, ok := strings.CutSuffix(text, sign); ok {
			return number
		}
	}
	return text
}

// dateChange returns MadeDateTime, MadeDate or Unchanged.
func dateChange(text string) Change {
	if isProgramDate(text) {
		return MadeDateTime
	}
	if rest, ok := cutDate(text); ok {
		switch {
		case rest == "":
			return MadeDate
		case (rest[0] == ' ' || rest[0] == 'T') && isTime(rest[1:]):
			return MadeDateTime
		}
		return Unchanged
	}
	switch _, fraction, ok := strings.Cut(text, "."); {
	case !isTime(text):
		return Unchanged
	case ok && fraction != "": // what Excel shows of a date with thousandths of a second: 00:00.0
		return MadeDateTime
	}
	return MadeDate
}

// cutDate returns what follows the date that a text begins with.
func cutDate(text string) (rest string, ok bool) {
	a, rest := cutDigits(text)
	if a == "" {
		return cutMonthFirst(text)
	}
	b, c, sep := "", "", byte(0)
	if rest != "" {
		sep, rest = rest[0], rest[1:]
	}
	if b, rest = cutDigits(rest); b == "" && strings.IndexByte("- /", sep) >= 0 {
		return cutNamedMonth(a, rest, sep)
	}
	isThird := rest != "" && rest[0] == sep && strings.IndexByte("-/.", sep) >= 0
	if b == "" || !isThird {
		return "", false
	}
	if c, rest = cutDigits(rest[1:]); len(a) == 4 {
		return rest, isYear(a) && isUpTo(b, 12) && isUpTo(c, 31)
	}
	dayFirst, monthFirst := isUpTo(a, 31) && isUpTo(b, 12), isUpTo(a, 12) && isUpTo(b, 31)
	return rest, (dayFirst || monthFirst) && isYear(c)
}

// cutNamedMonth is cutDate after a day, for 1-Feb-90 and 1-Feb.
func cutNamedMonth(day, rest string, sep byte) (string, bool) {
	rest, ok := cutMonth(rest)
	if !ok || !isUpTo(day, 31) {
		return "", false
	}
	if rest == "" || rest[0] != sep {
		return rest, rest == ""
	}
	year, rest := cutDigits(rest[1:])
	return rest, isYear(year)
}

// cutMonthFirst is cutDate for Feb-90 and Feb 1, 1990.
func cutMonthFirst(text string) (string, bool) {
	rest, ok := cutMonth(text)
	if !ok || rest == "" || strings.IndexByte("- ", rest[0]) < 0 {
		return "", false
	}
	n, rest := cutDigits(rest[1:])
	if after, ok := strings.CutPrefix(rest, ", "); ok {
		year, rest := cutDigits(after)
		return rest, isUpTo(n, 31) && isYear(year)
	}
	return rest, isYear(n)
}

// months are the names of months as Excel shortens them.
var months = []string{"jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"}

// cutMonth returns what follows the name of a month: Feb, or Thg2 in Vietnamese.
func cutMonth(text string) (rest string, ok bool) {
	if len(text) < 3 {
		return "", false
	}
	name, rest := text[:3], text[3:]
	if strings.EqualFold(name, "thg") {
		month, rest := cutDigits(strings.TrimPrefix(rest, " "))
		return rest, isUpTo(month, 12)
	}
	return rest, slices.ContainsFunc(months, func(month string) bool { return strings.EqualFold(month, name) })
}

// isTime reports whether a text is a time of day, such as 00:00, 12:00:00 AM, 00:00:00.000Z, or 7:30 CH in Vietnamese.
func isTime(text string) bool {
	hour, rest := cutDigits(text)
	if len(hour) > 2 || !strings.HasPrefix(rest, ":") {
		return false
	}
	minute, rest := cutDigits(rest[1:])
	if hour == "" || len(minute) != 2 {
		return false
	}
	if after, ok := strings.CutPrefix(rest, ":"); ok {
		var second string
		if second, rest = cutDigits(after); len(second) != 2 {
			return false
		}
	}
	if rest != "" && (rest[0] == '.' || rest[0] == ',') {
		_, rest = cutDigits(rest[1:])
	}
	rest = strings.TrimSpace(rest)
	switch strings.ToUpper(rest) {
	case "", "AM", "PM", "SA", "CH", "Z", "UTC", "GMT":
		return true
	}
	isZone := rest[0] == '+' || rest[0] == '-'
	return isZone && len(rest) >= 3 && IsDigits(strings.ReplaceAll(rest[1:], ":", ""))
}

// isProgramDate reports whether a text is a time as programs print it: Thu Feb 01 1990 00:00:00 GMT+0700.
func isProgramDate(text string) bool {
	if !strings.Contains(text, " ") || !strings.Contains(text, ":") {
		return false // nearly every text
	}
	words := strings.Fields(text)
	if len(words) < 5 || len(words[0]) != 3 || len(words[1]) != 3 {
		return false
	}
	_, month := cutMonth(words[1])
	return month && isUpTo(words[2], 31) && slices.ContainsFunc(words[3:], isTime)
}

// cutDigits returns the digits that a text begins with, and what follows.
func cutDigits(text string) (digits, rest string) {
	n := 0
	for n < len(text) && '0' <= text[n] && text[n] <= '9' {
		n++
	}
	return text[:n], text[n:]
}

// isUpTo reports whether one or two digits are a number from 1 to most.
func isUpTo(digits string, most int) bool {
	if len(digits) < 1 || len(digits) > 2 {
		return false
	}
	n := 0
	for i := range len(digits) {
		if digits[i] < '0' || digits[i] > '9' {
			return false
		}
		n = n*10 + int(digits[i]-'0')
	}
	return n >= 1 && n <= most
}

// isYear reports whether digits are a year, of this century or the last if there are four.
func isYear(digits string) bool {
	return len(digits) == 2 || len(digits) == 4 && (digits[:2] == "19" || digits[:2] == "20")
}
