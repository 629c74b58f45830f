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
	"etelecom-import/importer/phone"
	"etelecom-import/importer/vietnamese"
)

// Columns that are in each other's places: a password in the column of names or of extensions would be shown to everybody.

// aside is a text that may be a password although its column is another. It is kept where nothing shows it.
type aside struct {
	row  uint32
	text secret.Text
}

// looksLikePassword reports whether a name is probably a password: digits alone, or one word of ASCII with digits or signs among its
// letters.
func looksLikePassword(name string) bool {
	const leastDigits = 4
	c := classesOf(name)
	if c == digits {
		return len(name) >= leastDigits
	}
	return c.only(ordinary) && isMixed(name, c)
}

// isWideWord reports whether a name is one word with digits or signs among letters beyond ASCII. Desks are called so, and few passwords
// are, so it counts only beside a full name.
func isWideWord(name string) bool {
	c := classesOf(name)
	return c.has(wides) && c.only(ordinary|wides) && isMixed(name, c)
}

// ordinary are the characters of most passwords.
const ordinary = letters | digits | joints | marks | ampersands

func isMixed(name string, c classes) bool {
	const least = 6 // bytes
	return c&(digits|marks) != 0 && len(name) >= least
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

// isWordForName reports whether a name is probably a password, and the password beside it the name: it is a full name of Vietnam,
// and the name is in no way one.
func isWordForName(name, password string) bool {
	const leastWord = 6 // letters
	words := strings.Fields(password)
	if len(words) < 2 || !isFamilyName(words[0]) {
		return false
	}
	isFull := len(words) > 2 || vietnamese.LooksVietnamese(password)
	if !isFull || strings.Contains(normalize(password), normalize(name)) {
		return false
	}
	switch c := classesOf(name); {
	case c == letters:
		return len(name) >= leastWord && !vietnamese.IsSyllable(name)
	case c == letters|spaces: // hoa sen trang
		return strings.ToLower(name) == name && !isFamilyName(strings.Fields(name)[0])
	}
	return false
}

// isOtherPhone reports whether a password is a whole phone, as people write it, and not that of its row.
func isOtherPhone(password string, own phone.Number) bool {
	const least = 10 // digits, with the 0 or the country code
	if len(password) < least || strings.IndexByte("0+8", password[0]) < 0 {
		return false
	}
	number := phone.Normalize(password)
	return number != 0 && number != own
}

// numbersAside are the numbers of a row of which one may be a password.
type numbersAside struct {
	row               uint32
	phone, number, id secret.Text
}

// passwordSeed is of this process alone.
var passwordSeed = maphash.MakeSeed()

// fingerprint tells most passwords of a file apart, and nothing about any of them.
func fingerprint(password string) uint16 { return uint16(maphash.String(passwordSeed, password)) }

// longExtension is the least number of digits of an extension that is masked: a PIN may have as many.
const longExtension = leastMasked

// isPIN reports whether a row's extension may be a PIN, and its password the number that is dialled.
func isPIN(row *Row, password string) bool {
	short := len(password) <= shortPassword && row.signs&digitPassword != 0
	n, _ := dialled(row)
	return short && n != 0
}

// dialled returns the row's extension, and how many digits it has, if it may be a PIN: it has not so many that it can only be an id.
func dialled(row *Row) (n int64, digits int) {
	text := row.ExtensionNumber
	if text == "" && row.ExtensionID < shortID {
		text = strconv.FormatInt(row.ExtensionID, 10)
	}
	if len(text) < leastPIN {
		return 0, 0
	}
	n, _ = strconv.ParseInt(text, 10, 64)
	return n, len(text)
}

// leastPIN is the least number of digits of a PIN.
const leastPIN = 4

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

// exchangedPINs are rows whose password may be the extension, and their extension a PIN.
type exchangedPINs struct {
	rows                  []int
	extensions, passwords []int64
	longer                int     // how many extensions have more digits than the password
	shorter               int     // how many have fewer
	all                   []int64 // extensions of the file: those of rows that are done are right
}

// add adds a row with its extension and its password.
func (x *exchangedPINs) add(row int, extension int64, digits int, password string) {
	n, _ := strconv.ParseInt(password, 10, 64)
	x.rows, x.extensions, x.passwords = append(x.rows, row), append(x.extensions, extension), append(x.passwords, n)
	switch {
	case digits > len(password):
		x.longer++
	case digits < len(password):
		x.shorter++
	}
}

// shortAreSwapped reports whether extensions that are no longer than others are passwords: they are scattered, and the passwords beside
// them, which are no longer, are in a block.
func (x *exchangedPINs) shortAreSwapped() bool {
	const least = 3 // rows that show an order
	n := len(x.rows)
	if n < least || 10*x.shorter > n {
		return false
	}
	slices.Sort(x.all)
	x.all = slices.Compact(x.all) // people have one PIN in common, by chance
	if 2*neighbours(x.extensions, x.all, blockDistance(len(x.all))) >= n {
		return false
	}
	sorted := slices.Sorted(slices.Values(x.passwords))
	inBlock := 4*neighbours(x.passwords, sorted, blockDistance(n)) >= 3*n && !areYears(sorted)
	three := slices.Max(sorted) < 1000 && 10*x.longer >= 9*n // digits that no PIN has, beside those of one
	distinct := len(slices.Compact(sorted))
	return (inBlock || three) && 20*distinct >= 19*n
}

// mayBeSwapped reports whether one or two rows look like those that shortAreSwapped finds. They are too few to tell.
func (x *exchangedPINs) mayBeSwapped() bool {
	const near = 10
	switch len(x.rows) {
	case 1:
		return x.longer == 1 && x.passwords[0] >= 100 && x.passwords[0] < 1000
	case 2:
		together := func(numbers []int64) bool { return max(numbers[0], numbers[1])-min(numbers[0], numbers[1]) <= near }
		inBlock := x.passwords[0] != x.passwords[1] && together(x.passwords)
		return inBlock && x.shorter == 0 && !together(x.extensions)
	}
	return false
}

// areYears reports whether sorted numbers may be the years in which people were born: those of an age, but not one after the other.
func areYears(sorted []int64) bool {
	first, last := sorted[0], sorted[len(sorted)-1]
	return first >= 1940 && last <= 2015 && last-first >= int64(2*len(sorted))
}

// blockDistance returns a distance within which few of n numbers of 4 digits have another one by chance.
func blockDistance(n int) int64 {
	const least, most, between, seldom = 1, 10, 9000, 20
	return int64(min(max(between/(seldom*n), least), most))
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
