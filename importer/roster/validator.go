package roster

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"etelecom-import/apiclient/message"
	"etelecom-import/apiclient/secret"
	"etelecom-import/importer/csvtext"
	"etelecom-import/importer/phone"
	"etelecom-import/importer/spreadsheet"
	"etelecom-import/importer/vietnamese"
)

// validator makes rows of records, and findings of what is wrong with them.
type validator struct {
	roster       *Roster
	validateOnly bool
	dropNames    bool
	texts        chunks // names, extension numbers, values of findings
	passwords    secret.Arena
	redactor     redactor
	ids          roundingStats
	first        string // field of the first column; "" if it is ignored
	comma        rune   // separates the cells of the file; 0 for a workbook
	hashes       bool   // the header says that the passwords are hashes
	coded        bool   // the header says that the names may be logins or codes
	free         bool   // [Options.FreeExtensions]
	textLine     int    // the line of the last name that is a text although it begins as a formula
	formulas     formulas
}

const leastInPhone = 4 // bytes; shorter ones may be in a phone by chance

const shortID = 1e9 // what is shorter may be the number that is dialled

// isEmpty reports whether a row has nothing of a person, but perhaps a number that was filled in beforehand.
func (rec *record) isEmpty() bool {
	all := rec.Name + rec.Family + rec.Middle + rec.Given + string(rec.Behind) + rec.Phone + rec.Password + rec.ExtensionID + rec.ExtensionNumber
	return strings.TrimFunc(all, isInvisible) == ""
}

// isVoid reports whether a row has nothing in the columns that are read, but perhaps its number.
func (rec *record) isVoid() bool {
	isFilled := rec.Phone != "" && ' ' < rec.Phone[0] && rec.Phone[0] < utf8.RuneSelf
	if isFilled { // nearly every row
		return false
	}
	return rec.isEmpty() && len(rec.OtherPhones) == 0
}

// newValidator returns a validator for a roster whose columns are known.
func newValidator(d Dialect, o Options) *validator {
	v := &validator{roster: &Roster{Dialect: d, allowNames: o.AllowNames}, validateOnly: o.ValidateOnly, dropNames: o.ValidateOnly && !o.KeepNames, free: o.FreeExtensions}
	for i, c := range d.Columns {
		if i == 0 {
			v.first = c.Field
		}
		if c.Field == fieldPassword {
			v.hashes = c.hashed
		}
	}
	return v
}

// record is a row as gocsv hands it over. Its fields are strings, whatever they mean: gocsv would turn 1.23457E+18
// into 1, and report no error.
type record struct {
	Name            string `csv:"name"`
	Phone           string `csv:"phone"`
	Password        string `csv:"password"`
	ExtensionID     string `csv:"extension_id"`
	ExtensionNumber string `csv:"extension_number"`

	// Parts of the name, and what tells whether the row is a person: see nameColumns and formReader.
	Family    string       `csv:"family_name"`
	Middle    string       `csv:"middle_name"`
	Given     string       `csv:"given_name"`
	Behind    continuation `csv:"behind_name"`
	RowNumber string       `csv:"row_number"`

	OtherPhones rest `csv:"other_phone"` // see otherPhones
	Rest        rest `csv:"rest"`
}

// rest are cells of columns that are not read: that of the department, and those without a title at the end. It is a text and no
// slice, since there is a record for each row.
type rest string

// UnmarshalCSV adds a cell. It makes rest a type that gocsv reads.
func (r *rest) UnmarshalCSV(cell string) error {
	if cell != "" {
		*r += rest(cell + "\x1F")
	}
	return nil
}

// cells returns those that are not empty.
func (r rest) cells() []string {
	if r == "" { // nearly every row
		return nil
	}
	return strings.Split(strings.TrimSuffix(string(r), "\x1F"), "\x1F")
}

// name returns what the columns of the name have, without spaces between.
func (rec *record) name() string { return rec.Name + rec.Family + rec.Middle + rec.Given }

// numbers returns the cells in which a person has numbers and the password.
func (rec *record) numbers() []string {
	return []string{rec.Phone, rec.Password, rec.ExtensionID, rec.ExtensionNumber}
}

// isSignature reports whether all cells where a person has numbers are words of a signature.
func (rec *record) isSignature() bool {
	if rec.Phone != "" && rec.Phone[0] <= '9' && rec.Phone[0] != '(' { // nearly every row
		return false
	}
	isOther := func(cell string) bool { return cell != "" && !isFormText(cell) && !isSignersTitle(cell) }
	return !slices.ContainsFunc(rec.numbers(), isOther)
}

// isContact reports whether a row says whom to call: "Hỗ trợ: 0901234567", or with the phone in its column.
func (rec *record) isContact() bool {
	name := rec.name()
	others := rec.Password + rec.ExtensionID + rec.ExtensionNumber
	if name == "" || hasDigit(rec.RowNumber) || strings.TrimFunc(others, isInvisible) != "" {
		return false
	}
	isLabel := strings.HasSuffix(strings.TrimFunc(name, isInvisible), ":") && rec.Phone != ""
	isWhole := longestNumber(name) >= leastPhone && strings.TrimFunc(rec.Phone, isInvisible) == ""
	return (isLabel || isWhole) && isContactText(name)
}

// isSum reports whether a row has a sum or the number of a page, and nothing else.
func (rec *record) isSum() bool {
	isSum := isSumText(rec.RowNumber) || isSumText(rec.name())
	isOther := func(cell string) bool {
		cell = strings.TrimFunc(cell, isInvisible)
		isNumber := isCount(cell) || isCountOfPeople(cell)
		return cell != "" && !isNumber && !isSumText(cell)
	}
	return isSum && !slices.ContainsFunc(rec.numbers(), isOther)
}

// isDepartment reports whether a row has nothing but the name of a department, and perhaps a letter as its number.
func (rec *record) isDepartment() bool {
	text, filled := "", 0
	for _, cell := range slices.Concat(append(rec.numbers(), rec.Name, rec.Family, rec.Middle, rec.Given, string(rec.Behind), rec.RowNumber), rec.Rest.cells()) {
		if cell = strings.TrimFunc(cell, isInvisible); cell == "" || cell == rec.RowNumber && isEnumerator(strings.Trim(cell, "().")) {
			continue
		}
		text = cell
		filled++
	}
	return filled == 1 && isDepartmentName(withoutNumber(text))
}

// get returns a field by its name.
func (rec *record) get(key string) string {
	switch key {
	case fieldName:
		return rec.Name
	case fieldPhone:
		return rec.Phone
	case fieldPassword:
		return rec.Password
	case fieldID:
		return rec.ExtensionID
	case fieldExtension:
		return rec.ExtensionNumber
	case keyFamily:
		return rec.Family
	case keyMiddle:
		return rec.Middle
	case keyGiven:
		return rec.Given
	case keyRowNumber:
		return rec.RowNumber
	}
	return ""
}

// row validates one record. kinds is what the cells are if they come from a workbook, and zero if from a CSV.
func (v *validator) row(line int, rec *record, kinds sheetKinds) {
	row := Row{Line: line}
	if v.roster.Dialect.List {
		v.listedRow(line, rec, &kinds)
	}
	refused := kinds.refuse(v, line, rec)
	v.trimBreaks(line, rec)
	unclear := v.unwrap(&row, rec)
	if len(rec.ExtensionNumber) >= idDigits { // few
		v.moveID(line, rec)
	}
	number, badPhone := phone.Parse(rec.Phone)
	id := readID(rec.ExtensionID)
	if IsExample(rec.Name, rec.Phone) {
		v.found(finding{kind: exampleRow})
	}
	if misaligned(rec, number.Number, id.value) {
		// The cells are not read or shown: any of them may be the password.
		v.found(finding{kind: wrongColumns})
		v.markPhone(&row, rec.Password)
	} else {
		extension := readExtension(rec.ExtensionNumber)
		if !refused[ofName] {
			v.name(&row, rec.Name, rec.Password)
		}
		// A phone cell with a word in it may be the end of a name with a comma. Then all cells behind it are one too far to the
		// right, and one of them is the password.
		fits := id.isNumber() || extension.isNumber()
		isPassword := strings.TrimSpace(rec.Phone) == rec.Password || len(rec.Password) >= leastInPhone && strings.Contains(rec.Phone, rec.Password)
		maybePassword := badPhone != nil && (isPassword || !(fits && mayBePassword(rec.Password)))
		maybeName := !refused[ofPhone] && v.phone(&row, rec.Phone, number, badPhone, maybePassword)
		if !refused[ofID] && !refused[ofNumber] {
			v.extension(&row, rec, id, extension, maybeName)
		}
		if !refused[ofPassword] {
			v.password(&row, rec.Password, unclear || maybeName)
		}
		if maybeName {
			row.ExtensionNumber = ""
		}
		v.setAside(&row, rec, maybeName || id.kind == notDigitsID || extension.kind == notDigitsNumber)
	}
	v.roster.Rows = append(v.roster.Rows, row)
}

// listedRow undoes what is special about a row of a list of users.
func (v *validator) listedRow(line int, rec *record, kinds *sheetKinds) {
	isText, rounded := restoreListed(rec, kinds, v.comma != 0)
	if isText {
		v.textLine = line
	}
	if rounded {
		v.repaired(line, fieldID, message.T("a spreadsheet has rounded the id: the number of the extension was read in its place"))
	}
}

// unwrap takes off what a program has put around all cells of a row, and notes what else is around some. unclear reports whether it
// is not known what the password is.
func (v *validator) unwrap(row *Row, rec *record) (unclear bool) {
	around := firstsOf(rec)
	if around == 0 {
		return false // nearly every row
	}
	var w wrapped
	if around&startsWrapped != 0 {
		w = unwrap(rec, v.first)
	}
	if around&startsFormula != 0 {
		row.signs |= formula
		if w.name == 0 && row.Line != v.textLine && isFormula(rec.Name) {
			w.name = formulaName
		}
	}
	if w.numbers {
		row.signs |= wrappedNumbers
	}
	if w.alike {
		row.signs |= wrappedAlike
	}
	for _, k := range []kind{w.name, w.pass} {
		if k != 0 {
			v.found(finding{kind: k, arg: uint64(w.undone)})
		}
	}
	return w.pass == unclearPassword || w.pass == escapedPassword
}

// raggedKinds are the kinds of problem of a row that is not as the header.
var raggedKinds = map[csvtext.Fault]kind{csvtext.WrongCells: wrongCells, csvtext.TwoRows: twoRows, csvtext.Divided: dividedRow, csvtext.RowInCell: rowInCell}

// ragged adds a row that is not as the header.
func (v *validator) ragged(r csvtext.Ragged) {
	arg := uint64(r.Cells)
	if r.Fault == csvtext.Divided {
		arg = uint64(r.Delimiter)
	}
	v.found(finding{kind: raggedKinds[r.Fault], arg: arg})
	v.roster.Rows = append(v.roster.Rows, Row{Line: r.Line})
}

// ofLines notes what was skipped and put right in the lines, before they had cells.
func (v *validator) ofLines(text *csvtext.Reader) {
	if above := text.Above(); len(above) > 0 {
		v.roster.Dialect.Above = above
		v.roster.Repaired = append(v.roster.Repaired, Note{
			Text: message.T("the lines above the header were skipped"), Count: len(above), Lines: above[:min(len(above), noteLines)],
		})
	}
	for _, r := range text.Repaired() {
		v.roster.Repaired = append(v.roster.Repaired, Note{Text: r.Text, Count: r.Count, Lines: r.Lines})
	}
}

// trimBreaks takes line breaks off the ends of phone and extension: people press a key too often in a spreadsheet, and it means
// nothing. Within a cell, a line break may separate two values.
func (v *validator) trimBreaks(line int, rec *record) {
	for _, cell := range [...]struct {
		field string
		text  *string
	}{{fieldPhone, &rec.Phone}, {fieldID, &rec.ExtensionID}, {fieldExtension, &rec.ExtensionNumber}} {
		text := *cell.text
		if text == "" || text[0] >= ' ' && text[len(text)-1] >= ' ' {
			continue // nearly every cell
		}
		if *cell.text = strings.Trim(text, "\r\n"); *cell.text != text {
			v.repaired(line, cell.field, message.T("the line break at its end was removed"))
		}
	}
}

// idDigits is how many digits ids have. No number that is dialled has so many.
const idDigits = 19

// moveID moves an id that is in the column of numbers to where it belongs. A different one there is left for a person to decide.
func (v *validator) moveID(line int, rec *record) {
	n := spreadsheet.ReadNumber(rec.ExtensionNumber)
	id, ok := spreadsheet.ParseID(n.Text)
	given := readID(rec.ExtensionID)
	isOther := given.kind != absent && given.value != id
	if !ok || len(n.Text) != idDigits || isOther {
		return
	}
	v.repaired(line, fieldExtension, message.T("it is the id of an extension, and was read as one"))
	rec.ExtensionID, rec.ExtensionNumber = rec.ExtensionNumber, ""
}

// mixedName returns what a name holds beside a name; 0 if nothing. All but phoneInName are wrong.
func mixedName(cell string, c classes, password string) kind {
	if c.has(digits) && longestNumber(cell) >= leastPhone {
		switch number, isPlain := numberOfName(cell); {
		case holdsRow(cell):
			return rowInName
		case holdsPassword(cell, password), number != "" && number == onlyDigits(password):
			return passwordInName
		case isPlain && c&(letters|wides) == 0:
			return phoneAsName
		case isPlain:
			return phoneInName
		}
		return numberInName
	}
	switch isNumber := c.has(digits) && c.only(digits|spaces|joints); {
	case holdsPassword(cell, password):
		return passwordInName
	case c&(digits|marks) != 0 && saysPassword(cell):
		return secretInName
	case isNumber && longestNumber(cell) >= leastMasked: // people are not called so, and have such passwords
		return namelessName
	}
	return 0
}

// name reads the name of a row. The password is that of the row.
func (v *validator) name(row *Row, cell, password string) {
	c := classesOf(cell)
	if mixed := mixedName(cell, c, password); mixed != 0 {
		v.found(finding{kind: mixed})
		if isShown := mixed == phoneInName || mixed == phoneAsName && v.roster.allowNames; !isShown {
			return
		}
	}
	if c&wides == 0 && !v.coded {
		name := cell
		if c&(spaces|marks) != 0 {
			name = strings.TrimPrefix(strings.TrimSpace(cell), "mailto:")
		}
		row.signs |= loginSigns(name, classesOf(name))
		if row.signs&numberedWord != 0 {
			v.roster.numbered.add(name)
		}
	}
	if c.has(marks|spaces) && row.signs&likeLogin == 0 && hasMailAddress(cell) {
		v.found(finding{kind: addressInName})
	}
	if isName := v.oddName(row, cell, c); isName {
		name := nameCell{v, cell}
		cell = name.read()
	} else {
		cell, _ = vietnamese.Clean(cell) // it is shown beside the problem
	}
	if !v.dropNames {
		row.Name = v.texts.keep(cell)
	}
}

// oddName finds names that a program has written, and reports whether the cell is a name at all.
func (v *validator) oddName(row *Row, cell string, c classes) (isName bool) {
	odd := readOddName(cell, c)
	switch odd.kind {
	case 0: // nearly every name
		return true
	case noValueWord, wordInName:
		row.signs |= wordName
	case countedName:
		row.signs |= counted
	}
	v.found(finding{kind: odd.kind, value: odd.value})
	return odd.kind != programName && odd.kind != noValueName && odd.kind != namelessName
}

// phone reads a phone, and reports whether the cell has a word in it. A cell that may be the password is hidden.
func (v *validator) phone(row *Row, cell string, number phone.Reading, err error, hide bool) (isWord bool) {
	if err != nil {
		return v.badPhone(cell, err.(*phone.Error), hide)
	}
	row.Phone = number.Number
	if number.Repaired != "" {
		v.repaired(row.Line, fieldPhone, number.Repaired)
		if hasLostZero(cell) {
			row.signs |= lostZero
		}
	}
	if number.Warning != "" {
		v.warned(row.Line, fieldPhone, number.Warning)
	}
	return false
}

// badPhone finds what is wrong with a phone, and reports whether the cell has a word in it.
func (v *validator) badPhone(cell string, e *phone.Error, hide bool) (isWord bool) {
	f := finding{kind: badPhone, arg: pack(e)}
	if e.Kind == phone.Empty {
		f = finding{kind: noPhone}
	} else if value := programValue(cell); value != "" {
		f = finding{kind: programPhone, value: value}
	} else if none, ok := readNoValue(cell, classesOf(cell)); ok {
		f = finding{kind: noValuePhone, value: none.word}
	} else {
		if f.value, f.described = v.redact(cell, hide); !f.described && mayBePIN(cell, e.Kind) {
			f.value = maskDigits(f.value)
		}
		isWord = !strings.ContainsAny(cell, "0123456789")
	}
	v.found(f)
	return isWord
}

// mayBePIN reports whether a cell that is no phone may be a password of digits in the wrong column, such as a birthday or the number of an
// identity card: it has fewer digits than a phone, or too many and no country code.
func mayBePIN(cell string, k phone.Kind) bool {
	isLong := k == phone.Long && !strings.HasPrefix(strings.TrimLeft(cell, "+0 ("), "84")
	return isLong || k != phone.Hotline && len(onlyDigits(cell)) < leastPhone
}

// extension adds the id and the number of a row's extension. Numbers that may be passwords are hidden.
func (v *validator) extension(row *Row, rec *record, id, number extensionCell, hideNumbers bool) {
	if id.kind == absent && number.kind == absent {
		v.roster.lacking = append(v.roster.lacking, finding{row: uint32(len(v.roster.Rows)), kind: noExtension})
		row.NoExtension = true
		return
	}
	row.ExtensionID = id.value
	v.ids.add(id.value)
	if id.value != 0 && id.value < shortID {
		v.warned(row.Line, fieldID, message.T("it is short for an id; if it is the number that is dialled, name the column extension_number"))
	}
	v.extensionCell(row.Line, fieldID, rec.ExtensionID, id, hideNumbers)
	if number.kind == 0 {
		row.ExtensionNumber = v.texts.keep(number.text)
	}
	v.extensionCell(row.Line, fieldExtension, rec.ExtensionNumber, number, hideNumbers)
}

// extensionCell notes what was repaired in the cell of an extension, or is wrong with it.
func (v *validator) extensionCell(line int, field, text string, c extensionCell, hideNumbers bool) {
	if c.repaired != "" {
		v.repaired(line, field, c.repaired)
	}
	if c.kind == 0 || c.kind == absent {
		return
	}
	f := finding{kind: c.kind, value: c.written}
	if f.value == "" {
		scientific := c.kind == scientificID || c.kind == scientificNumber
		masked := scientific && !isLongScientific(text) && maskDigits(text) != text
		if f.value, f.described = v.redact(text, hideNumbers || masked); !scientific {
			f.value = maskDigits(f.value)
		}
	}
	v.found(f)
}

// password reads a password. unclear tells that the cell is perhaps not the password, which was found and is enough.
func (v *validator) password(row *Row, cell string, unclear bool) {
	p := readPassword(cell, v.hashes)
	if p.kind == 0 && p.signs != filledPassword|digitPassword && v.endsInDelimiter(cell) {
		p.kind = delimitedPassword
		p.signs |= endsInDelimiter
	}
	row.signs |= p.signs
	if p.signs&digitPassword != 0 {
		row.passwordLength = uint8(len(cell))
	}
	row.NoPassword = p.kind == absent || p.kind == noValuePassword
	if p.kind != 0 && p.kind != absent && !unclear {
		v.found(finding{kind: p.kind, value: p.value, arg: p.arg})
	}
	if !v.validateOnly && p.signs&filledPassword != 0 {
		row.Password = v.passwords.New(cell)
	}
}

// endsInDelimiter reports whether a cell ends in a character that separates cells in other files: it may be left of one.
func (v *validator) endsInDelimiter(cell string) bool {
	if cell == "" || v.comma == 0 {
		return false
	}
	last := rune(cell[len(cell)-1])
	return last != v.comma && strings.ContainsRune(csvtext.Delimiters, last)
}

// setAside takes out of a row what may be a password in the wrong column. mixed tells that a word is where a number belongs.
func (v *validator) setAside(row *Row, rec *record, mixed bool) {
	isRuined := looksRuined(rec.Password) && (looksLikePassword(rec.Name) || isWideWord(rec.Name))
	if isRuined {
		row.signs |= fullName
	}
	mayBeName := row.signs&(fullName|partOfName) != 0
	isMixed := (mixed || mayBeName) && looksLikePassword(rec.Name)
	besideName := row.signs&fullName != 0 && (isWideWord(rec.Name) || isWordForName(rec.Name, rec.Password))
	isExchanged := isMixed || besideName
	if isExchanged && !isRuined { // few
		mayBeName = mayBeNameBeside(rec.Name, rec.Password, row.signs)
		isExchanged = isMixed && mixed || mayBeName
	}
	if isExchanged {
		at := uint32(len(v.roster.Rows))
		if mixed {
			v.roster.hidden = append(v.roster.hidden, at)
		}
		if mayBeName {
			row.signs |= likePassword
			row.fingerprint = fingerprint(rec.Password)
		}
		if row.Name != "" {
			row.Name = ""
			v.roster.names = append(v.roster.names, aside{at, v.passwords.New(rec.Name)})
		}
	}
	v.markPhone(row, rec.Password)
	if len(rec.Password) <= shortPassword && isPIN(row, rec.Password) {
		v.roster.pins = append(v.roster.pins, aside{uint32(len(v.roster.Rows)), v.passwords.New(rec.Password)})
	}
}

// markPhone notes whether the password of a row is somebody's phone.
func (v *validator) markPhone(row *Row, password string) {
	if isOtherPhone(password, row.Phone) {
		row.signs |= otherPhone
		row.fingerprint = fingerprint(password)
	}
}

// redact returns a cell as it may be shown, kept apart from the record that it came in.
func (v *validator) redact(cell string, hideNumbers bool) (value string, described bool) {
	value, described = v.redactor.cell(cell, hideNumbers)
	if described {
		return value, true
	}
	return v.texts.keep(value), false
}

// found adds a finding of the row that comes next.
func (v *validator) found(f finding) {
	f.row = uint32(len(v.roster.Rows))
	list := &v.roster.findings
	if kinds[f.kind].content || f.ofContent {
		list = &v.roster.content
	}
	if len(*list) == cap(*list) {
		*list = slices.Grow(*list, len(*list)+64) // append would copy a million of them twenty times
	}
	*list = append(*list, f)
}

func (v *validator) repaired(line int, column, repair string) {
	v.roster.Repaired = note(v.roster.Repaired, column, repair, line)
}

func (v *validator) warned(line int, column, warning string) {
	v.roster.Warnings = note(v.roster.Warnings, column, warning, line)
}

// finish looks at what only all rows together show.
func (v *validator) finish() {
	if v.ids.rounded() {
		v.roster.dropRounded(v.ids.zeros)
	}
	v.roster.dropDuplicates()
	v.roster.GiveExtensions(func(int) bool { return v.free })
	v.roster.Judge(nil)
}

const (
	longID      = 1e14 // ids of the tenant are longer, what people make up is shorter
	longDialled = 7    // digits: few numbers that are dialled have as many, and hardly a password is as short as shortPassword
)

// hasLostZero reports whether a phone that was read is without its 0, as a spreadsheet leaves it, and not only without a country
// code.
func hasLostZero(cell string) bool {
	const most = 10 // digits of a fixed line; with the country code, every number has more
	cell = strings.TrimSpace(cell)
	return len(cell) <= most && spreadsheet.IsDigits(cell) && cell[0] != '0'
}

// misaligned reports whether the cells of a row are in the wrong columns. number and id are what was read of its cells.
func misaligned(rec *record, number phone.Number, id int64) bool {
	// The phone is where the name, the password or the extension belongs.
	if number == 0 {
		elsewhere := phone.Normalize(rec.Password) != 0 || phone.Normalize(rec.Name) != 0
		shifted := strings.TrimSpace(rec.Phone) != "" && (phone.Normalize(rec.ExtensionNumber) != 0 || phone.Normalize(rec.ExtensionID) != 0)
		if elsewhere || shifted {
			return true
		}
	}
	// The password and the id are exchanged.
	if id < longID && rec.ExtensionID != "" && readID(rec.Password).value >= longID {
		return true
	}
	// The password and an id in the column of the numbers are exchanged.
	isID := len(rec.Password) == idDigits && readID(rec.Password).value != 0
	if isID && rec.ExtensionID == "" && rec.ExtensionNumber != "" {
		return true
	}
	// The password and the extension's number are exchanged.
	likePassword := len(rec.ExtensionNumber) >= longDialled && spreadsheet.IsDigits(rec.ExtensionNumber)
	likeExtension := len(rec.Password) <= shortPassword && spreadsheet.IsDigits(rec.Password)
	return likePassword && likeExtension
}

// plain reports whether a text needs no closer look. Nearly all texts need none: they begin with a visible character, and all of
// their characters are visible and, in Vietnamese, composed.
func plain(text string) bool {
	for _, r := range text {
		if !plainRune(r) {
			return false
		}
	}
	return text != "" && text[0] > ' ' && text[0] != 0xC2
}

func plainRune(r rune) bool {
	switch {
	case r < ' ': // control characters
		return false
	case r <= '~':
		return true
	case r < 0xA0: // control characters
		return false
	case r < 0x300: // Latin letters
		return true
	}
	return 0x1E00 <= r && r <= 0x1EFF // Latin letters with two marks
}

// isInvisible reports whether nobody sees r: a space, or a format character such as a zero-width space.
func isInvisible(r rune) bool { return unicode.IsSpace(r) || spreadsheet.IsInvisible(r) }

// chunks keeps strings one beside the other, so that a short one costs no allocation of its own and does not keep the whole
// record in memory that it came in, password and all.
type chunks struct{ last *strings.Builder }

const chunkSize = 64 << 10

func (c *chunks) keep(s string) string {
	if c.last == nil || c.last.Len()+len(s) > c.last.Cap() {
		c.last = &strings.Builder{}
		c.last.Grow(max(chunkSize, len(s)))
	}
	from := c.last.Len()
	c.last.WriteString(s)
	return c.last.String()[from:]
}
