package roster

import (
	"maps"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"etelecom-import/importer/spreadsheet"
)

// Values that a program has written in place of one: where a formula failed, where a database had nothing, where a value was to
// be hidden. People write some of them, too, to say that there is none.

// objects are what programs print of something that is not a text, or that they hide, by their form in lower case. An underscore is a
// space here.
var objects = func() map[string]string {
	all := map[string]string{}
	for _, object := range []string{
		"[object_Object]", "[object_Undefined]", "[object_Null]", "System.Object", "System.Object[]", "System.String[]", "System.Byte[]", "%!s(<nil>)", "Invalid_Date",
		"[redacted]", "<redacted>", "(redacted)", "[hidden]", "<hidden>", "(hidden)", "[masked]", "<masked>", "[filtered]", "[protected]", "(protected)",
	} {
		object = strings.ReplaceAll(object, "_", " ")
		all[strings.ToLower(object)] = object
	}
	return all
}()

// hidden are the characters that programs show in place of those of a password.
const hidden = "*•●∙⋅·◦○⚫⬤＊"

// hiddenValue is what a value of such characters is called.
const hiddenValue = "****"

// programValue returns what a program has written in place of any value, such as #N/A or ****; "" if the cell is something
// else. What it returns comes from a table, not from the cell.
func programValue(cell string) string {
	if failure := spreadsheet.Failure(cell); failure != "" {
		return failure
	}
	text := strings.TrimFunc(cell, isInvisible)
	if len(text) >= 3 && strings.Trim(text, hidden) == "" {
		return hiddenValue
	}
	if text == "" || strings.IndexByte("[<(%sSiI", text[0]) < 0 {
		return ""
	}
	return objects[strings.ToLower(text)]
}

// programStarts has the bytes that values of programs begin with, but for those that end in a distinct way.
var programStarts = [256]bool{'#': true, '*': true, '[': true, '<': true, '(': true, '%': true, ' ': true, 's': true, 'S': true, 'i': true, 'I': true, 0xE2: true, 0xEF: true, 0xC2: true}

// mayBeProgramValue takes one look at a cell, which is not empty, and at its classes: it is false for nearly every cell that is no
// value of a program.
func mayBeProgramValue(cell string, c classes) bool {
	last := cell[len(cell)-1]
	switch {
	case programStarts[cell[0]]:
		return true
	case last == '.', last == 0xA6: // Loading...
		return true
	}
	return c.has(marks) && len(cell) > 4 && cell[len(cell)-4] == ':' // Err:502
}

// noValue is a word by which programs and people say that a cell has no value.
type noValue struct {
	word  string // in lower case
	name  bool   // a person can be called so
	other bool   // it is not empty: it says that the value is that of another row, or is what a spreadsheet made of it
}

// noValues has the words as they are written. Which letters are capitals makes no difference. An underscore is a space here.
var noValues = func() map[string]noValue {
	all := map[string]noValue{}
	add := func(word string, name bool) {
		word = strings.ReplaceAll(word, "_", " ")
		for _, form := range []string{word, strings.ToUpper(word), capitalized(word, 1), capitalized(word, -1)} {
			all[form] = noValue{word: word, name: name}
		}
	}
	for _, word := range []string{"null", "none", "nil", "nan", "undefined", "na", "x", "không", "khong", "ko", "empty", "blank", "trống", "tbd", "tba", "tbc"} {
		add(word, true)
		for _, brackets := range []string{"()", "<>", "[]", "{}"} {
			add(brackets[:1]+word+brackets[1:], false)
		}
	}
	for _, word := range []string{
		"n/a", "n.a.", "n.a", `\n`, "#null", "$null", "nat", "0", `""`, "''", `=""`, "không_có", "khong_co", "ko_có", "ko_co", "k_có", "k_co", "(không_có)", "<không_có>",
		"chưa_có", "chua_co", "(chưa_có)", "chưa", "chưa_đặt", "chưa_tạo", "rỗng", "chưa_biết", "không_biết", "không_rõ", "chưa_rõ", "chưa_cập_nhật", "đang_cập_nhật", "cập_nhật_sau",
		"t.b.d.", "t.b.a.", "to_be_determined", "to_be_advised", "to_be_defined", "chưa_cấp", "chua_cap", "cấp_sau", "cap_sau", "sẽ_cấp_sau", "se_cap_sau", "bổ_sung_sau", "bo_sung_sau", "gửi_sau", "gui_sau",
		"chưa_có_mật_khẩu", "không_có_mật_khẩu", "chưa_có_mk", "không_có_mk", "gửi_riêng", "sẽ_gửi_sau", "t.b.d", "t.b.c", "to_be_confirmed", "not_available", "not_applicable", "not_set",
	} {
		add(word, false)
	}
	all["NaN"], all["NaT"] = noValue{word: "nan", name: true}, noValue{word: "nat"}
	others := maps.Clone(all)
	for _, word := range []string{"như_trên", "nhu_tren", "-như_trên-", "nt", "-nt-", "ditto", "same_as_above", "true", "false"} {
		add(word, true)
	}
	for form, v := range all {
		if _, ok := others[form]; !ok {
			v.other = true
			all[form] = v
		}
	}
	return all
}()

// standIn is what a cell has in place of the value that it does not name.
type standIn uint8

const (
	sameAsAbove standIn = iota + 1 // a ditto mark, or words for it
	truth                          // TRUE or FALSE: what a spreadsheet made of the word, or of a box that is ticked
	mayBeWord                      // words that are hardly the value, but may be
)

// standIns has the words in small letters, and marks. An underscore is a space here.
var standIns = func() map[string]standIn {
	all := map[string]standIn{}
	add := func(is standIn, words ...string) {
		for _, word := range words {
			all[strings.ReplaceAll(word, "_", " ")] = is
		}
	}
	add(sameAsAbove,
		"như_trên", "nhu_tren", "như_dòng_trên", "nhu_dong_tren", "như_hàng_trên", "nhu_hang_tren", "như_ở_trên", "giống_trên", "giong_tren", "giống_như_trên", "tương_tự_trên", "tuong_tu_tren", "giống_dòng_trên",
		"cùng_như_trên", "nt", "n.t", "n/t", "ditto", "same_as_above", "as_above", "see_above", "idem", "- nt -", `- " -`)
	for _, mark := range []string{`"`, "”", "“", "″", "〃", "„", `-"-`, "-”-", "-//-", "//", ",,", ",,,", "↑", "^", "`", "´´"} {
		all[mark] = sameAsAbove
	}
	add(mayBeWord,
		"same", "do", "tương_tự", "tuong_tu", "như_cũ", "nhu_cu", "mật_khẩu_cũ", "mat_khau_cu", "mật_khẩu", "mat_khau", "password", "old_password", "giữ_nguyên", "giu_nguyen", "không_đổi", "khong_doi",
		"unchanged", "no_change", "mặc_định", "mac_dinh", "default", "xem_email", "liên_hệ_it", "đã_cấp", "da_cap", "đã_gửi", "đã_đổi", "theo_email", "xem_mail", "see_email", "pending", "secret", "hidden",
		"true", "false", "đúng", "sai", "wahr", "falsch", "vrai", "faux", "verdadero", "falso", "yes", "no", "có", "co")
	return all
}()

// aboveWords are what words for another row's value have in them, whatever else is said. An underscore is a space here.
var aboveWords = []string{"như_trên", "như_dòng_", "như_hàng_", "giống_dòng_", "same_as_row_", "same_as_line_", "same_as_above"}

// Bytes of what readStandIn knows.
const (
	maxStandIn = 40
	leastAbove = 10
)

// readStandIn returns what a cell has in place of a value, 0 if it may be the value.
func readStandIn(cell string, c classes) standIn {
	if len(cell) > maxStandIn || c&(letters|digits) == digits|letters && !c.has(spaces) {
		return 0 // nearly every password
	}
	if c == letters {
		return readWordForValue(cell)
	}
	cell = strings.TrimFunc(cell, isInvisible)
	if is := readWordForValue(cell); is != 0 {
		return is
	}
	words := strings.Join(strings.Fields(strings.ReplaceAll(strings.ToLower(cell), "_", " ")), " ")
	words = strings.Trim(words, "()[]<>{}-.,;:*!/\\ ")
	if is, ok := standIns[words]; ok {
		return is
	}
	isAbove := func(above string) bool { return strings.Contains(words+" ", strings.ReplaceAll(above, "_", " ")) }
	if len(words) >= leastAbove && slices.ContainsFunc(aboveWords, isAbove) {
		return sameAsAbove
	}
	return 0
}

// readWordForValue is readStandIn for what it knows as it is, but for its capitals.
func readWordForValue(word string) standIn {
	switch word {
	case "TRUE", "FALSE", "True", "False":
		return truth
	}
	isHidden := len(word) > 1 && word[0]|0x20 == 'x' && strings.Trim(word, "xX") == "" // by somebody
	if isHidden {
		return mayBeWord
	}
	const longest = 24 // bytes
	if len(word) > longest {
		return 0
	}
	return standIns[strings.ToLower(word)]
}

// capitalized makes the first n words of a text begin with a capital; with -1, all words.
func capitalized(text string, n int) string {
	words := strings.SplitN(text, " ", -1)
	for i, word := range words {
		at := strings.IndexFunc(word, unicode.IsLetter)
		if at < 0 || n == i {
			break
		}
		first := []rune(word[at:])[0]
		words[i] = word[:at] + string(unicode.ToUpper(first)) + word[at+len(string(first)):]
	}
	return strings.Join(words, " ")
}

// maxNoValue is more bytes than a form of noValues has.
const maxNoValue = 24

// readNoValue returns the word of a cell that says that it has no value, such as null, None or a dash. What it returns comes from a
// table, not from the cell.
func readNoValue(cell string, c classes) (noValue, bool) {
	if cell == "" {
		return noValue{}, false
	}
	if len(cell) <= int(noValueStarts[cell[0]]) {
		if v, ok := noValues[cell]; ok {
			return v, true
		}
	}
	isShort := len(cell) <= maxNoValue
	switch {
	case c&^(digits|letters) == 0: // nearly every password
	case isDashes(cell):
		return noValue{word: "-"}, true
	case isShort && (cell[0] <= ' ' || cell[len(cell)-1] <= ' '):
		v, ok := noValues[strings.TrimFunc(cell, isInvisible)]
		return v, ok
	}
	return noValue{}, false
}

// noValueStarts has how many bytes the longest form of noValues has that begins with a byte.
var noValueStarts = func() (longest [256]uint8) {
	for form := range noValues {
		longest[form[0]] = max(longest[form[0]], uint8(len(form)))
	}
	return longest
}()

// isDashes reports whether a text is a dash, a point or a question mark, or several.
func isDashes(text string) bool {
	const dashes = "-–—_.?/"
	switch text[0] {
	case '-', '_', '.', '?', '/', ' ', 0xE2:
	default:
		return false
	}
	text = strings.TrimFunc(text, isInvisible)
	return text != "" && len(text) <= 9 && strings.Trim(text, dashes) == ""
}

// commentMarks are what a line begins with that a program is to skip.
var commentMarks = []string{"#", "//", "--", ";", "/*", "<!--"}

// isCommentedOut reports whether a name begins like a line that a program is to skip.
func isCommentedOut(name string) bool {
	for _, mark := range commentMarks {
		if strings.HasPrefix(name, mark) {
			return true
		}
	}
	return false
}

// hasLeft reports whether a note in a name says that the person does not work here any more.
func hasLeft(name string) bool {
	lower := strings.ToLower(name)
	for _, note := range []string{"đã_nghỉ", "nghỉ_việc", "thôi_việc", "da_nghi", "nghi_viec"} { // an underscore is a space here
		if strings.Contains(lower, strings.ReplaceAll(note, "_", " ")) {
			return true
		}
	}
	return false
}

// programWord returns the first or the last word of a name if a program has put it there: undefined of "Lan undefined", #N/A of
// "#N/A Lan"; "" if there is none. failed tells that nobody is called so.
func programWord(name string) (word string, failed bool) {
	last := strings.LastIndexByte(name, ' ')
	if last < 0 {
		return "", false
	}
	if word, failed = wordOfProgram(name[last+1:]); word == "" {
		return wordOfProgram(name[:strings.IndexByte(name, ' ')])
	}
	return word, failed
}

func wordOfProgram(word string) (_ string, failed bool) {
	if len(word) < 3 || len(word) > 16 {
		return "", false
	}
	switch word[0] {
	case '#':
		failure := spreadsheet.Failure(word)
		return failure, failure != ""
	case 'n', 'N', 'u', '(', '<':
		switch word {
		case "undefined":
			return "undefined", false
		case "null", "NULL", "(null)", "<null>", "(NULL)", "<NULL>":
			return "null", false
		case "None":
			return "None", false
		case "nan", "NaN":
			return "nan", false
		}
	}
	return "", false
}

// oddName is the reading of a name as a word of a program, or as none.
type oddName struct {
	kind  kind   // 0 if the name is nothing of that
	value string // the word, from a table
}

// readOddName looks for what a program has written in the cell of a name, and for what is no name.
func readOddName(cell string, c classes) oddName {
	if cell == "" {
		return oddName{}
	}
	if mayBeProgramValue(cell, c) {
		if value := programValue(cell); value != "" {
			return oddName{programName, value}
		}
	}
	if none, ok := readNoValue(cell, c); ok && cell != "Na" { // which is a given name of Vietnam
		if none.name {
			return oddName{noValueWord, none.word}
		}
		return oddName{noValueName, none.word}
	}
	if c.has(spaces) {
		if word, failed := programWord(cell); failed {
			return oddName{programInName, word}
		} else if word != "" {
			return oddName{wordInName, word}
		}
	}
	switch starts := classOf[cell[0]]; {
	case starts&(digits|joints|marks|wides) != 0 && isCounted(cell):
		return oddName{kind: countedName}
	case starts&(joints|marks) != 0 && isCommentedOut(cell):
		return oddName{kind: commentedName}
	case c.has(wides) && c&(letters|digits|controls) == 0 && isSign(cell):
		return oddName{kind: namelessName}
	case strings.IndexByte("VvEeMmSs", cell[0]) >= 0 && isExampleText(cell):
		return oddName{kind: exampleName}
	case c&(letters|wides) != 0:
		if c&(joints|marks) != 0 || strings.HasSuffix(cell, "nghỉ") {
			if hasLeft(cell) {
				return oddName{kind: leftName}
			}
		}
	case c.has(digits):
		if c.only(digits | spaces | joints) {
			return oddName{kind: numberAsName}
		}
	case strings.TrimSpace(cell) != "" && !c.has(controls):
		return oddName{kind: namelessName}
	}
	return oddName{}
}

// isCounted reports whether a name begins as the item of a list does: "1. Lan", "2) Lan", "• Lan".
func isCounted(name string) bool {
	const most = 4 // digits
	rest := strings.TrimLeft(name, "0123456789")
	n := len(name) - len(rest)
	sign, size := utf8.DecodeRuneInString(rest)
	isNumber := n > 0 && n <= most && strings.ContainsRune(".)/:", sign)
	isBullet := n == 0 && strings.ContainsRune("-–•*●▪■", sign) && strings.HasPrefix(rest[size:], " ")
	if !isNumber && !isBullet {
		return false
	}
	first, _ := utf8.DecodeRuneInString(strings.TrimSpace(rest[size:]))
	return unicode.IsLetter(first)
}

// isSign reports whether a text is nothing but marks, such as a ditto mark.
func isSign(text string) bool {
	return strings.TrimFunc(text, isInvisible) != "" && !strings.ContainsFunc(text, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.IsMark(r) })
}

// exampleLabels begin what is an example of a name, and no name. People write a row of such above their list. An underscore is a space.
var exampleLabels = strings.Split(strings.ReplaceAll("VD:|VD.|Ví_dụ|E.g|Eg:|Example|Mẫu:|Sample:", "_", " "), "|")

// isExampleText reports whether a text says that it is an example.
func isExampleText(cell string) bool {
	for _, label := range exampleLabels {
		if len(cell) >= len(label) && strings.EqualFold(cell[:len(label)], label) {
			return true
		}
	}
	return false
}
