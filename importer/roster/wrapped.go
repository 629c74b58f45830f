package roster

import (
	"strings"

	"etelecom-import/importer/spreadsheet"
)

// wrapped is what was found around the cells of a row, and what was done about it. Exporters wrap every cell alike. A person wraps the
// phone alone, and a password may begin with an apostrophe by chance.
type wrapped struct {
	undone  spreadsheet.Wrappings // what was around all cells, and was taken off; 0 if it was left
	name    kind                  // what is wrong with the name, or to be told of it; 0 if nothing is
	pass    kind                  // the same of the password
	numbers bool                  // phone or extension are wrapped, and not as all cells
	alike   bool                  // phone and extension are wrapped, and so is the password if it is digits
}

// wrappedCell is a cell of a row that may be wrapped.
type wrappedCell struct {
	text   *string
	has    spreadsheet.Wrappings // whole
	begins spreadsheet.Wrappings // with their beginning
}

func lookAround(cell *string) wrappedCell {
	w := wrappedCell{text: cell}
	if *cell != "" {
		w.has, w.begins = spreadsheet.WrappingsOf(*cell), spreadsheet.Openings(*cell)
	}
	return w
}

func (c *wrappedCell) isFilled() bool { return strings.TrimSpace(*c.text) != "" }

// unwrap takes off what is around the cells of a row if it is around all of them. first is the field of the file's first column,
// where no space is to be expected behind a delimiter.
func unwrap(rec *record, first string) wrapped {
	cells := map[string]*wrappedCell{}
	var numbers spreadsheet.Wrappings
	common, ofNumbers, filledNumbers := ^spreadsheet.Wrappings(0), spreadsheet.InFormula|spreadsheet.AfterApostrophe, 0
	for _, c := range []struct {
		field string
		text  *string
	}{
		{fieldName, &rec.Name}, {fieldPassword, &rec.Password}, {fieldPhone, &rec.Phone}, {fieldID, &rec.ExtensionID}, {fieldExtension, &rec.ExtensionNumber},
	} {
		cell := lookAround(c.text)
		cells[c.field] = &cell
		if !cell.isFilled() {
			continue
		}
		has := cell.has
		isText := c.field == fieldName || c.field == fieldPassword
		if !isText {
			has |= spreadsheet.WrappingsOf(strings.TrimSpace(*c.text))
			numbers |= has
			ofNumbers &= has
			filledNumbers++
		}
		if c.field == first || c.field == fieldName { // spaces around a name mean nothing anyway
			has |= spreadsheet.AfterSpace
		}
		common &= has
	}
	if filledNumbers > 0 && common != 0 {
		w := wrapped{undone: common.First(), alike: ofNumbers != 0}
		for field, cell := range cells {
			stripped := cell.strip(w.undone, field == fieldName || field == fieldPassword)
			switch {
			case stripped && field == fieldName && w.undone != spreadsheet.AfterSpace:
				w.name = unwrappedName
			case stripped && field == fieldPassword:
				w.pass = unwrappedPassword
			}
		}
		return w
	}
	if filledNumbers > 1 && ofNumbers != 0 && cells[fieldName].begins == 0 {
		if w, ok := unwrapDigits(cells[fieldPassword], ofNumbers.First()); ok {
			return w
		}
	}
	return judgeWrapping(cells[fieldName], cells[fieldPassword], cells[fieldPhone], numbers&^spreadsheet.AfterSpace)
}

// unwrapDigits takes off a password what is around phone and extension, although it is not around the name: programs wrap what a
// spreadsheet would take for a number. An apostrophe alone is no sign of one before other texts: a person may have chosen it. Whether it
// was right to do so shows when all rows are known.
func unwrapDigits(pass *wrappedCell, around spreadsheet.Wrappings) (w wrapped, ok bool) {
	w = wrapped{numbers: true, alike: true}
	if pass.begins == 0 {
		w.alike = !spreadsheet.IsDigits(*pass.text)
		return w, true
	}
	inner := around.Strip(*pass.text)
	isFormula := around == spreadsheet.InFormula
	if pass.has&around == 0 || !isFormula && !spreadsheet.IsDigits(inner) {
		return wrapped{}, false
	}
	w.undone, w.pass = around, apostropheDigits
	if isFormula {
		w.pass = formulaDigits
	}
	*pass.text = inner
	return w, true
}

// strip takes a wrapping off a cell, and reports whether it was there. Phones and extensions are read with most of them.
func (c *wrappedCell) strip(w spreadsheet.Wrappings, isText bool) bool {
	const readAnyway = spreadsheet.InFormula | spreadsheet.AfterApostrophe | spreadsheet.AfterSpace
	switch {
	case isText && c.has&w != 0:
		*c.text = w.Strip(*c.text)
		return true
	case !isText && w&readAnyway == 0:
		*c.text = w.Strip(strings.TrimSpace(*c.text))
		return true
	}
	return false
}

// judgeWrapping decides about a row whose cells are not wrapped alike. numbers are the wrappings of its phone and its extension.
func judgeWrapping(name, pass, phone *wrappedCell, numbers spreadsheet.Wrappings) wrapped {
	w := wrapped{numbers: numbers != 0}
	if spreadsheet.IsEscaped(*name.text) { // nobody begins a name so
		*name.text = (*name.text)[1:]
		*name, w.name = lookAround(name.text), unescapedName
	}
	const apostrophes = spreadsheet.AfterApostrophe | spreadsheet.InSingleQuotes
	escaped := spreadsheet.IsEscaped(*pass.text)
	phoneEscaped := spreadsheet.IsEscaped(strings.TrimSpace(*phone.text))
	if escaped && (numbers&apostrophes == 0 || phoneEscaped) {
		w.pass = escapedPassword
		return w
	}
	const closed = spreadsheet.Closed
	switch {
	case numbers&pass.begins != 0:
		w.pass = unclearPassword
	case name.has&pass.has&closed != 0:
		w.pass = unclearPassword
	case numbers&name.begins != 0:
		w.name = unclearName
	case name.has&closed != 0:
		w.name = quotedName
	case name.has&spreadsheet.AfterApostrophe != 0:
		w.name = apostropheName
	}
	return w
}

// firsts say what the cells of a row begin with.
type firsts uint8

const (
	startsWrapped firsts = 1 << iota
	startsFormula
)

var firstOf = func() (all [256]firsts) {
	for b := range all {
		cell := string([]byte{byte(b)})
		if spreadsheet.MayBeWrapped(cell) {
			all[b] |= startsWrapped
		}
		if spreadsheet.StartsFormula(cell) {
			all[b] |= startsFormula
		}
	}
	return all
}()

// firstsOf looks at the first byte of each cell. No extension begins with a formula by itself.
func firstsOf(rec *record) (all firsts) {
	if rec.Name != "" {
		all |= firstOf[rec.Name[0]]
	}
	if rec.Phone != "" {
		all |= firstOf[rec.Phone[0]]
	}
	if rec.Password != "" {
		all |= firstOf[rec.Password[0]]
	}
	if rec.ExtensionID != "" {
		all |= firstOf[rec.ExtensionID[0]] & startsWrapped
	}
	if rec.ExtensionNumber != "" {
		all |= firstOf[rec.ExtensionNumber[0]] & startsWrapped
	}
	return all
}
