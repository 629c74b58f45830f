package roster

import (
	"strings"
	"unicode"

	"etelecom-import/importer/spreadsheet"
	"etelecom-import/importer/vietnamese"
)

// passwordCell is the reading of a password. A password may be anything that a person can type, so only what nobody chooses is
// refused, and it is sent as it is.
type passwordCell struct {
	kind  kind   // what is wrong, or to be told; absent if the cell is empty; 0 if nothing is
	value string // of a program, from a table: never the password
	arg   uint64
	signs signs
}

const (
	maxPassword   = 128 // bytes
	shortPassword = 5   // digits: hardly a password has so few, and nothing else
)

// readPassword reads the cell of a password. hashes tells that the header says that the column holds hashes.
func readPassword(cell string, hashes bool) passwordCell {
	if cell == "" {
		return passwordCell{kind: absent}
	}
	c := classesOf(cell)
	if isOrdinary(cell, c) {
		return passwordCell{signs: filledPassword}
	}
	if holdsRow(cell) {
		return passwordCell{kind: rowInPassword}
	}
	// rule: lost-password
	if p := refusePassword(cell, c, hashes); p.kind != 0 {
		return p
	}
	p := passwordCell{signs: filledPassword}
	switch {
	case c == digits:
		p.signs |= digitPassword
		if cell[0] == '0' {
			p.signs |= zeroPassword
		}
	case c.only(letters | spaces | joints | wides):
		p.signs |= signsOfName(cell, c)
	}
	if p.kind = doubtPassword(cell, c); p.kind == groupedPassword {
		p.signs |= groupedDigits
	}
	return p
}

// isOrdinary reports whether a password needs no closer look. Many need none: they have letters and digits, perhaps joined, and begin
// and end with a letter.
func isOrdinary(cell string, c classes) bool {
	first, last := cell[0], cell[len(cell)-1]
	mixed := c.has(letters|digits) && c.only(letters|digits|joints)
	inLetters := classOf[first] == letters && classOf[last] == letters
	tooShort := programStarts[first] || len(cell) <= int(noValueStarts[first]) // it may be a word of a program
	tooLong := len(cell) >= 28                                                 // it may be a hash
	return mixed && inLetters && !(tooShort || tooLong)
}

// mayBePassword reports whether the cell of a password may hold it. If it does not, the password may be anywhere in the row.
func mayBePassword(cell string) bool {
	cell, _ = spreadsheet.Unwrap(cell)
	p := readPassword(cell, false)
	isExtension := p.signs&digitPassword != 0 && (len(cell) <= shortPassword || readID(cell).value >= longID)
	isName := p.signs&(fullName|partOfName) != 0
	return p.signs&filledPassword != 0 && !isExtension && !isName
}

// refusePassword says why a password is refused, or that there is none.
func refusePassword(cell string, c classes, hashes bool) passwordCell {
	if v, ok := readNoValue(cell, c); ok && !v.other {
		return passwordCell{kind: noValuePassword, value: v.word}
	}
	if mayBeProgramValue(cell, c) {
		if value := programValue(cell); value != "" {
			return passwordCell{kind: programPassword, value: value}
		}
	}
	switch readStandIn(cell, c) {
	case sameAsAbove:
		return passwordCell{kind: dittoPassword}
	case truth:
		return passwordCell{kind: truthPassword}
	}
	unusual := c&(controls|wides) != 0 && !plain(cell)
	switch {
	case c&^(spaces|controls|wides) == 0 && strings.TrimSpace(cell) == "":
		return passwordCell{kind: absent}
	case len(cell) > maxPassword:
		return passwordCell{kind: longPassword, arg: uint64(len(cell))}
	case unusual && strings.ContainsFunc(cell, unicode.IsControl):
		return passwordCell{kind: controlInPassword}
	case unusual && strings.ContainsRune(cell, unicode.ReplacementChar):
		return passwordCell{kind: damagedPassword}
	case isHash(cell, c), hashes && isBareHash(cell):
		return passwordCell{kind: hashedPassword}
	}
	if mayBeChanged(cell, c) {
		switch spreadsheet.ChangeOf(cell) {
		case spreadsheet.MadeScientific:
			return passwordCell{kind: scientificPassword}
		case spreadsheet.MadeDecimal:
			return passwordCell{kind: decimalPassword}
		case spreadsheet.MadeDateTime:
			return passwordCell{kind: datePassword}
		case spreadsheet.MadeGroups:
			return passwordCell{kind: groupsPassword}
		}
	}
	return passwordCell{}
}

// mayBeChanged takes one look at a password: it is false for nearly every one that no spreadsheet has changed.
func mayBeChanged(cell string, c classes) bool {
	if c == digits || !c.has(digits) || c&(joints|marks|letters|wides) == 0 {
		return false
	}
	first, last := classOf[cell[0]], classOf[cell[len(cell)-1]]
	switch {
	case first == digits, cell[0] == '-', first&(spaces|controls) != 0: // 2.5E+11, 1990-02-01
		return true
	case last == digits && c&(letters|joints) != 0: // Feb-90
		return true
	}
	return c.has(letters | spaces) // Thu Feb 01 1990 00:00:00 GMT+0700
}

// doubtPassword returns what is to be told of a password that is accepted; 0 if nothing is.
func doubtPassword(cell string, c classes) kind {
	switch {
	case c&(spaces|wides) != 0 && strings.TrimSpace(cell) != cell:
		return spacesInPassword
	case c.has(wides) && isMisread(cell):
		return misreadPassword
	case c.has(wides) && strings.ContainsFunc(cell, spreadsheet.IsInvisible):
		return invisibleInPassword
	case spreadsheet.Openings(cell) != 0:
		return quotedPassword
	case cell[0] == '=':
		return equalsInPassword
	case c.has(ampersands) && hasEntity(cell):
		return entityInPassword
	case isBareHash(cell):
		return bareHashPassword
	case mayBeChanged(cell, c):
		switch spreadsheet.ChangeOf(cell) {
		case spreadsheet.MadeDate:
			return dayPassword
		case spreadsheet.MadeGroup:
			return groupedPassword
		}
	case readStandIn(cell, c) == mayBeWord:
		return wordPassword
	}
	return 0
}

// isMisread reports whether a password is certainly UTF-8 that was read in another encoding.
func isMisread(cell string) bool {
	found := vietnamese.Inspect(cell)
	return found.Damage == vietnamese.Misread && found.Certainty == vietnamese.Certain
}

// hasEntity reports whether a text has a character as HTML writes it: &amp; or &#39;.
func hasEntity(text string) bool {
	for {
		_, after, ok := strings.Cut(text, "&")
		if !ok {
			return false
		}
		name, _, ended := strings.Cut(after, ";")
		if ended && isEntity(name) {
			return true
		}
		text = after
	}
}

// isEntity reports whether what is between & and ; names a character.
func isEntity(name string) bool {
	if code, ok := strings.CutPrefix(name, "#"); ok {
		hex := strings.TrimLeft(code, "xX")
		isX := len(hex) == len(code)-1 && hex != ""
		return spreadsheet.IsDigits(code) || isX && isHex(hex)
	}
	switch name {
	case "amp", "lt", "gt", "quot", "apos", "nbsp":
		return true
	}
	// Letters with a mark, such as &eacute; and &ocirc;.
	for _, mark := range []string{"acute", "grave", "circ", "tilde", "uml", "cedil"} {
		if len(name) == len(mark)+1 && name[1:] == mark {
			return true
		}
	}
	return false
}
