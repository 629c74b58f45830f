package roster

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"etelecom-import/apiclient/secret"
	"etelecom-import/importer/phone"
	"etelecom-import/importer/spreadsheet"
)

// judge makes rows of records.
type judge struct {
	roster    *Roster
	offline   bool
	texts     chunks // names, extension numbers, values of problems
	passwords secret.Arena
	shapes    map[shape]string
	ids       rounding
	shifted   bool // a name may stand in the row's phone cell, and a password in the next ones
}

const (
	maxPassword = 128  // bytes
	longID      = 1e14 // ids of the tenant are longer, what people make up is shorter
	shortID     = 1e9  // what is shorter may be the number that is dialled

	longDialled   = 7 // digits: few numbers that are dialled have as many, ...
	shortPassword = 5 // ... and hardly a password has so few, and nothing else
)

// row judges one record.
func (j *judge) row(line int, rec *record) {
	row := Row{Line: line}
	number, bad := phone.Parse(rec.Phone)
	id := readID(rec.ExtensionID)
	if shifted(rec, number.Number, id.value) {
		j.found(finding{kind: wrongColumns})
	} else {
		j.name(&row, rec.Name)
		j.phone(&row, rec.Phone, number, bad)
		j.shifted = bad != nil && strings.TrimSpace(rec.Phone) != "" && !strings.ContainsAny(rec.Phone, "0123456789")
		j.extension(&row, rec, id, readExtension(rec.ExtensionNumber))
		j.password(&row, rec.Password)
		if j.shifted {
			row.ExtensionNumber = ""
		}
	}
	j.roster.Rows = append(j.roster.Rows, row)
}

// shifted reports whether the cells of a row stand in the wrong columns: then none of them is shown, since any may be
// the password.
func shifted(rec *record, number phone.Number, id int64) bool {
	if number == 0 && (phone.Normalize(rec.Password) != 0 || phone.Normalize(rec.Name) != 0) {
		return true
	}
	if id < longID && rec.ExtensionID != "" && readID(rec.Password).value >= longID {
		return true
	}
	return len(rec.ExtensionNumber) >= longDialled && spreadsheet.IsDigits(rec.ExtensionNumber) && len(rec.Password) <= shortPassword && spreadsheet.IsDigits(rec.Password)
}

func (j *judge) name(row *Row, cell string) {
	if !plain(cell) {
		var bad kind
		if cell, bad = j.unusual(row.Line, cell); bad != 0 {
			j.found(finding{kind: bad})
			return
		}
	}
	if !j.offline {
		row.Name = j.texts.keep(cell)
	}
}

// unusual looks closely at a name: it returns it as it is to be sent, or what is wrong with it.
func (j *judge) unusual(line int, name string) (string, kind) {
	if strings.TrimFunc(name, isInvisible) == "" {
		return "", noName
	}
	if strings.ContainsRune(name, '\n') {
		name = strings.ReplaceAll(name, "\n", " ")
		j.repaired(line, fieldName, "a line break became a space")
	}
	switch {
	case strings.ContainsRune(name, unicode.ReplacementChar):
		return "", damagedName
	case strings.ContainsFunc(name, isControl):
		return "", controlInName
	}
	return norm.NFC.String(name), 0
}

// plain reports whether there is nothing to look after in a text: it begins with a letter of some kind, and all of it
// is visible and composed, as far as Vietnamese goes.
func plain(text string) bool {
	for _, r := range text {
		if r < ' ' || '~' < r && r < 0xA0 || r >= 0x300 && (r < 0x1E00 || r > 0x1EFF) {
			return false
		}
	}
	return text != "" && text[0] > ' ' && text[0] != 0xC2
}

// isInvisible reports whether nobody sees r: a space, or a format character such as a zero-width space.
func isInvisible(r rune) bool { return unicode.IsSpace(r) || spreadsheet.IsInvisible(r) }

// isControl reports whether no name should have r. A tab is left to be: it is shown as a space.
func isControl(r rune) bool { return r != '\t' && unicode.IsControl(r) }

func (j *judge) phone(row *Row, cell string, number phone.Reading, err error) {
	row.Phone = number.Number
	if err != nil {
		j.badPhone(cell, err.(*phone.Error))
		return
	}
	if number.Repaired != "" {
		j.repaired(row.Line, fieldPhone, number.Repaired)
	}
	if number.Warning != "" {
		j.warned(row.Line, fieldPhone, number.Warning)
	}
}

func (j *judge) badPhone(cell string, e *phone.Error) {
	if e.Kind == phone.Empty {
		j.found(finding{kind: noPhone})
		return
	}
	f := finding{kind: badPhone, arg: pack(e)}
	f.value, f.shape = j.show(cell)
	j.found(f)
}

func (j *judge) extension(row *Row, rec *record, id, ext cell) {
	if id.kind == absent && ext.kind == absent {
		j.found(finding{kind: noExtension})
		return
	}
	row.ExtensionID = id.value
	j.ids.add(id.value)
	if id.value != 0 && id.value < shortID {
		j.warned(row.Line, fieldID, "it is short for an id; if it is the number that is dialled, name the column extension_number")
	}
	j.cell(row.Line, fieldID, rec.ExtensionID, id)
	if ext.kind == 0 {
		row.ExtensionNumber = j.texts.keep(ext.text)
	}
	j.cell(row.Line, fieldExtension, rec.ExtensionNumber, ext)
}

// cell tells what was found in the cell of an extension.
func (j *judge) cell(line int, field, text string, c cell) {
	if c.repaired != "" {
		j.repaired(line, field, c.repaired)
	}
	if c.kind != 0 && c.kind != absent {
		f := finding{kind: c.kind}
		f.value, f.shape = j.show(text)
		switch c.kind {
		case decimalID, decimalNumber, zeroID, largeID, longNumber: // digits alone, or a spreadsheet's decimal number
			f.value = maskDigits(f.value)
		}
		j.found(f)
	}
}

func (j *judge) password(row *Row, cell string) {
	switch {
	case strings.TrimSpace(cell) == "":
		row.NoPassword = true
		return
	case len(cell) > maxPassword:
		j.found(finding{kind: longPassword, arg: uint64(len(cell))})
		return
	case !plain(cell) && strings.ContainsFunc(cell, unicode.IsControl):
		j.found(finding{kind: controlInPassword})
		return
	case !plain(cell) && strings.ContainsRune(cell, unicode.ReplacementChar):
		j.found(finding{kind: damagedPassword})
		return
	case strings.TrimSpace(cell) != cell:
		j.warned(row.Line, fieldPassword, "spaces at its beginning or end are part of it and were kept")
	case !plain(cell) && strings.ContainsFunc(cell, spreadsheet.IsInvisible):
		j.warned(row.Line, fieldPassword, "invisible characters in it are part of it and were kept")
	}
	if !j.offline {
		row.Password = j.passwords.New(cell)
	}
}

func (j *judge) found(f finding) {
	f.row = uint32(len(j.roster.Rows))
	if all := j.roster.findings; len(all) == cap(all) {
		j.roster.findings = slices.Grow(all, len(all)+64) // append would copy a million of them twenty times
	}
	j.roster.findings = append(j.roster.findings, f)
}

func (j *judge) repaired(line int, column, text string) {
	j.roster.Dialect.Repaired = note(j.roster.Dialect.Repaired, column, text, line)
}

func (j *judge) warned(line int, column, text string) {
	j.roster.Dialect.Warnings = note(j.roster.Dialect.Warnings, column, text, line)
}

// finish judges the rows with one another.
func (j *judge) finish(l *lines) {
	r := j.roster
	r.Dialect.Blank = l.blank
	if j.ids.rounded() {
		j.dropRounded()
	}
	j.share()
}
