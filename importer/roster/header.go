package roster

import (
	"slices"
	"strings"

	"etelecom-import/apiclient/message"
	"etelecom-import/importer/csvtext"
	"etelecom-import/importer/vietnamese"
)

// The fields of a roster, as its columns are called here, in problems, and by the API.
const (
	fieldName      = "name"
	fieldPhone     = "phone"
	fieldPassword  = "password"
	fieldID        = "extension_id"
	fieldExtension = "extension_number"
)

const neededColumns message.Text = "the first line must have the columns name, phone, password, and extension_id or extension_number"

// titleRow is the header of a file while its columns are mapped.
type titleRow struct {
	line    int
	cells   []string
	titles  []title
	columns []Column

	withoutPasswords bool // [Options.WithoutPasswords]
}

// fieldColumns are the fields but for the name, and the meanings of their columns, from the more certain one on.
var fieldColumns = []struct {
	field    string
	meanings []meaning
	group    []meaning // of the field, and of what serves in its place
}{
	{fieldPhone, []meaning{phoneNumber}, []meaning{phoneNumber}},
	{fieldPassword, []meaning{plainPassword, passwordHash}, []meaning{plainPassword, passwordHash}},
	{fieldID, []meaning{extensionID}, []meaning{extensionID, extensionNumber, lineNumber}},
	{fieldExtension, []meaning{extensionNumber, lineNumber}, []meaning{extensionID, extensionNumber, lineNumber}},
}

// readTitles reads the titles of a header that begins on a line.
func readTitles(cells []string, line int) *titleRow {
	h := &titleRow{line: line, cells: cells, titles: make([]title, len(cells)), columns: make([]Column, len(cells))}
	for i, c := range cells {
		h.titles[i] = readTitle(c)
		t := h.titles[i]
		h.columns[i] = Column{Header: t.text, untitled: t.blank, hashed: t.meaning == passwordHash || t.meaning == plainPassword && saysHash(cells[i])}
	}
	return h
}

const (
	allFields    = 4 // a name, a phone, a password, and an extension by either of its columns
	enoughFields = 3 // so many a row has to name to be the header
)

// countFields returns how many of the fields the cells of a row name; below 0 if they are a person's.
func countFields(cells []string) int {
	if own(cells) != notOwn { // it is a header, and will be refused as what it is
		return allFields
	}
	h := &titleRow{cells: cells, titles: make([]title, len(cells))}
	for i, c := range cells {
		h.titles[i] = understand(c)
	}
	named := allFields - len(h.missing())
	if named < 2 && len(cells) >= enoughFields && isPersons(cells) {
		return -1
	}
	if named >= enoughFields || len(cells) < enoughFields {
		return named
	}
	if mended, damage := h.mend(); damage != vietnamese.Intact && allFields-len(mended.missing()) >= enoughFields {
		return allFields // it is a header, and will be refused as ruined
	}
	return named
}

// isWholeHeader reports whether the cells of a row name all fields, or may be meant to.
func isWholeHeader(cells []string) bool {
	if own(cells) != notOwn {
		return false
	}
	h := readTitles(cells, 0)
	missing := h.missing()
	_, damage := h.mend()
	return len(missing) == 0 || damage != vietnamese.Intact || h.missingHint(missing) != neededColumns.String()
}

// lacksExtensions reports whether a header has everything but a column for extensions, and no column that may be meant to be one.
func (h *titleRow) lacksExtensions() bool {
	missing := h.missing()
	if len(missing) != 1 || missing[0] != fieldID || h.refuseRuined(missing) != nil {
		return false
	}
	return h.missingHint(missing) == neededColumns.String()
}

// isPersons reports whether the cells of a row, which is no header, are a person's: they have a long number. A text and a number alone
// are of a letterhead, such as the number of an account. So is a number behind what it is, unless a password or an extension follows.
func isPersons(cells []string) bool {
	filled := 0
	for _, cell := range cells {
		if strings.TrimFunc(cell, isInvisible) != "" {
			filled++
		}
	}
	isOther := func(cell string) bool { return isPasswordOrExtension(cell) && !isPhoneCell(cell) && !isLabel(cell) }
	switch {
	case filled < 2:
		return false
	case isPersonal(cells[0]):
		return true
	case filled < enoughFields:
		return false
	}
	isRow := slices.ContainsFunc(cells, isPhoneCell) && hasUnlabelled(cells, isOther)
	return isRow || hasUnlabelled(cells, isPersonal)
}

// has reports whether there is a column of one of some meanings.
func (h *titleRow) has(meanings ...meaning) bool {
	return slices.ContainsFunc(h.titles, func(t title) bool { return slices.Contains(meanings, t.meaning) })
}

// isContinued reports whether the row below has titles that are missing here, and nothing else: merged cells have divided the header.
func (h *titleRow) isContinued(below []string) bool {
	both := &titleRow{cells: h.cells, titles: slices.Clone(h.titles)}
	for i, cell := range below {
		t := understand(cell)
		switch {
		case t.blank:
		case t.meaning == unknown:
			return false
		case i < len(both.titles):
			both.titles[i] = t
		default: // a merged cell above it has no cells of its own
			both.titles = append(both.titles, t)
		}
	}
	return len(both.missing()) < len(h.missing())
}

// firstLogin returns the column of a login that was taken for the name once; none if there is none.
func (h *titleRow) firstLogin() int {
	for _, at := range h.with(login) {
		if isFirstWord(h.cells[at]) {
			return at
		}
	}
	return none
}

// missing returns the fields that no title names. At least one column of the extension has to be there: fieldID is missing if
// neither is.
func (h *titleRow) missing() (fields []string) {
	hasParts := h.has(familyName) && h.has(givenName)
	if !h.has(wholeName, displayName, plainName, personName) && !hasParts && h.firstLogin() == none {
		fields = append(fields, fieldName)
	}
	if !h.has(phoneNumber) {
		fields = append(fields, fieldPhone)
	}
	if !h.withoutPasswords && !h.has(plainPassword, passwordHash) {
		fields = append(fields, fieldPassword)
	}
	if !h.has(extensionID, extensionNumber, lineNumber) {
		fields = append(fields, fieldID)
	}
	return fields
}

// mapColumns finds the field of every column, and how the name is made of its columns.
func (h *titleRow) mapColumns(o *Options) (*nameColumns, error) {
	if err := h.refuseOwn(); err != nil {
		return nil, err
	}
	missing := h.missing()
	if len(missing) >= 3 {
		// Hardly a header at all: perhaps the first employee, whose password must not be shown.
		return nil, h.refuseMissing(missing)
	}
	if err := refuseSwallowed(h); err != nil {
		return nil, err
	}
	for _, f := range fieldColumns {
		if err := h.choose(f.field, f.meanings, f.group); err != nil {
			return nil, err
		}
	}
	if at := h.with(rowNumber); len(at) > 0 {
		h.columns[at[0]].key = keyRowNumber
	}
	name, err := newNameColumns(h, o.JoinNames)
	isLacking := len(missing) > 0 && h.lacksExtensions()
	switch {
	case err != nil, len(missing) == 0, isLacking && o.FreeExtensions:
	case isLacking:
		err = lackingError{csvtext.Refuse(h.line, 0,
			message.Sprintf("there is no column for %s; the columns are %s", needed(fieldID), h.list()),
			message.Sprintf("%s. If people shall get free extensions, use --free-extensions 1000-1999", neededColumns))}
	default:
		err = h.refuseMissing(missing)
	}
	h.keepRest()
	return name, err
}

// departmentTitles are titles of columns that have departments.
var departmentTitles = compact([]string{
	"phòng", "phòng_ban", "tên_phòng_ban", "bộ_phận", "đơn_vị", "ban", "khối", "tổ", "nhóm", "đội", "chi_nhánh", "trung_tâm", "department", "dept", "team", "group", "division", "branch", "unit",
})

// isDepartmentTitle reports whether a column has departments.
func isDepartmentTitle(cell string) bool {
	return slices.Contains(departmentTitles, normalize(tidy(cell)))
}

// keepRest keeps the cells of the column of the department, which may be alone in its row, and those of the columns without a title
// at the end: another row may be in them.
func (h *titleRow) keepRest() {
	if at := slices.IndexFunc(h.cells, isDepartmentTitle); at >= 0 && h.columns[at].key == "" {
		h.columns[at].key = keyRest
	}
	isUnknown := func(c *Column) bool { return c.key == "" && c.untitled }
	for i := len(h.columns) - 1; i >= 0 && isUnknown(&h.columns[i]); i-- {
		h.columns[i].key = keyRest
	}
}

// leastCells returns how many cells a row must have for all that a person needs. The password may be missing: not everybody is
// created.
func (h *titleRow) leastCells(free bool) (least int) {
	extension := 0
	for i, c := range h.columns {
		switch c.key {
		case fieldID, fieldExtension:
			if extension == 0 {
				extension = i + 1
			}
		case fieldName, fieldPhone, keyFamily, keyGiven:
			least = i + 1
		}
	}
	if free { // the extension may be missing, too
		return least
	}
	return max(least, extension)
}

// choose gives a field its column: the one with the most certain of some meanings. If a column of the group has a title of the
// first vocabulary, only such columns count. Two that are as certain are refused; of phones, it depends on the rows: see otherPhones.
func (h *titleRow) choose(field string, meanings, group []meaning) error {
	isFirst := func(at int) bool { return isFirstWord(h.cells[at]) }
	onlyFirst := slices.ContainsFunc(group, func(m meaning) bool { return slices.ContainsFunc(h.with(m), isFirst) })
	for _, m := range meanings {
		if m == lineNumber && h.has(extensionID) { // then a line is something else
			continue
		}
		at := h.with(m)
		if onlyFirst {
			at = slices.DeleteFunc(at, func(at int) bool { return !isFirst(at) })
		}
		if len(at) > 1 && field != fieldPhone {
			return h.refuseTwice(at[0], at[1], field)
		}
		for _, other := range at[min(1, len(at)):] {
			h.columns[other].key = keyOtherPhone
		}
		if len(at) > 0 {
			h.columns[at[0]].Field, h.columns[at[0]].key = field, field
			return nil
		}
	}
	return nil
}

// with returns the columns with a meaning.
func (h *titleRow) with(m meaning) (at []int) {
	for i := range h.titles {
		if h.titles[i].meaning == m {
			at = append(at, i)
		}
	}
	return at
}

func (h *titleRow) refuseTwice(a, b int, field string) error {
	return csvtext.Refuse(h.line, 0,
		message.Sprintf("the columns %d (%q) and %d (%q) are both the %s", a+1, h.columns[a].Header, b+1, h.columns[b].Header, field),
		message.T("keep one of them"))
}

// refuseMissing says which columns are missing, and what to do.
func (h *titleRow) refuseMissing(missing []string) error {
	if err := h.refuseRuined(missing); err != nil {
		return err
	}
	var problem string
	switch len(missing) {
	case 1:
		problem = message.Sprintf("there is no column for %s; the columns are %s", needed(missing[0]), h.list())
	case 2:
		problem = message.Sprintf("there are no columns for %s and %s; the columns are %s", needed(missing[0]), needed(missing[1]), h.list())
	default:
		problem = message.Sprintf("this line has %s and is not a header", message.Count(len(h.columns), "cell", "cells"))
	}
	whatToDo := neededColumns.String()
	if len(missing) < 3 {
		whatToDo = h.missingHint(missing)
	}
	return csvtext.Refuse(h.line, 0, problem, whatToDo)
}

// mend returns the header as it was before a program has ruined it, and what the program did; Intact if it did nothing.
func (h *titleRow) mend() (mended *titleRow, damage vietnamese.Damage) {
	titles, damage := mendTitles(h.cells, h.titles)
	return &titleRow{line: h.line, cells: h.cells, titles: titles, columns: h.columns}, damage
}

// refuseRuined refuses a header that is ruined; nil if it is not, or if it would be no header even so.
func (h *titleRow) refuseRuined(missing []string) error {
	mended, damage := h.mend()
	if damage == vietnamese.Intact {
		return nil
	}
	if n := len(mended.missing()); n >= len(missing) || n > allFields-2 {
		return nil
	}
	return ruined(h.line, damage)
}

// needed names a column that has to be there.
func needed(field string) string {
	if field == fieldID {
		return message.T("extension_id or extension_number")
	}
	return field
}

// list lists what the columns are called.
func (h *titleRow) list() string {
	names := make([]string, 0, len(h.columns))
	for i, c := range h.columns {
		names = append(names, c.name(i))
	}
	const most = 20
	if len(names) > most {
		names = append(names[:most], message.Sprintf("and %d more", len(names)-most))
	}
	return strings.Join(names, ", ")
}

// missingHint says which columns a file must have, and names a column that is probably one of the missing ones.
func (h *titleRow) missingHint(missing []string) string {
	isMissing := func(m meaning) bool { return slices.Contains(missing, fieldFor(m)) }
	for i, t := range h.titles {
		if t.meaning != unknown || t.blank {
			continue
		}
		w := nearest(normalize(tidy(h.cells[i])), isMissing)
		if w.meaning == unknown {
			continue
		}
		field := fieldFor(w.meaning)
		if w.meaning == extensionNumber || w.meaning == lineNumber {
			field = fieldExtension
		}
		if t.text == "" {
			return message.Sprintf("column %d is probably meant to be %q; the first line must have the columns name, phone, password, "+
				"and extension_id or extension_number", i+1, field)
		}
		return message.Sprintf("the column %q is probably meant to be %q; the first line must have the columns name, phone, password, "+
			"and extension_id or extension_number", t.text, field)
	}
	isMaybeExtension := func(cell string) bool { return slices.Contains(maybeExtensions, normalize(tidy(cell))) }
	if at := slices.IndexFunc(h.cells, isMaybeExtension); at >= 0 && slices.Contains(missing, fieldID) {
		return message.Sprintf("if %q has the numbers of the extensions, call the column extension_number", h.columns[at].Header)
	}
	if slices.Contains(missing, fieldName) {
		if at := h.with(login); len(at) > 0 {
			return message.Sprintf("%q is a login; if the column has the names of the people, call it name", h.columns[at[0]].Header)
		}
		if at := slices.Concat(h.with(givenName), h.with(familyName), h.with(middleName)); len(at) > 0 {
			return message.Sprintf("%q is a part of the name; add a column with the whole name, or the other part and --join-names", h.columns[at[0]].Header)
		}
	}
	return neededColumns.String()
}

// maybeExtensions are titles of columns that have the numbers of extensions in some programs, and something else in others.
var maybeExtensions = compact([]string{"number", "số", "số_máy", "caller_id", "caller_id_number", "agent_id", "số_agent", "voip", "số_voip", "short_number", "số_tắt", "máy_phụ", "sip_id", "did", "did_number"})

// fieldFor returns the field that a column of a meaning is missing for, as missing names it; "" if it is for none.
func fieldFor(m meaning) string {
	switch m {
	case wholeName, displayName, plainName, personName:
		return fieldName
	case phoneNumber:
		return fieldPhone
	case plainPassword, passwordHash:
		return fieldPassword
	case extensionID, extensionNumber, lineNumber:
		return fieldID
	}
	return ""
}

// ownFile is a file that this tool itself has written.
type ownFile uint8

const (
	notOwn ownFile = iota
	resultFile
	problemsFile
)

// own says whether this tool itself has written the file.
func own(cells []string) ownFile {
	result, problems := 0, 0
	for _, c := range cells {
		name := strings.ToLower(strings.TrimSpace(c))
		if slices.Contains(resultColumns, name) {
			result++
		}
		if slices.Contains(problemColumns, name) {
			problems++
		}
	}
	switch {
	case result == len(resultColumns):
		return resultFile
	case problems == len(problemColumns):
		return problemsFile
	}
	return notOwn
}

// refuseOwn refuses the files that this tool itself has written. A result to which somebody has added passwords is read.
func (h *titleRow) refuseOwn() error {
	switch o := own(h.cells); {
	case o == resultFile && !h.has(plainPassword):
		return csvtext.Refuse(0, 0, message.T("this is the result of an import, not an employee file"), message.T("name the employee file in its place"))
	case o == problemsFile:
		return csvtext.Refuse(0, 0, message.T("this is a list of problems that --problems wrote, not an employee file"),
			message.T("name the employee file in its place"))
	}
	return nil
}

// Columns by which the files that this tool writes are recognized.
var (
	resultColumns  = []string{"line", "user_id", "status", "error_code", "attempts", "updated_at"}
	problemColumns = []string{"line", "code", "column", "value", "problem", "fix"}
)
