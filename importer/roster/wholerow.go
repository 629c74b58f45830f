package roster

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"etelecom-import/importer/phone"
	"etelecom-import/importer/spreadsheet"
)

// A program that divides a file by another delimiter leaves a whole row in one cell, password and all. Such a cell is no name and no
// password, and is shown nowhere.

// leastInRow is how many parts a row has at least: a name, a phone, and one more.
const leastInRow = 3

// holdsRow reports whether a cell holds a whole row: a phone between delimiters.
func holdsRow(cell string) bool {
	if longestNumber(cell) < leastPhone || !strings.ContainsAny(cell, ",;|\t") {
		return false
	}
	for _, delimiter := range []string{",", ";", "|", "\t"} {
		parts := strings.Split(cell, delimiter)
		if len(parts) < leastInRow {
			continue
		}
		for _, part := range parts {
			if phone.Normalize(strings.TrimSpace(part)) != 0 {
				return true
			}
		}
	}
	return false
}

// isPhoneCell reports whether a cell as a whole is a phone: only rows of people have such cells.
func isPhoneCell(cell string) bool {
	text, _ := spreadsheet.Unwrap(strings.TrimSpace(cell))
	return phone.Normalize(strings.Trim(text, `"' `)) != 0
}

// hasPhone reports whether one of some cells is a phone. Behind "Hotline" it is that of a company.
func hasPhone(cells []string) bool { return hasUnlabelled(cells, isPhoneCell) }

// hasUnlabelled reports whether one of some cells is something that is not the value of the cell before it.
func hasUnlabelled(cells []string, is func(string) bool) bool {
	label := ""
	for _, cell := range cells {
		if strings.TrimFunc(cell, isInvisible) == "" { // of merged cells
			continue
		}
		if is(cell) && !isLabel(label) {
			return true
		}
		label = cell
	}
	return false
}

// isLabel reports whether a cell says what is in the next one.
func isLabel(cell string) bool {
	_, isTitle := lookUp(tidy(cell))
	return isTitle || isContactText(cell) || strings.HasSuffix(strings.TrimSpace(cell), ":")
}

// isWholeRow reports whether texts are the cells of a person: among them are a phone, what has letters, and an extension or a
// password. An address and a note may have a phone and commas, too. People put a space behind those, and then only an extension
// tells.
func isWholeRow(cells []string) bool {
	if len(cells) < allFields {
		return false
	}
	phones, words, extensions, passwords, codes := 0, 0, 0, 0, 0
	isLoose := false
	for i, cell := range cells {
		isLoose = isLoose || i > 0 && strings.HasPrefix(cell, " ")
		text, _ := spreadsheet.Unwrap(strings.TrimSpace(cell))
		text = strings.Trim(text, `"' `)
		switch {
		case isPhoneCell(text):
			phones++
		case isExtensionCell(text):
			extensions++
		case len(text) == postalCode && spreadsheet.IsDigits(text):
			codes++
		case looksLikePassword(text) && !spreadsheet.IsDigits(text) && !isAddress(text):
			passwords++
		case strings.ContainsFunc(text, unicode.IsLetter):
			words++
		}
	}
	if !isLoose {
		extensions += codes + passwords
	}
	return phones > 0 && extensions > 0 && words > 0
}

const postalCode = 6 // digits; an extension hardly has as many

// hasMostOfRow reports whether cells have a phone, and an extension or a password. In columns that have no title they are those of
// another row.
func hasMostOfRow(cells []string) bool {
	return slices.ContainsFunc(cells, isPhoneCell) && slices.ContainsFunc(cells, isPasswordOrExtension)
}

// isPasswordOrExtension reports whether a cell may be the password or the extension of a person.
func isPasswordOrExtension(cell string) bool {
	isPassword := looksLikePassword(cell) && !isAddress(cell) && !spreadsheet.IsDigits(cell)
	return isPassword || isExtensionCell(cell)
}

// isExtensionCell reports whether a text may be the number or the id of an extension. The number of a house and a postal code may not.
func isExtensionCell(text string) bool {
	const shortest, longest, id = 3, 5, 15
	isNumber := len(text) >= shortest && len(text) <= longest
	return spreadsheet.IsDigits(text) && (isNumber || len(text) >= id)
}

// isAddress reports whether a text may be an email address.
func isAddress(text string) bool {
	_, host, ok := strings.Cut(text, "@")
	return ok && strings.Contains(host, ".") && !strings.ContainsFunc(host, unicode.IsDigit)
}

// leastPhone is how many digits a phone has at least, without its 0.
const leastPhone = 9

// longestNumber returns how many digits the longest number of a text has. Spaces and points between digits do not end it.
func longestNumber(text string) (longest int) {
	n := 0
	for i := range len(text) {
		switch b := text[i]; {
		case '0' <= b && b <= '9':
			n++
			longest = max(longest, n)
		case b == ' ' || b == '.':
		default:
			n = 0
		}
	}
	return longest
}

// numberOfName returns the digits of a long number that a name has; "" if it has none. isPlain reports whether it is a phone or a code, and
// the rest is words: "Hotline 0287 100 1234", "Lan (0901234567)", "Lan HS2026000123". What follows may be a password, but behind the name of
// a desk.
func numberOfName(name string) (number string, isPlain bool) {
	words := strings.Fields(name)
	for from := range words {
		for to := len(words); to > from; to-- {
			text := strings.Trim(strings.Join(words[from:to], " "), "()[]-:,")
			isWhole := strings.HasPrefix(text, "0") || strings.HasPrefix(text, "+") || strings.HasPrefix(text, "84")
			isPhone := isWhole && phone.Normalize(text) != 0
			if !isPhone && !isCompanyNumber(text) {
				continue
			}
			before, after := words[:from], words[to:]
			atEnd := len(after) == 0 || isDesk(normalize(strings.Join(before, " ")))
			return onlyDigits(text), atEnd && !slices.ContainsFunc(slices.Concat(before, after), mayBeSecret)
		}
	}
	if last := len(words) - 1; last > 0 && isCodeOfPerson(strings.Trim(words[last], "()[]")) {
		return onlyDigits(words[last]), !slices.ContainsFunc(words[:last], mayBeSecret)
	}
	return "", false
}

// isCompanyNumber reports whether a text is a number of a company that is the same everywhere in Vietnam.
func isCompanyNumber(text string) bool {
	number := onlyDigits(text)
	isPlain := classesOf(text).only(digits|spaces|joints) && len(number) <= len("1900123456")
	return isPlain && (strings.HasPrefix(number, "1800") || strings.HasPrefix(number, "1900"))
}

// onlyDigits returns the digits of a text.
func onlyDigits(text string) string {
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, text)
}

// mayBeSecret reports whether a word of a name may be a password: it has digits, and is not a short number.
func mayBeSecret(word string) bool {
	const most = 3 // digits of a number that desks have
	number := strings.Trim(word, "().,:-#")
	isShort := len(number) <= most && spreadsheet.IsDigits(number)
	return strings.ContainsAny(word, "0123456789") && !isShort
}

// holdsPassword reports whether a name has the row's own password in it, which is then shown with the name. A short password, or one of
// letters alone, may be a part of a name, unless it is in small letters in a name with capitals.
func holdsPassword(name, password string) bool {
	const least = 6
	if len(password) < least || len(name) < len(password) || !strings.Contains(name, password) {
		return false
	}
	hasCapital := func(text string) bool { return strings.ContainsFunc(text, unicode.IsUpper) }
	return classesOf(password)&^(letters|wides|spaces) != 0 || hasCapital(name) && !hasCapital(password)
}

// secretWords are what people write before a password. An underscore is a space here.
var secretWords = []string{"mk", "mật_khẩu", "mat_khau", "mật_mã", "pass", "password", "passcode", "pw", "pwd", "pin"}

// saysPassword reports whether a text has a word for a password, and behind it what may be one.
func saysPassword(text string) bool {
	lower := strings.ToLower(text)
	for _, word := range secretWords {
		word = strings.ReplaceAll(word, "_", " ")
		for from := 0; ; {
			at := strings.Index(lower[from:], word)
			if at < 0 {
				break
			}
			before, behind := lower[:from+at], lower[from+at+len(word):]
			if last, _ := utf8.DecodeLastRuneInString(before); !unicode.IsLetter(last) && isPasswordBehind(behind) {
				return true
			}
			from += at + len(word)
		}
	}
	return false
}

// isPasswordBehind reports whether there may be a password behind a word for one: some characters behind a colon, or with a digit.
func isPasswordBehind(text string) bool {
	const least = 4
	if first, _ := utf8.DecodeRuneInString(text); unicode.IsLetter(first) {
		return false // another word
	}
	isColon := false
	for value := range strings.FieldsFuncSeq(strings.NewReplacer(":", " : ", "=", " : ").Replace(text), unicode.IsSpace) {
		switch {
		case value == ":":
			isColon = true
		case len(value) >= least && (isColon || strings.ContainsAny(value, "0123456789")):
			return true
		}
	}
	return false
}
