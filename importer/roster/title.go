package roster

import (
	"html"
	"math"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"etelecom-import/importer/spreadsheet"
)

// title is what a cell of the header says.
type title struct {
	meaning meaning
	text    string // what of the cell may be shown: words of the vocabulary, or one with a slip of the pen; "" if nothing
	blank   bool   // there is nothing in the cell
	remark  string // what is behind a colon; it may be a value, and is not shown
}

// readTitle reads a cell of the header. This is the one place that decides what of a header may be shown: where rows have got into
// it, any cell may be a password.
func readTitle(cell string) title {
	t := understand(cell)
	if t.meaning == unknown && !t.blank {
		t = readMisspelt(withoutNumber(tidy(cell)))
	}
	return t
}

// understand reads a cell of the header, but for slips of the pen.
func understand(cell string) title {
	text := tidy(cell)
	switch {
	case text == "":
		return title{blank: true}
	case text == "#":
		return title{meaning: rowNumber, text: text}
	}
	for _, whole := range []string{text, withoutNumber(text)} {
		if w, ok := lookUp(whole); ok { // whatever divides it: "Họ/Tên", "Extension (ID)"
			return title{meaning: w.meaning, text: w.shown(whole)}
		}
	}
	text = withoutNumber(text)
	for _, dividers := range []string{firmDividers, firmDividers + looseDividers} {
		if t, ok := divide(text, dividers).read(); ok {
			return t
		}
	}
	t, _ := readGlued(text)
	return t
}

// normalize reduces a title to its letters and digits, without accents.
func normalize(text string) string {
	return strings.Map(func(r rune) rune {
		switch r = unicode.ToLower(r); {
		case r == 'đ', r == 'ð', r == 'ɖ': // the last two look like the first as capitals, and are typed in its place
			return 'd'
		case unicode.IsLetter(r), unicode.IsDigit(r):
			return r
		}
		return -1
	}, norm.NFKD.String(text))
}

// breaks are what programs have put in the place of line breaks, and spaces.
var breaks = strings.NewReplacer(
	`\r\n`, "\n", `\n`, "\n", "_x000D_", "", "<br>", "\n", "<br/>", "\n", "<br />", "\n", "<BR>", "\n", "\r\n", "\n", "\r", "\n", "\v", "\n", "\f", "\n",
	"\u0085", "\n", "\u2028", "\n", "\u2029", "\n", "\t", " ", "\u00a0", " ")

// byteOrderMark is what becomes of a byte order mark that is read as windows-1252.
const byteOrderMark = "ï»¿"

// tidy returns a title without what spreadsheets and programs put around it.
func tidy(cell string) string {
	text := strings.TrimPrefix(cell, byteOrderMark)
	text, _ = spreadsheet.Unwrap(text)
	if strings.Contains(text, "&") {
		text = html.UnescapeString(text)
	}
	text = strings.Map(func(r rune) rune {
		if spreadsheet.IsInvisible(r) {
			return -1
		}
		return r
	}, breaks.Replace(norm.NFC.String(text)))
	return strings.TrimSpace(strings.Map(narrow, text))
}

// narrow returns a bracket or a divider as it is in ASCII.
func narrow(r rune) rune {
	switch {
	case '！' <= r && r <= '～':
		return r - '！' + '!'
	case r == '【', r == '〔':
		return '['
	case r == '】', r == '〕':
		return ']'
	case r == '–', r == '—':
		return '-'
	case unicode.Is(unicode.Zs, r):
		return ' '
	}
	return r
}

// withoutNumber cuts the number before a title: "1. Họ tên", "(2) SĐT", "a) Email", "IV/ Ghi chú".
func withoutNumber(text string) string {
	rest := strings.TrimLeft(text, "([")
	n := strings.IndexAny(rest, ".)]/:-")
	if n <= 0 || n > 4 || !isEnumerator(rest[:n]) {
		return text
	}
	after := strings.TrimLeft(rest[n:], ".)]/:-")
	isSure := spreadsheet.IsDigits(rest[:n]) || strings.HasPrefix(after, " ") // "E-mail" is not number E
	if isSure && strings.ContainsFunc(after, unicode.IsLetter) {
		return strings.TrimSpace(after)
	}
	return text
}

// isEnumerator reports whether a text is a number of one or two digits, a letter, or a Roman number.
func isEnumerator(text string) bool {
	switch {
	case spreadsheet.IsDigits(text):
		return len(text) <= 2
	case len(text) == 1:
		return unicode.IsLetter(rune(text[0]))
	}
	return text != "" && strings.Trim(text, "IVXivx") == ""
}

// lookUp finds the word of the vocabulary that a text is, whatever its case, accents and punctuation, with a number and words around
// it that do not change what it means.
func lookUp(text string) (titleWord, bool) { return lookUpLetters(normalize(text), 2) }

// lookUpLetters is lookUp for the letters of a text. It takes at most depth qualifiers off.
func lookUpLetters(key string, depth int) (titleWord, bool) {
	if len(key) > maxTitle {
		return titleWord{}, false
	}
	if w, ok := words[key]; ok {
		return w, true
	}
	if bare := strings.TrimFunc(key, unicode.IsDigit); bare != key && len(key)-len(bare) <= 2 && bare != "" { // "Phone 1"
		return lookUpLetters(bare, depth)
	}
	if depth == 0 {
		return titleWord{}, false
	}
	for _, f := range fillers {
		if bare := cutWord(key, f); bare != "" {
			if w, ok := lookUpLetters(bare, depth-1); ok {
				return w, true
			}
		}
	}
	for m := unknown; m < other; m++ {
		for _, q := range around[m] {
			for _, bare := range []string{cutSuffix(key, q), cutPrefix(key, q)} {
				if bare == "" {
					continue
				}
				if w, ok := lookUpLetters(bare, depth-1); ok && w.meaning == m {
					return w, true
				}
			}
		}
	}
	return titleWord{}, false
}

// cutWord cuts a word off either end of a key; it returns "" if it is at neither.
func cutWord(key, w string) string {
	if bare := cutSuffix(key, w); bare != "" {
		return bare
	}
	return cutPrefix(key, w)
}

func cutSuffix(key, w string) string {
	if bare, ok := strings.CutSuffix(key, w); ok {
		return bare
	}
	return ""
}

func cutPrefix(key, w string) string {
	if bare, ok := strings.CutPrefix(key, w); ok {
		return bare
	}
	return ""
}

const (
	firmDividers  = "/|\n\\;•·→" // and a hyphen with spaces around it
	looseDividers = "-,.+&>~"
)

// pieces is a title divided into what may each be a title: "Họ và tên / Full name".
type pieces struct {
	titles  []string
	remarks []string // in brackets, behind a colon, or about what to enter
	value   string   // the remark behind a colon
}

// divide divides a title.
func divide(text, dividers string) (p pieces) {
	from, depth, colon := 0, 0, false
	end := func(at, next int) {
		if part := strings.TrimSpace(text[from:at]); part != "" {
			p.add(part, depth > 0 || colon)
			if colon && depth == 0 {
				p.value = part
			}
		}
		from = next
	}
	for i, r := range text {
		next := i + utf8.RuneLen(r)
		switch {
		case strings.ContainsRune("([{<", r):
			end(i, next)
			depth++
		case depth > 0 && strings.ContainsRune(")]}>", r):
			end(i, next)
			depth--
		case depth > 0:
		case r == '\n':
			end(i, next)
			colon = false
		case colon:
		case r == ':', r == '=':
			end(i, next)
			colon = true
		case strings.ContainsRune(dividers, r), r == '-' && isSpaced(text, i):
			end(i, next)
		}
	}
	end(len(text), len(text))
	return p
}

// isSpaced reports whether there are spaces on both sides of a byte of a text.
func isSpaced(text string, at int) bool {
	return at > 0 && text[at-1] == ' ' && at+1 < len(text) && text[at+1] == ' '
}

// add adds a part.
func (p *pieces) add(part string, isRemark bool) {
	if isRemark {
		p.remarks = append(p.remarks, part)
		return
	}
	part, remark := cutRemark(part)
	if remark != "" {
		p.remarks = append(p.remarks, remark)
	}
	if part != "" {
		p.titles = append(p.titles, part)
	}
}

// read reads the pieces as one title. It is not ok if they are not understood.
func (p pieces) read() (t title, ok bool) {
	var texts []string
	add := func(w titleWord, text string) {
		t.meaning = combine(t.meaning, w.meaning)
		if shown := w.shown(text); !slices.Contains(texts, shown) {
			texts = append(texts, shown)
		}
	}
	for i, text := range p.titles {
		if i > 0 && (isFiller(text) || isAboutContent(text)) {
			continue
		}
		w, known := lookUp(text)
		if !known {
			return title{}, false
		}
		add(w, text)
	}
	for _, text := range p.remarks {
		if t.meaning == unknown || isAboutContent(text) {
			continue
		}
		if w, known := lookUp(text); known {
			add(w, text)
		} else if isElsewhere(text) {
			return title{}, false
		}
	}
	t.text, t.remark = strings.Join(texts, " / "), p.value
	return t, t.meaning != unknown
}

// combine returns the meaning of a title that has two words: "Tên / Full name", "Email - Phone". Two that do not agree are of no use.
func combine(a, b meaning) meaning {
	if a > b {
		a, b = b, a
	}
	switch {
	case a == unknown, a == b:
		return b
	case b == login || b == other:
		return b
	case b == rowNumber:
		return other
	case a == plainPassword && b == passwordHash:
		return b
	case a == extensionNumber && b == lineNumber:
		return a
	case b <= personName: // of whole names, the more certain one
		return a
	case a == familyName && b == middleName:
		return a
	case b <= givenName && a >= familyName, a == plainName && b == familyName: // "First name / Last name", "Name, surname"
		return wholeName
	case b <= givenName && a >= plainName:
		return b
	}
	return other
}

// readGlued reads a title in two languages that has lost what was between them: "Họ và tên Full name".
func readGlued(text string) (title, bool) {
	if len(text) > maxTitle {
		return title{}, false
	}
	key := normalize(text)
	for i := range key {
		first, ok := words[key[:i]]
		if !ok {
			continue
		}
		second, ok := lookUpLetters(key[i:], 2)
		if !ok {
			continue
		}
		if m := combine(first.meaning, second.meaning); m != other && m != login {
			return title{meaning: m, text: first.text + " / " + second.text}, true
		}
	}
	return title{}, false
}

// readMisspelt finds the title that a text is like. The text is shown if it has nothing but letters, and no more words than the title:
// a sign, a digit, a word or a line more may be a password.
func readMisspelt(text string) (t title) {
	hasLines := strings.Contains(text, "\n")
	text = strings.Join(strings.Fields(text), " ")
	if hasLines || len(text) > maxTitle {
		return t
	}
	key := normalize(text)
	like := nearest(key, func(meaning) bool { return true })
	isBetween := func(r rune) bool { return r == ' ' || r == '_' }
	hasMore := len(strings.FieldsFunc(text, isBetween)) > len(strings.FieldsFunc(like.text, isBetween))
	if like.meaning != unknown && isWords(text) && !hasMore {
		t.text = text
	}
	return t
}

// nearest returns the word of an accepted meaning that is most like the letters of a title: it differs in one or two. Short words do
// not count: they are nearly the same anyway.
func nearest(key string, accepted func(meaning) bool) (found titleWord) {
	least := math.MaxInt
	for candidate, w := range words {
		most := 1 + len(candidate)/8
		isShort := len(candidate) < 5
		isAway := len(key) > len(candidate)+most || len(candidate) > len(key)+most
		if isShort || isAway || !accepted(w.meaning) {
			continue
		}
		d := distance(key, candidate)
		if d > most || d > least {
			continue
		}
		isBefore := w.meaning < found.meaning || w.meaning == found.meaning && w.text < found.text // the order of a map is none
		if d < least || isBefore {
			found, least = w, d
		}
	}
	return found
}

// distance returns how many letters have to be changed, added or dropped to make b of a (Levenshtein).
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for i := range row {
		row[i] = i
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for k := range len(b) {
			cost := diagonal
			if a[i] != b[k] {
				cost++
			}
			diagonal = row[k+1]
			row[k+1] = min(cost, diagonal+1, row[k]+1)
		}
	}
	return row[len(b)]
}

// token is a word of a text by its letters.
type token struct {
	letters string
	at      int // where it begins
}

// tokens divides a text into its words.
func tokens(text string) (all []token) {
	at := 0
	for part := range strings.SplitAfterSeq(text, " ") {
		for sub := range strings.SplitAfterSeq(part, ".") {
			if key := normalize(sub); key != "" {
				all = append(all, token{key, at})
			}
			at += len(sub)
		}
	}
	return all
}

// hasPrefix reports whether words begin with those of a phrase.
func hasPrefix(all []token, phrase []string) bool {
	if len(all) < len(phrase) {
		return false
	}
	for i, w := range phrase {
		if all[i].letters != w {
			return false
		}
	}
	return true
}

// isRemarkStart reports whether words begin a remark about what to enter.
func isRemarkStart(all []token) bool {
	return slices.ContainsFunc(remarkStarts, func(phrase []string) bool { return hasPrefix(all, phrase) })
}

// isElsewhere reports whether a remark says that a column is about something else.
func isElsewhere(text string) bool {
	all := tokens(text)
	for i := range all {
		if slices.ContainsFunc(othersWords, func(phrase []string) bool { return hasPrefix(all[i:], phrase) }) {
			return true
		}
	}
	return false
}

// isFiller reports whether a text says nothing about the meaning of a title.
func isFiller(text string) bool {
	key := normalize(text)
	return key == "" || slices.Contains(fillers, key)
}

// isAboutContent reports whether a text is a remark about what to enter: "VD 0901234567", "10 số".
func isAboutContent(text string) bool {
	all := tokens(text)
	return isRemarkStart(all) || len(all) > 0 && hasDigit(all[0].letters)
}

// cutRemark divides a title from a remark behind it without a sign between: "SĐT VD 0901234567", "Mật khẩu 8 ký tự".
func cutRemark(text string) (before, remark string) {
	all := tokens(text)
	for i, t := range all {
		if i == 0 {
			continue
		}
		isNumber := len(t.letters) <= 2 && spreadsheet.IsDigits(t.letters) && i+1 < len(all)
		if isNumber || isRemarkStart(all[i:]) {
			return strings.TrimSpace(text[:t.at]), text[t.at:]
		}
	}
	return text, ""
}
