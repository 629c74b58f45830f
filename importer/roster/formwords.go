package roster

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"etelecom-import/importer/spreadsheet"
)

// The words by which a formReader knows what of a form is no person: what people write below the titles, between the people, and below
// the last one.

// maxSum is the longest number of people, in digits.
const maxSum = 4

// isCount reports whether a cell has a number of people, and nothing else.
func isCount(cell string) bool { return len(cell) <= maxSum && spreadsheet.IsDigits(cell) }

// isCountOfPeople reports whether a cell has a number of people, and what is counted: "12 người".
func isCountOfPeople(cell string) bool {
	number, what, _ := strings.Cut(cell, " ")
	return isCount(number) && slices.Contains(countedWords, normalize(what))
}

// countedWords say what is counted.
var countedWords = compact([]string{"người", "nhân_viên", "nv", "nhân_sự", "máy", "máy_nhánh", "số", "số_máy", "dòng", "tài_khoản", "people", "persons", "employees", "users", "rows", "lines", "extensions"})

// isLegendText reports whether a cell says what to enter.
func isLegendText(cell string) bool {
	if isMark := strings.Trim(cell, "(*) ") == ""; isMark || slices.Contains(legends, normalize(cell)) {
		return true
	}
	isAside := strings.HasPrefix(cell, "(") && strings.HasSuffix(cell, ")")
	return isAside || isRemarkStart(tokens(strings.Map(lettersAndDigits, cell)))
}

// legends are what people write below the titles of columns.
var legends = compact([]string{
	"bắt_buộc", "bắt_buộc_nhập", "không_bắt_buộc", "tùy_chọn", "required", "mandatory", "optional", "yes", "no", "có", "không", "text", "string", "varchar", "char", "number", "numeric",
	"integer", "int", "general", "chuỗi", "văn_bản", "dạng_text", "kiểu_text", "dạng_văn_bản", "dạng_số", "chữ_số", "chữ",
})

// contacts begin what says whom to call.
var contacts = [][]string{
	{"ho", "tro"},
	{"hotline"},
	{"lien", "he"},
	{"lien", "lac"},
	{"thac", "mac"},
	{"moi", "thac", "mac"},
	{"moi", "chi", "tiet"},
	{"moi", "van", "de"},
	{"tong", "dai", "ho", "tro"},
	{"can", "ho", "tro"},
	{"support"},
	{"contact"},
	{"help", "desk"},
	{"helpdesk"},
	{"dien", "thoai"},
	{"dt"},
	{"sdt"},
	{"tel"},
}

// isContactText reports whether a text begins with words that say whom to call.
func isContactText(text string) bool {
	all := tokens(strings.Map(lettersAndDigits, text))
	return slices.ContainsFunc(contacts, func(phrase []string) bool { return hasPrefix(all, phrase) })
}

// lettersAndDigits makes spaces of all other characters.
func lettersAndDigits(r rune) rune {
	if unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) {
		return r
	}
	return ' '
}

// sums are the words that a sum or the number of a page begins with.
var sums = []string{"tong", "cong", "total", "totals", "sum", "subtotal", "sub", "grand", "trang", "page"}

// isSumText reports whether a text is a sum or the number of a page, of those that forms have.
func isSumText(text string) bool {
	if !isFormText(text) {
		return false
	}
	all := tokens(strings.Map(lettersAndDigits, text))
	isJob := len(all) > 1 && all[0].letters == "tong" && all[1].letters == "giam" // Tổng giám đốc
	return slices.Contains(sums, all[0].letters) && !isJob
}

// hasDigit reports whether a text has a digit.
func hasDigit(text string) bool { return strings.ContainsFunc(text, unicode.IsDigit) }

// isWordsOf reports whether a text is words: letters and what is between them.
func isWordsOf(text string) bool {
	return !strings.ContainsFunc(text, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsMark(r) && !unicode.IsSpace(r) && !strings.ContainsRune(".,()-/:", r)
	})
}

// isPersonName reports whether a text may be a person's name: a few words that begin with a capital, or with a common family name.
func isPersonName(text string) bool {
	for _, remark := range []string{"(", " - ", " – "} { // "Nguyễn Hoa (mới)"
		text, _, _ = strings.Cut(text, remark)
	}
	words := strings.Fields(text)
	if len(words) == 0 || len(words) > 7 || strings.ContainsFunc(text, isOddInName) {
		return false
	}
	isLower := len(words) <= 4 && !slices.ContainsFunc(words, isCapital)
	return isFamilyName(words[0]) || isLower || !slices.ContainsFunc(words, func(w string) bool { return !isCapital(w) })
}

// isRemark reports whether a text that is no person's name is a sentence or a remark: "* Nhân viên mới được bôi vàng".
func isRemark(text string) bool {
	const few = 7 // words
	first, _ := utf8.DecodeRuneInString(strings.TrimSpace(text))
	return !unicode.IsLetter(first) || strings.Contains(text, ":") || len(strings.Fields(text)) > few
}

// formWords begin what forms have below the last person.
var formWords = [][]string{
	{"tong", "cong"},
	{"tong", "so"},
	{"tong", "nhan", "vien"},
	{"tong", "giam", "doc"},
	{"tong", "nhan", "su"},
	{"grand", "total"},
	{"total", "employees"},
	{"sub", "total"},
	{"so", "luong"},
	{"bang", "chu"},
	{"danh", "sach", "nay"},
	{"danh", "sach", "gom"},
	{"danh", "sach", "co"},
	{"het", "danh", "sach"},
	{"end", "of"},
	{"in", "ngay"},
	{"ngay", "in"},
	{"ngay", "lap"},
	{"nguoi", "lap"},
	{"nguoi", "duyet"},
	{"nguoi", "kiem"},
	{"nguoi", "phe", "duyet"},
	{"nguoi", "ky"},
	{"nguoi", "nhan"},
	{"nguoi", "giao"},
	{"nguoi", "phu", "trach"},
	{"nguoi", "de", "nghi"},
	{"nguoi", "tong", "hop"},
	{"nguoi", "dai", "dien"},
	{"lap", "bieu"},
	{"lap", "bang"},
	{"giam", "doc"},
	{"pho", "giam", "doc"},
	{"pho", "tong", "giam", "doc"},
	{"ke", "toan", "truong"},
	{"truong", "phong"},
	{"pho", "phong"},
	{"truong", "bo", "phan"},
	{"thu", "truong"},
	{"thu", "quy"},
	{"thu", "kho"},
	{"hieu", "truong"},
	{"chu", "tich"},
	{"dai", "dien"},
	{"xac", "nhan"},
	{"phe", "duyet"},
	{"ky", "ten"},
	{"ky", "va"},
	{"ky", "ghi"},
	{"ky", "ho", "ten"},
	{"da", "ky"},
	{"chu", "ky"},
	{"dong", "dau"},
	{"noi", "nhan"},
	{"kinh", "gui"},
	{"t", "m"},
	{"tm"},
	{"kt"},
	{"prepared", "by"},
	{"approved", "by"},
	{"checked", "by"},
	{"reviewed", "by"},
	{"signed", "by"},
	{"printed"},
	{"signature"},
	{"ghi", "chu"},
	{"luu", "y"},
	{"chu", "thich"},
	{"yeu", "cau"},
}

// signersTitles are what people are called who sign a form. As a whole cell in the place of a number, they are a signature.
var signersTitles = compact([]string{
	"kế_toán", "kế_toán_viên", "thủ_quỹ", "thủ_kho", "thư_ký", "duyệt", "ký_duyệt", "kiểm_tra", "nhân_sự", "phòng_nhân_sự", "phòng_hcns", "hcns", "hành_chính_nhân_sự", "phòng_hành_chính_nhân_sự", "trưởng_nhóm",
	"tổ_trưởng", "quản_lý", "quản_đốc", "cửa_hàng_trưởng", "phụ_trách", "chủ_doanh_nghiệp", "chủ_cửa_hàng", "công_đoàn", "người_kê_khai", "kiểm_soát", "lãnh_đạo", "ban_giám_đốc", "ceo",
	"accountant", "chief_accountant", "director", "manager", "cashier", "hr", "hr_manager", "general_director", "president", "secretary",
})

// isSignersTitle reports whether a text is what somebody is called who signs a form, or that they sign.
func isSignersTitle(cell string) bool {
	if cell = strings.TrimFunc(cell, isInvisible); strings.HasPrefix(cell, "(") && hasPrefix(tokens(strings.TrimLeft(cell, "( ")), []string{"ky"}) {
		return true
	}
	return slices.Contains(signersTitles, normalize(cell)) || isFormText(cell)
}

// departments begin the name of a department. They have their accents: without them, Phong and To may be people. Where a word is a given
// name, too, others have to follow.
var departments = [][]string{
	{"phòng"},
	{"bộ", "phận"},
	{"bp"},
	{"tổ"},
	{"khối"},
	{"chi", "nhánh"},
	{"trung", "tâm"},
	{"nhóm"},
	{"đội"},
	{"xưởng"},
	{"phân", "xưởng"},
	{"cửa", "hàng"},
	{"văn", "phòng"},
	{"đơn", "vị"},
	{"công", "ty"},
	{"nhà", "máy"},
	{"cơ", "sở"},
	{"ban", "giám"},
	{"ban", "tổng", "giám"},
	{"ban", "quản"},
	{"ban", "lãnh"},
	{"ban", "điều"},
	{"ban", "kiểm"},
	{"ban", "thư", "ký"},
	{"ban", "tài", "chính"},
	{"ban", "kế", "hoạch"},
	{"ban", "dự", "án"},
	{"ban", "công", "nghệ"},
	{"ban", "pháp", "chế"},
	{"ban", "nhân", "sự"},
	{"ban", "hành", "chính"},
	{"ban", "truyền", "thông"},
	{"ban", "đào", "tạo"},
	{"ban", "kinh", "doanh"},
	{"department"},
	{"dept"},
	{"team"},
	{"division"},
	{"branch"},
	{"group"},
}

// departmentEnds end the name of one in English.
var departmentEnds = []string{"department", "dept", "team", "division", "group"}

// isDepartmentName reports whether a text is the name of a department. One word alone may be the name of a person.
func isDepartmentName(text string) bool {
	all := strings.FieldsFunc(strings.ToLower(norm.NFC.String(text)), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '&' })
	if len(all) < 2 || hasLongNumber(text) {
		return false
	}
	if slices.Contains([]string{"trưởng", "phó", "viên"}, all[1]) { // "Tổ trưởng Lan"
		return false
	}
	begins := func(phrase []string) bool {
		isWhole := len(all) == len(phrase) && phrase[0] != "ban" // "Trung Tâm" may be a person
		return len(all) >= len(phrase) && !isWhole && slices.Equal(all[:len(phrase)], phrase)
	}
	return slices.ContainsFunc(departments, begins) || slices.Contains(departmentEnds, all[len(all)-1])
}

// formWord are words of which one alone, or with a number, ends a form.
var formWord = []string{"tong", "cong", "total", "totals", "sum", "subtotal", "count", "het", "end", "trang", "page", "note", "notes", "remark", "remarks", "nb"}

// accented are the phrases of formWords and formWord that without their accents are the beginning of people's names: Tống Công, Chu Kỳ,
// Thu Quý.
var accented = []string{
	"tổng", "cộng", "tổng_cộng", "tổng_số", "chữ_ký", "chủ_tịch", "thủ_quỹ", "thủ_quĩ", "thủ_kho", "đóng_dấu", "bằng_chữ", "đại_diện", "ký_tên", "ký_và", "lưu_ý", "hiệu_trưởng",
	"thủ_trưởng", "số_lượng",
}

// withAccents has them by their letters.
var withAccents = func() map[string][]string {
	all := map[string][]string{}
	for _, phrase := range accented {
		var letters []string
		for word := range strings.SplitSeq(phrase, "_") {
			letters = append(letters, normalize(word))
		}
		key := strings.Join(letters, "_")
		all[key] = append(all[key], phrase)
	}
	return all
}()

// isNameLike reports whether a text that begins with the letters of a phrase is rather a name: it has other accents, or is "Lưu Ý Nhi".
func isNameLike(cell string, phrase []string) bool {
	spellings := withAccents[strings.Join(phrase, "_")]
	hasAccent := strings.ContainsFunc(cell, func(r rune) bool { return unicode.IsLetter(r) && r >= utf8.RuneSelf })
	if spellings == nil || !hasAccent {
		return false
	}
	words := strings.FieldsFunc(norm.NFC.String(cell), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	begin := strings.Join(words[:min(len(words), len(phrase))], "_")
	isFamily := begin == "Lưu_Ý" && !strings.Contains(cell, ":")
	return isFamily || !slices.Contains(spellings, strings.ToLower(begin))
}

// isFormText reports whether a text is one that forms have below the last person: "Tổng cộng: 12", "Người lập biểu", "Hà Nội, ngày 20
// tháng 11 năm 2026".
func isFormText(cell string) bool {
	if cell == "" || len(cell) > 1000 {
		return false
	}
	all := tokens(strings.Map(lettersAndDigits, cell))
	if len(all) == 0 {
		return false
	}
	if slices.ContainsFunc(formWords, func(phrase []string) bool { return hasPrefix(all, phrase) && !isNameLike(cell, phrase) }) {
		return true
	}
	if slices.Contains(formWord, all[0].letters) && !isNameLike(cell, []string{all[0].letters}) {
		isGiven := all[0].letters == "trang" || all[0].letters == "page" // it is a name, too, if it is alone
		isAlone := len(all) == 1 && !isGiven
		isCounted := len(all) > 1 && hasDigit(all[1].letters)
		return isAlone || isCounted || strings.Contains(cell, ":")
	}
	if isDated(cell) {
		return true
	}
	day := slices.IndexFunc(all, func(t token) bool { return t.letters == "ngay" })
	month := slices.IndexFunc(all, func(t token) bool { return t.letters == "thang" })
	isDay := day >= 0 && day+1 < len(all) && hasDigit(all[day+1].letters) // ngày 1/11/2026
	return day >= 0 && (month > day || isDay)
}

// isDated reports whether a text is a place and a date: "TP. HCM, 01/11/2026".
func isDated(text string) bool {
	at := strings.LastIndex(text, ", ")
	if at < 0 || !strings.ContainsFunc(text[:at], unicode.IsLetter) || hasDigit(text[:at]) {
		return false
	}
	parts := strings.FieldsFunc(strings.TrimSpace(text[at+1:]), func(r rune) bool { return strings.ContainsRune("/.-", r) })
	return len(parts) == 3 && len(parts[2]) == len("2026") && !slices.ContainsFunc(parts, func(p string) bool { return !spreadsheet.IsDigits(p) })
}
