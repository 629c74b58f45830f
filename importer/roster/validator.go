package roster

import (
	"slices"
	"strings"
	"unicode"

	"etelecom-import/apiclient/message"
	"etelecom-import/apiclient/secret"
	"etelecom-import/importer/csvtext"
	"etelecom-import/importer/phone"
	"etelecom-import/importer/spreadsheet"
)

// validator makes rows of records, and findings of what is wrong with them.
type validator struct {
	roster       *Roster
	validateOnly bool
	texts        chunks // names, extension numbers, values of findings
	passwords    secret.Arena
	redactor     redactor
	ids          roundingStats
}

const (
	maxPassword = 128 // bytes
	shortID     = 1e9 // what is shorter may be the number that is dialled
)

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

func newValidator(d Dialect, o Options) *validator {
	return &validator{roster: &Roster{Dialect: d, allowNames: o.AllowNames}, validateOnly: o.ValidateOnly}
}

// row validates one record. kinds is what the cells are if they come from a workbook, and zero if from a CSV.
func (v *validator) row(line int, rec *record, kinds sheetKinds) {
	row := Row{Line: line}
	refused := kinds.refuse(v, line)
	number, badPhone := phone.Parse(rec.Phone)
	id := readID(rec.ExtensionID)
	if misaligned(rec, number.Number, id.value) {
		// The cells are not read or shown: any of them may be the password.
		v.found(finding{kind: wrongColumns})
	} else {
		// A phone cell with a word in it may be the end of a name with a comma. Then all cells behind it are one too far to the
		// right, and one of them is the password.
		maybeName := badPhone != nil && strings.TrimSpace(rec.Phone) != "" && !strings.ContainsAny(rec.Phone, "0123456789")

		if !refused[ofName] {
			name := nameCell{v, line, rec.Name}
			if text := name.read(); !v.validateOnly {
				row.Name = v.texts.keep(text)
			}
		}
		if !refused[ofPhone] {
			v.phone(&row, rec.Phone, number, badPhone)
		}
		if !refused[ofID] && !refused[ofNumber] {
			v.extension(&row, rec, id, readExtension(rec.ExtensionNumber), maybeName)
		}
		if !refused[ofPassword] {
			v.password(&row, rec.Password)
		}
		if maybeName {
			row.ExtensionNumber = ""
		}
	}
	v.roster.Rows = append(v.roster.Rows, row)
}

// ragged adds a row with a wrong number of cells.
func (v *validator) ragged(r csvtext.Ragged) {
	v.found(finding{kind: wrongCells, arg: uint64(r.Cells)})
	v.roster.Rows = append(v.roster.Rows, Row{Line: r.Line})
}

// ofLines notes what was skipped and put right in the lines, before they had cells.
func (v *validator) ofLines(text *csvtext.Reader) {
	if above := text.Above(); len(above) > 0 {
		v.roster.Repaired = append(v.roster.Repaired, Note{
			Text: message.T("the lines above the header were skipped"), Count: len(above), Lines: above[:min(len(above), noteLines)],
		})
	}
	for _, r := range text.Repaired() {
		v.roster.Repaired = append(v.roster.Repaired, Note{Text: r.Text, Count: r.Count, Lines: r.Lines})
	}
}

func (v *validator) phone(row *Row, cell string, number phone.Reading, err error) {
	if err != nil {
		e := err.(*phone.Error)
		if e.Kind == phone.Empty {
			v.found(finding{kind: noPhone})
			return
		}
		f := finding{kind: badPhone, arg: pack(e)}
		f.value, f.described = v.redact(cell, false)
		v.found(f)
		return
	}
	row.Phone = number.Number
	if number.Repaired != "" {
		v.repaired(row.Line, fieldPhone, number.Repaired)
	}
	if number.Warning != "" {
		v.warned(row.Line, fieldPhone, number.Warning)
	}
}

// extension adds the id and the number of a row's extension. Numbers that may be passwords are hidden.
func (v *validator) extension(row *Row, rec *record, id, number extensionCell, hideNumbers bool) {
	if id.kind == absent && number.kind == absent {
		v.found(finding{kind: noExtension})
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
	f := finding{kind: c.kind}
	f.value, f.described = v.redact(text, hideNumbers)
	switch c.kind {
	case decimalID, decimalNumber, zeroID, largeID, longNumber: // digits alone, or a spreadsheet's decimal number
		f.value = maskDigits(f.value)
	}
	v.found(f)
}

func (v *validator) password(row *Row, cell string) {
	switch {
	case strings.TrimSpace(cell) == "":
		row.NoPassword = true
		return
	case len(cell) > maxPassword:
		v.found(finding{kind: longPassword, arg: uint64(len(cell))})
		return
	case !plain(cell) && strings.ContainsFunc(cell, unicode.IsControl):
		v.found(finding{kind: controlInPassword})
		return
	case !plain(cell) && strings.ContainsRune(cell, unicode.ReplacementChar):
		v.found(finding{kind: damagedPassword})
		return
	// Whatever else is odd may be meant: a password is sent as it is.
	case strings.TrimSpace(cell) != cell:
		v.warned(row.Line, fieldPassword, message.T("spaces at its beginning or end are part of it and were kept"))
	case !plain(cell) && strings.ContainsFunc(cell, spreadsheet.IsInvisible):
		v.warned(row.Line, fieldPassword, message.T("invisible characters in it are part of it and were kept"))
	}
	if !v.validateOnly {
		row.Password = v.passwords.New(cell)
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
	v.roster.Judge(nil)
}

const (
	longID        = 1e14 // ids of the tenant are longer, what people make up is shorter
	longDialled   = 7    // digits: few numbers that are dialled have as many, ...
	shortPassword = 5    // ... and hardly a password has so few, and nothing else
)

// misaligned reports whether the cells of a row are in the wrong columns. number and id are what was read of its cells.
func misaligned(rec *record, number phone.Number, id int64) bool {
	// The phone is where the name or the password belongs.
	if number == 0 && (phone.Normalize(rec.Password) != 0 || phone.Normalize(rec.Name) != 0) {
		return true
	}
	// The password and the id are exchanged.
	if id < longID && rec.ExtensionID != "" && readID(rec.Password).value >= longID {
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
