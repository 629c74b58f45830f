package roster

import (
	"hash/maphash"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"etelecom-import/apiclient/message"
	"etelecom-import/importer/csvtext"
	"etelecom-import/importer/reason"
	"etelecom-import/importer/spreadsheet"
	"etelecom-import/importer/workbook"
)

// groupColumn is a column that nobody else reads, by which people are grouped, such as that of the department. A document shows its
// values to others, so no password may be among them.
type groupColumn struct {
	at     int            // which column
	title  string         // its title
	values []string       // of the rows; those at the end may be missing
	first  map[string]int // the different values, each with the line where it was first

	seed      maphash.Seed
	passwords map[uint64]bool // hashes of the cells of all passwords, folded: see foldSecret
	lengths   map[int]bool    // of those that are looked for inside of words, in bytes
}

// newGroupColumn returns one; nil for no column.
func newGroupColumn(h *titleRow, at int) *groupColumn {
	if at == none {
		return nil
	}
	return &groupColumn{at: at, title: strings.Join(strings.Fields(tidy(h.cells[at])), " "), first: map[string]int{}, seed: maphash.MakeSeed(), passwords: map[uint64]bool{}, lengths: map[int]bool{}}
}

// findGroupColumn finds the column that a title names, as people type it: case, spaces, and the form of accents do not matter, and
// accents only if they tell two columns apart. "" is no column.
func findGroupColumn(h *titleRow, title string) (at int, err error) {
	if title == "" {
		return none, nil
	}
	for _, form := range []func(string) string{sameTitle, func(s string) string { return normalize(tidy(s)) }} {
		var found []int
		for i, cell := range h.cells {
			if form(cell) != "" && form(cell) == form(title) {
				found = append(found, i)
			}
		}
		switch {
		case len(found) > 1:
			return none, csvtext.Refuse(h.line, 0, message.Sprintf("the columns %d and %d both have the title that --by names", found[0]+1, found[1]+1),
				message.T("change one of the titles"))
		case len(found) == 1:
			return found[0], refuseGroupColumn(h, found[0])
		}
	}
	return none, csvtext.Refuse(h.line, 0, message.Sprintf("there is no column with the title that --by names; the columns are %s", listForGroups(h)),
		message.T("write the title as it is in the file"))
}

// sameTitle returns a title in the form in which two that are the same to people are equal.
func sameTitle(cell string) string {
	return strings.ToLower(strings.Join(strings.Fields(tidy(cell)), " "))
}

// passwordTitles are in titles of columns that have passwords, of whatever.
var passwordTitles = []string{"matkhau", "password", "passwd", "passcode", "matma", "secret", "mapin"}

// titleWordsOfSecrets are such words too, where they are a whole word of a title: "Pass wifi", "MK ĐN".
var titleWordsOfSecrets = []string{"pass", "mk", "pw", "pwd", "pin", "otp"}

// isBetweenWords reports whether a character is between words.
func isBetweenWords(r rune) bool { return !unicode.In(r, unicode.L, unicode.M, unicode.N) }

// refuseGroupColumn refuses a column of passwords, and those that are different for each person.
func refuseGroupColumn(h *titleRow, at int) error {
	letters := normalize(tidy(h.cells[at]))
	hasWord := slices.ContainsFunc(passwordTitles, func(w string) bool { return strings.Contains(letters, w) })
	hasWord = hasWord || slices.ContainsFunc(strings.FieldsFunc(tidy(h.cells[at]), isBetweenWords), func(w string) bool { return slices.Contains(titleWordsOfSecrets, normalize(w)) })
	m := h.titles[at].meaning
	isPassword := m == plainPassword || m == passwordHash || h.columns[at].Field == fieldPassword
	another := message.T("name another column with --by, such as that of the department")
	switch {
	case hasWord || isPassword:
		return csvtext.Refuse(h.line, 0, message.Sprintf("column %d, which --by names, has passwords", at+1), another)
	case h.columns[at].key != "" && h.columns[at].key != keyRest:
		return csvtext.Refuse(h.line, 0, message.Sprintf("column %d, which --by names, tells people apart and groups nobody", at+1), another)
	}
	return nil
}

// listForGroups lists the titles of the columns by which people may be grouped. A title that is no known word is shown if it has several
// words of letters: one word, and whatever has a digit or a sign, may be a password that has got into the header.
func listForGroups(h *titleRow) string {
	var names []string
	for i, c := range h.columns {
		if refuseGroupColumn(h, i) != nil {
			continue
		}
		words := strings.Fields(tidy(h.cells[i]))
		isPlain := len(words) > 1 && isWords(strings.Join(words, " "))
		if c.Header == "" && (isPlain || isDepartmentTitle(h.cells[i])) {
			c.Header = strings.Join(words, " ")
		}
		names = append(names, c.name(i))
	}
	if len(names) == 0 {
		return message.T("all needed for something else")
	}
	return strings.Join(names, ", ")
}

// cell returns the cell of the column in a row; "" if there is no column.
func (g *groupColumn) cell(cells []string) string {
	if g == nil || g.at >= len(cells) {
		return ""
	}
	return cells[g.at]
}

// add takes the cell of a row, which is at a line, and the row's password.
func (g *groupColumn) add(row, line int, cell, password string) {
	if g == nil {
		return
	}
	g.addPassword(password)
	value := strings.Join(strings.FieldsFunc(norm.NFC.String(spreadsheet.RestoreFormulas(cell)), isInvisibleOrControl), " ")
	if value == "" {
		return
	}
	if _, ok := g.first[value]; !ok {
		g.first[strings.Clone(value)] = line
	}
	g.values = append(g.values, make([]string, row-len(g.values))...)
	g.values = append(g.values, value)
}

func isInvisibleOrControl(r rune) bool { return isInvisible(r) || unicode.IsControl(r) }

// leastInside is how many characters a password has at least that is looked for inside of words. A shorter one is in many words by
// chance: it counts if it is a word of its own.
const leastInside = 4

// addPassword takes the cell of a password, whatever else is wrong with its row.
func (g *groupColumn) addPassword(cell string) {
	if k := readPassword(cell, false).kind; k == absent || k == noValuePassword {
		return
	}
	folded := foldSecret(cell)
	if folded == "" {
		return
	}
	g.passwords[maphash.String(g.seed, folded)] = true
	if utf8.RuneCountInString(folded) >= leastInside {
		g.lengths[len(folded)] = true
	}
}

// isPassword reports whether a text is a password of the file. Case, accents, spaces and invisible characters do not matter.
func (g *groupColumn) isPassword(text string) bool {
	return g.passwords[maphash.String(g.seed, foldSecret(text))]
}

// hasPassword reports whether a value is a password of the file, or has one in it.
func (g *groupColumn) hasPassword(value string) bool {
	if g.isPassword(value) || slices.ContainsFunc(strings.Fields(value), g.isPassword) || slices.ContainsFunc(strings.FieldsFunc(value, isBetweenWords), g.isPassword) {
		return true
	}
	if slices.ContainsFunc(otherForms(value), g.isPassword) {
		return true
	}
	text := foldSecret(value)
	for from := range len(text) {
		for length := range g.lengths {
			if from+length <= len(text) && g.passwords[maphash.String(g.seed, text[from:from+length])] {
				return true
			}
		}
	}
	return false
}

// otherForms returns what may have been typed where a spreadsheet shows a value: a number that became 1.2E+07, and a day that became
// 2026-11-26.
func otherForms(value string) (forms []string) {
	const most = 1e15 // digits of a float64 are right up to here
	if n, err := strconv.ParseFloat(strings.ReplaceAll(value, ",", "."), 64); err == nil && math.Abs(n) < most {
		forms = append(forms, strconv.FormatFloat(n, 'f', -1, 64))
	}
	for _, layout := range []string{time.DateOnly, "2/1/2006", "2-1-2006", "2.1.2006"} {
		if day, err := time.Parse(layout, value); err == nil {
			forms = append(forms, day.Format("02012006"), day.Format("020106"), day.Format("20060102"))
		}
	}
	return forms
}

var (
	// saidPassword is a password with its label, without accents: "mk: Abc123", "Mật khẩu là Abc123", "pass Abc123".
	saidPassword = regexp.MustCompile(`(^|[^a-z0-9])(mk|mat ?khau|pass(word|wd|code)?|pwd?|pin|otp)[^a-z0-9]*([:=][^a-z0-9]*[a-z0-9]|la [a-z0-9]|[a-z]*[0-9][a-z0-9]{3}|[a-z0-9]{3,}[0-9])`)
	// saidKey is an API key, or what begins like one.
	saidKey = regexp.MustCompile(`[0-9]{10,}:[^ ]{8}`)
)

// saysSecret reports whether a value says itself that it is a password or a key. That is all there is to see where the column of passwords
// was emptied after the run.
func saysSecret(value string) bool {
	plain := strings.Map(func(r rune) rune {
		r = unicode.ToLower(r)
		switch {
		case r == 'đ':
			return 'd'
		case spreadsheet.IsInvisible(r), unicode.Is(unicode.Mn, r):
			return -1
		}
		return r
	}, norm.NFKD.String(value))
	return saidPassword.MatchString(plain) || saidKey.MatchString(plain)
}

// foldSecret returns a text without what people or spreadsheets may have changed when they copied it: of a text with letters or digits,
// only these count.
func foldSecret(text string) string {
	all := foldSigns(text)
	if plain := strings.Map(letterOrDigit, all); plain != "" {
		return plain
	}
	return all
}

func letterOrDigit(r rune) rune {
	if unicode.In(r, unicode.L, unicode.M, unicode.N) {
		return r
	}
	return -1
}

// foldSigns returns a text without capitals, accents, spaces and what nobody sees.
func foldSigns(text string) string {
	return strings.Map(func(r rune) rune {
		r = unicode.ToLower(r)
		switch {
		case r == 'đ':
			return 'd'
		case unicode.IsSpace(r), spreadsheet.IsInvisible(r), unicode.Is(unicode.Mn, r):
			return -1
		}
		return r
	}, norm.NFKD.String(text))
}

// spread gives the value of merged cells to every row that they are beside: people write the department once for all of it. What is below
// merged cells, nobody sees.
func (g *groupColumn) spread(r *Roster, merged []workbook.Range) {
	if g == nil {
		return
	}
	lineOf := func(row Row, line int) int { return row.Line - line }
	for _, m := range merged {
		if m.FirstColumn != g.at || m.LastRow == m.FirstRow {
			continue
		}
		first, isPerson := slices.BinarySearchFunc(r.Rows, m.FirstRow, lineOf)
		if !isPerson || first >= len(g.values) {
			continue
		}
		for i := first + 1; i < len(r.Rows) && r.Rows[i].Line <= m.LastRow; i++ {
			g.values = append(g.values, make([]string, max(0, i+1-len(g.values)))...)
			g.values[i] = g.values[first]
		}
	}
}

// finish refuses a column with a password in it. Of a row that is refused, any cell may be the password, in the wrong column: its value
// counts if another row has it, too.
func (g *groupColumn) finish(r *Roster) error {
	if g == nil {
		return nil
	}
	first := 0
	said := 0
	for value, line := range g.first {
		if (first == 0 || line < first) && g.hasPassword(value) {
			first = line
		}
		if (said == 0 || line < said) && saysSecret(value) {
			said = line
		}
	}
	if first == 0 && said != 0 {
		return csvtext.Refuse(said, 0, message.T("the column that --by names has a password or a key in it, or a text that looks like one"),
			message.T("name another column with --by, or take it out of this one"))
	}
	if first != 0 {
		return csvtext.Refuse(first, 0, message.T("the column that --by names has a password of the file in it"),
			message.T("name another column with --by, or take the password out of this one"))
	}
	isOfOthers := map[string]bool{}
	isRefused := func(row int) bool {
		p := r.Problem(row)
		return p != nil && p.Code != reason.DuplicatePhone && p.Code != reason.DuplicateExtension
	}
	for i, value := range g.values {
		if value != "" && !isOfOthers[value] && !isRefused(i) {
			isOfOthers[value] = true
		}
	}
	for i, value := range g.values {
		if !isOfOthers[value] {
			g.values[i] = ""
		}
	}
	r.groups, r.groupTitle = g.values, g.title
	return nil
}
