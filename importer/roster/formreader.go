package roster

import (
	"slices"
	"strings"
	"unicode"

	"etelecom-import/apiclient/message"
	"etelecom-import/importer/csvtext"
	"etelecom-import/importer/phone"
	"etelecom-import/importer/spreadsheet"
)

// formReader tells the rows that are people from what else a form has: the numbers of its columns below the header, the header again on
// the next page, the departments between the people, and what is below the last person, such as totals, notes and signatures. Those
// rows are told by their lines. In doubt a row is a person, whose data is missing.
type formReader struct {
	validator *validator
	name      *nameColumns
	phones    *otherPhones
	group     *groupColumn // nil if people are not grouped
	columns   []Column     // those that the record has, in the order of the file
	titles    []meaning

	least      int       // cells that a person has
	isBelow    bool      // the header is not directly above
	people     int       // so far
	mayNumber  bool      // there is a column for the numbers of the rows
	numbered   bool      // people have numbers
	unnumbered bool      // people have none
	rest       rest      // of the last person
	pending    []formRow // rows that may be below the last person
}

// formRow is a row of a file. It may be a person, or something else.
type formRow struct {
	line   int // where it begins
	cells  int // that it has in the file
	record *record
	kinds  sheetKinds // of a workbook
	unread unread     // known if the record is void
	group  string     // the cell of the column by which people are grouped
}

// maxPending is how many rows may be below the last person. What a form ends with is short.
const maxPending = 50

// newFormReader returns one for a file with a header.
func newFormReader(v *validator, h *titleRow, name *nameColumns) *formReader {
	p := &formReader{validator: v, name: name, phones: newOtherPhones(h), least: h.leastCells(v.free)}
	v.coded = name.wrong != 0 || name.coded
	v.roster.Dialect.List = isList(h.cells)
	for i, c := range h.columns {
		p.mayNumber = p.mayNumber || c.key == keyRowNumber
		if slices.Contains([]string{"", keyBehind, keyRest, keyOtherPhone}, c.key) {
			continue
		}
		p.columns = append(p.columns, c)
		p.titles = append(p.titles, h.titles[i].meaning)
	}
	return p
}

// row takes a row.
func (p *formReader) row(r *formRow) error {
	rec := r.record
	if hasMostOfRow(rec.Rest.cells()) {
		return p.ragged(csvtext.Ragged{Line: r.line, Fault: csvtext.TwoRows})
	}
	if rec.isVoid() && !isFormText(rec.RowNumber) {
		return p.void(r)
	}
	switch {
	case p.isOtherHeader(rec):
		return otherHeader(r.line)
	case !p.isBelow && p.isBelowTitles(rec):
		p.tell(r.line)
		return nil
	case p.isHeader(rec): // the next page, or block
		n := p.persons()
		if n > 0 && n == len(p.pending) && p.isTitle(p.pending[n-1].record) {
			n--
		}
		err := p.endPage(n)
		p.tell(r.line)
		p.isBelow = false
		return err
	}
	p.isBelow = true
	if len(p.pending) < maxPending && p.mayEnd(p.footerBelow(rec)) {
		p.pending = append(p.pending, *r)
		return nil
	}
	hasNumber := hasDigit(rec.RowNumber)
	p.numbered, p.unnumbered = p.numbered || hasNumber, p.unnumbered || !hasNumber && rec.Phone != ""
	p.rest = rec.Rest
	isTooMuch := len(p.pending) == maxPending // to be headings
	if err := p.flush(len(p.pending), !isTooMuch); err != nil {
		return err
	}
	return p.add(r)
}

// isBelowTitles reports whether a row belongs to the header that is directly above it.
func (p *formReader) isBelowTitles(rec *record) bool {
	return p.isNumbering(rec) || p.isSubtitles(rec) || p.isLegend(rec)
}

// mayEnd reports whether a row may be below the last person. Above the first one, only what says so is, or a heading in a list with
// numbers.
func (p *formReader) mayEnd(f footer) bool {
	isFirst := p.people+len(p.pending) == 0
	switch f {
	case isPerson:
		return false
	case isForm, isDepartment:
		return true
	case isText, isNamed:
		return !isFirst || p.mayNumber
	}
	return !isFirst
}

// void takes a row that has nothing in the columns that are read. It is no person, wherever it is, and there may be any number of them:
// lists are numbered ahead, and columns are filled down to the last row of a sheet.
func (p *formReader) void(r *formRow) error {
	number := r.record.RowNumber
	isContact := isContactText(number)
	isElsewhere := holdsRow(number) || longestNumber(number) >= leastPhone && !isContact
	if r.unread == unreadPerson || isElsewhere {
		if err := p.flush(len(p.pending), true); err != nil {
			return err
		}
		return p.add(r)
	}
	isOdd := isContact || p.isOddNumber(number) || p.isOddRest(r.record.Rest)
	p.none(r.line, isOdd || r.unread == unreadPhone)
	return nil
}

// isOddNumber reports whether the number of a row that is void otherwise may be something of a person.
func (p *formReader) isOddNumber(text string) bool {
	const longest = 8
	text = strings.TrimFunc(text, isInvisible)
	isNumber := len(text) <= longest && hasDigit(text) && isWordsOf(strings.Map(digitsToLetters, text))
	switch {
	case text == "", isNumber, isDepartmentName(withoutNumber(text)):
		return false
	case hasPersonName(text):
		return true
	case isWordsOf(text):
		return !p.isNumberedThroughout() && isPersonName(text) // else it is the name of a department
	}
	return !isRemark(text)
}

// digitsToLetters returns a letter for a digit.
func digitsToLetters(r rune) rune {
	if unicode.IsDigit(r) {
		return 'x'
	}
	return r
}

// isOddRest reports whether what a row that is void otherwise has in columns that nobody reads may be a person's name. What the last
// person has there was filled down.
func (p *formReader) isOddRest(r rest) bool {
	if r == p.rest {
		return false
	}
	return slices.ContainsFunc(r.cells(), func(cell string) bool {
		isMark := !strings.Contains(cell, " ") && strings.ToUpper(cell) == cell // FALSE
		return !isMark && isPersonName(cell) && !isDepartmentName(withoutNumber(cell))
	})
}

// isNumberedThroughout reports whether all people so far have numbers.
func (p *formReader) isNumberedThroughout() bool { return p.numbered && !p.unnumbered }

// ragged takes a row of which the cells are not known.
func (p *formReader) ragged(r csvtext.Ragged) error {
	p.isBelow = true
	err := p.flush(len(p.pending), true)
	p.validator.ragged(r)
	return err
}

// finish decides about the last rows.
func (p *formReader) finish() error {
	if err := p.endPage(p.persons()); err != nil {
		return err
	}
	d := &p.validator.roster.Dialect // what is void was told before the rows above it that were pending
	slices.Sort(d.NotPeople)
	slices.Sort(d.Doubtful)
	if err := p.phones.finish(p.validator.roster); err != nil {
		return err
	}
	return p.name.finish(p.validator.roster)
}

// isTitle reports whether a row directly above a header is the title of what is below it, and not the last person above it.
func (p *formReader) isTitle(rec *record) bool {
	f := p.footerOf(rec)
	return (f == isText || f == isNamed) && !hasPersonName(rec.name())
}

// endPage decides about the pending rows, which nobody is below. The first of them are people.
func (p *formReader) endPage(people int) error {
	err := p.flush(people, true)
	isBelow := false
	for i := range p.pending {
		rec := p.pending[i].record
		f := p.footerOf(rec)
		isBelow = isBelow || f == isForm
		p.none(p.pending[i].line, f == isContact || !isBelow && p.isDoubtful(f, rec))
	}
	p.pending = p.pending[:0]
	return err
}

// isDoubtful reports whether a row that is told to be none may be a person after all.
func (p *formReader) isDoubtful(f footer, rec *record) bool {
	switch f {
	case isBlank, isDepartment, isForm:
		return false
	case isText, isNamed:
		isOrdinal := rec.RowNumber != "" && isEnumerator(strings.Trim(rec.RowNumber, "(). ")) // "II" beside "Kho"
		isHeading := isOrdinal && !hasPersonName(rec.name())
		return !isHeading && (f == isNamed || !isRemark(rec.name()))
	}
	return true
}

// isBetween reports whether a row with people below it is none of them: a department, a sum, the number of a page, or a heading in a
// list in which everybody has a number.
func (p *formReader) isBetween(f footer, rec *record) bool {
	switch f {
	case isDepartment:
		return true
	case isForm:
		return rec.isSum() || rec.isVoid()
	case isText, isNamed:
		isPerson := rec.RowNumber == "" && hasPersonName(rec.name()) || rec.Behind != ""
		return p.isNumberedThroughout() && !isPerson
	}
	return false
}

// add adds a person.
func (p *formReader) add(r *formRow) error {
	if r.cells < p.least {
		p.validator.ragged(csvtext.Ragged{Line: r.line, Cells: r.cells})
		return nil
	}
	if err := p.phones.compare(r.record); err != nil {
		return err
	}
	if err := p.name.read(p.validator, r.line, r.record); err != nil {
		return err
	}
	p.people++
	p.group.add(len(p.validator.roster.Rows), r.line, r.group, r.record.Password)
	p.validator.row(r.line, r.record, r.kinds)
	return nil
}

// flush adds the first n pending rows as persons, but for those that are between people. mayHead says whether they may be headings.
func (p *formReader) flush(n int, mayHead bool) error {
	for i := range n {
		r := &p.pending[i]
		f := p.footerOf(r.record)
		isHeading := f == isText || f == isNamed
		if (mayHead || !isHeading) && p.isBetween(f, r.record) {
			p.none(r.line, p.isDoubtful(f, r.record))
			continue
		}
		if err := p.add(r); err != nil {
			return err
		}
	}
	p.pending = p.pending[n:]
	return nil
}

// none notes a row that is no person, or probably none.
func (p *formReader) none(line int, isDoubtful bool) {
	p.tell(line)
	if isDoubtful {
		d := &p.validator.roster.Dialect
		d.Doubtful = append(d.Doubtful, line)
		p.validator.warned(line, "", message.T("a row has a text, and no phone, password and extension: make sure that it is not a person"))
	}
}

// tell notes a row that is no person.
func (p *formReader) tell(line int) {
	d := &p.validator.roster.Dialect
	d.NotPeople = append(d.NotPeople, line)
}

// isHeader reports whether a row is the header again, perhaps in other words: every cell of the columns that are read says what the
// column is.
func (p *formReader) isHeader(rec *record) bool {
	if rec.Phone == "" || rec.Phone[0] <= '9' { // nearly every row
		return false
	}
	for i, c := range p.columns {
		if !isSameTitle(understand(rec.get(c.key)).meaning, p.titles[i]) {
			return false
		}
	}
	return true
}

// isSameTitle reports whether two meanings of a title are of the same column: "Name" and "Họ và tên".
func isSameTitle(a, b meaning) bool {
	isNumber := func(m meaning) bool { return m == extensionNumber || m == lineNumber }
	areNames := fieldFor(a) == fieldName && fieldFor(b) == fieldName
	areNumbers := isNumber(a) && isNumber(b)
	return a == b || areNames || areNumbers
}

// isOtherHeader reports whether a row is the header of another table, whose cells are in other columns.
func (p *formReader) isOtherHeader(rec *record) bool {
	if rec.Phone == "" || rec.Phone[0] <= '9' || understand(rec.Phone).meaning == unknown { // nearly every row
		return false
	}
	var cells []string
	differs := false
	for i, c := range p.columns {
		cell := rec.get(c.key)
		cells = append(cells, cell)
		m := understand(cell).meaning
		differs = differs || m != p.titles[i] && slices.Contains(p.titles, m)
	}
	return differs && countFields(cells) >= enoughFields
}

// otherHeader refuses a file for a second header. What is below it would be read into the wrong fields.
func otherHeader(line int) error {
	return csvtext.Refuse(line, 0, message.T("this is another header, with other columns than the first one"),
		message.T("make a file of its own of the rows below it"))
}

// isSubtitles reports whether a row is a part of the header: all that it has are titles. It is in another language, or divides a
// column: "Họ đệm" and "Tên" below "Họ và tên".
func (p *formReader) isSubtitles(rec *record) bool {
	n := 0
	last := unknown
	for _, c := range p.columns {
		cell := rec.get(c.key)
		if strings.TrimFunc(cell, isInvisible) == "" {
			continue
		}
		m := understand(cell).meaning
		if m == unknown {
			return false
		}
		if c.key == fieldName {
			last = m
		}
		n++
	}
	if rest := string(rec.Behind); rest != "" {
		isGiven := slices.Contains([]meaning{givenName, plainName, middleName}, understand(rest).meaning)
		if !isGiven || last != familyName {
			return false
		}
		n++
	}
	return n >= 2
}

// isLegend reports whether a row says what to enter: that a column has to be filled ("Bắt buộc", "(*)"), what kind of cells it has
// ("Text", "(10 số)"), or an example ("VD: 0901234567"). All of its cells do.
func (p *formReader) isLegend(rec *record) bool {
	n := 0
	for _, c := range p.columns {
		cell := strings.TrimFunc(rec.get(c.key), isInvisible)
		if cell == "" {
			continue
		}
		if !isLegendText(cell) {
			return false
		}
		n++
	}
	return n >= 2
}

// isNumbering reports whether a row numbers the columns: (1), (2), (3), or A, B, 1, 2. Not all columns have to have a number.
func (p *formReader) isNumbering(rec *record) bool {
	last, n := 0, 0
	for _, c := range p.columns {
		cell := strings.TrimSpace(rec.get(c.key))
		if cell == "" {
			continue
		}
		number := enumerate(cell)
		if number <= last {
			return false
		}
		last = number
		n++
	}
	return n >= 3
}

// enumerate returns the number that a column has in a row that numbers the columns. Letters are before digits. It is 0 if the cell
// is another.
func enumerate(cell string) int {
	text, _, _ := strings.Cut(cell, "=")  // (7)=(5)+(6)
	text = strings.Trim(text, " ()[].'-") // Excel makes -1 of (1)
	if len(text) == 1 && unicode.IsLetter(rune(text[0])) {
		return int(unicode.ToUpper(rune(text[0]))-'A') + 1
	}
	digits := strings.TrimRight(text, "abc") // 2a
	isNumber := digits != "" && len(digits) <= 2 && spreadsheet.IsDigits(digits)
	if !isNumber || len(text) > len(digits)+1 {
		return 0
	}
	number := 0
	for _, d := range digits {
		number = number*10 + int(d-'0')
	}
	return (100+number)*4 + len(text) - len(digits)
}

// footer says how a row may be part of what is below the last person.
type footer uint8

const (
	isPerson     footer = iota // it may not: it has something of a person
	isDepartment               // it has nothing but the name of a department
	isBlank                    // it has no phone, password and extension, and no name
	isText                     // it has a text in the place of the name
	isNamed                    // it has what may be a name
	isSigned                   // it has words in the place of phone or extension: a signature, if a form ends here
	isContact                  // it says whom to call
	isForm                     // it has words that forms end with
)

// footerBelow is footerOf for a row that is perhaps below others: below words that forms end with, signatures may be in any column.
func (p *formReader) footerBelow(rec *record) footer {
	f := p.footerOf(rec)
	if f != isPerson || len(p.pending) == 0 {
		return f
	}
	isBelow := slices.ContainsFunc(p.pending, func(r formRow) bool { return p.footerOf(r.record) == isForm })
	hasNumber := func(cell string) bool { return !isWordsOf(cell) && !isFormText(cell) }
	if isBelow && !slices.ContainsFunc(append(rec.numbers(), rec.RowNumber, rec.name()), hasNumber) {
		return isSigned
	}
	return f
}

// footerOf says how a row may be part of what is below the last person.
func (p *formReader) footerOf(rec *record) footer {
	hasExtension := rec.ExtensionID != "" || rec.ExtensionNumber != ""
	isFull := len(rec.Phone) > maxSum && rec.Password != "" && hasExtension
	if isFull && !rec.isSignature() || slices.ContainsFunc(rec.OtherPhones.cells(), isPhoneCell) {
		return isPerson
	}
	name := rec.name()
	if !holdsRow(name) && rec.isContact() {
		return isContact
	}
	if phone.Normalize(rec.Phone) != 0 {
		return isPerson
	}
	if holdsRow(name) || longestNumber(name) >= leastPhone || holdsRow(rec.RowNumber) { // a row that was not divided into its cells
		return isPerson
	}
	hasForm := isFormText(rec.RowNumber) || isFormText(name) || isFormText(string(rec.Behind))
	isNumbered := hasDigit(rec.RowNumber) && !isFormText(rec.RowNumber)
	if isNumbered && !rec.isEmpty() {
		return isPerson
	}
	if rec.isDepartment() {
		return isDepartment
	}
	values, counts, titles := 0, 0, 0
	for _, cell := range rec.numbers() {
		switch cell = strings.TrimFunc(cell, isInvisible); {
		case cell == "":
		case isFormText(cell):
			hasForm = true
		case isCount(cell), hasForm && isCountOfPeople(cell):
			counts++
		case !isWordsOf(cell):
			return isPerson
		default:
			values++
			if isSignersTitle(cell) {
				titles++
			}
		}
	}
	isNameless := strings.TrimFunc(name, isInvisible) == ""
	isTitleOrNone := isNameless || isSignersTitle(name)
	isAllTitles := titles > 0 && titles == values+counts && isTitleOrNone
	switch {
	case hasForm, isAllTitles:
		return isForm
	case counts > 0 && (values > 0 || !isNameless), values > 0 && strings.TrimFunc(rec.Password, isInvisible) != "" && !isNameless:
		return isPerson
	case counts > 0 && strings.TrimFunc(rec.Password+rec.ExtensionID+rec.ExtensionNumber, isInvisible) != "":
		return isPerson
	case values > 0:
		return isSigned
	case isNameless:
		return isBlank
	case isPersonName(name):
		return isNamed
	}
	return isText
}

// persons returns how many of the pending rows are persons after all, whose data is missing.
func (p *formReader) persons() (n int) {
	for i := range p.pending {
		switch p.footerOf(p.pending[i].record) {
		case isForm: // what follows is below it
			return n
		case isText, isContact:
			if p.people == 0 {
				n = i + 1
			}
		case isNamed:
			if !p.numbered {
				n = i + 1
			}
		case isSigned, isPerson:
			n = i + 1
		}
	}
	return n
}
