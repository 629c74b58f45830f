package roster

import (
	"cmp"
	"hash/maphash"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"etelecom-import/apiclient/secret"
	"etelecom-import/importer/spreadsheet"
	"etelecom-import/importer/vietnamese"
)

// Columns that are in each other's places: a password in the column of names or of extensions would be shown to everybody.

// aside is a text that may be a password although its column is another. It is kept where nothing shows it.
type aside struct {
	row  uint32
	text secret.Text
}

// mayBeSecret reports whether a name is probably a password: digits alone, or one word with digits or signs among its letters. Letters
// beyond ASCII are in many names and in few passwords, so such a word counts only beside a full name.
func mayBeSecret(name string, ofPassword signs) bool {
	const leastDigits, leastMixed = 4, 6 // characters
	c := classesOf(name)
	if c == digits {
		return len(name) >= leastDigits
	}
	ordinary := letters | digits | joints | marks | ampersands
	if ofPassword&fullName != 0 {
		ordinary |= wides
	}
	return c&(digits|marks) != 0 && c.only(ordinary) && len(name) >= leastMixed
}

// lostLetters puts a capital where a letter was lost.
var lostLetters = strings.NewReplacer("?", "X", "\uFFFD", "X")

// visible drops the marks and the controls of a text.
func visible(r rune) rune {
	if unicode.In(r, unicode.Cf, unicode.Cc) {
		return -1
	}
	return r
}

// looksRuined reports whether a password is a full name that a program has ruined.
func looksRuined(password string) bool {
	if strings.IndexByte(password, ' ') <= 0 { // nearly every password
		return false
	}
	f := vietnamese.Inspect(password)
	if f.Certainty < vietnamese.Doubtful {
		return false
	}
	name := cmp.Or(f.Mended, lostLetters.Replace(password))
	if f.Damage == vietnamese.Direction || f.Damage == vietnamese.Control { // mended, they are as they look
		name = strings.Map(visible, password)
	}
	c := classesOf(name)
	return c.only(letters|spaces|joints|wides) && signsOfName(name, c) == fullName
}

// signsOfName tells how much a password that has neither digits nor marks looks like a name.
func signsOfName(password string, c classes) signs {
	words, capitals := 0, 0
	for word := range strings.FieldsSeq(password) {
		first, _ := utf8.DecodeRuneInString(word)
		if !unicode.IsLetter(first) {
			return 0
		}
		words++
		if unicode.IsUpper(first) {
			capitals++
		}
	}
	const mostBytes = 7 // of a given name; few are longer
	isGiven := len(password) <= mostBytes && c.only(letters|wides)
	switch {
	case words >= 2 && capitals == words:
		return fullName
	case words >= 2, isGiven && capitals == 1:
		return partOfName
	}
	return 0
}

// passwordSeed is of this process alone.
var passwordSeed = maphash.MakeSeed()

// fingerprint tells most passwords of a file apart, and nothing about any of them.
func fingerprint(password string) uint16 { return uint16(maphash.String(passwordSeed, password)) }

// longExtension is the least number of digits of an extension that is masked: a PIN may have as many.
const longExtension = leastMasked

// isPIN reports whether a row's extension may be a PIN, and its password the number that is dialled.
func isPIN(row *Row, password string) bool {
	short := len(password) <= shortPassword && spreadsheet.IsDigits(password)
	return short && dialled(row) != 0
}

// dialled returns the row's extension if it has so many digits that it may be a PIN, and not so many that it can only be an id; else 0.
func dialled(row *Row) int64 {
	if len(row.ExtensionNumber) >= longExtension {
		n, _ := strconv.ParseInt(row.ExtensionNumber, 10, 64)
		return n
	}
	isPIN := row.ExtensionID < shortID && row.ExtensionID >= 1e5
	if row.ExtensionNumber == "" && isPIN {
		return row.ExtensionID
	}
	return 0
}

// neighbours returns how many of some numbers have another one of a sorted list within a distance. Extensions are given in blocks,
// and PINs by chance.
func neighbours(numbers, sorted []int64, distance int64) (close int) {
	for _, n := range numbers {
		at, _ := slices.BinarySearch(sorted, n-distance)
		end, _ := slices.BinarySearch(sorted, n+distance+1)
		if end-at > 1 { // one of them is n itself
			close++
		}
	}
	return close
}

// closeBy returns a distance within which hardly one of some numbers has another one by chance. between is how many numbers there are
// to choose from.
func closeBy(numbers, between int) int64 {
	const least, most, seldom = 10, 100, 20
	return int64(min(max(between/(seldom*numbers), least), most))
}

// areSwapped reports whether some long extensions are passwords, and the short passwords beside them extensions. all has the
// extensions of every row: those of rows that are done are right.
func areSwapped(extensions, passwords, all []int64) bool {
	n := len(extensions)
	if n == 0 {
		return false
	}
	slices.Sort(all)
	if 2*neighbours(extensions, all, closeBy(n, 900_000)) >= n { // a block of long numbers
		return false
	}
	const few = 4
	if n <= few { // they are too few to tell, and whoever is right can give longer passwords
		return true
	}
	sorted := slices.Sorted(slices.Values(passwords))
	dense := 2*neighbours(passwords, sorted, closeBy(n, 9_000)) >= n
	distinct := len(slices.Compact(sorted))
	return dense && 20*distinct >= 19*n
}
