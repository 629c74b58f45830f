package tenant

import (
	"strings"

	"etelecom-import/importer/phone"
)

// Masks are users whose phones the listing shows in part only. The zero value has none.
type Masks struct {
	People  int
	Example string   // one of their phones, as listed; "" if there is none
	parts   []string // of those that show enough digits to be compared
}

// minVisible is how many digits of a masked phone must be visible before a row can be compared with it.
const minVisible = 4

// A star hides one digit or several, so one of them makes a mask. The other runes occur elsewhere too: it takes two of them.
const (
	starRunes = "*•●∗"
	maskRunes = "xX#_?"
)

// add takes in a listed phone that is no number, if it is a masked one. People without a phone, or with a foreign one, are
// ordinary.
func (m *Masks) add(text string) {
	pattern := make([]byte, 0, len(text))
	hidden, visible := 0, 0
	for _, r := range text {
		switch {
		case r >= '0' && r <= '9':
			pattern = append(pattern, byte(r))
			visible++
		case strings.ContainsRune(starRunes, r):
			pattern = append(pattern, '*')
			hidden += 2
		case strings.ContainsRune(maskRunes, r):
			pattern = append(pattern, '*')
			hidden++
		case strings.ContainsRune(" .-()+", r):
		default:
			return
		}
	}
	if hidden < 2 {
		return
	}
	if m.People++; m.Example == "" {
		m.Example = text
	}
	if visible >= minVisible {
		m.parts = append(m.parts, string(pattern))
	}
}

// IsMasked reports whether a listed phone is shown in part only.
func IsMasked(listed string) bool {
	var m Masks
	m.add(listed)
	return m.People > 0
}

// Many reports whether so many phones of a listing are masked that nobody can tell who is there.
func (m *Masks) Many(users int) bool { return m.People >= 3 && m.People*20 > users }

// Fits returns the masked phone behind which the number may be; "" if there is none.
func (m *Masks) Fits(p phone.Number) string {
	for _, pattern := range m.parts {
		if fitsMask(pattern, p.String()) || fitsMask(pattern, "84"+p.String()[1:]) {
			return pattern
		}
	}
	return ""
}

// fitsMask compares digit by digit where the mask has the number's length. Else one star may hide several digits, and only
// what is before the first and after the last of them is compared.
func fitsMask(pattern, number string) bool {
	if len(pattern) == len(number) {
		for i := range len(number) {
			if pattern[i] != '*' && pattern[i] != number[i] {
				return false
			}
		}
		return true
	}
	first, last := strings.IndexByte(pattern, '*'), strings.LastIndexByte(pattern, '*')
	hidden := last - first + 1
	return strings.HasPrefix(number, pattern[:first]) && strings.HasSuffix(number, pattern[last+1:]) && len(pattern)-hidden < len(number)
}

// Shown is what a listing tells of a phone.
type Shown uint8

// What a listed phone can tell of a number.
const (
	OtherPhone  Shown = iota // it is another one
	SamePhone                // it is this one
	HiddenPhone              // it is not shown, or only in part, and what is shown fits
)

// Compare compares a listed phone with a number.
func Compare(listed string, p phone.Number) Shown {
	if n := phone.Normalize(listed); n != 0 {
		if n == p {
			return SamePhone
		}
		return OtherPhone
	}
	if strings.TrimSpace(listed) == "" {
		return HiddenPhone
	}
	var m Masks
	m.add(listed)
	isMasked, showsEnough := m.People > 0, len(m.parts) > 0
	if isMasked && (!showsEnough || m.Fits(p) != "") {
		return HiddenPhone
	}
	return OtherPhone
}
